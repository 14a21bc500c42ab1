"""One SQLite file on one thread, where every write is a durable transaction or a clear error.

Rollback journal with `synchronous=EXTRA`: the WAL-reset bug of SQLite before 3.51.3 (sqlite.org/wal.html#walresetbug)
needs several connections that write at once, which is just how imgcli is used.
"""

import asyncio
import os
import sqlite3
import stat
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from imgcli.db import ballast
from imgcli.db.copy import copy_out
from imgcli.db.place import NETWORKED, filesystem, itself
from imgcli.durable import make_directory, sync_directory
from imgcli.errors import LedgerError
from imgcli.machine import BUSY_SECONDS, LEDGER_REMEDIES, RESTORE, ledger_remedy, sqlite_name, why

if sys.platform != "win32":
    import fcntl

T = TypeVar("T")
Migration = Callable[[sqlite3.Connection], None]
"""One step from a schema to the next, inside the transaction of all of them."""

EXTRA = 3
BRIEFLY = 1.0
"""Seconds to wait for a ledger that was waited for in vain just now."""

MARK = b"A ledger was written beside this file. If it is gone, imgcli asks for it and does not start a new one.\n"


@dataclass(frozen=True, slots=True)
class _Write:
    """Somebody waits for `work` to be durable; `alone` writes it in a transaction of its own."""

    alone: Callable[..., object]
    work: Callable[[sqlite3.Connection], object]
    done: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _End:
    """What became of a write: its result is durable, or nothing of it was kept."""

    write: _Write
    result: object = None
    error: BaseException | None = None


