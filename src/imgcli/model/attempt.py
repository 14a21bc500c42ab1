"""One request that may cost money, and the states it passes through."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from imgcli.model.job import Job
from imgcli.model.origin import Origin
from imgcli.model.picture import Painted, Picture
from imgcli.model.verdict import UNREMARKED, Remarks


class State(Enum):
    """Where an attempt stands; `ledger/rules.py` holds the allowed steps between them."""

    RESERVED = "reserved"  # money held, nothing sent
    SENT = "sent"  # durable before the first byte leaves
    RECEIVED = "received"  # bytes synced, money final
    SAVED = "saved"  # under its final name
    SETTLED = "settled"  # sidecar written: done
    POSTED = "posted"  # billed, and no picture to show for it
    VOIDED = "voided"  # nothing was billed
    MODERATED = "moderated"  # refused after work may have begun: held at its upper bound
    UNCERTAIN = "uncertain"  # the answer was lost: held at its upper bound


@dataclass(frozen=True, slots=True)
class Hold:
    """Money reserved in the ledger for one attempt; only the ledger makes one.

    `upper` is in nano-USD; `priced` is False when nobody knows the price and no budget in dollars applies.
    """

    attempt: str
    run: str
    job: Job
    upper: int
    priced: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came back for a hold: `actual` in nano-USD, or None for "unknown" (posted at the upper bound).

    `unsaved`: whole in the spool, because its directory took no more.
    """

    picture: Picture
    painted: Painted
    actual: int | None
    unsaved: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the ledger knows of one attempt: enough to rebuild the sidecar without a clock.

    Attributes:
        owner: the run that works on it, which after a crash is not the one that began it.
        cost: nano-USD posted for it, or None while nothing is final; the upper bound while uncertain.
        received_at: RFC 3339 UTC, empty before.
        name: below `directory`; with a directory before it where the picture is set aside (`quarantine/car.png`).
        remarks: what was found of the picture, from `saved` on.
        origin: of a copy, which no ledger knows, the picture it was taken from; `attempt` is then a name of its own.
        flags: oddities of the money (`usage_missing`, `overrun`, `unpriced`), and `unsaved` for what went to the spool first.
    """

    attempt: str
    run: str
    state: State
    job: Job
    upper: int
    cost: int | None
    rates: str
    directory: Path
    name: str
    picture: Picture | None
    painted: Painted | None
    created_at: str
    received_at: str
    reason: str = ""
    flags: tuple[str, ...] = ()
    imgcli: str = ""
    owner: str = ""
    remarks: Remarks = UNREMARKED
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger knows of one job in one directory.

    Attributes:
        made: its newest settled attempt.
        open: an attempt that is under way, or that brought no picture and waits for a person's decision.
        seen: how far the ledger had come; a later attempt for the job has a higher number.
    """

    made: Record | None
    open: Record | None
    seen: int


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """One entry of the ledger's story: `at` is RFC 3339 UTC, `body` canonical JSON of what changed."""

    seq: int
    at: str
    attempt: str
    kind: str
    body: str
    hash: str
