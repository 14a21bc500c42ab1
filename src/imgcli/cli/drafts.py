"""What is said of drafts: what they cost beside their finals, and what to do with them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imgcli.cli.closing import pictures
from imgcli.model.money import format_usd
from imgcli.model.outcome import Made, Outcome
from imgcli.model.quote import Priced, Quote

if TYPE_CHECKING:
    from imgcli.reports.savings import Savings


def drafts_line(quotes: Sequence[Quote], finals: Sequence[Quote]) -> str:
    """The price of a run of drafts, and of the pictures they stand for."""
    drafts = [quote for quote in quotes if quote.job.wanted]
    rest = len(quotes) - len(drafts)
    same = f"{rest} made as wanted, as nothing cheaper is known"
    if not drafts:
        return f"no drafts: {same}"
    line = f"{count(len(drafts), 'draft')} {expected(drafts)}; as {'finals' if len(finals) > 1 else 'a final'} {expected(finals)}"
    return f"{line}; {same}" if rest else line


def draft_advice(outcomes: Sequence[Outcome]) -> list[str]:
    """What to type when drafts are made."""
    if not any(isinstance(outcome, Made) and outcome.job.wanted for outcome in outcomes):
        return []
    return ["next:  imgcli pick FILE...   and then:  imgcli final --picked"]


def expected(quotes: Sequence[Quote]) -> str:
    """`about $1.90`, and of how many nobody knows the price."""
    priced = [quote.expected for quote in quotes if isinstance(quote, Priced)]
    if not priced:
        return "of unknown price"
    unknown = f" and {len(quotes) - len(priced)} of unknown price" if len(priced) < len(quotes) else ""
    return f"about {format_usd(sum(priced))}{unknown}"


def savings_line(seen: "Savings") -> str:
    """The arithmetic of what drafts saved, on one line."""
    spent = seen.draft_cost + seen.final_cost
    line = (
        f"{count(seen.drafts, 'draft')} {format_usd(seen.draft_cost)} + {count(seen.finals, 'final')} "
        f"{format_usd(seen.final_cost)} = {format_usd(spent)}"
    )
    whole = f"all {pictures(seen.drafts)} without drafts: about {format_usd(seen.whole_cost)}"
    if seen.saved >= 0:
        return f"{line}; {whole}, so drafts saved about {format_usd(seen.saved)}"
    return f"{line}; {whole}, so drafts cost {format_usd(-seen.saved)} more than they saved"


def count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
