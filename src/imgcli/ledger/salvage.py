"""What can still be read of a damaged ledger, row by row, past every page that cannot."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imgcli.ledger.replay import Row, Told, replay
from imgcli.model.attempt import LedgerEvent

GAP = 2_000
"""Rows in a row that cannot be read before the rest is given up, where not even the last number is known."""


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
    # Read as it lies: a journal beside a damaged file may belong to another moment of it.
    connection = sqlite3.connect(f"file:{path.as_posix().replace('?', '%3f')}?mode=ro&immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda data: data.decode(errors="replace")
    try:
        _events(connection, found)
        for row in _rows(connection, "run"):
            found.runs[row["id"]] = row
        for row in _rows(connection, "job"):
            found.jobs[row["run"], row["key"]] = row
        for row in _rows(connection, "attempt"):
            found.attempts[row["id"]] = row
        for row in _rows(connection, "budget"):
            found.budgets[row["scope"], row["subject"], row["span"]] = row
    finally:
        connection.close()
    return found


def _events(connection: sqlite3.Connection, found: Salvage) -> None:
    """Events are taken one by one: one that makes no sense is left out, and what follows still counts."""
    for row in _rows(connection, "event"):
        with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
            event = LedgerEvent(*(row[name] for name in ("seq", "at", "attempt", "kind", "body", "hash")))
            if isinstance(json.loads(event.body), dict):
                replay([event], found.told)
                found.events += 1


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    last = None
    with suppress(sqlite3.Error):
        last = connection.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
    number = missed = 0
    while missed < GAP if last is None else number < last:
        number += 1
        try:
            row = connection.execute(f"SELECT * FROM {table} WHERE rowid = ?", (number,)).fetchone()  # noqa: S608
        except sqlite3.Error:
            row = None
        missed = 0 if row else missed + 1
        if row:
            yield dict(row)
