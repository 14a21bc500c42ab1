"""Mesh gradient: pools of colour that flow into each other, under a fine grain."""

import math

from PIL import Image, ImageFilter

from imgcli.model.colour import to_oklab
from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.looks.soft import add_grain, enlarge, glow, small_size
from imgcli.providers.placeholder.palette import Colour, Palette, chroma, mix

LONG = 176
CELLS = 14
"""Rows and columns of the net that is pulled to make the colours flow."""


def paint(width: int, height: int, palette: Palette, chance: Chance) -> Scene:
    small = small_size(width, height, LONG)
    picture = _twist(_pools(small, palette, chance), chance).filter(ImageFilter.GaussianBlur(LONG / 44))
    return Scene(add_grain(enlarge(picture, width, height), chance, 2.6), (0, round(height * 0.50), width, height))


def _pools(size: tuple[int, int], palette: Palette, chance: Chance) -> Image.Image:
    """Colours from the foot of the picture, where the words stand, to a bright or deep top."""
    width, height = size
    foot, others = _cast(palette, chance)
    picture = Image.new("RGB", size, foot)
    reach = math.sqrt(width * height)
    side = 1 if chance.likely(0.5) else -1
    for place, colour in enumerate(others):
        spread = reach * chance.real(1.0, 1.4) * (1.2 - 0.1 * place)
        across = width * (0.5 + side * chance.real(0.05, 0.6) * (1 if place % 2 else -1))
        down = height * chance.real(-0.08, 0.5)
        mask = glow(round(spread * chance.real(0.9, 1.5)), round(spread), 0.8)
        picture.paste(colour, (round(across - mask.width / 2), round(down - mask.height / 2)), mask)
    return picture


def _cast(palette: Palette, chance: Chance) -> tuple[Colour, list[Colour]]:
    """The colour at the foot, and the pools above it in the order they are laid: the most colourful lie on top."""
    edge = palette.light if palette.is_light else palette.dark
    foot = mix(edge, chance.pick((edge, palette.order[0], palette.vivid()[0])), 0.35 if palette.is_light else 0.2)
    seen = palette.against(foot, 0.1)
    # A dark pool without much colour looks like a stain, on a dark picture like a hole.
    least = 0.45 if palette.is_light else 0.3
    seen = [colour for colour in seen if to_oklab(colour)[0] > least or chroma(colour) > 0.09] or seen
    pools = [*chance.shuffled(seen), *chance.shuffled([colour for colour in palette.vivid() if colour in seen][:3])]
    while len(pools) < 6:
        pools.insert(0, mix(chance.pick(seen), foot, chance.real(0.2, 0.5)))
    return foot, pools[:7]


def _twist(picture: Image.Image, chance: Chance) -> Image.Image:
    """Pull the inner knots of a net about; neighbouring cells keep their common knots, so nothing tears."""
    width, height = picture.size
    knots: dict[tuple[int, int], tuple[float, float]] = {}
    phases = [chance.real(0, math.tau) for _ in range(4)]
    for row in range(CELLS + 1):
        for column in range(CELLS + 1):
            x, y = column / CELLS, row / CELLS
            hold = math.sin(math.pi * x) * math.sin(math.pi * y)
            pull_x = math.sin(math.tau * y * 1.1 + phases[0]) + 0.5 * math.sin(math.tau * x * 1.3 + phases[1])
            pull_y = math.sin(math.tau * x * 1.2 + phases[2]) + 0.5 * math.sin(math.tau * y * 0.9 + phases[3])
            knots[row, column] = ((x + 0.1 * hold * pull_x) * width, (y + 0.1 * hold * pull_y) * height)
    net = []
    for row in range(CELLS):
        for column in range(CELLS):
            box = (
                round(column * width / CELLS),
                round(row * height / CELLS),
                round((column + 1) * width / CELLS),
                round((row + 1) * height / CELLS),
            )
            corners = (knots[row, column], knots[row + 1, column], knots[row + 1, column + 1], knots[row, column + 1])
            net.append((box, tuple(value for corner in corners for value in corner)))
    return picture.transform(picture.size, Image.Transform.MESH, net, Image.Resampling.BILINEAR)
