import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.typeset import glyphs, setting
from imgcli.typeset.label import LEAST, cut, fit, is_whole, legible, shorten_middle, wrap

HAIR = 1.001
"""Rounding."""


@given(st.text(max_size=80), st.floats(20, 900))
def test_a_label_is_never_wider_than_its_place(text: str, width: float) -> None:
    label = fit(text, glyphs.SANS, 25, width)
    assert setting.measure(label.lines[0], label.font) * label.size <= width * HAIR
    assert 25 * LEAST <= label.size <= 25


@given(st.text(max_size=80), st.floats(20, 900))
def test_what_is_cut_keeps_its_size(text: str, width: float) -> None:
    label = cut(text, glyphs.SANS, 25, width)
    assert setting.measure(label.lines[0], label.font) * label.size <= width * HAIR
    assert label.size == 25


@given(st.text(max_size=300), st.floats(80, 900), st.integers(1, 4))
def test_lines_neither_leave_their_place_nor_grow_in_number(text: str, width: float, most: int) -> None:
    label = wrap(text, glyphs.TEXT, (19, 19), width, most)
    assert 1 <= len(label.lines) <= most
    assert all(setting.measure(line, label.font) * label.size <= width * HAIR for line in label.lines)


def test_first_it_gets_smaller_then_its_middle_goes() -> None:
    whole = fit("mid-century-poster", glyphs.SANS, 25, 1000)
    assert (whole.lines, whole.size) == (("mid-century-poster",), 25)
    smaller = fit("mid-century-poster", glyphs.SANS, 25, 0.9 * 25 * setting.measure("mid-century-poster", glyphs.SANS))
    assert smaller.lines == ("mid-century-poster",)
    assert smaller.size == pytest.approx(22.5)
    short = fit("mid-century-poster", glyphs.SANS, 25, 120)
    assert short.lines[0].startswith("mid-")
    assert short.lines[0].endswith("er")
    assert "…" in short.lines[0]


def test_both_ends_of_a_name_are_kept() -> None:
    assert shorten_middle("abcdefghij", glyphs.SANS, 3.0).startswith("ab")
    assert shorten_middle("abcdefghij", glyphs.SANS, 3.0).endswith("j")
    assert shorten_middle("abc", glyphs.SANS, 0.1) == ""


def test_what_no_font_has_is_named_or_told_of() -> None:
    assert legible("🚗") == "automobile"
    assert legible("\ue000") == "?"
    assert legible("a 🚗") == "a"
    assert is_whole("a red car, 赤い車")
    assert not is_whole("a 🚗")
