"""How a job ended: a closed union, matched exhaustively."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from imgcli.errors import ImgcliError
from imgcli.model.job import Job
from imgcli.model.origin import Origin
from imgcli.model.picture import Saved
from imgcli.model.verdict import Aside, Remarks


class RefusedBy(Enum):
    BUDGET = "budget"
    PRICE = "price"
    MODERATION = "moderation"


@dataclass(frozen=True, slots=True)
class Made:
    """A new picture; `cost` in nano-USD, None when nobody knows the price.

    `lost` counts attempts before it whose answer was lost and that were sent again at the user's risk
    (`--paid-retries`): each may be billed too.
    """

    job: Job
    saved: Saved
    cost: int | None
    overrun: bool = False
    notes: tuple[str, ...] = ()
    lost: int = 0


@dataclass(frozen=True, slots=True)
class SetAside:
    """A picture that is paid and kept, and is not among the others: moderation flagged it, or it is not as expected.

    `cost` is nano-USD posted in this run, None when nobody knows the price, 0 for one of an earlier run; `then` is how
    the try ended that was to bring another in its place, where that brought none; `before`: an earlier run made it.
    """

    job: Job
    saved: Saved
    cost: int | None
    aside: Aside
    reason: str
    overrun: bool = False
    lost: int = 0
    then: "Refused | Failed | Unstarted | None" = None
    before: bool = False


@dataclass(frozen=True, slots=True)
class Reused:
    """A picture that was there already: nothing was sent.

    `sha256` and `size_bytes` are those of its bytes, as they were just read; empty and 0 for a file nobody vouches for.
    `origin` is told where it is a new copy of one that was made in another place, which was looked at on its way.
    `remarks` are those of when it was made; None where nobody asked for them.
    """

    job: Job
    path: Path
    why: str
    sha256: str = ""
    size_bytes: int = 0
    origin: Origin | None = None
    remarks: Remarks | None = None

    def unseen(self, layers: Collection[str]) -> bool:
        """Whether it is known that not all of `layers` looked at it, and nobody let it out either."""
        if self.remarks is None or self.remarks.settled:
            return False
        return not self.remarks.looked.issuperset(layers)


class Listed(NamedTuple):
    """Where a lock file says that the picture of a job is."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule said no. `held` is the nano-USD kept back because a refusal after work began may be billed."""

    job: Job
    by: RefusedBy
    reason: str
    held: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """Tried, and not made; nothing was billed, or `cost` nano-USD if something was. `error` keeps its exit code."""

    job: Job
    error: ImgcliError
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Unstarted:
    """Not begun, because the run was stopped first; nothing was sent."""

    job: Job
    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Sent, and the answer was lost: `held` nano-USD stay counted until someone decides."""

    job: Job
    attempt: str
    held: int
    reason: str


Outcome = Made | SetAside | Reused | Refused | Failed | Unstarted | Uncertain
