"""Repairs of an expansion: wrong numbers, colours and sides put right, clauses taken out that contradict the prompt."""

import re
from collections.abc import Callable, Sequence

from imgcli.director.constraints import mentions
from imgcli.director.demands import DemandKind, Found
from imgcli.director.reading import GROUPS, Reading, colours_in, counts_in
from imgcli.director.rivals import RELATED, has_other_name, rival_groups, rival_measures, sort_of
from imgcli.director.word_lists import COLOURS

LONGEST = 4000
"""Characters of an expansion; what a model says beyond them is no description of a picture."""

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
            case DemandKind.MEASURE:
                text = _without_rivals(asked, text, sort_of(found.key))
            case DemandKind.NAME if has_other_name(asked, Reading(text)):
                # Nobody can tell which of its sentences speak of the other one.
                text = ""
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
    value, things = found.key[0], found.key[1]
    if not isinstance(things, frozenset) or not isinstance(value, int):
        return text
    at = next((index for index, token in enumerate(asked.tokens) if token.at == found.demand.at), -1)
    spoken = _number(asked, at)
    own = {number for number, _, _ in counts_in(asked)}
    reading = Reading(text)
    for number, index, nouns in reversed(list(counts_in(reading))):
        token = reading.tokens[index]
        is_same = bool(nouns) and reading.tokens[nouns[-1]].stem in things and bool(spoken and _number(reading, index))
        if is_same and number > 1 and number not in own and value > 1 and nouns[0] == index + 1:
            text = f"{text[: token.at]}{_like(spoken, text[token.at])}{text[token.end :]}"
    return text


def _number(reading: Reading, index: int) -> str:
    """The number at `index` as typed; empty where it is "a pair", "half a dozen" or the like, which no other replaces."""
    if index not in reading.numbers:
        return ""
    tokens = reading.tokens[index : index + reading.numbers[index][1]]
    is_noun = any(token.word in GROUPS for token in tokens)
    before = reading.tokens[index - 1].word if index else ""
    return "" if is_noun or before in _BOUNDS else reading.text[tokens[0].at : tokens[-1].end]


_BOUNDS = frozenset(("least", "most", "to", "than", "about", "around", "nearly", "almost", "over", "a", "the"))


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
    clashing = rival_groups(asked, group)
    if group in RELATED and group not in Reading(text).groups:
        clashing |= RELATED - asked.groups
    return _filtered(text, lambda part: not clashing & Reading(part).groups) if clashing else text


def _without_rivals(asked: Reading, text: str, sort: str) -> str:
    return _filtered(text, lambda part: sort not in rival_measures(asked, Reading(part)))


def _filtered(text: str, keeps: Callable[[str], bool]) -> str:
    """The sentences of `text`, with only those clauses that `keeps` holds true of; one whose first goes, goes whole."""
    sentences = []
    for sentence in _SENTENCES.split(text):
        clauses = _CLAUSES.split(sentence)
        holds = [keeps(clause) for clause in clauses]
        if all(holds):
            sentences.append(sentence)
        elif holds[0]:
            # "people, who wave": what hangs on a clause goes with it.
            hangs = [
                False,
                *(not was and _HANGS.match(c) is not None for was, c in zip(holds, clauses[1:], strict=False)),
            ]
            joined = " ".join(c for c, is_kept, hung in zip(clauses, holds, hangs, strict=True) if is_kept and not hung)
            joined = joined.strip(" ,;")
            sentences.append(joined if joined.endswith((".", "!", "?")) else f"{joined}.")
    return " ".join(filter(None, sentences)).strip()


_HANGS = re.compile(r"(?:who|whose|which|that|their|its|each|all|and|some|others?|one|both|where)\b", re.IGNORECASE)
