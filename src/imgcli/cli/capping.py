"""A budget set or taken away: what `budget` and `init` share."""

import os
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.errors import UsageError
from imgcli.model.budget import Budget
from imgcli.model.money import format_usd

if TYPE_CHECKING:
    from imgcli.ports import Ledger


async def cap(budget: Budget) -> None:
    """Set a budget, and say so."""
    ledger = _ledger()
    try:
        await ledger.set_budget(budget)
    finally:
        await ledger.close()
    caps = [format_usd(budget.usd)] if budget.usd is not None else []
    caps += [f"{budget.pictures} pictures"] if budget.pictures is not None else []
    show.talk(f"set: {budget}: {' and '.join(caps)}")


async def uncap(budget: Budget) -> None:
    """Take a budget away, and say so.

    Raises:
        UsageError: there is none.
    """
    ledger = _ledger()
    try:
        removed = await ledger.remove_budget(budget)
    finally:
        await ledger.close()
    if not removed:
        raise UsageError(f"there is no budget for {budget}; see imgcli budget show")
    show.talk(f"removed: {budget}")


async def cap_of(budget: Budget) -> Budget | None:
    """The budget that is set for the same scope, subject and window; None if none is."""
    ledger = _ledger()
    try:
        balances = await ledger.balances()
    finally:
        await ledger.close()
    same = (budget.scope, budget.subject, budget.window)
    found = (one.budget for one in balances)
    return next((one for one in found if (one.scope, one.subject, one.window) == same), None)


def _ledger() -> "Ledger":
    from imgcli.settings import find_paths
    from imgcli.wiring import open_ledger

    return open_ledger(find_paths(os.environ))
