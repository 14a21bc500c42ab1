"""How one variant looks at a picture: a little nearer, to one side, mirrored, in another light."""

import math
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageOps

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.fitting import cover_box, within

CORNERS = ((-1, -1), (1, 1), (1, -1), (-1, 1))
"""Where variants look, in turn."""

ZOOMS = (1.1, 1.24, 1.17)
MIRRORED = (2, 4)
"""Of five variants in turn: no four have all of corner, zoom and side in common with another."""

GOLDEN = 137.5
"""Degrees between the lights of neighbours, which never come round to the same place."""


@dataclass(frozen=True, slots=True)
class Framing:
    """`zoom` is 1 for all of it; `across` and `down` are -1 to 1; `light` is the angle it comes from, in degrees."""

    zoom: float = 1.0
    across: float = 0.0
    down: float = 0.0
    mirrored: bool = False
    light: float = 0.0
    strength: float = 0.0


def choose(turn: int, chance: Chance, *, close: bool) -> Framing:
    """The framing of one of several variants; `turn` counts them from anywhere."""
    across, down = CORNERS[turn % len(CORNERS)]
    light = GOLDEN * turn + chance.real(-20, 20)
    if close:
        return Framing(ZOOMS[turn % 3] - 0.08, across, down, light=light, strength=0.9)
    zoom = ZOOMS[turn % 3] + chance.real(0, 0.05)
    return Framing(zoom, across * chance.real(0.6, 1), down * chance.real(0.6, 1), turn % 5 in MIRRORED, light, 1.15)


def framed(picture: Image.Image, size: tuple[int, int], framing: Framing) -> Image.Image:
    """`picture` (any mode) as `framing` sees it, filling `size`."""
    left, top, right, bottom = cover_box(picture.size, size)
    width, height = (right - left) / framing.zoom, (bottom - top) / framing.zoom
    x = left + (right - left - width) * (1 + framing.across) / 2
    y = top + (bottom - top - height) * (1 + framing.down) / 2
    box = within(picture.size, (x, y, x + width, y + height))
    seen = picture.resize(size, Image.Resampling.BICUBIC, box, reducing_gap=3.0)
    return ImageOps.mirror(seen) if framing.mirrored else seen


def lit(picture: Image.Image, framing: Framing) -> Image.Image:
    """An RGB `picture` under a light from one side."""
    if not framing.strength:
        return picture
    x, y = math.cos(math.radians(framing.light)), math.sin(math.radians(framing.light))
    slope = Image.new("L", (16, 16))
    reach = 100 * framing.strength
    slope.putdata(
        [
            round(128 + reach * (x * (column / 7.5 - 1) + y * (row / 7.5 - 1)) / 1.42)
            for row in range(16)
            for column in range(16)
        ]
    )
    even = slope.resize(picture.size, Image.Resampling.BILINEAR)
    return ImageChops.soft_light(picture, Image.merge("RGB", (even, even, even)))
