"""The library of a batch file as a user sees it: plan, apply, plan clean; on another machine; at two at once."""

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.run_cli import Seen, imgcli
from tests.fake_api.client import FakeApi

SET = """
[defaults]
provider = "placeholder"
size = "64x64"

[[prompts]]
id = "hero"
prompt = "a lighthouse"
style = "ours"

[[prompts]]
id = "mug-{colour}"
prompt = "a {colour} mug"
out = "shop/mugs"
matrix = { colour = ["red", "blue"] }
"""
STYLE = 'description = "ours"\nprose = "In our way: {prompt}."\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    (place / "styles").mkdir(parents=True)
    monkeypatch.chdir(place)
    (place / "set.toml").write_text(SET)
    (place / "styles" / "ours.toml").write_text(STYLE)
    return place


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def planned(*words: str) -> dict[str, str]:
    """id -> what is to be done, of all that is not unchanged."""
    seen = imgcli("batch", "set.toml", "--plan", "--json", *words)
    assert seen.code == 0, seen.err
    return {told["id"]: told["change"] for told in map(json.loads, seen.lines[:-1])}


def made(*words: str) -> set[str]:
    """The ids of what a run really made, or copied from where it was made before."""
    seen = imgcli("batch", "set.toml", "--json", *words)
    assert seen.code == 0, seen.err
    events = [event for event in map(json.loads, seen.lines) if event["event"] == "picture"]
    return {event["id"] for event in events if event["status"] == "made" or "reused" in event}


def locked(here: Path) -> dict[str, dict[str, object]]:
    lines = (here / "set.toml.lock").read_text().splitlines()[1:]
    return {told["id"]: told for told in map(json.loads, lines)}


def checked(*words: str) -> int:
    return imgcli("batch", "set.toml", "--check", *words).code


ALL = {"hero", "mug-red", "mug-blue"}


def test_plan_apply_plan(here: Path, home: Path) -> None:
    assert planned() == dict.fromkeys(ALL, "new")
    assert checked() == 1
    assert not home.exists()  # neither asks for a ledger, nor makes one
    assert made() == ALL
    assert planned() == {}
    assert checked() == 0
    before = (here / "set.toml.lock").stat()
    assert made() == set()
    assert (here / "set.toml.lock").stat() == before


@pytest.mark.parametrize(
    ("file", "old", "new", "ids", "why"),
    [
        ("styles/ours.toml", "In our way", "In my way", {"hero"}, "style ours"),
        ("set.toml", "a lighthouse", "a tall lighthouse", {"hero"}, "prompt"),
        ("set.toml", "64x64", "128x64", ALL, "size 64x64 -> 128x64"),
        ("set.toml", 'style = "ours"', 'style = "food"', {"hero"}, "style ours -> food"),
        ("set.toml", 'style = "ours"', 'style = "ours"\nno = "text"', {"hero"}, "--no"),
        ("set.toml", 'style = "ours"', 'style = "ours"\nseed = 7', {"hero"}, "seed none -> 7"),
        ("set.toml", 'style = "ours"', 'style = "ours"\nquality = "high"', {"hero"}, "quality medium -> high"),
        ("set.toml", "shop/mugs", "mugs", {"mug-red", "mug-blue"}, "out set/shop/mugs -> set/mugs"),
    ],
)
def test_what_changed_is_named_and_only_that_is_made(
    here: Path, file: str, old: str, new: str, ids: set[str], why: str
) -> None:
    imgcli("batch", "set.toml")
    before = {path: path.read_bytes() for path in (here / "set").rglob("*.*")}
    change(here / file, old, new)
    assert planned() == dict.fromkeys(ids, "changed")
    assert why in imgcli("batch", "set.toml", "--plan").out
    assert checked() == 1
    assert made() == ids
    assert planned() == {}
    assert checked() == 0
    assert all(path.read_bytes() == data for path, data in before.items())  # nothing was written over
    change(here / file, new, old)
    assert planned() == dict.fromkeys(ids, "found")
    assert made() == set()  # back to what was there costs nothing
    assert checked() == 0


