"""What in an expansion contradicts a prompt: another measure, name or time, things that changed places, and more.

All of it errs on one side: what is taken for a contradiction without being one costs an expansion, not the user's words.
"""

import itertools
import re
from collections.abc import Mapping

from imgcli.director.demands import names_in
from imgcli.director.reading import (
    ENDS,
    HOURS,
    PLACES,
    Reading,
    colours_in,
    is_doing,
    is_plural,
    measures_in,
    phrases_in,
)
from imgcli.director.tokens import BLANK, COMMA, STOP, Token
from imgcli.director.word_lists import ADJECTIVES, CLASHES, COLOURS, FRAMES, NUMBERED, SHADE_OF, words

MOST_CLAUSES = 24
"""Clauses of a prompt that are told apart; a longer one is no list of things that could change places."""


MOST_CROSSED = 6


def _both_ways(pairs: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for one, others in pairs:
        for other in others:
            table.setdefault(one, set()).add(other)
            table.setdefault(other, set()).add(one)
    return {one: frozenset(others) for one, others in table.items()}


CLASHING = _both_ways(CLASHES)
"""Group of place or time -> those that cannot be true with it."""

RELATED = frozenset(("in front of", "behind", "next to", "under", "on top of", "above", "between", "inside", "outside"))
"""Groups of which one may stand for another by mistake, though two can be true of one picture."""


def measures_of(reading: Reading) -> set[tuple[object, ...]]:
    """The keys of all measures in a text, with years."""
    found: set[tuple[object, ...]] = {key for key, _, _ in measures_in(reading)}
    found |= {(key,) for key, _, _ in reading.literals}
    return found | {
        (value, "in the year")
        for index, (value, _) in reading.numbers.items()
        if 1000 < value < 2100 and index and reading.tokens[index - 1].word in {"in", "from", "of", "circa"}
    }


def sort_of(key: tuple[object, ...]) -> str:
    """What measures have in common that exclude each other: `0mm`, `0:0`, `$0`, `0/0`."""
    if key[-1] in {"am", "pm"}:
        return "the hour"
    said = str(key[0]) if len(key) == 1 or not key[1] else f"0{key[1]}"
    return (
        "#"
        if said.startswith("#")
        else re.sub(r"^[-−]|\d+(?:[.,]\d+)?", lambda match: "0" if match[0][-1].isdigit() else "", said)
    )


def rival_measures(asked: Reading, given: Reading) -> set[str]:
    """The sorts of measure of which the prompt says one and the expansion (also) another."""
    own = measures_of(asked)
    sorts = {sort_of(key) for key in own}
    return {sort_of(key) for key in measures_of(given) - own} & sorts


def has_other_name(asked: Reading, given: Reading) -> bool:
    """Whether the expansion may name somebody or some place that the prompt does not."""
    own = {token.word for token in asked.tokens}
    names = {token for found in names_in(given) for token in found.key} - {t.stem for t in asked.tokens}
    firsts = [token for token in given.tokens if token.gap == STOP and token.is_capital]
    return bool(names) or any(token.word not in _OPENING and token.word not in own for token in firsts)


_OPENING = (
    ENDS | FRAMES | COLOURS.keys() | ADJECTIVES | NUMBERED | words("keep soft warm cool light cinematic close wide")
)


def rival_groups(asked: Reading, group: str) -> frozenset[str]:
    """The groups of place or time that cannot be where `group` is asked for, and are not asked for themselves."""
    return CLASHING.get(group, frozenset()) - asked.groups


def rival_colours(asked: Reading, given: Reading) -> set[tuple[str, str]]:
    """(colour, stem of a thing) in the expansion where the prompt gives that thing other colours only."""
    own: dict[str, set[str]] = {}
    for colour, things, _, _ in colours_in(asked):
        for thing in things:
            own.setdefault(thing, set()).update((colour, SHADE_OF.get(colour, colour)))
    return {
        (colour, thing)
        for colour, things, _, _ in colours_in(given)
        for thing in things
        if thing in own and not {colour, SHADE_OF.get(colour, colour)} & own[thing]
    }


def adds_things(asked: Reading, given: Reading) -> bool:
    """Whether something that the prompt does not name seems to stand beside what it names."""
    tokens = given.tokens
    own = {token.stem for token in asked.tokens}
    for index, token in enumerate(tokens):
        after = tokens[index + 1 : index + 6]
        names_more = token.word == "and" and bool(after) and (after[0].word in NUMBERED or is_plural(after[0]))
        joins = token.word in _BESIDE or names_more
        if not joins or index in given.negated:
            continue
        after = list(itertools.dropwhile(lambda token: token.word in _LINKING, after))
        noun = list(itertools.takewhile(lambda token: token.word not in ENDS and token.gap <= BLANK, after))
        if noun and not any(token.stem in own or token.word in _NO_THINGS for token in noun):
            return True
    return False


_BESIDE = words("with beside near among alongside surrounded next plus holding")
_LINKING = words("a an the to by some two three many of its")
_NO_THINGS = words(
    "subject viewer camera light lighting lit shadow shadows background backdrop wall floor studio room space frame shot lens focus detail "
    "details texture grain tone tones color colors colour colours palette style edges empty nothing else no mood "
    "composition depth contrast reflection reflections sunlight daylight glow isolated alone muted soft simple"
)


def swapped(asked: Reading, given: Reading) -> frozenset[str]:
    """The colours, numbers and groups of place that stand in the expansion with what belongs to another of the prompt."""
    own, other = _clauses(asked), _clauses(given)
    crossed = {"~"} if 1 < len(own) <= MOST_CROSSED and _is_crossed(own, other[:MOST_CLAUSES]) else set()
    return frozenset(_moved(own, other) | crossed | _turned_round(asked, given))


def _is_crossed(own: list[frozenset[str]], given: list[frozenset[str]]) -> bool:
    """Whether two clauses of the expansion each mix what two of the prompt keep apart: their nouns are exchanged."""
    for one, other in itertools.combinations(own, 2):
        mine, theirs = one - other, other - one
        mixed = [(clause & mine, clause & theirs) for clause in given]
        mixed = [(first, second) for first, second in mixed if first and second and first != mine and second != theirs]
        for (first, second), (third, fourth) in itertools.combinations(mixed, 2):
            if not first & third and not second & fourth:
                return True
    return False


def _moved(own: list[frozenset[str]], given: list[frozenset[str]]) -> set[str]:
    if not 1 < len(own) <= MOST_CLAUSES:
        return set()
    homes: dict[str, list[int]] = {}
    for number, clause in enumerate(own):
        for feature in clause:
            homes.setdefault(feature, []).append(number)
    found: set[str] = set()
    for clause in given:
        for value in clause:
            at = homes.get(value, ())
            if not value.startswith("=") or len(at) != 1:
                continue
            others = frozenset().union(*(other for number, other in enumerate(own) if number != at[0]))
            mine, theirs = own[at[0]] - others - {value}, others - own[at[0]]
            if mine and not mine & clause and theirs & clause:
                found.add(value)
    return found


def _turned_round(asked: Reading, given: Reading) -> set[str]:
    """What relates two things the other way round: "a cat behind a dog", "a dog chasing a cat" (with a "~")."""
    deeds = frozenset(token.stem for token in asked.tokens if is_doing(token))
    sides = _sides(asked, deeds)
    return {
        link
        for link, (before, after) in _sides(given, deeds).items()
        if link in sides
        and (sides[link][0] - sides[link][1]) & after
        and (sides[link][1] - sides[link][0]) & before
        and not sides[link][0] & before
    }


def _sides(reading: Reading, deeds: frozenset[str]) -> dict[str, tuple[set[str], set[str]]]:
    """Group of place, or stem of a deed -> the stems shortly before it, and those after it."""
    links = [(f"={group}", start, end) for group, start, end in phrases_in(reading, PLACES) if group in RELATED]
    links += [(f"~{t.stem}", i, i + 1) for i, t in enumerate(reading.tokens) if t.stem in deeds]
    found: dict[str, tuple[set[str], set[str]]] = {}
    for link, start, end in links:
        before, after = range(start - 1, max(-1, start - 7), -1), range(end, min(len(reading.tokens), end + 5))
        found.setdefault(link, (_near(reading, before, 1), _near(reading, after, 0)))
    return found


def _near(reading: Reading, indexes: range, back: int) -> set[str]:
    """The stems at `indexes`, up to the end of the sentence."""
    found: list[Token] = []
    for index in indexes:
        if reading.tokens[index + back].gap == STOP if index + back < len(reading.tokens) else False:
            break
        found.append(reading.tokens[index])
    return _plain(found)


def _plain(tokens: list[Token]) -> set[str]:
    return {token.stem for token in tokens if token.word not in ENDS and token.word not in FRAMES}


_PARTS = frozenset(("and", "while", "with", "but", "plus"))


def _clauses(reading: Reading) -> list[frozenset[str]]:
    """What each clause speaks of; colours, numbers and places with a "=" before them."""
    groups: dict[int, str] = {}
    for table in (PLACES, HOURS):
        for group, start, end in phrases_in(reading, table):
            groups.update(dict.fromkeys(range(start, end), f"={group}"))
    found: list[set[str]] = [set()]
    for index, token in enumerate(reading.tokens):
        if token.word in _PARTS or token.gap >= COMMA:
            found.append(set())
        if index in reading.negated or (token.word in ENDS and index not in groups):
            continue
        if index in groups:
            found[-1].add(groups[index])
        elif index in reading.numbers:
            found[-1].add(f"={reading.numbers[index][0]}")
        elif token.word in COLOURS:
            found[-1].add(f"={COLOURS[token.word]}")
        elif token.word not in FRAMES:
            found[-1].add(token.stem)
    return [frozenset(clause) for clause in found if clause]
