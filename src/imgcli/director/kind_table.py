"""The kinds of subjects and what goes with each, as `expansions.toml` says."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import tomli

from imgcli.director.manner import Manner, stems
from imgcli.director.tokens import stem, tokens_of
from imgcli.director.word_lists import words


@dataclass(frozen=True, slots=True)
class Kind:
    """What goes with a kind of subject.

    Attributes:
        places: settings, each with the light found there.
        is_flat: a graphic: no light, no lens, no place.
        moves: it may run, fly or drive.
    """

    name: str
    medium: tuple[str, ...]
    camera: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    texture: tuple[str, ...]
    composition: tuple[str, ...]
    is_flat: bool
    has_own_light: bool
    moves: bool


@dataclass(frozen=True, slots=True)
class Table:
    """All of `expansions.toml`; `clashes` are stems said, and stems that are not added then."""

    light: tuple[str, ...]
    finish: tuple[str, ...]
    drawn: tuple[str, ...]
    action: Mapping[Manner, tuple[str, ...]]
    clashes: tuple[tuple[frozenset[str], frozenset[str]], ...]
    kinds: Mapping[str, Kind]
    by_word: Mapping[str, str]
    by_phrase: tuple[tuple[str, str], ...]


@functools.cache
def table() -> Table:
    """The table, read once."""
    told = tomli.loads(files("imgcli.director").joinpath("expansions.toml").read_text("utf-8"))
    by_word: dict[str, str] = {}
    by_phrase: dict[str, str] = {}
    for name, kind in told["kind"].items():
        for word in kind["words"].split():
            by_word.setdefault(stem(word), name)
        for phrase in kind.get("phrases", ()):
            by_phrase[f" {' '.join(token.stem for token in tokens_of(phrase))} "] = name
    return Table(
        light=tuple(told["any"]["light"]),
        finish=tuple(told["any"]["finish"]),
        drawn=tuple(told["drawn"]["camera"]),
        action={Manner(what): tuple(phrases) for what, phrases in told["action"].items()},
        clashes=tuple((stems(words(clash["said"])), stems(words(clash["never"]))) for clash in told["clash"]),
        kinds={name: _kind(name, kind, told) for name, kind in told["kind"].items()},
        by_word=by_word,
        by_phrase=tuple(by_phrase.items()),
    )


def _kind(name: str, kind: Mapping[str, Any], told: Mapping[str, Any]) -> Kind:
    is_flat = kind.get("flat", False)
    composed = told[kind.get("composed", "flat" if is_flat else "any")]["composition"]
    return Kind(
        name=name,
        medium=tuple(kind["medium"]),
        camera=tuple(kind.get("camera", ())),
        places=tuple((place, light) for place, light in kind.get("places", ())),
        texture=tuple(kind.get("texture", told["flat"]["texture"] if is_flat else ())),
        composition=tuple(kind.get("composition", composed)),
        is_flat=is_flat,
        has_own_light=kind.get("own_light", False),
        moves=kind.get("moves", False),
    )
