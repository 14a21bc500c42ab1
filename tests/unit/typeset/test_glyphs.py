import unicodedata
from importlib.resources import files

import pytest
from PIL import features

from imgcli.typeset import glyphs

FONTS = sorted(
    path.name.removesuffix(".woff")
    for path in files("imgcli.typeset").joinpath("fonts").iterdir()
    if path.name.endswith(".woff")
)


def test_every_shipped_font_is_used_and_every_used_font_is_shipped() -> None:
    assert set(FONTS) == {glyphs.SERIF, glyphs.SANS, glyphs.TEXT, glyphs.CJK, *glyphs.SHAPED}


@pytest.mark.parametrize("font", FONTS)
def test_a_glyph_that_is_said_to_be_there_is_drawn(font: str) -> None:
    drawn = glyphs.reference(font)
    letters = [code for code in sorted(glyphs.letters(font)) if unicodedata.category(chr(code)) != "Cf"]
    missing = bytes(drawn.getmask("\uffff"))
    assert any(missing)
    for letter in map(chr, letters[:: max(1, len(letters) // 40)]):
        assert bytes(drawn.getmask(f"{letter} ")) != missing


@pytest.mark.parametrize("font", FONTS)
def test_every_font_is_named_in_the_readme(font: str) -> None:
    readme = files("imgcli.typeset").joinpath("fonts", "README.md").read_text("utf-8")
    stem, _, weight = font.rpartition("-")
    assert font in readme or (f"-{stem.removeprefix('NotoSans')}-" in readme and weight in readme)


def test_a_line_is_split_by_font_and_spaces_stay_with_their_neighbour() -> None:
    runs = glyphs.split("red 赤い車 car", glyphs.SANS)
    assert [(run.text.strip(), run.font) for run in runs] == [
        ("red", glyphs.SANS),
        ("赤い車", glyphs.CJK),
        ("car", glyphs.SANS),
    ]
    assert "".join(run.text for run in runs) == "red 赤い車 car"


def test_a_joiner_needs_a_run_to_work_in() -> None:
    assert glyphs.split("\u200d", glyphs.SANS) == []
    assert [run.text for run in glyphs.split("a\u200db", glyphs.SANS)] == ["ab"]


@pytest.mark.skipif(not features.check_feature("raqm"), reason="this Pillow has no shaping engine")
def test_direction_is_that_of_the_first_letter() -> None:
    assert glyphs.begins_rtl("12 سيارة BMW", glyphs.SANS)
    assert not glyphs.begins_rtl("BMW سيارة", glyphs.SANS)
    assert not glyphs.begins_rtl("12", glyphs.SANS)
