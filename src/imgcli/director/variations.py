"""Variations of a picture: what is kept is said first, then the one thing that changes, another in each of them.

The user is never contradicted: a change that the prompt or a style has decided otherwise, or that speaks of an excluded
thing, is not among those there are to choose from.
"""

import functools
import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from imgcli.director.constraints import split
from imgcli.director.deltas import ALWAYS, TABLE, Aspect, Delta, Strength
from imgcli.director.excluded import is_excluded
from imgcli.director.expand_local import negated, never_with
from imgcli.director.kept import lost_of
from imgcli.director.manner import Manner, manners
from imgcli.director.reading import Reading, colours_in
from imgcli.director.style_file import around_subject
from imgcli.director.tokens import tokens_of
from imgcli.director.word_lists import words
from imgcli.errors import UsageError
from imgcli.model.prompt import Style

MOST = 100
"""Variations of one picture in one call."""

KEPT: Mapping[Strength, tuple[Aspect, ...]] = {
    Strength.SUBTLE: (Aspect.SETTING, Aspect.COMPOSITION, Aspect.LIGHT, Aspect.PALETTE),
    Strength.MEDIUM: (Aspect.SETTING,),
    Strength.STRONG: (),
}
"""What is said to be kept beside the subject and the medium, save what the prompt, a style or the change itself decides."""

_DECIDES: Mapping[Aspect, frozenset[Manner]] = {
    Aspect.LIGHT: frozenset({Manner.LIGHT}),
    Aspect.CROP: frozenset({Manner.COMPOSITION, Manner.CAMERA}),
    Aspect.ANGLE: frozenset({Manner.CAMERA}),
    Aspect.VIEWPOINT: frozenset({Manner.CAMERA}),
    Aspect.TIME: frozenset({Manner.LIGHT}),
    Aspect.ARRANGEMENT: frozenset({Manner.COMPOSITION}),
    Aspect.SETTING: frozenset({Manner.SETTING}),
    Aspect.COMPOSITION: frozenset({Manner.COMPOSITION, Manner.CAMERA}),
}
"""A prompt that speaks of one of these leaves the aspect to nobody else."""

_LOOSENS: Mapping[Aspect, frozenset[Aspect]] = {
    Aspect.TIME: frozenset({Aspect.LIGHT, Aspect.PALETTE}),
    Aspect.LIGHT: frozenset({Aspect.PALETTE}),
    Aspect.CROP: frozenset({Aspect.COMPOSITION}),
    Aspect.ANGLE: frozenset({Aspect.COMPOSITION}),
    Aspect.VIEWPOINT: frozenset({Aspect.COMPOSITION}),
    Aspect.ARRANGEMENT: frozenset({Aspect.COMPOSITION}),
    Aspect.READING: frozenset({Aspect.PALETTE, Aspect.LIGHT, Aspect.COMPOSITION}),
}
"""What cannot stay quite as it was where another aspect changes."""

_COLOURED = words(
    "colour colours color colors coloured colored palette tone tones hue monochrome monochromatic grayscale sepia bw duotone"
)
_CLOSED = re.compile(r"""[.!?…。！？]["'”’»)\]]*$""")
_BY_STYLE = frozenset({Aspect.LIGHT, Aspect.TIME, Aspect.PALETTE})


@dataclass(frozen=True, slots=True)
class Variation:
    """One variation: the words to direct, and in short what they change."""

    words: str
    change: str


def variations(
    prompt: str, styles: Sequence[Style], no: Sequence[str], strength: Strength, count: int, *, seed: str = ""
) -> tuple[Variation, ...]:
    """`count` variations, all different; the same for the same arguments.

    Args:
        prompt: as typed, or empty; it stands in each of them to the letter.
        styles: what is asked of the look.
        no: what must not appear, as typed.
        strength: how far they go.
        count: 1 to MOST.
        seed: where the choice begins; such as the SHA-256 of the picture.

    Raises:
        UsageError: fewer fit; says how many do.
    """
    room = _Room(prompt, styles, no, strength)
    found = list(itertools.islice(room.variations(seed), count))
    if len(found) < count:
        raise UsageError(
            f"{len(found)} different variations fit these words at --strength {strength.value}, not {count}; "
            "ask for fewer, or leave more open"
        )
    return tuple(found)


