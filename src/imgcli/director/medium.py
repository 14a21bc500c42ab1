"""Which medium a prompt or a style asks for: a photograph, a painting, a render; not the media that are things in it."""

import functools
from collections.abc import Iterable, Iterator, Sequence

from imgcli.director.lint_words import FAMILIES, LOOSE
from imgcli.director.reading import Reading
from imgcli.director.tokens import COMMA, Token
from imgcli.model.prompt import Style


def families(asked: Reading) -> set[str]:
    """The media the prompt asks for: "a photo of", "in watercolor", or a term such as "3D render" between commas."""
    tokens = asked.tokens
    found: set[str] = set()
    for start, end in clauses(tokens):
        found |= _medium_of(tokens[start:end], is_first=start == 0)
    return found


def clauses(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """(first word, end) of what stands between commas and full stops."""
    start = 0
    for index in range(1, len(tokens) + 1):
        if index == len(tokens) or tokens[index].gap >= COMMA:
            yield start, index
            start = index


def _medium_of(clause: Sequence[Token], *, is_first: bool) -> set[str]:
    terms = [token for token in clause if token.word not in {"a", "an", "the", "as"}]
    head = next((index for index, token in enumerate(terms) if token.word in {"of", "showing", "depicting"}), None)
    # "a photo of": the medium stands before; "in watercolor": after the last "in"; else the whole of a short term.
    if head is not None and head <= (5 if is_first else 2):
        return _named(terms[:head]) if _leads(terms[:head]) else set()
    last = next((i for i in range(len(terms) - 1, -1, -1) if terms[i].word in {"in", "as"}), None)
    if last is not None and len(terms) - last <= 4:
        return _named(terms[last + 1 :]) if _is_medium_phrase(terms[last + 1 :]) else set()
    return _named(terms) if 0 < len(terms) <= 4 and _is_medium_phrase(terms) else set()


_PREPOSITIONS = frozenset({"in", "on", "with", "at"})


def _leads(terms: Sequence[Token]) -> bool:
    return not any(token.word in _PREPOSITIONS for token in terms)


def _named(terms: Iterable[Token]) -> set[str]:
    found = {_family_of(token.word) for token in terms} - {""}
    words = {token.word for token in terms}
    if {"film", "still"} <= words:
        found.add("photograph")
    if "pixel" in words and not words & {"art", "style", "pixel-art"}:
        found.discard("pixel art")
    if "oil" in words and not words & {"painting", "paint", "painted"}:
        found.discard("painting")
    return found


def _is_medium_phrase(terms: Sequence[Token]) -> bool:
    """Whether a term ends in a medium, so that it is one: "soft watercolor style", not "watercolor brushes"."""
    kept = [token for token in terms if token.word not in LOOSE]
    return (bool(kept) and _family_of(kept[-1].word) != "") or {"film", "still"} <= {token.word for token in terms}


@functools.lru_cache(maxsize=4096)
def _family_of(word: str) -> str:
    return next((family for family, words in FAMILIES.items() if word in words), "")


@functools.lru_cache(maxsize=1024)
def style_families(style: Style) -> frozenset[str]:
    """The family of the first medium the style names."""
    media = [term for group, terms in style.keywords if group == "medium" for term in terms[:1]]
    return frozenset().union(*(_named(Reading(term).tokens) for term in media)) if media else frozenset()
