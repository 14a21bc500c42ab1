import itertools
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from genai_prices import Usage as TheirUsage
from genai_prices import calc_price
from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.card import ModelCard
from imgcli.model.job import Job
from imgcli.model.money import exact_usd
from imgcli.model.picture import Usage
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.question import Kind, Question, embedding_question, moderation_question
from imgcli.model.quote import Priced, Unpriced
from imgcli.model.size import AUTO, Size, parse_size
from imgcli.ports import Pricer
from imgcli.pricing.quote import ANY, RateOverride, RatePricer, typical
from imgcli.pricing.rates import TextPrices, TokenPrices, parse_rates
from imgcli.pricing.tokens import out_tokens_bound, text_bound
from tests.fakes.looks import a_look

TABLE = parse_rates(files("imgcli.pricing").joinpath("rates.toml").read_text("utf-8"))
PRICER: Pricer = RatePricer(TABLE)

TWO = ("low", "medium", "high")
TWO_FIVE = ("low", "medium", "high", "xhigh", "max")
FREE = {
    "gpt-image-2": TWO,
    "gpt-image-2-2026-04-21": TWO,
    "gpt-image-2.5-flare": TWO_FIVE,
    "gpt-image-2.5-sunburst": TWO_FIVE,
    "gpt-image-2.6-flare": TWO_FIVE,
    "gpt-image-2.6-sunburst": TWO_FIVE,
}
FIXED = dict.fromkeys(("gpt-image-1.5", "gpt-image-1-mini", "chatgpt-image-latest"), TWO)
SQUARE = Size(1024, 1024)
FIXED_SIZES = (SQUARE, Size(1024, 1536), Size(1536, 1024))
GRIDS = {"low": 16, "medium": 24, "high": 48, "xhigh": 64, "max": 96}


def job(model: str, size: Size = SQUARE, quality: str = "low", text: str = "", provider: str = "openai") -> Job:
    return Job(
        provider=provider,
        model=model,
        prompt=DirectedPrompt(typed=text, text=text),
        size=size,
        quality=quality,
        format="png",
        seed=None,
        variant=1,
        entry="1",
        tags=(),
        directory=Path("/pictures"),
        stem="car",
    )


def priced(pricer: Pricer, wanted: Job) -> Priced:
    quote = pricer.quote(wanted)
    assert isinstance(quote, Priced), quote
    return quote


