"""`imgcli report spend` for programs and spreadsheets: its rows as JSON lines or CSV, on stdout or as a new file."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imgcli.cli import show
from imgcli.cli.spent import exact
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.cli.spent import Book
    from imgcli.reports.period import Period
    from imgcli.reports.spend import Spend

NONE = "(none)"
OVERLAP = "(counted more than once)"


class Form(Enum):
    """The values are options."""

    TABLE = ""
    JSON = "--json"
    CSV = "--csv"
    PAGE = "--html"


ENDINGS = {".csv": Form.CSV, ".json": Form.JSON, ".jsonl": Form.JSON, ".html": Form.PAGE, ".htm": Form.PAGE}


def asked_form(out: Path | None, *, json: bool, csv: bool, html: Path | None) -> tuple[Form, Path | None]:
    """What is to be written, and the file that it goes to; None for stdout.

    Raises:
        UsageError: two forms are asked for, or none can be told from the name of the file.
    """
    asked = [form for form, wanted in ((Form.JSON, json), (Form.CSV, csv), (Form.PAGE, html is not None)) if wanted]
    if len(asked) > 1:
        raise UsageError("say one of --json, --csv and --html")
    if html is not None and out is not None:
        raise UsageError("say --html FILE or -o FILE, not both")
    if out is None:
        return (asked[0], html) if asked else (Form.TABLE, None)
    ending = ENDINGS.get(out.suffix.lower())
    if asked and ending not in {None, asked[0]}:
        raise UsageError(f"-o {out} with {asked[0].value}: write another ending, or leave out {asked[0].value}")
    if asked or ending:
        return asked[0] if asked else ENDINGS[out.suffix.lower()], out
    raise UsageError(f"-o {out}: write a name that ends in .csv, .json, .jsonl or .html, or say --csv or --json")


def tell(form: Form, told: "Spend", book: "Book", today: date, file: Path | None) -> None:
    """The rows on stdout; or in a new file, and its path on stdout.

    Raises:
        StorageError: the file cannot be written.
    """
    from imgcli.cli.csv_safe import csv_text
    from imgcli.cli.safe import safe_json

    if form is Form.CSV:
        text = csv_text(_rows(told, book, today))
    else:
        text = "".join(f"{safe_json(line)}\n" for line in _lines(told, book))
    if file is None:
        show.line(text.rstrip("\n"))
        return
    from imgcli.cli.previews import write_new

    show.line(str(write_new(file.expanduser(), text.encode())))


def _lines(told: "Spend", book: "Book") -> Iterator[dict[str, Any]]:
    for row in told.rows:
        names = {by.value: name for by, name in zip(told.by, row.names, strict=True)}
        yield {"event": "spend", **names, **exact(row.sums)}
    end = {
        "event": "end",
        "by": [by.value for by in told.by],
        "since": _day(book.period, 0),
        "until": _day(book.period, 1),
    }
    yield end | exact(told.total) | {"overlap": exact(told.overlap), "notes": list(book.notes)}


def _day(period: "Period", which: int) -> str | None:
    day = (period.since, period.until)[which]
    return str(day) if day else None


def _rows(told: "Spend", book: "Book", today: date) -> Iterator[Sequence[object]]:
    """A head, the rows, and what is taken off them again, so that every column but the mean adds up to the truth."""
    from imgcli.reports.spend import SEVERAL, Sums, corrections

    period = (_day(book.period, 0) or "", _day(book.period, 1) or str(today))
    yield ["kind", *(by.value for by in told.by), *exact(Sums()), "since", "until"]
    for row in told.rows:
        yield ["row", *(name or NONE for name in row.names), *_figures(exact(row.sums)), *period]
    for row in corrections(book.charges, told):
        names = (OVERLAP if by in SEVERAL else name or NONE for by, name in zip(told.by, row.names, strict=True))
        yield ["overlap", *names, *_figures(exact(row.sums) | {"average_usd": None}), *period]


def _figures(exactly: dict[str, Any]) -> Sequence[object]:
    from imgcli.cli.csv_safe import Amount

    return [Amount(each) if isinstance(each, str) else each for each in exactly.values()]
