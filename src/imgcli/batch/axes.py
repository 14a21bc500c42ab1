"""Axes: what one entry takes several values from. Every combination of a row of each is a prompt."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256, sha512
from itertools import islice, product

from imgcli.batch.check import value_problem
from imgcli.batch.draft import Place, shown
from imgcli.batch.schema import SETTING_AXES

LABEL_LIMIT = 24
"""Characters of a value that are worth having in an id; longer ones are numbered."""
HASH_DIGITS = 12

Given = Mapping[str, tuple[str | int | float, ...]]
"""A matrix or zip as the file has it: lists by name."""
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """Rows of values that are taken one after the other; made by `make_axis`, shared by the entries that use it.

    Attributes:
        rows: one value for each of `names`.
        where: the key of the entry it comes from; `zip` for all of its lists.
        widths: characters of the longest value of each name.
        words: a good short word for each row, different from the others; "" where there is none.
    """

    names: Row
    rows: tuple[Row, ...]
    where: str
    widths: tuple[int, ...]
    words: Row


@dataclass(frozen=True, slots=True)
class Draw:
    """How many combinations of an entry are wanted, and which."""

    count: int
    seed: int


@dataclass(frozen=True, slots=True)
class Sets:
    """What an entry says of several prompts; `draw` is None where all combinations are wanted."""

    matrix: Given = field(default_factory=dict)
    zip: Given = field(default_factory=dict)
    draw: Draw | None = None


def axes_of(sets: Sets, place: Place) -> tuple[Axis, ...]:
    """The axes an entry names itself: its matrix in order, then its zip.

    Raises:
        BatchFileError: see `matrix_axes` and `zip_axis`; or one name in both.
    """
    if twice := next((name for name in sets.zip if name in sets.matrix), ""):
        raise place.error("is also in the matrix; remove one", f"zip.{twice}")
    return (*matrix_axes(sets.matrix, place), *([zip_axis(sets.zip, place)] if sets.zip else []))


def make_axis(names: Row, rows: tuple[Row, ...], where: str) -> Axis:
    widths = tuple(max(map(len, column)) for column in zip(*rows, strict=True))
    words = _slugs([row[0] for row in rows])
    if len(names) > 1 and not all(words):
        words = _slugs([" ".join(row) for row in rows])
    return Axis(names, rows, where, widths, words)


def matrix_axes(matrix: Given, place: Place) -> tuple[Axis, ...]:
    """An axis for each key.

    Raises:
        BatchFileError: a value twice, or one that cannot be put into words or is none of its setting.
    """
    return tuple(
        make_axis((key,), tuple((text,) for text in texts), f"matrix.{key}")
        for key, values in matrix.items()
        for texts in [different(as_texts(key, values, place, f"matrix.{key}"), place, f"matrix.{key}")]
    )


def zip_axis(lists: Given, place: Place) -> Axis:
    """One axis that walks all lists together.

    Raises:
        BatchFileError: lists of different lengths, a row twice, or see `matrix_axes`.
    """
    first, *others = lists
    for key in others:
        if len(lists[key]) != len(lists[first]):
            raise place.error(
                f"is a list of {len(lists[key]):,}, but zip.{first} one of {len(lists[first]):,}; zip walks its lists "
                "together, so make them equally long, or use matrix for all combinations",
                f"zip.{key}",
            )
    columns = [as_texts(key, values, place, f"zip.{key}") for key, values in lists.items()]
    rows = tuple(zip(*columns, strict=True))
    seen: dict[Row, int] = {}
    for at, row in enumerate(rows, 1):
        if seen.setdefault(row, at) != at:
            raise place.error(f"has the same values in places {seen[row]:,} and {at:,} of its lists; remove one", "zip")
    return make_axis(tuple(lists), rows, "zip")


def as_texts(key: str, values: tuple[str | int | float, ...], place: Place, where: str) -> Row:
    """Values as words of a prompt.

    Raises:
        BatchFileError: a number that has no plain form, or a value the setting `key` cannot have.
    """
    for value in values:
        if isinstance(value, float) and not math.isfinite(value):
            raise place.error(f"{value} is no number to put into words; write it as text", where)
        if isinstance(value, int) and abs(value) >= 10**20:
            raise place.error("a number is too long; write it as text", where)
        if key in SETTING_AXES and (problem := value_problem(key, value)):
            raise place.error(problem, where)
    return tuple(map(str, values))


def combinations(axes: tuple[Axis, ...], drawn: Draw | None) -> Iterator[tuple[int, ...]]:
    """The rows of each combination by their numbers from 0: in order, the last axis changing fastest, or drawn ones."""
    sizes = [len(axis.rows) for axis in axes]
    if drawn is None or drawn.count >= math.prod(sizes):
        return product(*map(range, sizes))
    return (_at(number, sizes) for number in islice(_shuffled(math.prod(sizes), drawn.seed), drawn.count))


def labelled(axes: tuple[Axis, ...], room: int, drawn: Draw | None) -> Iterator[tuple[tuple[int, ...], str]]:
    """All `combinations` with short words, all different: slugs of the values where those are, else numbers.

    Those of drawn ones tell their own values and nothing else, so that they stay when more are drawn or values come
    behind the others: slugs, else a hash.
    """
    if drawn is None:
        return zip(combinations(axes, None), _all_labels(axes, room), strict=True)
    return ((picked, _own_label(axes, picked, room)) for picked in combinations(axes, drawn))


def different(texts: Row, place: Place, where: str) -> Row:
    """`texts` as they are.

    Raises:
        BatchFileError: one stands there twice.
    """
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            raise place.error(f"has {shown(text)} twice; remove one", where)
        seen.add(text)
    return texts


def _shuffled(size: int, seed: int) -> Iterator[int]:
    """The numbers below `size` in an order of their own, the same on every machine: Fisher and Yates' shuffle, of which
    only what was touched is kept, with SHA-512 as its dice. The first ones do not depend on how many are asked for.
    """
    moved: dict[int, int] = {}
    for at in range(size):
        dice = int.from_bytes(sha512(f"{seed}:{at}".encode()).digest(), "big")
        other = at + dice % (size - at)
        yield moved.pop(other, other)
        if other != at:
            moved[other] = moved.pop(at, at)


def _at(number: int, sizes: list[int]) -> tuple[int, ...]:
    found = []
    for size in reversed(sizes):
        number, row = divmod(number, size)
        found.append(row)
    return tuple(reversed(found))


def _all_labels(axes: tuple[Axis, ...], room: int) -> tuple[str, ...]:
    numbers = [tuple(str(at) for at, _ in enumerate(axis.rows, 1)) for axis in axes]
    words = [axis.words if all(axis.words) else plain for axis, plain in zip(axes, numbers, strict=True)]
    joined = tuple(map("-".join, product(*words)))
    if len(set(joined)) == len(joined) and max(map(len, joined)) <= room:
        return joined
    return tuple(map("-".join, product(*numbers)))


def _own_label(axes: tuple[Axis, ...], picked: tuple[int, ...], room: int) -> str:
    words = [axis.words[row] for axis, row in zip(axes, picked, strict=True)]
    # No word has a _, so "x_y" and "z" are not "x" and "y_z".
    label = "-".join(word.replace("-", "_") for word in words)
    if all(words) and len(label) <= room:
        return label
    values = (text for axis, row in zip(axes, picked, strict=True) for text in axis.rows[row])
    return sha256("".join(f"{len(text)}:{text}" for text in values).encode()).hexdigest()[:HASH_DIGITS]


def _slugs(texts: list[str]) -> Row:
    slugs = ["-".join(re.findall(r"[^\W_]+", text.lower())) for text in texts]
    often = Counter(slugs)
    return tuple(slug if len(slug) <= LABEL_LIMIT and often[slug] == 1 else "" for slug in slugs)
