"""Rows as CSV that no spreadsheet takes for formulas, and that hide nothing."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from imgcli.cli.safe import safe_text

FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, also in its full-width form and behind blanks."""

MOST_LETTERS = 32_000
"""Of one cell; spreadsheets take 32,767."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of our own as text, to the last digit; below 0 it is no formula."""

    text: str

    def __str__(self) -> str:
        return self.text


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet runs, and that holds nothing invisible; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    text = safe_text(value, MOST_LETTERS)
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """`rows` as lines of CSV, each ended by a line feed."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([safe_cell(value) for value in row] for row in rows)
    return written.getvalue()
