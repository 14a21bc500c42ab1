"""What `report waste` and `report savings` share: their window of time, the books read for it, and how money stands."""

import os
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import options, show
from imgcli.cli.safe import safe_text
from imgcli.errors import UsageError
from imgcli.model.money import format_usd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from imgcli.auditing import Books
    from imgcli.model.attempt import Record
    from imgcli.settings import Settings

DAYS = 30
"""Of a report, with today, where nobody says since when."""

MANY = 5_000
"""Pictures above which reading takes long enough to be told."""

WIDE = 80
MONEY = 14
"""Columns of an amount."""

Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="DAY",
        help=f"From this UTC day on: 2026-11-01, 2026-11, this-month, last-month, 7d. Default: the last {DAYS} days.",
    ),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DAY", help="To the end of this day, or of this month, as with --since."),
]
Tagged = Annotated[list[str] | None, typer.Option("--tag", metavar="WORD", help="Only with this tag; repeatable.")]


Csv = Annotated[bool, typer.Option("--csv", help="One row a picture, as CSV on stdout.", rich_help_panel=options.TALK)]


@dataclass(frozen=True, slots=True)
class Span:
    """UTC days from the first to the last, and the one it is."""

    first: date
    last: date
    today: date

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    @property
    def bounds(self) -> tuple[str, str]:
        """The first day, and the one after the last; empty where the calendar ends."""
        return str(self.first), str(self.last + timedelta(days=1)) if self.last < date.max else ""


def span_of(since: str | None, until: str | None) -> Span:
    """The days that are meant.

    Raises:
        UsageError: no day, one that lies ahead, or none between them.
    """
    from imgcli.reports.period import parse_period
    from imgcli.wiring import SystemClock

    today = SystemClock().now().date()
    period = parse_period(since, until, today)
    last = period.until or today
    first = period.since or date.fromordinal(max(1, last.toordinal() - DAYS + 1))
    if first > last:
        raise UsageError(f"--since {first} is a day to come: today is {today} (UTC)")
    return Span(first, last, today)


async def read(
    settings: "Settings", span: Span, tags: "Sequence[str] | None", visit: "Callable[[Record], None] | None" = None
) -> "Books":
    """The books of `span`, with the words of prompts, or without and `visit` hears of each picture.

    Raises:
        UsageError: a tag that is blank.
    """
    from imgcli.auditing import Window, read_books
    from imgcli.model.names import plain_name
    from imgcli.model.query import Query
    from imgcli.searching import freshen
    from imgcli.wiring import form_of, open_catalog, open_ledger

    named = tuple(plain_name(tag) for tag in tags or ())
    if "" in named:
        raise UsageError("--tag: a tag is blank; write a word or leave it out")
    window = Window(*span.bounds, named)
    ledger, catalog = open_ledger(settings.paths), open_catalog(settings.paths)
    try:
        await freshen(ledger, catalog)
        if (count := await catalog.count(Query(since=window.since, until=window.until, tags=named))) > MANY:
            show.prose(f"reading {pictures(count)} ...")
        if visit is not None:
            return await read_books(window, ledger, catalog, visit=visit)
        return await read_books(window, ledger, catalog, form_of)
    finally:
        await catalog.close()
        await ledger.close()


def write_csv(columns: "Sequence[str]", rows: "Iterable[dict[str, Any]]") -> None:
    """Rows on stdout, of `columns`; amounts are numbers."""
    from imgcli.cli.csv_safe import Amount, csv_text

    def cell(name: str, value: Any) -> object:
        return Amount(value) if name.endswith("usd") else value

    lines = [columns, *([cell(name, row[name]) for name in columns] for row in rows)]
    show.line(csv_text(lines).rstrip("\n"))


def require_one(*, json: bool, csv: bool) -> None:
    if json and csv:
        raise UsageError("say --json or --csv, not both")


def usd(nano: int) -> str:
    """As `format_usd`, its point where that of all others stands."""
    text = format_usd(nano)
    return f"{text}  " if text[-3] == "." else text


def heading(text: str) -> None:
    from rich.text import Text

    show.line("")
    show.draw_data(Text(safe_text(text), style="bold"))


def totals(columns: "Sequence[str]", rows: "Sequence[Sequence[Any]]") -> None:
    """A table of words first, then numbers."""
    show.draw_data(show.table("", columns, rows, right=range(1, len(columns)), whole=range(1, len(columns))))


def entry(nano: int, text: str, below: str = "") -> None:
    """An amount, what it is for in a line, and a line below that."""
    show.line(f"{usd(nano):>{MONEY}}  {clipped(text, WIDE - MONEY - 2)}")
    if below:
        show.line(f"{'':>{MONEY}}  {safe_text(below)}")


def remark(text: str, indent: str = "  ") -> None:
    """A sentence about the figures, folded to the width of the others."""
    for line in wrap(text, WIDE, initial_indent=indent, subsequent_indent=indent):
        show.line(line)


def clipped(text: str, width: int) -> str:
    """One line of at most `width` characters; the end of a path tells more than its middle."""
    text = safe_text(text)
    if len(text) <= width:
        return text
    tail = width * 2 // 3
    return f"{text[: width - tail - 1]}…{text[-tail:]}"


def pictures(count: int) -> str:
    return f"{count:,} picture{'s' if count != 1 else ''}"


def tell_left_out(books: "Books") -> None:
    """What the figures do not hold, each in a line."""
    if books.unpriced:
        show.prose(f"left out: {pictures(books.unpriced)} of which nobody knows what they cost")
    if books.older:
        show.prose(f"left out: the oldest {pictures(books.older)} of these days; take fewer days with --since")


def profile_settings(profile: str | None) -> "Settings":
    from imgcli.settings import load_settings

    return load_settings(os.environ, {}, profile)
