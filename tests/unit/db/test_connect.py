import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from imgcli.db.connect import Database, script, statements, translated
from imgcli.errors import LedgerError

SCHEMA = script("CREATE TABLE t (x INTEGER NOT NULL) STRICT;\nCREATE TABLE u (y TEXT);")


def rows(database: Database) -> list[int]:
    return asyncio.run(database.read(lambda tx: [row[0] for row in tx.execute("SELECT x FROM t")]))


def insert(tx: sqlite3.Connection) -> None:
    tx.execute("INSERT INTO t VALUES (1)")


def test_durability_is_set_and_read_back(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", (SCHEMA,))

    def pragmas(tx: sqlite3.Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "user_version")
        return [tx.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert asyncio.run(database.read(pragmas)) == ["delete", 3, 1, 0, 1]
    asyncio.run(database.close())
    asyncio.run(database.close())


def test_a_failure_takes_everything_back(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", (SCHEMA,))

    def fails(tx: sqlite3.Connection) -> None:
        insert(tx)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(database.write(fails))
    assert rows(database) == []
    asyncio.run(database.write(insert))
    assert rows(database) == [1]
    asyncio.run(database.close())


def test_sqlite_errors_become_ledger_errors(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", (SCHEMA,))
    with pytest.raises(LedgerError, match="no such table"):
        asyncio.run(database.write(lambda tx: tx.execute("SELECT * FROM absent")))
    asyncio.run(database.close())


def test_migrations_run_once_and_in_order(tmp_path: Path) -> None:
    first = Database(tmp_path / "a.db", (SCHEMA,))
    asyncio.run(first.write(insert))
    asyncio.run(first.close())
    second = Database(tmp_path / "a.db", (SCHEMA, script("ALTER TABLE u ADD COLUMN z TEXT;")))
    assert rows(second) == [1]
    asyncio.run(second.write(lambda tx: tx.execute("INSERT INTO u (z) VALUES ('new')")))
    asyncio.run(second.close())
    kept = Database(tmp_path / "a.db.v1", (SCHEMA,))
    assert rows(kept) == [1]
    asyncio.run(kept.close())


def test_a_migration_that_fails_leaves_the_old_schema(tmp_path: Path) -> None:
    broken = Database(tmp_path / "a.db", (SCHEMA, script("CREATE TABLE t (again INTEGER);")))
    with pytest.raises(LedgerError):
        asyncio.run(broken.write(insert))
    asyncio.run(broken.close())
    mended = Database(tmp_path / "a.db", (SCHEMA,))
    assert rows(mended) == []
    asyncio.run(mended.close())


def test_a_newer_ledger_is_refused(tmp_path: Path) -> None:
    newer = Database(tmp_path / "a.db", (SCHEMA, script("CREATE TABLE v (w TEXT);")))
    asyncio.run(newer.write(insert))
    asyncio.run(newer.close())
    older = Database(tmp_path / "a.db", (SCHEMA,))
    with pytest.raises(LedgerError, match="newer imgcli"):
        asyncio.run(older.write(insert))
    asyncio.run(older.close())


def test_a_full_disk_keeps_what_was_committed(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", (SCHEMA,))
    asyncio.run(database.write(insert))

    def too_much(tx: sqlite3.Connection) -> None:
        tx.execute("PRAGMA max_page_count = 4")
        tx.executemany("INSERT INTO u (y) VALUES (?)", [("x" * 4000,)] * 50)

    with pytest.raises(LedgerError, match="disk is full"):
        asyncio.run(database.write(too_much))
    assert rows(database) == [1]
    asyncio.run(database.close())


def transactions(path: Path) -> int:
    """How often the file was changed: SQLite counts in bytes 24 to 27 of its header (sqlite.org/fileformat.html)."""
    return int.from_bytes(path.read_bytes()[24:28])


def put(value: int) -> Callable[[sqlite3.Connection], int]:
    def work(tx: sqlite3.Connection) -> int:
        tx.execute("INSERT INTO t VALUES (?)", (value,))
        return value

    return work


def test_writes_that_come_together_share_a_transaction(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", (SCHEMA,))

    async def scenario() -> list[int]:
        await database.write(insert)
        before = transactions(database.path)
        found = await asyncio.gather(*(database.write(put(value)) for value in range(40)))
        assert transactions(database.path) - before < 10
        return found

    assert asyncio.run(scenario()) == list(range(40))
    assert sorted(rows(database)) == [0, 1, *range(1, 40)]
    asyncio.run(database.close())


def test_an_error_meets_only_the_one_it_belongs_to(tmp_path: Path) -> None:
    """Even one that SQLite finds at COMMIT, when the work of all is done; the others are durable, once each."""
    schema = "CREATE TABLE t (x INTEGER NOT NULL UNIQUE) STRICT;\nCREATE TABLE c (y INTEGER REFERENCES t (x) DEFERRABLE INITIALLY DEFERRED);"
    database = Database(tmp_path / "a.db", (script(schema),))

    def childless(tx: sqlite3.Connection) -> int:
        tx.execute("INSERT INTO c VALUES (-1)")
        return 0

    def broken(tx: sqlite3.Connection) -> int:
        tx.execute("INSERT INTO t VALUES (99)")
        raise ZeroDivisionError

    async def scenario(bad: Callable[[sqlite3.Connection], int], values: range) -> list[int | BaseException]:
        works = [put(value) for value in values]
        works.insert(3, bad)
        return await asyncio.gather(*map(database.write, works), return_exceptions=True)

    for bad, kind, values in ((childless, LedgerError, range(10)), (broken, ZeroDivisionError, range(10, 20))):
        found = asyncio.run(scenario(bad, values))
        assert isinstance(found.pop(3), kind)
        assert found == list(values)
    assert sorted(rows(database)) == list(range(20))
    asyncio.run(database.close())


def test_a_ledger_that_stays_locked_is_waited_for_once_and_not_by_each_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imgcli.db.connect.BUSY_SECONDS", 0.6)
    monkeypatch.setattr("imgcli.db.connect.BRIEFLY", 0.1)
    database = Database(tmp_path / "a.db", (SCHEMA,))
    assert rows(database) == []
    other = sqlite3.connect(database.path, isolation_level=None)

    def patience(tx: sqlite3.Connection) -> int:
        return int(tx.execute("PRAGMA busy_timeout").fetchone()[0])

    async def scenario() -> list[int | BaseException]:
        kinds = (database.write, database.write_what_is_paid)
        return await asyncio.gather(*(kinds[v % 2](put(v)) for v in range(40)), return_exceptions=True)

    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    for _ in range(2):
        found = asyncio.run(scenario())
        assert all(isinstance(one, LedgerError) and "SQLITE_BUSY" in str(one) for one in found)
        assert len({id(one) for one in found}) == 40
    for _ in range(10):
        with pytest.raises(LedgerError, match="SQLITE_BUSY"):
            asyncio.run(database.write(insert))
    assert time.monotonic() - began < 5
    other.execute("ROLLBACK")
    other.close()
    assert asyncio.run(scenario()) == list(range(40))
    assert sorted(rows(database)) == list(range(40))
    assert asyncio.run(database.read(patience)) == 600
    asyncio.run(database.close())


def test_who_stops_waiting_takes_nothing_from_the_others(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", (SCHEMA,))

    async def scenario() -> None:
        waiting = [asyncio.ensure_future(database.write(put(value))) for value in range(20)]
        await asyncio.sleep(0)
        waiting[7].cancel()
        waiting[19].cancel()
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert [isinstance(one, asyncio.CancelledError) for one in found] == [at in {7, 19} for at in range(20)]

    asyncio.run(scenario())
    assert set(range(20)) - set(rows(database)) <= {7, 19}
    asyncio.run(database.close())


def test_a_write_under_way_outlives_the_loop_that_waited_for_it(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", (SCHEMA,))
    begun, go_on = threading.Event(), threading.Event()

    def slow(tx: sqlite3.Connection) -> None:
        insert(tx)
        begun.set()
        assert go_on.wait(5)

    async def scenario() -> None:
        waiting = asyncio.ensure_future(database.write(slow))
        assert await asyncio.to_thread(begun.wait, 5)
        assert not waiting.done()

    asyncio.run(scenario())
    go_on.set()
    assert rows(database) == [1]
    asyncio.run(database.write(put(2)))
    assert rows(database) == [1, 2]
    asyncio.run(database.close())


def test_places_that_cannot_hold_a_ledger(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "a.db", tmp_path):
        with pytest.raises(LedgerError, match="cannot be opened"):
            asyncio.run(Database(path, (SCHEMA,)).read(lambda _tx: None))


def test_a_link_to_a_device_is_no_ledger_and_gets_no_lock_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.db").symlink_to("/dev/null")
    database = Database(tmp_path / "a.db", (SCHEMA,))
    with pytest.raises(LedgerError, match=r"a.db is no file; move it away"):
        asyncio.run(database.write(insert))
    asyncio.run(database.close())
    assert database.ballast.parent == tmp_path
    assert (tmp_path / "a.db.lock").exists()


@pytest.mark.parametrize(
    ("name", "advice"), [("SQLITE_BUSY", "another imgcli"), ("SQLITE_IOERR_FSYNC", "its disk"), ("SQLITE_ODD", "odd")]
)
def test_advice_goes_by_the_name_of_the_error(name: str, advice: str) -> None:
    error = sqlite3.OperationalError("odd")
    error.sqlite_errorname = name
    assert advice in str(translated(error, Path("/x/ledger.db")))


def test_a_ledger_that_was_replaced_under_way_is_told_as_that(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", (SCHEMA,))
    asyncio.run(database.write(insert))
    (tmp_path / "backup.db").write_bytes(database.path.read_bytes())
    (tmp_path / "backup.db").replace(database.path)
    with pytest.raises(LedgerError, match=r"DBMOVED\): it was moved or replaced while imgcli had it open"):
        asyncio.run(database.write(insert))
    asyncio.run(database.close())


def test_statements_are_split_where_sqlite_says() -> None:
    script = "CREATE TABLE a (b);\nCREATE TRIGGER c BEFORE UPDATE ON a BEGIN\n  SELECT 1;\n  SELECT 2;\nEND;\n"
    assert [part.split()[1] for part in statements(script)] == ["TABLE", "TRIGGER"]


@pytest.mark.parametrize("size", [0, 1])
def test_a_ledger_that_was_cut_to_nothing_is_not_taken_for_a_new_one(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.db"
    for _ in range(2):
        database = Database(path, (SCHEMA,))
        asyncio.run(database.write(insert))
        asyncio.run(database.close())
    with path.open("rb+") as file:
        file.truncate(size)
    refused = Database(path, (SCHEMA,))
    for _ in range(2):
        with pytest.raises(LedgerError, match=r"is empty, and was not before: restore .* delete a.db.lock too"):
            asyncio.run(refused.write(insert))
    asyncio.run(refused.close())
    assert path.stat().st_size == size


def test_a_ledger_that_was_deleted_is_asked_for_until_its_lock_file_is_deleted_too(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database = Database(path, (SCHEMA,))
    asyncio.run(database.write(insert))
    asyncio.run(database.close())
    path.unlink()
    refused = Database(path, (SCHEMA,))
    with pytest.raises(LedgerError, match=r"is gone, and was not before"):
        asyncio.run(refused.read(lambda _tx: None))
    asyncio.run(refused.close())
    assert not path.exists()
    (tmp_path / "a.db.lock").unlink()
    anew = Database(path, (SCHEMA,))
    assert rows(anew) == []
    asyncio.run(anew.close())


def test_a_ledger_from_before_the_mark_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as tx:
        SCHEMA(tx)
        tx.execute("PRAGMA user_version=1")
    tx.close()
    (tmp_path / "a.db.lock").touch()
    database = Database(path, (SCHEMA,))
    assert rows(database) == []
    asyncio.run(database.close())
    path.write_bytes(b"")
    refused = Database(path, (SCHEMA,))
    with pytest.raises(LedgerError, match="is empty"):
        asyncio.run(refused.write(insert))
    asyncio.run(refused.close())


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from imgcli.db.connect import Database, script

def die(tx):
    script("CREATE TABLE t (x);")(tx)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(Database(Path(sys.argv[1]), (die,)).read(lambda _tx: None))
"""


def test_a_first_run_that_was_killed_may_begin_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    assert subprocess.run([sys.executable, "-c", KILLED, path], check=False).returncode == -signal.SIGKILL
    assert path.exists()
    assert (tmp_path / "a.db.lock").exists()
    database = Database(path, (SCHEMA,))
    assert rows(database) == []
    asyncio.run(database.close())
