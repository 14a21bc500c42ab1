"""Bauhaus: quarter circles, discs, rings and stripes on a grid, beside a quiet field for the words."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.looks.pen import Pen, Point, draw_sharp
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.palette import Colour, Palette, distance


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the grid; `turn` counts quarter turns clockwise."""

    left: float
    top: float
    side: float
    ground: Colour
    ink: Colour
    accent: Colour
    turn: int

    def at(self, across: float, down: float) -> Point:
        """A point of the tile, 0 to 1 each way, after its turns."""
        for _ in range(self.turn):
            across, down = 1 - down, across
        return self.left + across * self.side, self.top + down * self.side


Shape = Callable[[Pen, Tile], None]


def paint(width: int, height: int, palette: Palette, chance: Chance) -> Scene:
    field = palette.order[0] if chance.likely(0.5) else palette.light if palette.is_light else palette.dark
    beside = width >= height * 1.25
    short = height if beside else width
    long = width if beside else height
    lines = 2 if long >= short * 2.4 else chance.pick((3, 4)) if long >= short * 1.2 else chance.pick((4, 4, 5))
    side = short / lines
    ranks = max(1, round((long * 0.56) / side - 0.2))
    origin = (width - ranks * side, 0.0) if beside else (0.0, 0.0)
    across, down = (ranks, lines) if beside else (lines, ranks)
    tiles = _tiles(origin, side, (across, down), palette, chance)

    def strokes(pen: Pen) -> None:
        for tile, shape in tiles:
            pen.box((tile.left, tile.top), (tile.left + tile.side, tile.top + tile.side), tile.ground)
            shape(pen, tile)

    area = (0, 0, round(origin[0]), height) if beside else (0, round(ranks * side), width, height)
    return Scene(draw_sharp(width, height, field, strokes), area)


def _tiles(
    origin: Point, side: float, grid: tuple[int, int], palette: Palette, chance: Chance
) -> list[tuple[Tile, Shape]]:
    """One big square of two by two where it fits, the rest single; no tile has its neighbour's colours."""
    columns, rows = grid
    big = (chance.whole(0, columns - 2), chance.whole(0, rows - 2)) if columns > 1 and rows > 1 else None
    taken = {(big[0] + x, big[1] + y) for x in (0, 1) for y in (0, 1)} if big else set()
    places = [(x, y, 1) for y in range(rows) for x in range(columns) if (x, y) not in taken]
    places = [(*big, 2), *places] if big else places
    grounds: dict[tuple[int, int], Colour] = {}
    tiles = []
    last: Shape | None = None
    for x, y, span in places:
        near = [grounds[key] for key in ((x - 1, y), (x, y - 1), (x + span, y), (x, y + span)) if key in grounds]
        colours = [*palette.order, palette.light]
        ground = chance.pick([colour for colour in colours if colour not in near] or colours)
        ink, *rest = chance.shuffled([colour for colour in colours if distance(colour, ground) > 0.16]) or [
            palette.dark
        ]
        grounds |= {(x + i, y + j): ground for i in range(span) for j in range(span)}
        shape = chance.pick([shape for shape in (BIG if span == 2 else SHAPES) if shape is not last])
        last = shape
        tile = Tile(
            origin[0] + x * side,
            origin[1] + y * side,
            side * span,
            ground,
            ink,
            rest[0] if rest else ground,
            chance.whole(0, 3),
        )
        tiles.append((tile, shape))
    return tiles


def _quarter(pen: Pen, tile: Tile) -> None:
    start = tile.turn * 90.0
    pen.wedge(tile.at(0, 0), tile.side, (start, start + 90), tile.ink)


def _quarters(pen: Pen, tile: Tile) -> None:
    start = tile.turn * 90.0
    for radius, colour in ((1.0, tile.ink), (0.72, tile.ground), (0.44, tile.accent)):
        pen.wedge(tile.at(0, 0), tile.side * radius, (start, start + 90), colour)


def _leaf(pen: Pen, tile: Tile) -> None:
    """Where two quarter circles from opposite corners overlap."""
    steps = [math.pi / 2 * step / 48 for step in range(49)]
    there = [tile.at(math.cos(angle), math.sin(angle)) for angle in steps]
    back = [tile.at(1 - math.cos(angle), 1 - math.sin(angle)) for angle in steps]
    pen.polygon([*there, *back], tile.ink)


def _half(pen: Pen, tile: Tile) -> None:
    start = tile.turn * 90.0
    pen.wedge(tile.at(0.5, 0), tile.side / 2, (start, start + 180), tile.ink)
    pen.wedge(tile.at(0.5, 0.5), tile.side / 2, (start, start + 180), tile.accent)


def _disc(pen: Pen, tile: Tile) -> None:
    pen.disc(tile.at(0.5, 0.5), tile.side * 0.36, tile.ink)


def _target(pen: Pen, tile: Tile) -> None:
    for radius, colour in ((0.5, tile.ink), (0.35, tile.ground), (0.2, tile.accent)):
        pen.disc(tile.at(0.5, 0.5), tile.side * radius, colour)


def _triangle(pen: Pen, tile: Tile) -> None:
    pen.polygon([tile.at(0, 0), tile.at(1, 0), tile.at(0, 1)], tile.ink)


def _stripes(pen: Pen, tile: Tile) -> None:
    for stripe in range(4):
        near, far = tile.at(0, stripe / 4), tile.at(1, stripe / 4 + 0.125)
        start = min(near[0], far[0]), min(near[1], far[1])
        pen.box(start, (max(near[0], far[0]), max(near[1], far[1])), tile.ink)


def _dots(pen: Pen, tile: Tile) -> None:
    for across in range(4):
        for down in range(4):
            pen.disc(tile.at(across / 4 + 0.125, down / 4 + 0.125), tile.side * 0.06, tile.ink)


def _arch(pen: Pen, tile: Tile) -> None:
    start = tile.turn * 90.0 + 180
    for radius, colour in ((0.5, tile.ink), (0.3, tile.ground), (0.14, tile.accent)):
        pen.wedge(tile.at(0.5, 0.5), tile.side * radius, (start, start + 180), colour)
        pen.polygon([tile.at(0.5 + x * radius, y) for x, y in ((-1, 0.498), (1, 0.498), (1, 1), (-1, 1))], colour)


SHAPES: tuple[Shape, ...] = (_quarter, _quarters, _leaf, _half, _disc, _target, _triangle, _stripes, _dots, _arch)
BIG: tuple[Shape, ...] = (_quarter, _quarters, _leaf, _target, _arch)
