"""A picture asked through a text model: two prices in one hold, and never half a bill."""

from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.card import ModelCard
from imgcli.model.errand import INSTRUCTIONS, message, most_written
from imgcli.model.job import Job
from imgcli.model.picture import Usage
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.quote import Priced, Unpriced
from imgcli.model.size import Size, parse_size
from imgcli.pricing.quote import ANY, RateOverride, RatePricer, typical
from imgcli.pricing.rates import TextPrices, TokenPrices, parse_rates
from imgcli.pricing.tokens import out_tokens, out_tokens_bound
from tests.fakes.jobs import a_job

TABLE = parse_rates(files("imgcli.pricing").joinpath("rates.toml").read_text("utf-8"))
PRICER = RatePricer(TABLE)
LUNA, SOL = "gpt-6-luna", "gpt-6-sol"
GRIDS = {"low": 16, "medium": 24, "high": 48, "xhigh": 64, "max": 96}
USAGE = Usage(30, 0, 439, 0, 2294, 119)
BILL = 30 * 5_000 + 439 * 30_000 + 2294 * 100 + 119 * 500


def a_picture(text: str = "a car", through: str = LUNA, **changes: Any) -> Job:
    return a_job(prompt=DirectedPrompt(text, text), through=through, **changes)


def priced(job: Job, pricer: RatePricer = PRICER) -> Priced:
    quote = pricer.quote(job)
    assert isinstance(quote, Priced), quote
    return quote


def up_to(most: int) -> st.SearchStrategy[int]:
    """Most often all of it: a bound is missed where everything comes together."""
    return st.just(most) | st.just(most) | st.integers(1, most)


def test_a_bill_by_hand() -> None:
    assert PRICER.actual(a_picture(), USAGE) == BILL
    quote = priced(a_picture())
    most = most_written(a_picture())
    told = len((INSTRUCTIONS + message(a_picture())).encode())
    picture = out_tokens(24, 1024, 1024) * 30_000
    assert quote.upper == picture + (most + 16) * 5_000 + (2 * (told + 16 + 1_000) + most + 10_000) * 100 + most * 500
    assert BILL / 1.1 < quote.expected < BILL * 1.1
    assert (quote.rates, quote.rough) == (TABLE.version, True)


@given(
    st.sampled_from(sorted(GRIDS)),
    st.sampled_from(["1024x1024", "1536x1024", "2048x1152", "3840x2160"]),
    st.sampled_from([LUNA, SOL, "gpt-6.1-terra", "gpt-5.6-luna"]),
    st.sampled_from(["gpt-image-2.5-flare", "gpt-image-2.5-sunburst"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.data(),
)
def test_whatever_is_written_within_what_was_asked_costs_no_more_than_the_upper_bound(
    quality: str, size: str, through: str, model: str, text: str, data: st.DataObject
) -> None:
    shape = parse_size(size)
    text *= data.draw(st.sampled_from([1, 50]))
    job = a_picture(text, through, model=model, quality=quality, size=shape)
    quote = priced(job)
    assert 0 < quote.expected <= quote.upper
    # The text model writes what it may at most, reads everything twice, and has the words of its own painted.
    written = data.draw(up_to(most_written(job)))
    told = len((INSTRUCTIONS + message(job)).encode())
    usage = Usage(
        text_in=data.draw(up_to(written + 16)),
        image_in=0,
        image_out=data.draw(up_to(out_tokens_bound(GRIDS[quality], shape.width, shape.height))),
        words_in=data.draw(up_to(2 * (told + 255 + 16) + written + 10_000)),
        words_out=written,
    )
    assert 0 < (PRICER.actual(job, usage) or 0) <= quote.upper


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_words_passed_on_unchanged_fit_however_they_are_cut(text: str) -> None:
    """A token for each byte, which is the most of any vocabulary."""
    text = 20 * text
    job = a_picture(text)
    size = len(text.encode())
    assert size + 6 <= most_written(job) + 16
    assert size <= most_written(job)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        replace(USAGE, words_in=0),
        replace(USAGE, words_out=0),
        replace(USAGE, image_out=0),
        Usage(30, 0, 439),
    ],
)
def test_half_a_bill_is_none(usage: Usage | None) -> None:
    assert PRICER.actual(a_picture(), usage) is None


def test_words_are_billed_to_no_picture_that_was_asked_for_itself() -> None:
    assert PRICER.actual(a_picture(through=""), USAGE) == BILL - 2294 * 100 - 119 * 500
    assert priced(a_picture(through="")).upper < priced(a_picture()).upper < priced(a_picture(through=SOL)).upper


def test_what_has_no_price_in_half_has_none() -> None:
    quote = PRICER.quote(a_picture(through="gpt-77"))
    assert isinstance(quote, Unpriced)
    assert quote.reason.startswith("no price is known for the text model gpt-77 of provider openai")
    assert isinstance(PRICER.quote(a_picture(model="mystery")), Unpriced)
    assert isinstance(PRICER.quote(a_picture(size=Size(9_000, 9_000))), Unpriced)
    assert isinstance(PRICER.quote(a_picture(provider="mine")), Unpriced)
    assumed = RatePricer(TABLE, assume=7)
    assert priced(a_picture(through="gpt-77"), assumed).upper == 7
    assert assumed.actual(a_picture(through="gpt-77"), None) == 7


def stated(*overrides: tuple[str, int | TokenPrices | TextPrices]) -> RatePricer:
    return RatePricer(TABLE, tuple(RateOverride("openai", model, price) for model, price in overrides))


def test_each_half_may_be_stated() -> None:
    words = stated((LUNA, TextPrices(1, 2)))
    assert words.actual(a_picture(), USAGE) == 30 * 5_000 + 439 * 30_000 + 2294 + 119 * 2
    assert priced(a_picture(), words).rates == "yours"
    flat = stated(("gpt-image-2.5-flare", 9_000_000))
    assert flat.actual(a_picture(), USAGE) == 9_000_000 + 2294 * 100 + 119 * 500
    assert flat.actual(a_picture(), None) is None
    both = stated(("gpt-image-2.5-flare", 9_000_000), (LUNA, 1_000_000))
    assert both.actual(a_picture(), None) == priced(a_picture(), both).upper == 10_000_000
    assert isinstance(stated((LUNA, TokenPrices(1, 1, 1))).quote(a_picture()), Unpriced)


def test_one_price_for_all_of_a_provider_is_paid_once() -> None:
    pricer = stated((ANY, 20_000_000))
    quote = priced(a_picture(), pricer)
    assert (quote.expected, quote.upper, quote.rough) == (20_000_000, 20_000_000, False)
    assert pricer.actual(a_picture(), None) == 20_000_000
    words = stated((ANY, 20_000_000), (LUNA, TextPrices(1, 1)))
    assert words.actual(a_picture(), USAGE) == 20_000_000 + 2294 + 119


def test_typical_prices_hold_the_words_of_those_who_ask_through_a_model() -> None:
    card = ModelCard("gpt-image-2.5-flare", "openai", qualities=("low",))
    (plain,), (through,) = typical(PRICER, card), typical(PRICER, replace(card, through=LUNA))
    assert isinstance(plain, Priced)
    assert isinstance(through, Priced)
    assert plain.expected < through.expected < plain.expected + 1_000_000
