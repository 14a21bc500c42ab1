"""`imgcli cache`, and what is said of reused pictures, as a user sees it."""

import json
from pathlib import Path

import pytest

from tests.cli.run_cli import imgcli

SET = '[[prompts]]\nid = "one"\nprompt = "a lighthouse"\n[[prompts]]\nid = "two"\nprompt = "a mug"\nn = 2\n'
PLACE = ("--provider", "placeholder", "--size", "64x64", "--no-progress")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    (place / "set.toml").write_text(SET)
    assert imgcli("batch", "set.toml", *PLACE).code == 0
    return place


def stats() -> dict[str, object]:
    found: dict[str, object] = json.loads(imgcli("cache", "stats", "--json").out)
    return found


def pictures(home: Path) -> list[Path]:
    return sorted((home / "cache" / "pictures").rglob("*.png"))


def test_an_empty_one_is_told_and_made_by_nobody(home: Path) -> None:
    assert stats() == {
        "directory": str(home / "cache" / "pictures"),
        "entries": 0,
        "bytes": 0,
        "cap_bytes": 2_000_000_000,
        "reused": 0,
        "unpriced": 0,
        "saved_usd": "0.00",
    }
    assert "0 pictures" in imgcli("cache", "stats").out
    assert imgcli("cache", "verify").out == "0 whole, 0 broken\n"
    assert "nothing to clear" in imgcli("cache", "clear", "--yes").err
    assert not home.exists()


def test_what_is_kept_and_of_what_use_it_was(here: Path) -> None:
    assert (stats()["entries"], stats()["reused"]) == (3, 0)
    seen = imgcli("batch", "set.toml", *PLACE, "--out", "there")
    assert (seen.code, len(seen.lines)) == (0, 3)
    assert "3 reused of 3; $0.00 spent" in seen.err
    assert "3 reused from the cache, $0.00 saved" in seen.err
    assert (stats()["entries"], stats()["reused"]) == (3, 3)
    assert "3 reused so far" in imgcli("cache", "stats").out


def test_each_picture_says_where_it_is_from(here: Path) -> None:
    events = [json.loads(line) for line in imgcli("batch", "set.toml", *PLACE, "--out", "b", "--json").lines]
    (one,) = [event for event in events if event.get("id") == "one" and event["event"] == "picture"]
    assert (one["status"], one["cost_usd"]) == ("reused", "0.00")
    assert (one["reused"]["place"], one["reused"]["match"], one["reused"]["saved_usd"]) == (
        "directory",
        "exact",
        "0.00",
    )
    (end,) = [event for event in events if event["event"] == "end"]
    assert (end["reused"], end["cached"], end["saved_usd"]) == (3, 3, "0.00")
    shown = imgcli("batch", "set.toml", "--provider", "placeholder", "--size", "64x64", "--out", "c")
    assert "reused a-lighthouse-1.png: made before: a copy of" in shown.err


def test_verify_of_what_was_only_copied_is_sound(here: Path) -> None:
    assert imgcli("batch", "set.toml", *PLACE, "--out", "there").code == 0
    assert "6 sound" in imgcli("verify", "--read-data").out
    copy = here / "there" / "a-mug-1.png"
    copy.write_bytes(copy.read_bytes()[:-1] + b"!")
    seen = imgcli("verify", "--read-data")
    assert (seen.code, "1 damaged" in seen.out) == (7, True)


def test_verify_reads_every_byte_and_drop_takes_broken_ones_away(here: Path, home: Path) -> None:
    victim = pictures(home)[0]
    data = victim.read_bytes()
    victim.unlink()
    victim.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    seen = imgcli("cache", "verify")
    assert (seen.code, "2 whole, 1 broken" in seen.out) == (7, True)
    assert victim.stem in seen.out
    *_, broken, end = [json.loads(line) for line in imgcli("cache", "verify", "--drop", "--json").lines]
    assert (broken["key"], broken["dropped"]) == (victim.stem, True)
    assert (end["whole"], end["broken"], end["dropped"], end["exit_code"]) == (2, 1, 1, 0)
    assert imgcli("cache", "verify").code == 0
    assert len(list(here.rglob("*.png"))) == 3


def test_clear_asks_and_takes_only_what_is_ours(here: Path, home: Path) -> None:
    notes = home / "cache" / "pictures" / "notes.txt"
    notes.write_text("mine")
    asked = imgcli("cache", "clear")
    assert (asked.code, "add --yes" in asked.err) == (2, True)
    assert "nothing to clear" in imgcli("cache", "clear", "--older", "1", "--yes").err
    assert len(pictures(home)) == 3
    assert "3 pictures taken away" in imgcli("cache", "clear", "--yes").err
    assert (pictures(home), notes.read_text()) == ([], "mine")
    assert len(list(here.rglob("*.png"))) == 3


def test_a_directory_of_ones_own_and_a_cap(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGCLI_CACHE_DIR", str(tmp_path / "shared"))
    monkeypatch.setenv("IMGCLI_CACHE_SIZE", "0")
    assert imgcli("batch", "set.toml", *PLACE, "--remake").code == 0
    assert not (tmp_path / "shared").exists()
    monkeypatch.setenv("IMGCLI_CACHE_SIZE", "1 MB")
    assert imgcli("batch", "set.toml", *PLACE, "--remake").code == 0
    assert (stats()["entries"], stats()["cap_bytes"]) == (3, 1_000_000)


def test_a_cache_that_cannot_be_used_costs_no_picture(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("IMGCLI_CACHE_DIR", str(tmp_path / "file"))
    seen = imgcli("batch", "set.toml", *PLACE, "--remake")
    assert (seen.code, len(seen.lines)) == (0, 3)
    assert seen.err.count("the picture cache cannot be used") == 1


def test_a_mistyped_word_is_told_with_what_was_meant(here: Path) -> None:
    seen = imgcli("batch", "set.toml", *PLACE, "--cache", "lose")
    assert (seen.code, "did you mean 'loose'?" in seen.err) == (2, True)


def test_a_plan_tells_what_is_copied(here: Path) -> None:
    (here / "a-lighthouse-1.png").unlink(missing_ok=True)
    seen = imgcli("batch", "set.toml", *PLACE[:4], "--out", "there", "--plan")
    assert "reused from where they were made before: 3 pictures, free" in seen.err
    assert "to make" not in seen.err
    dry = imgcli("batch", "set.toml", *PLACE[:4], "--out", "there", "--dry-run")
    assert "0 pictures, about $0.00, at most $0.00; 3 reused, free; nothing was sent" in dry.err


def test_like_pictures_are_named_before_new_ones_are_planned(here: Path) -> None:
    words = ("gen", "The lighthouse.", *PLACE[:4], "--cache", "use", "--dry-run")
    assert "you made something like this" in imgcli(*words).err
    assert "you made something like this" not in imgcli(*words[:-2], "off", "--dry-run").err
