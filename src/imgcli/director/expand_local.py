"""An expansion without a model: what a prompt does not say of light, camera, medium and so on, from a table.

It knows some 30 kinds of subject and goes by words alone. What the prompt says stands first, to the letter; what it
says already, or excludes, is not added.
"""

import functools
import hashlib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import tomli

from imgcli.director.constraints import split
from imgcli.director.demands import subjects_in
from imgcli.director.excluded import is_excluded
from imgcli.director.kept import lost_of
from imgcli.director.manner import DRAWN, FLAT, INDOORS, WEATHER, Manner, manners, stems
from imgcli.director.reading import Reading
from imgcli.director.tokens import stem, tokens_of
from imgcli.director.word_lists import words

MOST_WORDS = 45
"""Words that are added at most."""

MOST_FINISHES = 4

_CLOSED = re.compile(r"""[.!?…。！？]["'”’»)\]]*$""")
_ACTIONS = stems(words(
    "running jumping racing fighting dancing flying chasing leaping galloping swimming surfing skiing skating riding "
    "football soccer tennis basketball rugby hockey cricket volleyball drifting crashing exploding kicking sprinting diving climbing falling charging"
))  # fmt: skip
_ANYWHERE = {
    "graphic": words("logo icon emblem favicon pictogram monogram sticker"),
    "pattern": words("pattern wallpaper tartan damask"),
    "map": words("map diagram infographic flowchart floorplan blueprint"),
    "sealife": words("underwater undersea"),
    "space": words("nebula galaxy cosmos"),
}
_OUTDOORS = stems(WEATHER | words("sunset sunrise dawn dusk twilight golden sun"))
_TOYS = stems(words("toy miniature figurine lego plush model"))


