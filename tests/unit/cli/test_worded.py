import io
import re
from contextlib import redirect_stdout

import pytest

from imgcli.cli.worded import Row, draw, share
from imgcli.model.prompt import Piece
from imgcli.reports.words import diff, told_by

PIECES = [Piece("A still: ", "noir"), Piece("a car", ""), Piece(". Dark.", "noir"), Piece(" No text.", "--no")]
ROWS: list[Row] = [("typed", "a car"), ("directed", told_by(PIECES)), ("revised", diff("a red car", "a blue car"))]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(rows: list[Row], out: io.StringIO) -> str:
    with redirect_stdout(out):
        draw("car.png", rows)
    return out.getvalue()


def test_a_pipe_reads_who_said_what_line_by_line() -> None:
    assert drawn(ROWS, io.StringIO()) == (
        "car.png\n"
        "  typed     a car\n"
        "  directed  noir | A still:\n"
        "            you  | a car\n"
        "            noir | . Dark.\n"
        "            --no | No text.\n"
        "  revised   a [-red-] {+blue+} car\n"
        "\n"
    )


@pytest.fixture
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR")


def test_a_terminal_sees_a_colour_for_each_and_a_legend(colours: None) -> None:
    seen = drawn(ROWS, Terminal())
    # Which numbers stand for a colour is for rich and the terminal to say.
    (noir,) = set(re.findall(r"\x1b\[(38;[0-9;]+)m(?:A still: |\. Dark\.|▌noir)", seen))
    (banned,) = set(re.findall(r"\x1b\[(38;[0-9;]+)m(?: No text\.|▌--no)", seen))
    assert noir != banned
    assert "\x1b[1ma car\x1b[0m" in seen
    assert "▌noir" in seen
    assert "▌--no" in seen
    assert " | " not in seen
    # What is removed is struck out, its blanks are not.
    assert re.search(r" \x1b\[9;38;[0-9;]+mred\x1b\[0m", seen)


def test_more_styles_than_colours(colours: None) -> None:
    pieces = [Piece(f"word{n} ", f"style-{n}") for n in range(20)]
    assert drawn([("directed", told_by(pieces))], Terminal()).count("▌") == 20


def test_a_terminal_without_colours_gets_lines_of_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    rows: list[Row] = [("directed", told_by([Piece("many words " * 20, "noir"), Piece("a car", "")]))]
    lines = drawn(rows, Terminal()).splitlines()
    assert max(map(len, lines)) <= 40
    assert lines[1].startswith("  directed  noir | many words")
    assert lines[2].startswith(f"{'':16} | many words")
    assert "\x1b" not in "".join(lines)


def test_shares() -> None:
    assert share(diff("a car", "a car")) == "word for word the same"
    assert share(diff("a red car", "a blue car now")) == "2 of 3 words kept, 1 removed, 2 added"
