"""Aurora: curtains of light over a deep sky, or of tinted silk over a pale one."""

import math

from PIL import Image, ImageChops, ImageFilter

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.looks.soft import add_grain, ease, enlarge, slope, small_size
from imgcli.providers.placeholder.palette import Palette, mix, shade

LONG = 256
LEVELS = 20
"""Brightnesses a ray of a curtain may have."""


def paint(width: int, height: int, palette: Palette, chance: Chance) -> Scene:
    small = small_size(width, height, LONG)
    light = palette.is_light
    foot = palette.light if light else palette.dark
    sky = mix(foot, palette.order[0], 0.35) if light else shade(mix(foot, palette.order[0], 0.25), -0.02)
    picture = slope(*small, sky, foot)
    colours = palette.against(foot, 0.18)
    for place in range(4):
        colour = colours[place % len(colours)]
        mask = _curtain(small, chance, place)
        if light:
            picture.paste(colour, (0, 0), mask.point([round(level * 0.8) for level in range(256)]))
        else:
            ray = Image.composite(Image.new("RGB", small, colour), Image.new("RGB", small), mask)
            picture = ImageChops.screen(picture, ray)
    return Scene(add_grain(enlarge(picture, width, height), chance, 2.4), (0, round(height * 0.56), width, height))


def _curtain(size: tuple[int, int], chance: Chance, place: int) -> Image.Image:
    """An L mask of one curtain: rays that stand on a waving hem and fade upwards."""
    width, height = size
    mask = Image.new("L", size)
    reach = max(1, round(height * chance.real(0.34, 0.6)))
    strips = [_ray(reach, level / (LEVELS - 1)) for level in range(LEVELS)]
    hem = height * (0.34 + 0.1 * place + chance.real(-0.04, 0.04))
    waves = [
        (height * chance.real(0.05, 0.1) / turn, turn * chance.real(0.6, 1.1), chance.real(0, math.tau))
        for turn in (1, 2, 4)
    ]
    beats = [(turn * chance.real(0.8, 1.3), chance.real(0, math.tau)) for turn in (1, 3, 9, 23)]
    tilt = chance.real(-0.22, 0.22) * height
    for x in range(width):
        along = x / width
        y = hem + tilt * (along - 0.5) + sum(a * math.sin(math.tau * f * along + p) for a, f, p in waves)
        beat = sum(math.sin(math.tau * f * along + p) / (1 + i) for i, (f, p) in enumerate(beats)) / 2.1
        level = min(LEVELS - 1, max(0, round((0.55 + 0.45 * beat) * (LEVELS - 1))))
        mask.paste(strips[level], (x, round(y) - reach))
    return mask.filter(ImageFilter.GaussianBlur(max(0.6, max(size) / 130)))


def _ray(reach: int, strength: float) -> Image.Image:
    """One column: a quick rise at the hem, a long fade above it."""
    steps = (1 - y / reach for y in range(reach))
    tones = bytes(round(245 * strength * (1 - up) ** 1.7 * ease(up / 0.09)) for up in steps)
    return Image.frombytes("L", (1, reach), tones)
