"""`imgcli report` alone: this month at a glance; and `imgcli report forecast`."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from imgcli.cli import options, show
from imgcli.cli.spent import ahead, in_words, look

if TYPE_CHECKING:
    from imgcli.model.charge import Charge
    from imgcli.reports.spend import By

MOST_NAMES = 5
"""Of each kind, the dearest."""


async def glance() -> int:
    """This month: what each day cost, what it was spent on, and where it is heading."""
    from imgcli.cli.bars import terminal_width
    from imgcli.cli.outlooks import block, worth_telling

    clock = datetime.now(UTC).date()
    today, charges, outlooks = await look(clock)
    month = [charge for charge in charges if charge.day[:7] == str(today)[:7]]
    if not month:
        show.prose(f"{today:%B %Y}: nothing was asked for yet (imgcli report spend --since last-month)")
        return 0
    from imgcli.reports.spend import By, spend

    total = spend(month, ()).total
    for text in show.folded(f"{today:%B %Y}: {in_words(total)}", sys.stdout):
        show.line(text)
    for by in (By.DAY, By.MODEL, By.STYLE, By.TAG, By.USER):
        _draw(month, by)
    show.line("")
    for text in (text for outlook in worth_telling(outlooks) for text in block(outlook, terminal_width())):
        show.line(text)
    for text in ahead(today, clock):
        show.prose(text)
    show.prose("more: imgcli report spend --by tag, imgcli report forecast, imgcli report --help")
    return 0


def _draw(charges: "Sequence[Charge]", by: "By") -> None:
    """The dearest rows of one kind; nothing where there is only one."""
    from imgcli.cli.bars import draw
    from imgcli.reports.spend import TIMES, label, spend

    told = spend(charges, [by])
    rows = told.rows if by in TIMES else told.rows[:MOST_NAMES]
    if by not in TIMES and len(told.rows) < 2:
        return
    show.line("")
    draw(by.value, [label(row.names[0], by) for row in rows], rows)
    if len(told.rows) > len(rows):
        show.line(f"and {len(told.rows) - len(rows):,} more (imgcli report spend --by {by.value})")


async def report_forecast(json: options.Json = False) -> int:
    """Show what this month will cost, and on which day each budget is reached.

    Each day to come costs what one of the last 28 days cost on average, days without pictures too; the range holds in 8
    of 10 months whose days differ as much. Caps per run are not foretold. Examples:

      imgcli report forecast

      imgcli report forecast --json
    """
    from imgcli.cli.outlooks import block, plain, worth_telling
    from imgcli.reports.forecast import METHOD

    clock = datetime.now(UTC).date()
    day, _, outlooks = await look(clock)
    if json:
        for outlook in outlooks:
            show.json_line(plain(outlook))
        return 0
    from imgcli.cli.bars import terminal_width

    for text in (text for outlook in worth_telling(outlooks) for text in block(outlook, terminal_width())):
        show.line(text)
    for text in (*ahead(day, clock), METHOD):
        show.prose(text)
    return 0
