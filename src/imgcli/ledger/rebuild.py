"""A new ledger from what is left of a damaged one and from the sidecars of the pictures.

Money is never lost on the way: where two sources differ, the dearer counts. The new ledger is frozen until a person
has looked at its sums.
"""

import itertools
import os
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from imgcli import __version__
from imgcli.db.connect import present, statements
from imgcli.db.place import itself
from imgcli.durable import make_directory, sync_directory
from imgcli.errors import LedgerError
from imgcli.ledger import codec, events, rules
from imgcli.ledger.replay import Row
from imgcli.ledger.salvage import Salvage, salvage
from imgcli.ledger.sql import SCRIPTS
from imgcli.model.attempt import Record, State
from imgcli.model.budget import UNKNOWN, Scope, Window
from imgcli.model.inspection import Rebuilt

MOST = 10**15
"""Nano-USD that no attempt and no cap of anybody's reaches; sums of many stay far below what SQLite can add."""

COLUMNS = {
    "run": ("id", "command", "user", "host", "pid", "began_at", "ended_at"),
    "job": ("run", "key", "position", "body"),
    "budget": ("scope", "subject", "span", "usd", "pictures"),
    "attempt": (
        *("id", "run", "owner", "key", "state", "provider", "user", "tags", "day", "month", "upper", "priced", "rates"),
        *("posted", "overrun", "directory", "name", "created_at", "received_at", "picture", "painted", "reason"),
        *("flags", "imgcli", "decided", "pictures", "remarks"),
    ),
}


def rebuild(home: Path, now: datetime, sidecars: Sequence[tuple[str, Record]]) -> Rebuilt:
    """Replace `home/ledger.db`; `sidecars` are the key of its job and the record that each tells.

    Raises:
        LedgerError: a run is alive, or the disk refuses.
    """
    path = itself(home / "ledger.db")
    try:
        make_directory(home, 0o700)
        with present(path, alone=True):
            return _rebuild(path, now, sidecars)
    except (OSError, sqlite3.Error) as error:
        raise LedgerError(
            f"the new ledger in {home} could not be written ({error}); the old one is as it was"
        ) from error


def _rebuild(path: Path, now: datetime, sidecars: Sequence[tuple[str, Record]]) -> Rebuilt:
    if path.exists() and not path.is_file():
        raise LedgerError(f"{path} is no file; move it away")
    kept = _keep(path)
    found = salvage(path) if kept else Salvage()
    rows, counts, lost = _attempts(found)
    at = rules.timestamp(now, max((str(row["created_at"]) for row in rows.values()), default=""))
    runs = {row["run"]: _a_run(row["run"], row["user"], row["created_at"]) for row in rows.values()}
    runs |= found.told.runs | {name: row for name, row in found.runs.items() if _is_whole("run", row)}
    jobs = {key: row for key, row in found.jobs.items() if _is_readable_job(row)}
    sidecars = [(key, record) for key, record in sidecars if record.origin is None]  # copies cost nothing
    told = {record.attempt: record for _, record in sidecars}
    for attempt, row in rows.items():
        if (row["run"], row["key"]) not in jobs:
            jobs[row["run"], row["key"]] = _a_job(row, told.get(attempt))
    from_sidecars = 0
    for key, record in sidecars:
        if record.attempt not in rows:
            from_sidecars += 1
            known = runs.setdefault(record.run, _a_run(record.run, UNKNOWN, record.created_at))
            rows[record.attempt] = _from_sidecar(key, record, known["user"])
            jobs.setdefault((record.run, key), _a_job(rows[record.attempt], record))
    for run, _ in jobs:
        runs.setdefault(run, _a_run(run, UNKNOWN, at))
    budgets = {key: row for key, row in {**found.budgets, **found.told.budgets}.items() if _is_whole("budget", row)}
    new = {"run": [*runs.values()], "job": [*jobs.values()], "attempt": [*rows.values()], "budget": [*budgets.values()]}
    _write(path, at, new)
    unknown = sum(row["user"] == UNKNOWN for row in rows.values())
    return Rebuilt(counts[0], counts[1], from_sidecars, lost, kept, unknown)


def _attempts(found: Salvage) -> tuple[dict[str, Row], tuple[int, int], int]:
    """The attempts of events and rows, the dearer of two; how many came from each; and how many were no use."""
    rows: dict[str, Row] = {}
    told, loose = 0, 0
    for name in found.told.attempts.keys() | found.attempts.keys():
        both = (found.told.attempts.get(name), found.attempts.get(name))
        whole = [row for row in both if row and _is_whole("attempt", row)]
        if whole:
            rows[name] = max(whole, key=_charge)
            told += rows[name] is both[0]
            loose += rows[name] is not both[0]
    every = found.told.attempts.keys() | found.attempts.keys()
    return rows, (told, loose), len(every) - len(rows)


