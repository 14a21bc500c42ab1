import json
import os
import shutil
from pathlib import Path

import pytest

from tests.cli.run_cli import imgcli

TWO = """
[defaults]
provider = "placeholder"
size = "768x512"
style = "cinematic"

[[prompts]]
id = "hero"
prompt = "a lighthouse"
quality = "high"

[[prompts]]
id = "tin-{colour}"
prompt = "a {colour} tin"
out = "tins"
matrix = { colour = ["red", "blue"] }
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a batch of three drafts."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    (place / "set.toml").write_text(TWO)
    assert imgcli("batch", "set.toml", "--draft", "--quiet").code == 0
    return place


HERO = "set/a-lighthouse-cinematic-1-draft.png"
RED = "set/tins/a-red-tin-cinematic-1-draft.png"
BLUE = "set/tins/a-blue-tin-cinematic-1-draft.png"


def attempt(picture: str) -> str:
    told: str = json.loads(Path(f"{picture}.json").read_text())["attempt"]
    return told


def picks() -> list[dict[str, object]]:
    return [json.loads(line) for line in imgcli("pick", "--list", "--json").lines]


def test_pictures_sidecars_and_ids_are_picked_once(here: Path) -> None:
    seen = imgcli("pick", HERO, f"{RED}.json", attempt(BLUE))
    assert (seen.code, seen.out) == (0, "")
    assert seen.err.splitlines() == [
        f"picked: {HERO}",
        f"picked: {RED}",
        f"picked: {BLUE}",
        "3 picked; next:  imgcli final --picked",
    ]
    again = imgcli("pick", RED)
    assert (again.code, again.err.splitlines()[0]) == (0, f"picked before: {RED}")
    assert [line["path"] for line in picks()] == [str(here / path) for path in (HERO, RED, BLUE)]


def test_what_is_picked_is_listed_with_what_its_final_is(here: Path) -> None:
    imgcli("pick", HERO, RED)
    table = imgcli("pick", "--list").out
    assert HERO in table
    assert "hero" in table
    assert "cinematic" in table
    assert "draft" in table
    first, second = picks()
    assert first["wanted"] == {"size": "768x512", "quality": "high"}
    assert (first["id"], first["quality"], first["size"], first["known"]) == ("hero", "low", "630x420", True)
    assert (first["finished"], first["finals"], first["expected_usd"]) == (False, [], "0.00")
    assert second["wanted"] == {"size": "768x512", "quality": "medium"}


def test_a_pick_is_let_go_also_when_its_picture_is_gone(here: Path) -> None:
    imgcli("pick", HERO, RED, BLUE)
    Path(HERO).unlink()
    Path(f"{HERO}.json").unlink()
    assert f"{HERO} (gone)" in imgcli("pick", "--list").out
    assert imgcli("pick", "--undo", HERO).err.splitlines() == [
        f"let go: {HERO}",
        "2 picked; next:  imgcli final --picked",
    ]
    assert imgcli("pick", "--undo", attempt(RED)).code == 0
    assert [line["path"] for line in picks()] == [str(here / BLUE)]
    assert f"not picked: {RED}" in imgcli("pick", "--undo", RED).err
    assert imgcli("pick", "--undo", attempt(BLUE)[:4]).code == 0
    assert imgcli("pick", BLUE).code == 0
    assert imgcli("pick", "--clear").err.splitlines() == [f"let go: {BLUE}", "0 picked"]
    assert imgcli("pick", "--list").err == "0 picked\n"


def test_events_for_scripts(here: Path) -> None:
    imgcli("pick", RED)
    told = [json.loads(line) for line in imgcli("pick", HERO, RED, "--json").lines]
    assert [(line["event"], line["attempt"]) for line in told] == [
        ("picked", attempt(HERO)),
        ("picked-before", attempt(RED)),
    ]
    assert json.loads(imgcli("pick", "--undo", HERO, "--json").lines[0])["event"] == "let-go"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name pictures to pick"),
        (("--undo",), "name pictures to pick"),
        ((HERO, "--list"), "name pictures to pick"),
        (("--list", "--clear"), "name pictures to pick"),
        ((HERO, "set/tins/a-rad-tin-cinematic-1-draft.png"), "did you mean 'a-red-tin-cinematic-1-draft.png'"),
        ((HERO, "set"), "is a directory"),
        ((HERO, "set.toml"), "no sidecar"),
        ((HERO, "deadbeef"), "no attempt has an id that begins with deadbeef"),
        ((HERO, "\x1b[31mred.png"), "no such file"),
    ],
)
def test_a_word_that_means_nothing_picks_nothing(here: Path, words: tuple[str, ...], message: str) -> None:
    seen = imgcli("pick", *words)
    (line,) = seen.err.splitlines()
    assert (seen.code, message in line, "\x1b" in line) == (2, True, False)
    assert picks() == []


def test_a_final_may_be_picked_and_is_told_to_be_one(here: Path) -> None:
    assert imgcli("gen", "a boat", "--provider", "placeholder", "-s", "128x128", "--quiet").code == 0
    told = imgcli("pick", "a-boat-1.png").err
    assert "a-boat-1.png is final already" in told
    # Nothing would be made of it.
    assert "next:" not in told
    assert "next:  imgcli final --picked" in imgcli("pick", HERO).err
    assert imgcli("pick", "--undo", HERO).code == 0
    assert "wanted" not in picks()[0]


def test_a_picture_of_another_machine_is_picked_by_its_sidecar(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGCLI_HOME", str(here / "another-home"))
    shutil.copytree("set", "copy")
    assert imgcli("pick", HERO.replace("set", "copy")).code == 0
    assert picks()[0]["wanted"] == {"size": "768x512", "quality": "high"}
    shutil.rmtree("copy")
    seen = imgcli("pick", "--list")
    assert "unknown" in seen.out
    assert imgcli("final", "--picked").code == 2


def test_a_catalog_that_is_damaged_is_one_line(here: Path, home: Path) -> None:
    imgcli("pick", HERO)
    (home / "data" / "catalog.db").write_bytes(b"junk" * 1000)
    seen = imgcli("pick", RED)
    assert (seen.code, len(seen.err.splitlines())) == (7, 1)
    assert "money and pictures are not" in seen.err
    assert imgcli("final", RED).code == 0  # its picture does not depend on an opinion


def test_names_reach_a_terminal_without_escapes(here: Path) -> None:
    evil = "set/\x1b[31mevil-draft.png"
    os.rename(HERO, evil)  # noqa: PTH104 - names, not paths
    os.rename(f"{HERO}.json", f"{evil}.json")  # noqa: PTH104
    seen = imgcli("pick", evil)
    assert seen.code == 0
    assert "\x1b" not in seen.err + imgcli("pick", "--list").out
