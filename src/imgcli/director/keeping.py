"""Whether an expansion keeps a demand: it must hold what is asked for and nothing that contradicts it."""

import functools
import re
from collections.abc import Callable, Mapping

from imgcli.director.constraints import names_of
from imgcli.director.demands import NO_ONE, DemandKind, Found
from imgcli.director.reading import Reading, colours_in, counts_in, is_plural, noun_phrase
from imgcli.director.rivals import (
    adds_things,
    measures_of,
    rival_colours,
    rival_groups,
    rival_measures,
    sort_of,
    swapped,
)
from imgcli.director.tokens import BLANK, STOP, tokens_of
from imgcli.director.word_lists import ALONE, MANY, SHADE_OF

WINDOW = 8
"""Words after a number within which what it counts must stand."""

PERSONS = ("man", "woman", "child", "girl", "boy", "lady", "pedestrian", "crowd", "passerby")
"""Stems of those who are people too."""

LIT = ("light", "lit", "shin", "beam")
"""Endings by which a thing that must not be there still shines: "moonlit"."""


class Given:
    """An expansion, with all its words laid out so that a demand is looked up and not searched for."""

    def __init__(self, given: Reading, asked: Reading) -> None:
        self.given = given
        self.asked = asked
        self.counted = set(_near_numbers(given))
        self.numbers: dict[str, list[int]] = {}
        for value, thing in self.counted:
            self.numbers.setdefault(thing, []).append(value)
        self.colours = {
            (shade, thing)
            for colour, things, _, _ in colours_in(given)
            for thing in (*things, "")
            for shade in {colour, SHADE_OF.get(colour, colour)}
        }
        tokens = given.tokens
        self.excluded = [
            {token.stem for token in tokens[start:end]} | {t.word for t in tokens[start:end]}
            for scope in given.scopes
            if not scope.is_only
            for start, end in scope.things
        ]
        if any(words & NO_ONE for words in self.excluded):
            self.excluded.append({"person"})
        self.run = _run(given)
        self.own_run = _run(asked)
        self.quoted = {inner for inner, _ in given.quoted}
        self.measures = measures_of(given)
        self.rival_measures = rival_measures(asked, given)
        self.rival_colours = rival_colours(asked, given)
        self.swapped = swapped(asked, given)

    def keeps_count(self, found: Found) -> bool:
        if len(found.key) == 3:
            return self.keeps_range(found)
        value, things = found.key
        if not isinstance(things, frozenset) or not isinstance(value, int):
            return False
        if not things:
            return (value, "") in self.counted and ("0in the year" not in self.rival_measures or not _is_year(value))
        is_there = any((value, thing) in self.counted for thing in things)
        if value == 1 and not is_there:
            is_there = bool(things & self.given.positive) and not any(thing in self.many for thing in things)
        if value == 1 and things & self.plural:
            return False
        return is_there and f"={value}" not in self.swapped and not self.has_other_count((value, value), things)

    def keeps_range(self, found: Found) -> bool:
        low, high, things = found.key
        if not isinstance(things, frozenset) or not isinstance(low, int) or not isinstance(high, int):
            return False
        is_said = any((low, high) == (other[2], other[3]) for other in self.given.ranges)
        is_met = any(low <= value <= high for thing in things for value in self.numbers.get(str(thing), ()))
        return (is_said or is_met) and not self.has_other_count((low, high), things)

    def has_other_count(self, bounds: tuple[int, int], things: frozenset[object]) -> bool:
        """Whether the expansion counts these things otherwise, and the prompt does not."""
        if things & self.vague:
            return True
        return any(
            (other, thing) in self.strict and (other, thing) not in self.own_strict
            for thing in things
            for other in self.many.get(str(thing), ())
            if not bounds[0] <= other <= bounds[1]
        )

    @functools.cached_property
    def plural(self) -> set[str]:
        """Stems of things that the expansion speaks of in the plural, and the prompt does not."""
        own = {token.word for token in self.asked.tokens}
        tokens = enumerate(self.given.tokens)
        return {t.stem for i, t in tokens if is_plural(t) and t.word not in own and i not in self.given.negated}

    @functools.cached_property
    def vague(self) -> set[str]:
        """Stems shortly after "many", "dozens of" and the like that the prompt does not say."""
        own = {token.word for token in self.asked.tokens}
        tokens = self.given.tokens
        return {
            after.stem
            for index, token in enumerate(tokens)
            if token.word in MANY and token.word not in own
            for after in tokens[index + 1 : index + 5]
        }

    @functools.cached_property
    def strict(self) -> set[tuple[int, str]]:
        return _strict(self.given)

    @functools.cached_property
    def own_strict(self) -> set[tuple[int, str]]:
        return _strict(self.asked)

    @functools.cached_property
    def many(self) -> Mapping[str, list[int]]:
        """Thing -> the numbers above one that stand at it."""
        table: dict[str, list[int]] = {}
        for value, thing in self.strict:
            if value > 1:
                table.setdefault(thing, []).append(value)
        return table

    def keeps_colour(self, found: Found) -> bool:
        colour, things = found.key
        if colour == "verbatim":
            return self.holds_verbatim(found)
        if not isinstance(things, frozenset):
            return False
        is_rival = any(thing in things for _, thing in self.rival_colours)
        is_there = any((colour, thing) in self.colours for thing in (things or ("",)))
        return is_there and not is_rival and f"={colour}" not in self.swapped

    def keeps_negation(self, found: Found) -> bool:
        how, stems = found.key[:2]
        if how == "verbatim":
            return self.holds_verbatim(found)
        if not isinstance(stems, tuple):
            return False
        if how == "only":
            words = {token.word for token in self.given.tokens}
            is_there = stems[:1] == ("nothing",) or set(stems) <= self.given.positive
            return bool(words & ALONE) and is_there and not adds_things(self.asked, self.given)
        names = _names(str(found.key[2]), stems)
        is_said = any(set(name) <= words for name in names for words in self.excluded)
        return is_said and not self.is_shown(names)

    def is_shown(self, names: frozenset[tuple[str, ...]]) -> bool:
        """Whether the expansion speaks of an excluded thing as if it were there, and the prompt does not."""
        if self.asked.quoted and ("text",) in names:
            return False
        if ("person",) in names and any(
            f" {word} " in self.run and f" {word} " not in self.own_run for word in PERSONS
        ):
            return True
        shown = [f" {' '.join(name)}{ending} " for name in names for ending in ("", *LIT)]
        return any(name in self.run for name in shown) and not any(name in self.own_run for name in shown)

    def keeps_quoted(self, found: Found) -> bool:
        (inner,) = found.key
        if inner in self.quoted:
            return True
        return str(inner).isupper() and re.search(rf"(?<!\w){re.escape(str(inner))}(?!\w)", self.given.text) is not None

    def keeps_measure(self, found: Found) -> bool:
        return found.key in self.measures and sort_of(found.key) not in self.rival_measures

    def keeps_name(self, found: Found) -> bool:
        return f" {' '.join(map(str, found.key))} " in self.run

    def keeps_group(self, found: Found) -> bool:
        (group,) = found.key
        clashing = rival_groups(self.asked, str(group))
        is_there = group in self.given.groups and not clashing & self.given.groups
        return is_there and f"={group}" not in self.swapped

    def keeps_subject(self, found: Found) -> bool:
        if len(found.key) > 1 and found.key[0] == "verbatim":
            return self.holds_verbatim(found)
        return found.key[0] in self.given.positive and not any(value.startswith("~") for value in self.swapped)

    def holds_verbatim(self, found: Found) -> bool:
        return str(found.key[1]) in self.given.text


