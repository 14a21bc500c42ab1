"""`imgcli models`: what can be asked for, and what a typical picture costs."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options, show
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from imgcli.model.card import ModelCard
    from imgcli.model.quote import Quote

QUALITIES = ("low", "medium", "high", "xhigh", "max")


def models(
    provider: Annotated[str | None, typer.Option("--provider", metavar="NAME", help="Of one provider only.")] = None,
    profile: options.Profile = None,
    json: options.Json = False,
) -> int:
    """List models with sizes, qualities and the price of a 1024x1024 picture. Examples:

    imgcli models

    imgcli models --json
    """
    from imgcli.pricing.quote import typical
    from imgcli.settings import load_settings
    from imgcli.wiring import open_pricer, open_providers

    settings = load_settings(os.environ, {}, profile)
    pricer = open_pricer(settings)
    cards = [
        (name, card)
        for name, known in open_providers(settings, os.environ).items()
        for card in known.cards()
        if provider in {None, name}
    ]
    if not cards and provider is not None:
        raise UsageError(f"no provider {provider!r} with known models; imgcli models lists them all")
    priced = [(name, card, {quote.job.quality: quote for quote in typical(pricer, card)}) for name, card in cards]
    if json:
        for name, card, quotes in priced:
            show.json_line(_plain(name, card, quotes))
        return 0
    for name in dict.fromkeys(name for name, _ in cards):
        rows = [(card.name, *_prices(quotes), _sizes(card), _note(card)) for of, card, quotes in priced if of == name]
        columns = ("model", *QUALITIES, "sizes", "note")
        show.draw_data(show.table(name, columns, rows, right=range(1, 6), whole=range(7)))
    show.talk("dollars for one 1024x1024 picture; ~ is an estimate without a published formula")
    show.talk(_edits([card for _, card in cards]))
    show.talk(
        "sizes: 3 are square, landscape and portrait (1024x1024, 1536x1024, 1024x1536); any is WxH within its limits"
    )
    return 0


def _prices(quotes: "Mapping[str, Quote]") -> list[str]:
    from imgcli.model.money import format_usd
    from imgcli.model.quote import Priced

    found = [quotes.get(quality) for quality in QUALITIES]
    return [
        f"{'~' if quote.rough else ''}{format_usd(quote.expected).removeprefix('$')}"
        if isinstance(quote, Priced)
        else "-"
        for quote in found
    ]


def _sizes(card: "ModelCard") -> str:
    """The fixed sizes, or the rule for the others."""
    if card.free is None:
        return str(len(card.sizes) or "its server's")
    return f"any to {card.free.edge}"


def _edits(cards: "Sequence[ModelCard]") -> str:
    """Which of them make pictures from pictures, in a line."""
    without = [card.name for card in cards if card.edits is None]
    if not without:
        return "all of them make pictures from pictures too"
    if len(without) == len(cards):
        return "none of them makes pictures from pictures"
    return f"all but {', '.join(without)} make pictures from pictures too"


def _note(card: "ModelCard") -> str:
    return f"ends {card.ends}, then {card.successor}" if card.ends else card.note


def _plain(name: str, card: "ModelCard", quotes: "Mapping[str, Quote]") -> dict[str, object]:
    from imgcli.model.money import exact_usd
    from imgcli.model.quote import Priced

    return {
        "provider": name,
        "model": card.name,
        "sizes": [str(size) for size in card.sizes],
        "any_size": card.free is not None,
        "qualities": card.qualities,
        "usd": {word: exact_usd(quote.expected) for word, quote in quotes.items() if isinstance(quote, Priced)},
        "edits": card.edits
        and {
            "images": card.edits.most,
            "mask": card.edits.mask,
            "markup": card.edits.markup,
            "input_fidelity": card.edits.fidelities,
        },
        "ends": card.ends.isoformat() if card.ends else None,
        "successor": card.successor,
        "note": card.note,
    }
