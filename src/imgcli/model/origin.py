"""Where a picture was taken from that was not made anew."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import NamedTuple


class Place(Enum):
    DIRECTORY = "directory"  # another picture of the same ledger
    CACHE = "cache"  # the cache directory, which other machines may share


class Match(Enum):
    """How much of the job is the same; the values are what people read."""

    EXACT = "exact"  # every input
    LOOSE = "loose"  # every input but the words, which are the same in another form
    NEAR = "near"  # every input but the words, which a model finds alike


@dataclass(frozen=True, slots=True)
class Origin:
    """The picture that another one is a copy of.

    Attributes:
        file: its name there; where it lies is told by the ledger of its attempt, not to whoever gets the copy.
        attempt: that made it, perhaps of another ledger.
        cost: nano-USD it cost then, which are saved now; None when nobody knows.
        typed, directed: its own words, where the match is not exact.
    """

    place: Place
    file: str
    attempt: str
    cost: int | None
    match: Match = Match.EXACT
    typed: str = ""
    directed: str = ""


@dataclass(frozen=True, slots=True)
class Reuse:
    """A copy that was made instead of a picture: `id` is its own name, `at` RFC 3339 UTC."""

    id: str
    key: str
    path: Path
    origin: Origin
    at: str


class Savings(NamedTuple):
    """What all copies came to: nano-USD that were not paid again; `unknown` of them had a price nobody knows."""

    pictures: int = 0
    nano_usd: int = 0
    unknown: int = 0


class Alike(NamedTuple):
    """By what a picture can be found that is not the very one: see `catalog.match`."""

    attempt: str
    rest: str
    loose: str
