"""A text, read once: its words, and the numbers, measures, colours and phrases in it that are not negated."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property

from imgcli.director.scopes import find_scopes
from imgcli.director.tokens import BLANK, COMMA, JOINED, NUMBERS, STOP, Token, numbers_of, stem, tokens_of
from imgcli.director.word_lists import (
    ADJECTIVES,
    COLOURS,
    LINKS,
    NEGATORS,
    NOT_THINGS,
    SPATIAL,
    STOPS,
    TIMES,
    TINTS,
    UNITS,
)

MOST_READ = 8_000
"""Characters of a text that are looked at: some 1,400 words, more than anybody says of one picture."""


class Reading:
    """A text, read once: its quotations and measures, its words, and which of them are negated."""

    def __init__(self, text: str) -> None:
        self.text = text = text[:MOST_READ]
        quoted = [(squeezed(_inner(match)), match.start()) for match in _QUOTED.finditer(text)]
        self.quoted = [(inner, at) for inner, at in quoted if inner]
        rest = _QUOTED.sub(_blanks, text)
        self.literals = [(_literal(match[0]), match[0], match.start()) for match in _LITERAL.finditer(rest)]
        self.literals += [(_literal(match[0]), match[0], match.start()) for match in _COUNTED.finditer(rest)]
        self.rest = _LITERAL.sub(_blanks, rest)
        self.tokens = tokens_of(self.rest)
        self.numbers = numbers_of(self.tokens)
        self.scopes = find_scopes(self.tokens)
        excluded = [thing for scope in self.scopes if not scope.is_only for thing in scope.things]
        self.negated = {index for start, end in excluded for index in range(start, end)}
        self.positive = {token.stem for index, token in enumerate(self.tokens) if index not in self.negated}

    @cached_property
    def banning(self) -> frozenset[int]:
        """The words of all bans: what is excluded, and what is said to exclude it."""
        found = set(self.negated)
        for scope in self.scopes:
            index = scope.things[0][0] - 1
            while not scope.is_only and index >= 0 and self.tokens[index].at >= scope.at:
                found.add(index)
                index -= 1
        return frozenset(found)

    @cached_property
    def ranges(self) -> list[tuple[int, int, int, int]]:
        """(index of the first word, end, lowest, highest) of "3 to 5", "two or three", "at least 3" and the like."""
        found: list[tuple[int, int, int, int]] = []
        for index in self.numbers:
            if index not in self.negated and (not found or index >= found[-1][1]):
                span = self._bounded(index) or self._spanned(index)
                found += [span] if span else []
        return found

    def _spanned(self, index: int) -> tuple[int, int, int, int] | None:
        low, length = self.numbers[index]
        joint = index + length
        high = self.numbers.get(joint) or self.numbers.get(joint + 1)
        if high is None or high[0] <= low:
            return None
        start = index - (index > 0 and self.tokens[index - 1].word in {"between", "from"})
        if joint in self.numbers:
            is_range = self.tokens[joint].gap == JOINED
        else:
            word = self.tokens[joint].word
            joint += 1
            is_near = self.tokens[joint].gap <= BLANK and self.tokens[joint - 1].gap <= BLANK
            is_range = is_near and (word in {"to", "or"} or (word == "and" and start < index))
        return (start, joint + high[1], low, high[0]) if is_range else None

    def _bounded(self, index: int) -> tuple[int, int, int, int] | None:
        value, length = self.numbers[index]
        before = [token.word for token in self.tokens[max(0, index - 3) : index]]
        if self.tokens[index].gap > BLANK:
            return None
        for said, (low, high) in _BOUNDS.items():
            if before[-len(said) :] == list(said):
                least = value + low if low is not None else 0
                return index - len(said), index + length, least, value + high if high is not None else ENDLESS
        return None

    @cached_property
    def ranged(self) -> frozenset[int]:
        """The words of all ranges."""
        return frozenset(index for start, end, _, _ in self.ranges for index in range(start, end))

    @cached_property
    def groups(self) -> frozenset[str]:
        """The names of all groups of place and time words in the text."""
        return frozenset(group for table in (PLACES, HOURS) for group, _, _ in phrases_in(self, table))


ENDLESS = 10**9
"""The highest number of "at least three"."""

_BOUNDS: dict[tuple[str, ...], tuple[int | None, int | None]] = {
    ("no", "more", "than"): (None, 0),
    ("no", "less", "than"): (0, None),
    ("no", "fewer", "than"): (0, None),
    ("at", "least"): (0, None),
    ("at", "most"): (None, 0),
    ("up", "to"): (None, 0),
    ("more", "than"): (1, None),
    ("fewer", "than"): (None, -1),
    ("less", "than"): (None, -1),
}

_QUOTED = re.compile(
    r'"([^"\n]{1,300})"|“([^“”\n]{1,300})”|„([^„“”\n]{1,300})[“”]|«([^«»\n]{1,300})»|「([^「」\n]{1,300})」'
    r"|『([^『』\n]{1,300})』|(?<!\w)'([^'\n]{1,300})'(?!\w)|(?<!\w)‘([^‘’\n]{1,300})’(?!\w)"
)
_LITERAL = re.compile(
    r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?![\w])|\b\d{1,5} ?[x×] ?\d{1,5}(?:px)?\b"
    r"|\b\d{1,4}:\d{1,4}\b|\b[fƒ]/\d{1,2}(?:\.\d)?|(?<!\w)[-−]?\d{1,4} ?°[CF]\b|[$€£¥] ?\d{1,9}(?:[.,]\d{1,6})?\b|\b\d{1,6}(?:[.,]\d{1,6})? ?(?:%|percent\b)"
    r"|(?<![\w/])\d{1,3}/\d{1,3}\b(?!/)|\b\d{1,6}[.,]\d{1,6}(?:[ -]?(?:mm|cm|km|kg|m|g|met(?:re|er)s?|inch(?:es)?|ft|feet)\b|\b)",
    re.ASCII,
)
_COUNTED = re.compile(
    r"(?:[0-9０-９]{1,6}|[一二三四五六七八九十百]{1,4})(?:匹|人|個|本|枚|台|羽|頭|つ|冊|杯|軒|隻|輪|着|月|年|時)"
)


def _inner(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


_KANJI = str.maketrans("一二三四五六七八九", "123456789")


def _literal(text: str) -> str:
    plain = re.sub(r"\s", "", text if "/" in text else unicodedata.normalize("NFKC", text)).casefold()
    plain = _LITERAL_UNIT.sub(lambda match: UNITS.get(stem(match[1]), match[1]), plain.replace("percent", "%"))
    return plain.replace("×", "x").translate(_KANJI)


_LITERAL_UNIT = re.compile(r"(?<=\d)-?([a-z]{2,7})$")


def noun_phrase(reading: Reading, start: int, most: int = 4) -> range:
    """The words from `start` on that may be one noun with what describes it: up to a stop, `most` words at most."""
    tokens = reading.tokens
    end = start
    while end < len(tokens) and end - start < most:
        token = tokens[end]
        if (
            (end > start and token.gap >= COMMA)
            or token.word in ENDS
            or token.word in NUMBERS
            or token.word.isdecimal()
        ):
            break
        if end > start and (is_doing(token) or (is_plural(tokens[end - 1]) and not is_plural(token))):
            break
        end += 1
    return range(start, end)


def is_doing(token: Token) -> bool:
    return token.word.endswith("ing") and token.stem != token.word


def is_plural(token: Token) -> bool:
    # A word in -ed or -ing has another stem too.
    return token.word != token.stem and ((token.word.endswith("s") and token.word.isalpha()) or token.word in _PLURALS)


ENDS = STOPS | NEGATORS
_PLURALS = frozenset({"people", "men", "women", "children", "mice", "geese", "feet", "teeth"})


def counts_in(reading: Reading) -> Iterator[tuple[int, int, range]]:
    """(number, index of its first word, the noun phrase it counts), outside negations."""
    tokens = reading.tokens
    for index, (value, length) in reading.numbers.items():
        if index in reading.ranged:
            continue
        start = index + length
        if start < len(tokens) and tokens[start].word == "of" and tokens[index].word in GROUPS:
            start += 1
        while start < len(tokens) and tokens[start].word in {"the", "identical", "different", "separate", "more"}:
            start += 1
        near = start < len(tokens) and all(token.gap <= BLANK for token in tokens[index + length : start + 1])
        if index not in reading.negated and (index == 0 or tokens[index - 1].word not in _NOT_COUNTED):
            yield value, index, noun_phrase(reading, start) if near else range(start, start)


GROUPS = frozenset({"pair", "couple", "trio", "quartet", "dozen", "quintet", "half", "triplet"})
"""Numbers that are nouns: "a pair of shoes". They cannot stand where "three" does."""

_NOT_COUNTED = frozenset({"no", "at", "any", "every", "each", "number"})


def measures_in(reading: Reading) -> Iterator[tuple[tuple[object, ...], int, int]]:
    """(key, first word, end) of `85 mm`, `85mm`, `three-quarter` and words with digits in them such as `1950s`."""
    tokens = reading.tokens
    for index in reading.numbers:
        if index not in reading.ranged and (found := _measured(reading, index)) is not None:
            yield found
    yield from _spelled(tokens)
    for index, token in enumerate(tokens):
        if token.word.isalpha() or index in reading.numbers or not token.word.isascii():
            continue
        if split := _NUMBER_UNIT.fullmatch(token.word):
            unit = "th" if split[2] in {"st", "nd", "rd"} else UNITS.get(stem(split[2]), split[2])
            yield (int(split[1]), unit), index, index + 1
        elif any(char.isdigit() for char in token.word):
            yield (token.word, ""), index, index + 1


_ORDINALS = {
    word: number
    for number, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 1
    )
}
_DECADES = {
    word: number * 10
    for number, word in enumerate(
        ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"), 2
    )
}
_RANKED = frozenset(("place", "floor", "prize", "row", "birthday", "anniversary", "storey", "avenue", "street"))


def _spelled(tokens: list[Token]) -> Iterator[tuple[tuple[object, ...], int, int]]:
    """Decades and ordinals in words: "her twenties", "first-place"."""
    for index, token in enumerate(tokens):
        if token.word in _DECADES:
            yield (_DECADES[token.word], "s"), index, index + 1
    for index, token in enumerate(tokens[:-1]):
        if token.word in _ORDINALS and (tokens[index + 1].gap == JOINED or tokens[index + 1].word in _RANKED):
            yield (_ORDINALS[token.word], "th"), index, index + 2


def _measured(reading: Reading, index: int) -> tuple[tuple[object, ...], int, int] | None:
    """The measure with the number at `index`: with a unit, with what a hyphen joins to it, or with what it numbers."""
    tokens = reading.tokens
    value, length = reading.numbers[index]
    end = index + length
    after = tokens[end] if end < len(tokens) and tokens[end].gap <= BLANK else None
    if after is not None and after.stem in UNITS and (after.word != "in" or after.gap == JOINED):
        return (value, UNITS[after.stem]), index, end + 1
    if after is not None and after.gap == JOINED:
        return (value, after.stem), index, end + 1
    back = _numbered(tokens, index) if after is None or after.word in STOPS else None
    return ((value, f"of {tokens[back].stem}"), back, end) if back is not None else None


def _numbered(tokens: list[Token], index: int) -> int | None:
    """The noun before "a family of four" and "jersey 7", with a number that counts nothing after it."""
    if index < 1 or tokens[index].gap > BLANK:
        return None
    if tokens[index - 1].word == "of" and index > 1 and tokens[index - 1].gap <= BLANK:
        return None if tokens[index - 2].word in ENDS else index - 2
    word = tokens[index - 1].word
    return index - 1 if tokens[index].word.isdecimal() and word not in ENDS and word.isalpha() else None


_NUMBER_UNIT = re.compile(r"(\d{1,9})([a-z%°]{1,10})")


def colours_in(reading: Reading) -> Iterator[tuple[str, frozenset[str], int, int]]:
    """(colour, stems of what may have it, first word, end), outside negations; a colour of nothing has no stems."""
    tokens = reading.tokens
    for index, token in enumerate(tokens):
        colour = COLOURS.get(token.word)
        if colour is None or index in reading.negated:
            continue
        start = index + 1
        while start < min(len(tokens), index + 5) and tokens[start].gap <= COMMA and _adds_to_colour(tokens[start]):
            start += 1
        after = noun_phrase(reading, start, 3) if start < len(tokens) and tokens[start].gap <= BLANK else range(0)
        stems = frozenset(tokens[i].stem for i in after if tokens[i].word not in _NOT_COLOURED)
        if stems:
            yield colour, stems, index, after[-1] + 1
        back = _linked(tokens, index, attributive=bool(stems))
        if back is not None:
            yield colour, frozenset({tokens[back].stem}), back, index + 1
        elif not stems:
            yield colour, frozenset(), index, index + 1


_NOT_COLOURED = NOT_THINGS | ADJECTIVES


def _adds_to_colour(token: Token) -> bool:
    return token.word in TINTS or token.word in COLOURS or token.word in ADJECTIVES or token.word == "and"


def _linked(tokens: list[Token], index: int, *, attributive: bool) -> int | None:
    """The noun that is said to have the colour at `index`: "a car that is red", "a car in red"."""
    back = index
    while back > 0 and index - back < 5 and tokens[back].gap < STOP:
        back -= 1
        word = tokens[back].word
        if word in LINKS:
            # "a car in a red garage" colours the garage.
            if attributive and word in {"in", "a", "an", "of", "the"}:
                return None
            continue
        return None if word in STOPS or word in COLOURS or back == index - 1 else back
    return None


def _grouped(groups: tuple[tuple[str, ...], ...]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for group in groups:
        for phrase in group:
            stems = tuple(token.stem for token in tokens_of(phrase))
            table.setdefault(stems[0], []).append((stems, group[0]))
    for found in table.values():
        found.sort(key=lambda entry: -len(entry[0]))
    return table


PLACES = _grouped(SPATIAL)
HOURS = _grouped(TIMES)


def phrases_in(
    reading: Reading, groups: dict[str, list[tuple[tuple[str, ...], str]]]
) -> Iterator[tuple[str, int, int]]:
    """(group, first word, end) of every phrase of a table that stands in the text and is not negated."""
    tokens = reading.tokens
    done = 0
    for index, token in enumerate(tokens):
        for stems, group in groups.get(token.stem, ()):
            end = index + len(stems)
            same = tuple(t.stem for t in tokens[index:end]) == stems
            if same and index not in reading.negated and all(t.gap <= BLANK for t in tokens[index + 1 : end]):
                colour = end < len(tokens) and tokens[end].word in COLOURS and tokens[end].gap <= BLANK
                if index >= done and not (colour and token.word == "midnight"):
                    yield group, index, end
                    done = end
                break
