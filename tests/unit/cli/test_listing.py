import io
from contextlib import redirect_stdout

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.cli.listing import aligned, cells, draw, fitted, inked
from imgcli.model.opinion import UNSEEN
from imgcli.pages import Shown
from imgcli.reports.excerpt import Part
from tests.unit.reports.test_history_rows import RECORD

HEAD = ("id", "file", "cost", "marks")


def test_columns_fit_and_those_that_say_nothing_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    lines = aligned([HEAD, ("01a2", "a-very-long-name-of-a-picture-12.png", "$0.04", "")], (1,), frozenset({2}))
    assert lines == ["id    file                cost", "01a2  a-very-l…e-12.png  $0.04"]


@given(st.text(min_size=1, max_size=40), st.integers(1, 20))
def test_what_is_fitted_fits_and_keeps_what_fits(text: str, most: int) -> None:
    assert cells(fitted(text, most)) <= most
    if cells(text) <= most:
        assert fitted(text, most) == text


def test_wide_letters_take_two_cells() -> None:
    assert [cells(text) for text in ("car", "汽车", "e\u0301")] == [3, 4, 1]


def test_parts_are_safe_and_what_was_found_is_told() -> None:
    assert inked((Part("a \x1b[31m", found=False), Part("red", found=True)), "[", "]") == "a \\u001b[31m[red]"


class Terminal(io.StringIO):
    encoding = "ascii"

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return super().write(text.encode("ascii").decode())


def test_on_a_terminal_found_words_are_bold_and_nothing_else_is_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = Shown(RECORD, UNSEEN)
    parts = (Part("\x1b[31mä ", found=False), Part("red", found=True))
    with redirect_stdout(Terminal()) as out:
        draw([shown], {RECORD.attempt: "01a2"}, {RECORD.attempt: [parts]})
    assert "    \\u001b[31m\\xe4 \x1b[1mred\x1b[22m\n" in out.getvalue()
    assert out.getvalue().count("\x1b") == 2
