"""Prices the user states in the config, for compatible servers and models the table does not have.

[[rates]]
provider = "openai"           # default; the name the provider goes by
model = "my-model"            # or "*" for all of its models
per_picture = "0.02"          # dollars; or, for models whose token count is known, dollars per million tokens:
# text_in = "5", image_in = "8", image_out = "30", text_out = "0"
# and of a text model, which expands prompts:  text_in = "0.10", text_out = "0.50"
"""

from collections.abc import Mapping, Sequence

from imgcli.errors import SettingsError
from imgcli.model.money import parse_usd
from imgcli.pricing.quote import RateOverride
from imgcli.pricing.rates import TextPrices, TokenPrices

PER_TOKEN = ("text_in", "image_in", "image_out", "text_out")
KEYS = ("provider", "model", "per_picture", *PER_TOKEN)


def parse_overrides(tables: Sequence[Mapping[str, object]], label: str) -> tuple[RateOverride, ...]:
    """The `[[rates]]` tables of the config file `label`.

    Raises:
        SettingsError: with the table's number and key.
    """
    return tuple(_override(table, f"{label}: rates[{index}]") for index, table in enumerate(tables, 1))


def _override(table: Mapping[str, object], where: str) -> RateOverride:
    for key in table:
        if key not in KEYS:
            raise SettingsError(f"{where}: unknown key {key!r}; there are {', '.join(KEYS)}")
    model, provider = table.get("model"), table.get("provider", "openai")
    if not isinstance(model, str) or not model or not isinstance(provider, str):
        raise SettingsError(f'{where}: write model = "name", and provider in quotes if there is one')
    if "per_picture" in table:
        return RateOverride(provider, model, _usd(table, "per_picture", where))
    if {"text_in", "text_out"} <= table.keys() and not {"image_in", "image_out"} & table.keys():
        return RateOverride(
            provider, model, TextPrices(_per_token(table, "text_in", where), _per_token(table, "text_out", where))
        )
    missing = [key for key in PER_TOKEN[:3] if key not in table]
    if missing:
        raise SettingsError(
            f"{where}: write per_picture, or all of {', '.join(PER_TOKEN[:3])} in dollars per million tokens; "
            f"missing: {', '.join(missing)}"
        )
    prices = {key: _per_token(table, key, where) for key in PER_TOKEN if key in table}
    return RateOverride(provider, model, TokenPrices(**prices))


def _per_token(table: Mapping[str, object], key: str, where: str) -> int:
    """Dollars per million tokens are thousands of nano-USD per token."""
    price, rest = divmod(_usd(table, key, where), 1_000_000)
    if rest:
        raise SettingsError(f"{where}: {key}: finer than $0.001 per million tokens, which the ledger cannot count")
    return price


def _usd(table: Mapping[str, object], key: str, where: str) -> int:
    try:
        return parse_usd(str(table[key]))
    except ValueError as error:
        raise SettingsError(f"{where}: {key}: {error}") from None
