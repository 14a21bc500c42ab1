from decimal import Decimal
from importlib.resources import files

import pytest

from imgcli.errors import SettingsError
from imgcli.model.money import NANO
from imgcli.model.size import AUTO, Size
from imgcli.pricing.rates import Formula, base_model, parse_rates
from imgcli.pricing.tokens import Spread

TEXT = files("imgcli.pricing").joinpath("rates.toml").read_text("utf-8")
TABLE = parse_rates(TEXT)

SIZES = (Size(1024, 1024), Size(1024, 1536), Size(1536, 1024))
CELLS = {"low": (272, 408, 400), "medium": (1056, 1584, 1568), "high": (4160, 6240, 6208)}


def spread(model: str, size: Size, quality: str) -> Spread | None:
    rates = TABLE.find(model)
    assert rates is not None
    return rates.output.spread(size, quality)


@pytest.mark.parametrize("quality", CELLS)
@pytest.mark.parametrize("model", ["gpt-image-1.5", "chatgpt-image-latest", "gpt-image-1-mini"])
def test_the_fixed_token_table(model: str, quality: str) -> None:
    for size, tokens in zip(SIZES, CELLS[quality], strict=True):
        assert spread(model, size, quality) == Spread(tokens, tokens)


def test_auto_in_the_fixed_table_is_its_dearest_cell() -> None:
    assert spread("gpt-image-1.5", AUTO, "auto") == Spread(6240, 6240)
    assert spread("gpt-image-1.5", AUTO, "low") == Spread(408, 408)
    assert spread("gpt-image-1.5", Size(1536, 1024), "auto") == Spread(6208, 6208)


@pytest.mark.parametrize(
    ("model", "size", "quality"),
    [
        ("gpt-image-1.5", Size(2048, 2048), "low"),
        ("gpt-image-1.5", Size(1024, 1024), "max"),
        ("gpt-image-1.5", AUTO, "hd"),
        ("gpt-image-2", Size(1024, 1024), "xhigh"),
        ("gpt-image-2", Size(1024, 1024), ""),
        ("gpt-image-2", Size(3840, 3840), "low"),
        ("gpt-image-2", Size(-16, 16), "low"),
    ],
)
def test_what_has_no_price_gets_none(model: str, size: Size, quality: str) -> None:
    rates = TABLE.find(model)
    assert rates is not None
    assert rates.picture(size, quality) is None


def test_the_measured_bills_of_two_six_are_inside_the_bounds() -> None:
    model = "gpt-image-2.6-flare"
    for size, quality, seen in (
        (Size(1536, 1024), "low", 664),
        (Size(1536, 1024), "high", 1353),
        (Size(3840, 2160), "high", 3337),
    ):
        found = spread(model, size, quality)
        assert found is not None
        assert seen <= found.expected * 1.01
        assert seen * 2 <= found.upper
    seen_auto = spread(model, Size(1024, 1024), "auto")
    assert seen_auto is not None
    assert seen_auto.upper >= 5800 * 1.5
    high = spread(model, Size(1024, 1024), "high")
    assert high is not None
    assert high.upper >= 5800


def test_expected_never_exceeds_upper_in_any_formula() -> None:
    for rates in TABLE.models:
        if isinstance(rates.output, Formula):
            assert rates.output.expected_percent.keys() <= rates.output.grid.keys()
            assert rates.output.upper_percent.keys() == rates.output.expected_percent.keys()
            for quality, percent in rates.output.expected_percent.items():
                assert percent < rates.output.upper_percent[quality]


def test_the_published_prices_of_mini_are_the_floor_of_its_quote() -> None:
    mini = TABLE.find("gpt-image-1-mini")
    assert mini is not None
    published = {"low": (5, 6, 6), "medium": (11, 15, 15), "high": (36, 52, 52)}
    for quality, row in published.items():
        for size, thousandths in zip(SIZES, row, strict=True):
            nano = thousandths * 1_000_000
            assert mini.picture(size, quality) == Spread(nano, nano + 1_000_000)


def test_the_published_prices_of_1_5_are_its_tokens_at_32_dollars() -> None:
    rates = TABLE.find("gpt-image-1.5")
    assert rates is not None
    published = {
        "low": ("0.009", "0.013", "0.013"),
        "medium": ("0.034", "0.05", "0.05"),
        "high": ("0.133", "0.2", "0.2"),
    }
    for quality, row in published.items():
        for size, dollars in zip(SIZES, row, strict=True):
            tokens = rates.output.spread(size, quality)
            assert tokens is not None
            exact = Decimal(tokens.expected * rates.prices.image_out) / NANO
            assert exact.quantize(Decimal(dollars)) == Decimal(dollars)


@pytest.mark.parametrize(
    ("model", "base"),
    [
        ("gpt-image-2-2026-04-21", "gpt-image-2"),
        ("gpt-image-2.5-flare-2026-09-08", "gpt-image-2.5-flare"),
        ("gpt-image-2", "gpt-image-2"),
        ("gpt-image-2-2026-04", "gpt-image-2-2026-04"),
        ("gpt-image-2-２026-04-21", "gpt-image-2-２026-04-21"),
    ],
)
def test_a_snapshot_is_its_model(model: str, base: str) -> None:
    assert base_model(model) == base


@pytest.mark.parametrize("model", ["gpt-image-2.5", "gpt-image-2x", "gpt-image", "", "dall-e-3", "gpt-image-2-turbo"])
def test_names_are_matched_whole(model: str) -> None:
    assert TABLE.find(model) is None


def test_each_model_stands_in_the_table_once() -> None:
    names = [name for rates in TABLE.models for name in rates.names]
    assert len(names) == len(set(names)) == 8


def test_the_table_is_parsed_once() -> None:
    assert parse_rates(TEXT) is TABLE
    assert TABLE.version == "2026-11-21"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version", "vers", "vers"),
        ("text_in = 5_000", "text_in = 5.5", "models[0].prices.text_in"),
        ("text_in = 5_000", "text_in = -1", "models[0].prices.text_in"),
        ("rough = true", "ruogh = true", "ruogh"),
        ("[flat]", "[flat", "line"),
    ],
)
def test_a_broken_table_says_where(old: str, new: str, said: str) -> None:
    with pytest.raises(SettingsError, match="price table") as caught:
        parse_rates(TEXT.replace(old, new))
    assert said in str(caught.value)
