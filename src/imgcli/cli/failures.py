"""Attempts that brought no picture, as a list."""

from typing import TYPE_CHECKING, Any

from imgcli.cli import listing, show
from imgcli.cli.safe import safe_text
from imgcli.errors import UsageError
from imgcli.model.attempt import State
from imgcli.model.money import exact_usd, format_usd

if TYPE_CHECKING:
    from imgcli.cli.chosen import Desk
    from imgcli.model.attempt import Record

COLUMNS = ("id", "when (UTC)", "what", "cost", "prompt", "why")
HELD = frozenset({State.UNCERTAIN, State.MODERATED})
"""Nobody knows yet whether these are billed."""


async def show_failed(desk: "Desk", run: str, most: int, before: str | None, *, json: bool) -> int:
    """The newest of them, below the attempt `before` if one is named.

    Raises:
        UsageError: `before` is no attempt.
    """
    if run == "last":
        run = await desk.last_run()
    last = await _attempt(desk, before) if before else ""
    records = await desk.ledger.in_vain(most + 1, last, run)
    shown, is_more = records[:most], len(records) > most
    ids = await desk.ledger.short([record.attempt for record in shown])
    if json:
        for record in shown:
            show.json_line(_line(record, ids[record.attempt]))
    elif shown:
        same_year = len({record.created_at[:4] for record in shown}) == 1
        cells = [_cells(record, ids[record.attempt], same_year=same_year) for record in shown]
        for line in listing.aligned([COLUMNS, *cells], (4, 5), frozenset({3})):
            show.line(line)
    else:
        show.talk("every attempt brought its picture" if not before else "nothing older brought no picture")
    if is_more and not json:
        show.talk(f"next page:  imgcli history list --failed --before {ids[shown[-1].attempt]}")
    return 0


async def _attempt(desk: "Desk", typed: str) -> str:
    records = await desk.ledger.begun(typed.lower(), 2)
    if len(records) != 1:
        raise UsageError(f"--before {typed[:40]}: no one attempt has an id that begins so")
    return records[0].attempt


def _cells(record: "Record", name: str, *, same_year: bool) -> tuple[str, ...]:
    cost = format_usd(record.cost) if record.cost is not None else ""
    return (
        name,
        record.created_at[5:16].replace("T", " ") if same_year else record.created_at[:10],
        record.state.value,
        f"{cost}?" if record.state in HELD else cost,
        safe_text(record.job.prompt.typed, 200),
        safe_text(record.reason, 200),
    )


def _line(record: "Record", name: str) -> dict[str, Any]:
    from imgcli.reports.history import record_line

    told = {"event": "failed", "short": name} | record_line(record, record.job.key)
    held = record.state in HELD
    told |= {"prompt": record.job.prompt.typed, "is_billed": None if held else bool(record.cost)}
    return told | {"held_usd": exact_usd(record.cost or 0) if held else "0.00"}
