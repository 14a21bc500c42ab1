"""The ledger's days beside the provider's bill; pure.

Input: pages of the organization costs endpoint (OpenAI API reference, "Costs": buckets of one UTC day, amounts in USD,
`line_item` where the request grouped by it).
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from imgcli.errors import UsageError
from imgcli.model.budget import Spending

NANO = Decimal(10**9)
DIGITS = 12
"""No day costs a trillion dollars, or a trillionth of one."""

LONGEST = 64
"""Characters of an amount."""

IMAGES = ("image", "dall-e")
"""Words of line items that are about pictures; a bill without line items counts whole."""


class Agreement(Enum):
    AGREES = "agrees"
    BELOW = "below"  # the provider bills less: uncertain attempts, or prices that fell
    ABOVE = "above"  # the provider bills more than the ledger knows of


@dataclass(frozen=True, slots=True)
class Day:
    """One UTC day in nano-USD: what the provider bills, what the ledger has spent, and what of that is uncertain.

    `agreement` also looks at the days before: a picture asked for at midnight is billed on the day after.
    """

    day: str
    billed: int
    spent: int
    uncertain: int
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Bill:
    """Nano-USD per UTC day, and what a person should know of the file before they trust them: a line each."""

    days: Mapping[str, int]
    notes: tuple[str, ...] = ()


def parse_costs(text: str, where: str) -> Bill:
    """What the costs endpoint billed, from its JSON: one page, a list of pages, or one page a line.

    Raises:
        UsageError: not the costs endpoint's JSON, or another currency.
    """
    days: dict[str, int] = {}
    seen: dict[str, set[str]] = {}
    twice: set[str] = set()
    pages = list(_pages(text, where))
    if not pages:
        raise UsageError(f"{where}: this is empty; give imgcli the JSON that the costs endpoint answers")
    for page in pages:
        if not isinstance(page, dict) or not isinstance(page.get("data"), list):
            raise UsageError(f"{where}: this is not an answer of the costs endpoint (no list `data`)")
        for bucket in page["data"]:
            try:
                day = datetime.fromtimestamp(int(bucket["start_time"]), UTC).strftime("%Y-%m-%d")
                results = bucket.get("results", bucket.get("result", []))
                billed = sum(_nano(result, where) for result in results)
                content = json.dumps([bucket["start_time"], results], sort_keys=True)
            except (LookupError, TypeError, ValueError, AttributeError, OverflowError, OSError, RecursionError):
                raise UsageError(
                    f"{where}: a bucket is not as the costs endpoint writes them (start_time, results with an amount)"
                ) from None
            days.setdefault(day, 0)
            if billed and content in seen.setdefault(day, set()):
                twice.add(day)  # the endpoint tells a day once, so its page was saved twice
            elif billed:
                seen[day].add(content)
                days[day] += billed
    return Bill(days, tuple(_notes(where, pages[-1], twice, {day for day in seen if len(seen[day]) > 1})))


def _notes(where: str, last: Mapping[str, Any], twice: Collection[str], differing: Collection[str]) -> Iterator[str]:
    if last.get("has_more"):
        yield f"{where}: this is not the whole bill (its last page says has_more); add the pages that follow"
    if twice:
        yield f"{where}: {', '.join(sorted(twice))}: the same costs are in it twice, and counted once"
    if differing:
        yield f"{where}: {', '.join(sorted(differing))}: in it with different costs, all of them counted"


def compare(billed: Mapping[str, int], ledger: Mapping[str, Spending]) -> list[Day]:
    """The days that both can tell of: from the first to the last day of the bill."""
    if not billed:
        return []
    first, last = min(billed), max(billed)
    days = sorted(day for day in billed.keys() | ledger.keys() if first <= day <= last)
    found, known = [], 0
    for day in days:
        sums = ledger.get(day, Spending(0, 0, 0, 0))
        counted, asked = sums.spent + sums.uncertain, billed.get(day, 0)
        known += counted - asked
        if known < 0:
            agreement, known = Agreement.ABOVE, 0
        else:
            agreement = Agreement.AGREES if asked == counted else Agreement.BELOW
        if asked or counted:
            found.append(Day(day, asked, sums.spent, sums.uncertain, agreement))
    return found


def _pages(text: str, where: str) -> list[Any]:
    def whole_number(digits: str) -> int:
        if len(digits) > LONGEST:
            raise UsageError(f"{where}: {_shown(digits)} is no amount: it has {len(digits):,} digits")
        return int(digits)

    try:
        whole = json.loads(text, parse_int=whole_number)
    except (ValueError, RecursionError):
        try:
            return [json.loads(line, parse_int=whole_number) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{where}: this is not JSON ({error})") from None
    return whole if isinstance(whole, list) else [whole]


def _nano(result: Any, where: str) -> int:
    item, amount = result.get("line_item"), result["amount"]
    if isinstance(item, str) and not any(word in item.lower() for word in IMAGES):
        return 0
    if str(amount.get("currency", "usd")).lower() != "usd":
        raise UsageError(f"{where}: an amount is in {_shown(amount['currency'])}, and the ledger counts dollars")
    # Through text: 0.1 is not a tenth as a float.
    told = str(amount["value"])
    if len(told) > LONGEST:
        raise UsageError(f"{where}: {_shown(told)} is no amount: it has {len(told):,} characters")
    try:
        value = Decimal(told)
        if not value.is_finite() or abs(value.adjusted()) > DIGITS:
            raise InvalidOperation
        return int((value * NANO).to_integral_value())
    except ArithmeticError:
        raise UsageError(f"{where}: {_shown(amount['value'])} is no amount") from None


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float | None) else f"a {type(value).__name__}"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
