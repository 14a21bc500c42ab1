"""Where the parts of a contact sheet stand, in pixels; nothing is drawn here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imgcli.reports.grid import Cell, Grid, Row
from imgcli.typeset import glyphs, label, setting
from imgcli.typeset.label import Label

MOST_PIXELS = 40_000_000
WIDTH = 2200
"""Pixels that the pictures of a row share, and the least and most that one of them gets."""

LEAST, MOST = 300, 640
STEEPEST = 2.5
"""A cell is at most this much longer than wide, or wider than long."""

MARGIN, GUTTER = 80, 28
TITLE, FACTS, HEAD, NAME, SMALL = 54.0, 23.0, 26.0, 25.0, 19.0
"""Sizes of type: the prompt, what all share, labels of rows and columns, names of cells, the rest."""

GROUP = HEAD * 2.6
"""Height of the rule and the label over a group of a sheet."""

AIR = 0.62
"""Space below a line of a caption, in parts of its size."""


@dataclass(frozen=True, slots=True)
class Box:
    """The place of a picture; its captions stand below."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet before `scale` makes all of it smaller.

    Attributes:
        boxes: by (row, place in it).
        tops: of each row or group.
        header: baseline of the labels of the columns.
    """

    width: int
    height: int
    scale: float
    label_width: float
    header: float
    tops: tuple[float, ...]
    boxes: Mapping[tuple[int, int], Box]


def lay_out(grid: Grid) -> Layout:
    """The layout of `grid`, of at most MOST_PIXELS when it is drawn at its scale."""
    label_width = _label_width(grid)
    cell = round(max(LEAST, min(MOST, (WIDTH - label_width - GUTTER * (grid.across - 1)) / grid.across)))
    # One picture alone still leaves its title a line to stand on.
    columns = max(grid.across, 1 if grid.columns else 2)
    width = round(2 * MARGIN + label_width + columns * (cell + GUTTER) - GUTTER)
    y = MARGIN + title(grid, width - 2 * MARGIN).height + FACTS * 2.1 + MARGIN * 0.55
    header = y + HEAD * 3.2 - GUTTER * 0.8
    y += HEAD * 3.2 if grid.columns else 0.0
    boxes: dict[tuple[int, int], Box] = {}
    tops = []
    for number, row in enumerate(grid.rows):
        tops.append(y)
        y += GROUP if row.label and not grid.columns else 0.0
        for start, line in _lines(grid, row):
            height = cell * _ratio(line)
            for place in range(len(line)):
                boxes[number, start + place] = Box(MARGIN + label_width + place * (cell + GUTTER), y, cell, height)
            text = max(_text_height(one, cell) for one in line)
            y += height + text + GUTTER * (1.4 if text else 1)
    height = round(y - GUTTER + MARGIN)
    scale = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
    return Layout(width, height, scale, label_width, header, tuple(tops), boxes)


def title(grid: Grid, width: float) -> Label:
    return label.wrap(grid.title, glyphs.SANS, (TITLE * 0.6, TITLE), width, 3)


def captions(cell: Cell, width: float) -> tuple[Label | None, list[Label]]:
    """What stands below a picture: its name, and the quieter lines."""
    name = label.fit(cell.label, glyphs.SANS, NAME, width) if cell.label else None
    rest = []
    if cell.note:
        rest.append(label.wrap(cell.note, glyphs.TEXT, (SMALL, SMALL), width, 2))
    if cell.caption:
        rest.append(label.fit(cell.caption, glyphs.TEXT, SMALL, width))
    return name, rest


def _lines(grid: Grid, row: Row) -> list[tuple[int, Sequence[Cell]]]:
    """The cells of a row that stand side by side, with the place of the first."""
    return [(start, row.cells[start : start + grid.across]) for start in range(0, len(row.cells), grid.across)]


def _label_width(grid: Grid) -> float:
    """What the labels of the rows of a table need, with the gutter beside them."""
    if not any(row.label for row in grid.rows) or not grid.columns:
        return 0.0
    widest = max(setting.measure(label.legible(row.label), glyphs.SANS) * 1.02 for row in grid.rows)
    return min(max(widest, 3.0), 10.0) * HEAD + GUTTER * 1.5


def _ratio(cells: Sequence[Cell]) -> float:
    """Height over width of neighbours: the tallest of the pictures, 1 where there is none."""
    ratios = [height / width for width, height in (cell.shape for cell in cells if cell.picture) if width]
    return max(1 / STEEPEST, min(STEEPEST, max(ratios, default=1.0)))


def _text_height(cell: Cell, width: float) -> float:
    name, rest = captions(cell, width)
    lines = [*([name] if name else []), *rest]
    return sum(drawn.height + drawn.size * AIR for drawn in lines) + SMALL * 0.9 if lines else 0.0
