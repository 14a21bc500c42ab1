"""What a prompt demands, and where: counts, colours, negations, quoted words and so on, found by tables and rules.

Nothing here understands language. A rule that is not sure finds nothing, save for the subject: what is put back
without need does less harm than what is lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from imgcli.director.reading import (
    ENDS,
    GROUPS,
    HOURS,
    PLACES,
    Reading,
    colours_in,
    counts_in,
    is_doing,
    is_plural,
    measures_in,
    noun_phrase,
    phrases_in,
    squeezed,
)
from imgcli.director.scopes import Scope
from imgcli.director.tokens import BLANK, COMMA, JOINED, NUMBERS, STOP, Token
from imgcli.director.word_lists import ADJECTIVES, COLOURS, FRAMES, LEADS, MODALS, NEGATORS, STOPS, SURE, UNITS, words


class DemandKind(Enum):
    """What sort of thing must survive an expansion."""

    COUNT = "count"
    COLOUR = "colour"
    NEGATION = "negation"
    QUOTED = "quoted"
    MEASURE = "measure"
    NAME = "name"
    PLACE = "place"
    TIME = "time"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing a prompt asks for: its kind, the words for it, and the index of its first character in the prompt."""

    kind: DemandKind
    words: str
    at: int


@dataclass(frozen=True, slots=True)
class Found:
    """A demand and what it is compared by."""

    demand: Demand
    key: tuple[object, ...]


_EASTERN_COLOUR = re.compile(r"[赤青白黒緑紫金銀黄](?=[いのなくれ]|色)")
_EASTERN_NOT = re.compile(r"([一-龯々ァ-ヶー]{1,12})(?:は|が|の|を|も)?(?:なし|無し|抜き|禁止|ない)")
_EASTERN_NOUN = re.compile(r"[一-龯々ァ-ヶー]{1,16}(?=[がはを、。\s]|$)")
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def found_in(reading: Reading) -> Iterator[Found]:
    """Every demand of a text, kind by kind."""
    yield from subjects_in(reading)
    yield from _counts(reading)
    yield from _ranges(reading)
    yield from _colours(reading)
    for scope in reading.scopes:
        yield from _negations(reading, scope)
    for inner, at in reading.quoted:
        yield Found(Demand(DemandKind.QUOTED, inner, at), (inner,))
    for key, said, at in reading.literals:
        yield Found(Demand(DemandKind.MEASURE, _with_noun(reading, said, at), at), (key,))
    yield from _measures(reading)
    yield from names_in(reading)
    for group, start, end in phrases_in(reading, PLACES):
        if start in reading.ranged:
            continue
        yield _found(DemandKind.PLACE, reading, start, _with_object(reading, group, end), (group,))
    for group, start, end in phrases_in(reading, HOURS):
        yield _found(DemandKind.TIME, reading, start, end, (group,))
    if _EASTERN.search(reading.rest):
        yield from _eastern(reading)


def _found(kind: DemandKind, reading: Reading, start: int, end: int, key: tuple[object, ...]) -> Found:
    """The demand that the tokens from `start` to before `end` make."""
    first, last = reading.tokens[start], reading.tokens[end - 1]
    return Found(Demand(kind, squeezed(reading.text[first.at : last.end]), first.at), key)


def _counts(reading: Reading) -> Iterator[Found]:
    tokens = reading.tokens
    for value, index, nouns in counts_in(reading):
        word = tokens[index].word
        if value == 0 and index + 1 in reading.negated:
            continue
        exact = word.isdecimal()
        if nouns and (tokens[nouns[0]].stem in UNITS or tokens[nouns[0]].gap == JOINED):
            continue
        if nouns and not (value == 1 and tokens[nouns[0]].word in {"day", "by", "another"}):
            stems = frozenset(tokens[i].stem for i in nouns if tokens[i].word not in _NO_NOUNS)
            key = (value, stems or frozenset(tokens[i].stem for i in nouns))
            yield _found(DemandKind.COUNT, reading, _with_article(reading, index), nouns[-1] + 1, key)
        elif exact:
            yield _found(DemandKind.COUNT, reading, index, index + 1, (value, frozenset[str]()))


def _ranges(reading: Reading) -> Iterator[Found]:
    for start, end, low, high in reading.ranges:
        nouns = noun_phrase(reading, end) if end < len(reading.tokens) and reading.tokens[end].gap <= BLANK else ()
        stems = frozenset(reading.tokens[i].stem for i in nouns if reading.tokens[i].word not in _NO_NOUNS)
        yield _found(DemandKind.COUNT, reading, start, nouns[-1] + 1 if nouns else end, (low, high, stems))


