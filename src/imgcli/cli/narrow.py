"""A table that stays readable on a narrow terminal: where its columns would break words, each row stands by itself."""

from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

BROKEN = 16
"""Letters from which a word may be broken: names of files and settings are often longer than any column."""

WORDY = ((300, 36), (40, 14))
"""(letters of a cell, columns it needs): sentences are no tower of words, and a long text no tower of sentences."""

BETWEEN = 3
"""Columns of the terminal between two of a table."""


class NarrowTable(Table):
    """As `Table`, or its rows one below the other, each cell beside the name of its column."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        needed = [_needed(column, console, options) for column in self.columns]
        if sum(needed) + BETWEEN * (len(needed) - 1) + 2 <= options.max_width:
            yield from super().__rich_console__(console, options)
        else:
            yield from self._stacked()

    def _stacked(self) -> RenderResult:
        if self.title:
            yield self.title
        rows = zip(*(list(column.cells) for column in self.columns), strict=True)
        for number, row in enumerate(rows):
            if number:
                yield Text()
            grid = Table.grid(padding=(0, 2))
            grid.add_column(no_wrap=True, style="dim")
            grid.add_column(overflow="fold")
            for column, cell in zip(self.columns, row, strict=True):
                if _is_empty(cell):
                    continue
                if column is self.columns[0] and not column.header:
                    yield cell  # what a row begins with says what it is
                else:
                    grid.add_row(column.header, cell)
            yield grid
        yield Text()


def _needed(column: Column, console: Console, options: ConsoleOptions) -> int:
    """The width below which a column cannot be read."""
    widest = 0
    for cell in (column.header, *column.cells):
        measured = Measurement.get(console, options.update(max_width=10_000), cell)
        if column.no_wrap:
            widest = max(widest, measured.maximum)
        else:
            wordy = next((columns for letters, columns in WORDY if measured.maximum > letters), 0)
            widest = max(widest, min(measured.minimum, BROKEN), wordy)
    return widest


def _is_empty(cell: Any) -> bool:
    return isinstance(cell, Text) and not cell.plain
