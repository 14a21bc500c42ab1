"""Repairs of an expansion: wrong numbers, colours and sides put right, clauses taken out that contradict the prompt."""

import re
from collections.abc import Callable, Sequence

from imgcli.director.constraints import mentions
from imgcli.director.demands import DemandKind, Found
from imgcli.director.reading import Reading, colours_in, counts_in
from imgcli.director.word_lists import CLASHES, COLOURS

LONGEST = 4000
"""Characters of an expansion; what a model says beyond them is no description of a picture."""

_CLASHES = dict(CLASHES)
_SENTENCES = re.compile(r"(?<=[.!?…。])\s+|\n+")
_CLAUSES = re.compile(r"(?<=[,;])\s+")


def shortened(text: str) -> str:
    """`text` trimmed, without control characters, and cut to LONGEST characters at the end of a sentence or word."""
    text = "".join(char if char.isprintable() else " " for char in text[: LONGEST * 2]).strip()
    if len(text) <= LONGEST:
        return text
    start = text[:LONGEST]
    end = max(start.rfind(". "), start.rfind("! "), start.rfind("? "))
    return start[: end + 1] if end > LONGEST // 2 else start.rpartition(" ")[0] or start


def mended(asked: Reading, text: str, missing: Sequence[Found]) -> str:
    """`text` without what contradicts the demands in `missing`; what is merely absent stays absent."""
    if text.count('"') % 2:
        # A quotation that is not closed would swallow what is put back behind it.
        text = text.replace('"', "")
    for found in missing:
        match found.demand.kind:
            case DemandKind.COUNT:
                text = _recounted(asked, text, found)
            case DemandKind.COLOUR:
                text = _recoloured(text, found)
            case DemandKind.NEGATION if found.key[0] == "not":
                text = _without(text, str(found.key[2]))
            case DemandKind.PLACE | DemandKind.TIME:
                text = _without_clashes(asked, text, str(found.key[0]))
            case _:
                pass
    return _requoted(asked, text, missing)


def is_chatter(text: str) -> bool:
    """Whether a model speaks to somebody instead of describing a picture."""
    return _CHATTER.match(text) is not None


_CHATTER = re.compile(
    r"\W{0,3}(?:sure|sorry|certainly|of course|here (?:is|are)|here['’]s|i (?:can|cannot|am|will|do)|i['’]|as an ai|ignore|"
    r"unfortunately|system|assistant)\b",
    re.IGNORECASE,
)


def _requoted(asked: Reading, text: str, missing: Sequence[Found]) -> str:
    """`text` with the quoted words that are missing in the place of those the model made up."""
    wanted = [found.demand.words for found in missing if found.demand.kind is DemandKind.QUOTED]
    own = {inner for inner, _ in asked.quoted}
    strange = [(inner, at) for inner, at in Reading(text).quoted if inner not in own]
    for (inner, at), words in reversed(list(zip(strange, wanted, strict=False))):
        if text.startswith(inner, at + 1):
            text = f"{text[: at + 1]}{words}{text[at + 1 + len(inner) :]}"
    return text


def _recounted(asked: Reading, text: str, found: Found) -> str:
    value, things = found.key
    if not isinstance(things, frozenset) or not isinstance(value, int):
        return text
    own = {number for number, _, _ in counts_in(asked)}
    reading = Reading(text)
    spoken = asked.text[found.demand.at :].split(None, 1)[0]
    for number, index, nouns in reversed(list(counts_in(reading))):
        token = reading.tokens[index]
        is_same = bool(nouns) and reading.tokens[nouns[-1]].stem in things
        if is_same and number > 1 and number not in own and value > 1 and nouns[0] == index + 1:
            text = f"{text[: token.at]}{_like(spoken, text[token.at])}{text[token.end :]}"
    return text


def _recoloured(text: str, found: Found) -> str:
    """`text` with the colour asked for where another stands at the same thing."""
    colour, things = found.key
    spoken = next((word for word in found.demand.words.split() if COLOURS.get(word.casefold()) == colour), "")
    if not isinstance(things, frozenset) or not things or not spoken:
        return text
    reading = Reading(text)
    for other, of, start, _ in reversed(list(colours_in(reading))):
        token = reading.tokens[start]
        if COLOURS.get(token.word) == other != colour and of & things:
            text = f"{text[: token.at]}{_like(spoken, text[token.at])}{text[token.end :]}"
    return text


def _like(word: str, first: str) -> str:
    return word[:1].upper() + word[1:] if first.isupper() else word.lower()


def _without(text: str, thing: str) -> str:
    """`text` without the clauses that speak of `thing`, negated or not: it is said anew."""
    return _filtered(text, lambda part: not mentions(part, thing))


def _without_clashes(asked: Reading, text: str, group: str) -> str:
    clashing = set(_CLASHES.get(group, ())) - asked.groups
    return _filtered(text, lambda part: not clashing & Reading(part).groups) if clashing else text


def _filtered(text: str, keeps: Callable[[str], bool]) -> str:
    """The sentences of `text`, with only those clauses that `keeps` holds true of."""
    sentences = []
    for sentence in _SENTENCES.split(text):
        clauses = _CLAUSES.split(sentence)
        kept = [clause for clause in clauses if keeps(clause)]
        if len(kept) == len(clauses):
            sentences.append(sentence)
        elif kept:
            joined = " ".join(kept).strip(" ,;")
            ending = "" if joined.endswith((".", "!", "?")) else "."
            sentences.append(f"{joined[:1].upper()}{joined[1:]}{ending}" if len(joined) > 1 else "")
    return " ".join(filter(None, sentences)).strip()
