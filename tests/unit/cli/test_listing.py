import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.cli.listing import aligned, cells, fitted, inked
from imgcli.reports.excerpt import Part

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


def test_found_words_stand_in_brackets_where_there_is_no_bold() -> None:
    assert inked((Part("a \x1b[31m", found=False), Part("red", found=True))) == "a \\u001b[31m[red]"
