import asyncio
import io
import os
import pty
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from rich.cells import cell_len

from imgcli.cli import inline
from imgcli.cli.inline import SIXELS, depth_of, preview, way_of
from imgcli.errors import StorageError
from imgcli.reports.inline import ESC, UPPER, Depth
from tests.fake_api import pictures
from tests.rows import each_row

CHAFA = "where chafa is"
PNG = pictures.png(64, 48, 1)


@each_row(
    "wish, env, way",
    [
        ("auto", {"TERM": "xterm-256color"}, "blocks"),
        ("auto", {"TERM": "xterm-kitty"}, "kitty"),
        ("auto", {"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ("auto", {"TERM": "xterm-256color", "TERM_PROGRAM": "vscode", "KITTY_WINDOW_ID": "1"}, "blocks"),
        ("auto", {"TERM": "xterm-ghostty"}, "kitty"),
        ("auto", {"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iterm2"),
        ("auto", {"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "iterm2"),
        ("auto", {"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "iterm2"),
        ("auto", {"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, "blocks"),
        ("auto", {"TERM": "xterm-kitty", "TMUX": "1"}, "blocks"),
        ("kitty", {"TERM": "screen", "STY": "1"}, "blocks"),
        ("kitty", {"TERM": "xterm"}, "kitty"),
        ("auto", {"TERM": "foot"}, "blocks"),
        ("auto", {"TERM": "foot", "PATH": CHAFA}, "sixel"),
        ("sixel", {"TERM": "xterm"}, "blocks"),
        ("sixel", {"TERM": "tmux-256color", "TMUX": "1", "PATH": CHAFA}, "sixel"),
        ("off", {"TERM": "xterm-kitty"}, None),
        ("auto", {"TERM": "dumb"}, None),
    ],
)
def test_a_terminal_is_shown_what_it_can_draw(
    wish: str, env: Mapping[str, str], way: str | None, tmp_path: Path
) -> None:
    (tmp_path / "chafa").write_text("#!/bin/sh\n")
    (tmp_path / "chafa").chmod(0o755)
    place = str(tmp_path) if env.get("PATH") == CHAFA else ""
    assert way_of(wish, dict(env) | {"PATH": place}) == way


@each_row(
    "env, depth",
    [
        ({"TERM": "xterm-256color"}, Depth.INDEXED),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, Depth.TRUE),
        ({"TERM": "xterm-direct"}, Depth.TRUE),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, Depth.NONE),
        ({"TERM": "vt220"}, Depth.NONE),
    ],
)
def test_colours_are_those_of_the_terminal_and_none_where_they_are_not_wanted(
    env: Mapping[str, str], depth: Depth
) -> None:
    assert depth_of(env) is depth


class Terminal:
    """stderr as a terminal of this process; `shown` is what reached it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, encoding: str = "utf-8", **env: str) -> None:
        for name in (
            "TMUX",
            "STY",
            "ZELLIJ",
            "NO_COLOR",
            "KITTY_WINDOW_ID",
            "TERM_PROGRAM",
            "COLORTERM",
            "WEZTERM_PANE",
        ):
            monkeypatch.delenv(name, raising=False)
        for name, value in ({"TERM": "xterm-256color"} | env).items():
            monkeypatch.setenv(name, value)
        self._master, slave = pty.openpty()
        self._stream = open(slave, "w", encoding=encoding)  # noqa: SIM115, PTH123
        monkeypatch.setattr(sys, "stderr", self._stream)
        self._got = io.BytesIO()
        # A terminal takes a few kilobytes and then waits for somebody to read.
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                got = os.read(self._master, 65536)
            except OSError:
                return
            if not got:
                return
            self._got.write(got)

    @property
    def shown(self) -> str:
        self._stream.close()
        self._reader.join()
        os.close(self._master)
        return self._got.getvalue().decode()


def looked(paths: Sequence[str], wish: str = "auto", files: Mapping[str, bytes] | None = None) -> None:
    async def look(path: Path, most: int) -> bytes:
        assert most <= inline.MOST_BYTES
        data = (dict.fromkeys(paths, PNG) if files is None else files).get(path.name)
        if data is None:
            raise StorageError(f"{path} is gone")
        return data

    asyncio.run(preview([Path(name) for name in paths], look, wish))


def test_a_person_sees_pictures_over_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch, COLORTERM="truecolor")
    looked(["car.png", "boat.png"])
    *drawn, names, _ = terminal.shown.split("\r\n")
    assert names.split() == ["car.png", "boat.png"]
    assert 4 <= len(drawn) <= inline.HIGHEST
    assert all(line.count(UPPER) <= 80 for line in drawn)


def test_nobody_else_gets_a_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm-kitty")
    looked(["car.png"])
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("encoding", "wish"), [("ascii", "auto"), ("utf-8", "off")])
def test_a_terminal_that_cannot_or_must_not_gets_nothing(
    encoding: str, wish: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal(monkeypatch, encoding)
    looked(["car.png"], wish)
    assert terminal.shown == ""


def test_a_picture_that_is_gone_or_damaged_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch)
    looked(["gone.png", "bad.png", "car.png"], files={"bad.png": b"\x89PNG nonsense", "car.png": PNG})
    shown = terminal.shown
    assert "car.png" in shown
    assert "gone" not in shown
    assert "bad" not in shown


def test_no_letter_of_a_file_name_moves_the_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(monkeypatch, NO_COLOR="1")
    looked(["a\x1b]52;c;x\x07\u202e.png"])
    shown = terminal.shown
    assert ESC not in shown
    assert "\x07" not in shown
    assert "\u202e" not in shown


def test_nothing_of_chafa_passes_but_sixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chafa = tmp_path / "chafa"
    chafa.write_text(
        "#!/bin/sh\ncat >/dev/null\nenv >$0.env\nprintf '\\033]52;c;evil\\007\\033P0;1;0q#0;2;0;0;0~~-\\033\\\\\\033[2Jevil'\n"
    )
    chafa.chmod(0o755)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    terminal = Terminal(monkeypatch, TERM="foot", PATH=f"{tmp_path}:{os.environ['PATH']}")
    looked(["car.png"])
    shown = terminal.shown
    assert "sk-secret" not in (tmp_path / "chafa.env").read_text()
    assert f"{ESC}P0;1;0q#0;2;0;0;0~~-{ESC}\\" in shown
    assert "evil" not in shown


def test_sixels_hold_no_sequence_of_another_kind() -> None:
    assert SIXELS.search(b"\x1bPq#0~\x1b]52;c;x\x07~\x1b\\") is None
    assert SIXELS.search(b"\x1bPq#0~\x07\x1b\\") is None


@pytest.mark.parametrize("name", ["x" * 300, "長い名前" * 30, "a.png"])
def test_names_are_as_wide_as_their_pictures(name: str) -> None:
    assert cell_len(inline._cut(name, 20)) <= 20
    assert inline._cut(name, 400) == name
