"""Whatever a batch file, a template or a model says: a picture lands below its directory, under a name every OS takes."""

import json
import os
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from imgcli.batch.read import Kind, parse_batch
from imgcli.errors import UsageError
from imgcli.storage.local import LocalStore
from imgcli.storage.naming import FIELDS
from tests.cli.run_cli import imgcli

PNG = b"\x89PNG\r\n\x1a\n"
NASTY = [
    "..",
    ".",
    "/",
    "\\",
    "~",
    "C:",
    "CON",
    "nul.txt",
    "COM¹",
    "a:b",
    "\x00",
    "\u202e",
    "％2e％2e",
    "%2e%2e",
    "..;",
    "...",
    " ",
]
NASTY += [
    "．．",
    "／",
    "＼",
    "∕",
    "⁄",
    "․․",
    "‥",
    "…",
    "a\n",
    "\udcff",
    "-rf",
    "{n}",
    "{{",
    "}}",
    "{id}",
    ".git",
    "a.png",
    "é",
    "e\u0301",
]
nasty_text = st.lists(st.sampled_from(NASTY) | st.text(max_size=12), max_size=6).map("".join)
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{at}" for port in ("com", "lpt") for at in "0123456789¹²³")}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output directory with a way out of it, as an earlier run of a stranger may have left one."""
    place = tmp_path_factory.mktemp("root")
    (place / "out").mkdir()
    (place / "outside").mkdir()
    (place / "out" / "way-out").symlink_to(place / "outside")
    (place / "out" / "up").symlink_to("..")
    return place / "out"


def require_inside(root: Path, directory: Path, stem: str) -> None:
    top = Path(os.path.realpath(root))
    assert stem
    assert not set(stem) & set('/\\:<>"|?*')
    target = Path(os.path.normpath(directory / f"{stem}.png"))
    assert target.parent == directory
    assert target.is_relative_to(top)
    assert Path(os.path.realpath(directory)).is_relative_to(top)
    for part in target.relative_to(top).parts:
        assert part not in {"", ".", ".."}
        assert len(part.encode()) <= 255
        assert part.split(".")[0].strip().casefold() not in RESERVED
        assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co"} for letter in part)
        assert part == unicodedata.normalize("NFC", part)
        assert not part.endswith((" ", "."))


@settings(max_examples=400, deadline=None)
@given(below=nasty_text, template=nasty_text, fields=st.dictionaries(st.sampled_from(FIELDS), nasty_text))
@example(below="way-out", template="{slug}", fields={})
@example(below="up/outside", template="{slug}", fields={})
@example(below="a/../../outside", template="{slug}", fields={})
@example(below="a/..", template="{slug}", fields={})
@example(below="x", template="{model}", fields={"model": "../../../etc/passwd"})
@example(below="x", template="{id}{n}", fields={"id": "com", "n": "1"})
def test_no_template_directory_or_value_leads_out(
    root: Path, below: str, template: str, fields: dict[str, str]
) -> None:
    store = LocalStore(root / "spool")
    try:
        directory = store.directory(root, below)
        stem = store.stem(template, dict.fromkeys(FIELDS, "") | fields)
    except (UsageError, ValueError):
        return  # refused before anything is made; ValueError is NUL, which no batch file gets this far with
    require_inside(root, directory, stem)


@settings(max_examples=400, deadline=None)
@given(
    entry=st.fixed_dictionaries({}, optional=dict.fromkeys(("out", "name", "id", "style", "model"), nasty_text)),
    values=st.lists(nasty_text, min_size=1, max_size=3, unique=True),
)
@example(entry={"out": "{v}"}, values=["..", "."])
@example(entry={"out": "{v}/{v}"}, values=["/", "~"])
@example(entry={"out": ".{v}"}, values=["."])
@example(entry={"name": "{v}"}, values=["../../x", "{id}"])
@example(entry={"id": "{v}"}, values=["../../x"])
def test_no_entry_of_a_batch_file_leads_out(root: Path, entry: dict[str, str], values: list[str]) -> None:
    """All the way: JSON, the checks of the batch room, the matrix, and the names of the store."""
    line = json.dumps({"prompt": "a {v} car", "matrix": {"v": values}} | entry)
    store = LocalStore(root / "spool")
    try:
        for one in parse_batch(line, Kind.JSONL, "x.jsonl").entries:
            directory = store.directory(root, one.out or "")
            fields = dict.fromkeys(FIELDS, "") | {"id": one.id, "slug": one.prompt, "n": "1", "model": one.model or ""}
            require_inside(root, directory, store.stem(one.name or "{slug}-{style}-{n}", fields))
    except UsageError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017 - most entries are refused, in one line


FREE = ("--provider", "placeholder", "-s", "64x64", "--json")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    (place / "set").mkdir(parents=True)
    monkeypatch.chdir(place)
    (tmp_path / "outside").mkdir()
    return place


def untouched(outside: Path) -> bool:
    return [path.name for path in outside.iterdir()] == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("target", ["../../outside", "{absolute}", "..", "/", "loop"])
def test_a_link_in_the_output_directory_is_no_way_out(here: Path, target: str) -> None:
    outside = here.parent / "outside"
    (here / "set" / "shop").symlink_to(target.replace("{absolute}", str(outside)).replace("loop", "shop"))
    for below in ("shop", "shop/deep", "x/../shop"):
        (here / "set.jsonl").write_text(json.dumps({"prompt": "a car", "out": below}) + "\n")
        seen = imgcli("batch", "set.jsonl", *FREE)
        assert seen.code in {2, 7}, seen
        assert len(seen.err.splitlines()) == 1
    assert untouched(outside)
    assert sorted(path.name for path in (here / "set").iterdir()) == ["shop"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("name", ["a-car-1.png", "a-car-1.png.json", "a-car-1.jpg"])
@pytest.mark.parametrize("whole", [True, False], ids=["to a file", "to nothing"])
def test_a_link_in_the_place_of_a_picture_is_stepped_around(here: Path, name: str, whole: bool) -> None:
    victim = here.parent / "outside" / "victim"
    if whole:
        victim.write_text("mine")
    (here / "set" / name).symlink_to(victim)
    (here / "set.txt").write_text("a car\n")
    seen = imgcli("batch", "set.txt", *FREE)
    assert seen.code == 0, seen.err
    (made,) = [json.loads(line)["path"] for line in seen.lines if '"status": "made"' in line]
    assert Path(made).read_bytes().startswith(PNG)
    assert not Path(made).is_symlink()
    assert victim.read_text() == "mine" if whole else not victim.exists()
    assert (here / "set" / name).is_symlink()


@pytest.mark.parametrize(
    "name",
    ["con", "COM1", "lpt¹", "nul.tar", "aux ", "..", "...", ". .", "-rf", "~", "$(id)", "`id`", "a;b", "%PATH%", "!x"],
)
def test_a_strange_name_is_a_name_or_refused(here: Path, name: str) -> None:
    (here / "set.jsonl").write_text(json.dumps({"prompt": "a car", "name": name, "id": name}) + "\n")
    seen = imgcli("batch", "set.jsonl", *FREE)
    made = [Path(json.loads(line)["path"]) for line in seen.lines if '"status": "made"' in line]
    assert (seen.code, len(made)) in {(0, 1), (2, 0)}
    for path in made:
        require_inside(here / "set", path.parent, path.stem)
