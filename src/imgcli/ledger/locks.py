"""A lock each run holds for life: the kernel frees it on any death, and pids are reused but locks are not."""

import contextlib
import sys
from pathlib import Path
from typing import IO

from imgcli.durable import make_directory
from imgcli.errors import LedgerError
from imgcli.machine import why

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class RunLocks:
    """The locks of this process, as files `<run>.lock` in one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._held: dict[str, IO[bytes]] = {}

    def take(self, run: str) -> None:
        """Hold the lock of `run` until `drop` or death.

        Raises:
            LedgerError: this file system has no locks.
        """
        try:
            make_directory(self._directory, 0o700)
            file = self._path(run).open("wb")
            _try_lock(file)
        except OSError as error:
            raise LedgerError(
                f"no lock can be held in {self._directory} ({why(error)}); "
                "set IMGCLI_HOME to a directory on a local disk"
            ) from error
        self._held[run] = file

    def drop(self, run: str) -> None:
        if file := self._held.pop(run, None):
            with contextlib.suppress(OSError):
                self._path(run).unlink()
            file.close()

    def is_dead(self, run: str) -> bool:
        """True when nobody holds the lock of `run`."""
        if run in self._held:
            return False
        try:
            with self._path(run).open("rb+") as file:
                _try_lock(file)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return True

    def _path(self, run: str) -> Path:
        return self._directory / f"{run}.lock"
