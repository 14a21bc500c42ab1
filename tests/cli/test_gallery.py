import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run_cli import imgcli


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with two pictures of a car, and one of a boat with a tag."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    made = "--provider", "placeholder", "--size", "640x384", "--quiet"
    assert imgcli("gen", "a car", "-n", "2", *made).code == 0
    assert imgcli("gen", "a boat", "--tag", "sea", *made).code == 0
    return place


def items(page: str | Path) -> list[dict[str, Any]]:
    found = re.findall(r'class="items">(.*?)</script>', Path(page).read_text())
    return [each for block in found for each in json.loads(block)]


def test_a_gallery_of_all_that_was_made_newest_first(here: Path) -> None:
    seen = imgcli("gallery")
    assert (seen.code, seen.out) == (0, f"{here}/gallery/index.html\n")
    told = items("gallery/index.html")
    assert [each["typed"] for each in told] == ["a boat", "a car", "a car"]
    assert all(Path("gallery", each["thumb"]).is_file() and Path("gallery", each["href"]).is_file() for each in told)
    assert "<title>Pictures</title>" in Path("gallery/index.html").read_text()


def test_what_is_shown_is_chosen_as_everywhere(here: Path) -> None:
    assert imgcli("pick", "a-car-1.png").code == 0
    for words, count in (
        (("--tag", "sea"), 1),
        (("--search", "car"), 2),
        (("--picked",), 1),
        (("--most", "2"), 2),
        ((".",), 3),
        (("a-boat-1.png",), 1),
        (("--run", "last"), 1),
    ):
        seen = imgcli("gallery", *words, "--json")
        assert json.loads(seen.out) == {"event": "gallery", "path": f"{here}/gallery/index.html", "pictures": count}, (
            words
        )
        assert len(items("gallery/index.html")) == count
        assert len(list(Path("gallery/thumbs").iterdir())) == count
    assert imgcli("gallery", "--picked").code == 0
    assert items("gallery/index.html")[0]["marks"] == ["picked"]


def test_one_file_or_a_directory_to_send(here: Path) -> None:
    assert imgcli("gallery", "--single", "cars.html", "--search", "car", "--quiet").out == f"{here}/cars.html\n"
    assert all(each["thumb"].startswith("data:image/webp") for each in items("cars.html"))
    assert imgcli("gallery", "--copy", "-o", "send", "--title", "For <you>").code == 0
    assert all(Path("send", each["href"]).is_file() and ".." not in each["href"] for each in items("send/index.html"))
    assert "<title>For &lt;you&gt;</title>" in Path("send/index.html").read_text()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--single", "a.html", "-o", "x"), "--single is one file and nothing beside it; leave out -o"),
        (("--single", "a.html", "--copy"), "--single is one file and nothing beside it; leave out --copy"),
        (("--single", "a.png"), "--single a.png: a page ends in .html"),
        (("--search", "zebra"), "no picture is meant by that"),
        (("--tag", "saa"), "no picture has tag:saa; did you mean tag:sea?"),
        ((".", "--search", "quality:hi"), "no picture has quality:hi"),
        (("nowhere",), "nowhere: there is no such file"),
        (("-o", "."), "is no gallery of imgcli, so nothing is written there; -o names another directory"),
        (("--single", "mine.html"), "mine.html was not written by imgcli gallery, and is not replaced"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(words: tuple[str, ...], why: str, here: Path) -> None:
    Path("mine.html").write_text("mine")
    before = sorted(each.name for each in here.iterdir())
    seen = imgcli("gallery", *words)
    assert seen.code == 2
    assert why in seen.err
    assert len(seen.err.splitlines()) == 1
    assert sorted(each.name for each in here.iterdir()) == before
    assert Path("mine.html").read_text() == "mine"


def test_where_nothing_is_made_yet_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("gallery", "sheet"):
        seen = imgcli(command, "--tag", "sprng")
        assert (seen.code, seen.err.splitlines()) == (2, ["error: no picture is made yet; start with imgcli gen"])
    assert not Path("gallery").exists()


def test_what_is_gone_goes_from_the_gallery_too(here: Path) -> None:
    assert imgcli("gallery").code == 0
    Path("a-boat-1.png").unlink()
    seen = imgcli("gallery")
    assert "1 more are known, and are not where they were" in seen.err
    assert len(items("gallery/index.html")) == len(list(Path("gallery/thumbs").iterdir())) == 2
