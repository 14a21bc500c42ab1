import pytest

from imgcli.errors import SettingsError
from imgcli.pricing.overrides import parse_overrides
from imgcli.pricing.quote import RateOverride
from imgcli.pricing.rates import TextPrices, TokenPrices


def test_a_price_per_picture() -> None:
    (rate,) = parse_overrides([{"provider": "studio", "model": "sdxl", "per_picture": "0.002"}], "config.toml")
    assert rate == RateOverride("studio", "sdxl", 2_000_000)


def test_prices_per_million_tokens() -> None:
    table = {"model": "gpt-image-2", "text_in": 5, "image_in": "8", "image_out": 30.5}
    (rate,) = parse_overrides([table], "config.toml")
    assert rate == RateOverride("openai", "gpt-image-2", TokenPrices(5_000, 8_000, 30_500))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"per_picture": "1"}, 'write model = "name"'),
        ({"model": "x"}, "missing: text_in, image_in, image_out"),
        ({"model": "x", "image_out": "30"}, "missing: text_in, image_in"),
        ({"model": "x", "per_picture": "cheap"}, "per_picture: 'cheap' is not an amount"),
        ({"model": "x", "per_image": "1"}, "unknown key 'per_image'"),
        ({"model": "x", "text_in": "0.0001", "image_in": "1", "image_out": "1"}, "finer than $0.001"),
    ],
)
def test_mistakes_name_the_table(table: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_overrides([{"model": "ok", "per_picture": "1"}, table], "config.toml")
    assert str(caught.value).startswith("config.toml: rates[2]: ")
    assert message in str(caught.value)


def test_prices_of_a_text_model_need_no_prices_of_pictures() -> None:
    (rate,) = parse_overrides(
        [{"provider": "mine", "model": "*", "text_in": "0.10", "text_out": "0.50"}], "config.toml"
    )
    assert rate == RateOverride("mine", "*", TextPrices(100, 500))
