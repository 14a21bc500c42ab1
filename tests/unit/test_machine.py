import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from imgcli.db.connect import translated
from imgcli.machine import LEDGER_REMEDIES, REMEDIES, ledger_remedy, why


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "No space left on device: free some space"),
        (errno.EDQUOT, "your quota"),
        (errno.EFBIG, "that large"),
        (errno.EROFS, "mounted read-only"),
        (errno.EACCES, "permissions"),
        (errno.EPERM, "does not allow"),
        (errno.EIO, "the disk fails"),
        (errno.ENOENT, "gone"),
        (errno.ENOTDIR, "is a file"),
        (errno.ELOOP, "a link"),
        (errno.ENAMETOOLONG, "shorter"),
        (errno.EMFILE, "ulimit -n"),
        (errno.ENFILE, "fewer at once"),
        (errno.ESTALE, "connect it anew"),
        (errno.ENOTCONN, "not connected"),
    ],
)
def test_each_refusal_of_the_system_says_what_to_do(number: int, told: str) -> None:
    assert told in why(OSError(number, "No space left on device"))
    assert number in REMEDIES


def test_what_is_not_in_the_table_is_told_as_it_is() -> None:
    assert why(OSError("odd")) == "odd"
    assert why(OSError(errno.EXDEV, "Invalid cross-device link")) == "Invalid cross-device link"


@pytest.mark.parametrize("name", LEDGER_REMEDIES)
def test_each_refusal_of_the_ledger_says_what_to_do_by_its_name_and_extended_name(name: str) -> None:
    assert hasattr(sqlite3, name) or name == "SQLITE_IOERR"
    for given in (name, f"{name}_WRITE"):
        assert ledger_remedy(given) == LEDGER_REMEDIES[name]
        error = sqlite3.OperationalError("as SQLite has it")
        error.sqlite_errorname = given
        assert LEDGER_REMEDIES[name] in str(translated(error, Path("/x/ledger.db")))
    assert ledger_remedy("SQLITE_NOMEM") == ""


def foreign(path: Path) -> None:
    path.write_bytes(b"no database at all, only words; " * 200)


def read_only(path: Path) -> None:
    with sqlite3.connect(path) as tx:
        tx.execute("CREATE TABLE t (x)")


@pytest.mark.parametrize(
    ("spoil", "uri", "name"),
    [
        (foreign, "", "SQLITE_NOTADB"),
        (read_only, "?mode=ro", "SQLITE_READONLY"),
        (lambda _path: None, "?mode=ro", "SQLITE_CANTOPEN"),
    ],
)
def test_sqlite_itself_uses_these_names(spoil: Callable[[Path], None], uri: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    spoil(path)
    with pytest.raises(sqlite3.Error) as found:
        sqlite3.connect(f"file:{path}{uri}", uri=True).execute("CREATE TABLE u (x)")
    assert ledger_remedy(found.value.sqlite_errorname) == LEDGER_REMEDIES[name]
