import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run_cli import Seen, imgcli
from tests.rows import each_row

SET = """
[defaults]
provider = "placeholder"
size = "512x512"
tags = "launch"

[[prompts]]
id = "tin"
prompt = "a tin"
out = "tins"
n = 2

[[prompts]]
id = "car"
prompt = "a car"
tags = "web"
"""
CAR, TIN, OTHER = "set/a-car-1.png", "set/tins/a-tin-1.png", "set/tins/a-tin-2.png"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    Path("set.toml").write_text(SET)
    assert imgcli("batch", "set.toml", "--quiet").code == 0
    return place


def again(*words: str) -> Seen:
    seen = imgcli("history", "again", *words, "--no-progress")
    assert seen.code == 0, seen.err
    return seen


def sidecar(picture: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(Path(f"{picture}.json").read_text())
    return told


def pictures() -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in Path().rglob("*.png")}


def events(seen: Seen, name: str) -> list[dict[str, Any]]:
    return [event for event in map(json.loads, seen.lines) if event["event"] == name]


def test_a_picture_is_made_again_beside_the_old_one(here: Path) -> None:
    before = pictures()
    seen = again(CAR)
    assert seen.lines == [str(here / "set/a-car-1-again.png")]
    assert "a-car-1.png: nothing different; the same words, to the letter" in seen.err
    new, old = sidecar("set/a-car-1-again.png"), sidecar(CAR)
    assert (new["prompt"], new["asked"], new["tags"]) == (old["prompt"], old["asked"], old["tags"])
    assert (new["again"], "again" in old) == (old["attempt"], False)
    assert {path: sha for path, sha in pictures().items() if path in before} == before
    assert len(set(pictures().values())) == 4
    # An id does too, and the next is another one.
    assert again(old["attempt"][:20]).lines == [str(here / "set/a-car-1-again-2.png")]
    assert len(set(pictures().values())) == 5
    assert imgcli("verify", "--read-data").code == 0


def test_its_story_tells_what_it_was_made_after_and_the_other_way_round(here: Path) -> None:
    (new,) = again(CAR).lines
    assert f"again after  {CAR}" in imgcli("history", "show", new).out
    assert "again  set/a-car-1-again.png" in imgcli("history", "show", CAR).out
    assert ", picture 1 again" in imgcli("history", "show", "set/a-car-1-again.png").out
    # One made again after it is another of the same, and so is one with other words.
    assert again("set/a-car-1-again.png").lines == [str(here / "set/a-car-1-again-2.png")]
    assert again(CAR, "--with", "quality=low", "-o", "else").lines == [str(here / "else/a-car-1.png")]
    told = json.loads(imgcli("history", "show", new, "--json").out)
    assert (told["again"], told["made_from"][0]["relation"]) == (sidecar(CAR)["attempt"], "again")


def test_what_changed_is_told(here: Path) -> None:
    seen = again(CAR, "--with", "style=film-noir", "--with", "seed=7", "-n", "2")
    assert "a-car-1.png: style none -> film-noir, seed none -> 7; the words directed anew" in seen.err
    assert "seed none -> 8" in seen.err
    assert sidecar(seen.lines[0])["prompt"]["styles"] == ["film-noir"]
    (event,) = events(again(CAR, "--with", "size=256x256", "--json"), "again")
    (one,) = event["pictures"]
    assert (one["of"], one["directed_anew"]) == (sidecar(CAR)["attempt"], False)
    assert one["changes"] == {"size": ["512x512", "256x256"]}


def test_a_dry_run_tells_the_price_and_makes_nothing(here: Path) -> None:
    words = ["--with", "provider=openai", "--with", "size=1024x1024", "--dry-run"]
    told = again(CAR, *words).err
    assert "provider placeholder -> openai" in told
    assert "nothing was sent" in told
    assert "at most $0.00" not in told
    assert len(pictures()) == 3
    # Money is asked for as everywhere.
    assert imgcli("history", "again", CAR, *words[:-1], "--max-cost", "0.000001").code in {3, 4}


