"""Before anything is paid: whether the budgets have room, and whether the person at the terminal says yes."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.cli.closing import pictures, with_tries
from imgcli.cli.questions import question
from imgcli.errors import BudgetError, UsageError
from imgcli.model.budget import EACH, UNKNOWN, Scope, Window
from imgcli.model.money import format_usd
from imgcli.model.quote import Priced, Quote, likely_and_most
from imgcli.settings import Settings

if TYPE_CHECKING:
    from imgcli.ports import Studio


async def require_room(studio: "Studio", made: Sequence[Quote], questions: Sequence[Quote], settings: Settings) -> None:
    """Refuse a dry run that a budget would stop; `questions` cost money and are no pictures.

    Raises:
        BudgetError: with the budget and what is missing.
    """
    upper = likely_and_most((*made, *questions))[1]
    wanted = sum(1 + quote.job.tries for quote in made)
    if settings.max_cost is not None and upper > settings.max_cost:
        raise BudgetError(
            f"the run may cost up to {format_usd(upper)}, more than --max-cost {format_usd(settings.max_cost)}"
        )
    for balance in await studio.ledger.balances():
        budget = balance.budget
        if budget.subject and (budget.scope is not Scope.USER or balance.subject not in {settings.user, EACH, UNKNOWN}):
            continue
        if budget.window is Window.RUN:
            continue
        if budget.usd is not None and balance.held_usd + balance.spent_usd + upper > budget.usd:
            left = max(0, budget.usd - balance.held_usd - balance.spent_usd)
            raise BudgetError(
                f"the run may cost up to {format_usd(upper)}; the budget for {budget} has {format_usd(left)} left"
            )
        if budget.pictures is not None and balance.held_pictures + balance.spent_pictures + wanted > budget.pictures:
            left = max(0, budget.pictures - balance.held_pictures - balance.spent_pictures)
            raise BudgetError(f"the run may make {pictures(wanted)}; the budget for {budget} has {left} left")


def would_ask(made: Sequence[Quote], settings: Settings, *, asks: bool) -> bool:
    """Whether `confirm` might ask about all of these, so that it is worth knowing which of them cost."""
    limit = settings.confirm_over
    return asks or (limit is not None and likely_and_most(made)[0] > limit)


def confirm(
    made: Sequence[Quote],
    questions: Sequence[Quote],
    settings: Settings,
    output: show.Output,
    *,
    yes: bool,
    asks: bool,
) -> None:
    """Ask a person at a terminal before a dear run, or before any paid one that `asks`; scripts have their budgets.

    `made` are the pictures, and `questions` what is asked of text models first.

    Raises:
        UsageError: they said no, or nobody can be asked and no limit was stated.
    """
    quotes = [*made, *questions]
    expected = sum(quote.expected for quote in quotes if isinstance(quote, Priced))
    upper = sum(quote.upper for quote in quotes if isinstance(quote, Priced))
    unknown = sum(not isinstance(quote, Priced) for quote in quotes)
    is_paid = bool(expected or upper or unknown)
    what = pictures(len(made)) if made or not questions else f"{len(questions)} to describe"
    told = f"{what}, about {format_usd(expected)}, at most {format_usd(upper)}"
    told += f", {unknown} of unknown price" if unknown else ""
    told += with_tries(made)
    limit = settings.confirm_over
    is_asked = not yes and (is_paid if asks else limit is not None and likely_and_most(quotes)[0] > limit)
    can_ask = sys.stdin.isatty() and output.talks
    if is_asked and asks and not can_ask and settings.max_cost is None:
        raise UsageError(f"{told}: nobody can be asked here, so add --yes or --max-cost; nothing was sent")
    if output.talks and (asks or (is_asked and can_ask)):
        show.talk(f"{told}." if is_paid else f"{pictures(len(made))}, free.")
    if is_asked and can_ask and not agreed():
        how = "" if asks else "; confirm_over sets when it is asked"
        raise UsageError(f"nothing was sent (--yes skips the question{how})")


def agreed() -> bool:
    """Whether a person at the terminal says yes to what was just told."""
    return question("Go ahead? [y/N] ").lower() in {"y", "yes"}
