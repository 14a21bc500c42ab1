from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.card import FreeSizes, ModelCard
from imgcli.model.job import Job, Look
from imgcli.model.quote import Priced
from imgcli.model.size import AUTO, WORDS, Size, parse_size
from imgcli.pricing.cheapest import LEAST_PIXELS, cheapest_look
from imgcli.pricing.quote import RateOverride, RatePricer
from imgcli.pricing.rates import TokenPrices
from imgcli.settings import load_settings
from imgcli.wiring import open_pricer, open_providers
from tests.fakes.jobs import a_job
from tests.fakes.pricer import FakePricer

SETTINGS = load_settings({"IMGCLI_HOME": "/nonexistent"})
PRICER = open_pricer(SETTINGS)
PROVIDERS = open_providers(SETTINGS, {})
CARDS = [card for provider in ("openai", "placeholder") for card in PROVIDERS[provider].cards()]


def wanted(model: str, size: str, quality: str = "high") -> tuple[Job, ModelCard]:
    provider = "placeholder" if model == "placeholder" else "openai"
    job = a_job(provider=provider, model=model, size=parse_size(size), quality=quality)
    return job, PROVIDERS[provider].card(model)


@pytest.mark.parametrize(
    ("model", "size", "draft"),
    [
        ("gpt-image-2.5-flare", "1024x1024", "816x816"),
        ("gpt-image-2.5-flare", "2048x1152", "1136x640"),
        ("gpt-image-2.5-flare", "1152x2048", "640x1136"),
        ("gpt-image-2.5-flare", "3840x1280", "1440x480"),
        ("gpt-image-2.5-flare", "816x816", "816x816"),
        ("gpt-image-2.6-flare", "1536x1024", "1008x672"),
        ("gpt-image-1.5", "1536x1024", "1536x1024"),
        ("gpt-image-1-mini", "1024x1536", "1024x1536"),
        ("gpt-image-2.5-flare", "auto", "auto"),
        ("placeholder", "1024x1024", "512x512"),
        ("placeholder", "128x128", "128x128"),
    ],
)
def test_a_draft_is_low_and_small_in_the_same_shape(model: str, size: str, draft: str) -> None:
    assert cheapest_look(*wanted(model, size), PRICER) == Look(parse_size(draft), "low")


def test_a_draft_of_a_picture_costs_a_fraction_of_it() -> None:
    job, card = wanted("gpt-image-2.5-flare", "2048x1152")
    look = cheapest_look(job, card, PRICER)
    draft, final = PRICER.quote(replace(job, size=look.size, quality=look.quality)), PRICER.quote(job)
    assert isinstance(draft, Priced)
    assert isinstance(final, Priced)
    assert 10 * draft.expected < final.expected


@given(
    st.sampled_from(CARDS),
    st.tuples(st.integers(1, 240), st.integers(1, 240)).map(lambda sides: Size(sides[0] * 16, sides[1] * 16)),
    st.data(),
)
def test_a_draft_can_be_made_is_never_dearer_and_keeps_the_shape(
    card: ModelCard, size: Size, data: st.DataObject
) -> None:
    """Whatever the picture: of every model, every quality, and every size that the model takes."""
    quality = data.draw(st.sampled_from(card.qualities))
    if card.free is None or card.free.problem(size):
        size = data.draw(st.sampled_from(card.sizes))
    job = a_job(provider=card.provider, model=card.name, size=size, quality=quality)
    look = cheapest_look(job, card, PRICER)
    card.check(look.size, look.quality, "png", "")
    assert look.quality != "auto"
    assert look.size.pixels <= size.pixels
    assert look.size.pixels >= min(size.pixels, LEAST_PIXELS)
    assert look.size.width / look.size.height == pytest.approx(size.width / size.height, rel=0.12)
    draft, final = PRICER.quote(replace(job, size=look.size, quality=look.quality)), PRICER.quote(job)
    assert isinstance(draft, Priced)
    assert isinstance(final, Priced)
    assert draft.expected <= final.expected


SOME = tuple(Size(*sides) for sides in WORDS.values())


@pytest.mark.parametrize(
    ("card", "look"),
    [
        (ModelCard("mystery", "openai"), Look(Size(2048, 1024), "high")),
        (ModelCard("mystery", "openai", SOME), Look(Size(1536, 1024), "high")),
        (ModelCard("mystery", "openai", SOME, qualities=("auto", "draft", "fine")), Look(Size(1536, 1024), "draft")),
        (ModelCard("mystery", "openai", SOME, qualities=("auto",)), Look(Size(1536, 1024), "high")),
        (
            ModelCard("mystery", "openai", SOME, FreeSizes(8, 4096, 4, 1, 10**8), qualities=("fine", "low")),
            Look(Size(736, 368), "fine"),
        ),
    ],
)
def test_without_a_price_it_is_the_first_quality_of_the_card(card: ModelCard, look: Look) -> None:
    job = a_job(model="mystery", size=Size(2048, 1024), quality="high")
    assert cheapest_look(job, card, FakePricer()) == look


@pytest.mark.parametrize(
    ("model", "wanted", "draft"),
    [
        ("gpt-image-2.5-flare", Look(Size(2048, 1152), "high"), Look(Size(2048, 1152), "low")),
        ("gpt-image-2.5-flare", Look(Size(2048, 2048), "high"), Look(Size(1024, 1024), "low")),
        ("gpt-image-2.5-flare", Look(Size(1024, 1024), "auto"), Look(Size(1024, 1024), "low")),
        ("gpt-image-2.5-flare", Look(AUTO, "high"), Look(AUTO, "low")),
        ("gpt-image-2.5-flare", Look(Size(1024, 1024), "low"), Look(Size(1024, 1024), "low")),
        ("sdxl", Look(Size(2048, 2048), "high"), Look(Size(2048, 2048), "high")),
        ("flat", Look(Size(2048, 2048), "high"), Look(Size(2048, 2048), "high")),
    ],
)
def test_of_a_server_that_nobody_knows_the_prices_are_believed(model: str, wanted: Look, draft: Look) -> None:
    """What it makes is its own affair; but a price for a quality says that there is one."""
    price = TokenPrices(text_in=5_000, image_in=8_000, image_out=30_000)
    yours = (RateOverride("studio", "gpt-image-2.5-flare", price), RateOverride("studio", "flat", 20_000_000))
    assert isinstance(PRICER, RatePricer)
    pricer = replace(PRICER, overrides=yours, assume=1_000_000)
    job = a_job(provider="studio", model=model, size=wanted.size, quality=wanted.quality)
    assert cheapest_look(job, ModelCard(model, "studio"), pricer) == draft


def test_where_all_cost_the_same_less_is_taken() -> None:
    """A price per picture says nothing of sizes; a small one is made faster."""
    job = a_job(size=Size(1536, 1024), quality="high")
    card = ModelCard("flat", "openai", (Size(3072, 2048), *SOME, Size(768, 512)), qualities=("low", "high"))
    assert cheapest_look(job, card, FakePricer()) == Look(Size(768, 512), "low")
    assert cheapest_look(replace(job, size=AUTO), card, FakePricer()) == Look(AUTO, "low")
