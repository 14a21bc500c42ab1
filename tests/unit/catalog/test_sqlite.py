import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from imgcli.catalog.sqlite import SqliteCatalog
from imgcli.errors import StorageError
from imgcli.model.mark import Mark, Marked

A = Marked("a", Mark.PICKED, Path("/out/a.png"))


def picks(home: Path) -> list[Marked]:
    async def story() -> list[Marked]:
        catalog = SqliteCatalog(home)
        try:
            await catalog.mark(A)
            return list(await catalog.marked(Mark.PICKED))
        finally:
            await catalog.close()

    return asyncio.run(story())


def test_it_is_there_again_and_private(tmp_path: Path) -> None:
    assert picks(tmp_path) == picks(tmp_path) == [A]
    assert (tmp_path / "catalog.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("junk", [b"no database" * 100, b"SQLite format 3\0" + bytes(4096)])
def test_one_that_is_damaged_says_what_is_lost_with_it(tmp_path: Path, junk: bytes) -> None:
    """In words of its own: nobody is to restore a ledger because of it, or to look for money."""
    (tmp_path / "catalog.db").write_bytes(junk)
    with pytest.raises(StorageError) as caught:
        picks(tmp_path)
    told = str(caught.value)
    assert "catalog.db" in told
    assert "picks are lost then, money and pictures are not" in told
    assert "ledger" not in told


def test_a_full_disk_is_no_reason_to_move_it_away(tmp_path: Path) -> None:
    def fill(tx: sqlite3.Connection) -> None:
        tx.execute(f"PRAGMA max_page_count={tx.execute('PRAGMA page_count').fetchone()[0]}")
        tx.execute("CREATE TABLE more (x)")
        tx.execute("INSERT INTO more VALUES (zeroblob(100000))")

    async def story() -> None:
        catalog = SqliteCatalog(tmp_path)
        try:
            await catalog.mark(A)
            await catalog._write(fill)
        finally:
            await catalog.close()

    with pytest.raises(StorageError, match=r"SQLITE_FULL.*free some space") as caught:
        asyncio.run(story())
    assert "move it" not in str(caught.value)
    assert picks(tmp_path) == [A]


def test_one_that_is_gone_is_not_begun_anew_in_silence(tmp_path: Path) -> None:
    picks(tmp_path)
    (tmp_path / "catalog.db").unlink()
    with pytest.raises(StorageError, match="is gone, and was not before") as caught:
        picks(tmp_path)
    assert "rebuild" not in str(caught.value)
    (tmp_path / "catalog.db.lock").unlink()
    assert picks(tmp_path) == [A]


def test_one_of_a_newer_imgcli_is_left_alone(tmp_path: Path) -> None:
    picks(tmp_path)
    with closing(sqlite3.connect(tmp_path / "catalog.db")) as connection:
        connection.execute("PRAGMA user_version=99")
    with pytest.raises(StorageError, match="was made by a newer imgcli"):
        picks(tmp_path)


def test_a_directory_that_takes_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    with pytest.raises(StorageError, match="catalog"):
        picks(tmp_path / "data")
