"""A backup that is whole or not there: written beside its name, synced, and only then given it."""

import errno
import os
import sqlite3
from pathlib import Path

from imgcli.durable import move_without_replacing
from imgcli.errors import LedgerError
from imgcli.machine import ledger_remedy, sqlite_name, why

_OF_THE_TARGET = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")
"""What SQLite says of the file it writes; everything else it says of the one it reads."""


def copy_out(connection: sqlite3.Connection, target: Path) -> None:
    """Write the database of `connection` to the new, private file `target`.

    Raises:
        FileExistsError: never replaces.
        LedgerError: the place of `target` does not take it; nothing of it is left there.
        sqlite3.Error: the database cannot be read.
    """
    if target.exists() or target.is_symlink():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        try:
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            connection.execute("VACUUM INTO ?", (str(draft),))
            with draft.open("rb+") as copy:
                os.fsync(copy.fileno())
            move_without_replacing(draft, target)
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError:
        raise
    except OSError as error:
        raise LedgerError(f"the backup {target} was not made: {why(error)}") from error
    except sqlite3.Error as error:
        name = sqlite_name(error)
        if not name.startswith(_OF_THE_TARGET):
            raise
        raise LedgerError(f"the backup {target} was not made ({name}): {ledger_remedy(name)}") from error
