"""The shipped fonts as a PDF takes them: TrueType files with no more letters than are written."""

from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont, newTable  # type: ignore[import-untyped]

from imgcli.typeset import glyphs


def write_truetype(font: str, letters: set[str], directory: Path) -> Path:
    """A TrueType file of `font` with `letters`, in `directory`."""
    found = TTFont(BytesIO(glyphs.file_of(font)), recalcTimestamp=False)
    options = Options(layout_features=[], hinting=False, notdef_outline=True, drop_tables=["GSUB", "GPOS", "GDEF"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes={ord(letter) for letter in letters} | {32})
    subsetter.subset(found)
    if "CFF " in found:
        _straighten(found)
    found.flavor = None
    path = directory / f"{font}.ttf"
    found.save(path)
    return path


def _straighten(font: Any) -> None:
    """Cubic outlines as quadratic ones: readers of PDF disagree on how others are to be embedded."""
    order, drawn = font.getGlyphOrder(), font.getGlyphSet()
    table = newTable("glyf")
    table.glyphs, table.glyphOrder = {}, order
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, font["head"].unitsPerEm / 1000, reverse_direction=True))
        table.glyphs[name] = pen.glyph()
    del font["CFF "]
    if "VORG" in font:
        del font["VORG"]
    font["loca"], font["glyf"] = newTable("loca"), table
    table.compile(font)
    font["maxp"].tableVersion = 0x00010000
    for name in (
        "maxZones",
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
    ):
        setattr(font["maxp"], name, 1 if name == "maxZones" else 0)
    font["maxp"].recalc(font)
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\x00\x01\x00\x00"
