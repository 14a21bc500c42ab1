"""An expansion without a model: what a prompt does not say of light, camera, medium and so on, from a table.

It knows some 45 kinds of subject and goes by words alone; where it is not sure, it adds only light and composition.
What the prompt says stands first, to the letter; what it says already, or excludes, is not added.
"""

import functools
import hashlib
import itertools
import math
import re
from collections.abc import Callable, Sequence

from imgcli.director.constraints import split
from imgcli.director.excluded import is_excluded
from imgcli.director.kept import lost_of
from imgcli.director.kind_table import Kind, table
from imgcli.director.kinds import kind_of
from imgcli.director.manner import DRAWN, FLAT, INDOORS, WEATHER, Manner, manners, stems
from imgcli.director.medium import clauses, families
from imgcli.director.reading import Reading
from imgcli.director.tokens import tokens_of
from imgcli.director.word_lists import STOPS, words

MOST_WORDS = 45
"""Words that are added at most."""

MOST_FINISHES = 4

_CLOSED = re.compile(r"""[.!?…。！？]["'”’»)\]]*$""")
_ACTIONS = stems(words(
    "running jumping racing fighting dancing flying chasing leaping galloping swimming surfing skiing skating riding "
    "football soccer tennis basketball rugby hockey cricket volleyball drifting crashing exploding kicking sprinting diving climbing falling charging"
))  # fmt: skip
_OUTDOORS = stems(WEATHER | words("sunset sunrise dawn dusk twilight sun night midnight"))
_SKETCHED = stems(
    words(
        "drawing drawn sketch doodle lineart ink pencil crayon linocut woodcut engraving etching stencil illustration isometric cartoon comic anime manga"
    )
)
"""Media of lines: light and place would make another picture of them."""
_FLAT_WITH = words("vector icon logo design illustration graphic style colour colours color colors minimal art")