_Phrases = dict[Manner, str]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What goes with a kind of subject."""

    medium: tuple[str, ...]
    camera: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    texture: tuple[str, ...]
    composition: tuple[str, ...]
    is_flat: bool
    has_own_light: bool


def expand_locally(prompt: str, no: Sequence[str], *, style: bool, index: int = 0) -> str:
    """`prompt`, and after it what it lacks, in at most 45 words.

    Args:
        prompt: as typed; the text begins with it.
        no: what must not appear, as typed.
        style: a style says the medium, the light and the camera, so they are left to it.
        index: which of several expansions; 0 to 7 are distinct. A prompt that lacks nothing is returned as it is for 0.
    """
    if not prompt.strip():
        return prompt
    asked = Reading(prompt)
    excluded = (*split(no), *_negated(asked))
    pools = _pools(asked, excluded, style=style)
    total = math.prod(len(pool) for pool in pools)
    finish = _finish(excluded, index // total)
    seed = int.from_bytes(hashlib.sha256(prompt.encode(errors="replace")).digest()[:6], "big")
    phrases = _chosen(pools, (seed + index * _stride(total)) % total)
    said = [*_sentences(phrases, MOST_WORDS - len(" ".join(finish).split())), *finish]
    expanded = _joined(prompt, " ".join(said))
    if lost_of(asked, expanded):
        expanded = _joined(prompt, " ".join(text for text in said if not lost_of(asked, _joined(prompt, text))))
    return expanded


def _joined(prompt: str, text: str) -> str:
    if not text:
        return prompt
    if prompt[-1].isspace():
        return f"{prompt}{text}" if _CLOSED.search(prompt.rstrip()) else f"{prompt}\n{text}"
    return f"{prompt}{'' if _CLOSED.search(prompt) or prompt[-1] in ',;:' else '.'} {text}"


def _negated(asked: Reading) -> list[str]:
    """What the prompt itself says must not be there."""
    tokens = asked.tokens
    things = [thing for scope in asked.scopes if not scope.is_only for thing in scope.things]
    return [" ".join(token.word for token in tokens[start:end]) for start, end in things]


def _pools(asked: Reading, excluded: tuple[str, ...], *, style: bool) -> list[tuple[_Phrases, ...]]:
    """For each thing that may be added, what there is to choose from; nothing where the prompt has said it."""
    said = set(manners(asked))
    kind = _kind_of(asked)
    is_flat = kind.is_flat or bool(asked.positive & stems(FLAT))
    is_drawn = Manner.MEDIUM in said and bool(asked.positive & stems(DRAWN))
    if style:
        said |= {Manner.MEDIUM, Manner.LIGHT, Manner.CAMERA, Manner.TEXTURE}
    if is_flat:
        said |= {Manner.LIGHT, Manner.CAMERA, Manner.SETTING}
    if any(word.startswith(("background", "backdrop")) for thing in excluded for word in thing.casefold().split()):
        said.add(Manner.SETTING)
    if any(scope.is_only for scope in asked.scopes):
        said.add(Manner.SETTING)
    table = _table()
    source: dict[Manner, tuple[str, ...]] = {
        Manner.MEDIUM: kind.medium,
        Manner.CAMERA: table.drawn if is_drawn else kind.camera,
        Manner.TEXTURE: () if is_drawn and not is_flat else kind.texture,
        Manner.COMPOSITION: kind.composition,
    }
    if is_flat and not kind.is_flat:
        flat = table.kinds["graphic"]
        source |= {Manner.TEXTURE: flat.texture, Manner.COMPOSITION: flat.composition}
    if asked.positive & _ACTIONS and not is_drawn:
        source |= table.action
    fits = functools.partial(_fits, frozenset(said), excluded)
    pools = [_places(asked, kind, frozenset(said), fits)]
    pools += [
        tuple({manner: phrase} for phrase in phrases if fits(phrase))
        for manner, phrases in source.items()
        if manner not in said
    ]
    return [pool for pool in pools if pool]


def _fits(said: frozenset[Manner], excluded: tuple[str, ...], phrase: str) -> bool:
    """Whether `phrase` speaks neither of what is said already nor of what is excluded."""
    return not (_manners_of(phrase) - {Manner.SETTING}) & said and not is_excluded(phrase, excluded)


@functools.lru_cache(maxsize=4096)
def _manners_of(phrase: str) -> frozenset[Manner]:
    return manners(Reading(phrase))


def _places(asked: Reading, kind: _Kind, said: frozenset[Manner], fits: Callable[[str], bool]) -> tuple[_Phrases, ...]:
    """Settings with their light; only the one where the other is said."""
    has_weather = bool(asked.positive & _OUTDOORS)
    is_outside = has_weather or bool(asked.positive & _ACTIONS)
    settings = [
        (setting, light) for setting, light in kind.places if not (is_outside and _is_indoors(f"{setting} {light}"))
    ]
    if Manner.LIGHT in said:
        return () if Manner.SETTING in said else tuple({Manner.SETTING: place} for place, _ in settings if fits(place))
    if Manner.SETTING in said or has_weather:
        lights = [light for _, light in kind.places] if kind.has_own_light else _table().light
        pool = [{Manner.LIGHT: light} for light in lights if fits(light)]
        if Manner.SETTING in said or not settings:
            return tuple(pool)
        places = [place for place, _ in settings if fits(place)]
        return tuple({Manner.SETTING: place} | light for place in places for light in pool)
    return tuple(
        {Manner.SETTING: place, Manner.LIGHT: light} for place, light in settings if fits(place) and fits(light)
    )


@functools.lru_cache(maxsize=1024)
def _is_indoors(phrase: str) -> bool:
    return not stems(INDOORS).isdisjoint(token.stem for token in tokens_of(phrase))


def _kind_of(asked: Reading) -> _Kind:
    """The kind of the subject: by its head noun, else by any word of the prompt that names one."""
    table = _table()
    for name, stems_of in _ANYWHERE.items():
        if asked.positive & stems(stems_of):
            return table.kinds[name]
    if asked.positive & _TOYS:
        return table.kinds["product"]
    heads = [found.key[0] for found in subjects_in(asked)]
    rest = [token.stem for index, token in enumerate(asked.tokens) if index not in asked.negated]
    for word in (*heads, *rest):
        if (kind := table.by_word.get(str(word))) is not None:
            return kind
    return table.kinds["unknown"]


def _stride(total: int) -> int:
    """A step through `total` choices that comes to each before it comes to one again, and far from the last."""
    step = max(1, round(total * 0.618))
    while math.gcd(step, total) != 1:
        step += 1
    return step


def _chosen(pools: Sequence[Sequence[_Phrases]], number: int) -> dict[Manner, str]:
    phrases: dict[Manner, str] = {}
    for pool in pools:
        number, at = divmod(number, len(pool))
        phrases |= pool[at]
    return phrases


def _sentences(phrases: dict[Manner, str], left: int) -> list[str]:
    """Sentences of the phrases, in the order of `Manner`; the last are left out beyond `left` words."""
    kept: dict[Manner, str] = {}
    for manner in Manner:
        phrase = phrases.get(manner, "")
        if phrase and (left := left - len(phrase.split())) >= 0:
            kept[manner] = phrase
    pairs = (
        (Manner.MEDIUM, ", ", Manner.CAMERA),
        (Manner.SETTING, "; ", Manner.LIGHT),
        (Manner.TEXTURE, "; ", Manner.COMPOSITION),
    )
    said = [joint.join(kept[m] for m in (one, other) if m in kept) for one, joint, other in pairs]
    return [f"{text[0].upper()}{text[1:]}." for text in said if text]


def _finish(excluded: tuple[str, ...], rounds: int) -> list[str]:
    """A word on the mood, another in each round, for prompts that leave little else to vary."""
    fitting = [text for text in _table().finish if not is_excluded(text, excluded)]
    if not rounds or not fitting:
        return []
    again, start = divmod(rounds - 1, len(fitting))
    return [fitting[(start + turn) % len(fitting)] for turn in range(min(again + 1, MOST_FINISHES))]


@dataclass(frozen=True, slots=True)
class _Table:
    """All of `expansions.toml`."""

    light: tuple[str, ...]
    finish: tuple[str, ...]
    drawn: tuple[str, ...]
    action: Mapping[Manner, tuple[str, ...]]
    kinds: Mapping[str, _Kind]
    by_word: Mapping[str, _Kind]


@functools.cache
def _table() -> _Table:
    told = tomli.loads(files("imgcli.director").joinpath("expansions.toml").read_text("utf-8"))
    kinds = {name: _kind(kind, told) for name, kind in told["kind"].items()}
    by_word: dict[str, _Kind] = {}
    for name, kind in told["kind"].items():
        for word in kind["words"].split():
            by_word.setdefault(stem(word), kinds[name])
    return _Table(
        light=tuple(told["any"]["light"]),
        finish=tuple(told["any"]["finish"]),
        drawn=tuple(told["drawn"]["camera"]),
        action={Manner(what): tuple(phrases) for what, phrases in told["action"].items()},
        kinds=kinds,
        by_word=by_word,
    )


def _kind(kind: Mapping[str, Any], told: Mapping[str, Any]) -> _Kind:
    is_flat = kind.get("flat", False)
    composed = told[kind.get("composed", "flat" if is_flat else "any")]["composition"]
    return _Kind(
        medium=tuple(kind["medium"]),
        camera=tuple(kind.get("camera", ())),
        places=tuple((place, light) for place, light in kind.get("places", ())),
        texture=tuple(kind.get("texture", told["flat"]["texture"] if is_flat else ())),
        composition=tuple(kind.get("composition", composed)),
        is_flat=is_flat,
        has_own_light=kind.get("own_light", False),
    )
