"""One tag, style, command, user or model that suddenly dominates the money of a day. Pure; nano-USD, days in UTC.

The rule: it is told of a name that today took $5 or more, and half of all money of the day or more, and more than twice its
median of the last 28 days, and lies more than five standard deviations above it. Days on which nobody spent anything are
left out, on all others a name without money counts as 0. The deviation is 1.4826 times the median absolute deviation, so
that one wild day among quiet ones neither hides the next nor raises what is usual. With less than five such days nothing
is told: nobody knows yet what is usual.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from imgcli.model.charge import Charge
from imgcli.model.money import NANO
from imgcli.reports.spend import By, names

LOOK_BACK = 28
LEAST_DAYS = 5
FLOOR = 5 * NANO
"""Below it nothing is unusual: small money is quiet."""

DEVIATIONS = 7413
"""Thousandths of a median absolute deviation: five standard deviations, were the days spread as most things are."""

KINDS = (By.TAG, By.STYLE, By.COMMAND, By.USER, By.MODEL)
"""The most telling first."""

Name = tuple[By, str]


@dataclass(frozen=True, slots=True)
class Usual:
    """What a name takes on a day: median and median absolute deviation over `days` days with any spending."""

    median: int
    mad: int
    days: int

    @property
    def limit(self) -> int:
        """Above it a day is not usual any more."""
        return self.median + max(self.median, self.mad * DEVIATIONS // 1000)


@dataclass(frozen=True, slots=True)
class Unusual:
    """A name, what it took today, all that the day took, and what is usual."""

    by: By
    name: str
    today: int
    whole: int
    usual: Usual

    @property
    def percent(self) -> int:
        return self.today * 100 // self.whole


def by_name(charges: Iterable[Charge]) -> dict[Name, int]:
    """Money of each name, also what is uncertain; a picture with two tags counts for each."""
    found: dict[Name, int] = {}
    for charge in charges:
        if charge.posted:
            for by in KINDS:
                for name in names(charge, by):
                    if name is not None:
                        found[by, name] = found.get((by, name), 0) + charge.posted
    return found


def suspects(today: Sequence[Charge]) -> list[Name]:
    """Names that dominate the day with money that matters; of most days there are none, and nothing else is looked at."""
    whole = sum(charge.posted for charge in today)
    if whole < FLOOR:
        return []
    found = by_name(today)
    return [name for name, money in found.items() if money >= FLOOR and money * 2 >= whole]


def usual(days: Sequence[Mapping[Name, int]], wanted: Collection[Name]) -> dict[Name, Usual]:
    """What is usual for each name, from the money of each past day; days without any are left out."""
    active = [day for day in days if any(day.values())]
    return {name: _usual([day.get(name, 0) for day in active]) for name in wanted}


def unusual(today: Sequence[Charge], known: Mapping[Name, Usual]) -> list[Unusual]:
    """The suspects that are above their limits, the most telling kind first."""
    whole, money = sum(charge.posted for charge in today), by_name(today)
    found = [
        Unusual(by, name, money[by, name], whole, known[by, name])
        for by, name in suspects(today)
        if (by, name) in known
    ]
    odd = [each for each in found if each.usual.days >= LEAST_DAYS and each.today > each.usual.limit]
    return sorted(odd, key=lambda each: (KINDS.index(each.by), -each.today, each.name))


def _usual(values: Sequence[int]) -> Usual:
    middle = _median(values)
    return Usual(middle, _median([abs(value - middle) for value in values]), len(values))


def _median(values: Sequence[int]) -> int:
    ordered = sorted(values)
    if not ordered:
        return 0
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2
