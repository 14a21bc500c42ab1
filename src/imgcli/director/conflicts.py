"""Where styles that are blended want different things, and who wins: the decisions of `direct.py` and `plan.py`, told."""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from imgcli.director.constraints import mentions
from imgcli.director.direct import asked_for, avoids
from imgcli.model.card import Wording
from imgcli.model.prompt import Style

SETTLED = ("size", "quality", "background")
"""What only one style can decide for a picture, in the order it is told."""


def conflicts(styles: Sequence[Style], wording: Wording, decided: Collection[str] = ()) -> tuple[str, ...]:
    """One plain sentence for each thing that several styles want differently, with their names and what comes of it.

    A style that is named twice counts once; a keyword of two styles is no conflict, and is said once.

    Args:
        styles: in the order they are blended.
        wording: of the model: some conflicts arise in one kind of prompt only.
        decided: those of size, quality and background that the user decided, so that no style does.
    """
    styles = tuple({style.name: style for style in styles}.values())
    told = [*_media(styles, wording), *_settled(styles, decided)]
    told += _palettes(styles) if wording is Wording.PROSE else []
    told += [line for one, other in combinations(styles, 2) for line in _quarrels(one, other, wording)]
    return tuple(dict.fromkeys(told))


def _media(styles: Sequence[Style], wording: Wording) -> Iterator[str]:
    # A whole prompt for keyword models stands instead of the keywords.
    spoken = [style for style in styles if wording is Wording.PROSE or not style.keyword_prompt]
    media = [(style.name, dict(style.keywords).get("medium", ())) for style in spoken]
    named = [(name, terms) for name, terms in media if terms]
    for name, terms in named[1:]:
        first, held = named[0]
        if {term.casefold() for term in terms} <= {term.casefold() for term in held}:
            continue
        if wording is Wording.PROSE:
            yield f'{first} is made as "{held[0]}", {name} as "{terms[0]}": {first} comes first and wins'
        else:
            yield f'{first} is made as "{held[0]}", {name} as "{terms[0]}": a keyword model is told both'


def _settled(styles: Sequence[Style], decided: Collection[str]) -> Iterator[str]:
    for key in SETTLED:
        wishes = [(style.name, wish) for style in styles if (wish := getattr(style, key)) is not None]
        for name, wish in wishes[1:]:
            first, held = wishes[0]
            if wish != held and key not in decided:
                yield f"{first} wants {key} {held}, {name} wants {wish}: {first} comes first and wins"


def _palettes(styles: Sequence[Style]) -> Iterator[str]:
    held = [style for style in styles if style.palette]
    for style in held[1:]:
        if set(style.palette) != set(held[0].palette):
            first = held[0].name
            yield f"{first} and {style.name} each keep to a palette of their own: {first} comes first and wins"


def _quarrels(one: Style, other: Style, wording: Wording) -> Iterator[str]:
    """What one of two avoids and a keyword of the other asks for."""
    for hater, lover in ((one, other), (other, one)):
        terms = asked_for(lover, wording)
        for thing in avoids(hater, wording):
            if term := next((term for term in terms if mentions(term, thing)), ""):
                yield f'{hater.name} avoids {thing}, {lover.name} asks for "{term.strip()}": {lover.name} wins'
