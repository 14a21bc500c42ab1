"""At how much of a budget a person wants to be told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from imgcli.model.budget import Balance, Budget, Window

_FORM = re.compile(r"\s*(?P<percent>[0-9]{1,3})\s*%(?:\s+of\s+(?P<budget>\S.*?))?\s*", re.DOTALL)
_SPANS = (", per day", ", per month", ", in total")
"""How the names of budgets end; one for a run is over with it."""

HOW = "write it like 80%, or 80% of everything, per month"


@dataclass(frozen=True, slots=True)
class Alert:
    """`budget` as `str(Budget)` tells it; empty for every budget."""

    percent: int
    budget: str = ""

    def __str__(self) -> str:
        return f"{self.percent}% of {self.budget}" if self.budget else f"{self.percent}%"

    def concerns(self, budget: Budget) -> bool:
        return self.budget in {"", str(budget)}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A budget that has come to where a person wants to be told: `used` of `cap`, in nano-USD or in pictures.

    `percent` is the highest that was asked for and is reached.
    """

    balance: Balance
    percent: int
    used: int
    cap: int
    is_money: bool

    @property
    def reached(self) -> int:
        """Whole percent of the cap; a cap of nothing is full."""
        return self.used * 100 // self.cap if self.cap else 100


def parse_alert(text: str) -> Alert:
    """`80%` or `80% of everything, per month`.

    Raises:
        ValueError: it is neither.
    """
    found = _FORM.fullmatch(text)
    if found is None or not 1 <= int(found["percent"]) <= 100:
        raise ValueError(f"{text[:60]!r} is not a part of a budget, 1% to 100%; {HOW}")
    budget = found["budget"] or ""
    if budget and not budget.endswith(_SPANS):
        raise ValueError(f"{text[:60]!r} names no budget as imgcli budget show does; {HOW}")
    return Alert(int(found["percent"]), budget)


def alarms(balances: Sequence[Balance], alerts: Sequence[Alert]) -> list[Alarm]:
    """Budgets that are as full as somebody wants to be told, one for each cap; what is only held does not count yet."""
    found = []
    for balance in balances:
        if balance.budget.window is Window.RUN:
            continue
        wanted = [each.percent for each in alerts if each.concerns(balance.budget)]
        caps = ((balance.budget.usd, balance.spent_usd, True), (balance.budget.pictures, balance.spent_pictures, False))
        for cap, used, is_money in caps:
            reached = [percent for percent in wanted if cap is not None and used and used * 100 >= percent * cap]
            if cap is not None and reached:
                found.append(Alarm(balance, max(reached), used, cap, is_money))
    return found
