"""What an expansion may not lose: the demands of a prompt, which of them are gone, and how they are put back.

The expansion is text from a model that may be sloppy or hostile. What is put back are the user's own words; if the
expansion cannot be mended it gives way to the prompt.
"""

import functools
import re
from collections.abc import Callable, Mapping

from imgcli.director.constraints import names_of
from imgcli.director.demands import NO_ONE, Demand, DemandKind, Found, found_in
from imgcli.director.mending import LONGEST, is_chatter, mended, shortened
from imgcli.director.reading import Reading, colours_in, counts_in, measures_in
from imgcli.director.tokens import BLANK, STOP, tokens_of
from imgcli.director.word_lists import ALONE, CLASHES, SHADE_OF

__all__ = ["Demand", "DemandKind", "demands", "lost", "restored"]

MOST_DEMANDS = 256
"""Demands of one prompt that are looked after, the first ones; a person writes a few dozen."""

WINDOW = 8
"""Words after a number within which what it counts must stand."""

_CLASHES = dict(CLASHES)
_CLOSED = re.compile(r"""[.!?…。！？]["'”’»)\]]*$""")


def demands(prompt: str) -> tuple[Demand, ...]:
    """Every demand of `prompt` that can be checked, kind by kind, without repeats."""
    return tuple(found.demand for found in _found(Reading(prompt)))


def lost(prompt: str, expanded: str) -> tuple[Demand, ...]:
    """The demands of `prompt` that `expanded` does not keep, or contradicts."""
    if expanded == prompt:
        return ()
    return lost_of(Reading(prompt), expanded)


def lost_of(asked: Reading, expanded: str) -> tuple[Demand, ...]:
    """`lost` for a prompt that is read already."""
    return tuple(found.demand for found in _lost(asked, _found(asked), expanded))


def restored(prompt: str, expanded: str) -> tuple[str, tuple[Demand, ...]]:
    """`expanded` with what it lost put back, and what that was; nothing of `prompt` is lost in the text returned.

    The text has at most 4,000 characters more than twice those of `prompt`.
    """
    asked = Reading(prompt)
    text = shortened(expanded)
    wanted = _found(asked)
    missing = _lost(asked, wanted, text) if text != prompt else []
    if not missing:
        return text or prompt, ()
    gone = tuple(found.demand for found in missing)
    before, text = text, mended(asked, text, missing)
    still = missing if text == before else _lost(asked, wanted, text)
    is_other = any(found.demand.kind is DemandKind.SUBJECT for found in still)
    if is_other and is_chatter(text):
        return prompt, gone
    reminded = _reminded(text, [found.demand for found in still]) if text and not is_other else ""
    for whole in filter(None, (reminded, _headed(prompt, text))):
        if len(whole) <= 2 * len(prompt) + LONGEST and not _lost(asked, wanted, whole):
            return whole, gone
    return prompt, gone


def _reminded(text: str, gone: list[Demand]) -> str:
    """`text` with the lost words said again in one sentence, those left out that stand in others."""
    if not gone:
        return text
    said = list(dict.fromkeys(_spoken(demand) for demand in gone))
    kept = [words for words in said if not any(f" {words} " in f" {other} " for other in said if other != words)]
    return f"{text}{'' if _CLOSED.search(text) else '.'} Keep exactly: {'; '.join(kept)}."


def _spoken(demand: Demand) -> str:
    if demand.kind is DemandKind.QUOTED:
        return f"the words “{demand.words}”" if '"' in demand.words else f'the words "{demand.words}"'
    return demand.words


def _headed(prompt: str, text: str) -> str:
    """The prompt itself, then `text`: for an expansion that speaks of something else."""
    head = prompt.strip()
    return f"{head}{'' if _CLOSED.search(head) else '.'} {text}" if text else prompt


def _found(reading: Reading) -> list[Found]:
    first: dict[tuple[DemandKind, tuple[object, ...]], Found] = {}
    for found in found_in(reading):
        first.setdefault((found.demand.kind, found.key), found)
        if len(first) == MOST_DEMANDS:
            break
    return list(first.values())


def _lost(asked: Reading, wanted: list[Found], expanded: str) -> list[Found]:
    text = _Given(Reading(expanded), asked)
    return [found for found in wanted if not _KEEPS[found.demand.kind](text, found)]


