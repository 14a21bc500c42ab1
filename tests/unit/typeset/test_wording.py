import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import features

from imgcli.typeset import glyphs, wording

shaping = pytest.mark.skipif(not features.check_feature("raqm"), reason="this Pillow has no shaping engine")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  a  car\n\tat dusk ", "a car at dusk"),
        ("a\x00\x1b[31m\u202e car\u200b", "a[31m car"),
        ("cafe\u0301", "café"),
        ("a car 🚗", "a car"),
        ("🚗🌅", ""),
        ("!?… —", ""),
        ("ᚠᚢᚦ", ""),
        ("赤い車", "赤い車"),
        ("빨간 차", "빨간 차"),
        ("Ёлка и Ελλάδα", "Ёлка и Ελλάδα"),
        ("a\ud800b", "ab"),
    ],
)
def test_only_what_can_be_drawn_is_kept(typed: str, shown: str) -> None:
    assert wording.clean(typed) == shown


@shaping
@pytest.mark.parametrize("typed", ["سيارة حمراء", "אוטו אדום", "पहाड़ों", "รถยนต์"])
def test_shaped_scripts_are_kept(typed: str) -> None:
    assert wording.clean(typed)


@given(st.text())
def test_every_kept_letter_has_a_glyph(typed: str) -> None:
    for run in glyphs.split(wording.clean(typed), glyphs.SANS):
        assert glyphs.covers(run.font, run.text)


def test_pictographs_are_told_in_words() -> None:
    assert wording.symbol_names("🚗🌅🚗🎈🐈") == "automobile, sunrise, balloon"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a car", ["a", "car"]),
        ("rain-streaked glass", ["rain-", "streaked", "glass"]),
        ("夕焼けの海辺、車", ["夕", "焼けの", "海", "辺、", "車"]),
        ("「赤」い", ["「赤」い"]),
        ("밤거리를 걷는", ["밤거리를", "걷는"]),
    ],
)
def test_lines_break_where_readers_expect_it(text: str, parts: list[str]) -> None:
    found = wording.pieces(text)
    assert [piece.text for piece in found] == parts
    assert wording.join(found) == text


def test_a_cut_word_keeps_its_marks() -> None:
    assert wording.clusters("ne\u0301e") == ["n", "e\u0301", "e"]
