"""The price table: what OpenAI charges, dated, parsed from `rates.toml` into frozen values. Money in nano-USD."""

import functools
import re
from collections.abc import Mapping

import msgspec
import tomli

from imgcli.errors import SettingsError
from imgcli.model.input import Edit
from imgcli.model.size import Size, parse_size
from imgcli.pricing.inputs import Count, Patches, Tiles
from imgcli.pricing.tokens import Spread, out_tokens, out_tokens_bound, scaled, worst_tokens

Cells = dict[str, dict[str, Count]]
"""Numbers by quality, then by size as written (`1024x1024`)."""

AUTO = "auto"
LIKELY = "high"
"""What quality `auto` is expected to be, as measured for gpt-image-2.6-sunburst; a guess for the others."""

_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$", re.ASCII)


class TokenPrices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nano-USD per token, by what is billed apart: 5,000 is $5.00 for a million tokens."""

    text_in: Count
    image_in: Count
    image_out: Count
    text_out: Count = 0


class TextPrices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nano-USD per token of a model that writes; its reasoning is billed as text out."""

    text_in: Count
    text_out: Count


class TextRates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the text models `names` are charged."""

    names: tuple[str, ...]
    prices: TextPrices


class Formula(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="rule", tag="formula"):
    """Output tokens from the shape of a picture.

    Attributes:
        grid: patches along the long side, by quality.
        most_pixels: of the largest size allowed; no price is known above.
        auto_size: the size that `auto` is expected to be.
        expected_percent, upper_percent: of the formula, by quality, for a model it does not fit exactly.
    """

    grid: dict[str, Count]
    most_pixels: Count
    auto_size: str
    expected_percent: dict[str, Count] = {}
    upper_percent: dict[str, Count] = {}

    def spread(self, size: Size, quality: str) -> Spread | None:
        """Output tokens, or None for a quality or size without a known price."""
        qualities = tuple(self.grid) if quality == AUTO else (quality,)
        if not set(qualities) <= self.grid.keys() or not 0 <= size.pixels <= self.most_pixels:
            return None
        likely = LIKELY if quality == AUTO else quality
        shape = parse_size(self.auto_size) if size.is_auto else size
        tokens = out_tokens(self.grid[likely], shape.width, shape.height)
        return Spread(
            scaled(tokens, self.expected_percent.get(likely, 100)),
            max(self._upper(size, each) for each in qualities),
        )

    def _upper(self, size: Size, quality: str) -> int:
        grid = self.grid[quality]
        if size.is_auto:
            tokens = worst_tokens(grid, self.most_pixels)
        else:
            tokens = out_tokens_bound(grid, size.width, size.height)
        return scaled(tokens, self.upper_percent.get(quality, 100))


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="rule", tag="table"):
    """Output tokens of the few sizes a model makes."""

    tokens: Cells

    def spread(self, size: Size, quality: str) -> Spread | None:
        """Output tokens, or None for a quality or size without a known price."""
        return _cells(self.tokens, size, quality)


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Prices per picture as published, where they are above the tokens; `margin` covers their rounding."""

    usd: Cells
    margin: Count

    def spread(self, size: Size, quality: str) -> Spread | None:
        """Nano-USD of the output, or None for a quality or size without a known price."""
        cells = _cells(self.usd, size, quality)
        return cells and Spread(cells.expected, cells.upper + self.margin)


class ModelRates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the models `names` are charged.

    Attributes:
        inputs: what pictures that go in are billed as.
        text_out_expected, text_out_upper: text tokens the model writes unseen, billed at `prices.text_out`.
        published: prices per picture that the quote does not go below.
        rough: even explicit sizes and qualities have no exact formula.
    """

    names: tuple[str, ...]
    prices: TokenPrices
    output: Formula | Table
    inputs: Patches | Tiles
    text_out_expected: Count = 0
    text_out_upper: Count = 0
    published: Published | None = None
    rough: bool = False

    def at(self, prices: TokenPrices) -> "ModelRates":
        """The same tokens at the prices of somebody else, whose published prices are unknown."""
        return msgspec.structs.replace(self, prices=prices, published=None)

    def picture(self, size: Size, quality: str) -> Spread | None:
        """Nano-USD of all that comes back, or None for a quality or size without a known price."""
        tokens = self.output.spread(size, quality)
        if tokens is None:
            return None
        shown = self.published and self.published.spread(size, quality)
        expected, upper = tokens.expected * self.prices.image_out, tokens.upper * self.prices.image_out
        if shown:
            expected, upper = max(expected, shown.expected), max(upper, shown.upper)
        return Spread(
            expected + self.text_out_expected * self.prices.text_out,
            upper + self.text_out_upper * self.prices.text_out,
        )

    def given(self, edit: Edit) -> Spread:
        """Nano-USD of the pictures that go in."""
        images, texts = self.inputs.images(edit), self.inputs.texts(edit)
        return Spread(
            images.expected * self.prices.image_in + texts.expected * self.prices.text_in,
            images.upper * self.prices.image_in + texts.upper * self.prices.text_in,
        )


class RateTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All rates of one day; `flat` is nano-USD per picture of providers that charge the same for each."""

    version: str
    sources: tuple[str, ...]
    flat: Mapping[str, Count]
    models: tuple[ModelRates, ...]
    texts: tuple[TextRates, ...] = ()

    def find_text(self, model: str) -> TextPrices | None:
        """The prices of the text model `model`, or of that which it is a dated snapshot of."""
        base = base_model(model)
        return next((rates.prices for rates in self.texts if model in rates.names or base in rates.names), None)

    def find(self, model: str) -> ModelRates | None:
        """The rates of `model`, or of the model it is a dated snapshot of; names match whole or not at all."""
        base = base_model(model)
        return next((rates for rates in self.models if model in rates.names or base in rates.names), None)


def base_model(model: str) -> str:
    """`gpt-image-2` for its snapshot `gpt-image-2-2026-04-21`; any other name as it is."""
    return _SNAPSHOT.sub("", model)


@functools.cache
def parse_rates(text: str) -> RateTable:
    """The table in the text of a `rates.toml`.

    Raises:
        SettingsError: it is not a price table; says where.
    """
    try:
        return msgspec.convert(tomli.loads(text), RateTable)
    except (tomli.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"the price table cannot be read: {error}") from error


def _cells(cells: Cells, size: Size, quality: str) -> Spread | None:
    """The dearest of the cells that are meant: for `auto` all in its row or column, expecting the row LIKELY."""

    def dearest(wanted: str) -> int | None:
        rows = cells.values() if wanted == AUTO else [cells.get(wanted, {})]
        return max((n for row in rows for at, n in row.items() if size.is_auto or at == str(size)), default=None)

    upper = dearest(quality)
    expected = dearest(LIKELY if quality == AUTO else quality)
    return None if upper is None or expected is None else Spread(expected, upper)