def test_new_missing_modified_and_orphaned(here: Path) -> None:
    imgcli("batch", "set.toml")
    change(here / "set.toml", '["red", "blue"]', '["red", "green"]')
    (here / "set" / "a-lighthouse-ours-1.png").unlink()
    (here / "set" / "shop" / "mugs" / "a-red-mug-1.png").write_bytes(b"retouched")
    assert planned() == {"hero": "missing", "mug-red": "modified", "mug-green": "new", "mug-blue": "orphaned"}
    seen = imgcli("batch", "set.toml", "--plan")
    assert "1 new, 1 missing, 1 modified, 1 orphaned" in seen.out
    assert "to make: 2 pictures, about $0.00, at most $0.00; nothing was sent" in seen.err
    assert "reused from where they were made before: 1 picture, free" in seen.err
    assert made() == {"hero", "mug-red", "mug-green"}
    assert (here / "set" / "shop" / "mugs" / "a-red-mug-1.png").read_bytes() == b"retouched"
    assert planned() == {"mug-blue": "orphaned"}
    assert checked() == 1


def test_the_same_size_with_other_bytes_is_found_by_reading(here: Path) -> None:
    imgcli("batch", "set.toml")
    path = here / "set" / "a-lighthouse-ours-1.png"
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    assert checked() == 0
    assert checked("--read-data") == 1
    assert planned("--read-data") == {"hero": "modified"}