class _Given:
    """An expansion, with all its words laid out so that a demand is looked up and not searched for."""

    def __init__(self, given: Reading, asked: Reading) -> None:
        self.given = given
        self.asked = asked
        self.counted = set(_near_numbers(given))
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
        self.measures: set[tuple[object, ...]] = {key for key, _, _ in measures_in(given)}
        self.measures |= {(key,) for key, _, _ in given.literals}

    def keeps_count(self, found: Found) -> bool:
        value, things = found.key
        if not isinstance(things, frozenset) or not isinstance(value, int):
            return False
        if not things:
            return (value, "") in self.counted
        is_there = any((value, thing) in self.counted for thing in things)
        if value == 1 and not is_there:
            is_there = bool(things & self.given.positive) and not any(thing in self.many for thing in things)
        return is_there and not any(
            (other, thing) in self.strict and (other, thing) not in self.own_strict
            for thing in things
            for other in self.many.get(thing, ())
            if other != value
        )

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
        return any((colour, thing) in self.colours for thing in (things or ("",)))

    def keeps_negation(self, found: Found) -> bool:
        how, stems = found.key[:2]
        if how == "verbatim":
            return self.holds_verbatim(found)
        if not isinstance(stems, tuple):
            return False
        if how == "only":
            words = {token.word for token in self.given.tokens}
            return bool(words & ALONE) and set(stems) <= self.given.positive
        names = _names(str(found.key[2]), stems)
        is_said = any(set(name) <= words for name in names for words in self.excluded)
        return is_said and not self.is_shown(names)

    def is_shown(self, names: frozenset[tuple[str, ...]]) -> bool:
        """Whether the expansion speaks of an excluded thing as if it were there, and the prompt does not."""
        if self.asked.quoted and ("text",) in names:
            return False
        shown = [f" {' '.join(name)} " for name in names]
        return any(name in self.run for name in shown) and not any(name in self.own_run for name in shown)

    def keeps_quoted(self, found: Found) -> bool:
        (inner,) = found.key
        if inner in self.quoted:
            return True
        return str(inner).isupper() and re.search(rf"(?<!\w){re.escape(str(inner))}(?!\w)", self.given.text) is not None

    def keeps_measure(self, found: Found) -> bool:
        return found.key in self.measures

    def keeps_name(self, found: Found) -> bool:
        return f" {' '.join(map(str, found.key))} " in self.run

    def keeps_group(self, found: Found) -> bool:
        (group,) = found.key
        clashing = set(_CLASHES.get(str(group), ())) - self.asked.groups
        return group in self.given.groups and not clashing & self.given.groups

    def keeps_subject(self, found: Found) -> bool:
        return self.holds_verbatim(found) if found.key[0] == "verbatim" else found.key[0] in self.given.positive

    def holds_verbatim(self, found: Found) -> bool:
        return str(found.key[1]) in self.given.text


_KEEPS: Mapping[DemandKind, Callable[[_Given, Found], bool]] = {
    DemandKind.COUNT: _Given.keeps_count,
    DemandKind.COLOUR: _Given.keeps_colour,
    DemandKind.NEGATION: _Given.keeps_negation,
    DemandKind.QUOTED: _Given.keeps_quoted,
    DemandKind.MEASURE: _Given.keeps_measure,
    DemandKind.NAME: _Given.keeps_name,
    DemandKind.PLACE: _Given.keeps_group,
    DemandKind.TIME: _Given.keeps_group,
    DemandKind.SUBJECT: _Given.keeps_subject,
}


def _near_numbers(reading: Reading) -> set[tuple[int, str]]:
    """(number, stem) for every word shortly after a number, up to the next number or the end of the sentence."""
    found: set[tuple[int, str]] = set()
    tokens = reading.tokens
    for index, (value, words) in reading.numbers.items():
        if index in reading.negated:
            continue
        found.add((value, ""))
        for after in range(index + words, min(len(tokens), index + words + WINDOW)):
            if tokens[after].gap == STOP or after in reading.numbers:
                break
            found.add((value, tokens[after].stem))
    return found


def _strict(reading: Reading) -> set[tuple[int, str]]:
    """(number, stem of the last word it counts)."""
    return {(value, reading.tokens[nouns[-1]].stem) for value, _, nouns in counts_in(reading) if nouns}


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
