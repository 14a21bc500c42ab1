"""Tables of money with a bar for each row, of plain characters, that fit a terminal of any width."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.cli.safe import safe_text
from imgcli.model.money import format_usd

if TYPE_CHECKING:
    from imgcli.reports.spend import Row, Sums

LEAST_NAME, USUAL_NAME, LEAST_BAR, MOST_BAR = 10, 18, 8, 40
GAP = 2
PARTS = ("█", "▒", "░")
"""Spent, uncertain and held, as in `imgcli budget show`."""

ASCII = ("#", "=", "-")
FREE, ASCII_FREE = "·", "."
"""What is left of a cap."""


@dataclass(frozen=True, slots=True)
class Column:
    """`least` of 0 stays in the narrowest terminal; of several, those with the highest go first."""

    title: str
    cell: "Callable[[Sums], str]"
    least: int = 0


COLUMNS = (
    Column("pictures", lambda sums: f"{sums.pictures:,}", 1),
    Column("spent", lambda sums: format_usd(sums.spent)),
    Column("each", lambda sums: "" if sums.average is None else format_usd(sums.average), 2),
    Column("uncertain", lambda sums: format_usd(sums.uncertain) if sums.uncertain else "", 3),
    Column("held", lambda sums: format_usd(sums.held) if sums.held else "", 4),
    Column("no picture", lambda sums: format_usd(sums.for_nothing) if sums.for_nothing else "", 5),
    Column("words", lambda sums: format_usd(sums.words) if sums.words else "", 6),
)


def terminal_width() -> int:
    return show.out_console(0).width


def draw(title: str, labels: "Sequence[str]", rows: "Sequence[Row]") -> list[str]:
    """Rows on stdout, each with its label. Returns the columns there was no room for."""
    sums, width = [row.sums for row in rows], terminal_width()
    for text in lines(title, [safe_text(each) for each in labels], sums, width):
        show.line(text)
    drawn = {each.title for each in _fitting(sums, _longest([title, *labels]), width)}
    return [each.title for each in _filled(sums) if each.title not in drawn]


def lines(title: str, labels: Sequence[str], sums: "Sequence[Sums]", width: int) -> list[str]:
    """The table: a head and a line for each of `sums`, `width` columns wide at most.

    Columns in which nothing stands are left out, and in a narrow terminal those that matter least.
    """
    longest = _longest([title, *labels])
    columns = _fitting(sums, longest, width)
    room = max(width - _taken(columns), LEAST_NAME)
    name = min(longest, max(room - LEAST_BAR - GAP, LEAST_NAME))
    bar = min(MOST_BAR, room - name - GAP)
    if bar < LEAST_BAR:
        name, bar = min(longest, room), 0
    most = max((one.money for one in sums), default=0)
    drawn = [_line(_fit(title, name), [each.title.rjust(each.width) for each in columns], "")]
    for place, (label, one) in enumerate(zip(labels, sums, strict=True)):
        cells = [each.cells[place].rjust(each.width) for each in columns]
        drawn.append(_line(_fit(label, name), cells, _bar(one, most, bar) if bar else ""))
    return drawn


def _filled(sums: "Sequence[Sums]") -> "list[_Cells]":
    columns = [_column(each, sums) for each in COLUMNS]
    return [each for each in columns if each.title == "spent" or any(cell.strip(" 0") for cell in each.cells)]


def _fitting(sums: "Sequence[Sums]", longest: int, width: int) -> "list[_Cells]":
    """Columns that leave room for a name and a bar."""
    columns = _filled(sums)
    while len(columns) > 1 and _taken(columns) + min(USUAL_NAME, longest) + GAP + LEAST_BAR > width:
        columns.remove(max(columns, key=lambda each: each.least))
    return columns


@dataclass(frozen=True, slots=True)
class _Cells:
    title: str
    cells: Sequence[str]
    width: int
    least: int


def _column(column: Column, sums: "Sequence[Sums]") -> _Cells:
    """Its cells, with their decimal points below each other."""
    cells = [column.cell(one) for one in sums]
    after = max((len(cell.partition(".")[2]) for cell in cells), default=0)
    cells = [cell + " " * (after - len(cell.partition(".")[2])) if "$" in cell else cell for cell in cells]
    return _Cells(column.title, cells, max(len(column.title), *(len(cell) for cell in cells), 0), column.least)


def _taken(columns: Sequence[_Cells]) -> int:
    return sum(GAP + each.width for each in columns)


def _longest(labels: Sequence[str]) -> int:
    from rich.cells import cell_len

    return max((cell_len(each) for each in labels), default=0)


def _line(name: str, cells: Sequence[str], bar: str) -> str:
    return (" " * GAP).join([name, *cells, bar]).rstrip()


def _fit(text: str, width: int) -> str:
    """Exactly `width` columns; of a longer text the end, which tells directories apart, and the beginning."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) <= width:
        return set_cell_size(text, width)
    end = text[-(width // 2) :]
    while cell_len(end) > width // 2:
        end = end[1:]
    return set_cell_size(set_cell_size(text, width - 1 - cell_len(end)).rstrip() + "…" + end, width)


def _bar(sums: "Sums", most: int, width: int) -> str:
    """A row as long as its money; what is not nothing can be seen."""
    parts = PARTS if can_draw() else ASCII
    amounts = (sums.spent, sums.uncertain, sums.held)
    if not most:
        return ""
    ends = [round_up(sum(amounts[: place + 1]) * width, most) for place in range(3)]
    starts = [0, *ends[:-1]]
    return "".join(part * (end - start) for part, start, end in zip_longest(parts, starts, ends))


def capped(spent: int, held: int, cap: int, width: int) -> tuple[str, str]:
    """What of a cap is used, and what is free, `width` together: full only where nothing is left, empty where all is."""
    (full, _, waiting), free = (PARTS, FREE) if can_draw() else (ASCII, ASCII_FREE)
    most = width if spent + held >= cap else width - 1
    first = _blocks(spent, cap, width)
    both = min(most, max(_blocks(spent + held, cap, width), first + bool(held)))
    first = min(first, both - bool(held))
    return full * first + waiting * (both - first), free * (width - both)


def _blocks(part: int, whole: int, width: int) -> int:
    """Rounded down, but what is not nothing can be seen."""
    if part >= whole:
        return width
    return max(part * width // whole, 1 if part else 0)


def round_up(part: int, whole: int) -> int:
    return -(-part // whole)


def can_draw() -> bool:
    """Whether stdout takes the letters of bars; where it does not, they are plain ASCII."""
    try:
        "".join(PARTS).encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
