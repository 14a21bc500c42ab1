import asyncio
import errno
import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from imgcli.db.connect import Database, script
from imgcli.errors import LedgerError

SCHEMA = script("CREATE TABLE t (x TEXT) STRICT;")
ROWS = 100


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "home" / "a.db", (SCHEMA,))
    asyncio.run(made.write(lambda tx: tx.executemany("INSERT INTO t VALUES (?)", [("x" * 1000,)] * ROWS)))
    yield made
    asyncio.run(made.close())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "backups"
    place.mkdir()
    return place


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def count(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])
    finally:
        connection.close()


def test_a_copy_is_whole_private_and_never_replaces(database: Database, place: Path) -> None:
    asyncio.run(database.copy_to(place / "copy.db"))
    assert count(place / "copy.db") == ROWS
    assert (place / "copy.db").stat().st_mode & 0o777 == 0o600
    assert (place / "copy.db").stat().st_nlink == 1
    (place / "link.db").symlink_to("nowhere")
    for name in ("copy.db", "link.db"):
        with pytest.raises(FileExistsError):
            asyncio.run(database.copy_to(place / name))
    assert sorted(path.name for path in place.iterdir()) == ["copy.db", "link.db"]


def test_a_copy_that_fails_leaves_nothing_and_names_its_own_place(database: Database, place: Path) -> None:
    with no_file_above(8000), pytest.raises(LedgerError, match=r"the backup .*/copy.db was not made .*SQLITE_") as told:
        asyncio.run(database.copy_to(place / "copy.db"))
    assert str(database.path) not in str(told.value)
    with pytest.raises(LedgerError, match=r"the backup .*/gone/copy.db was not made: .*the directory is gone"):
        asyncio.run(database.copy_to(place / "gone" / "copy.db"))
    assert list(place.iterdir()) == []
    asyncio.run(database.copy_to(place / "copy.db"))
    assert count(place / "copy.db") == ROWS


def test_a_disk_without_hard_links_takes_a_copy_too(
    database: Database, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_args: object, **_named: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    asyncio.run(database.copy_to(place / "copy.db"))
    assert count(place / "copy.db") == ROWS
    assert [path.name for path in place.iterdir()] == ["copy.db"]
