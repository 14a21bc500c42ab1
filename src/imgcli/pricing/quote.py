"""Job in, quote out: what a picture will cost, what it may cost at most, and what a usage did cost.

Pure and in integers of nano-USD. The price table holds OpenAI's standard rates. It does not hold for other hosts:
regional (data residency) endpoints of OpenAI charge 10% more for models since 2026-03, resellers what they like.
Jobs to any of them are priced by what the user states, or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imgcli.model.card import ModelCard
from imgcli.model.job import Job
from imgcli.model.picture import Usage
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.quote import Priced, Quote, Unpriced
from imgcli.model.size import Size
from imgcli.ports import Pricer
from imgcli.pricing.rates import AUTO, ModelRates, RateTable, TextPrices, TokenPrices, base_model
from imgcli.pricing.tokens import answer_bound, text_bound, text_expected

ANY = "*"
"""Model of an override that holds for every model of its provider."""

YOURS = "yours"
ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class RateOverride:
    """A price the user states for a model of a provider, `*` for all of its models.

    `price` is nano-USD per picture (or answer, of a text model), or prices per token for a model whose token count the
    table knows, or of a text model.
    """

    provider: str
    model: str
    price: int | TokenPrices | TextPrices


@dataclass(frozen=True, slots=True)
class _PerWord:
    prices: TextPrices
    label: str


@dataclass(frozen=True, slots=True)
class _PerPicture:
    usd: int
    label: str


@dataclass(frozen=True, slots=True)
class _PerToken:
    rates: ModelRates
    label: str


@dataclass(frozen=True, slots=True)
class RatePricer:
    """Satisfies `ports.Pricer`, from the price table and what the user states.

    Attributes:
        overrides: win over the table; an exact model wins over its base model, and that over `*`.
        assume: nano-USD per picture for jobs without any other price (`--assume-cost`).
        foreign: names of providers whose host is not the one the table prices, whatever they are called.
        own: names of providers that the table prices, unless they are foreign.
    """

    table: RateTable
    overrides: tuple[RateOverride, ...] = ()
    assume: int | None = None
    foreign: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset({"openai"})

    def quote(self, job: Job) -> Quote:
        """Expected and upper price of `job`; where its size or quality is `auto`, the dearest it may become."""
        priced = self._priced(job)
        if isinstance(priced, Priced):
            return priced
        if self.assume is not None:
            return Priced(job, self.assume, self.assume, ASSUMED, rough=True)
        return Unpriced(job, f"{priced}; state one under [[rates]] in the config, or with --assume-cost")

    def actual(self, job: Job, usage: Usage | None) -> int | None:
        """Nano-USD billed for `usage`; None where tokens are billed and it is missing or counts no picture."""
        match self._basis(job):
            case _PerPicture(usd):
                return usd
            case _PerToken(rates):
                return _bill(rates.prices, usage)
            case _PerWord(prices):
                return _bill_words(prices, usage)
            case str():
                return self.assume

    def _priced(self, job: Job) -> Priced | str:
        match self._basis(job):
            case _PerPicture(usd, label):
                return Priced(job, usd, usd, label)
            case _PerWord(prices, label):
                return _estimate_words(prices, job, label)
            case _PerToken(rates, label):
                unknown = f"no price is known for {job.model} at size {job.size} and quality {job.quality}"
                return _estimate(rates, job, label) or unknown
            case str(reason):
                return reason

    def _basis(self, job: Job) -> _PerPicture | _PerToken | _PerWord | str:
        """How `job` is charged, or why nobody knows."""
        if job.provider in self.table.flat:
            return _PerPicture(self.table.flat[job.provider], self.table.version)
        if job.is_text:
            return self._basis_of_words(job)
        rates = self.table.find(job.model)
        match self._stated(job):
            case int(usd):
                return _PerPicture(usd, YOURS)
            case TokenPrices() as prices if rates:
                return _PerToken(rates.at(prices), YOURS)
            case TokenPrices():
                return f"you state prices per token, but nobody knows how many tokens {job.model} takes"
            case TextPrices():
                return f"you state prices of text for {job.model}, and it is asked for pictures"
            case None if rates and job.provider in self.own - self.foreign:
                return _PerToken(rates, self.table.version)
            case None:
                return f"no price is known for {job.model} of provider {job.provider}"

    def _basis_of_words(self, job: Job) -> _PerPicture | _PerWord | str:
        match self._stated(job):
            case int(usd):
                return _PerPicture(usd, YOURS)
            case TextPrices() as prices:
                return _PerWord(prices, YOURS)
            case TokenPrices():
                return f"you state prices of pictures for {job.model}, and it is asked for text"
            case None:
                known = self.table.find_text(job.model) if job.provider in self.own - self.foreign else None
                if known is None:
                    return f"no price is known for the text model {job.model} of provider {job.provider}"
                return _PerWord(known, self.table.version)

    def _stated(self, job: Job) -> int | TokenPrices | TextPrices | None:
        stated = {entry.model: entry.price for entry in self.overrides if entry.provider == job.provider}
        return next((stated[name] for name in (job.model, base_model(job.model), ANY) if name in stated), None)


def typical(pricer: Pricer, card: ModelCard) -> Sequence[Quote]:
    """Quotes for one 1024x1024 picture at each quality of `card`, the prompt left out."""
    return [pricer.quote(_square(card, quality)) for quality in card.qualities or (AUTO,)]


def _square(card: ModelCard, quality: str) -> Job:
    return Job(
        provider=card.provider,
        model=card.name,
        prompt=DirectedPrompt(typed="", text=""),
        size=Size(1024, 1024),
        quality=quality,
        format="png",
        seed=None,
        variant=1,
        entry="",
        tags=(),
        directory=Path(),
        stem="",
    )


def _estimate(rates: ModelRates, job: Job, label: str) -> Priced | None:
    """Jobs carry no input images, and ask for one picture without previews: text in, one picture out."""
    picture = rates.picture(job.size, job.quality)
    if picture is None:
        return None
    words = job.prompt.text + job.prompt.negative
    return Priced(
        job,
        expected=picture.expected + text_expected(words) * rates.prices.text_in,
        upper=picture.upper + text_bound(words) * rates.prices.text_in,
        rates=label,
        rough=rates.rough or job.size.is_auto or job.quality == AUTO,
    )


def _estimate_words(prices: TextPrices, job: Job, label: str) -> Priced:
    question = job.prompt.text
    # Most answers are a paragraph of 60 words for each idea, and need a fraction of what they are allowed.
    likely = text_expected(question) * prices.text_in + int(job.quality) // 8 * prices.text_out
    upper = answer_bound(question) * prices.text_in + int(job.quality) * prices.text_out
    return Priced(job, likely, upper, label, rough=True)


def _bill_words(prices: TextPrices, usage: Usage | None) -> int | None:
    if usage is None or usage.text_out <= 0 or usage.text_in <= 0:
        return None
    return usage.text_in * prices.text_in + usage.text_out * prices.text_out


def _bill(prices: TokenPrices, usage: Usage | None) -> int | None:
    if usage is None or usage.image_out <= 0 or min(usage.text_in, usage.image_in, usage.text_out) < 0:
        return None
    return (
        usage.text_in * prices.text_in
        + usage.image_in * prices.image_in
        + usage.image_out * prices.image_out
        + usage.text_out * prices.text_out
    )
