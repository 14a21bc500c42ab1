"""What the reports of money share: the ledger's charges of a time, and sums in words and in JSON."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from imgcli.model.money import exact_usd, format_usd

if TYPE_CHECKING:
    from imgcli.model.charge import Charge
    from imgcli.reports.forecast import Outlook
    from imgcli.reports.period import Period
    from imgcli.reports.spend import Only, Spend, Sums


@dataclass(frozen=True, slots=True)
class Book:
    """The charges of a time that are wanted, and what a person should know of them: a line each."""

    period: "Period"
    only: "Only"
    charges: "Sequence[Charge]"
    notes: Sequence[str] = ()


async def open_book(period: "Period", only: "Only") -> Book:
    """What the ledger has of that time; one that is not there has nothing, and none is made."""
    from imgcli.model.charge import present
    from imgcli.settings import find_paths
    from imgcli.wiring import open_ledger

    ledger = open_ledger(find_paths(os.environ))
    try:
        every = await ledger.charges(*period.bounds)
    finally:
        await ledger.close()
    today = datetime.now(UTC).date()
    late = ahead(present(every, today), today) if period.until is None else []
    return Book(period, only, [charge for charge in every if only.takes(charge)], [*_unknown(every, only), *late])


async def look(today: date) -> "tuple[date, Sequence[Charge], list[Outlook]]":
    """The day that the ledger is at, the charges that a forecast needs, and the forecasts."""
    from imgcli.model.charge import present
    from imgcli.reports.forecast import first_day, outlooks
    from imgcli.settings import find_paths
    from imgcli.wiring import open_ledger

    ledger = open_ledger(find_paths(os.environ))
    try:
        charges, balances = await ledger.charges(str(first_day(today))), await ledger.balances()
        if (day := present(charges, today)) > today:
            charges = await ledger.charges(str(first_day(day)))
    finally:
        await ledger.close()
    return day, charges, outlooks(charges, balances, day)


def ahead(day: date, today: date) -> list[str]:
    """What is told of a ledger whose `day` is later than `today`: budgets go by it, and so does all that is told."""
    if day <= today:
        return []
    days = (day - today).days
    late = f"the ledger is at {day}, {days} day{'s' if days != 1 else ''} ahead of this clock"
    return [f"{late}: it was written by one that was; budgets go by the ledger's day"]


def _unknown(charges: "Sequence[Charge]", only: "Only") -> list[str]:
    """A line for each name asked for that nothing of that time has: it may be a typing error."""
    from imgcli.reports.spend import By, names
    from imgcli.settings import guess

    notes = []
    for by in (By.TAG, By.STYLE, By.MODEL, By.USER, By.PROVIDER):
        wanted = getattr(only, by.value)
        known = {name for charge in charges for name in names(charge, by) if name} if wanted else set()
        if wanted and wanted not in known:
            notes.append(f"nothing of this time has the {by.value} {wanted!r}{guess(wanted, sorted(known))}")
    return notes


def exact(sums: "Sums") -> dict[str, Any]:
    """Sums for programs: dollars as text, to the last nano."""
    return {
        "pictures": sums.pictures,
        "attempts": sums.attempts,
        "spent_usd": exact_usd(sums.spent),
        "uncertain_usd": exact_usd(sums.uncertain),
        "held_usd": exact_usd(sums.held),
        "failed_usd": exact_usd(sums.failed),
        "refused_usd": exact_usd(sums.refused),
        "words_usd": exact_usd(sums.words),
        "average_usd": None if sums.average is None else exact_usd(sums.average),
        "priced_pictures": sums.priced,
    }


def total_lines(told: "Spend", period: "Period", today: date) -> list[str]:
    """The total in words, and what of it stands in more than one row."""
    total = told.total
    if period.since and period.since > today and not total.attempts:
        return [f"{period.since} lies ahead: today is {today} (UTC), and nothing is asked for yet"]
    lines = [f"{period}: {in_words(total)}"]
    if told.overlap.attempts:
        several = f"{told.overlap.pictures:,} pictures" if told.overlap.pictures != 1 else "1 picture"
        lines.append(f"{several} ({format_usd(told.overlap.money)}) in more than one row; the total counts each once")
    return lines


def in_words(sums: "Sums") -> str:
    """`120 pictures, $4.50 spent ($0.0450 each, 20 free), $0.20 uncertain`."""
    if not sums.attempts:
        return "nothing was asked for"
    free = sums.pictures - sums.priced
    of_spent = [f"{format_usd(sums.average)} each"] if sums.average is not None else []
    of_spent += [f"{free:,} free"] if free else []
    of_spent += [f"{format_usd(sums.words)} for words"] if sums.words else []
    of_spent += [f"{format_usd(sums.failed)} failed"] if sums.failed else []
    parts = [f"{sums.pictures:,} picture{'s' if sums.pictures != 1 else ''}"]
    parts.append(f"{format_usd(sums.spent)} spent{_aside(of_spent)}")
    if sums.uncertain:
        refused = [f"{format_usd(sums.refused)} refused"] if sums.refused else []
        parts.append(f"{format_usd(sums.uncertain)} uncertain{_aside(refused)}")
    parts += [f"{format_usd(sums.held)} held"] if sums.held else []
    return ", ".join(parts)


def _aside(words: Sequence[str]) -> str:
    return f" ({', '.join(words)})" if words else ""
