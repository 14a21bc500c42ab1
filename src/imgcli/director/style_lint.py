"""What makes a style worse than it could be, one rule a function; what makes it none is refused where it is read."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from imgcli.director.constraints import mentions
from imgcli.director.style_file import COLOURS, Draft
from imgcli.errors import ModelError
from imgcli.model.card import ModelCard
from imgcli.model.prompt import Style
from imgcli.model.size import parse_size

PROSE = (80, 700)
"""Characters of a prose that says enough, and leaves the subject room."""

DESCRIPTION = 70

# fmt: off
SUBJECTS = (
    "woman", "women", "man", "men", "girl", "boy", "child", "children", "baby", "warrior", "knight",
    "soldier", "wizard", "witch", "princess", "dog", "cat", "horse", "bird", "wolf", "lion", "dragon", "unicorn",
    "robot", "car", "motorcycle", "castle", "spaceship", "cottage", "skyscraper",
)
"""What pictures are of: in a style it would stand beside the subject of every prompt."""

NAMES = (
    "banksy", "beeple", "basquiat", "hockney", "hokusai", "klimt", "monet", "mucha", "picasso", "rembrandt", "rutkowski",
    "van gogh", "warhol", "artgerm", "loish", "wlop", "ansel adams", "annie leibovitz", "cindy sherman", "wes anderson",
    "christopher nolan", "denis villeneuve", "tim burton", "hayao miyazaki", "studio ghibli", "ghibli", "disney",
    "pixar", "dreamworks", "marvel", "dc comics", "lego", "nintendo", "pokemon", "pokémon", "minecraft", "star wars",
    "nike", "coca-cola", "ikea", "national geographic", "kodak", "fujifilm", "leica", "hasselblad",
    "polaroid", "arri", "artstation", "unreal engine", "octane",
)
"""Artists, studios and brands that providers refuse or that belong to somebody; a small list, not a complete one."""
# fmt: on

BACKDROPS = ("background", "backgrounds", "backdrop", "scenery", "sky", "horizon", "seamless", "ground")

_NEGATED = re.compile(r"\b(?:no|not|never|none|nothing|neither|nor|without|instead of|rather than|free of)\b")
_CLAUSE = re.compile(r"[.,;:!?()]|\s[-–—]\s")
IN_THE_STYLE = re.compile(r"\b(?:in the style of|by the artist|à la)\b")


class Warned(NamedTuple):
    """One rule that a style trips: its name, and what to mend."""

    style: str
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What the rules look at.

    Attributes:
        style: with all that it inherits.
        cards: the models whose sizes and qualities are known.
        draft: what its file says itself.
        parents: the styles it extends.
    """

    style: Style
    cards: Sequence[ModelCard] = ()
    draft: Draft | None = None
    parents: Sequence[Style] = ()


def lint(looked: Looked) -> list[Warned]:
    """Everything that could be better in one style, rule by rule."""
    return [Warned(looked.style.name, rule, message) for rule, check in RULES.items() for message in check(looked)]


def _description(looked: Looked) -> Iterator[str]:
    if (length := len(looked.style.description)) > DESCRIPTION:
        yield f"description: {length} characters; the list shows {DESCRIPTION} well"


def _family(looked: Looked) -> Iterator[str]:
    if not looked.style.family:
        yield "family: there is none; with one it stands beside its like in the list"


def _length(looked: Looked) -> Iterator[str]:
    length = len(looked.style.prose)
    if length < PROSE[0]:
        yield f"prose: {length} characters say little; name medium, light, lens and composition"
    if length > PROSE[1]:
        yield f"prose: {length} characters; beyond {PROSE[1]} the subject counts for less"


def _subject(looked: Looked) -> Iterator[str]:
    for word in found_in(SUBJECTS, _claims(looked.style)):
        yield f'prose: "{word}" is a subject of its own; every picture would have one'