def _with_noun(reading: Reading, said: str, at: int) -> str:
    """`said` with its noun, as in "3/4 view", "20% off" and "$5 lemonade": a fraction or price says little without the word it goes with."""
    end = at + len(said)
    after = _WORD_AFTER.match(reading.rest, end)
    if after is None or not _NEEDS_NOUN.search(said) or (after[1].casefold() in ENDS and after[1] != "off"):
        return said
    return f"{said}{after[0]}"


_WORD_AFTER = re.compile(r" ([^\W\d_]+)")
_NEEDS_NOUN = re.compile(r"[$€£¥%]|percent|^\d+/|[.,]\d+[ -]?[a-z]+$")


def _with_article(reading: Reading, index: int) -> int:
    """Where "a pair of shoes" begins: without its article a number that is a noun is no English."""
    tokens = reading.tokens
    has_article = index and tokens[index - 1].word in {"a", "the", "an"} and tokens[index].gap <= BLANK
    return index - 1 if has_article and tokens[index].word in GROUPS | {"hundred", "single", "lone"} else index


def _measures(reading: Reading) -> Iterator[Found]:
    for key, start, end in measures_in(reading):
        if start not in reading.negated:
            yield _found(DemandKind.MEASURE, reading, _with_whose(reading, start, key), end, key)


def _with_whose(reading: Reading, start: int, key: tuple[object, ...]) -> int:
    """Where "in his 60s" begins."""
    before = [token.word for token in reading.tokens[max(0, start - 2) : start]]
    if key[1:] != ("s",) or not before or before[-1] not in _WHOSE:
        return start
    return start - (2 if before[0] == "in" else 1)


_WHOSE = frozenset(("his", "her", "their", "my", "our"))


def _colours(reading: Reading) -> Iterator[Found]:
    seen: set[tuple[str, frozenset[str]]] = set()
    for colour, stems, start, end in colours_in(reading):
        if (colour, stems) not in seen:
            seen.add((colour, stems))
            yield _found(DemandKind.COLOUR, reading, start, end, (colour, stems))


def _negations(reading: Reading, scope: Scope) -> Iterator[Found]:
    for start, end in scope.things:
        first, last = reading.tokens[start], reading.tokens[end - 1]
        thing = squeezed(reading.text[first.at : last.end])
        stems = tuple(token.stem for token in reading.tokens[start:end])
        if scope.is_only:
            said = squeezed(reading.text[scope.at : last.end])
            yield Found(Demand(DemandKind.NEGATION, said, scope.at), ("only", stems))
        elif thing.casefold() in NO_ONE:
            yield Found(Demand(DemandKind.NEGATION, "no people", scope.at), ("not", ("person",), "people"))
        else:
            is_plain = scope.said in NEGATORS
            if scope.said == "except":
                # It says nothing without what it is taken from.
                yield Found(
                    Demand(DemandKind.NEGATION, f"{'not' if thing.casefold() in COLOURS else 'no'} {thing}", scope.at),
                    ("not", stems, thing.casefold()),
                )
                continue
            before = reading.tokens[start - 1].word if start else ""
            is_said = (
                before in SURE
                and scope.said != "no"
                and not (is_plain and before in {"the", "any"} and scope.said != "never")
            )
            said = f"{scope.said} {f'{before} ' if is_said else ''}{thing}"
            yield Found(Demand(DemandKind.NEGATION, said, scope.at), ("not", stems, thing.casefold()))


_NO_NOUNS = ADJECTIVES | COLOURS.keys()
NO_ONE = frozenset({"one", "nobody", "noone"})


def names_in(reading: Reading) -> Iterator[Found]:
    """Words with a capital inside a sentence."""
    tokens = reading.tokens
    if _has_idle_capitals(reading):
        return
    index = 0
    while index < len(tokens):
        start = index
        while index < len(tokens) and _is_name(tokens, index) and (index == start or tokens[index].gap <= BLANK):
            index += 1
        inside = any(tokens[i].gap < STOP for i in range(start, index))
        if index > start and inside and not any(i in reading.banning for i in range(start, index)):
            yield _found(DemandKind.NAME, reading, start, index, tuple(t.stem for t in tokens[start:index]))
        index = max(index, start + 1)


def _has_idle_capitals(reading: Reading) -> bool:
    """Whether capitals mean nothing in the text: shouted, set as a title, or German."""
    inside = [token for token in reading.tokens if token.gap < STOP]
    if sum(token.word in _GERMAN for token in reading.tokens) >= 2 or reading.rest.isupper():
        return True
    plain = sum(
        token.word in ENDS or token.word in COLOURS or token.word in NUMBERS for token in inside if token.is_capital
    )
    return plain >= 1 and all(token.is_capital for token in inside if token.word not in ENDS and token.stem.isalpha())


