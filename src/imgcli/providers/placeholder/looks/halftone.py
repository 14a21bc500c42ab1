"""Halftone: a ball and a sky printed in two inks, as dots of changing size on paper."""

import math

from PIL import Image, ImageChops, ImageDraw

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.looks.soft import ease, enlarge, small_size
from imgcli.providers.placeholder.palette import Colour, Palette, distance, luminance

LONG = 128
SCREENS = ((2, 1), (1, 0))
"""Directions of the two screens as whole steps, so that a square of them repeats without a seam."""


def paint(width: int, height: int, palette: Palette, chance: Chance) -> Scene:
    paper, sky, ball = _inks(palette, chance)
    picture = Image.new("RGB", (width, height), paper)
    pitch = max(5.0, min(width, height) / chance.pick((34, 44, 56)))
    picture.paste(sky, (0, 0), dots(_sky(width, height, chance), pitch, SCREENS[0]))
    tones, left, top = _ball(width, height, chance)
    spots = dots(tones, pitch, SCREENS[1])
    disc = Image.new("L", (tones.width * 2, tones.height * 2))
    ImageDraw.Draw(disc).ellipse((0, 0, disc.width - 1, disc.height - 1), fill=255)
    round_edge = disc.reduce(2)
    if luminance(paper) <= 0.4:
        # On dark paper inks cover each other, and the ball hides the sky behind it.
        picture.paste(paper, (left, top), round_edge)
        picture.paste(ball, (left, top), ImageChops.multiply(spots, round_edge))
        return Scene(picture, (0, round(height * 0.60), width, height))
    white = Image.new("RGB", picture.size, "white")
    white.paste(ball, (left, top), ImageChops.multiply(spots, round_edge))
    return Scene(ImageChops.multiply(picture, white), (0, round(height * 0.60), width, height))


def _inks(palette: Palette, chance: Chance) -> tuple[Colour, Colour, Colour]:
    """Paper, the ink of the sky and the stronger one of the ball."""
    paper = palette.order[0] if chance.likely(0.3) else palette.light if palette.is_light else palette.dark
    seen = [colour for colour in palette.vivid() if distance(colour, paper) > 0.2] or palette.against(paper)
    ball = chance.pick(seen[:2])
    others = [colour for colour in (*seen, palette.light, palette.dark) if distance(colour, ball) > 0.1]
    return paper, next(colour for colour in others if distance(colour, paper) > 0.1), ball


def _sky(width: int, height: int, chance: Chance) -> Image.Image:
    """Full ink at the top or nearly so, none where the words stand."""
    small = small_size(width, height, LONG)
    deep = chance.real(200, 250)
    lean = chance.real(-0.25, 0.25)
    rows = Image.new("L", small)
    rows.putdata(
        [
            round(deep * ease(1 - (y / small[1] + lean * (x / small[0] - 0.5)) / 0.66))
            for y in range(small[1])
            for x in range(small[0])
        ]
    )
    return enlarge(rows, width, height)


def _ball(width: int, height: int, chance: Chance) -> tuple[Image.Image, int, int]:
    """Tones of a ball lit from one side, and where its box is pasted."""
    side = round(min(width * 0.62, height * 0.56) * chance.real(0.85, 1.05))
    angle = chance.real(0, math.tau)
    x, y = math.cos(angle), math.sin(angle)
    tones = Image.new("L", (48, 48))
    tones.putdata(
        [
            round(255 * ease(0.5 + 0.62 * (x * (i / 23.5 - 1) + y * (j / 23.5 - 1))) * 0.94 + 8)
            for j in range(48)
            for i in range(48)
        ]
    )
    across = chance.pick((0.34, 0.5, 0.66)) if width < height * 1.2 else chance.pick((0.6, 0.7, 0.76))
    return enlarge(tones, side, side), round(width * across - side / 2), round(height * 0.35 - side / 2)


def dots(tones: Image.Image, pitch: float, screen: tuple[int, int]) -> Image.Image:
    """An L mask of round dots, as large as `tones` asks, their edges one pixel soft."""
    across, down = screen
    repeat = round(pitch * math.hypot(across, down))
    spot = Image.new("L", (repeat, repeat))
    spot.putdata([_spot(x, y, repeat, across, down) for y in range(repeat) for x in range(repeat)])
    tiled = Image.new("L", tones.size)
    for left in range(0, tones.width, repeat):
        for top in range(0, tones.height, repeat):
            tiled.paste(spot, (left, top))
    steep = max(1.0, pitch * 0.7)
    edge = [max(0, min(255, round(128 + (level - 128) * steep))) for level in range(256)]
    dots = ImageChops.add(tones, tiled, 2).point(edge)
    # Where there is no tone at all, not even the soft edge of a dot may show.
    return ImageChops.multiply(dots, tones.point([min(255, level * 12) for level in range(256)]))


def _spot(x: int, y: int, repeat: int, across: int, down: int) -> int:
    """The threshold at one pixel: cos + cos, the spot function of a round dot."""
    turn = math.tau / repeat
    one = math.cos(turn * (x * across + y * down))
    other = math.cos(turn * (y * across - x * down))
    return round(255 * (2 + one + other) / 4)
