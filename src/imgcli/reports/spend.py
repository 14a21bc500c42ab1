"""Money of the ledger by day, style, tag and the like: rows that are told, and the one true total. Pure; nano-USD."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from itertools import product

from imgcli.model.attempt import State
from imgcli.model.charge import Charge

PICTURED = frozenset({State.RECEIVED, State.SAVED, State.SETTLED})
WAITING = frozenset({State.UNCERTAIN, State.MODERATED})
"""What stays counted at its upper bound until a person decides."""


class By(Enum):
    """What rows are told by; `project` is the directory that the pictures went to."""

    DAY = "day"
    MONTH = "month"
    MODEL = "model"
    PROVIDER = "provider"
    STYLE = "style"
    TAG = "tag"
    USER = "user"
    PROJECT = "project"
    COMMAND = "command"
    STATE = "state"


SEVERAL = frozenset({By.STYLE, By.TAG})
"""Of which a picture may have more than one."""

TIMES = frozenset({By.DAY, By.MONTH})
"""Told in their own order; all else the dearest first."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over attempts; all money is nano-USD.

    `spent`, `uncertain`, `held` and `pictures` are those of `Ledger.spending`: added up over everything they are equal.

    Attributes:
        attempts: all of them, also those that cost nothing.
        pictures: that came back.
        spent: final money.
        uncertain: counted until a person decides: answers that were lost, and refusals after work may have begun.
        held: reserved for what is under way.
        words: the part of `spent` that went to text models.
        failed: the part of `spent` that no picture came for.
        refused: the part of `uncertain` that a safety system refused.
        priced: pictures that cost something.
        price: what those cost.
    """

    attempts: int = 0
    pictures: int = 0
    spent: int = 0
    uncertain: int = 0
    held: int = 0
    words: int = 0
    failed: int = 0
    refused: int = 0
    priced: int = 0
    price: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, name) + getattr(other, name) for name in _NAMES))

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, name) - getattr(other, name) for name in _NAMES))

    @property
    def average(self) -> int | None:
        """Of a picture that cost something, rounded half up: free ones (placeholders) would make the others look cheap."""
        return (2 * self.price + self.priced) // (2 * self.priced) if self.priced else None

    @property
    def money(self) -> int:
        return self.spent + self.uncertain + self.held

    @property
    def for_nothing(self) -> int:
        """Paid, or perhaps paid, for pictures that were refused or failed."""
        return self.failed + self.refused


_NAMES = tuple(each.name for each in fields(Sums))
_NOTHING = (0,) * len(_NAMES)


@dataclass(frozen=True, slots=True)
class Row:
    """Sums of what is alike in `names`, one for each `By`; None for a picture that has none, as no tag."""

    names: tuple[str | None, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Spend:
    """Rows with their total, which counts every attempt once.

    `overlap` sums what stands in more than one row: pictures with two tags or styles.
    """

    by: tuple[By, ...]
    rows: Sequence[Row]
    total: Sums
    overlap: Sums


@dataclass(frozen=True, slots=True)
class Only:
    """Which attempts count: those that have all that is named here; empty for any."""

    tag: str = ""
    style: str = ""
    model: str = ""
    user: str = ""
    provider: str = ""

    @property
    def words(self) -> list[str]:
        """What is named, for people."""
        return [f"{each.name} {getattr(self, each.name)}" for each in fields(self) if getattr(self, each.name)]

    def takes(self, charge: Charge) -> bool:
        return (
            (not self.tag or self.tag in charge.tags)
            and (not self.style or self.style in charge.styles)
            and self.model in {"", charge.model}
            and self.user in {"", charge.user}
            and self.provider in {"", charge.provider}
        )


def _amounts(charge: Charge) -> tuple[int, ...]:
    """One charge, in the order of `Sums`."""
    state, posted = charge.state, charge.posted
    is_waiting, is_pictured = state in WAITING, state in PICTURED
    spent = 0 if is_waiting else posted
    priced = charge.attempts if is_pictured and posted else 0
    return (
        charge.attempts,
        charge.attempts if is_pictured else 0,
        spent,
        posted if is_waiting else 0,
        charge.held,
        spent if charge.is_text else 0,
        spent if state is State.POSTED and not charge.is_text else 0,
        posted if state is State.MODERATED else 0,
        priced,
        posted if priced else 0,
    )


def spend(charges: Iterable[Charge], by: Sequence[By]) -> Spend:
    """Charges as rows of what is alike in all of `by`."""
    found: dict[tuple[str | None, ...], list[int]] = {}
    total, overlap = list(_NOTHING), list(_NOTHING)
    for charge in charges:
        sums = _amounts(charge)
        _add(total, sums)
        places = list(product(*(names(charge, each) for each in by)))
        if len(places) > 1:
            _add(overlap, sums)
        for place in places:
            _add(found.setdefault(place, list(_NOTHING)), sums)
    rows = [Row(place, Sums(*sums)) for place, sums in found.items()]
    return Spend(tuple(by), sorted(rows, key=lambda row: _rank(row, by)), Sums(*total), Sums(*overlap))


def corrections(charges: Sequence[Charge], told: Spend) -> Sequence[Row]:
    """What makes the rows of `told` add up to the truth: a row with sums below 0 where pictures stand in several.

    There is one for each day, model and the like, so that rows also add up within those; tags and styles are None.

    Args:
        charges: what `told` was made of.
        told: the rows.
    """
    if not told.overlap.attempts:
        return ()
    single = [place for place, by in enumerate(told.by) if by not in SEVERAL]
    stated: dict[tuple[str | None, ...], Sums] = {}
    for row in told.rows:
        names = tuple(row.names[place] for place in single)
        stated[names] = stated.get(names, Sums()) + row.sums
    found = []
    for true in spend(charges, [told.by[place] for place in single]).rows:
        more = true.sums - stated[true.names]
        if more != Sums():
            known = dict(zip(single, true.names, strict=True))
            found.append(Row(tuple(known.get(place) for place in range(len(told.by))), more))
    return found


def _add(sums: list[int], more: Sequence[int]) -> None:
    """In place: of a large ledger there are a million additions."""
    for place, amount in enumerate(more):
        if amount:
            sums[place] += amount


def names(charge: Charge, by: By) -> Sequence[str | None]:
    """The rows that a charge stands in."""
    match by:
        case By.DAY:
            return (charge.day,)
        case By.MONTH:
            return (charge.day[:7],)
        case By.STYLE:
            return tuple(dict.fromkeys(charge.styles)) or (None,)
        case By.TAG:
            return tuple(dict.fromkeys(charge.tags)) or (None,)
        case By.PROJECT:
            return (charge.directory,)
        case By.STATE:
            return (_state(charge),)
        case By.MODEL | By.PROVIDER | By.USER | By.COMMAND:
            return (str(getattr(charge, by.value)),)


def _state(charge: Charge) -> str:
    """Words of a text model are billed and bring no picture, as they should."""
    if charge.is_text and charge.state is State.POSTED:
        return "words"
    return f"{charge.state.value}, decided" if charge.decided else charge.state.value


def label(name: str | None, by: By) -> str:
    """A name of a row for people."""
    return f"(no {by.value})" if name is None else name


def _rank(row: Row, by: Sequence[By]) -> tuple[object, ...]:
    times = [name for name, each in zip(row.names, by, strict=True) if each in TIMES]
    return (*times, -row.sums.money, -row.sums.pictures, *(name or "" for name in row.names))
