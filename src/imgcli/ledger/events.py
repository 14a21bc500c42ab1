"""The append-only story of every attempt, each event sealed by a hash over the one before."""

import sqlite3
from datetime import datetime

from imgcli.ledger import rules
from imgcli.ledger.codec import canonical
from imgcli.ledger.sql import SQL


def now_text(tx: sqlite3.Connection, now: datetime) -> str:
    """The time to write down: `now`, but never before the last event."""
    last = tx.execute(SQL["last_event"]).fetchone()
    return rules.timestamp(now, last["at"] if last else "")


def append(tx: sqlite3.Connection, at: str, attempt: str, kind: str, body: dict[str, object]) -> None:
    """Add an event; `attempt` is empty for events about budgets."""
    last = tx.execute(SQL["last_event"]).fetchone()
    seq, previous = (last["seq"] + 1, last["hash"]) if last else (1, "")
    text = canonical(body)
    sealed = rules.chained(previous, seq, at, attempt=attempt, kind=kind, body=text)
    tx.execute(
        SQL["enter_event"], {"seq": seq, "at": at, "attempt": attempt, "kind": kind, "body": text, "hash": sealed}
    )
