"""Pictures as lines of a terminal: ids that can be typed, columns that fit, and the words that were searched for."""

import os
import shutil
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.cli.safe import safe_text
from imgcli.model.mark import Mark
from imgcli.model.money import format_usd

if TYPE_CHECKING:
    from imgcli.model.attempt import Record
    from imgcli.model.opinion import Opinion
    from imgcli.pages import Shown
    from imgcli.reports.excerpt import Part

COLUMNS = ("id", "when (UTC)", "file", "style", "model", "cost", "marks")
FILE, STYLE, MODEL, COST = 2, 3, 4, 5
RIGHT = frozenset({COST})

WIDE, LEAST, GAP = 120, 4, 2
"""Columns of a pipe; cells a flexible column keeps; blanks between columns."""

TOLD, STYLED = 20, 10
"""Cells of a file with fewer of which each picture stands by itself; cells of a style where a line would not fit."""

MARKS = {Mark.PICKED: "+", Mark.REJECTED: "x", Mark.EXPORTED: "e", Mark.OPENED: "o"}


BOLD, PLAIN = "\x1b[1m", "\x1b[22m"


def width() -> int:
    return shutil.get_terminal_size((WIDE, 24)).columns


def draw(
    rows: "Sequence[Shown]",
    ids: Mapping[str, str],
    said: "Mapping[str, Sequence[tuple[Part, ...]]] | None" = None,
) -> None:
    """One line a picture on stdout, or a few where one would not fit; below it what `said` has of its words."""
    told = [_cells(ids[row.record.attempt], row.record, row.opinion, _one_year(rows)) for row in rows]
    models = {each[MODEL] for each in told}
    if len(models) == 1:
        told = [_with(each, MODEL, "") for each in told]
    lines = _lines(told)
    head, drawn = (lines[0], [[line] for line in lines[1:]]) if lines else ("", _stacked(told))
    if head:
        show.line(head)
    for number, (row, few) in enumerate(zip(rows, drawn, strict=True)):
        if number and not head:
            show.line("")
        for line in few:
            show.line(line)
        for parts in (said or {}).get(row.record.attempt, ()):
            _say(parts)
    if len(models) == 1:
        show.talk(f"all made by {models.pop()}" if len(rows) > 1 else f"made by {models.pop()}")


def _lines(told: Sequence[tuple[str, ...]]) -> list[str]:
    """A head and a line for each, the file as whole as can be; none where too little of it would be left."""
    # What all names end in tells none from the next.
    endings = {Path(each[FILE]).suffix for each in told}
    bare = [_with(each, FILE, each[FILE].removesuffix(min(endings))) if len(endings) == 1 else each for each in told]
    short = [_with(each, STYLE, fitted(each[STYLE], STYLED)) for each in bare]
    shown: list[str] = []
    for rows in (told, bare, short):
        shown = aligned([COLUMNS, *rows], (), RIGHT)
        if max(map(cells, shown)) <= width():
            return shown
    longest = max(cells(each[FILE]) for each in short)
    room = width() - (max(map(cells, shown)) - longest)
    if room < min(TOLD, longest):
        return []
    return aligned([COLUMNS, *(_with(each, FILE, fitted(each[FILE], room, room // 3)) for each in short)], (), RIGHT)


def _with(told: tuple[str, ...], column: int, text: str) -> tuple[str, ...]:
    return (*told[:column], text, *told[column + 1 :])


def _stacked(told: Sequence[tuple[str, ...]]) -> list[list[str]]:
    """Each picture by itself: its file, and below it the rest beside the names of its columns."""
    kept = [n for n in range(len(COLUMNS)) if n != FILE]
    side = max(len(COLUMNS[n]) for n in kept)
    return [[each[FILE], *(f"  {COLUMNS[n]:<{side}}  {each[n]}" for n in kept if each[n])] for each in told]


def aligned(rows: Sequence[Sequence[str]], flexible: Sequence[int], right: frozenset[int] = frozenset()) -> list[str]:
    """`rows` as lines that fit the terminal; the first is the head, and columns that are empty below it are left out."""
    kept = [n for n in range(len(rows[0])) if any(row[n] for row in rows[1:])]
    widths = {n: max(cells(row[n]) for row in rows) for n in kept}
    room = width() - GAP * (len(kept) - 1)
    soft = [n for n in flexible if n in widths]
    while sum(widths.values()) > room and soft:
        widest = max(soft, key=lambda n: widths[n])
        if widths[widest] <= LEAST:
            break
        widths[widest] -= 1
    lines = []
    for row in rows:
        parts = []
        for n in kept:
            text = fitted(row[n], widths[n])
            pad = " " * (widths[n] - cells(text))
            parts.append(pad + text if n in right else text + pad)
        lines.append((" " * GAP).join(parts).rstrip())
    return lines


def fitted(text: str, most: int, ahead: int | None = None) -> str:
    """`text` in `most` cells; what is too long loses its middle, as names differ at both ends.

    `ahead` are the cells that its beginning gets of them, if that is not half.
    """
    if cells(text) <= most:
        return text
    behind = (most - 1) // 2 if ahead is None else most - 1 - ahead
    tail = text[-behind:] if most > LEAST else ""
    head = text
    while head and cells(head) + 1 + cells(tail) > most:
        if len(head) > 1 or not tail:
            head = head[:-1]
        else:
            tail = tail[1:]
    return f"{head}…{tail}"


def cells(text: str) -> int:
    """How wide a terminal draws `text`."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _say(parts: "Sequence[Part]") -> None:
    """Words that were found are bold on a terminal, and stand in brackets elsewhere."""
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb":
        show.line(f"    {inked(parts, '[', ']')}")
        return
    show.escapes(f"    {inked(parts, BOLD, PLAIN)}\n", data=True)


def inked(parts: "Sequence[Part]", begin: str, end: str) -> str:
    """`parts` made safe, those that were found between `begin` and `end`."""
    return "".join(f"{begin}{safe_text(p.text)}{end}" if p.found else safe_text(p.text) for p in parts)


def _cells(name: str, record: "Record", opinion: "Opinion", same_year: bool) -> tuple[str, ...]:
    at = record.created_at[:16].replace("T", " ")
    # os.path answers for any name, also one that no disk takes.
    gone = "" if os.path.lexists(record.directory / record.name) else " gone"
    return (
        name,
        at[5:] if same_year else at[:10],
        safe_text(record.name),
        safe_text("+".join(record.job.prompt.styles)),
        safe_text(record.job.model),
        cost(record),
        (marks(opinion) + gone).strip(),
    )


def _one_year(rows: "Sequence[Shown]") -> bool:
    return len({row.record.created_at[:4] for row in rows}) == 1


def cost(record: "Record") -> str:
    return "?" if "unpriced" in record.flags or record.cost is None else format_usd(record.cost)


def marks(opinion: "Opinion") -> str:
    letters = "".join(letter for mark, letter in MARKS.items() if mark in opinion.marks)
    return letters + (f"{opinion.stars}*" if opinion.stars else "")
