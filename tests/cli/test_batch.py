import json
from pathlib import Path

import pytest

from tests.cli.run_cli import imgcli

TWO = """
[defaults]
provider = "placeholder"
size = "128x128"

[[prompts]]
id = "hero"
prompt = "a lighthouse"

[[prompts]]
id = "mug-{colour}"
prompt = "a {colour} mug"
out = "shop/mugs"
matrix = { colour = ["red", "blue"] }
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    (place / "set.toml").write_text(TWO)
    return place


def test_a_batch_makes_a_directory_like_its_file(here: Path) -> None:
    seen = imgcli("batch", "set.toml")
    assert seen.code == 0, seen.err
    assert sorted(str(Path(line).relative_to(here)) for line in seen.lines) == [
        "set/a-lighthouse-1.png",
        "set/shop/mugs/a-blue-mug-1.png",
        "set/shop/mugs/a-red-mug-1.png",
    ]


def test_again_makes_only_what_is_missing_or_changed(here: Path) -> None:
    first = imgcli("batch", "set.toml").lines
    Path(first[0]).unlink()
    events = [json.loads(line) for line in imgcli("batch", "set.toml", "--json").lines]
    # What was made once is not made again, wherever the cache has it: --again asks for another one.
    told = [event for event in events if event["event"] == "picture"]
    assert [event["status"] for event in told] == ["reused"] * 3
    (copied,) = [event for event in told if "reused" in event]
    Path(copied["path"]).unlink()
    events = [json.loads(line) for line in imgcli("batch", "set.toml", "--cache", "off", "--json").lines]
    assert sorted(event["status"] for event in events if event["event"] == "picture") == ["made", "reused", "reused"]
    (here / "set.toml").write_text(TWO.replace("a lighthouse", "a tall lighthouse"))
    events = [json.loads(line) for line in imgcli("batch", "set.toml", "--json").lines]
    assert {event["id"]: event["status"] for event in events if event["event"] == "picture"} == {
        "hero": "made",
        "mug-red": "reused",
        "mug-blue": "reused",
    }
    assert json.loads(imgcli("batch", "set.toml", "--remake", "--json").lines[-1])["made"] == 3


def test_options_win_over_the_file(here: Path) -> None:
    plan = [
        json.loads(line)
        for line in imgcli("batch", "set.toml", "--style", "food", "-s", "64x64", "--dry-run", "--json").lines
    ]
    assert {line["size"] for line in plan} == {"64x64"}
    assert {tuple(line["styles"]) for line in plan} == {("food",)}


def test_tries_need_something_that_is_expected(here: Path) -> None:
    seen = imgcli("batch", "set.toml", "--tries", "2")
    assert (seen.code, seen.err) == (
        2,
        "error: --tries goes with --expect, and no entry expects anything; add --expect size\n",
    )
    assert imgcli("batch", "set.toml", "--tries", "2", "--expect", "size", "--dry-run").code == 0
    (here / "set.toml").write_text(TWO.replace("[defaults]", "[defaults]\ntries = 1"))
    seen = imgcli("batch", "set.toml")
    assert (seen.code, "tries goes with expect, and no entry expects anything" in seen.err) == (2, True)
    assert imgcli("batch", "set.toml", "--expect", "size", "--dry-run").code == 0


def test_only_picks_ids(here: Path) -> None:
    plan = [
        json.loads(line)["id"] for line in imgcli("batch", "set.toml", "--only", "mug-*", "--dry-run", "--json").lines
    ]
    assert plan == ["mug-red", "mug-blue"]
    seen = imgcli("batch", "set.toml", "--only", "nope")
    assert seen.code == 2
    assert "hero" in seen.err


def test_styles_beside_the_file_are_read(here: Path) -> None:
    (here / "styles").mkdir()
    (here / "styles" / "ours.toml").write_text('description = "ours"\nprose = "In our own way: {prompt}."\n')
    plan = json.loads(imgcli("batch", "set.toml", "--style", "ours", "--dry-run", "--json").lines[0])
    assert plan["directed"].startswith("In our own way: a lighthouse")


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("a.csv", "prompt,n\na car,2\na boat,\n", 3),
        ("a.jsonl", '{"prompt": "a car", "n": 2}\n{"prompt": "a boat"}\n', 3),
        ("a.txt", "a car\n# no\n\na boat\n", 2),
    ],
)
def test_other_kinds_of_files(here: Path, name: str, text: str, count: int) -> None:
    (here / name).write_text(text)
    seen = imgcli("batch", name, "--provider", "placeholder", "--dry-run", "--json")
    assert seen.code == 0, seen.err
    assert len(seen.lines) == count


def test_stdin_needs_its_kind(here: Path) -> None:
    assert imgcli("batch", "-").code == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("prompt = ", "promt = "), "prompt"),
        (('"a lighthouse"', '"a lighthouse'), "set.toml"),
        (('out = "shop/mugs"', 'out = "../mugs"'), "out"),
        (('out = "shop/mugs"', 'out = "/tmp/mugs"'), "out"),
        (("{colour} mug", "{color} mug"), "colour"),
        (('size = "128x128"', "size = 128"), "size"),
        (('provider = "placeholder"', 'base_url = "http://evil"'), "base_url"),
        (('id = "hero"', 'id = "hero"\nn = 0'), "n"),
        (('id = "hero"', 'id = "hero"\nstyle = "cinematc"'), "cinematic"),
    ],
)
def test_a_mistake_names_the_file_and_the_place(here: Path, home: Path, change: tuple[str, str], message: str) -> None:
    text = TWO.replace(*change)
    assert text != TWO
    (here / "set.toml").write_text(text)
    seen = imgcli("batch", "set.toml")
    assert seen.code == 2
    (line,) = seen.err.splitlines()
    assert line.startswith("error: set.toml")
    assert message in line
    assert not (home / "data" / "ledger.db").exists()


def test_files_that_are_not_there_or_not_text(here: Path) -> None:
    assert "no such file" in imgcli("batch", "nope.toml").err
    (here / "bad.toml").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in imgcli("batch", "bad.toml").err
    (here / "big.toml").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    assert "4 MiB" in imgcli("batch", "big.toml").err
    assert imgcli("batch", "set.yaml").code == 2
    assert imgcli("batch", ".").code == 2


def test_a_dry_run_asks_only_for_what_is_missing(here: Path) -> None:
    assert imgcli("batch", "set.toml").code == 0
    (here / "set.toml").write_text(TWO.replace("a lighthouse", "a tall lighthouse"))
    assert imgcli("budget", "set", "--pictures", "4", "--per", "day").code == 0
    seen = imgcli("batch", "set.toml", "--dry-run")
    assert seen.code == 0, seen.err
    assert "1 picture," in seen.err
    assert "2 kept as they are" in seen.err


def test_a_lost_sidecar_is_written_anew(here: Path) -> None:
    path = Path(imgcli("batch", "set.toml").lines[0] + ".json")
    before = path.read_bytes()
    path.unlink()
    assert imgcli("batch", "set.toml").code == 0
    assert path.read_bytes() == before


def test_a_bracket_in_an_id_is_a_bracket(tmp_path: Path) -> None:
    file = tmp_path / "b.toml"
    file.write_text('[[prompts]]\nid = "a[1]"\nprompt = "a car"\n[[prompts]]\nid = "a1"\nprompt = "a boat"\n')
    words = ("batch", str(file), "--provider", "placeholder", "--dry-run", "--json", "--only")
    assert [json.loads(line)["id"] for line in imgcli(*words, "a[1]").lines] == ["a[1]"]
    assert imgcli(*words, "[ab]*").code == 2
    assert "all of a: --only 'a-*'" not in imgcli(*words, "b").err
