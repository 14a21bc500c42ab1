"""`imgcli report spend`: what pictures cost, told by day, style, tag and the like."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options, show
from imgcli.cli.spend_files import Form, asked_form, tell
from imgcli.cli.spent import look, open_book, total_lines
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.cli.spent import Book
    from imgcli.reports.spend import By, Spend

MOST_DRAWN = 60
"""Rows of a table on a terminal, the dearest or the latest; JSON and CSV tell all of them."""

FEW_DAYS = 31
ONLY = "Which money"

Kind = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="WHAT",
        help="day, month, model, provider, style, tag, user, project (the directory), command or state; give it again "
        "to tell by several. Default: day, or month over a long time.",
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="DAY", help="From this UTC day on: 2026-11-01, 2026-11, this-month, last-month, 7d."
    ),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DAY", help="To the end of this day, or of this month, as with --since."),
]
Csv = Annotated[bool, typer.Option("--csv", help="One table as CSV; its columns add up.", rich_help_panel=options.TALK)]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="FILE",
        help="Write a new file instead of stdout: .csv, .json, .jsonl or .html, or any name after --csv or --json.",
        rich_help_panel=options.TALK,
    ),
]
Html = Annotated[
    Path | None,
    typer.Option(
        "--html", metavar="FILE", help="Write a page with charts and tables: a new file.", rich_help_panel=options.TALK
    ),
]
Tag = Annotated[str | None, typer.Option("--tag", metavar="WORD", help="Only with this tag.", rich_help_panel=ONLY)]
Style = Annotated[
    str | None,
    typer.Option(
        "--style",
        metavar="NAME",
        help="Only of this style.",
        autocompletion=options.complete_style,
        rich_help_panel=ONLY,
    ),
]
Model = Annotated[
    str | None, typer.Option("--model", "-m", metavar="NAME", help="Only of this model.", rich_help_panel=ONLY)
]
User = Annotated[str | None, typer.Option("--user", metavar="NAME", help="Only of this user.", rich_help_panel=ONLY)]
FromProvider = Annotated[
    str | None, typer.Option("--provider", metavar="NAME", help="Only of this provider.", rich_help_panel=ONLY)
]


async def report_spend(  # noqa: PLR0917 - a command line is named, not positional
    by: Kind = None,
    since: Since = None,
    until: Until = None,
    tag: Tag = None,
    style: Style = None,
    model: Model = None,
    user: User = None,
    provider: FromProvider = None,
    json: options.Json = False,
    csv: Csv = False,
    html: Html = None,
    out: Out = None,
) -> int:
    """Show what pictures cost, from the ledger, by day, month, model, style, tag, user, directory and the like.

    A picture with two tags or styles stands in the row of each, and once in the total. Without --since it tells this
    month. Examples:

      imgcli report spend --by tag --since last-month

      imgcli report spend --by month --by model --since 2026 -o spend.csv
    """
    from imgcli.reports.period import parse_period
    from imgcli.reports.spend import Only, spend

    form, file = asked_form(out, json=json, csv=csv, html=html)
    today = datetime.now(UTC).date()
    period = parse_period("this-month" if since is until is None else since, until, today)
    asked = _asked(by)
    book = await open_book(period, Only(*(_name(each) for each in (tag, style, model, user, provider))))
    if form is Form.PAGE and file is not None:
        from imgcli.cli.spend_page import write_page

        # What is yet to come belongs to a page that ends today, and to all the money.
        is_whole = not book.only.words and (period.until is None or period.until >= today)
        outlooks = (await look(today))[2] if is_whole else []
        show.line(str(write_page(book, asked, file, today, outlooks)))
        return 0
    told = spend(book.charges, asked or [_usual(book)])
    if form is Form.TABLE:
        _draw(told, book, today)
        return 0
    tell(form, told, book, today, file)
    if form is Form.CSV:
        _talk(told, book, today)
    return 0


def _name(typed: str | None) -> str:
    from imgcli.model.names import plain_name

    return plain_name(typed) if typed else ""


def _asked(typed: Sequence[str] | None) -> "list[By]":
    """What `--by` names, also with commas between.

    Raises:
        UsageError: there is no such thing.
    """
    from imgcli.reports.spend import By
    from imgcli.settings import guess

    known = [each.value for each in By]
    words = [word.strip().lower() for each in typed or () for word in each.split(",")]
    for word in words:
        if word not in known:
            hint = guess(word, known) or f"; there are {', '.join(known)}"
            raise UsageError(f"--by {word[:40]!r}: money is not told by that{hint}")
    return [By(word) for word in dict.fromkeys(words)]


def _usual(book: "Book") -> "By":
    from imgcli.reports.spend import By

    return By.DAY if len({charge.day for charge in book.charges}) <= FEW_DAYS else By.MONTH


def _draw(told: "Spend", book: "Book", today: date) -> None:
    from imgcli.cli.bars import draw
    from imgcli.reports.spend import TIMES, label

    rows = told.rows
    if len(rows) > MOST_DRAWN:
        # Of days the latest are asked for, of all else the dearest.
        rows = rows[-MOST_DRAWN:] if told.by[0] in TIMES else rows[:MOST_DRAWN]
        show.prose(f"{MOST_DRAWN} of {len(told.rows):,} rows; --json and --csv tell all")
    labels = [" · ".join(label(name, by) for name, by in zip(row.names, told.by, strict=True)) for row in rows]
    missing = draw(" · ".join(by.value for by in told.by), labels, rows) if rows else []
    if missing:
        show.prose(f"no room for {', '.join(missing)}: a wider terminal, --csv and --html have them")
    _talk(told, book, today)


def _talk(told: "Spend", book: "Book", today: date) -> None:
    for text in (*total_lines(told, book.period, today), *book.notes):
        show.prose(text)
