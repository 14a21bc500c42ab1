"""How one job is charged: by picture, by the tokens of a picture, by words, or by a picture and the words it took."""

from dataclasses import dataclass

from imgcli.model.errand import INSTRUCTIONS, message, most_written
from imgcli.model.job import Job
from imgcli.model.picture import Usage
from imgcli.pricing.rates import AUTO, ModelRates, TextPrices, TokenPrices
from imgcli.pricing.tokens import (
    SEEN_BOUND,
    SEEN_EXPECTED,
    TOOL_EXPECTED,
    Spread,
    answer_bound,
    errand_bound,
    text_bound,
    text_expected,
    written_bound,
)

YOURS = "yours"
"""Label of prices that the user states."""


@dataclass(frozen=True, slots=True)
class PerPicture:
    """`usd` nano-USD for each, whatever it took."""

    usd: int
    label: str

    def estimate(self, _job: Job) -> Spread | None:
        return Spread(self.usd, self.usd)

    def is_rough(self, _job: Job) -> bool:
        return False

    def bill(self, _usage: Usage | None) -> int | None:
        return self.usd


@dataclass(frozen=True, slots=True)
class PerToken:
    """The tokens of a picture."""

    rates: ModelRates
    label: str

    def estimate(self, job: Job) -> Spread | None:
        """Jobs ask for one picture without previews: text and pictures in, one picture out."""
        picture = self.rates.picture(job.size, job.quality)
        if picture is None:
            return None
        words, price = job.prompt.text + job.prompt.negative, self.rates.prices.text_in
        # A text model in between may send other words than ours: as many as it may write.
        most = written_bound(most_written(job)) if job.through else text_bound(words)
        given = self.rates.given(job.edit) if job.edit else Spread(0, 0)
        return Spread(
            picture.expected + given.expected + text_expected(words) * price, picture.upper + given.upper + most * price
        )

    def is_rough(self, job: Job) -> bool:
        edited = job.edit is not None and self.rates.inputs.is_rough(job.edit)
        return self.rates.rough or edited or job.size.is_auto or job.quality == AUTO

    def bill(self, usage: Usage | None) -> int | None:
        return _bill(self.rates.prices, usage)


@dataclass(frozen=True, slots=True)
class PerWord:
    """The tokens of a text model: of an answer, or of those that a picture asked through it takes.

    Attributes:
        is_written: whether it answers in words; else in numbers, and only what it reads is billed.
    """

    prices: TextPrices
    label: str
    is_written: bool = True

    def estimate(self, job: Job) -> Spread | None:
        if job.through:
            likely = (2 * text_expected(INSTRUCTIONS + message(job)) + TOOL_EXPECTED, text_expected(message(job)) + 40)
            most = (errand_bound(INSTRUCTIONS + message(job), most_written(job)), most_written(job))
        elif self.is_written:
            # Most answers are a paragraph of 60 words for each idea, and need a fraction of what they are allowed.
            likely = (text_expected(job.prompt.text), int(job.quality) // 8)
            most = (answer_bound(job.prompt.text), int(job.quality))
        else:
            likely, most = (text_expected(job.prompt.text), 0), (text_bound(job.prompt.text), 0)
        looks = len(job.edit.inputs) * self.prices.text_in if job.is_text and job.edit else 0
        return Spread(self._sum(*likely) + looks * SEEN_EXPECTED, self._sum(*most) + looks * SEEN_BOUND)

    def is_rough(self, _job: Job) -> bool:
        return True

    def bill(self, usage: Usage | None) -> int | None:
        if usage is None:
            return None
        if self.is_written:
            return self.words(usage.text_in, usage.text_out)
        return self._sum(usage.text_in, 0) if usage.text_in > 0 else None

    def words(self, read: int, written: int) -> int | None:
        return self._sum(read, written) if min(read, written) > 0 else None

    def _sum(self, read: int, written: int) -> int:
        return read * self.prices.text_in + written * self.prices.text_out


@dataclass(frozen=True, slots=True)
class Through:
    """A picture, and the text model it is asked through; `words` is None where the price of the picture covers them."""

    picture: PerPicture | PerToken
    writer: PerPicture | PerWord | None

    @property
    def label(self) -> str:
        labels = {self.picture.label, self.writer.label if self.writer else self.picture.label}
        return YOURS if YOURS in labels else self.picture.label

    def estimate(self, job: Job) -> Spread | None:
        picture, words = self.picture.estimate(job), self.writer.estimate(job) if self.writer else Spread(0, 0)
        if picture is None or words is None:
            return None
        return Spread(picture.expected + words.expected, picture.upper + words.upper)

    def is_rough(self, job: Job) -> bool:
        return self.picture.is_rough(job) or isinstance(self.writer, PerWord)

    def bill(self, usage: Usage | None) -> int | None:
        """Both parts, or nothing: half a bill would be too little."""
        parts = (self.picture.bill(usage), self._words(usage))
        return None if None in parts else sum(part or 0 for part in parts)

    def _words(self, usage: Usage | None) -> int | None:
        match self.writer:
            case None:
                return 0
            case PerPicture(usd):
                return usd
            case PerWord() as writer:
                return None if usage is None else writer.words(usage.words_in, usage.words_out)


Basis = PerPicture | PerToken | PerWord | Through


def _bill(prices: TokenPrices, usage: Usage | None) -> int | None:
    if usage is None or usage.image_out <= 0 or min(usage.text_in, usage.image_in, usage.text_out) < 0:
        return None
    return (
        usage.text_in * prices.text_in
        + usage.image_in * prices.image_in
        + usage.image_out * prices.image_out
        + usage.text_out * prices.text_out
    )