_GERMAN = words("der die das ein eine einem einen einer und mit auf im ohne kein keine für von zu dem den")


def _is_name(tokens: list[Token], index: int) -> bool:
    token = tokens[index]
    return (
        token.is_capital
        and token.word not in STOPS
        and token.word not in _NO_NAMES
        and not _EASTERN.match(token.word)
        and any(c.isalpha() for c in token.word)
    )


_NO_NAMES = frozenset({"i", "i'm", "i’m", "s", "t", "x", "keep", "exactly", "words"})


def _with_object(reading: Reading, group: str, end: int) -> int:
    """Where a phrase of place ends with what it relates to: "behind" says little without it."""
    tokens = reading.tokens
    if end < len(tokens) and tokens[end].word == "of" and tokens[end].gap <= BLANK:
        end += 1
    elif group not in _RELATIONS:
        return end
    while (
        end < len(tokens) and tokens[end].gap <= BLANK and (tokens[end].word in _DETERMINERS or end in reading.numbers)
    ):
        end += 1
    if end == len(tokens) or tokens[end].gap > BLANK:
        return end
    return max(end, noun_phrase(reading, end).stop)


_RELATIONS = frozenset(
    {"in front of", "behind", "next to", "under", "on top of", "above", "between", "inside", "outside"}
)
_DETERMINERS = words("a an the his her its their my our this that der die das dem den el la los las un una")


def subjects_in(reading: Reading) -> Iterator[Found]:
    """The nouns that end the noun phrases of the first clause, before its first preposition."""
    heads = list(_heads(reading, FRAMES))
    for head in heads or list(_heads(reading, LEADS))[:1]:
        yield _found(DemandKind.SUBJECT, reading, head, head + 1, (reading.tokens[head].stem,))


def _heads(reading: Reading, leads: frozenset[str]) -> Iterator[int]:
    """The last words of the first noun phrases; `leads` are passed over."""
    tokens = reading.tokens
    last: int | None = None
    is_one = False
    for index, token in enumerate(tokens):
        ends = token.word in _SUBJECT_ENDS or (index and token.gap >= COMMA)
        ends = ends or (last is not None and (_is_participle(token) or (is_one and _is_verb(tokens, index))))
        if last is not None and ends:
            yield last
            last = None
            if token.word not in {"and", "&"} or index + 1 == len(tokens) or is_doing(tokens[index + 1]):
                return
        if token.word in _ARTICLES:
            is_one = token.word != "the"
        if index in reading.banning or token.word in leads or token.word in ENDS or not _may_be_subject(token):
            continue
        if last is not None and is_plural(tokens[last]) and not is_plural(token):
            break
        last = index
    if last is not None:
        yield last


_ARTICLES = frozenset({"a", "an", "one", "the"})
_NO_SUBJECTS = MODALS | words(
    "less more most least than it's it’s there's just only alone keep please any all nothing solely let lone single"
)
_NOT_SUBJECTS = _NO_SUBJECTS | words("half wide aerial front side back rear top low high angle macro")
_SUBJECT_ENDS = ENDS | _NO_SUBJECTS


def _is_verb(tokens: list[Token], index: int) -> bool:
    """Whether "howls" in "a wolf howls" is what the wolf does; in "a German sports car" more follows."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return is_plural(tokens[index]) and (after is None or after.gap >= COMMA or after.word in ENDS)


def _is_participle(token: Token) -> bool:
    return is_doing(token) or (token.word.endswith("ed") and token.stem != token.word)


def _may_be_subject(token: Token) -> bool:
    if token.word in NUMBERS or token.word in _NO_NOUNS or token.word in _NOT_SUBJECTS:
        return False
    return token.stem.isalpha() and not _EASTERN.match(token.word)


def _eastern(reading: Reading) -> Iterator[Found]:
    """What can be found in Japanese (and partly Chinese), which puts no blanks between words."""
    for match in _EASTERN_NOT.finditer(reading.rest):
        yield Found(Demand(DemandKind.NEGATION, match[0], match.start()), ("verbatim", match[0]))
    for match in _EASTERN_COLOUR.finditer(reading.rest):
        yield Found(Demand(DemandKind.COLOUR, match[0], match.start()), ("verbatim", match[0]))
    first = re.split(r"[。!?\n]", reading.rest, maxsplit=1)[0]
    if match_ := _EASTERN_NOUN.search(first):
        yield Found(Demand(DemandKind.SUBJECT, match_[0], match_.start()), ("verbatim", match_[0]))
