"""What the end of a run tells of budgets and of unusual spending: a line each on stderr, and an event for scripts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from imgcli.cli import show
from imgcli.cli.safe import safe_text
from imgcli.model.money import exact_usd, format_usd

if TYPE_CHECKING:
    from imgcli.model.alert import Alarm
    from imgcli.ports import Studio
    from imgcli.reports.summary import Summary
    from imgcli.reports.unusual import Unusual
    from imgcli.settings import Settings


MOST_ALERTS, MOST_NAMES = 8, 5
"""Told to people: a picture may have a thousand tags, and the sums above are not to leave the screen for them."""

LONGEST_NAME = 60
"""Characters of a user, a tag or a budget; events have all of it."""


async def money_news(studio: "Studio", settings: "Settings", summary: "Summary", *, json: bool) -> list[str]:
    """Lines for people; events are written here. Whatever goes wrong, the run is over and its pictures are there."""
    if not (summary.spent or summary.held or (settings.alert and summary.made)):
        return []
    from imgcli.alarming import new_alarms, new_unusual
    from imgcli.model.alert import parse_alert

    try:
        alarms = await new_alarms(studio.ledger, studio.board, [parse_alert(each) for each in settings.alert])
        odd = await new_unusual(studio.ledger, studio.board, studio.clock) if summary.spent or summary.held else []
    except Exception as error:  # noqa: BLE001 - no news of money is worth the exit code of a run that went well
        return [f"budgets were not looked at for alerts ({type(error).__name__}: {error})"]
    if json:
        for event in [*map(alarm_event, alarms), *map(_unusual_event, odd)]:
            show.json_line(event)
    return [*_alarm_lines(alarms), *_unusual_lines(odd)]


def _alarm_lines(alarms: "Sequence[Alarm]") -> list[str]:
    more = len(alarms) - MOST_ALERTS
    return [
        *map(alarm_line, alarms[:MOST_ALERTS]),
        *([f"alert: and {more:,} more budgets; see  imgcli budget show"] if more > 0 else []),
    ]


def alarm_line(alarm: "Alarm") -> str:
    balance = alarm.balance
    whom = "" if balance.subject == balance.budget.subject else f" ({_clipped(balance.subject)})"
    used, cap = (f"{alarm.used:,}", f"{alarm.cap:,} pictures")
    if alarm.is_money:
        used, cap = format_usd(alarm.used), format_usd(alarm.cap)
    return f"alert: {alarm.reached}% of the budget for {_clipped(str(balance.budget), ends=True)}{whom} is used: {used} of {cap}"


def alarm_event(alarm: "Alarm") -> dict[str, Any]:
    balance, budget = alarm.balance, alarm.balance.budget
    amounts: dict[str, Any] = {"used_pictures": alarm.used, "cap_pictures": alarm.cap}
    if alarm.is_money:
        amounts = {"used_usd": exact_usd(alarm.used), "cap_usd": exact_usd(alarm.cap)}
    place = {"scope": budget.scope.value, "subject": balance.subject, "per": budget.window.value}
    return {"event": "alert", **place, "window": balance.window_key, "at_percent": alarm.percent} | amounts


def _unusual_lines(odd: "Sequence[Unusual]") -> list[str]:
    """One line, whatever the names: they are mostly the same money."""
    if not odd:
        return []
    first, *others = odd
    named = [f"{each.by.value} {_clipped(each.name)}" for each in others[: MOST_NAMES - 1]]
    named += [f"{len(others) - len(named):,} more"] if len(others) > len(named) else []
    also = f"; also {', '.join(named)}" if named else ""
    usual = f"{format_usd(first.usual.median)} (median of the last {first.usual.days} days with spending)"
    took = f"{format_usd(first.today)} went to the {first.by.value} {_clipped(first.name)} today, {first.percent}% of the day"
    return [
        f"unusual: {took}; usual is {usual}{also}; see  imgcli report spend --since 28d --by day --by {first.by.value}"
    ]


def _clipped(name: str, *, ends: bool = False) -> str:
    """`name` short enough for a line; with `ends`, how it ends stays, which tells the span of a budget."""
    if ends and len(name) > LONGEST_NAME and ", " in name:
        start, _, span = name.rpartition(", ")
        return f"{safe_text(start, LONGEST_NAME)}, {span}"
    return safe_text(name, LONGEST_NAME)


def _unusual_event(odd: "Unusual") -> dict[str, Any]:
    return {
        "event": "unusual",
        "by": odd.by.value,
        "name": odd.name,
        "today_usd": exact_usd(odd.today),
        "day_usd": exact_usd(odd.whole),
        "usual_usd": exact_usd(odd.usual.median),
        "limit_usd": exact_usd(odd.usual.limit),
        "days": odd.usual.days,
    }
