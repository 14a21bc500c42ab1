"""How full each budget is: rows that the database itself keeps under their caps.

A counter is a projection of the attempts it covers, opened with their sum when a window is first touched, so a
budget set at noon knows what was spent in the morning.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from imgcli.errors import BudgetError, LedgerError
from imgcli.ledger import events
from imgcli.ledger.events import Story
from imgcli.ledger.rules import Weight
from imgcli.ledger.sql import SQL
from imgcli.model.budget import EACH, UNKNOWN, Balance, Budget, Scope, Window
from imgcli.model.money import format_usd
from imgcli.model.plain import plain


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who spends and when: all that decides which budgets cover an attempt."""

    run: str
    user: str
    provider: str
    tags: tuple[str, ...]
    day: str
    month: str

    def subjects(self, scope: Scope) -> tuple[str, ...]:
        match scope:
            case Scope.ALL:
                return ("",)
            case Scope.USER:
                return (self.user,)
            case Scope.PROVIDER:
                return (self.provider,)
            case Scope.TAG:
                return self.tags

    def counts_for(self, scope: Scope, subject: str) -> bool:
        """Whether it counts against a cap on `subject`: nobody's cap may be passed by pictures of an unknown user."""
        return subject in self.subjects(scope) or (scope is Scope.USER and self.user == UNKNOWN)

    def window_key(self, window: Window) -> str:
        match window:
            case Window.RUN:
                return self.run
            case Window.DAY:
                return self.day
            case Window.MONTH:
                return self.month
            case Window.TOTAL:
                return ""


def budgets(tx: sqlite3.Connection) -> list[Budget]:
    """All that are set.

    Raises:
        LedgerError: somebody or something changed one.
    """
    try:
        return [
            Budget(Scope(row["scope"]), row["subject"], Window(row["span"]), row["usd"], row["pictures"])
            for row in tx.execute(SQL["budgets"])
        ]
    except ValueError as error:
        raise LedgerError(f"a budget in the ledger cannot be read ({error}); run imgcli verify") from error


def cap_run(story: Story, run: str, usd: int) -> None:
    """The cap of one run in nano-USD."""
    place = {"scope": "all", "budget_subject": run, "span": "run", "subject": "", "span_key": run}
    _open(story, place, {"usd": usd, "pictures": None} | plain(Weight()))


def hold(
    story: Story, claimant: Claimant, upper: int, *, priced: bool, pictures: int = 1, what: str = "picture"
) -> None:
    """Hold `upper` nano-USD and one picture, or none, in every budget that covers `claimant`; `what` is for people.

    Raises:
        BudgetError: one has no room, or has a cap in dollars and the price is unknown; the caller rolls back.
    """
    _open_missing(story, claimant)
    for counter in _covering(story.tx, claimant):
        if counter["usd_cap"] is not None and not priced:
            raise BudgetError(
                f"the price is unknown and {_name(counter)} has a budget in dollars; "
                "state one with --assume-cost USD, or set prices in the config"
            )
        if not story.tx.execute(
            SQL["hold"], {"upper": upper, "pictures": pictures, "rowid": counter["rowid"]}
        ).rowcount:
            raise BudgetError(_refusal(counter, upper, what))


def shift(tx: sqlite3.Connection, claimant: Claimant, change: Weight) -> None:
    """Add `change` to every counter that covers `claimant`."""
    for counter in _covering(tx, claimant):
        tx.execute(SQL["shift"], plain(change) | {"rowid": counter["rowid"]})


def balances(tx: sqlite3.Connection, today: Claimant) -> list[Balance]:
    """Each budget with what it covers now; `today` gives the present day and month, its other fields are unused.

    A budget for each user, tag or provider has a line for everyone who spent in its window; one per run starts anew
    with every run, so it has none of its own.
    """
    found = []
    for budget in budgets(tx):
        key = today.window_key(budget.window)
        subjects = [budget.subject]
        if budget.subject == EACH and budget.window is not Window.RUN:
            place = {"scope": budget.scope.value, "span": budget.window.value, "span_key": key}
            subjects = [row["subject"] for row in tx.execute(SQL["subjects"], place)] or subjects
        for subject in subjects:
            nothing = budget.window is Window.RUN or subject == EACH
            sums = plain(Weight()) if nothing else weigh(tx, budget.scope.value, subject, budget.window.value, key)
            found.append(_balance(budget, subject, key, sums))
    return found