def test_rejects_get_a_new_one_each_and_once(here: Path) -> None:
    assert imgcli("pick", "--reject", TIN, OTHER).code == 0
    dry = again("--rejected", "--dry-run")
    assert "2 pictures, about $0.00" in dry.err
    assert len(pictures()) == 3
    seen = again("--rejected")
    assert sorted(seen.lines) == [str(here / "set/tins/a-tin-1-again.png"), str(here / "set/tins/a-tin-2-again.png")]
    assert "2 rejects to make again" in seen.err
    assert len(set(pictures().values())) == 5
    second = again("--rejected", "--with", "quality=high")
    assert (second.out, "2 rejects made again before, and left alone" in second.err) == ("", True)
    assert "for more of one, name it:  imgcli history again FILE\nnothing to do; $0.00 spent" in second.err
    # Whatever became of the new one: who deletes it does not order another by that.
    Path(seen.lines[0]).unlink()
    assert again("--rejected").out == ""
    # The new one may be rejected too.
    assert imgcli("pick", "--reject", seen.lines[1]).code == 0
    assert len(again("--rejected").lines) == 1
    # And the batch is what it was.
    batch = imgcli("batch", "set.toml", "--json", "--no-progress")
    assert [event["status"] for event in events(batch, "picture")] == ["reused"] * 3


def test_rejects_are_chosen_like_other_pictures(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imgcli("pick", "--reject", TIN, CAR)
    for words in (("--tag", "web"), ("--search", "car"), ("set", "--search", "car")):
        assert "1 picture," in again("--rejected", *words, "--dry-run").err
    assert "2 pictures," in again("--rejected", "--run", "last", "--dry-run").err
    assert "1 picture," in again("--rejected", "set/tins", "--dry-run").err
    elsewhere = here.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    seen = imgcli("history", "again", "--rejected")
    assert (seen.code, "nothing that was chosen is rejected; 2 elsewhere" in seen.err) == (2, True)
    assert again("--rejected", "--search", "car").lines == [str(here / "set/a-car-1-again.png")]


def test_a_reject_that_is_gone_or_taken_back(here: Path) -> None:
    imgcli("pick", "--reject", TIN, OTHER, CAR)
    Path(TIN).unlink()
    assert imgcli("pick", "--undo", OTHER).code == 0
    # To pick it is to take it back too.
    assert imgcli("pick", CAR).code == 0
    # Its sidecar still has the name.
    assert again("--rejected").lines == [str(here / "set/tins/a-tin-1-again.png")]
    assert imgcli("pick", "--reject", CAR).code == 0
    assert imgcli("pick", "--list", "--json").out == ""


def test_a_library_of_another_machine_has_rejects_too(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree("set", "copy")
    monkeypatch.setenv("IMGCLI_HOME", str(here / "another-home"))
    assert imgcli("pick", "--reject", CAR.replace("set", "copy")).code == 0
    assert again("--rejected").lines == [str(here / "copy/a-car-1-again.png")]
    assert again("--rejected").out == ""


@each_row(
    ("words", "told"),
    [
        ((), "name the pictures"),
        (("nothing.png",), "there is no such file"),
        (("set",), "is a directory"),
        ((CAR, "--tag", "web"), "add --rejected"),
        ((CAR, "--with", "qualty=low"), "did you mean 'quality'?"),
        ((CAR, "--with", "style=cinemtic"), "did you mean"),
        ((CAR, "--with", "ref=nowhere.png"), "no such file"),
        (("--rejected", "-n", "2"), "rejects get one new picture each"),
        (("--rejected", "-o", "x"), "rejects get one new picture each"),
        (("--rejected", "--with", "name=x"), "rejects get one new picture each"),
        (("--rejected",), "nothing that was chosen is rejected"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_line(words: tuple[str, ...], told: str, here: Path) -> None:
    seen = imgcli("history", "again", *words)
    assert (seen.code, seen.out) == (2, "")
    assert told in seen.err
    assert len(seen.err.splitlines()) == 1
    assert len(pictures()) == 3
