"""Days as people type them: `2026-11-01`, `2026-10`, `this-month`, `7d`; all are UTC. Pure."""

import difflib
import re
from dataclasses import dataclass
from datetime import date, timedelta

from imgcli.errors import UsageError

WORDS = ("today", "yesterday", "this-month", "last-month", "this-year", "last-year")
HOW = "write a day like 2026-11-01, a month like 2026-11, 7d, or one of " + ", ".join(WORDS)
MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, both of them included; None where it is open."""

    since: date | None
    until: date | None

    def __str__(self) -> str:
        if self.since is None and self.until is None:
            return "everything so far"
        if self.since == self.until:
            return str(self.since)
        return f"{self.since or 'the first day'} to {self.until or 'today'}"

    @property
    def bounds(self) -> tuple[str, str]:
        """As `Ledger.charges` takes them: the first day, and the day after the last; empty where it is open."""
        after = self.until + timedelta(days=1) if self.until and self.until < date.max else None
        return str(self.since or ""), str(after or "")


def parse_period(since: str | None, until: str | None, today: date) -> Period:
    """What `--since` and `--until` name: from the first day of the one to the last day of the other.

    Raises:
        UsageError: one is no day, or they leave no day between them.
    """
    first = span(since, today, "--since")[0] if since is not None else None
    last = span(until, today, "--until")[1] if until is not None else None
    if first and last and first > last:
        raise UsageError(f"--since {since} begins after --until {until} ends; turn them round")
    return Period(first, last)


def span(typed: str, today: date, where: str) -> tuple[date, date]:
    """The first and the last day of what is typed.

    Raises:
        UsageError: with what to type instead; `where` is the option.
    """
    text = typed.strip().lower()
    found = _of_word(text, today) or _of_number(text, today)
    if found is None:
        near = difflib.get_close_matches(text, WORDS, n=1)
        raise UsageError(f"{where} {typed[:40]!r} is no day{f'; did you mean {near[0]}?' if near else f'; {HOW}'}")
    return found


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of its month."""
    first = day.replace(day=1)
    # No month has 32 days, and the first one after it is never skipped.
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1) if day < date(
        9999, 12, 1
    ) else date.max


def _of_word(text: str, today: date) -> tuple[date, date] | None:
    before = month_of(today)[0] - timedelta(days=1)
    match text:
        case "today":
            return today, today
        case "yesterday":
            return today - timedelta(days=1), today - timedelta(days=1)
        case "this-month":
            return month_of(today)
        case "last-month":
            return month_of(before)
        case "this-year":
            return date(today.year, 1, 1), date(today.year, 12, 31)
        case "last-year":
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        case _:
            return None


def _of_number(text: str, today: date) -> tuple[date, date] | None:
    try:
        if days := re.fullmatch(r"([0-9]{1,5})d", text):
            return today - timedelta(days=min(int(days[1]), MOST_DAYS) - 1), today
        if re.fullmatch(r"[0-9]{4}", text):
            return date(int(text), 1, 1), date(int(text), 12, 31)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
            return month_of(date.fromisoformat(f"{text}-01"))
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text), date.fromisoformat(text)
    except ValueError:
        return None
    return None
