"""`imgcli report spend --html`: the page, written as a new file."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli.outlooks import facts, named, worth_telling
from imgcli.cli.previews import write_new
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.cli.spent import Book
    from imgcli.reports.forecast import Outlook
    from imgcli.reports.spend import By


def write_page(book: "Book", asked: "Sequence[By]", typed: Path, today: date, outlooks: "Sequence[Outlook]") -> Path:
    """The file it was written to: `typed`, numbered if that is taken.

    Raises:
        UsageError: `typed` is no name of a page.
        StorageError: it cannot be written.
    """
    from imgcli.reports.spend import By
    from imgcli.reports.spend_page import Gauge, spend_page

    wish = typed.expanduser()
    if wish.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"--html {typed}: write a name that ends in .html")
    usual = [[by] for by in (By.MODEL, By.STYLE, By.TAG, By.USER, By.PROJECT, By.COMMAND, By.STATE, By.DAY)]
    gauges = [
        Gauge(named(each.balance), facts(each), each.used, each.likely, each.low, each.high, each.cap)
        for each in worth_telling(outlooks)
    ]
    text = spend_page(
        book.charges,
        book.period,
        today,
        [asked] if asked else usual,
        gauges=gauges,
        notes=book.notes,
        only=book.only.words,
    )
    return write_new(wish, text.encode())
