"""Whether the ledger is what it was: its file, the chain of its events, and every table against the story.

SQLite's own check looks at structure alone; a flipped bit in an amount passes it (8 of 10 do, as measured).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from imgcli.db.connect import statements
from imgcli.ledger import counters, events
from imgcli.ledger.codec import canonical
from imgcli.ledger.replay import Row, SealedJobs, Told, breaks, replay
from imgcli.ledger.sql import SCRIPTS, SQL
from imgcli.model.attempt import LedgerEvent
from imgcli.model.finding import Finding, Level

MOST = 20
"""Problems of one kind that are listed."""

ADVICE = "keep a copy; then restore a backup, or run imgcli ledger rebuild"


def findings(tx: sqlite3.Connection) -> list[Finding]:
    """Every problem, worst first; none is a sound ledger."""
    structure = list(islice(_structure(tx), MOST))
    if structure:
        return [_problem("ledger file", text) for text in structure]
    story = _story(tx)
    broken = list(islice(breaks(story), MOST))
    if broken:
        return [_problem("ledger events", text) for text in broken]
    try:
        told = replay(story)
    except (ValueError, KeyError, TypeError) as error:
        return [_problem("ledger events", f"they tell what no imgcli writes: {type(error).__name__}: {error}")]
    return [_problem("ledger rows", text) for text in islice(_differences(tx, told), MOST)]


def _problem(subject: str, text: str) -> Finding:
    return Finding(Level.FAIL, subject, text, ADVICE)


def _structure(tx: sqlite3.Connection) -> Iterator[str]:
    for row in tx.execute("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield str(row[0])
    for row in tx.execute("PRAGMA foreign_key_check"):
        yield f"a row of {row[0]} refers to nothing"
    if _schema(tx) != _expected_schema():
        yield "its tables are not those that imgcli makes"


def _schema(connection: sqlite3.Connection) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")}


def _expected_schema() -> set[tuple[Any, ...]]:
    fresh = sqlite3.connect(":memory:")
    try:
        for script in SCRIPTS:
            for statement in statements(script):
                fresh.execute(statement)
        return _schema(fresh)
    finally:
        fresh.close()


def _story(tx: sqlite3.Connection) -> list[LedgerEvent]:
    return [LedgerEvent(**dict(row)) for row in tx.execute(SQL["events"])]


def _differences(tx: sqlite3.Connection, told: Told) -> Iterator[str]:
    yield from _compare("run", _rows(tx, "run", ("id",)), {(key,): row for key, row in told.runs.items()})
    yield from _compare("attempt", _rows(tx, "attempt", ("id",)), {(k,): _bare(r) for k, r in told.attempts.items()})
    yield from _compare("budget", _rows(tx, "budget", ("scope", "subject", "span")), told.budgets)
    yield from _jobs(tx, told)
    yield from _counters(tx, told)
    frozen = tx.execute(SQL["frozen"]).fetchone()
    if (frozen["reason"] if frozen else None) != told.frozen:
        yield "whether it is frozen was changed"


def _bare(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "job"}


def _rows(tx: sqlite3.Connection, table: str, key: tuple[str, ...]) -> dict[tuple[str, ...], Row]:
    rows = (dict(row) for row in tx.execute(f"SELECT * FROM {table}"))  # noqa: S608 - our own table names
    return {tuple(row[name] for name in key): row for row in rows}


def _compare(table: str, found: dict[tuple[str, ...], Row], told: dict[tuple[str, ...], Row]) -> Iterator[str]:
    for key in sorted(told.keys() | found.keys()):
        name = " ".join(part for part in key if part)
        if key not in found:
            yield f"{table} {name} is missing"
        elif key not in told:
            yield f"{table} {name} was added by no imgcli"
        elif found[key] != told[key]:
            columns = [column for column in told[key] if found[key].get(column) != told[key][column]]
            yield f"{table} {name}: {', '.join(columns) or 'its columns'} changed"


def _jobs(tx: sqlite3.Connection, told: Told) -> Iterator[str]:
    rows = _rows(tx, "job", ("run", "key"))
    for key, row in told.jobs.items():
        if rows.pop(key, None) != row:
            yield f"a job of run {key[0]} was changed"
    by_place: dict[tuple[str, int], list[Row]] = {}
    for row in rows.values():
        by_place.setdefault((row["run"], row["position"]), []).append(row)
    for seal in told.sealed:
        places = [(seal.run, position) for position in range(seal.start, seal.start + seal.count)]
        if not _is_sealed([row for place in places for row in by_place.pop(place, [])], seal):
            yield f"the jobs of run {seal.run} were changed"
    if by_place:
        yield "there are jobs that no imgcli entered"


def _is_sealed(rows: Iterable[Row], seal: SealedJobs) -> bool:
    ordered = sorted((row["position"], row["key"], row["body"]) for row in rows)
    return events.digest(canonical([(key, position, body) for position, key, body in ordered])) == seal.digest


def _counters(tx: sqlite3.Connection, told: Told) -> Iterator[str]:
    found = _rows(tx, "counter", events.COUNTER)
    opened = {key: {name: row[name] for name in (*events.COUNTER, *events.CAPS)} for key, row in found.items()}
    yield from _compare("counter", opened, told.counters)
    for key, row in found.items():
        sums = counters.weigh(tx, row["scope"], row["subject"], row["span"], row["span_key"])
        if any(row[name] != sums[name] for name in sums.keys()):  # noqa: SIM118 - a Row is no mapping
            yield f"the sums of counter {' '.join(part for part in key if part)} are not those of its attempts"
