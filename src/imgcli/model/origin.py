"""Where a picture was taken from that was not made anew."""

from dataclasses import dataclass
from enum import Enum


class Place(Enum):
    DIRECTORY = "directory"  # another picture of the same ledger
    CACHE = "cache"  # the cache directory, which other machines may share


class Likeness(Enum):
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
        typed, directed: its own words, where the likeness is not exact.
    """

    place: Place
    file: str
    attempt: str
    cost: int | None
    likeness: Likeness = Likeness.EXACT
    typed: str = ""
    directed: str = ""
