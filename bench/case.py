"""What a case is, and how its figures are collected."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bench.lab import Lab

Item = TypeVar("Item")

NOTHING = "Not enough was measured to say what it means."


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured; `small` only shows that it can be: its figures mean nothing."""

    rounds: int
    small: bool


@dataclass(frozen=True, slots=True)
class Column:
    """`key` of the figures, `heading` with its unit, digits after the point."""

    key: str
    heading: str
    digits: int = 0


@dataclass(slots=True)
class Row:
    """The figures of one client, a sample a round; `void` says what was measured and may not be told."""

    who: str
    figures: dict[str, list[float]] = field(default_factory=dict)
    void: list[str] = field(default_factory=list)

    def median(self, key: str) -> float | None:
        samples = self.figures.get(key)
        return statistics.median(samples) if samples else None


class Table:
    """Rows in the order their clients were first met."""

    def __init__(self, order: Sequence[str] = ()) -> None:
        self._rows = {who: Row(who) for who in order}

    def add(self, who: str, **figures: float) -> None:
        row = self._rows.setdefault(who, Row(who))
        for key, value in figures.items():
            row.figures.setdefault(key, []).append(value)

    def void(self, who: str, reason: str) -> None:
        self._rows.setdefault(who, Row(who)).void.append(reason)

    def rows(self) -> list[Row]:
        return list(self._rows.values())


@dataclass(frozen=True, slots=True)
class Case:
    """One question.

    Attributes:
        name: the word that chooses it.
        title: of its section.
        how: what was done, for who wants to repeat it.
        first: heading of the first column.
        columns: of the table.
        rounds: unless the command line says otherwise.
        measure: the rows.
        meaning: one or two sentences made of the rows, by name.
    """

    name: str
    title: str
    how: str
    first: str
    columns: Sequence[Column]
    rounds: int
    measure: Callable[[Lab, Plan], list[Row]]
    meaning: Callable[[Mapping[str, Row]], str]


def rotated(items: Sequence[Item], turn: int) -> list[Item]:
    """In another order each turn, so that nobody is always first."""
    start = turn % len(items)
    return [*items[start:], *items[:start]]