KEEPS: Mapping[DemandKind, Callable[[Given, Found], bool]] = {
    DemandKind.COUNT: Given.keeps_count,
    DemandKind.COLOUR: Given.keeps_colour,
    DemandKind.NEGATION: Given.keeps_negation,
    DemandKind.QUOTED: Given.keeps_quoted,
    DemandKind.MEASURE: Given.keeps_measure,
    DemandKind.NAME: Given.keeps_name,
    DemandKind.PLACE: Given.keeps_group,
    DemandKind.TIME: Given.keeps_group,
    DemandKind.SUBJECT: Given.keeps_subject,
}


def _is_year(value: int) -> bool:
    return 1000 < value < 2100


def _near_numbers(reading: Reading) -> set[tuple[int, str]]:
    """(number, stem) for every word shortly after a number, up to the next number or the end of the sentence."""
    found: set[tuple[int, str]] = set()
    tokens = reading.tokens
    for index, (value, words) in reading.numbers.items():
        if index in reading.negated or index in reading.ranged:
            continue
        found.add((value, ""))
        for after in range(index + words, min(len(tokens), index + words + WINDOW)):
            if tokens[after].gap == STOP or after in reading.numbers:
                break
            found.add((value, tokens[after].stem))
    return found


def _strict(reading: Reading) -> set[tuple[int, str]]:
    """(number, stem of the last word it counts)."""
    ends = [(value, nouns[-1]) for value, _, nouns in counts_in(reading) if nouns]
    for _, end, low, high in reading.ranges:
        nouns = noun_phrase(reading, end)
        ends += [(value, nouns[-1]) for value in (low, high) if nouns]
    return {(value, reading.tokens[last].stem) for value, last in ends}


def _run(reading: Reading) -> str:
    """All stems that are not negated, in a row; whole words are found in it between blanks."""
    stems = [
        ("" if token.gap <= BLANK else "; ") + token.stem if index not in reading.negated else ";"
        for index, token in enumerate(reading.tokens)
    ]
    return f" {' '.join(stems)} "


@functools.lru_cache(maxsize=4096)
def _names(thing: str, stems: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """What an excluded thing may be called, each name in stems."""
    return frozenset({stems, *(tuple(token.stem for token in tokens_of(name)) for name in names_of(thing))} - {()})
