"""Sets in batch files, all the way from the command line."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.run_cli import imgcli

EXAMPLE = Path(__file__).parents[2] / "examples" / "sets"
FREE = ("--provider", "placeholder")
BAD = {
    "a wildcard file that is missing": (
        "{@none}",
        "error: p.toml:3: prompts[1].prompt: wildcard '{@none}': 'none.txt': ",
    ),
    "a wildcard file that is empty": (
        "{@empty}",
        "p.toml:3: prompts[1].prompt: wildcard '{@empty}': 'empty.txt' is empty",
    ),
    "a wildcard file outside": ("{@../secret}", "wildcard '{@../secret}': '../secret.txt' leads out of the directory"),
    "a wildcard file by its full path": ("{@/etc/hosts}", "'/etc/hosts.txt' must be written relative to the file"),
    "a wildcard that is a link out": ("{@link}", "'link.txt' is a link out of the directory of the batch file"),
    "a wildcard that is no text": ("{@latin}", "'latin.txt' is not UTF-8 text (byte 0); save it as UTF-8"),
    "an unclosed brace": ("{@colours} {", "p.toml:3: prompts[1].prompt: has a single '{'; write {{ for the character"),
    "a bad line": ("{@hex}", "error: hex.txt:2: #c8553d would be a comment; write \\\\#c8553d for the colour"),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    (tmp_path / "secret.txt").write_text("secret\n")
    for name, data in {"empty": b"# nothing\n", "latin": b"\xfcber\n", "colours": b"red\nblue\n"}.items():
        (place / f"{name}.txt").write_bytes(data)
    (place / "hex.txt").write_text("red\n#c8553d\n")
    if sys.platform != "win32":
        (place / "link.txt").symlink_to("../secret.txt")
    monkeypatch.chdir(place)
    return place


def ids(*words: str, stdin: str = "") -> list[str]:
    seen = imgcli("batch", *words, *FREE, "--dry-run", "--json", stdin=stdin)
    assert seen.code == 0, seen.err
    return [line["id"] for line in map(json.loads, seen.lines) if "id" in line]


def test_the_example_is_what_its_comment_says(here: Path) -> None:
    shutil.copytree(EXAMPLE, here / "sets")
    seen = imgcli("batch", "sets/catalogue.toml", "--dry-run")
    assert seen.code == 0
    assert "29 pictures" in seen.err
    assert "29 prompts from five entries and two lists" in (EXAMPLE / "catalogue.toml").read_text()
    assert len(ids("sets/seasons/window.toml")) == 6


def test_sets_are_made_and_not_made_again(here: Path) -> None:
    (here / "p.toml").write_text(
        "include = 'more.toml'\n[vars]\nsize = 1\n".replace("size", "grade")
        + "[defaults]\nsize = '64x64'\n"
        + "[[prompts]]\nid = 'car'\nprompt = 'a {big|small} car in {@colours} {{x}}'\nout = '{@colours}'\nname = '{id}'\n"
    )
    (here / "more.toml").write_text("[[prompts]]\nprompt = 'grade {grade}'\nname = '{id}'\n")
    for made in (5, 0):
        seen = imgcli("batch", "p.toml", *FREE)
        assert seen.code == 0, seen.err
        assert sorted(path.relative_to(here / "p").as_posix() for path in here.rglob("*.png")) == [
            "blue/car-big-blue.png",
            "blue/car-small-blue.png",
            "more-001.png",
            "red/car-big-red.png",
            "red/car-small-red.png",
        ]
        assert made == 0 or len(seen.lines) == made


def test_a_longer_sample_makes_only_what_is_new(here: Path) -> None:
    text = "[[prompts]]\nid = 'car'\nprompt = 'a {a|b|c|d} {e|f|g|h} car'\nsample = %d\n"
    (here / "p.toml").write_text(text % 5)
    few = ids("p.toml")
    (here / "p.toml").write_text(text % 7)
    assert ids("p.toml")[:5] == few


def test_every_style_of_a_list_is_made_of_one_prompt(here: Path) -> None:
    (here / "p.jsonl").write_text('{"prompt": "a car", "id": "car", "matrix": {"style": ["macro", "risograph"]}}\n')
    assert ids("p.jsonl") == ["car-macro", "car-risograph"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("name", BAD)
def test_a_set_that_cannot_be_meant_is_one_line(here: Path, home: Path, name: str) -> None:
    prompt, message = BAD[name]
    (here / "p.toml").write_text(f"# a set\n[[prompts]]\nprompt = '{prompt}'\n")
    seen = imgcli("batch", "p.toml", *FREE)
    assert seen.code == 2
    (line,) = seen.err.splitlines()
    assert message.replace("\\\\", "\\") in line
    assert "secret\n" not in seen.err
    assert not (home / "data").exists()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"p": "include = 'q.toml'"}, "error: p.toml:1: include: 'q.toml': there is no such file in "),
        (
            {"p": "include = 'q.toml'", "q": "\ninclude = 'p.toml'"},
            "error: q.toml:2: include: goes round: p.toml > q.toml",
        ),
        ({"p": "include = 'q.toml'", "q": "[vars]\n\na = []"}, "error: q.toml:3: vars.a: the list is empty"),
        (
            {"p": "include = 'q.toml'", "q": "[providers.x]"},
            "error: q.toml:1: a batch file may not set '[providers.x]'",
        ),
        ({"p": "[vars]\na = ''\n"}, "error: p.toml:2: vars.a: is empty; give it text or remove it and its {a}"),
        (
            {"p": "[[prompts]]\nprompt = '{a}{b}'\nzip.a = [1, 2]\nzip.b = [1]\n"},
            "error: p.toml:4: prompts[1].zip.b: is a list of 1, but zip.a one of 2; zip walks its lists together",
        ),
    ],
)
def test_a_file_that_cannot_be_meant_is_one_line(here: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (here / f"{name}.toml").write_text(text)
    seen = imgcli("batch", "p.toml", *FREE)
    assert seen.code == 2
    (line,) = seen.err.splitlines()
    assert line.startswith(message)


@pytest.mark.parametrize("text", ["include = 'p.toml'\n", "[[prompts]]\nprompt = '{@colours}'\n"])
def test_stdin_has_no_neighbours(here: Path, text: str) -> None:
    seen = imgcli("batch", "-", "--type", "toml", *FREE, stdin=text)
    assert seen.code == 2
    (line,) = seen.err.splitlines()
    assert "cannot be found from stdin; save the batch as a file beside it" in line


def test_stdin_takes_all_that_needs_no_neighbour(here: Path) -> None:
    text = "[vars]\nb = 'x'\n[[prompts]]\nid = 'i'\nprompt = '{b} {c|d}'\n"
    assert ids("-", "--type", "toml", stdin=text) == ["i-c", "i-d"]
