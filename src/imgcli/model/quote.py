"""What a job will cost, in nano-USD."""

from collections.abc import Iterable
from dataclasses import dataclass

from imgcli.model.job import Job


@dataclass(frozen=True, slots=True)
class Priced:
    """A job with a price: `expected` for people, `upper` for the hold; never more than `upper` is planned for.

    Attributes:
        rates: version of the price table, or `assumed` / `yours` for prices the user stated.
        rough: the expected price is an estimate without a published formula.
    """

    job: Job
    expected: int
    upper: int
    rates: str
    rough: bool = False


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A job whose price nobody stated; under a budget in dollars it is refused."""

    job: Job
    reason: str


Quote = Priced | Unpriced


def likely_and_most(quotes: Iterable[Quote]) -> tuple[int, int]:
    """What jobs may cost if each is made as often as its tries allow: nano-USD as expected, and at most."""
    priced = [quote for quote in quotes if isinstance(quote, Priced)]
    return (
        sum(quote.expected * (1 + quote.job.tries) for quote in priced),
        sum(quote.upper * (1 + quote.job.tries) for quote in priced),
    )