def _names(looked: Looked) -> Iterator[str]:
    style = looked.style
    said = " ".join([style.prose, *_terms(style), style.keyword_prompt])
    for word in found_in(NAMES, [said.casefold()]):
        yield f'prose: "{word}" is an artist or a brand; say what their pictures look like instead'
    if manner := IN_THE_STYLE.search(said.casefold()):
        yield f'prose: "{manner[0]}" leans on a name; say what it looks like instead'


def _contradiction(looked: Looked) -> Iterator[str]:
    style = looked.style
    for thing in style.avoid:
        if claim := next((claim for claim in [*_claims(style), *_terms(style)] if mentions(claim, thing)), ""):
            yield f'avoid: {thing}, but the style itself asks for "{claim.strip()}"'


def _repeated(looked: Looked) -> Iterator[str]:
    seen: set[str] = set()
    for term in _terms(looked.style):
        if term.casefold() in seen:
            yield f'keywords: "{term}" stands there twice; it is said once'
        seen.add(term.casefold())


def _medium(looked: Looked) -> Iterator[str]:
    if "medium" not in dict(looked.style.keywords) and not looked.style.keyword_prompt:
        yield "keywords.medium: there is none; a keyword model is not told what the picture is made as"


def _colours(looked: Looked) -> Iterator[str]:
    colours = looked.style.colours or looked.style.palette
    if len(colours) < COLOURS[0]:
        yield f"colours: there are {len(colours)}; with {COLOURS[0]} to {COLOURS[1]} it has a swatch"


def _size(looked: Looked) -> Iterator[str]:
    size = looked.style.size
    if size and not any(_makes(card, size=size) for card in looked.cards):
        yield f"size: no model of OpenAI makes {size}; the settings would decide"


def _quality(looked: Looked) -> Iterator[str]:
    quality = looked.style.quality
    if quality and not any(_makes(card, quality=quality) for card in looked.cards):
        yield f"quality: no model of OpenAI has {quality!r}; the settings would decide"


def _backdrop(looked: Looked) -> Iterator[str]:
    if looked.style.background != "transparent":
        return
    for claim in _claims(looked.style):
        if "transparent" not in claim and (words := list(found_in(BACKDROPS, [claim]))):
            yield f'background: it is transparent, but the prose speaks of "{words[0]}" in "{claim.strip()}"'


def _takes_nothing(looked: Looked) -> Iterator[str]:
    there = {thing.casefold() for parent in looked.parents for thing in parent.avoid}
    for thing in looked.draft.said.get("avoid", ()) if looked.draft else ():
        if thing.startswith("-") and thing[1:].strip().casefold() not in there:
            yield f"avoid: {thing!r} takes away what no style it extends avoids"


RULES: Mapping[str, Callable[[Looked], Iterator[str]]] = {
    "description": _description,
    "family": _family,
    "length": _length,
    "subject": _subject,
    "names": _names,
    "contradiction": _contradiction,
    "repeated": _repeated,
    "medium": _medium,
    "colours": _colours,
    "size": _size,
    "quality": _quality,
    "backdrop": _backdrop,
    "takes-nothing": _takes_nothing,
}


def _terms(style: Style) -> list[str]:
    return [term for _, group in style.keywords for term in group]


def _claims(style: Style) -> list[str]:
    """The clauses of the prose that say what is there, and not what is not, in lower case."""
    return [part for part in _CLAUSE.split(style.prose.casefold()) if part.strip() and not _NEGATED.search(part)]


def found_in(words: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    """Those of `words` that stand in one of `texts`, which are in lower case."""
    for word in words:
        if any(word in text and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w'’-])", text) for text in texts):
            yield word


def _makes(card: ModelCard, size: str = "auto", quality: str = "auto") -> bool:
    try:
        card.check(parse_size(size), quality if quality != "auto" else card.qualities[0], card.formats[0], "")
    except ModelError:
        return False
    return True