class Database:
    """A connection that lives on its own thread; `write` and `read` run a function there, perhaps more than once."""

    def __init__(self, path: Path, migrations: Sequence[Migration], *, any_filesystem: bool = False) -> None:
        self.path = itself(path)
        self.ballast = self.path.with_name(f"{self.path.name}.ballast")
        self._any_filesystem = any_filesystem
        self._migrations = migrations
        self._waiting: deque[_Write] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._connection: sqlite3.Connection | None = None
        self._patience = BUSY_SECONDS
        self._presence: IO[bytes] | None = None

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` inside BEGIN IMMEDIATE ... COMMIT; any exception rolls it back.

        Raises:
            LedgerError: SQLite could not; nothing of `work` is kept.
        """
        return await self._in_turn(self._in_transaction, work)

    async def write_what_is_paid(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """As `write`, for what must not be lost: a full disk gives up the ballast first."""
        return await self._in_turn(self._in_last_room, work)

    async def set_ballast_aside(self) -> None:
        """Have room in reserve for `write_what_is_paid`, before anything is paid.

        Raises:
            LedgerError: the disk is full.
        """
        await self._on_thread(self._set_aside)

    async def _in_turn(self, alone: Callable[..., T], work: Callable[[sqlite3.Connection], T]) -> T:
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Write(alone, work, done))
        self._thread.submit(self._write_waiting)
        return await done

    def _write_waiting(self) -> None:
        """Group commit: all that came while the disk was busy share one transaction, and its sync.

        Nobody is told of success before it is durable. If anything goes wrong, nothing of it is kept, and each is
        written again by itself, so that an error meets only the one it belongs to. A ledger that was waited for in vain
        is an error of all: one after the other would wait as long again.
        """
        group = [self._waiting.popleft() for _ in range(len(self._waiting))]
        group = [write for write in group if not write.done.cancelled()]
        if len(group) > 1 and (ends := self._write_together(group)):
            _tell(ends)
            return
        for write in group:
            try:
                end = _End(write, write.alone(write.work))
            except BaseException as error:  # noqa: BLE001 - raised by whoever waits for it
                end = _End(write, error=error)
            _tell([end])

    def _write_together(self, group: Sequence[_Write]) -> list[_End]:
        """Nothing, if each is to be written by itself."""
        try:
            results = self._in_transaction(lambda tx: [write.work(tx) for write in group])
        except BaseException as error:  # noqa: BLE001 - raised again when each is alone, to whom it belongs
            return [_End(write, error=_again(error)) for write in group] if _is_busy(error) else []
        return [_End(write, result) for write, result in zip(group, results, strict=True)]

    async def _on_thread(self, call: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on one consistent view.

        Raises:
            LedgerError: SQLite could not.
        """
        return await self._on_thread(self._in_view, work)

    async def copy_to(self, target: Path) -> None:
        """A consistent copy in a new, private file, synced.

        Raises:
            FileExistsError: never replaces.
            LedgerError: SQLite or the disk could not; there is no such file then.
        """
        await self._on_thread(self._outside, lambda connection: copy_out(connection, target))

    async def read_at_leisure(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on a copy, page for page as the file lies, so that however long it takes it keeps nobody waiting.

        Raises:
            LedgerError: SQLite or the disk could not.
        """

        def on_copy(connection: sqlite3.Connection) -> T:
            with tempfile.TemporaryDirectory(prefix="imgcli-") as place, closing(_private(Path(place))) as copy:
                connection.backup(copy)
                copy.row_factory = sqlite3.Row
                return work(copy)

        return await self._on_thread(self._outside, on_copy)

    async def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        if self._connection is None:
            self._thread.shutdown()
            return
        await self._on_thread(self._close)
        self._thread.shutdown()

    def _in_transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        result = self._between("BEGIN IMMEDIATE", work)
        self._wait_at_most(BUSY_SECONDS)
        return result

    def _outside(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in no transaction, as copying a whole file wants it."""
        try:
            if self._connection is None:
                self._connection = self._open()
            return work(self._connection)
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        except UnicodeDecodeError as error:
            raise LedgerError(f"the ledger {self.path} failed: {LEDGER_REMEDIES['SQLITE_CORRUPT']}") from error
        except FileExistsError:
            raise
        except OSError as error:
            raise LedgerError(f"{error.filename}: {why(error)}") from error

    def _in_last_room(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return self._in_transaction(work)
        except LedgerError as error:
            if not _is_full(error) or not ballast.drop(self.ballast):
                raise
            return self._in_transaction(work)

    def _set_aside(self) -> None:
        try:
            ballast.set_aside(self.ballast)
        except OSError as error:
            raise LedgerError(
                f"no room for the ledger in {self.path.parent} ({why(error)}); nothing was sent"
            ) from error

    def _in_view(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._between("BEGIN", work)

    def _between(self, begin: str, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            if self._connection is None:
                self._connection = self._open()
            with transaction(self._connection, begin):
                return work(self._connection)
        except sqlite3.Error as error:
            if sqlite_name(error).startswith("SQLITE_BUSY"):
                # Else those who come after it would wait as long, each in its turn.
                self._wait_at_most(BRIEFLY)
            raise translated(error, self.path) from error
        except UnicodeDecodeError as error:
            raise LedgerError(f"the ledger {self.path} failed: {LEDGER_REMEDIES['SQLITE_CORRUPT']}") from error

    def _wait_at_most(self, seconds: float) -> None:
        if seconds != self._patience:
            self._patience = seconds
            if self._connection is not None:
                self._connection.execute(f"PRAGMA busy_timeout={seconds * 1000:.0f}")

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._presence is not None:
            self._presence.close()
            self._presence = None

    def _open(self) -> sqlite3.Connection:
        kind = filesystem(self.path.parent)
        if kind in NETWORKED and not self._any_filesystem:
            raise LedgerError(
                f"the ledger {self.path} would be on {kind}, where its locks do not hold; set IMGCLI_HOME to a "
                "directory on a disk of this machine (or IMGCLI_UNSAFE_LEDGER_FS=1 at your own risk)"
            )
        with ExitStack() as undo:
            with _opening(self.path):
                if self.path.is_symlink() and not self.path.exists():
                    raise LedgerError(
                        f"the ledger {self.path} is a link to {self.path.readlink()}, which is not there; "
                        "connect its disk, or delete the link"
                    )
                make_directory(self.path.parent, 0o700)
                presence = undo.enter_context(present(self.path, alone=False))
                if _is_marked(presence) and not self.path.exists():
                    raise LedgerError(self._lost("gone"))
                # SQLite would create it with the umask's mode, readable by everybody on most machines.
                descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
                found = os.fstat(descriptor)
                os.close(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise LedgerError(f"the ledger {self.path} is no file; move it away")
            if found.st_nlink > 1:
                raise LedgerError(
                    f"the ledger {self.path} has {found.st_nlink} names (hard links), and its locks lie beside one; "
                    "delete the others, or make them symbolic links"
                )
            connection = sqlite3.connect(self.path, timeout=self._patience, isolation_level=None)
            undo.callback(connection.close)
            connection.row_factory = sqlite3.Row
            self._set_up(connection, presence)
            undo.pop_all()
        self._presence = presence
        return connection

    def _set_up(self, connection: sqlite3.Connection, presence: IO[bytes]) -> None:
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "foreign_keys=ON", "synchronous=EXTRA"):
            connection.execute(f"PRAGMA {pragma}")
        mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        level = connection.execute("PRAGMA synchronous").fetchone()[0]
        if mode != "delete" or level != EXTRA:
            raise LedgerError(f"the ledger {self.path} does not take durable writes (journal {mode}, level {level})")
        self._migrate(connection, presence)
        # Only now is there anything to lose: a first run that was killed before may begin anew.
        if not _is_marked(presence):
            with _opening(self.path):
                _mark(presence, self.path.parent)

    def _migrate(self, connection: sqlite3.Connection, presence: IO[bytes]) -> None:
        if (version := _version(connection)) == len(self._migrations):
            return
        if 0 < version < len(self._migrations):
            self._keep_old(connection, version)
        with transaction(connection, "BEGIN IMMEDIATE"):
            # Read again behind the lock: of several first runs, one migrates and the others find it done.
            version = _version(connection)
            if version > len(self._migrations):
                raise LedgerError(f"the ledger {self.path} was made by a newer imgcli; update imgcli to use it")
            # A mark is made after the commit, so that behind the lock it belongs to none that is still to come.
            if _is_marked(presence) and _is_empty(connection):
                raise LedgerError(self._lost("empty"))
            for migrate in self._migrations[version:]:
                migrate(connection)
            connection.execute(f"PRAGMA user_version={len(self._migrations)}")

    def _lost(self, how: str) -> str:
        return (
            f"the ledger {self.path} is {how}, and was not before: {RESTORE}; "
            f"to start anew, without its sums and caps, delete {self.path.name}.lock too"
        )

    def _keep_old(self, connection: sqlite3.Connection, version: int) -> None:
        """A copy of the old schema's file beside it, made once, before anything is changed."""
        kept = self.path.with_name(f"{self.path.name}.v{version}")
        if not kept.exists():
            draft = kept.with_name(f"{kept.name}.{os.getpid()}")
            connection.execute("VACUUM INTO ?", (str(draft),))
            draft.replace(kept)


def present(path: Path, *, alone: bool) -> IO[bytes]:
    """A lock that everybody who has the database open holds together, and who replaces its file holds `alone`.

    It is let go when the returned file is closed.

    Raises:
        LedgerError: somebody else replaces it, or has it open.
        OSError: no such file can be made.
    """
    file = os.fdopen(os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600), "rb+")
    if sys.platform == "win32":
        return file  # an open file cannot be replaced there
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        who = "an imgcli is at work on it; wait for it, or end it" if alone else "it is being rebuilt; wait for that"
        raise LedgerError(f"the ledger {path}: {who}, and try again") from None
    except OSError:
        file.close()
        raise
    return file


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LedgerError(f"the ledger {path} cannot be opened: {why(error)}") from error


def _is_marked(presence: IO[bytes]) -> bool:
    """Whether a ledger was committed beside this lock file."""
    return os.fstat(presence.fileno()).st_size > 0


def _mark(presence: IO[bytes], directory: Path) -> None:
    presence.write(MARK)
    presence.flush()
    os.fsync(presence.fileno())
    sync_directory(directory)


def _is_empty(connection: sqlite3.Connection) -> bool:
    """SQLite takes a file that was cut short, to less than its header, for a new database."""
    return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    """`begin` to COMMIT; nothing of it is kept if anything is raised."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    finally:
        # Only after a failure; and a failed COMMIT may have rolled back by itself already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def translated(error: sqlite3.Error, path: Path) -> LedgerError:
    """The LedgerError for what SQLite says, with what to do about it."""
    name = sqlite_name(error)
    advice = ledger_remedy(name) or str(error)
    return LedgerError(f"the ledger {path} failed ({name or type(error).__name__}): {advice}")


def _private(place: Path) -> sqlite3.Connection:
    """A new file for a copy that nobody needs after a crash."""
    connection = sqlite3.connect(place / "copy.db", isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    return connection


def script(text: str) -> Migration:
    """A migration of plain SQL."""

    def migrate(connection: sqlite3.Connection) -> None:
        for statement in statements(text):
            connection.execute(statement)

    return migrate


def _tell(ends: Sequence[_End]) -> None:
    """Wake all of a group by one call: from thread to thread it costs both of them more than most statements do.

    They share a loop: who waited on one that is closed was cancelled when it was.
    """

    def wake() -> None:
        for end in ends:
            if end.write.done.cancelled():
                continue
            if end.error is not None:
                end.write.done.set_exception(end.error)
            else:
                end.write.done.set_result(end.result)

    with suppress(RuntimeError):  # the loop is closed, and nobody waits any more
        ends[0].write.done.get_loop().call_soon_threadsafe(wake)


def _again(error: BaseException) -> LedgerError:
    """The same error for one more who waits; one object raised in several tasks would mix their tracebacks."""
    told = LedgerError(str(error))
    told.__cause__ = error.__cause__
    return told


def _is_busy(error: BaseException) -> bool:
    return sqlite_name(error.__cause__).startswith("SQLITE_BUSY")


def _is_full(error: LedgerError) -> bool:
    # A journal that cannot grow is told as an I/O error.
    return sqlite_name(error.__cause__).startswith(
        ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE")
    )


def statements(text: str) -> list[str]:
    """The statements of an SQL script, one by one; `executescript` would commit the transaction around it."""
    found, pending = [], ""
    for line in text.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    return found


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
