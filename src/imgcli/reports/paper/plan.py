"""Where pictures and their labels stand on pages of paper, in millimetres; nothing is drawn here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imgcli.typeset import glyphs, label
from imgcli.typeset.label import Label

POINT = 25.4 / 72
"""Millimetres of a point of type."""

TITLE, FACTS, NAME, SMALL = 15 * POINT, 8 * POINT, 7.5 * POINT, 6.5 * POINT
"""Sizes of type: the title, the line below it and the footer, the first line of a label, the others."""

GUTTER, AIR = 5.0, 2.2
"""Between pictures, and between a picture and its label."""

LINE = 1.45
"""From a line of a label to the next, in parts of its size."""

STEEPEST = 1.6
"""A row of upright pictures is at most this much higher than a picture is wide; any other is a square at most."""

PAPERS = {
    "a3": (297.0, 420.0),
    "a4": (210.0, 297.0),
    "a5": (148.0, 210.0),
    "letter": (215.9, 279.4),
    "legal": (215.9, 355.6),
    "tabloid": (279.4, 431.8),
}
"""Width and height in millimetres, upright."""

UPRIGHT = ((1, 1), (4, 2), (12, 3), (60, 4), (10**9, 5))
ACROSS = ((1, 1), (2, 2), (6, 3), (24, 4), (60, 5), (10**9, 6))
"""Columns of a sheet that has at most so many pictures, upright and across."""


@dataclass(frozen=True, slots=True)
class Print:
    """A picture to be printed: its shape (width, height) in pixels, (0, 0) if unknown, and the lines of its label."""

    path: Path
    shape: tuple[int, int]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet is made of.

    Attributes:
        title, facts: heads every page.
        foot: at the left of the foot of every page.
        paper: width and height in millimetres.
        columns: pictures side by side; 0 chooses by their number.
    """

    title: str
    facts: str
    foot: str
    prints: Sequence[Print]
    paper: tuple[float, float]
    margin: float
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """The place of a picture, its left bottom corner that of its cell; the label stands below, `width` wide."""

    print: Print
    left: float
    top: float
    width: float
    height: float
    label: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All pages of a sheet; `title` and `facts` head each of them."""

    sheet: Sheet
    title: Label
    facts: Label
    pages: tuple[Page, ...]

    @property
    def width(self) -> float:
        """Between the margins."""
        return self.sheet.paper[0] - 2 * self.sheet.margin

    @property
    def texts(self) -> list[str]:
        """Everything that is written, line by line."""
        labels = [self.title, self.facts, self.foot, *map(self.folio, self.pages)]
        labels += [drawn for page in self.pages for frame in page.frames for drawn in frame.label]
        return [line for drawn in labels for line in drawn.lines]

    @property
    def foot(self) -> Label:
        return label.fit(self.sheet.foot, glyphs.TEXT, FACTS, self.width * 0.75)

    def folio(self, page: Page) -> Label:
        return label.fit(f"{page.number} / {len(self.pages)}", glyphs.TEXT, FACTS, self.width * 0.2)


def plan(sheet: Sheet) -> Plan:
    """The pages of `sheet`, rows as high as the steepest of their pictures.

    Raises:
        ValueError: the margins or the columns leave no room for pictures.
    """
    width = sheet.paper[0] - 2 * sheet.margin
    columns = sheet.columns or columns_of(len(sheet.prints), sheet.paper)
    cell = (width - GUTTER * (columns - 1)) / columns
    if cell < 12:
        raise ValueError(f"{columns} columns leave less than 12 mm for a picture; choose fewer, or a smaller margin")
    title = label.wrap(sheet.title, glyphs.SANS, (TITLE * 0.6, TITLE), width, 2)
    facts = label.fit(sheet.facts, glyphs.TEXT, FACTS, width)
    first = sheet.margin + title.height + FACTS * 2.2 + GUTTER * 1.6
    last = sheet.paper[1] - sheet.margin - FACTS - GUTTER
    pages: list[list[Frame]] = [[]]
    top = first
    for start in range(0, len(sheet.prints), columns):
        row = sheet.prints[start : start + columns]
        labels = [_label(each.lines, cell) for each in row]
        below = AIR + max((_height(lines) for lines in labels), default=0.0)
        if last - first - below < 12:
            raise ValueError(
                "the margins leave less than 12 mm for a picture; choose a larger paper or smaller margins"
            )
        # Among wide pictures one that is upright would leave the others below an empty row.
        most = cell * STEEPEST if all(each.shape[1] > each.shape[0] for each in row) else cell
        high = min(max(_fitted(each, cell, most)[1] for each in row), last - first - below)
        if top + high + below > last and pages[-1]:
            pages.append([])
            top = first
        for place, (each, lines) in enumerate(zip(row, labels, strict=True)):
            wide, tall = _fitted(each, cell, high)
            left = sheet.margin + place * (cell + GUTTER)
            pages[-1].append(Frame(each, left, top + high - tall, wide, tall, lines))
        top += high + below + GUTTER
    return Plan(sheet, title, facts, tuple(Page(number, tuple(frames)) for number, frames in enumerate(pages, 1)))


def columns_of(count: int, paper: tuple[float, float]) -> int:
    table = ACROSS if paper[0] > paper[1] else UPRIGHT
    return next(columns for most, columns in table if count <= most)


def _fitted(picture: Print, width: float, height: float) -> tuple[float, float]:
    """Width and height of a picture as large as a box holds."""
    across, down = picture.shape if all(picture.shape) else (1, 1)
    scale = min(width / across, height / down)
    return across * scale, down * scale


def _label(lines: Sequence[str], width: float) -> tuple[Label, ...]:
    drawn = [label.cut(line, glyphs.SANS, NAME, width) for line in lines[:1] if line]
    return (*drawn, *(label.cut(line, glyphs.TEXT, SMALL, width) for line in lines[1:] if line))


def _height(lines: Sequence[Label]) -> float:
    return LINE * (NAME + SMALL * (len(lines) - 1)) if lines else 0.0
