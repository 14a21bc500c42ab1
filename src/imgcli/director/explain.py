"""What the Director left out of what the styles say, and why; told by looking at what `compose` did say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from imgcli.director.constraints import mentions, negatives, split
from imgcli.director.direct import compose
from imgcli.model.card import Wording
from imgcli.model.prompt import DirectedPrompt, Piece, Style

_LEAD = r"(?:\s*\w+: |[,;:]? (?:\w+: )?)"
"""What may stand before a keyword in its piece: `Medium: `, `; lighting: ` or a comma."""


class Part(Enum):
    """What of a style was left out."""

    KEYWORD = "keyword"
    AVOID = "avoid"
    PALETTE = "palette"


@dataclass(frozen=True, slots=True)
class Omission:
    """Something `style` says that is not in the directed prompt; `why` is a clause like `--no text names it`."""

    style: str
    part: Part
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class _Scene:
    prompt: str
    styles: tuple[Style, ...]
    things: tuple[str, ...]
    wording: Wording
    pieces: tuple[Piece, ...]
    negative: str


def left_out(
    words: DirectedPrompt, styles: Sequence[Style], wording: Wording, pieces: Sequence[Piece]
) -> tuple[Omission, ...]:
    """What the styles say and `pieces`, made by `compose` of the same, do not; style by style, keywords first.

    A style whose own keyword prompt or negative prompt stands for its keywords or what it avoids leaves none out.
    """
    distinct = tuple({style.name: style for style in styles}.values())
    scene = _Scene(
        words.expanded or words.typed, distinct, split(words.constraints), wording, tuple(pieces), words.negative
    )
    return tuple(omission for style in distinct for omission in _of(style, scene))


def retold(words: DirectedPrompt, styles: Mapping[str, Style]) -> tuple[Piece, ...]:
    """The directed prompt in pieces; empty when the styles do not say any more what they said then."""
    prompt = words.expanded or words.typed
    if not prompt.strip() or any(name not in styles for name in words.styles):
        return ()
    used = [styles[name] for name in words.styles]
    for wording in Wording:
        pieces = compose(prompt, used, words.constraints, wording)
        if "".join(piece.text for piece in pieces) == words.text:
            return tuple(pieces)
    return ()


def _of(style: Style, scene: _Scene) -> Iterator[Omission]:
    if scene.wording is Wording.PROSE or not style.keyword_prompt:
        yield from _keywords(style, scene)
    yield from _avoid(style, scene)
    if scene.wording is Wording.PROSE and style.palette and not _tells_palette(style, scene):
        why = f"the palette of {_other_palette(style, scene)} stands"
        yield Omission(style.name, Part.PALETTE, ", ".join(style.palette), why)


def _keywords(style: Style, scene: _Scene) -> Iterator[Omission]:
    said = [piece.text for piece in scene.pieces if piece.origin == style.name]
    told: set[str] = set()
    for group, terms in style.keywords:
        for term in terms:
            pattern = re.compile(rf"{_LEAD}{re.escape(term)}\.?")
            repeated = term.casefold() in told
            told.add(term.casefold())
            if repeated or not any(pattern.fullmatch(text) for text in said):
                yield Omission(style.name, Part.KEYWORD, term, _why_no_keyword(style, group, term, scene))


def _why_no_keyword(style: Style, group: str, term: str, scene: _Scene) -> str:
    if named := next((thing for thing in scene.things if mentions(term, thing)), ""):
        return f"--no {named} names it"
    earlier = scene.styles[: scene.styles.index(style)]
    for other in (*earlier, style):
        if any(term.casefold() == said.casefold() for _, terms in other.keywords for said in terms):
            if other is not style:
                return f"{other.name} says it already"
            break
    held = next((other.name for other in scene.styles if other.palette), "")
    if group == "palette" and held and scene.wording is Wording.PROSE:
        return f"the palette of {held} stands"
    first = next((other.name for other in earlier if dict(other.keywords).get("medium")), "")
    if group == "medium" and first:
        return f"the medium of {first} stands"
    return "it is said already"


def _avoid(style: Style, scene: _Scene) -> Iterator[Omission]:
    if scene.wording is Wording.PROSE:
        said = " ".join(piece.text for piece in scene.pieces if style.name in piece.origin.split("+"))
    elif style.negative:
        # Its own negative prompt is sent whole instead.
        return
    else:
        said = scene.negative
    for thing in style.avoid:
        if negatives((), (thing,)).casefold() not in said.casefold():
            yield Omission(style.name, Part.AVOID, thing, _why_not_avoided(style, thing, scene))


def _why_not_avoided(style: Style, thing: str, scene: _Scene) -> str:
    if mentions(scene.prompt, thing):
        return "the prompt wishes it"
    for other in scene.styles:
        if other is not style and any(mentions(term, thing) for _, terms in other.keywords for term in terms):
            return f"{other.name} wishes it"
    return "--no says it" if scene.things else "it is said already"


def _tells_palette(style: Style, scene: _Scene) -> bool:
    whole = ", ".join(style.palette)
    return any(piece.origin == style.name and whole in piece.text for piece in scene.pieces)


def _other_palette(style: Style, scene: _Scene) -> str:
    return next((other.name for other in scene.styles if other.palette and other is not style), "another style")
