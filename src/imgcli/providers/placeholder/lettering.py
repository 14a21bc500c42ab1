"""The words on a scene: the prompt as a title, a line of facts, and the mark of a placeholder."""

import math
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw

from imgcli.providers.placeholder.legibility import make_legible
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.palette import Colour, Palette, mix
from imgcli.typeset import glyphs, setting
from imgcli.typeset.line import write

MARK = "PLACEHOLDER"
TRACKING = 0.15
"""Space between the letters of the mark, in em."""

CAP_HEIGHT = 0.727
"""Height of the capitals of Inter, in em."""

LEAST_SIDE = 96
"""A picture whose shorter side has fewer pixels is left without words, and below FOOT_SIDE without facts and mark."""

FOOT_SIDE = 200

LEAST_STYLES = 10
"""Letters of the style names that must be left, or they are left out."""

DESCENT = 0.26
"""How far letters reach below their line, in em, at most."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What is written. `styles` may be empty; `shape` is the size of the picture in words."""

    title: str
    styles: str
    shape: str
    font: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where things stand, in pixels; `base` is the lowest baseline, `small` the size of the facts."""

    left: float
    right: float
    top: float
    base: float
    small: float


def letter(scene: Scene, caption: Caption, palette: Palette, shape: tuple[int, int] | None = None) -> Image.Image:
    """`scene` with its words on it, as large as a picture of `shape` needs them; None is its own."""
    width, height = shape or scene.picture.size
    if min(width, height) < LEAST_SIDE:
        return scene.picture
    sheet = _sheet(scene, (width, height))
    has_foot = min(width, height) >= FOOT_SIDE
    least, most = _sizes(width, height, caption.font)
    base = sheet.base - sheet.small * 2 if has_foot else sheet.base
    room = sheet.right - sheet.left, base - DESCENT * most - sheet.top
    title = setting.set_title(caption.title, caption.font, room, (least, most))
    base -= DESCENT * title.size * has_foot
    rtl = glyphs.begins_rtl(caption.title, caption.font)
    words = (round(sheet.left), max(0, round(base - title.height)), round(sheet.right), math.ceil(sheet.base))
    picture, ink = make_legible(scene, words, palette)
    draw = ImageDraw.Draw(picture)
    for place, line in enumerate(reversed(title.lines)):
        write(
            draw, line, (sheet.left, sheet.right, base - place * title.leading), (title.font, title.size), ink, rtl=rtl
        )
    if has_foot:
        room_left = _write_mark(picture, sheet, ink)
        _write_facts(draw, caption, sheet, room_left, ink)
    return picture


def sign(picture: Image.Image, caption: Caption, palette: Palette) -> Image.Image:
    """An RGB picture that is to be seen whole, with one line at its foot: what was typed, and the mark."""
    width, height = picture.size
    if min(width, height) < FOOT_SIDE:
        return picture
    whole = _sheet(Scene(picture, (0, 0, width, height)), (width, height))
    # Only the foot is looked at and veiled, which is a tenth of the work.
    top = max(0, math.floor(whole.base - whole.small - 2 * (height - whole.base)))
    foot = Scene(picture.crop((0, top, width, height)), (0, 0, width, height - top))
    sheet = replace(whole, top=0, base=whole.base - top)
    words = (
        round(sheet.left),
        round(sheet.base - sheet.small),
        round(sheet.right),
        math.ceil(sheet.base + sheet.small / 4),
    )
    strip, ink = make_legible(foot, words, palette)
    right = _write_mark(strip, sheet, ink)
    line = setting.shorten(caption.title, glyphs.TEXT, (right - sheet.left) / sheet.small)
    rtl = glyphs.begins_rtl(line, glyphs.TEXT)
    write(ImageDraw.Draw(strip), line, (sheet.left, right, sheet.base), (glyphs.TEXT, sheet.small), ink, rtl=rtl)
    picture.paste(strip, (0, top))
    return picture


def badge(size: tuple[int, int], palette: Palette) -> Image.Image:
    """The mark alone on a plate of its own (RGB), as large as a picture of `size` pixels needs it."""
    small = max(10.0, math.sqrt(size[0] * size[1]) * 0.0155)
    height, air = round(small * 2.1), small * 0.85
    ground, ink = mix(palette.dark, (0, 0, 0), 0.4), mix(palette.light, (255, 255, 255), 0.5)
    trial = _Sheet(0, small * 20, 0, height / 2 + small * 0.8 * CAP_HEIGHT / 2, small)
    wide = Image.new("RGB", (round(small * 20 + air), height), ground)
    start = _write_mark(wide, trial, ink) + small
    return wide.crop((round(start - air), 0, *wide.size))


def _sheet(scene: Scene, shape: tuple[int, int]) -> _Sheet:
    left, top, right, bottom = scene.area
    width, height = shape
    margin = max(9.0, min(width, height) * 0.066)
    small = max(10.0, math.sqrt(width * height) * 0.0172)
    return _Sheet(left + margin, right - margin, max(top, margin), bottom - margin, small)


def _sizes(width: int, height: int, font: str) -> tuple[float, float]:
    """The least and the greatest size of a title; the serif looks smaller than it is."""
    scale = math.sqrt(width * height) * (1.2 if font == glyphs.SERIF else 1.0)
    return max(10.0, scale * 0.034), max(10.0, min(scale * 0.1, height * 0.2, width * 0.16))


def _write_mark(picture: Image.Image, sheet: _Sheet, ink: Colour) -> float:
    """The crossed frame and the word, at the right of the lowest line; returns where it begins."""
    size = sheet.small * 0.8
    font = glyphs.sized(glyphs.TEXT, size)
    advances = [font.getlength(glyph) + size * TRACKING for glyph in MARK]
    word = sum(advances) - size * TRACKING
    side = round(size * CAP_HEIGHT * 1.16)
    gap = size * 0.62
    start = sheet.right - word
    frame = start - gap - side
    if frame < sheet.left:
        return sheet.right
    draw = ImageDraw.Draw(picture)
    x = start
    for glyph, advance in zip(MARK, advances, strict=True):
        draw.text((x, sheet.base), glyph, ink, font, "ls")
        x += advance
    top = round(sheet.base - size * CAP_HEIGHT / 2 - side / 2)
    picture.paste(ink, (round(frame), top), _frame(side, max(1.0, size * 0.085)))
    return frame - sheet.small


def _frame(side: int, line: float) -> Image.Image:
    """An L mask of the sign for "picture goes here": a frame with both diagonals."""
    fine = 4
    end, pen = side * fine - 1, round(line * fine)
    mask = Image.new("L", (side * fine, side * fine))
    draw = ImageDraw.Draw(mask)
    draw.line((0, 0, end, end), 255, pen)
    draw.line((0, end, end, 0), 255, pen)
    draw.rectangle((0, 0, end, end), outline=255, width=pen)
    return mask.reduce(fine)


def _write_facts(draw: ImageDraw.ImageDraw, caption: Caption, sheet: _Sheet, right: float, ink: Colour) -> None:
    """Styles and shape at the left of the lowest line; the styles give way first."""
    room = (right - sheet.left) / sheet.small
    tail = f" · {caption.shape}"
    styles = setting.shorten(caption.styles, glyphs.TEXT, room - setting.measure(tail, glyphs.TEXT))
    facts = styles + tail if styles and len(styles) >= min(len(caption.styles), LEAST_STYLES) else caption.shape
    if setting.measure(facts, glyphs.TEXT) <= room:
        write(draw, facts, (sheet.left, right, sheet.base), (glyphs.TEXT, sheet.small), ink)