def _balance(budget: Budget, subject: str, key: str, sums: sqlite3.Row | dict[str, int]) -> Balance:
    return Balance(
        budget,
        subject,
        key,
        held_usd=sums["held"],
        spent_usd=sums["spent"] + sums["overrun"],
        held_pictures=sums["held_pictures"],
        spent_pictures=sums["spent_pictures"],
    )


def _open_missing(story: Story, claimant: Claimant) -> None:
    for budget in budgets(story.tx):
        key = claimant.window_key(budget.window)
        for subject in claimant.subjects(budget.scope):
            if budget.subject in {"", EACH, subject}:
                _open_counter(story, budget, subject, key)


def _open_counter(story: Story, budget: Budget, subject: str, key: str) -> None:
    """Open the counter with the sum of what it covers, unless it is open."""
    place = {
        "scope": budget.scope.value,
        "budget_subject": budget.subject,
        "span": budget.window.value,
        "subject": subject,
        "span_key": key,
    }
    if story.tx.execute(SQL["find_counter"], place).fetchone():
        return
    sums = weigh(story.tx, budget.scope.value, subject, budget.window.value, key)
    _open(story, place, {"usd": budget.usd, "pictures": budget.pictures} | dict(sums))


def _open(story: Story, place: dict[str, str], content: dict[str, int | None]) -> None:
    story.tx.execute(SQL["open_counter"], place | content)
    opened = story.tx.execute(SQL["find_counter"], place).fetchone()
    story.append("", "counter", {name: opened[name] for name in (*place, *events.CAPS)})


def weigh(tx: sqlite3.Connection, scope: str, subject: str, span: str, span_key: str) -> sqlite3.Row:
    """The sums of the attempts that a counter covers, in the columns of `Weight`."""
    place = {"scope": scope, "subject": subject, "span": span, "span_key": span_key, "unknown": UNKNOWN}
    row: sqlite3.Row = tx.execute(SQL["weigh_attempts"], place).fetchone()
    return row


def _covering(tx: sqlite3.Connection, claimant: Claimant) -> Iterator[sqlite3.Row]:
    keys = {"run": claimant.run, "day": claimant.day, "month": claimant.month}
    for row in tx.execute(SQL["counters"], keys).fetchall():
        if claimant.counts_for(Scope(row["scope"]), row["subject"]):
            yield row


def _name(counter: sqlite3.Row) -> str:
    if counter["span"] == "run" and counter["budget_subject"] == counter["span_key"]:
        return "this run (--max-cost)"
    return str(Budget(Scope(counter["scope"]), counter["subject"], Window(counter["span"]), None, None))


def _refusal(counter: sqlite3.Row, upper: int, what: str) -> str:
    used = counter["held"] + counter["spent"] + counter["overrun"]
    until = _until(counter)
    if counter["usd_cap"] is not None and upper and used + upper > counter["usd_cap"]:
        left = max(0, counter["usd_cap"] - used)
        return (
            f"budget for {_name(counter)}: {format_usd(left)} of {format_usd(counter['usd_cap'])} left{until}, "
            f"and this {what} may cost {format_usd(upper)}"
        )
    return f"budget for {_name(counter)}: all {counter['pictures_cap']} pictures{until} are made or under way"


def _until(counter: sqlite3.Row) -> str:
    """When a window of the calendar ends, and its budget is whole again."""
    match Window(counter["span"]):
        case Window.DAY:
            end = date.fromisoformat(counter["span_key"]) + timedelta(days=1)
        case Window.MONTH:
            # No month has 32 days, and the first one after it is never skipped.
            end = (date.fromisoformat(f"{counter['span_key']}-01") + timedelta(days=32)).replace(day=1)
        case _:
            return ""
    return f" until {end} 00:00 UTC"