_Phrases = dict[Manner, str]


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
    excluded = (*split(no), *negated(asked))
    never = never_with(asked)
    pools = _pools(asked, excluded, never, style=style)
    total = math.prod(len(pool) for pool in pools)
    finish = _finish(excluded, never, index // total)
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


def negated(asked: Reading) -> list[str]:
    """What the prompt itself says must not be there."""
    tokens = asked.tokens
    things = [thing for scope in asked.scopes if not scope.is_only for thing in scope.things]
    return [" ".join(token.word for token in tokens[start:end]) for start, end in things]


def _pools(
    asked: Reading, excluded: tuple[str, ...], never: frozenset[str], *, style: bool
) -> list[tuple[_Phrases, ...]]:
    """For each thing that may be added, what there is to choose from; nothing where the prompt has said it."""
    kind = kind_of(asked)
    # "an abstract background" is a background itself.
    said = set(manners(asked, besides=frozenset(_GROUND) if kind.name == "ground" else frozenset()))
    is_flat = kind.is_flat or _is_graphic(asked)
    is_drawn = Manner.MEDIUM in said and bool(asked.positive & (stems(DRAWN) | {"poly"}))
    if style:
        said |= {Manner.MEDIUM, Manner.LIGHT, Manner.CAMERA, Manner.TEXTURE}
    if is_flat or (is_drawn and asked.positive & _SKETCHED):
        said |= {Manner.LIGHT, Manner.CAMERA, Manner.SETTING}
    if any(word.startswith(("background", "backdrop")) for thing in excluded for word in thing.casefold().split()):
        said.add(Manner.SETTING)
    if any(scope.is_only for scope in asked.scopes):
        said.add(Manner.SETTING)
    fits = functools.partial(_fits, frozenset(said), excluded, never)
    pools = [_places(asked, kind, frozenset(said), fits)]
    pools += [
        tuple({manner: phrase} for phrase in phrases if fits(phrase))
        for manner, phrases in _source(asked, kind, is_flat=is_flat, is_drawn=is_drawn).items()
        if manner not in said
    ]
    return [pool for pool in pools if pool]


_GROUND = ("background", "backdrop", "wallpaper")


def _source(asked: Reading, kind: Kind, *, is_flat: bool, is_drawn: bool) -> dict[Manner, tuple[str, ...]]:
    source: dict[Manner, tuple[str, ...]] = {
        Manner.MEDIUM: kind.medium,
        Manner.CAMERA: table().drawn if is_drawn and kind.camera else kind.camera,
        Manner.TEXTURE: () if is_drawn else kind.texture,
        Manner.COMPOSITION: kind.composition,
    }
    if is_flat and not kind.is_flat:
        flat = table().kinds["graphic"]
        source |= {Manner.TEXTURE: () if is_drawn else flat.texture, Manner.COMPOSITION: flat.composition}
    if kind.moves and asked.positive & _ACTIONS and not is_drawn:
        source |= table().action
    return source


def _is_graphic(asked: Reading) -> bool:
    """Whether a flat medium is asked for: "vector icon of a fox", "a fox, flat design"; not "a mug with a logo"."""
    if families(asked) & {"flat graphic", "pixel art"}:
        return True
    tokens = asked.tokens
    for start, end in clauses(tokens):
        of = next((index for index in range(start, end) if tokens[index].word in STOPS), end)
        if of < end and not (start == 0 and tokens[of].word == "of"):
            continue
        clause = tokens[start:of]
        stems_of = {token.stem for token in clause} - {"flat"}
        if (start or of < end) and len(clause) <= 4 and stems_of & stems(FLAT):
            return True
        if any(one.word == "pixel" and other.word == "art" for one, other in itertools.pairwise(clause)):
            return True
        if any(one.word == "flat" and other.word in _FLAT_WITH for one, other in itertools.pairwise(clause)):
            return True
    return False


def never_with(asked: Reading) -> frozenset[str]:
    """Stems of words that would go against the mood of the prompt."""
    return frozenset().union(*(never for said, never in table().clashes if asked.positive & said))


def _fits(said: frozenset[Manner], excluded: tuple[str, ...], never: frozenset[str], phrase: str) -> bool:
    """Whether `phrase` speaks neither of what is said already nor of what is excluded, and keeps to the mood."""
    if (_manners_of(phrase) - {Manner.SETTING}) & said or is_excluded(phrase, excluded):
        return False
    return never.isdisjoint(_stems_of(phrase))


@functools.lru_cache(maxsize=4096)
def _stems_of(phrase: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokens_of(phrase))


@functools.lru_cache(maxsize=4096)
def _manners_of(phrase: str) -> frozenset[Manner]:
    return manners(Reading(phrase))


def _places(asked: Reading, kind: Kind, said: frozenset[Manner], fits: Callable[[str], bool]) -> tuple[_Phrases, ...]:
    """Settings with their light; only the one where the other is said."""
    has_weather = bool(asked.positive & _OUTDOORS)
    is_outside = has_weather or bool(asked.positive & _ACTIONS)
    settings = [
        (setting, light) for setting, light in kind.places if not (is_outside and _is_indoors(f"{setting} {light}"))
    ]
    if Manner.LIGHT in said:
        return () if Manner.SETTING in said else tuple({Manner.SETTING: place} for place, _ in settings if fits(place))
    if Manner.SETTING in said or has_weather or not kind.places:
        lights = [light for _, light in kind.places] if kind.has_own_light else table().light
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


def _finish(excluded: tuple[str, ...], never: frozenset[str], rounds: int) -> list[str]:
    """A word on the mood, another in each round, for prompts that leave little else to vary."""
    fitting = [text for text in table().finish if not is_excluded(text, excluded) and never.isdisjoint(_stems_of(text))]
    if not rounds or not fitting:
        return []
    again, start = divmod(rounds - 1, len(fitting))
    return [fitting[(start + turn) % len(fitting)] for turn in range(min(again + 1, MOST_FINISHES))]
