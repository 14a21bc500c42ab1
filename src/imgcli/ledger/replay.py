"""The tables as the events tell them; pure, so that both a check and a rebuild can trust it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from imgcli.ledger import rules
from imgcli.ledger.events import COUNTER
from imgcli.model.attempt import LedgerEvent

Row = dict[str, Any]
Key = tuple[str, ...]

BUDGET = ("scope", "subject", "span")

SINCE_THEN: Row = {"pictures": 1, "remarks": ""}
"""What an attempt has for columns that are younger than its events."""


@dataclass(frozen=True, slots=True)
class SealedJobs:
    """`digest` is the SHA-256 over (key, position, body) of the jobs of `run` from position `start` on."""

    run: str
    start: int
    count: int
    digest: str


@dataclass(slots=True)
class Told:
    """Rows by their keys. Of an attempt's job only the SHA-256 is told, as `job`; of a counter only what it opened with."""

    runs: dict[str, Row] = field(default_factory=dict)
    attempts: dict[str, Row] = field(default_factory=dict)
    budgets: dict[Key, Row] = field(default_factory=dict)
    counters: dict[Key, Row] = field(default_factory=dict)
    jobs: dict[Key, Row] = field(default_factory=dict)
    sealed: list[SealedJobs] = field(default_factory=list)
    frozen: str | None = None


def breaks(events: Iterable[LedgerEvent]) -> Iterator[str]:
    """Where the chain does not hold: a number missing, or an event that is not what its hash was made of."""
    previous, expected = "", 1
    for event in events:
        if event.seq != expected:
            yield f"event {expected} is missing"
        sealed = rules.chained(previous, event.seq, event.at, attempt=event.attempt, kind=event.kind, body=event.body)
        if event.hash != sealed:
            yield f"event {event.seq} ({event.kind}) was changed, or the one before it"
        previous, expected = event.hash, event.seq + 1


def replay(events: Iterable[LedgerEvent], told: Told | None = None) -> Told:
    """All tables, from the first event to the last; on top of what is `told` already.

    Raises:
        ValueError, KeyError, TypeError: an event that imgcli did not write; `breaks` says which.
    """
    told = Told() if told is None else told
    for event in events:
        _apply(told, event, json.loads(event.body))
    return told


def _apply(told: Told, event: LedgerEvent, body: Row) -> None:
    if event.kind == "entered":
        _enter(told, body["table"], body["row"])
    elif event.kind == "reserved":
        told.attempts[event.attempt] = SINCE_THEN | body
    elif event.attempt:
        told.attempts[event.attempt] |= body
    else:
        _apply_to_house(told, event.kind, body)


def _apply_to_house(told: Told, kind: str, body: Row) -> None:
    """An event that is about no single attempt."""
    match kind:
        case "run":
            told.runs[body["id"]] = body
        case "run-ended":
            told.runs[body["id"]]["ended_at"] = body["ended_at"]
        case "jobs":
            told.sealed.append(SealedJobs(**body))
        case "budget-set" | "budget-removed":
            told.budgets.pop(_key(body, BUDGET), None)
            if kind == "budget-set":
                told.budgets[_key(body, BUDGET)] = body
            _forget_counters(told, body)
        case "counter":
            told.counters[_key(body, COUNTER)] = body
        case "frozen" | "adopted":
            told.frozen = body["reason"] if kind == "frozen" else None
        case _:
            raise ValueError(f"no event is called {kind}")


def _enter(told: Told, table: str, row: Row) -> None:
    match table:
        case "run":
            told.runs[row["id"]] = row
        case "job":
            told.jobs[row["run"], row["key"]] = row
        case "attempt":
            told.attempts[row["id"]] = SINCE_THEN | row
        case "budget":
            told.budgets[_key(row, BUDGET)] = row
        case _:
            raise ValueError(f"no table is called {table}")


def _forget_counters(told: Told, place: Row) -> None:
    gone = (place["scope"], place["subject"], place["span"])
    for key in [key for key in told.counters if key[:3] == gone]:
        del told.counters[key]


def _key(row: Row, names: tuple[str, ...]) -> Key:
    return tuple(row[name] for name in names)
