import os
import re
import stat
from pathlib import Path

import pytest
from PIL import Image

from imgcli.cli import inline
from imgcli.cli.inline import depth_of, drawn, show_inline, way_of
from imgcli.reports.inline import Depth, Way
from tests.rows import each_row

XTERM = {"TERM": "xterm-256color"}
ROOM = os.terminal_size((100, 40))
WAYS: dict[str, tuple[str, dict[str, str], Way | None]] = {
    "a plain terminal": ("auto", XTERM, Way.BLOCKS),
    "kitty": ("auto", XTERM | {"KITTY_WINDOW_ID": "1"}, Way.KITTY),
    "ghostty": ("auto", {"TERM": "xterm-ghostty"}, Way.KITTY),
    "iTerm2": ("auto", XTERM | {"TERM_PROGRAM": "iTerm.app"}, Way.ITERM2),
    "WezTerm": ("auto", XTERM | {"TERM_PROGRAM": "WezTerm"}, Way.ITERM2),
    "tmux in kitty": ("auto", {"TERM": "tmux-256color", "TMUX": "/x", "KITTY_WINDOW_ID": "1"}, Way.BLOCKS),
    "a dumb one": ("auto", {"TERM": "dumb"}, None),
    "none": ("auto", {}, None),
    "foot without chafa": ("auto", {"TERM": "foot", "PATH": "/nowhere"}, Way.BLOCKS),
    "whoever says so": ("kitty", XTERM, Way.KITTY),
    "whoever wants none": ("off", XTERM | {"KITTY_WINDOW_ID": "1"}, None),
}


@each_row("name", WAYS)
def test_the_way_goes_by_the_terminal(name: str) -> None:
    wish, env, way = WAYS[name]
    assert way_of(wish, env) is way


def test_colours_go_by_what_the_terminal_says() -> None:
    assert depth_of({}) is Depth.INDEXED
    assert depth_of({"COLORTERM": "truecolor"}) is Depth.TRUE
    assert depth_of({"COLORTERM": "truecolor", "NO_COLOR": "1"}) is Depth.NONE


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / name for name in ("wide.png", "tall.png")]
    Image.new("RGB", (300, 100), "red").save(paths[0])
    Image.new("RGB", (100, 300), "blue").save(paths[1])
    return paths


def test_blocks_stand_side_by_side_within_the_room(pictures: list[Path]) -> None:
    lines = re.sub(r"\x1b\[[0-9;]*m", "", drawn(pictures, Way.BLOCKS, Depth.TRUE, ROOM)).splitlines()
    assert len(lines) == 20
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("  ▀")
    assert "▀  ▀" in lines[0]
    assert drawn(pictures, Way.BLOCKS, Depth.TRUE, os.terminal_size((8, 40))) == ""


def test_what_cannot_be_read_is_passed_by(pictures: list[Path], tmp_path: Path) -> None:
    (tmp_path / "torn.png").write_bytes(pictures[0].read_bytes()[:30])
    broken = [tmp_path / "torn.png", tmp_path / "gone.png"]
    assert drawn(broken, Way.BLOCKS, Depth.TRUE, ROOM) == ""
    assert drawn(broken, Way.KITTY, Depth.TRUE, ROOM) == ""
    assert drawn([*broken, pictures[0]], Way.BLOCKS, Depth.TRUE, ROOM).count("▀") > 20


def test_kitty_and_iterm2_get_no_more_than_their_room(pictures: list[Path]) -> None:
    for way, size in ((Way.KITTY, r"c=(\d+),r=(\d+)"), (Way.ITERM2, r"width=(\d+);height=(\d+)")):
        text = drawn(pictures, way, Depth.TRUE, ROOM)
        shapes = [(int(c), int(r)) for c, r in re.findall(size, text)]
        assert len(shapes) == 2
        assert all(columns <= 47 and rows <= 20 for columns, rows in shapes)
        # Half a cell is as wide as it is high.
        (wide, low), (narrow, high) = shapes
        assert wide / (2 * low) == pytest.approx(3, rel=0.25)
        assert (2 * high) / narrow == pytest.approx(3, rel=0.25)


def test_sixels_come_from_chafa_and_only_if_they_are_some(
    pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chafa(says: str) -> None:
        program = tmp_path / "chafa"
        program.write_text(f"#!/bin/sh\ncat > '{tmp_path}/got'\nprintf '{says}'\n")
        program.chmod(stat.S_IRWXU)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    chafa(r'\033P0;1;0q"1;1;5;6#0~\033\\')
    assert '\x1bP0;1;0q"1;1;5;6#0~\x1b\\' in drawn(pictures[:1], Way.SIXEL, Depth.TRUE, ROOM)
    assert (tmp_path / "got").read_bytes().startswith(b"\x89PNG")
    assert way_of("auto", {"TERM": "foot", "PATH": str(tmp_path)}) is Way.SIXEL
    for evil in (r"\033]0;title\007", r"\033P0q~\033\\\033[2J", "words", ""):
        chafa(evil)
        assert drawn(pictures[:1], Way.SIXEL, Depth.TRUE, ROOM) == ""
    monkeypatch.setattr(inline, "_chafa", lambda: None)
    assert drawn(pictures[:1], Way.SIXEL, Depth.TRUE, ROOM) == ""


def test_where_nobody_looks_nothing_is_drawn(pictures: list[Path], capfd: pytest.CaptureFixture[str]) -> None:
    show_inline(pictures, "kitty")
    show_inline(pictures, "kitty", data=True)
    assert capfd.readouterr() == ("", "")
