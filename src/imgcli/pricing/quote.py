"""Job in, quote out: what a picture will cost, what it may cost at most, and what a usage did cost.

Pure and in integers of nano-USD. The price table holds OpenAI's standard rates. It does not hold for other hosts:
regional (data residency) endpoints of OpenAI charge 10% more for models since 2026-03, resellers what they like.
Jobs to any of them are priced by what the user states, or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from imgcli.model.card import ModelCard
from imgcli.model.job import Job
from imgcli.model.picture import Usage
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.question import question_of
from imgcli.model.quote import Priced, Quote, Unpriced
from imgcli.model.size import Size
from imgcli.ports import Pricer
from imgcli.pricing.basis import YOURS, Basis, PerPicture, PerToken, PerWord, Through
from imgcli.pricing.rates import AUTO, RateTable, TextPrices, TokenPrices, base_model

ANY = "*"
"""Model of an override that holds for every model of its provider."""

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
        basis = self._basis(job)
        return self.assume if isinstance(basis, str) else basis.bill(usage)

    def _priced(self, job: Job) -> Priced | str:
        basis = self._basis(job)
        if isinstance(basis, str):
            return basis
        cost = basis.estimate(job)
        if cost is None:
            return f"no price is known for {job.model} at size {job.size} and quality {job.quality}"
        return Priced(job, cost.expected, cost.upper, basis.label, basis.is_rough(job))

    def _basis(self, job: Job) -> Basis | str:
        """How `job` is charged, or why nobody knows."""
        if job.provider in self.table.flat:
            return PerPicture(self.table.flat[job.provider], self.table.version)
        if job.is_text:
            words = self._of_words(job.provider, job.model)
            return replace(words, is_written=question_of(job).kind.is_written) if isinstance(words, PerWord) else words
        picture = self._of_picture(job.provider, job.model)
        return picture if isinstance(picture, str) or not job.through else self._through(job, picture)

    def _through(self, job: Job, picture: PerPicture | PerToken) -> Through | str:
        if isinstance(picture, PerPicture) and self._states_all(job.provider, job.through):
            return Through(picture, None)
        words = self._of_words(job.provider, job.through)
        return words if isinstance(words, str) else Through(picture, words)

    def _of_picture(self, provider: str, model: str) -> PerPicture | PerToken | str:
        rates = self.table.find(model)
        match self._stated(provider, model):
            case int(usd):
                return PerPicture(usd, YOURS)
            case TokenPrices() as prices if rates:
                return PerToken(rates.at(prices), YOURS)
            case TokenPrices():
                return f"you state prices per token, but nobody knows how many tokens {model} takes"
            case TextPrices():
                return f"you state prices of text for {model}, and it is asked for pictures"
            case None if rates and provider in self.own - self.foreign:
                return PerToken(rates, self.table.version)
            case None:
                return f"no price is known for {model} of provider {provider}"

    def _of_words(self, provider: str, model: str) -> PerPicture | PerWord | str:
        match self._stated(provider, model):
            case int(usd):
                return PerPicture(usd, YOURS)
            case TextPrices() as prices:
                return PerWord(prices, YOURS)
            case TokenPrices():
                return f"you state prices of pictures for {model}, and it is asked for text"
            case None:
                known = self.table.find_text(model) if provider in self.own - self.foreign else None
                if known is None:
                    return f"no price is known for the text model {model} of provider {provider}"
                return PerWord(known, self.table.version)

    def _stated(self, provider: str, model: str) -> int | TokenPrices | TextPrices | None:
        stated = {entry.model: entry.price for entry in self.overrides if entry.provider == provider}
        return next((stated[name] for name in (model, base_model(model), ANY) if name in stated), None)

    def _states_all(self, provider: str, model: str) -> bool:
        """Whether all that is stated for `model` is one price per picture of its provider, which covers the words."""
        stated = {entry.model: entry.price for entry in self.overrides if entry.provider == provider}
        return not {model, base_model(model)} & stated.keys() and isinstance(stated.get(ANY), int)


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
        through=card.through,
    )
