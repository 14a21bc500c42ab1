"""What is told of money when a run is over: budgets that come near their end, and spending that is not as it was.

What was told stands on the board that all processes of a user share, not in the ledger: it is no money, and if the board is
lost the worst is that something is told twice.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from imgcli.model.alert import Alarm, Alert, alarms
from imgcli.model.budget import Balance
from imgcli.model.charge import present
from imgcli.ports import Board, Clock, Ledger
from imgcli.reports.spend import By
from imgcli.reports.unusual import KINDS, LOOK_BACK, Name, Unusual, Usual, by_name, suspects, unusual, usual

_KINDS = frozenset(each.value for each in KINDS)

PATIENCE = 0.5
"""Seconds that looking back may take at the end of a run; a ledger with thousands of pictures a day is looked at for
fewer days."""


async def new_alarms(ledger: Ledger, board: Board, alerts: Sequence[Alert]) -> list[Alarm]:
    """Budgets that have come to an alert and of which no process has told yet in their present window."""
    if not alerts:
        return []
    balances = await ledger.balances()
    if not (found := alarms(balances, alerts)):
        return []
    present = {_name(each, is_money=is_money) for each in balances for is_money in (True, False)}
    told: dict[str, object] = {}

    def work(note: str) -> str:
        nonlocal told
        # A window that is over is forgotten, and so is a cap that was changed.
        told = {name: percent for name, percent in _parsed(note).items() if name in present}
        return json.dumps(
            told
            | {_name(each.balance, is_money=each.is_money): max(each.percent, _percent(told, each)) for each in found}
        )

    await board.change("alerts", work)
    return [each for each in found if each.percent > _percent(told, each)]


async def new_unusual(ledger: Ledger, board: Board, clock: Clock) -> list[Unusual]:
    """Names that dominate today as they do not usually, of which no process has told yet today."""
    since = clock.now().date()
    charges = await ledger.charges(str(since))
    # Several days of a ledger that is ahead of the clock are not one that is unusual.
    day = present(charges, since)
    today = [charge for charge in charges if charge.day == str(day)]
    wanted = suspects(today)
    if not wanted:
        return []
    kept = await board.change("usual", lambda note: note if _parsed(note).get("day") == str(day) else _fresh(day))
    known = _known(kept)
    if missing := [name for name in wanted if name not in known]:
        known |= usual(await _days(ledger, clock, day), missing)
        await board.change("usual", lambda _: _with(day, known))
    odd = unusual(today, known)
    return await _untold(board, day, odd) if odd else []


async def _days(ledger: Ledger, clock: Clock, today: date) -> list[dict[Name, int]]:
    """The money of each past day by name, the newest first, as many as there is time for."""
    found, end = [], clock.monotonic() + PATIENCE
    for back in range(1, LOOK_BACK + 1):
        day = today - timedelta(days=back)
        found.append(by_name(await ledger.charges(str(day), str(day + timedelta(days=1)))))
        if clock.monotonic() > end:
            break
    return found


async def _untold(board: Board, day: date, odd: Sequence[Unusual]) -> list[Unusual]:
    before: set[tuple[str, str]] = set()

    def work(note: str) -> str:
        nonlocal before
        known = _parsed(note)
        told = known.get("told") if known.get("day") == str(day) else []
        before = {(each[0], each[1]) for each in _pairs(told)}
        names = before | {(each.by.value, each.name) for each in odd}
        return json.dumps({"day": str(day), "told": sorted(names)})

    await board.change("unusual", work)
    return [each for each in odd if (each.by.value, each.name) not in before]


def _name(balance: Balance, *, is_money: bool) -> str:
    cap = balance.budget.usd if is_money else balance.budget.pictures
    return json.dumps([str(balance.budget), balance.subject, balance.window_key, is_money, cap])


def _percent(told: Mapping[str, object], alarm: Alarm) -> int:
    """At how much it was told of in this window; 0 if it was not."""
    percent = told.get(_name(alarm.balance, is_money=alarm.is_money), 0)
    return percent if isinstance(percent, int) else 0


def _fresh(day: date) -> str:
    return json.dumps({"day": str(day), "usual": []})


def _with(day: date, known: dict[Name, Usual]) -> str:
    rows = [[by.value, name, each.median, each.mad, each.days] for (by, name), each in known.items()]
    return json.dumps({"day": str(day), "usual": rows})


def _known(note: str) -> dict[Name, Usual]:
    found: dict[Name, Usual] = {}
    rows = _parsed(note).get("usual")
    for row in rows if isinstance(rows, list) else ():
        match row:
            case [str(by), str(name), int(median), int(mad), int(days)] if by in _KINDS:
                found[By(by), name] = Usual(median, mad, days)
            case _:
                continue
    return found


def _parsed(note: str) -> dict[str, object]:
    """A note that is not as it was written, is none."""
    try:
        known = json.loads(note or "{}")
    except (ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def _pairs(rows: object) -> list[tuple[str, str]]:
    if not isinstance(rows, list):
        return []
    return [(row[0], row[1]) for row in rows if isinstance(row, list) and len(row) == 2 and all(map(_is_text, row))]


def _is_text(value: object) -> bool:
    return isinstance(value, str)
