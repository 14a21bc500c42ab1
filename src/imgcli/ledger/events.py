"""The append-only story of every attempt, each event sealed by a hash over the one before.

An event holds all that its transaction changed, so that the tables can be proved against the story, and rebuilt.
"""

import hashlib
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from imgcli.ledger import rules
from imgcli.ledger.codec import canonical
from imgcli.ledger.sql import SQL

TABLES = ("run", "job", "attempt", "budget")
"""Tables whose rows a snapshot writes down whole."""

COUNTER = ("scope", "budget_subject", "span", "subject", "span_key")
CAPS = ("usd_cap", "usd_floor", "pictures_cap", "pictures_floor")
"""Columns of a counter that are set when it is opened; the others are sums."""


def now_text(tx: sqlite3.Connection, now: datetime) -> str:
    """The time to write down: `now`, but never before the last event."""
    last = tx.execute(SQL["last_event"]).fetchone()
    return rules.timestamp(now, last["at"] if last else "")


def append(tx: sqlite3.Connection, at: str, attempt: str, kind: str, body: Mapping[str, object]) -> None:
    """Add an event; `attempt` is empty for events about runs, budgets and the ledger itself."""
    last = tx.execute(SQL["last_event"]).fetchone()
    seq, previous = (last["seq"] + 1, last["hash"]) if last else (1, "")
    text = canonical(body)
    sealed = rules.chained(previous, seq, at, attempt=attempt, kind=kind, body=text)
    tx.execute(
        SQL["enter_event"], {"seq": seq, "at": at, "attempt": attempt, "kind": kind, "body": text, "hash": sealed}
    )


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `after` that differ."""
    return {name: after[name] for name in after if after[name] != before[name]}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def snapshot(tx: sqlite3.Connection, at: str) -> None:
    """Write every row down as it is: for tables that are older than their story."""
    for table in TABLES:
        for row in tx.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall():  # noqa: S608 - one of TABLES
            plain = dict(row)
            append(tx, at, plain["id"] if table == "attempt" else "", "entered", {"table": table, "row": plain})
    for row in tx.execute("SELECT * FROM counter ORDER BY rowid").fetchall():
        append(tx, at, "", "counter", {name: row[name] for name in (*COUNTER, *CAPS)})


def freeze(tx: sqlite3.Connection, at: str, reason: str) -> None:
    """Let nothing be paid until a person adopts the sums."""
    tx.execute(SQL["freeze"], {"reason": reason})
    append(tx, at, "", "frozen", {"reason": reason})
