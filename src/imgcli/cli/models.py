"""`imgcli models`: what can be asked for, and what a typical picture costs."""

import os
from typing import Annotated

import typer

from imgcli.cli import options, show


def models(
    provider: Annotated[str | None, typer.Option("--provider", metavar="NAME", help="Of one provider only.")] = None,
    profile: options.Profile = None,
    json: options.Json = False,
) -> int:
    """List models with sizes, qualities and the price of a 1024x1024 picture."""
    from imgcli.model.money import exact_usd, format_usd
    from imgcli.model.quote import Priced
    from imgcli.pricing.quote import typical
    from imgcli.settings import load_settings
    from imgcli.wiring import open_pricer, open_providers

    settings = load_settings(os.environ, {}, profile)
    pricer = open_pricer(settings)
    rows = []
    for name, known in open_providers(settings, os.environ).items():
        if provider not in {None, name}:
            continue
        for card in known.cards():
            quotes = [quote for quote in typical(pricer, card) if isinstance(quote, Priced)]
            if json:
                prices = {quote.job.quality: exact_usd(quote.expected) for quote in quotes}
                sizes = [str(size) for size in card.sizes]
                ends = card.ends.isoformat() if card.ends else None
                plain = {"provider": name, "model": card.name, "sizes": sizes, "any_size": card.free is not None}
                show.json_line(plain | {"qualities": card.qualities, "usd": prices, "ends": ends, "note": card.note})
                continue
            free = ", any other" if card.free else ""
            prices_text = "  ".join(
                f"{quote.job.quality} {'~' if quote.rough else ''}{format_usd(quote.expected)}"
                for quote in quotes
                if quote.job.quality != "auto"
            )
            note = f"ends {card.ends}: use {card.successor}" if card.ends else card.note
            rows.append((name, card.name, ", ".join(map(str, card.sizes)) + free, prices_text or "free", note))
    if not json:
        show.draw_data(show.table("", ("provider", "model", "sizes", "1024x1024 costs about", "note"), rows))
        show.talk("~ is an estimate without a published formula; a hold is the upper bound, see --dry-run")
    return 0
