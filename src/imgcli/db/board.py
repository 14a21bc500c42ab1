"""Notes that all processes of a user leave each other: not durable, nothing but time is lost with them."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from imgcli.db.connect import transaction
from imgcli.durable import make_directory

BRIEFLY = 0.02
"""Seconds that a busy board may keep the event loop waiting."""

PATIENCE = 2.0
"""Seconds that it may keep a thread waiting."""


class SqliteBoard:
    """Satisfies `ports.Board`. A board that cannot be used is replaced by one of this process alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own: dict[str, str] = {}
        self._connection: sqlite3.Connection | None = None
        self._is_alone = False
        self._lock = asyncio.Lock()

    async def change(self, name: str, work: Callable[[str], str]) -> str:
        async with self._lock:
            if not self._is_alone:
                try:
                    return self._change(name, work, BRIEFLY)
                except sqlite3.OperationalError:
                    with suppress(sqlite3.Error, OSError):
                        return await asyncio.to_thread(self._change, name, work, PATIENCE)
                except (sqlite3.Error, OSError):
                    with suppress(sqlite3.Error, OSError):
                        return self._anew(name, work)
                self._is_alone = True
                self.close()
            self._own[name] = work(self._own.get(name, ""))
            return self._own[name]

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _change(self, name: str, work: Callable[[str], str], patience: float) -> str:
        if self._connection is None:
            self._connection = self._open(patience)
        connection = self._connection
        connection.execute(f"PRAGMA busy_timeout={patience * 1000:.0f}")
        with transaction(connection, "BEGIN IMMEDIATE"):
            found = connection.execute("SELECT note FROM notes WHERE name = ?", (name,)).fetchone()
            note = work(found[0] if found else "")
            connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, note))
        return note

    def _anew(self, name: str, work: Callable[[str], str]) -> str:
        """A file that is no board any more is only in the way."""
        self.close()
        self._path.unlink(missing_ok=True)
        return self._change(name, work, BRIEFLY)

    def _open(self, patience: float) -> sqlite3.Connection:
        make_directory(self._path.parent, 0o700)
        # SQLite would create it with the umask's mode.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self._path, timeout=patience, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA journal_mode=TRUNCATE")
            connection.execute("CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, note TEXT NOT NULL) STRICT")
        except BaseException:
            connection.close()
            raise
        return connection
