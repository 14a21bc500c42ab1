from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.input import Edit
from imgcli.model.picture import Usage
from imgcli.model.quote import Priced
from imgcli.pricing.inputs import Tiles
from imgcli.pricing.quote import RateOverride, RatePricer
from imgcli.pricing.rates import ModelRates, TokenPrices, parse_rates
from imgcli.pricing.tokens import Spread, in_tokens
from tests.fakes.jobs import a_job, an_edit, an_input

TABLE = parse_rates(files("imgcli.pricing").joinpath("rates.toml").read_text("utf-8"))
PRICER = RatePricer(TABLE)
MODELS = [name for rates in TABLE.models for name in rates.names]
NEW = [name for name in MODELS if name >= "gpt-image-2"]
OLD = [name for name in MODELS if name not in NEW]
FLARE = "gpt-image-2.5-flare"


def rates(model: str) -> ModelRates:
    found = TABLE.find(model)
    assert found is not None
    return found


def priced(model: str = FLARE, pricer: RatePricer = PRICER, **changes: Any) -> Priced:
    quote = pricer.quote(a_job(model=model, **{"quality": "low"} | changes))
    assert isinstance(quote, Priced), quote
    return quote


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    sides = st.tuples(st.integers(1, 9000), st.integers(1, 9000))
    edit = an_edit(*draw(st.lists(sides, min_size=1, max_size=16)))
    overlay = draw(st.sampled_from(["", "mask", "markup"]))
    if overlay == "mask":
        edit = replace(edit, mask=edit.inputs[0])
    if overlay == "markup":
        edit = replace(edit, markup=edit.inputs[0])
    return replace(edit, fidelity=draw(st.sampled_from(["", "low", "high"])))


def test_there_is_a_rule_for_every_model() -> None:
    assert set(MODELS) == {*NEW, *OLD}
    assert len(NEW) == 5
    assert all(isinstance(rates(model).inputs, Tiles) for model in OLD)


def test_an_edit_by_hand() -> None:
    quote = priced(edit=an_edit((1024, 1024), (256, 256)))
    text, picture = 8 + 20, 196
    assert quote.expected == text * 5_000 + (1024 + 256) * 8_000 + picture * 30_000
    most = -(-(33 * 33 + 17 * 17) * 101 // 100)
    assert quote.upper == (21 + 40) * 5_000 + most * 8_000 + picture * 30_000
    assert not quote.rough


def test_the_words_of_a_measured_bill() -> None:
    """Of "a cat" they were 18 with one picture, and 28 with two."""
    for count, seen in ((1, 18), (2, 28)):
        edit = an_edit(*[(1024, 1024)] * count)
        assert 8 + rates(FLARE).inputs.texts(edit).expected == seen
        assert rates("gpt-image-2").inputs.texts(edit).expected == 0


def test_a_published_bill_of_an_edit_is_inside_its_quote() -> None:
    """18 words and 1,033 of a picture in, 1,756 out: $0.061034."""
    usage = Usage(text_in=18, image_in=1033, image_out=1756)
    quote = priced("gpt-image-2", quality="medium", edit=an_edit())
    billed = PRICER.actual(quote.job, usage)
    assert billed == 8_354_000 + 52_680_000
    assert billed <= quote.upper


@pytest.mark.parametrize("model", NEW)
@pytest.mark.parametrize("overlay", ["mask", "markup"])
def test_an_overlay_is_expected_to_be_a_picture_more_and_bounded_by_the_largest(model: str, overlay: str) -> None:
    plain, more = an_edit((64, 64)), an_edit((64, 64), **{overlay: an_input(64, 64)})
    least, most = rates(model).inputs.images(plain), rates(model).inputs.images(more)
    assert most.expected == 2 * least.expected == 32
    assert most.upper - least.upper >= 1536
    assert priced(model, edit=more).rough


def test_two_six_is_as_two_five_and_up_to_twice_that() -> None:
    edit = an_edit((1536, 1024), (900, 900))
    known, guessed = rates(FLARE).inputs.images(edit), rates("gpt-image-2.6-flare").inputs.images(edit)
    assert guessed.expected == known.expected == 1536 + 1024
    assert guessed.upper >= 2 * known.expected
    assert priced("gpt-image-2.6-flare", edit=edit).rough


@pytest.mark.parametrize("model", OLD)
@pytest.mark.parametrize(
    ("size", "fidelity", "tokens"),
    [
        ((1024, 1024), "", 65 + 129),
        ((1024, 1024), "low", 65 + 129),
        ((1024, 1024), "high", 65 + 129 + 4160),
        ((1024, 1536), "high", 65 + 2 * 129 + 6240),
        ((4096, 1024), "low", 65 + 4 * 129),
    ],
)
def test_the_rule_of_gpt_image_1(model: str, size: tuple[int, int], fidelity: str, tokens: int) -> None:
    found = rates(model).inputs.images(an_edit(size, fidelity=fidelity))
    assert found == Spread(tokens, 7079)
    assert priced(model, edit=an_edit(size, fidelity=fidelity)).rough


def test_a_ribbon_is_bounded_by_the_tiles_it_may_be_enlarged_to() -> None:
    assert rates("gpt-image-1.5").inputs.images(an_edit((5000, 100))).upper == 65 + 50 * 129 + 6240


@given(st.sampled_from(MODELS), edits())
def test_a_quote_has_its_pictures_in_it_and_its_bound_above_them(model: str, edit: Edit) -> None:
    bare, full = priced(model), priced(model, edit=edit)
    given_ = rates(model).given(edit)
    assert 0 < given_.expected <= given_.upper
    assert (full.expected - bare.expected, full.upper - bare.upper) == (given_.expected, given_.upper)


@given(st.sampled_from(MODELS), edits(), st.integers(1, 9000), st.integers(1, 9000))
def test_a_picture_more_costs_more(model: str, edit: Edit, width: int, height: int) -> None:
    more = replace(edit, inputs=(*edit.inputs, an_input(width, height)))
    fewer, all_ = rates(model).given(edit), rates(model).given(more)
    assert fewer.expected < all_.expected
    assert fewer.upper < all_.upper


@given(st.sampled_from(NEW), edits())
def test_what_a_model_bills_by_the_formula_is_inside_the_bound(model: str, edit: Edit) -> None:
    """Also one percent above it, with each of its overlays as the largest there is."""
    billed = sum(in_tokens(each.width, each.height) for each in edit.inputs)
    billed += 1536 * (len(edit.everything) - len(edit.inputs))
    assert billed * 101 <= rates(model).inputs.images(edit).upper * 100


def test_prices_of_your_own_hold_for_pictures_too() -> None:
    yours = RatePricer(TABLE, (RateOverride("openai", FLARE, TokenPrices(1_000, 2_000, 3_000)),))
    edit = an_edit((256, 256))
    more = priced(pricer=yours, edit=edit).expected - priced(pricer=yours).expected
    assert more == 256 * 2_000 + 10 * 1_000


def test_a_price_per_picture_covers_all_that_goes_in() -> None:
    flat = RatePricer(TABLE, (RateOverride("openai", FLARE, 20_000_000),))
    assert priced(pricer=flat, edit=an_edit()).upper == 20_000_000
