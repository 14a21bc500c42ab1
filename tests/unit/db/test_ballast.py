import asyncio
import errno
import sqlite3
from pathlib import Path

import pytest

from imgcli.db import ballast
from imgcli.db.connect import Database, script
from imgcli.errors import LedgerError

SCHEMA = script("CREATE TABLE t (x TEXT) STRICT;")
LONG = "x" * 20_000


def test_it_is_made_once_and_dropped_once(tmp_path: Path) -> None:
    path = tmp_path / "ballast"
    ballast.set_aside(path)
    made = path.stat()
    ballast.set_aside(path)
    assert (path.stat().st_ino, made.st_size) == (made.st_ino, ballast.SIZE)
    assert made.st_mode & 0o077 == 0
    assert [ballast.drop(path), ballast.drop(path)] == [True, False]
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_for_it_is_told_before_anything_is_paid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("imgcli.db.ballast.set_aside", full)
    with pytest.raises(LedgerError, match="nothing was sent"):
        asyncio.run(Database(tmp_path / "a.db", (SCHEMA,)).set_ballast_aside())


def test_what_is_paid_is_written_with_the_ballasts_room_and_nothing_else_is(tmp_path: Path) -> None:
    """SQLite's own limit on pages stands in for a full disk; dropping the ballast lifts it, as it does there."""
    database = Database(tmp_path / "a.db", (SCHEMA,))

    def insert(tx: sqlite3.Connection) -> None:
        room = 100 if not database.ballast.exists() else 3
        tx.execute(f"PRAGMA max_page_count = {room}")
        tx.execute("INSERT INTO t VALUES (?)", (LONG,))

    async def story() -> int:
        await database.set_ballast_aside()
        with pytest.raises(LedgerError, match="disk is full"):
            await database.write(insert)
        assert database.ballast.exists()
        await database.write_what_is_paid(insert)
        assert not database.ballast.exists()
        count: int = await database.read(lambda tx: tx.execute("SELECT count(*) FROM t").fetchone()[0])
        await database.close()
        return count

    assert asyncio.run(story()) == 1
