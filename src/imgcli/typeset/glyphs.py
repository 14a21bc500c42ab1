"""The shipped fonts: which letters each one has, and how a line is split between them.

The fonts are WOFF 1.0 files (W3C) with one character map of format 12, as `fonts/README.md` says.
"""

import struct
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

from PIL import ImageFont, features

SERIF = "InstrumentSerif-Regular"
SANS = "InterDisplay-SemiBold"
TEXT = "Inter-Medium"
CJK = "DroidSansFallback"
RIGHT_TO_LEFT = frozenset({"NotoSansArabic-Bold", "NotoSansHebrew-Bold"})
SHAPED = (*sorted(RIGHT_TO_LEFT), "NotoSansThai-Bold", "NotoSansDevanagari-Bold")
"""Scripts that are wrong, not just plain, without a shaping engine."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring letters of one font."""

    text: str
    font: str

    @property
    def is_rtl(self) -> bool:
        return self.font in RIGHT_TO_LEFT


@cache
def chain(first: str) -> tuple[str, ...]:
    """Fonts in the order they are asked for a letter."""
    shaped = SHAPED if features.check_feature("raqm") else ()
    return tuple(dict.fromkeys((first, SANS, *shaped, CJK)))


def split(text: str, first: str) -> list[Run]:
    """The runs of `text`, in reading order; letters that no font has are left out."""
    runs: list[Run] = []
    for letter in text:
        name = _font_for(letter, first, runs[-1].font if runs else "")
        if not name:
            continue
        if runs and runs[-1].font == name:
            runs[-1] = Run(runs[-1].text + letter, name)
        else:
            runs.append(Run(letter, name))
    return runs


def begins_rtl(text: str, first: str) -> bool:
    """Whether the first letter that has a direction reads from right to left."""
    return next((run.is_rtl for run in split(text, first) if any(map(str.isalpha, run.text))), False)


def covers(font: str, text: Iterable[str]) -> bool:
    return all(ord(letter) in letters(font) for letter in text)


@cache
def letters(font: str) -> frozenset[int]:
    """The code points that `font` can draw."""
    woff = file_of(font)
    (tables,) = struct.unpack_from(">H", woff, 12)
    for entry in range(tables):
        tag, offset, packed, length = struct.unpack_from(">4sLLL", woff, 44 + 20 * entry)
        if tag == b"cmap":
            table = woff[offset : offset + packed]
            return _read_map(zlib.decompress(table) if packed < length else table)
    return frozenset()


@cache
def reference(font: str) -> ImageFont.FreeTypeFont:
    """The font at REFERENCE pixels, for measuring."""
    return sized(font, REFERENCE)


REFERENCE = 200


def sized(font: str, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(file_of(font)), pixels)


def _font_for(letter: str, first: str, last: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf":
        # A joiner does its work inside a run; alone it has no glyph, and a shaping engine fails on it.
        return last if last and ord(letter) in letters(last) else ""
    joins = letter.isspace() or category[0] in "MPZ"
    asked = chain(first) if not (joins and last) else (last, *chain(first))
    return next((font for font in asked if ord(letter) in letters(font)), "")


@cache
def file_of(font: str) -> bytes:
    """The file of a font, as it is shipped."""
    return files("imgcli.typeset").joinpath("fonts", f"{font}.woff").read_bytes()


def _read_map(table: bytes) -> frozenset[int]:
    """The code points of the first subtable, of format 12 (OpenType specification, `cmap`)."""
    (start,) = struct.unpack_from(">L", table, 8)
    (groups,) = struct.unpack_from(">L", table, start + 12)
    found: set[int] = set()
    for group in range(groups):
        first, last, _ = struct.unpack_from(">LLL", table, start + 16 + 12 * group)
        found.update(range(first, last + 1))
    return frozenset(found)