class _Room:
    """What the words leave open."""

    def __init__(self, prompt: str, styles: Sequence[Style], no: Sequence[str], strength: Strength) -> None:
        self._prompt, self._strength = prompt.strip(), strength
        self._asked = Reading(prompt)
        self._styled = Reading(" ".join(_look(style) for style in styles))
        self._excluded = (*split(no), *negated(self._asked), *(thing for style in styles for thing in style.avoid))
        self._never = never_with(self._asked) | never_with(self._styled)
        self._decided = self._decided_aspects(has_styles=bool(styles))
        self._run = f"{_run(prompt)}{_run(self._styled.text)}"
        self._has_styles = bool(styles)

    def variations(self, seed: str) -> Iterator[Variation]:
        """All there are: one change each, then two, each aspect in turn; what is left where all is decided comes last."""
        open_ = self._open(TABLE[self._strength], seed)
        last = self._open(ALWAYS, seed)
        for changes in itertools.chain(
            _singles(open_), _pairs(open_), _singles(last), _pairs(last), _across(open_, last)
        ):
            text = self._text(changes)
            # Judged as a whole: what no rule above foresaw is found here.
            if not self._prompt or not lost_of(self._asked, text):
                yield Variation(text, ", and ".join(change.words for change in changes))

    def _decided_aspects(self, *, has_styles: bool) -> frozenset[Aspect]:
        said = manners(self._asked)
        found = {aspect for aspect, decided in _DECIDES.items() if decided & said}
        if next(colours_in(self._asked), None) or self._asked.positive & _stems(_COLOURED):
            found.add(Aspect.PALETTE)
        if self._asked.groups:
            # "on the left", "at night", "in winter": where and when it is has been said.
            found |= {Aspect.TIME, Aspect.LIGHT, Aspect.ARRANGEMENT, Aspect.COMPOSITION, Aspect.CROP}
        return frozenset(found | _BY_STYLE if has_styles else found)

    def _open(self, table: Mapping[Aspect, Sequence[Delta]], seed: str) -> list[list[Delta]]:
        """Aspect by aspect the changes that fit, each list begun at a place that the seed decides."""
        start = int.from_bytes(hashlib.sha256(f"{seed}\n{self._prompt}".encode(errors="replace")).digest()[:4], "big")
        pools = []
        for aspect, deltas in table.items():
            pool = [delta for delta in deltas if self._fits(delta)] if aspect not in self._decided else []
            if pool:
                turn = start % len(pool)
                pools.append([*pool[turn:], *pool[:turn]])
        return pools

    def _fits(self, delta: Delta) -> bool:
        if is_excluded(delta.words, self._excluded) or not self._never.isdisjoint(_stems_of(delta.words)):
            return False
        return not any(f" {phrase} " in self._run for phrase in _phrases(delta.against))

    def _text(self, changes: Sequence[Delta]) -> str:
        kept = self._kept({change.aspect for change in changes})
        lead = "Keep the subject of the reference picture: who or what it is, its shape, its parts and their number"
        told = ", and ".join(change.words for change in changes)
        if not self._prompt:
            return f"{lead}{kept}. Change only this: {told}."
        end = "" if _CLOSED.search(self._prompt) else "."
        return f"{lead}{kept}. Where this asks for something else, it goes first: {self._prompt}{end} Beside that, change only this: {told}."

    def _kept(self, changed: set[Aspect]) -> str:
        loose = changed.union(*(_LOOSENS.get(aspect, frozenset()) for aspect in changed)) | self._decided
        said = manners(self._asked)
        kept = [aspect.value for aspect in KEPT[self._strength] if aspect not in loose]
        kept += [] if self._has_styles or Manner.MEDIUM in said else ["medium"]
        kept = [word for word in kept if not is_excluded(word, self._excluded)]
        return f". Keep its {_listed(kept)} too" if kept else ""


def _singles(pools: Sequence[Sequence[Delta]]) -> Iterator[tuple[Delta, ...]]:
    for turn in itertools.zip_longest(*pools):
        yield from ((delta,) for delta in turn if delta is not None)


def _pairs(pools: Sequence[Sequence[Delta]]) -> Iterator[tuple[Delta, ...]]:
    """Two changes of different aspects that go together; far from each other in their order before near."""
    for one, other in itertools.combinations(pools, 2):
        yield from _crossed(one, other)


def _across(pools: Sequence[Sequence[Delta]], last: Sequence[Sequence[Delta]]) -> Iterator[tuple[Delta, ...]]:
    for one, other in itertools.product(pools, last):
        yield from _crossed(one, other)


def _crossed(one: Sequence[Delta], other: Sequence[Delta]) -> Iterator[tuple[Delta, ...]]:
    for shift in range(len(other)):
        for index, delta in enumerate(one):
            beside = other[(index + shift) % len(other)]
            if not (_clash(delta, beside) or _clash(beside, delta)):
                yield delta, beside


def _clash(one: Delta, other: Delta) -> bool:
    run = _run(other.words)
    return any(f" {phrase} " in run for phrase in _phrases(one.against))


def _look(style: Style) -> str:
    """What a style says of how it looks, without the subject."""
    before, after = around_subject(style.prose)
    return f"{before} {after} {', '.join(term for _, terms in style.keywords for term in terms)}."


@functools.lru_cache(maxsize=1024)
def _run(text: str) -> str:
    return f" {' '.join(token.stem for token in tokens_of(text))} "


@functools.lru_cache(maxsize=1024)
def _phrases(against: frozenset[str]) -> tuple[str, ...]:
    return tuple(" ".join(token.stem for token in tokens_of(word)) for word in against)


@functools.lru_cache(maxsize=1024)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokens_of(text))


def _stems(table: frozenset[str]) -> frozenset[str]:
    return frozenset(phrase for phrase in _phrases(table))


def _listed(items: Sequence[str]) -> str:
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else items[0]