def test_a_clone_on_another_machine_sends_nothing(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imgcli("batch", "set.toml")
    lock = (here / "set.toml.lock").read_bytes()
    assert str(tmp_path).encode() not in lock
    clone = tmp_path / "elsewhere" / "clone"
    shutil.copytree(here, clone)
    for sidecar in clone.rglob("*.png.json"):
        sidecar.unlink()
    monkeypatch.setenv("IMGCLI_HOME", str(tmp_path / "other-home"))
    monkeypatch.chdir(clone)
    assert checked() == 0
    assert checked("--read-data") == 0
    assert made() == set()
    assert (clone / "set.toml.lock").read_bytes() == lock


def test_a_clone_does_not_believe_a_lock_whose_file_has_other_bytes(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imgcli("batch", "set.toml")
    path = here / "set" / "a-lighthouse-ours-1.png"
    path.write_bytes(bytes(len(path.read_bytes())))
    path.with_name(f"{path.name}.json").unlink()
    monkeypatch.setenv("IMGCLI_HOME", str(tmp_path / "other-home"))
    assert made() == {"hero"}
    assert locked(here)["hero"]["file"] == "set/a-lighthouse-ours-2.png"


def test_a_paid_library_of_another_machine_is_not_paid_again(
    fake_api: FakeApi, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The promise in money: a lock and the files are enough, whatever model it was."""
    for name, value in fake_api.env(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    change(here / "set.toml", 'provider = "placeholder"\nsize = "64x64"', 'model = "gpt-image-2.5-flare"')
    assert imgcli("batch", "set.toml").code == 0
    assert len(fake_api.bill()) == 3
    for sidecar in here.rglob("*.png.json"):
        sidecar.unlink()
    monkeypatch.setenv("IMGCLI_HOME", str(tmp_path / "other-home"))
    assert "3 kept as they are" in imgcli("batch", "set.toml", "--dry-run").err
    assert imgcli("batch", "set.toml").code == 0
    assert len(fake_api.bill()) == 3
    change(here / "set.toml", "a lighthouse", "a tall lighthouse")
    told = [json.loads(line) for line in imgcli("batch", "set.toml", "--plan", "--json").lines]
    assert [line["id"] for line in told[:-1]] == ["hero"]
    assert (told[-1]["to_make"], told[-1]["unpriced"]) == (1, 1)  # the fake's host has no price list
    assert len(fake_api.bill()) == 3


def test_check_needs_no_key_and_no_home(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(here / "set.toml", 'provider = "placeholder"\nsize = "64x64"', 'model = "gpt-image-2.5-flare"')
    monkeypatch.setenv("IMGCLI_HOME", "/nowhere/at/all")
    assert checked() == 1
    assert planned() == dict.fromkeys(ALL, "new")
    *changes, end = [json.loads(line) for line in imgcli("batch", "set.toml", "--plan", "--json").lines]
    prices = [float(told["expected_usd"]) for told in changes]
    assert min(prices) > 0
    assert sum(prices) == pytest.approx(float(end["expected_usd"]))


def test_a_renamed_id_costs_nothing(here: Path) -> None:
    imgcli("batch", "set.toml")
    change(here / "set.toml", 'id = "hero"', 'id = "banner"')
    assert planned() == {"banner": "found"}
    assert "there already, as hero" in imgcli("batch", "set.toml", "--plan").out
    assert checked() == 1
    assert made() == set()
    assert set(locked(here)) == {"banner", "mug-red", "mug-blue"}
    assert checked() == 0


def test_a_lost_lock_is_made_again_from_the_sidecars(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imgcli("batch", "set.toml")
    lock = (here / "set.toml.lock").read_bytes()
    (here / "set.toml.lock").unlink()
    monkeypatch.setenv("IMGCLI_HOME", str(tmp_path / "other-home"))
    assert planned() == dict.fromkeys(ALL, "found")
    assert made() == set()
    assert (here / "set.toml.lock").read_bytes() == lock


def test_only_leaves_the_other_lines_and_numbers_as_among_all(here: Path) -> None:
    change(here / "set.toml", 'prompt = "a {colour} mug"', 'prompt = "a mug, {colour}"\nn = 2')
    imgcli("batch", "set.toml")
    change(here / "set.toml", "64x64", "128x64")
    assert planned("--only", "mug-red") == {"mug-red": "changed"}
    assert made("--only", "mug-red") == {"mug-red"}
    assert {told["size"] for name, told in locked(here).items() if name != "mug-red"} == {"64x64"}
    assert planned() == {"hero": "changed", "mug-blue": "changed"}


def test_only_takes_the_second_of_two_equal_wishes_for_what_it_is(here: Path) -> None:
    (here / "set.toml").write_text(SET + '[[prompts]]\nid = "twin"\nprompt = "a lighthouse"\nstyle = "ours"\n')
    assert made() == ALL | {"twin"}
    assert planned("--only", "twin") == {}
    assert made("--only", "twin") == set()


def test_a_mistake_in_another_entry_does_not_stop_only(here: Path) -> None:
    (here / "set.toml").write_text(SET + '[[prompts]]\nid = "bad"\nprompt = "x"\nstyle = "no-such-style"\n')
    assert made("--only", "mug-*") == {"mug-red", "mug-blue"}
    assert "no-such-style" in imgcli("batch", "set.toml", "--only", "bad").err


def test_again_makes_a_new_picture_and_keeps_the_old_one(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imgcli("batch", "set.toml")
    change(here / "set.toml", '"blue"', '"green"')  # not asked for now
    assert planned("--again", "her*") == {"hero": "changed"}
    assert "--again" in imgcli("batch", "set.toml", "--plan", "--again", "hero").out
    assert made("--again", "her*") == {"hero"}
    told = locked(here)["hero"]
    assert told["file"] == "set/a-lighthouse-ours-2.png"
    assert [old["file"] for old in told["old"]] == ["set/a-lighthouse-ours-1.png"]  # type: ignore[attr-defined]
    assert (here / "set" / "a-lighthouse-ours-1.png").exists()
    # Which of the two it is, the lock decides everywhere.
    monkeypatch.setenv("IMGCLI_HOME", str(tmp_path / "other-home"))
    assert made("--only", "hero") == set()
    assert locked(here)["hero"] == told
    seen = imgcli("batch", "set.toml", "--again", "nobody")
    assert (seen.code, "--again nobody: no such id" in seen.err) == (2, True)


def test_again_with_only_makes_the_rest_too(here: Path) -> None:
    imgcli("batch", "set.toml")
    change(here / "set.toml", "64x64", "128x64")
    assert made("--again", "hero", "--only", "mug-red") == {"hero", "mug-red"}


def test_remake_makes_all_and_the_lock_follows(here: Path) -> None:
    imgcli("batch", "set.toml")
    assert planned("--remake") == dict.fromkeys(ALL, "changed")
    assert made("--remake") == ALL
    assert {str(told["file"]).rpartition("-")[2] for told in locked(here).values()} == {"2.png"}
    assert made() == set()


def orphaned(here: Path) -> None:
    imgcli("batch", "set.toml")
    change(here / "set.toml", "a lighthouse", "a tall lighthouse")
    change(here / "set.toml", '"blue"', '"green"')
    imgcli("batch", "set.toml")


def test_prune_moves_and_never_deletes(here: Path) -> None:
    orphaned(here)
    before = {path.name: path.read_bytes() for path in here.rglob("*.png*")}
    seen = imgcli("batch", "set.toml", "--prune")
    assert (seen.code, seen.out) == (2, "")
    assert "nothing was moved: --prune would put 2 pictures aside; add --yes if it may" in seen.err
    seen = imgcli("batch", "set.toml", "--prune", "--yes")
    assert seen.code == 0, seen.err
    (aside,) = (here / "set" / ".imgcli-pruned").iterdir()
    assert seen.lines == [str(aside / "a-lighthouse-ours-1.png"), str(aside / "shop" / "mugs" / "a-blue-mug-1.png")]
    assert sorted(path.name for path in aside.rglob("*.json")) == [
        "a-blue-mug-1.png.json",
        "a-lighthouse-ours-1.png.json",
    ]
    assert {path.name: path.read_bytes() for path in here.rglob("*.png*")} == before
    assert set(locked(here)) == {"hero", "mug-red", "mug-green"}
    assert checked() == 0
    assert made() == set()
    assert "nothing to put aside" in imgcli("batch", "set.toml", "--prune").err


def test_prune_twice_in_a_second_replaces_nothing(here: Path) -> None:
    orphaned(here)
    assert imgcli("batch", "set.toml", "--prune", "--yes", "--only", "hero").code == 0
    assert "mug-blue" in locked(here)
    assert imgcli("batch", "set.toml", "--again", "hero").code == 0
    assert imgcli("batch", "set.toml", "--prune", "--yes", "--json").code == 0
    found = sorted(path.name for path in (here / "set" / ".imgcli-pruned").rglob("*.png"))
    assert found == ["a-blue-mug-1.png", "a-lighthouse-ours-1.png", "a-tall-lighthouse-ours-1.png"]


def test_prune_leaves_what_is_wanted_again(here: Path) -> None:
    imgcli("batch", "set.toml")
    change(here / "set.toml", "a lighthouse", "a tall lighthouse")
    imgcli("batch", "set.toml")
    change(here / "set.toml", "a tall lighthouse", "a lighthouse")
    assert planned() == {"hero": "found"}
    assert imgcli("batch", "set.toml", "--prune", "--yes").lines == []
    assert made() == set()
    (moved,) = imgcli("batch", "set.toml", "--prune", "--yes").lines
    assert moved.endswith("/a-tall-lighthouse-ours-1.png")
    assert checked() == 0


def test_prune_of_ids_that_the_file_has_no_more(here: Path) -> None:
    orphaned(here)
    assert planned("--only", "mug-*") == {"mug-blue": "orphaned"}
    assert len(imgcli("batch", "set.toml", "--prune", "--yes", "--only", "mug-blue").lines) == 1
    assert "nothing to put aside" in imgcli("batch", "set.toml", "--prune", "--only", "mug-blue").err


def test_prune_touches_nothing_that_a_lock_merely_names(here: Path) -> None:
    orphaned(here)
    lines = (here / "set.toml.lock").read_text().splitlines()
    evil = json.loads(lines[1])
    (here / "mine.png").write_bytes(b"mine")
    (here / "set" / "mine.png").write_bytes(b"mine")
    (here / "set" / "way-out").symlink_to(here)
    evil |= {"id": "x", "old": [], "bytes": 4}
    for number, file in enumerate(("mine.png", "set/mine.png", "set/way-out/set.toml"), 1):
        lines.append(json.dumps(evil | {"n": number, "file": file}))
    (here / "set.toml.lock").write_text("\n".join(lines) + "\n")
    seen = imgcli("batch", "set.toml", "--prune", "--yes")
    assert seen.code == 7
    assert "mine.png stays: it does not lie below" in seen.err
    assert "set/mine.png stays: no sidecar beside it tells that it is a picture of ours" in seen.err
    assert (here / "mine.png").read_bytes() == (here / "set" / "mine.png").read_bytes() == b"mine"
    assert (here / "set.toml").exists()
    assert len(seen.lines) == 2


def test_prune_asks_a_person(here: Path, home: Path) -> None:
    orphaned(here)

    def answered(answer: bytes) -> int:
        person, terminal = pty.openpty()
        try:
            command = [sys.executable, "-m", "imgcli", "batch", "set.toml", "--prune"]
            env = os.environ | {"IMGCLI_HOME": str(home)}
            process = subprocess.Popen(
                command, stdin=terminal, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env
            )
            os.write(person, answer)
            _, told = process.communicate(timeout=60)
            assert b"[y/N]" in told
            return process.returncode
        finally:
            os.close(person)
            os.close(terminal)

    assert answered(b"\n") == 2
    assert not (here / "set" / ".imgcli-pruned").exists()
    assert answered(b"y\n") == 0
    assert (here / "set" / ".imgcli-pruned").exists()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text.replace('imgcli_lock":1', 'imgcli_lock":2'), "was made by a newer imgcli"),
        (lambda text: text.replace('"sha256":"', '"sha256":"zz', 1), "set.toml.lock:2: was changed by hand"),
        (lambda text: text + text.splitlines()[1] + "\n", "stands twice"),
        (lambda text: text.replace("set/a-light", "../a-light"), "leads out of its directory"),
        (lambda text: text[: len(text) // 2], "is no whole line"),
        (lambda text: "<<<<<<< HEAD\n" + text, "marks of a merge conflict"),
        (lambda _: "", "is not the first line"),
    ],
)
@pytest.mark.parametrize("words", [("--plan",), ("--check",), ("--prune", "--yes"), ("--dry-run",), ()])
def test_a_spoilt_lock_stops_all_before_anything_is_sent(
    here: Path, words: Sequence[str], spoil: object, message: str
) -> None:
    imgcli("batch", "set.toml")
    change(here / "set.toml", "a lighthouse", "a tall lighthouse")
    lock = here / "set.toml.lock"
    text = spoil(lock.read_text())  # type: ignore[operator]
    lock.write_text(text)
    files = sorted(here.rglob("*"))
    seen = imgcli("batch", "set.toml", *words)
    assert (seen.code, seen.out) == (2, "")
    (line,) = seen.err.splitlines()
    assert line.startswith("error: set.toml.lock")
    assert message in line
    assert (lock.read_text(), sorted(here.rglob("*"))) == (text, files)


def test_a_lock_that_is_no_file_is_not_waited_for(here: Path) -> None:
    os.mkfifo(here / "set.toml.lock")
    assert "is no plain file" in imgcli("batch", "set.toml").err
    (here / "set.toml.lock").unlink()
    (here / "set.toml.lock").mkdir()
    assert imgcli("batch", "set.toml", "--plan").code == 2


def test_a_directory_that_takes_no_lock_costs_no_picture(here: Path, tmp_path: Path) -> None:
    """As root may write anywhere, a directory stands where the draft of the lock is to go."""
    (here / ".set.toml.lock.new").mkdir()
    seen = imgcli("batch", "set.toml")
    assert seen.code == 0
    assert len(seen.lines) == 3
    assert "set.toml.lock was not written" in seen.err
    (here / ".set.toml.lock.new").rmdir()
    assert made() == set()
    assert checked() == 0


def test_what_failed_is_not_written_down(
    here: Path, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in fake_api.env(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    change(here / "set.toml", 'provider = "placeholder"\nsize = "64x64"', 'model = "gpt-image-2.5-flare"')
    imgcli("budget", "set", "--pictures", "1", "--per", "day")
    assert imgcli("batch", "set.toml", "-j", "1").code == 3
    assert len(locked(here)) == 1
    assert checked() == 1


def test_two_runs_at_once_lose_no_line(here: Path, tmp_path: Path) -> None:
    colours = [f"colour{number}" for number in range(24)]
    change(here / "set.toml", '["red", "blue"]', json.dumps(colours))
    env = [os.environ | {"IMGCLI_HOME": str(tmp_path / f"home-{number}")} for number in range(4)]
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "imgcli", "batch", "set.toml", "--quiet", "--only", f"mug-colour*{number}*"],
            env=own,
            stdout=subprocess.DEVNULL,
        )
        for number, own in enumerate(env)
    ]
    assert [run.wait(60) for run in runs] == [0] * 4
    wanted = {f"mug-{name}" for name in colours if set(name.removeprefix("colour")) & set("0123")}
    assert set(locked(here)) == wanted
    assert not list(here.glob(".set.toml.lock*"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--plan", "--check"), "--plan and --check at once; choose one"),
        (("--plan", "--explain"), "--explain and --plan at once"),
        (("--read-data",), "--read-data belongs to --plan or --check"),
        (("--check", "--again", "hero"), "--again asks for new pictures, and --check makes none"),
    ],
)
def test_options_that_do_not_go_together(here: Path, words: Sequence[str], message: str) -> None:
    seen = imgcli("batch", "set.toml", *words)
    assert seen.code == 2
    assert message in seen.err


def test_stdin_has_no_lock(here: Path) -> None:
    seen = imgcli("batch", "-", "--type", "text", "--plan", stdin="a car\n")
    assert seen.code == 2
    assert "no lock file" in seen.err
    assert imgcli("batch", "-", "--type", "text", "--provider", "placeholder", stdin="a car\n").code == 0
    assert not list(here.glob("*.lock"))


def test_an_output_directory_elsewhere(here: Path, tmp_path: Path) -> None:
    away = str(tmp_path / "away")
    assert made("-o", away) == ALL
    assert json.loads((here / "set.toml.lock").read_text().splitlines()[0])["files_below"] == "out"
    assert locked(here)["mug-red"]["file"] == "shop/mugs/a-red-mug-1.png"
    assert planned("-o", away) == {}
    shutil.move(away, tmp_path / "further")
    assert planned("-o", str(tmp_path / "further")) == {}
    assert set(planned().values()) == {"missing"}


def test_the_plan_of_many_lists_some_and_counts_all(here: Path) -> None:
    change(here / "set.toml", '["red", "blue"]', json.dumps([f"c{number}" for number in range(60)]))
    seen: Seen = imgcli("batch", "set.toml", "--plan")
    assert "and 41 more new" in seen.out
    assert "61 new" in seen.out
    assert len(imgcli("batch", "set.toml", "--plan", "--json").lines) == 62


def test_two_ids_for_one_file_are_both_named(here: Path) -> None:
    change(here / "set.toml", 'id = "mug-{colour}"', 'name = "mug"\nid = "mug-{colour}"')
    seen = imgcli("batch", "set.toml", "--plan")
    assert seen.code == 2
    assert "'mug' would name two pictures, of 'mug-red' and 'mug-blue'" in seen.err


def file_of(change: str) -> str:
    seen = imgcli("batch", "set.toml", "--plan", "--json", "--only", "hero")
    (told,) = [line for line in map(json.loads, seen.lines[:-1]) if line["id"] == "hero"]
    assert told["change"] == change
    return str(told["file"])


@pytest.mark.parametrize("with_sidecar", [False, True])
def test_a_run_keeps_the_very_take_that_its_plan_found(here: Path, *, with_sidecar: bool) -> None:
    """The newest that is left, and nothing is paid for what the plan calls found."""
    made()
    for _ in range(3):
        assert made("--again", "hero") == {"hero"}
    (here / "set" / "a-lighthouse-ours-4.png").unlink()
    if with_sidecar:
        (here / "set" / "a-lighthouse-ours-4.png.json").unlink()
    assert file_of("found") == "set/a-lighthouse-ours-3.png"
    assert made() == set()
    assert locked(here)["hero"]["file"] == "set/a-lighthouse-ours-3.png"
    assert planned() == {}


def test_prune_can_be_looked_at_first(here: Path) -> None:
    made()
    made("--again", "hero")
    seen = imgcli("batch", "set.toml", "--prune", "--dry-run")
    assert (seen.code, seen.out) == (0, "")
    assert "a-lighthouse-ours-1.png" in seen.err
    assert "nothing was moved" in seen.err
    assert (here / "set" / "a-lighthouse-ours-1.png").exists()


def test_prune_leaves_what_another_lock_beside_it_tells_of(here: Path) -> None:
    (here / "other.toml").write_text(SET.replace('id = "hero"', 'id = "front"'))
    for file in ("set.toml", "other.toml"):
        assert imgcli("batch", file, "-o", "lib", "--quiet").code == 0
    assert imgcli("batch", "set.toml", "-o", "lib", "--again", "hero", "--quiet").code == 0
    seen = imgcli("batch", "set.toml", "-o", "lib", "--prune", "--yes")
    assert seen.code == 0
    assert "1 picture stays: another lock file" in seen.err
    assert (here / "lib" / "a-lighthouse-ours-1.png").exists()


@pytest.mark.parametrize("first", ["", "<<<<<<< ours\n"])
def test_prune_moves_nothing_while_a_lock_beside_it_cannot_be_read(here: Path, first: str) -> None:
    (here / "other.toml").write_text(SET.replace('id = "hero"', 'id = "front"'))
    for file in ("set.toml", "other.toml"):
        assert imgcli("batch", file, "-o", "../lib", "--quiet").code == 0
    assert imgcli("batch", "set.toml", "-o", "../lib", "--again", "hero", "--quiet").code == 0
    lock = here / "other.toml.lock"
    lock.write_text(f"{first}{lock.read_text()}=======\n")
    (here / "uv.lock").write_text("[[package]]\n")
    seen = imgcli("batch", "set.toml", "-o", "../lib", "--prune", "--yes")
    assert (seen.code, "other.toml.lock" in seen.err) == (2, True)
    assert (here.parent / "lib" / "a-lighthouse-ours-1.png").exists()
    lock.write_text(lock.read_text().replace("=======\n", "").replace("<<<<<<< ours\n", ""))
    assert "1 picture stays" in imgcli("batch", "set.toml", "-o", "../lib", "--prune", "--yes").err
    assert (here.parent / "lib" / "a-lighthouse-ours-1.png").exists()


def test_what_is_made_beside_changed_files_is_said_to_overwrite_nothing(here: Path) -> None:
    made()
    change(here / "set.toml", "a lighthouse", "a tall lighthouse")
    seen = imgcli("batch", "set.toml", "--plan")
    assert "nothing is overwritten: 1 picture" in seen.err
    assert "--remake" in imgcli("batch", "set.toml", "--remake", "--plan").out


def test_verify_knows_what_was_put_aside(here: Path) -> None:
    made()
    made("--again", "hero")
    assert imgcli("batch", "set.toml", "--prune", "--yes").code == 0
    seen = imgcli("verify")
    assert seen.code == 0
    assert seen.lines[-2].startswith("3 sound, 1 aside; ")


@pytest.mark.parametrize("how", ["gone", "pointers"])
def test_a_clone_without_its_pictures_buys_none(here: Path, fake_api: FakeApi, how: str) -> None:
    """As after `git clone` of pictures that are kept elsewhere."""
    change(here / "set.toml", 'provider = "placeholder"\nsize = "64x64"', 'model = "gpt-image-2.5-flare"')
    with pytest.MonkeyPatch.context() as patch:
        for name, value in fake_api.env(here / "home").items():
            patch.setenv(name, value)
        assert imgcli("batch", "set.toml", "--assume-cost", "0.02", "--quiet").code == 0
        bills = len(fake_api.bill())
        for path in (here / "set").rglob("*.png"):
            path.unlink()
            path.with_name(f"{path.name}.json").unlink()
            if how == "pointers":
                path.write_text("version https://git-lfs.github.com/spec/v1\n")
        patch.setenv("IMGCLI_HOME", str(here / "another-home"))
        seen = imgcli("batch", "set.toml", "--assume-cost", "0.02")
        assert seen.code == 7, seen.err
        assert "not one of " in seen.err
        assert "git lfs pull" in seen.err
        assert len(fake_api.bill()) == bills
        assert imgcli("batch", "set.toml", "--assume-cost", "0.02", "--remake", "--quiet").code == 0


def test_a_batch_file_without_an_extension_needs_an_output_directory(here: Path) -> None:
    (here / "prompts").write_text("a car\n")
    seen = imgcli("batch", "prompts", "--type", "text", "--provider", "placeholder")
    assert seen.code == 7
    assert "Traceback" not in seen.err
