"""What will be spent by the end of the month, against each cap. Pure; money in nano-USD, days in UTC.

The method in one sentence: every day still to come costs what a day of the last 28 cost on average, days without pictures
too, and the range is where the end lies in 8 of 10 months whose days differ as much as those did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from math import isqrt

from imgcli.model.attempt import State
from imgcli.model.budget import EACH, UNKNOWN, Balance, Scope, Window
from imgcli.model.charge import Charge
from imgcli.reports.period import month_of

LOOK_BACK = 28
"""Days before today: four of each weekday."""

LEAST_ACTIVE = 5
"""Days on which something was spent, below which nothing is foretold."""

IN_EIGHT_OF_TEN = 128
"""Hundredths of a standard deviation, to either side."""

FARTHEST = 3660
"""Days ahead on which a cap may be reached; nobody can know more."""

COUNTED = frozenset({State.RECEIVED, State.SAVED, State.SETTLED, State.UNCERTAIN, State.MODERATED, State.POSTED})
"""States of pictures that count against a cap on pictures."""

METHOD = (
    f"each day to come costs what one of the last {LOOK_BACK} days cost on average (days without pictures too); the range "
    "holds in 8 of 10 months whose days differ as much"
)


class Unit(Enum):
    USD = "usd"
    PICTURES = "pictures"


class Sure(Enum):
    """How far the range is from what is likely, against what is still to come."""

    FAIRLY = "fairly sure"  # a quarter of it at most
    ROUGHLY = "rough"  # all of it at most
    HARDLY = "little more than a guess"
    UNKNOWN = "too few days to tell"


@dataclass(frozen=True, slots=True)
class Pace:
    """What a day takes: the mean over `days` days before today, of which `active` had any, and their variance."""

    days: int
    active: int
    mean: int
    variance: int

    def strays(self, ahead: int) -> int:
        """How far the sum of that many days to come may be from its likely value; the mean itself is not sure either."""
        if not self.days:
            return 0
        return isqrt(self.variance * ahead * (self.days + ahead) // self.days) * IN_EIGHT_OF_TEN // 100


@dataclass(frozen=True, slots=True)
class Outlook:
    """One cap, or the month where there is none, and where it is heading.

    Attributes:
        balance: None for the month as a whole.
        cap: None without one.
        used: until now, with what is held.
        until: the last day that is foretold: today for a cap per day, else the end of the month.
        likely: at the end of `until`, with `low` and `high` around it; None where nobody can tell.
        reached: the day on which the cap will be, or was, reached; None if not in its window.
        earliest: the same if days are as dear as the range allows.
        daily: what is left for each day from today to `until`.
    """

    balance: Balance | None
    unit: Unit
    cap: int | None
    used: int
    today: int
    pace: Pace
    until: date
    sure: Sure
    likely: int | None = None
    low: int | None = None
    high: int | None = None
    reached: date | None = None
    earliest: date | None = None
    daily: int | None = None


def outlooks(charges: Sequence[Charge], balances: Sequence[Balance], today: date) -> list[Outlook]:
    """The month as a whole, then every cap that lasts longer than a run.

    Args:
        charges: from `first_day(today)` on.
        balances: as the ledger tells them.
        today: in UTC.
    """
    month = str(today)[:7]
    used = sum(each.posted + each.held for each in charges if each.day[:7] == month)
    found = [_outlook(None, Unit.USD, charges, today, used=used, cap=None)]
    for balance in balances:
        if balance.budget.window is Window.RUN or balance.subject == EACH:
            continue
        covered = [charge for charge in charges if covers(balance, charge)]
        if balance.budget.usd is not None:
            used = balance.spent_usd + balance.held_usd
            found.append(_outlook(balance, Unit.USD, covered, today, used=used, cap=balance.budget.usd))
        if balance.budget.pictures is not None:
            used = balance.spent_pictures + balance.held_pictures
            found.append(_outlook(balance, Unit.PICTURES, covered, today, used=used, cap=balance.budget.pictures))
    return found


def first_day(today: date) -> date:
    """From when on charges are needed."""
    return min(today - timedelta(days=LOOK_BACK), today.replace(day=1))


def covers(balance: Balance, charge: Charge) -> bool:
    """Whether a budget counts it; what nobody knows the user of counts for every user."""
    match balance.budget.scope:
        case Scope.ALL:
            return True
        case Scope.USER:
            return charge.user in {balance.subject, UNKNOWN}
        case Scope.TAG:
            return balance.subject in charge.tags
        case Scope.PROVIDER:
            return charge.provider == balance.subject


def pace(daily: Mapping[str, int], first: str, today: date) -> Pace:
    """Of the days before today that were looked back at, from the day `first` on, on which the ledger knows anything."""
    days = [str(today - timedelta(days=back)) for back in range(1, LOOK_BACK + 1)]
    values = [daily.get(day, 0) for day in days if day >= first]
    count, total = len(values), sum(values)
    if not count:
        return Pace(0, 0, 0, 0)
    squares = count * sum(value * value for value in values) - total * total
    variance = squares // (count * (count - 1)) if count > 1 else 0
    return Pace(count, sum(value > 0 for value in values), (2 * total + count) // (2 * count), variance)


def _outlook(
    balance: Balance | None, unit: Unit, charges: Sequence[Charge], today: date, *, used: int, cap: int | None
) -> Outlook:
    daily = _daily(charges, unit)
    rate = pace(daily, min(daily, default=""), today)
    so_far = daily.get(str(today), 0)
    window = balance.budget.window if balance else Window.MONTH
    until = today if window is Window.DAY else month_of(today)[1]
    ahead = (until - today).days
    left = None if cap is None else max(0, cap - used)
    known = Outlook(
        balance,
        unit,
        cap,
        used,
        so_far,
        rate,
        until,
        Sure.UNKNOWN,
        reached=today if left == 0 else None,
        daily=None if left is None else left // (ahead + 1),
    )
    if rate.active < LEAST_ACTIVE:
        return known
    return _foretold(known, left, today, ahead, farthest=FARTHEST if window is Window.TOTAL else ahead)


def _foretold(known: Outlook, left: int | None, today: date, ahead: int, *, farthest: int) -> Outlook:
    """With what the pace makes likely; today costs at least what a day costs."""
    rate = known.pace
    rest = max(0, rate.mean - known.today)
    stray = rate.strays(ahead or 1)
    more = rest + rate.mean * ahead
    likely = known.used + more
    reached = earliest = known.reached
    if left is not None and reached is None:
        days = range(farthest + 1)
        reached = next((today + timedelta(days=n) for n in days if rest + rate.mean * n >= left), None)
        earliest = next(
            (today + timedelta(days=n) for n in days if rest + rate.mean * n + rate.strays(n or 1) >= left), None
        )
    sure = Sure.FAIRLY if stray * 4 <= more else Sure.ROUGHLY if stray <= more else Sure.HARDLY
    return replace(
        known,
        sure=sure,
        likely=likely,
        low=max(known.used, likely - stray),
        high=likely + stray,
        reached=reached,
        earliest=earliest,
    )


def _daily(charges: Sequence[Charge], unit: Unit) -> dict[str, int]:
    """UTC day -> what it took, also the days on which nothing cost anything."""
    found: dict[str, int] = {}
    for charge in charges:
        if unit is Unit.USD:
            amount = charge.posted
        else:
            amount = charge.attempts if charge.state in COUNTED and not charge.is_text else 0
        found[charge.day] = found.get(charge.day, 0) + amount
    return found
