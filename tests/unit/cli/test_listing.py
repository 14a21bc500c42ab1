import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace

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


def shown(names: list[str], *models: str) -> str:
    records = [
        replace(RECORD, attempt=f"01a2-{n}", name=name, job=replace(RECORD.job, model=model))
        for n, (name, model) in enumerate(zip(names, models, strict=True))
    ]
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
        draw([Shown(record, UNSEEN) for record in records], {each.attempt: "01a20132-dd94-71" for each in records})
    return out.getvalue()


TWINS = [f"a-red-fox-in-the-deep-snow-of-a-long-winter-night-linocut-{n}.png" for n in (1, 2)]


def test_a_file_keeps_the_end_by_which_it_is_known_and_the_model_of_all_is_said_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    seen = shown(TWINS, "placeholder", "placeholder")
    assert "linocut-1 " in seen
    assert "linocut-2 " in seen
    assert max(map(cells, seen.splitlines())) <= 80
    assert "model" not in seen.splitlines()[0]
    assert seen.splitlines()[-1] == "all made by placeholder"


def test_models_that_differ_stay_a_column() -> None:
    seen = shown(TWINS, "placeholder", "gpt-image-2")
    assert "model" in seen.splitlines()[0]
    assert "made by" not in seen


def test_where_no_line_would_tell_the_file_each_picture_stands_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = shown(TWINS, "placeholder", "placeholder").splitlines()
    assert [line for line in lines if line.startswith("a-red")] == TWINS
    assert lines[1] == "  id          01a20132-dd94-71"
    # A name is told whole, so that it can be copied; the rest fits.
    assert max(len(line) for line in lines if line not in TWINS) <= 40
