"""The cards of OpenAI's models, and which of them a name means."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from difflib import get_close_matches

import msgspec
import tomli

from imgcli.errors import ModelError, SettingsError
from imgcli.model.card import FreeSizes, ModelCard
from imgcli.model.input import EditRules
from imgcli.model.size import parse_size

SOON = timedelta(days=90)
"""OpenAI announces the end of an image model at least three months ahead."""

ANY_PROMPT = 1_000_000
"""Characters of prompt for a server whose limit is unknown: enough to refuse nothing sensible."""

OPEN_EDITS = EditRules(fidelities=("low", "high"))
"""Of a model nobody knows: its server decides. A markup is OpenAI's alone."""

_SNAPSHOT = re.compile(r"(gpt-image-.+)-(\d{4}-\d{2}-\d{2})", re.ASCII)


class _Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    qualities: tuple[str, ...]
    free_sizes: bool = False
    transparent: bool = True
    fidelities: tuple[str, ...] = ()
    markup: bool = False
    ends: date | None = None
    successor: str = ""
    note: str = ""


class _Models(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sizes: tuple[str, ...]
    free: FreeSizes
    models: tuple[_Model, ...]


def load_cards(text: str) -> tuple[ModelCard, ...]:
    """The cards in the text of a `models.toml`, the default first, retired models included.

    Raises:
        SettingsError: it is not a list of models; says where.
    """
    try:
        listed = msgspec.convert(tomli.loads(text), _Models)
        sizes = tuple(parse_size(size) for size in listed.sizes)
    except (msgspec.ValidationError, ValueError) as error:
        raise SettingsError(f"the list of OpenAI's models cannot be read: {error}") from error
    return tuple(
        ModelCard(
            name=model.name,
            provider="openai",
            sizes=sizes,
            free=listed.free if model.free_sizes else None,
            qualities=model.qualities,
            backgrounds=("auto", "opaque", "transparent") if model.transparent else ("auto", "opaque"),
            ends=model.ends,
            successor=model.successor,
            note=model.note,
            edits=EditRules(markup=model.markup, fidelities=model.fidelities),
        )
        for model in listed.models
    )


def living(cards: Sequence[ModelCard], today: date) -> tuple[ModelCard, ...]:
    """The cards of the models that still work, in their order."""
    return tuple(card for card in cards if not _is_over(card, today))


def find_card(model: str, cards: Sequence[ModelCard], *, foreign: bool, today: date) -> ModelCard:
    """The card that `model` means; a dated snapshot has the card of its model, under its own name.

    A foreign server decides itself what it has: any name gets an open card, which refuses nothing.

    Raises:
        ModelError: OpenAI retired it, or has no such model; says what to use instead.
    """
    if foreign:
        return ModelCard(name=model, provider="openai", prompt_limit=ANY_PROMPT, edits=OPEN_EDITS)
    known = {card.name: card for card in cards}
    card = known.get(model) or known.get(_base(model))
    if card is None:
        raise ModelError(_unknown(model, cards, today))
    if _is_over(card, today):
        raise ModelError(_retired(model, card))
    return replace(card, name=model)


def ending_notice(card: ModelCard, today: date) -> str:
    """One line of warning for a model that ends within 90 days, else an empty string."""
    if card.ends is None or not today <= card.ends <= today + SOON:
        return ""
    days = (card.ends - today).days
    left = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    return f"{card.name} ends {left}, on {card.ends}; use {card.successor}"


def _is_over(card: ModelCard, today: date) -> bool:
    return card.ends is not None and card.ends < today


def _base(model: str) -> str:
    """The model that `model` is a snapshot of: the same name without its date."""
    if match := _SNAPSHOT.fullmatch(model):
        try:
            date.fromisoformat(match[2])
        except ValueError:
            return model
        return match[1]
    return model


def _retired(model: str, card: ModelCard) -> str:
    return f"{model} was retired on {card.ends}; use {card.successor}"


def _unknown(model: str, cards: Sequence[ModelCard], today: date) -> str:
    names = [card.name for card in living(cards, today)]
    word = model.strip().lower()
    if near := _near(word, names):
        return f"OpenAI has no model {model!r}; did you mean {' or '.join(near)}?"
    over = {card.name: card for card in cards if _is_over(card, today)}
    if near := _near(word, list(over)):
        return f"OpenAI has no model {model!r}; {_retired(near[0], over[near[0]])}"
    return f"OpenAI has no image model {model!r}; it has {', '.join(names)}"


def _near(word: str, names: list[str]) -> list[str]:
    """The names `word` may have been meant for: whole parts of names first, then the closest spelling.

    By spelling alone `gpt-image-2.5` is nearer to `gpt-image-2` than to the two models it is the beginning of.
    """
    parts = [name for name in names if name.startswith(f"{word}-") or name.endswith(f"-{word}")]
    if word not in names and 0 < len(parts) <= 3:
        return parts
    return get_close_matches(word, names, n=1, cutoff=0.7)
