"""Forecasts in words and in JSON."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from imgcli.model.budget import Budget, Scope, Window
from imgcli.model.money import NANO, exact_usd, format_usd

CENT = NANO // 100
INDENT = 12

if TYPE_CHECKING:
    from imgcli.model.budget import Balance
    from imgcli.reports.forecast import Outlook


def named(balance: "Balance | None") -> str:
    """The budget as people know it, with the one of several that is meant."""
    if balance is None:
        return "this month, all of it"
    budget = balance.budget
    return str(budget) if balance.subject == budget.subject else f"{budget} ({balance.subject})"


def amount(number: int, outlook: "Outlook") -> str:
    from imgcli.reports.forecast import Unit

    return format_usd(number) if outlook.unit is Unit.USD else f"{number:,} picture{'s' if number != 1 else ''}"


def rough(number: int, outlook: "Outlook") -> str:
    """An amount that nobody knows to a tenth of a cent."""
    from imgcli.reports.forecast import Unit

    if outlook.unit is Unit.USD and number >= NANO:
        number = (number + CENT // 2) // CENT * CENT
    return amount(number, outlook)


def facts(outlook: "Outlook") -> list[tuple[str, str]]:
    """(what, words) of one forecast, for a table of two columns."""
    told = [("used", _used(outlook))]
    if outlook.likely is None or outlook.low is None or outlook.high is None:
        told.append(("forecast", _why_none(outlook)))
    else:
        least = rough(outlook.low, outlook).removesuffix(" pictures")
        span = f"{least} to {rough(outlook.high, outlook)}"
        words = f"about {rough(outlook.likely, outlook)} ({span}; {outlook.sure.value})"
        told.append((f"by {_short(outlook.until)}", words))
    if outlook.cap is not None:
        told.append(("reached", _reached(outlook)))
        if outlook.daily is not None:
            each = "today" if outlook.until == _day(outlook) else f"a day until {_short(outlook.until)}"
            told.append(("left", f"{rough(outlook.daily, outlook)} {each}"))
    return told


def worth_telling(outlooks: "Sequence[Outlook]") -> "list[Outlook]":
    """The month as a whole only where no budget says the same of it."""
    whole = Budget(Scope.ALL, "", Window.MONTH, None, None)
    has_cap = any(
        each.balance and str(each.balance.budget) == str(whole) and each.unit.value == "usd" for each in outlooks
    )
    return [each for each in outlooks if each.balance or not has_cap]


def block(outlook: "Outlook", width: int) -> list[str]:
    """Name and facts, a line each, folded to the width of the terminal."""
    from textwrap import wrap

    from imgcli.cli.safe import safe_text

    lines = [safe_text(named(outlook.balance))]
    for what, words in facts(outlook):
        folded = wrap(words, max(20, width - INDENT)) or [""]
        lines += [f"  {what if not place else '':<{INDENT - 2}}{each}" for place, each in enumerate(folded)]
    return lines


def plain(outlook: "Outlook") -> dict[str, Any]:
    """One forecast for programs; amounts of money as text."""
    from imgcli.reports.forecast import Unit

    is_money = outlook.unit is Unit.USD
    budget = outlook.balance.budget if outlook.balance else None
    names = ("cap", "used", "likely", "low", "high", "daily")
    numbers = {name: getattr(outlook, name) for name in names} | {"mean": outlook.pace.mean}
    return {
        "event": "forecast",
        "scope": budget.scope.value if budget else "all",
        "subject": outlook.balance.subject if outlook.balance else "",
        "per": budget.window.value if budget else "month",
        "unit": outlook.unit.value,
        **{
            f"{name}_{outlook.unit.value}": exact_usd(each) if is_money and each is not None else each
            for name, each in numbers.items()
        },
        "until": str(outlook.until),
        "reached": str(outlook.reached) if outlook.reached else None,
        "earliest": str(outlook.earliest) if outlook.earliest else None,
        "sure": outlook.sure.value,
        "days": outlook.pace.days,
        "active_days": outlook.pace.active,
    }


def _why_none(outlook: "Outlook") -> str:
    from imgcli.reports.forecast import LEAST_ACTIVE, LOOK_BACK, Unit

    days = outlook.pace.active
    what = "money was spent" if outlook.unit is Unit.USD else "pictures were made"
    on = f"{days} day{'s' if days != 1 else ''}" if days else "no day"
    return (
        f"none yet: {what} on {on} of the last {LOOK_BACK} before today, and a forecast takes {LEAST_ACTIVE} such days"
    )


def _used(outlook: "Outlook") -> str:
    from imgcli.reports.forecast import Unit

    if outlook.cap is None:
        return amount(outlook.used, outlook)
    used = amount(outlook.used, outlook) if outlook.unit is Unit.USD else f"{outlook.used:,}"
    return f"{used} of {amount(outlook.cap, outlook)}"


def _reached(outlook: "Outlook") -> str:
    if outlook.cap is not None and outlook.used >= outlook.cap:
        return "now: nothing is left"
    if outlook.likely is None:
        return "nobody can tell yet"
    if outlook.reached is None:
        return f"perhaps on {outlook.earliest}" if outlook.earliest else f"not {_horizon(outlook)}, as it looks"
    sooner = f", perhaps on {outlook.earliest}" if outlook.earliest != outlook.reached else ""
    return f"on {outlook.reached}{sooner}"


def _horizon(outlook: "Outlook") -> str:
    window = outlook.balance.budget.window if outlook.balance else Window.MONTH
    return {Window.DAY: "on a usual day", Window.TOTAL: "in the next ten years"}.get(window, "this month")


def _day(outlook: "Outlook") -> date | None:
    is_daily = outlook.balance is not None and outlook.balance.budget.window is Window.DAY
    return outlook.until if is_daily else None


def _short(day: date) -> str:
    return f"{day:%d %b}".lstrip("0")
