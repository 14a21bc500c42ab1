"""The append-only story of every attempt, each event sealed by a hash over the one before.

An event holds all that its transaction changed, so that the tables can be proved against the story, and rebuilt.
"""

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(slots=True)
class Story:
    """How far the story has come, for what one transaction `tx` adds to it; all of that happens `at` one time.

    Of two that are added to by turns the second would use a number again, which the database refuses.
    """

    tx: sqlite3.Connection
    at: str
    seq: int = 0
    hash: str = ""

    def append(self, attempt: str, kind: str, body: Mapping[str, object]) -> None:
        """Add an event; `attempt` is empty for events about runs, budgets and the ledger itself."""
        self.seq += 1
        text = canonical(body)
        self.hash = rules.chained(self.hash, self.seq, self.at, attempt=attempt, kind=kind, body=text)
        event = {"seq": self.seq, "at": self.at, "attempt": attempt, "kind": kind, "body": text, "hash": self.hash}
        self.tx.execute(SQL["enter_event"], event)


def resume(tx: sqlite3.Connection, now: datetime) -> Story:
    """The story to be gone on with; its time is `now`, but never before the last event."""
    last = tx.execute(SQL["last_event"]).fetchone()
    if last is None:
        return Story(tx, rules.timestamp(now, ""))
    return Story(tx, rules.timestamp(now, last["at"]), last["seq"], last["hash"])


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `after` that differ."""
    return {name: after[name] for name in after if after[name] != before[name]}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def snapshot(story: Story) -> None:
    """Write every row down as it is: for tables that are older than their story."""
    tx = story.tx
    for table in TABLES:
        for row in tx.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall():  # noqa: S608 - one of TABLES
            plain = dict(row)
            story.append(plain["id"] if table == "attempt" else "", "entered", {"table": table, "row": plain})
    for row in tx.execute("SELECT * FROM counter ORDER BY rowid").fetchall():
        story.append("", "counter", {name: row[name] for name in (*COUNTER, *CAPS)})


def freeze(story: Story, reason: str) -> None:
    """Let nothing be paid until a person adopts the sums."""
    story.tx.execute(SQL["freeze"], {"reason": reason})
    story.append("", "frozen", {"reason": reason})