def _charge(row: Row) -> tuple[int, bool]:
    """Nano-USD the attempt counts with; of equals the one that has gone further."""
    state = State(row["state"])
    weight = rules.weight(state, row["upper"], row["posted"] or 0)
    return weight.held + weight.spent + weight.overrun, state not in rules.UNFINISHED


def _is_whole(table: str, row: Row) -> bool:
    try:
        if table == "attempt":
            State(row["state"])
            codec.parse_picture(row["picture"])
            codec.parse_painted(row["painted"])
            charges = (row["upper"], row["posted"] or 0)
            return all(0 <= charge <= MOST for charge in charges) and all(name in row for name in COLUMNS[table])
        if table == "budget":
            Scope(row["scope"]), Window(row["span"])
            caps = (row["usd"], row["pictures"])
            return all(cap is None or 0 <= cap <= MOST for cap in caps)
        return all(name in row for name in COLUMNS[table])
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _is_readable_job(row: Row) -> bool:
    try:
        codec.parse_job(row["body"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


def _a_run(name: str, user: str, at: str) -> Row:
    row = {"id": name, "command": "rebuilt", "user": user, "host": "", "pid": 0}
    return row | {"began_at": at, "ended_at": at}


def _a_job(row: Row, record: Record | None) -> Row:
    """The job of an attempt whose own is lost: from its sidecar, else without its words."""
    body = codec.job_text(record.job) if record else codec.lost_job_text(row)
    return {"run": row["run"], "key": row["key"], "position": 0, "body": body}


def _from_sidecar(key: str, record: Record, user: str) -> Row:
    posted = record.cost or 0
    row: dict[str, Any] = {"id": record.attempt, "run": record.run, "owner": record.run, "key": key}
    row |= {"state": State.SETTLED.value, "provider": record.job.provider, "user": user}
    row |= {"tags": codec.canonical(record.job.tags), "day": record.created_at[:10], "month": record.created_at[:7]}
    row |= {"upper": posted, "priced": int("unpriced" not in record.flags), "rates": record.rates, "posted": posted}
    row |= {"overrun": 0, "directory": str(record.directory), "name": record.name, "created_at": record.created_at}
    row |= {"received_at": record.received_at, "reason": "", "flags": codec.canonical(record.flags)}
    row |= {"picture": codec.picture_text(record.picture) if record.picture else ""}
    row |= {"painted": codec.painted_text(record.painted) if record.painted else ""}
    return row | {
        "imgcli": record.imgcli or __version__,
        "decided": 0,
        "pictures": 1,
        "remarks": codec.remarks_text(record.remarks),
    }


def _keep(path: Path) -> Path | None:
    """A copy of the damaged file as it lies, with its journal; then what was cut off in the middle is rolled back."""
    if not path.exists():
        return None
    journal = path.with_name(f"{path.name}-journal")
    number = next(n for n in itertools.count(1) if not path.with_name(f"{path.name}.damaged-{n}").exists())
    kept = path.with_name(f"{path.name}.damaged-{number}")
    if journal.exists():
        shutil.copy2(journal, kept.with_name(f"{kept.name}-journal"))
    shutil.copy2(path, kept)
    # SQLite rolls a hot journal back when it reads; one that it cannot use must not meet the new file either.
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    journal.unlink(missing_ok=True)
    return kept


def _write(path: Path, at: str, tables: Mapping[str, Sequence[Row]]) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(draft, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA synchronous=EXTRA")
        connection.execute("BEGIN")
        for script in SCRIPTS:
            for statement in statements(script):
                connection.execute(statement)
        for table in ("run", "job", "attempt", "budget"):
            names = COLUMNS[table]
            marks = ", ".join(f":{name}" for name in names)
            connection.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 - our own names
                [{name: row[name] for name in names} for row in tables[table]],
            )
        story = events.Story(connection, at)
        events.snapshot(story)
        events.freeze(story, "it was rebuilt; its sums may miss what could not be read")
        connection.execute(f"PRAGMA user_version={len(SCRIPTS)}")
        connection.execute("COMMIT")
    finally:
        connection.close()
    draft.replace(path)
    sync_directory(path.parent)
