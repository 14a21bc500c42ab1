"""Hills: sheets of cut paper, one behind the other, under a sun or a moon."""

import math
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

from imgcli.model.colour import to_oklab
from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.looks.pen import FINE
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.looks.soft import add_grain, glow, slope, small_size
from imgcli.providers.placeholder.palette import Colour, Palette, chroma, distance, mix, shade

SHEETS = 6
LONG = 200
SHADOW = (6, 8, 16)

Ridge = Callable[[float], float]
"""Height of a ridge, in pixels from the top, at 0 to 1 of the width."""


def paint(width: int, height: int, palette: Palette, chance: Chance) -> Scene:
    night = chance.likely(0.3)
    ramp = palette.ramp(SHEETS + 3)
    high, low = (ramp[1], ramp[3]) if night else (ramp[-2], ramp[-1])
    picture = slope(width, height, high, low)
    _sun(picture, palette, low, chance)
    front = ramp[:SHEETS][::-1] if not night else _night_sheets(palette)
    for place, colour in enumerate(front):
        near = (place + 1) / SHEETS
        ridge = _ridge(width, height, near, chance)
        _lay(picture, ridge, colour, near)
    return Scene(add_grain(picture, chance, 1.4), (0, round(height * 0.56), width, height))


def _night_sheets(palette: Palette) -> list[Colour]:
    far = mix(palette.dark, palette.vivid()[0], 0.62)
    return [mix(far, shade(palette.dark, -0.05), place / (SHEETS - 1)) for place in range(SHEETS)]


def _sun(picture: Image.Image, palette: Palette, sky: Colour, chance: Chance) -> None:
    width, height = picture.size
    shining = [colour for colour in palette.vivid() if to_oklab(colour)[0] > 0.55 or chroma(colour) > 0.13]
    bright = [colour for colour in (*shining, palette.light) if distance(colour, sky) > 0.12]
    colour = bright[0] if bright else palette.light
    radius = min(width, height) * chance.real(0.09, 0.15)
    centre = width * chance.pick((0.28, 0.36, 0.64, 0.72)), height * chance.real(0.24, 0.36)
    halo = glow(round(radius * 7), round(radius * 7), 2.2).point([round(level * 0.5) for level in range(256)])
    picture.paste(
        mix(colour, palette.light, 0.5), (round(centre[0] - radius * 3.5), round(centre[1] - radius * 3.5)), halo
    )
    side = round(radius * 2)
    disc = Image.new("L", (side * FINE, side * FINE))
    ImageDraw.Draw(disc).ellipse((0, 0, side * FINE - 1, side * FINE - 1), fill=255)
    picture.paste(colour, (round(centre[0] - radius), round(centre[1] - radius)), disc.reduce(FINE))


def _ridge(width: int, height: int, near: float, chance: Chance) -> Ridge:
    middle = height * (0.36 + 0.36 * near)
    wide = max(0.6, width / height)
    swing = height * (0.085 - 0.03 * near)
    waves = [
        (swing * chance.real(0.6, 1.0) / turn**1.15, wide * turn * chance.real(0.35, 0.7), chance.real(0, math.tau))
        for turn in (1, 2, 3.7)
    ]

    def ridge(along: float) -> float:
        return middle + sum(size * math.sin(math.tau * rate * along + phase) for size, rate, phase in waves)

    return ridge


def _lay(picture: Image.Image, ridge: Ridge, colour: Colour, near: float) -> None:
    """One sheet, with the soft shadow it throws on those behind it."""
    width, height = picture.size
    steps = max(16, width // 6)
    line = [(step / steps, ridge(step / steps)) for step in range(steps + 1)]
    top = max(0, math.floor(min(y for _, y in line)) - 1)
    bottom = min(height, math.ceil(max(y for _, y in line)) + 1)
    _shadow(picture, ridge, near, (top, bottom))
    if bottom > top:
        mask = Image.new("L", (width * FINE, (bottom - top) * FINE))
        points = [(x * width * FINE, (y - top) * FINE) for x, y in line]
        corners = [(width * FINE, mask.height), (0, mask.height)]
        ImageDraw.Draw(mask).polygon([*points, *corners], fill=255)
        picture.paste(colour, (0, top), mask.reduce(FINE))
    picture.paste(colour, (0, bottom, width, height))


def _shadow(picture: Image.Image, ridge: Ridge, near: float, rows: tuple[int, int]) -> None:
    """Darken what lies just above a ridge whose rows are given; the sheet itself covers the rest."""
    width, height = picture.size
    small = small_size(width, height, LONG)
    scale = small[1] / height
    blur = max(0.5, max(small) * 0.013 * (0.5 + near))
    lift = height * 0.012 * (0.6 + near)
    line = [(x, (ridge(x / small[0]) - lift) * scale) for x in range(small[0] + 1)]
    mask = Image.new("L", small)
    ImageDraw.Draw(mask).polygon([*line, (small[0], small[1]), (0, small[1])], fill=round(36 + 20 * near))
    top = max(0, rows[0] - math.ceil(lift + 3 * blur / scale))
    box = (0, top * scale, small[0], rows[1] * scale)
    soft = mask.filter(ImageFilter.GaussianBlur(blur))
    picture.paste(SHADOW, (0, top), soft.resize((width, rows[1] - top), Image.Resampling.BICUBIC, box))
