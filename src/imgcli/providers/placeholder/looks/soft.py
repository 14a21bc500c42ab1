"""Soft things: pictures made small and enlarged, and the grain that keeps gradients from banding."""

import math

from PIL import Image, ImageChops

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.palette import Colour

TILE = 384
"""Side of the square of grain that is laid out over the picture, in pixels."""

GRAIN = 2
"""Side of one grain: at two pixels it reads as film, and PNG packs it in half the time."""


def small_size(width: int, height: int, long_side: int) -> tuple[int, int]:
    """The shape of `width` x `height`, its longer side `long_side` pixels at most."""
    scale = min(1.0, long_side / max(width, height))
    return max(2, round(width * scale)), max(2, round(height * scale))


def enlarge(picture: Image.Image, width: int, height: int) -> Image.Image:
    return picture.resize((width, height), Image.Resampling.BICUBIC)


def glow(width: int, height: int, power: float = 1.0) -> Image.Image:
    """An L mask: full in the middle, falling smoothly to nothing at the edge of the ellipse inside."""
    # Pillow's gradient reaches 255 in the corners of its square: the ellipse inside ends at 255 / sqrt(2).
    curve = [round(255 * ease(1 - level * math.sqrt(2) / 255) ** power) for level in range(256)]
    return Image.radial_gradient("L").point(curve).resize((max(1, width), max(1, height)), Image.Resampling.BILINEAR)


def slope(width: int, height: int, top: Colour, bottom: Colour) -> Image.Image:
    """A smooth change from `top` to `bottom`."""
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), top)
    strip.putpixel((0, 1), bottom)
    # Pixel centres sit at a quarter and three quarters of the height: stretch, so that the ends reach the edges.
    return strip.resize((1, height), Image.Resampling.BILINEAR, box=(0, 0.5, 1, 1.5)).resize((width, height))


def add_grain(picture: Image.Image, chance: Chance, strength: float) -> Image.Image:
    """`picture` with noise of about `strength` levels (standard deviation) in its lightness."""
    half = TILE // GRAIN
    first = Image.frombytes("L", (half, half), chance.noise(half * half))
    # The sum of a square and its own mirror is nearly triangular, which leaves no trace of the bands below it.
    second = ImageChops.offset(first.transpose(Image.Transpose.ROTATE_180), half // 3, half // 5)
    spread = strength * math.sqrt(6) / 255
    table = [max(0, min(255, round(128 + (level - 127.5) * 2 * spread))) for level in range(256)]
    tile = Image.blend(first, second, 0.5).point(table).resize((TILE, TILE), Image.Resampling.NEAREST)
    noise = Image.new("L", picture.size)
    for left in range(0, picture.width, TILE):
        for top in range(0, picture.height, TILE):
            noise.paste(tile, (left, top))
    return ImageChops.add(picture, Image.merge("RGB", (noise, noise, noise)), 1, -128)


def ease(share: float) -> float:
    """Smoothstep: 0 to 1 with level ends."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)
