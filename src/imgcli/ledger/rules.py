"""The ledger's rules, without a database: which step may follow which, and what it does to the money."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from imgcli.errors import AttemptError, LedgerError, Money
from imgcli.model.attempt import State

EDGES: Mapping[State, frozenset[State]] = {
    State.RESERVED: frozenset({State.SENT, State.VOIDED}),
    State.SENT: frozenset({State.RECEIVED, State.VOIDED, State.MODERATED, State.UNCERTAIN, State.POSTED}),
    # POSTED from here: its file was taken away before it got a name, and a person said so.
    State.RECEIVED: frozenset({State.SAVED, State.POSTED}),
    State.SAVED: frozenset({State.SETTLED}),
    # A late answer of the same attempt, or the evidence of a person.
    State.UNCERTAIN: frozenset({State.RECEIVED, State.VOIDED, State.POSTED}),
    State.MODERATED: frozenset({State.VOIDED, State.POSTED}),
    State.SETTLED: frozenset(),
    State.VOIDED: frozenset(),
    # A picture was billed and never came, or lies whole where nobody could see it; what a person found out is final.
    State.POSTED: frozenset({State.RECEIVED, State.VOIDED, State.POSTED}),
}

UNFINISHED = frozenset({State.RESERVED, State.SENT, State.RECEIVED, State.SAVED})

UNRESOLVED = frozenset({State.UNCERTAIN, State.MODERATED, State.POSTED})
"""Billed, or perhaps billed, with no picture: nobody but a person may have it made again."""

_HELD = frozenset({State.RESERVED, State.SENT})
_PICTURED = frozenset({State.RECEIVED, State.SAVED, State.SETTLED, State.UNCERTAIN, State.MODERATED, State.POSTED})


@dataclass(frozen=True, slots=True)
class Weight:
    """What one attempt adds to every budget that covers it: nano-USD and pictures, held and spent."""

    held: int = 0
    spent: int = 0
    overrun: int = 0
    held_pictures: int = 0
    spent_pictures: int = 0

    def __sub__(self, other: "Weight") -> "Weight":
        return Weight(
            self.held - other.held,
            self.spent - other.spent,
            self.overrun - other.overrun,
            self.held_pictures - other.held_pictures,
            self.spent_pictures - other.spent_pictures,
        )


def weight(state: State, upper: int, posted: int, pictures: int = 1) -> Weight:
    """An attempt's weight; `posted` counts only in states after SENT, and its part above `upper` is overrun.

    `pictures` is 0 for an attempt that asks for words.

    A picture that was perhaps made counts as made, also one that was refused in the end: a cap on pictures is a cap on
    bills, and what a person finds out about it later must fit below that cap.
    """
    if state in _HELD:
        return Weight(held=upper, held_pictures=pictures)
    inside, overrun = min(posted, upper), max(0, posted - upper)
    return Weight(spent=inside, overrun=overrun, spent_pictures=pictures * (state in _PICTURED))


def require_edge(before: State, after: State) -> None:
    """Refuse a step that the table does not have.

    Raises:
        LedgerError: a bug in imgcli; nothing is written.
    """
    if after not in EDGES[before]:
        raise LedgerError(f"an attempt cannot go from {before.value} to {after.value}; please report this")


def ending(fault: AttemptError) -> State:
    """The state of an attempt that was sent and brought no picture."""
    match fault.money:
        case Money.VOID:
            return State.VOIDED
        case Money.POST:
            return State.POSTED
        case Money.HOLD:
            return State.MODERATED if fault.moderated else State.UNCERTAIN


def timestamp(now: datetime, last: str) -> str:
    """RFC 3339 UTC with microseconds, never before `last`: a clock set back cannot reopen yesterday."""
    told = now.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return max(f"{told}Z", last)


def windows(at: str, run: str) -> dict[str, str]:
    """Window -> its key for a time made by `timestamp`."""
    return {"run": run, "day": at[:10], "month": at[:7], "total": ""}


def chained(previous: str, seq: int, at: str, *, attempt: str, kind: str, body: str) -> str:
    """Hash of an event over everything in it and the hash before it."""
    text = json.dumps([previous, seq, at, attempt, kind, body], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
