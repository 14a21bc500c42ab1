"""What the end of a run tells of budgets and of unusual spending: a line each on stderr, and an event for scripts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from imgcli.cli import show
from imgcli.model.money import exact_usd, format_usd

if TYPE_CHECKING:
    from imgcli.model.alert import Alarm
    from imgcli.ports import Studio
    from imgcli.reports.summary import Summary
    from imgcli.reports.unusual import Unusual
    from imgcli.settings import Settings


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
    return [*map(alarm_line, alarms), *_unusual_lines(odd)]


def alarm_line(alarm: "Alarm") -> str:
    balance = alarm.balance
    whom = "" if balance.subject == balance.budget.subject else f" ({balance.subject})"
    used, cap = (f"{alarm.used:,}", f"{alarm.cap:,} pictures")
    if alarm.is_money:
        used, cap = format_usd(alarm.used), format_usd(alarm.cap)
    return f"alert: {alarm.reached}% of the budget for {balance.budget}{whom} is used: {used} of {cap}"


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
    also = f"; also {', '.join(f'{each.by.value} {each.name}' for each in others)}" if others else ""
    usual = f"{format_usd(first.usual.median)} (median of the last {first.usual.days} days with spending)"
    took = f"{format_usd(first.today)} went to the {first.by.value} {first.name} today, {first.percent}% of the day"
    return [
        f"unusual: {took}; usual is {usual}{also}; see  imgcli report spend --since 28d --by day --by {first.by.value}"
    ]


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
