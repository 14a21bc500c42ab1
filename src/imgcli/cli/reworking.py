"""What the commands share that make a picture from a picture: vary, restyle, outpaint, cutout and upscale."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import options
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.model.card import ModelCard
    from imgcli.model.entry import Entry
    from imgcli.settings import Settings


def settled(flags: Mapping[str, object], out: str | None, image_format: str | None, profile: str | None) -> "Settings":
    """The settings of a call; prompts of these commands are directed here, and never expanded.

    Raises:
        UsageError: a setting or a flag that is none.
    """
    from imgcli.settings import load_settings

    own: dict[str, object] = {"out": out, "format": image_format or options.format_of(out), "expand": "off"}
    return load_settings(os.environ, {**flags, **own}, profile)


def named_after(image: Path, what: str, settings: "Settings", *, prompt: str = "") -> "Settings":
    """`settings` whose names are `what` behind that of the picture, where nobody chose others that say something."""
    if settings.sources.get("template") != "default" and (prompt or "{slug}" not in settings.template):
        return settings
    stem = image.stem.replace("{", "{{").replace("}", "}}").replace("\\", "-")
    return replace(settings, template=f"{stem}-{what}")


def prompt_of(typed: str | None, *, yes: bool) -> str:
    """A prompt that may be left out.

    Raises:
        UsageError: it looks like a mistake.
    """
    from imgcli.cli.prompts import checked

    return checked([typed], yes=yes)[0] if typed is not None and typed.strip() else ""


def directed(entry: "Entry", words: str, **changes: object) -> "Entry":
    """An entry whose words are told as they are; what was typed stays beside them. Styles are those that were typed."""
    return replace(entry, expanded=words, style=entry.style or (), **changes)  # type: ignore[arg-type]


def card_for(entry: "Entry", settings: "Settings") -> "tuple[ModelCard, Sequence[ModelCard]]":
    """The model that makes it, and all that its provider has.

    Raises:
        UsageError: there is no such provider or model.
    """
    from imgcli.plan import card_of
    from imgcli.wiring import open_providers

    provider, card = card_of(entry, settings, open_providers(settings, os.environ))
    return card, provider.cards()


def require_fixed(what: str, text: str) -> "tuple[int, int]":
    """`1536x1024` as width and height.

    Raises:
        UsageError: it is no size in pixels.
    """
    size = options.size_of(text)
    if size is None or size.is_auto:
        raise UsageError(f"{what} {text!r} is not WIDTHxHEIGHT in pixels, square, portrait or landscape")
    return size.width, size.height