@st.composite
def allowed_sizes(draw: st.DrawFn) -> Size:
    long = draw(st.integers(52, 240))
    short = draw(st.integers(max(-(-long // 3), -(-2560 // long)), min(long, 32_400 // long)))
    sides = (long * 16, short * 16)
    return Size(*sides) if draw(st.booleans()) else Size(*reversed(sides))


@st.composite
def explicit_jobs(draw: st.DrawFn) -> Job:
    model = draw(st.sampled_from([*FREE, *FIXED]))
    size = draw(allowed_sizes() if model in FREE else st.sampled_from(FIXED_SIZES))
    return job(model, size, draw(st.sampled_from((FREE | FIXED)[model])), draw(st.text(max_size=60)))


@pytest.mark.parametrize(
    ("size", "dollars"),
    [
        ("1024x1024", (".0059", ".0132", ".0527", ".0937", ".2107")),
        ("1536x1024", (".0047", ".0103", ".0412", ".0738", ".1646")),
        ("1024x1536", (".0047", ".0103", ".0412", ".0738", ".1646")),
        ("1536x864", (".0036", ".0084", ".0323", ".0575", ".1294")),
        ("2048x1152", (".0047", ".0110", ".0424", ".0753", ".1695")),
        ("2048x2048", (".0119", ".0268", ".1070", ".1903", ".4282")),
        ("2560x1440", (".0062", ".0143", ".0553", ".0983", ".2211")),
        ("3840x2160", (".0111", ".0260", ".1001", ".1779", ".4003")),
    ],
)
def test_the_published_dollars_of_2_5(size: str, dollars: tuple[str, ...]) -> None:
    rates = TABLE.find("gpt-image-2.5-flare")
    assert rates is not None
    for quality, text in zip(TWO_FIVE, dollars, strict=True):
        found = rates.picture(parse_size(size), quality)
        assert found is not None
        ten_thousandths = (found.expected + 50_000) // 100_000
        assert f".{ten_thousandths:04d}" == text
        assert found.expected <= found.upper


def test_a_quote_by_hand() -> None:
    wanted = job("gpt-image-2.5-flare", SQUARE, "high", "a red car at dawn")
    quote = priced(PRICER, wanted)
    assert quote == Priced(
        wanted, expected=1756 * 30_000 + 11 * 5_000, upper=1756 * 30_000 + 33 * 5_000, rates="2026-11-21"
    )


def test_a_negative_prompt_is_text_too() -> None:
    plain = job("gpt-image-2", text="a car")
    with_more = replace(plain, prompt=replace(plain.prompt, negative="people"))
    assert priced(PRICER, with_more).upper - priced(PRICER, plain).upper == 6 * 5_000


@given(explicit_jobs())
def test_upper_is_at_least_expected_and_both_are_money(wanted: Job) -> None:
    quote = priced(PRICER, wanted)
    assert quote.upper >= quote.expected > 0
    rough = wanted.model.startswith("gpt-image-2.6") or wanted.model in {"gpt-image-1.5", "chatgpt-image-latest"}
    assert quote.rough is rough


@given(explicit_jobs())
def test_auto_is_bounded_by_the_dearest_choice(wanted: Job) -> None:
    explicit = priced(PRICER, wanted).upper
    auto_size = priced(PRICER, replace(wanted, size=AUTO))
    auto_quality = priced(PRICER, replace(wanted, quality="auto"))
    both = priced(PRICER, replace(wanted, size=AUTO, quality="auto"))
    assert both.upper >= auto_size.upper >= explicit
    assert both.upper >= auto_quality.upper >= explicit
    for quote in (auto_size, auto_quality, both):
        assert quote.rough
        assert quote.upper >= quote.expected > 0


@given(explicit_jobs(), st.data())
def test_what_the_rules_say_is_billed_is_never_above_the_upper_bound(wanted: Job, data: st.DataObject) -> None:
    rates = TABLE.find(wanted.model)
    assert rates is not None
    tokens = rates.output.spread(wanted.size, wanted.quality)
    assert tokens is not None
    usage = Usage(
        text_in=data.draw(st.integers(0, text_bound(wanted.prompt.text))),
        image_in=0,
        image_out=data.draw(st.integers(1, tokens.expected)),
        text_out=data.draw(st.integers(0, 3 * rates.text_out_expected)),
    )
    actual = PRICER.actual(wanted, usage)
    assert actual is not None
    upper = priced(PRICER, wanted).upper
    assert 0 < actual <= upper
    assert actual <= priced(PRICER, replace(wanted, size=AUTO, quality="auto")).upper


@given(st.sampled_from([*FREE]), st.integers(400, 5000), st.integers(400, 5000), st.sampled_from(TWO_FIVE))
def test_auto_covers_sizes_nobody_may_ask_for(model: str, width: int, height: int, quality: str) -> None:
    """`auto` answers with sizes that are no multiples of 16."""
    if width * height > 8_294_400:
        width, height = 2880, 2880
    usage = Usage(text_in=16, image_in=0, image_out=out_tokens_bound(GRIDS[quality], width, height))
    actual = PRICER.actual(job(model, AUTO, "auto"), usage)
    assert actual is not None
    assert actual <= priced(PRICER, job(model, AUTO, "auto")).upper


def test_the_text_that_1_5_writes_fits_its_bound_as_seen_and_uncounted() -> None:
    for quality, image_out, text_in, text_out in (
        ("low", 272, 48, 209),
        ("medium", 1056, 25, 446),
        ("medium", 1056, 192, 856),
        ("high", 4160, 12, 341),
    ):
        wanted = job("gpt-image-1.5", SQUARE, quality, "x" * 4 * text_in)
        upper = priced(PRICER, wanted).upper
        told = PRICER.actual(wanted, Usage(text_in, 0, image_out, text_out))
        untold = PRICER.actual(wanted, Usage(text_in, 0, image_out + text_out))
        assert told == text_in * 5_000 + image_out * 32_000 + text_out * 10_000
        assert untold is not None
        assert told < untold <= upper


@pytest.mark.parametrize(
    ("model", "usage"),
    [
        ("gpt-image-2", Usage(18, 1033, 1756)),
        ("gpt-image-2-2026-04-21", Usage(9, 0, 196)),
        ("gpt-image-2.5-flare", Usage(57, 0, 7024)),
        ("gpt-image-2.5-sunburst-2026-09-08", Usage(32_000, 1536, 13_342)),
        ("gpt-image-1.5", Usage(12, 0, 4160, 341)),
        ("gpt-image-1-mini", Usage(18, 0, 272)),
        ("chatgpt-image-latest", Usage(48, 100, 272, 209)),
    ],
)
def test_agrees_with_genai_prices_to_the_nano(model: str, usage: Usage) -> None:
    theirs = calc_price(
        TheirUsage(
            input_tokens=usage.text_in + usage.image_in,
            input_image_tokens=usage.image_in,
            output_tokens=usage.image_out + usage.text_out,
            output_image_tokens=usage.image_out,
        ),
        model,
        provider_id="openai",
        genai_request_timestamp=datetime(2026, 11, 21, tzinfo=UTC),
    )
    actual = PRICER.actual(job(model), usage)
    assert actual is not None
    assert theirs.total_price * 1_000_000_000 == actual


def test_the_edit_of_the_reference_is_exact() -> None:
    actual = PRICER.actual(job("gpt-image-2"), Usage(18, 1033, 1756))
    assert actual == 8_354_000 + 52_680_000
    assert exact_usd(actual) == "0.061034"


def test_genai_prices_does_not_know_2_6_so_nobody_checks_ours() -> None:
    with pytest.raises(LookupError):
        calc_price(TheirUsage(input_tokens=1, output_tokens=1), "gpt-image-2.6-flare", provider_id="openai")
    assert PRICER.actual(job("gpt-image-2.6-flare"), Usage(10, 0, 664)) == 10 * 5_000 + 664 * 30_000


def test_text_out_is_not_billed_where_it_has_no_price() -> None:
    for model in ("gpt-image-2", "gpt-image-2.5-flare", "gpt-image-1-mini"):
        assert PRICER.actual(job(model), Usage(10, 0, 196, 500)) == PRICER.actual(job(model), Usage(10, 0, 196))


@pytest.mark.parametrize("usage", [None, Usage(0, 0, 0), Usage(10, 0, 0), Usage(-1, 0, 196), Usage(1, 0, -196)])
def test_a_usage_without_a_picture_tells_nothing(usage: Usage | None) -> None:
    assert PRICER.actual(job("gpt-image-2"), usage) is None


@pytest.mark.parametrize("model", ["dall-e-3", "gpt-image-3", "gpt-image-2.5", "flux"])
def test_an_unknown_model_has_no_price(model: str) -> None:
    quote = PRICER.quote(job(model))
    assert isinstance(quote, Unpriced)
    assert model in quote.reason
    assert "--assume-cost" in quote.reason
    assert PRICER.actual(job(model), Usage(1, 0, 1)) is None


def test_an_unknown_size_or_quality_has_no_price() -> None:
    for wanted in (job("gpt-image-1.5", Size(2048, 2048)), job("gpt-image-2", quality="max")):
        quote = PRICER.quote(wanted)
        assert isinstance(quote, Unpriced)
        assert str(wanted.size) in quote.reason
        assert wanted.quality in quote.reason


def test_the_table_holds_for_openai_itself_only() -> None:
    assert isinstance(PRICER.quote(job("gpt-image-2", provider="reseller")), Unpriced)
    foreign = RatePricer(TABLE, foreign=frozenset({"openai"}))
    assert isinstance(foreign.quote(job("gpt-image-2")), Unpriced)
    assert foreign.actual(job("gpt-image-2"), Usage(10, 0, 196)) is None


def test_another_profile_may_be_openai_itself_and_foreign_wins() -> None:
    both = frozenset({"openai", "work"})
    wanted = job("gpt-image-2", provider="work")
    assert priced(RatePricer(TABLE, own=both), wanted).expected == priced(PRICER, job("gpt-image-2")).expected
    assert isinstance(RatePricer(TABLE, own=both, foreign=frozenset({"work"})).quote(wanted), Unpriced)


def test_the_placeholder_is_free_whatever_is_stated() -> None:
    pricer = RatePricer(TABLE, (RateOverride("placeholder", ANY, 5),), assume=7)
    wanted = job("painter", Size(64, 64), "any", provider="placeholder")
    assert pricer.quote(wanted) == Priced(wanted, 0, 0, "2026-11-21")
    assert pricer.actual(wanted, None) == 0


def test_a_stated_price_per_picture_is_the_price() -> None:
    pricer = RatePricer(TABLE, (RateOverride("openai", "gpt-image-2", 40_000_000),), assume=1)
    for model in ("gpt-image-2", "gpt-image-2-2026-04-21"):
        wanted = job(model, quality="whatever")
        assert pricer.quote(wanted) == Priced(wanted, 40_000_000, 40_000_000, "yours")
        assert pricer.actual(wanted, Usage(0, 0, 0)) == pricer.actual(wanted, None) == 40_000_000
    assert priced(pricer, job("gpt-image-2.5-flare")).rates == "2026-11-21"


def test_the_nearest_stated_price_wins() -> None:
    pricer = RatePricer(
        TABLE,
        (
            RateOverride("local", ANY, 0),
            RateOverride("local", "gpt-image-2", 2),
            RateOverride("local", "gpt-image-2-2026-04-21", 3),
            RateOverride("other", "flux", 9),
        ),
    )
    stated = {"flux": 0, "gpt-image-2": 2, "gpt-image-2-2026-04-21": 3, "gpt-image-2-2027-01-01": 2}
    for model, nano in stated.items():
        assert priced(pricer, job(model, provider="local")).upper == nano


def test_stated_token_prices_use_the_token_rule_of_the_model() -> None:
    prices = TokenPrices(text_in=10_000, image_in=0, image_out=60_000)
    pricer = RatePricer(TABLE, (RateOverride("azure", ANY, prices),), foreign=frozenset({"azure"}))
    wanted = job("gpt-image-2.5-flare", SQUARE, "high", provider="azure")
    quote = priced(pricer, wanted)
    assert (quote.expected, quote.rates) == (1756 * 60_000 + 6 * 10_000, "yours")
    assert pricer.actual(wanted, Usage(6, 5, 1756)) == 6 * 10_000 + 1756 * 60_000
    mini = priced(pricer, job("gpt-image-1-mini", provider="azure"))
    assert mini.expected == 272 * 60_000 + 6 * 10_000


def test_stated_token_prices_for_a_model_of_unknown_tokens_say_so() -> None:
    pricer = RatePricer(TABLE, (RateOverride("azure", ANY, TokenPrices(1, 1, 1)),))
    quote = pricer.quote(job("my-deployment", provider="azure"))
    assert isinstance(quote, Unpriced)
    assert "how many tokens my-deployment takes" in quote.reason


def test_an_assumed_cost_is_used_only_where_no_price_is_known() -> None:
    pricer = RatePricer(TABLE, assume=50_000_000)
    unknown = job("flux", provider="local")
    quote = priced(pricer, unknown)
    assert (quote.expected, quote.upper, quote.rates) == (50_000_000, 50_000_000, "assumed")
    assert pricer.actual(unknown, Usage(1, 0, 1)) == pricer.actual(unknown, None) == 50_000_000
    assert priced(pricer, job("gpt-image-1.5", Size(2048, 2048))).rates == "assumed"
    assert priced(pricer, job("gpt-image-2")).rates == "2026-11-21"


@pytest.mark.parametrize("nano", [0, 1])
def test_an_assumed_or_stated_price_may_be_nothing(nano: int) -> None:
    assert priced(RatePricer(TABLE, assume=nano), job("flux", provider="local")).upper == nano
    stated = RatePricer(TABLE, (RateOverride("local", "flux", nano),))
    assert priced(stated, job("flux", provider="local")).upper == nano


def test_typical_quotes_each_quality_of_a_card() -> None:
    card = ModelCard("gpt-image-2", "openai", sizes=(SQUARE,), qualities=("low", "medium", "high", "auto"))
    quotes = typical(PRICER, card)
    assert [quote.job.quality for quote in quotes] == list(card.qualities)
    assert [quote.expected // 30_000 for quote in quotes if isinstance(quote, Priced)] == [197, 1757, 7025, 7025]
    (unknown,) = typical(PRICER, ModelCard("flux", "local"))
    assert isinstance(unknown, Unpriced)


def question(model: str = "gpt-6-luna", provider: str = "openai", most: int = 4000) -> Job:
    asked = Question(provider, model, "instructions", '{"prompt": "a car"}', "{}", most)
    return asked.job("a car", "prompt-001", (), Path("/nowhere"))


@pytest.mark.parametrize("model", ["gpt-6-luna", "gpt-6-sol", "gpt-6.1-sol", "gpt-6.1-terra", "gpt-5.6-luna"])
def test_text_models_agree_with_genai_prices_to_the_nano(model: str) -> None:
    usage = Usage(1234, 0, 0, 567)
    theirs = calc_price(
        TheirUsage(input_tokens=1234, output_tokens=567),
        model,
        provider_id="openai",
        genai_request_timestamp=datetime(2026, 11, 21, tzinfo=UTC),
    )
    actual = PRICER.actual(question(model), usage)
    assert actual is not None
    assert theirs.total_price * 1_000_000_000 == actual


def test_the_bound_of_an_answer_covers_all_that_it_may_write() -> None:
    quote = PRICER.quote(question(most=4000))
    assert isinstance(quote, Priced)
    in_full = Usage(len(question().prompt.text.encode()) + 2000, 0, 0, 4000)
    assert 0 < quote.expected < (PRICER.actual(quote.job, in_full) or 0) <= quote.upper


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        (question("gpt-77"), "no price is known for the text model gpt-77 of provider openai"),
        (question(provider="mine"), "no price is known for the text model gpt-6-luna of provider mine"),
    ],
)
def test_a_text_model_without_a_price_is_not_free(job: Job, reason: str) -> None:
    quote = PRICER.quote(job)
    assert isinstance(quote, Unpriced)
    assert quote.reason.startswith(reason)


def test_stated_prices_of_text_are_for_text_and_those_of_pictures_for_pictures() -> None:
    words = RatePricer(TABLE, (RateOverride("mine", "*", TextPrices(7, 9)),))
    pictures = RatePricer(TABLE, (RateOverride("mine", "*", TokenPrices(1, 2, 3)),))
    assert words.actual(question("any", "mine"), Usage(2, 0, 0, 3)) == 14 + 27
    assert words.actual(question("any", "mine"), Usage(2, 0, 0, 0)) is None
    assert isinstance(pictures.quote(question("any", "mine")), Unpriced)
    assert isinstance(words.quote(replace(job("gpt-image-2"), provider="mine")), Unpriced)
    flat = RatePricer(TABLE, (RateOverride("mine", "*", 500),))
    assert flat.actual(question("any", "mine"), None) == 500


def embedding(model: str = "text-embedding-3-small", provider: str = "openai", text: str = "a red car") -> Job:
    return embedding_question(provider, model, text).job("a red car", "x", (), Path("/nowhere"))


def moderation(provider: str = "openai", model: str = "omni-moderation-latest") -> Job:
    return moderation_question(provider, model, "a car").job("a car", "x", (), Path("/nowhere"))


@pytest.mark.parametrize("model", ["text-embedding-3-small", "text-embedding-3-large"])
def test_embeddings_agree_with_genai_prices_to_the_nano(model: str) -> None:
    theirs = calc_price(TheirUsage(input_tokens=1234), model, provider_id="openai")
    assert PRICER.actual(embedding(model), Usage(1234, 0, 0)) == theirs.total_price * 1_000_000_000


@given(st.text(min_size=1, max_size=400).filter(str.strip))
def test_the_bound_of_an_embedding_covers_a_token_for_each_byte(text: str) -> None:
    quote = PRICER.quote(embedding(text=text))
    assert isinstance(quote, Priced)
    most = len(text.encode("utf-8", "surrogatepass")) + 16
    assert 0 < quote.expected <= quote.upper
    assert (PRICER.actual(quote.job, Usage(most, 0, 0)) or 0) <= quote.upper


def test_nothing_written_is_a_bill_of_an_embedding_and_none_of_words() -> None:
    assert PRICER.actual(embedding(), Usage(9, 0, 0)) == 180
    assert PRICER.actual(embedding(), Usage(0, 0, 0)) is None
    assert PRICER.actual(embedding(), None) is None
    assert PRICER.actual(question(), Usage(9, 0, 0)) is None
    stated = RateOverride("openai", "text-embedding-3-small", TextPrices(text_in=7, text_out=3))
    assert RatePricer(TABLE, (stated,)).actual(embedding(), Usage(9, 0, 0)) == 63


def test_moderation_is_free_at_openai_and_has_no_price_elsewhere() -> None:
    for model in ("omni-moderation-latest", "omni-moderation-2024-09-26"):
        quote = PRICER.quote(moderation(model=model))
        assert isinstance(quote, Priced)
        assert (quote.expected, quote.upper) == (0, 0)
    for job in (moderation("mine"), embedding(provider="mine"), embedding("no-such-embedding")):
        unknown = PRICER.quote(job)
        assert isinstance(unknown, Unpriced)
        assert "no price is known" in unknown.reason
    foreign = RatePricer(TABLE, foreign=frozenset({"openai"}))
    assert isinstance(foreign.quote(moderation()), Unpriced)
    stated = RatePricer(TABLE, (RateOverride("mine", "omni-moderation-latest", 2_000_000),))
    quote = stated.quote(moderation("mine"))
    assert isinstance(quote, Priced)
    assert (quote.upper, stated.actual(quote.job, None)) == (2_000_000, 2_000_000)


def described(tmp_path: Path, count: int) -> Job:
    looks = tuple(a_look(tmp_path / f"{number}.png", number=number) for number in range(count))
    asked = Question("openai", "gpt-6-luna", "Describe.", "{}", "{}", 800, Kind.DESCRIPTION, looks)
    return asked.job("a car", "x", (), tmp_path)


def test_each_picture_that_is_looked_at_is_held_at_the_most_it_may_take(tmp_path: Path) -> None:
    quotes = [PRICER.quote(described(tmp_path, count)) for count in range(4)]
    uppers = [quote.upper for quote in quotes if isinstance(quote, Priced)]
    likely = [quote.expected for quote in quotes if isinstance(quote, Priced)]
    assert [after - before for before, after in itertools.pairwise(uppers)] == [10_000 * 100] * 3
    assert [after - before for before, after in itertools.pairwise(likely)] == [1_500 * 100] * 3
    # 2,500 patches at 1.2 tokens is the most that the detail we ask for takes.
    full = Usage(len(quotes[3].job.prompt.text.encode()) + 2_000 + 3 * 3_000, 0, 0, 800)
    assert (PRICER.actual(quotes[3].job, full) or 0) < uppers[3]
