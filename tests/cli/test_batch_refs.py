"""References in batch files, as a user sees them."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.run_cli import Seen, imgcli
from tests.fakes.inputs import a_drawing, a_photo

SET = """
[defaults]
provider = "placeholder"
size = "input"
ref = "photos/{sku}.png"

[vars]

[[prompts]]
id = "{sku}"
prompt = "on a beach"
matrix = { sku = ["mug", "tin"] }

[[prompts]]
id = "sky"
prompt = "a stormy sky"
ref = ["photos/mug.png", "photos/tin.png"]
mask = "masks/sky.png"

[[prompts]]
id = "plain"
prompt = "a car"
ref = []
size = "64x64"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    (place / "photos").mkdir(parents=True)
    (place / "masks").mkdir()
    monkeypatch.chdir(place)
    (place / "set.toml").write_text(SET)
    a_photo(place / "photos" / "mug.png", (96, 64))
    a_photo(place / "photos" / "tin.png", (64, 96))
    a_drawing(place / "masks" / "sky.png", (96, 64))
    return place


def batch(*words: str, stdin: str = "") -> Seen:
    return imgcli("batch", "set.toml", *words, stdin=stdin)


def changes(*words: str) -> dict[str, list[str]]:
    """id -> what is told to have changed, of all that is not unchanged."""
    seen = batch("--plan", "--json", *words)
    assert seen.code == 0, seen.err
    return {told["id"]: told["inputs"] for told in map(json.loads, seen.lines[:-1])}


def test_a_library_is_made_from_pictures_and_stays_as_it_is(here: Path) -> None:
    seen = batch("--dry-run", "--json")
    told = {line["id"]: line for line in map(json.loads, seen.lines)}
    assert {name: line["size"] for name, line in told.items()} == {
        "mug": "96x64",
        "tin": "64x96",
        "sky": "96x64",
        "plain": "64x64",
    }
    assert [(each["role"], each["file"]) for each in told["sky"]["inputs"]] == [
        ("input", "photos/mug.png"),
        ("input", "photos/tin.png"),
        ("mask", "masks/sky.png"),
    ]
    assert "inputs" not in told["plain"]
    assert batch().code == 0
    assert changes() == {}
    assert "4 kept" in batch().err
    assert batch("--check").code == 0


def test_a_lock_has_no_word_of_pictures_where_there_are_none(here: Path) -> None:
    assert batch().code == 0
    lines = [json.loads(line) for line in (here / "set.toml.lock").read_text().splitlines()[1:]]
    told = {line["id"]: line.get("inputs") for line in lines}
    assert told["plain"] is None
    assert [each.split()[0] for each in told["sky"]] == ["ref", "ref", "mask"]


def test_a_plan_tells_which_picture_changed(here: Path) -> None:
    assert batch().code == 0
    a_photo(here / "photos" / "mug.png", (96, 64), compress_level=1)
    assert {name: [told.rpartition(" -> ")[0][:-7] for told in some] for name, some in changes().items()} == {
        "mug": ["photos/mug.png"],
        "sky": ["photos/mug.png"],
    }
    assert batch("--check").code == 1
    seen = batch("--only", "mug")
    assert "1 made of 1" in seen.err
    assert list(changes()) == ["sky"]


def test_a_plan_tells_pictures_that_came_or_went(here: Path) -> None:
    assert batch().code == 0
    text = SET.replace('mask = "masks/sky.png"\n', "").replace('ref = []\nsize = "64x64"', 'ref = "photos/mug.png"')
    (here / "set.toml").write_text(text)
    assert changes() == {
        "sky": ["inputs 2 refs + mask -> 2 refs"],
        "plain": ["size 64x64 -> 96x64", "inputs none -> ref"],
    }


def test_a_touched_picture_is_the_same(here: Path) -> None:
    assert batch().code == 0
    os.utime(here / "photos" / "mug.png", (1, 1))
    assert changes() == {}


@pytest.mark.parametrize("words", [("--plan",), ("--check",), ("--dry-run",), ()])
def test_a_missing_picture_is_told_with_its_line(here: Path, words: tuple[str, ...]) -> None:
    (here / "masks" / "sky.png").unlink()
    seen = batch(*words)
    assert (seen.code, seen.out) == (2, "")
    assert seen.err.startswith("error: set.toml:14: masks/sky.png: there is no such file")


def test_what_is_not_wanted_now_may_lack_its_picture(here: Path) -> None:
    (here / "masks" / "sky.png").unlink()
    assert "1 made of 1" in batch("--only", "plain").err


def test_a_batch_file_reads_no_picture_elsewhere(here: Path) -> None:
    a_photo(here.parent / "secret.png")
    (here / "photos" / "link.png").symlink_to("../../secret.png")
    os.mkfifo(here / "photos" / "pipe.png")
    for ref, told in (
        ("photos/link.png", "set.toml:3: photos/link.png: lies outside of the directory of the batch file"),
        ("photos/pipe.png", "set.toml:3: photos/pipe.png: is no plain file"),
        ("photos", "set.toml:3: photos: is a directory"),
    ):
        (here / "set.toml").write_text(
            f'[defaults]\nprovider = "placeholder"\n[[prompts]]\nprompt = "a"\nref = "{ref}"\n'
        )
        seen = batch()
        assert (seen.code, seen.out) == (2, "")
        assert told in seen.err


def test_rows_from_stdin_name_pictures_of_this_directory(here: Path) -> None:
    rows = '{"prompt": "a", "ref": "photos/mug.png", "provider": "placeholder", "size": "64x64"}\n'
    seen = imgcli("batch", "-", "--type", "jsonl", stdin=rows)
    assert seen.code == 0, seen.err
    assert "there is no such file" in imgcli("batch", "-", "--type", "jsonl", stdin=rows.replace("mug", "cup")).err


def test_the_command_line_may_ask_for_the_size_of_the_pictures(here: Path) -> None:
    (here / "set.toml").write_text(SET.replace('size = "input"\n', "").replace("ref = []", 'ref = "photos/tin.png"'))
    lines = batch("--dry-run", "--json", "--size", "input").lines
    assert {told["id"]: told["size"] for told in map(json.loads, lines)}["plain"] == "64x96"


def test_copies_are_converted_for_a_whole_batch(here: Path) -> None:
    lines = [json.loads(line) for line in batch("--dry-run", "--json", "--convert", "jpeg").lines]
    assert {each["format"] for told in lines for each in told.get("inputs", []) if each["role"] == "input"} == {"jpeg"}
