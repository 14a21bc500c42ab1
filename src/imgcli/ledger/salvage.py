"""What can still be read of a damaged ledger: its events page by page, its tables row by row."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imgcli.ledger import rules
from imgcli.ledger.carve import Cell, carve
from imgcli.ledger.replay import SINCE_THEN, Row, Told, replay
from imgcli.model.attempt import LedgerEvent


@dataclass(slots=True)
class Salvage:
    """Rows that could be read, and `told`: the tables as the readable events tell them."""

    told: Told = field(default_factory=Told)
    events: int = 0
    runs: dict[str, Row] = field(default_factory=dict)
    jobs: dict[tuple[str, str], Row] = field(default_factory=dict)
    attempts: dict[str, Row] = field(default_factory=dict)
    budgets: dict[tuple[str, ...], Row] = field(default_factory=dict)


def salvage(path: Path) -> Salvage:
    """All that `path` still gives; empty for a file that is no database any more. The file is not changed."""
    found = Salvage()
    carved = list(carve(path.read_bytes()))
    _events(_carved_events(carved), found)
    for _, columns in carved:
        match columns:
            case [str(run), str(key), int(position), str(body)]:
                found.jobs[run, key] = {"run": run, "key": key, "position": position, "body": body}
            case _:
                pass
    # Tables change, so freed pages hold what they were; only SQLite knows which rows are the living ones.
    with suppress(sqlite3.Error), closing(_opened(path)) as connection:
        for row in _rows(connection, "run"):
            found.runs[row["id"]] = row
        for row in _rows(connection, "attempt"):
            found.attempts[row["id"]] = SINCE_THEN | row
        for row in _rows(connection, "budget"):
            found.budgets[row["scope"], row["subject"], row["span"]] = row
    return found


def _opened(path: Path) -> sqlite3.Connection:
    # Read as it lies: a journal beside a damaged file may belong to another moment of it.
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda data: data.decode(errors="replace")
    return connection


def _carved_events(carved: Iterable[Cell]) -> list[LedgerEvent]:
    """Events by their number; the chain's own hash tells a true one from a torn one."""
    events: dict[int, LedgerEvent] = {}
    for seq, columns in carved:
        match columns:
            case [None, str(at), str(attempt), str(kind), str(body), str(seal)] if len(seal) == 64:
                events[seq] = LedgerEvent(seq, at, attempt, kind, body, seal)
            case _:
                pass
    return [event for _, event in sorted(events.items()) if _is_sealed(event, events.get(event.seq - 1))]


def _is_sealed(event: LedgerEvent, before: LedgerEvent | None) -> bool:
    """Whether it is as it was written, as far as the one before it still lets us tell."""
    if before is None and event.seq > 1:
        return True
    previous = before.hash if before else ""
    parts = {"attempt": event.attempt, "kind": event.kind, "body": event.body}
    return rules.chained(previous, event.seq, event.at, **parts) == event.hash


def _events(events: Iterable[LedgerEvent], found: Salvage) -> None:
    """Events are taken one by one: one that makes no sense is left out, and what follows still counts."""
    for event in events:
        with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
            if isinstance(json.loads(event.body), dict):
                replay([event], found.told)
                found.events += 1


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    try:
        last = connection.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0  # noqa: S608 - our own names
    except sqlite3.Error:
        return
    for number in range(1, last + 1):
        with suppress(sqlite3.Error):
            row = connection.execute(f"SELECT * FROM {table} WHERE rowid = ?", (number,)).fetchone()  # noqa: S608
            if row:
                yield dict(row)
