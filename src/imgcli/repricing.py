"""What the pictures of the ledger would have cost if they had been made otherwise, by the pricer."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from imgcli.errors import ModelError, UsageError
from imgcli.model.attempt import Record
from imgcli.model.card import ModelCard
from imgcli.model.job import Job, Look
from imgcli.model.quote import Priced, Unpriced
from imgcli.ports import Pricer
from imgcli.pricing.batched import doubt, is_batched
from imgcli.pricing.cheapest import cheapest_look
from imgcli.reports.bought import Bought
from imgcli.reports.saving_plan import Paid

A_DAY = 24 * 3600
"""Seconds within which the Batch API answers."""


@dataclass(frozen=True, slots=True)
class Host:
    """A server of the user's: a price for each picture in nano-USD, or a provider whose prices they state."""

    per_picture: int | None = None
    provider: str = ""
    model: str = "*"


class _Prices(NamedTuple):
    loose: str
    rest: str
    draft: int | None
    half: int | None
    doubt: str
    cheaper: int | None
    model: str
    hosted: int | None


@dataclass(slots=True)
class Repricer:
    """Takes records one by one, so that no job need stay in memory.

    Attributes:
        pricer: of real prices.
        cards: what the models of a provider can make, by its name.
        loose: the form of a job, which pictures of the same words share.
        rest: what a job is but for its words; None where no words are compared.
        host: None where the user told of none.
        unquoted: pictures whose own price the pricer does not know; nothing but a copy is counted of them.
    """

    pricer: Pricer
    cards: Callable[[str], Sequence[ModelCard]]
    loose: Callable[[Job], str]
    rest: Callable[[Job], str] | None = None
    host: Host | None = None
    unquoted: int = 0
    _prices: dict[str, _Prices] = field(default_factory=dict)
    _looks: dict[tuple[object, ...], Look | None] = field(default_factory=dict)
    _models: dict[tuple[object, ...], ModelCard | None] = field(default_factory=dict)

    def visit(self, record: Record) -> None:
        """Remember what the picture of `record` would have cost.

        Raises:
            UsageError: nobody states a price for the user's own server.
        """
        job, cost = record.job, record.cost or 0
        quote = self.pricer.quote(job)
        is_known = isinstance(quote, Priced)
        self.unquoted += not is_known
        halved = is_batched(job, quote)
        other = self._cheaper_model(job, quote.expected) if isinstance(quote, Priced) else None
        self._prices[record.attempt] = _Prices(
            loose=self.loose(job),
            rest=self.rest(job) if self.rest else "",
            draft=self._draft(job) if is_known else None,
            half=cost - cost // 2 if halved else None,
            doubt=doubt(job.model) if halved else "",
            cheaper=self._expected(_with(job, other)) if other else None,
            model=other.name if other else "",
            hosted=self._hosted(job),
        )

    def paid(self, pictures: Sequence[Bought], long_run: int) -> Sequence[Paid]:
        """Those of `pictures` that were visited.

        Half the price holds for runs of more than `long_run` of them, of which nothing was made within a day: nobody is
        taken to have waited for these.
        """
        of_run = Counter(each.run for each in pictures)
        awaited = {each.run for each in pictures if each.used_at and _is_within_a_day(each)}
        found = []
        for each in pictures:
            if (prices := self._prices.get(each.attempt)) is not None:
                is_unawaited = of_run[each.run] > long_run and each.run not in awaited
                found.append(Paid(each, **prices._replace(half=prices.half if is_unawaited else None)._asdict()))
        return found

    def _draft(self, job: Job) -> int | None:
        """What a draft of `job` is expected to cost, where it is another picture than `job` itself."""
        asked = (job.provider, job.model, job.size, job.quality, job.format, job.background)
        if asked not in self._looks:
            card = self._card(job)
            look = cheapest_look(job, card, self.pricer) if card else None
            self._looks[asked] = None if look == Look(job.size, job.quality) else look
        look = self._looks[asked]
        return self._expected(replace(job, size=look.size, quality=look.quality)) if look else None

    def _cheaper_model(self, job: Job, expected: int) -> ModelCard | None:
        """The cheapest of its provider that makes `job` as it was asked for; None where that is its own."""
        inputs = job.edit and [(each.width, each.height) for each in job.edit.inputs]
        asked = (job.provider, job.model, job.through, job.size, job.quality, job.format, job.background, str(inputs))
        if asked not in self._models:
            priced = [
                (price, card.name, card)
                for card in self.cards(job.provider)
                if _can_make(card, job) and (price := self._expected(_with(job, card))) is not None
            ]
            best = min(priced, default=None, key=lambda each: each[:2])
            self._models[asked] = best[2] if best and best[0] < expected else None
        return self._models[asked]

    def _hosted(self, job: Job) -> int | None:
        if self.host is None or self.host.per_picture is not None:
            return self.host.per_picture if self.host else None
        quote = self.pricer.quote(replace(job, provider=self.host.provider, model=self.host.model, through=""))
        if isinstance(quote, Unpriced):
            raise UsageError(
                f"--host {self.host.provider}: {quote.reason.partition(';')[0]}; state one in the config under [[rates]], "
                "or type --per-picture USD"
            )
        return quote.expected

    def _card(self, job: Job) -> ModelCard | None:
        return next((card for card in self.cards(job.provider) if card.name == job.model), None)

    def _expected(self, job: Job) -> int | None:
        quote = self.pricer.quote(job)
        return quote.expected if isinstance(quote, Priced) else None


def _with(job: Job, card: ModelCard) -> Job:
    return replace(job, model=card.name, through=card.through)


def _can_make(card: ModelCard, job: Job) -> bool:
    """Whether `card` makes `job` and is there to stay; of a server that decides itself nobody knows."""
    if card.name == job.model or card.is_open or card.ends is not None:
        return False
    try:
        card.check(job.size, job.quality, job.format, job.prompt.text, job.background)
        if job.edit:
            card.check_edit(job.edit)
    except ModelError:
        return False
    return True


def _is_within_a_day(each: Bought) -> bool:
    return (datetime.fromisoformat(each.used_at) - datetime.fromisoformat(each.at)).total_seconds() < A_DAY
