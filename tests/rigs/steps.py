"""Every call of a run that changes the world, counted, so that one of them can be its last or can fail.

Wrapped is the operating system, SQLite and the socket, never code of ours: what happens before and after each
`os.fsync`, `os.link`, `COMMIT` or `send` is what a power switch or a bad disk would meet.

A plan: {"at": 17, "do": "kill"} dies in the 17th gap; {"at": 5, "do": "ENOSPC"} makes the 5th call that can say so
fail, and with {"on": true} every one after it; {"log": path} writes down the name of every gap instead, {"mark": path} the name of the call that failed first.
"""

import errno
import os
import signal
import socket
import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

FILES = ("open", "fsync", "link", "unlink", "replace", "rename", "mkdir", "posix_fallocate")
ERRNOS = ("ENOSPC", "EIO", "EACCES")
SQLITE = {"SQLITE_FULL": 13, "SQLITE_BUSY": 5, "SQLITE_IOERR_WRITE": 778}
NET = ("ECONNRESET",)


class Stepper:
    """Counts moments, the gaps between two calls; for a plan that makes a call fail it counts calls of that kind."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self._at: int = plan.get("at", 0)
        self._do: str = plan.get("do", "")
        self._on: bool = plan.get("on", False)
        self._log = open(plan["log"], "a", encoding="utf-8", buffering=1) if plan.get("log") else None  # noqa: SIM115
        self._mark: str = plan.get("mark", "")
        self._roots = tuple(plan.get("roots", ("/",)))
        self._count = 0
        self._lock = threading.Lock()

    def moment(self, name: str) -> None:
        """A gap between two calls; the place to die."""
        if self._do in {"kill", "exit"} or self._log:
            with self._lock:
                self._count += 1
                if self._log:
                    self._log.write(f"{name}\n")
                if self._count == self._at:
                    if self._do == "exit":
                        os._exit(99)
                    if self._do == "kill":
                        os.kill(os.getpid(), signal.SIGKILL)

    def call(self, name: str, fails: Callable[[str, str], BaseException | None], real: Callable[[], Any]) -> Any:
        """One call with a moment behind it, or its failure."""
        if name.startswith("fsync"):
            # Writes are not wrapped: between the call before and this one bytes were written.
            self.moment(f"before {name}")
        if self._do and self._do not in {"kill", "exit"}:
            with self._lock:
                error = fails(self._do, name)
                if error is not None:
                    self._count += 1
                    if self._count == self._at or (self._on and self._count > self._at):
                        self._note(name)
                        raise error
        result = real()
        self.moment(f"after {name}")
        return result

    def _note(self, name: str) -> None:
        """The first failure, for the one who planned it."""
        if self._mark:
            mark, self._mark = self._mark, ""
            Path(mark).write_text(name)

    def watches(self, path: object) -> bool:
        return isinstance(path, str | Path) and str(path).startswith(self._roots)


def install(plan: Mapping[str, Any]) -> None:
    """Wrap the calls of this process for good."""
    stepper = Stepper(plan)
    _wrap_files(stepper)
    _wrap_sqlite(stepper)
    _wrap_sockets(stepper)


def kind_of(path: str) -> str:
    """A file by its part in the story, so that moments of different runs have one name."""
    name = path.rpartition("/")[2]
    if name.startswith(".imgcli-probe"):
        return "probe"
    if name.startswith(".imgcli-"):
        return name.rpartition(".")[2]
    for suffix, kind in ((".json", "sidecar"), (".png", "picture"), (".lock", "lock"), (".db", "ledger")):
        if name.endswith(suffix):
            return kind
    return "ballast" if "ballast" in name else "directory"


def _wrap_files(stepper: Stepper) -> None:
    opened: dict[int, str] = {}
    for name in FILES:
        real = getattr(os, name)

        def wrapped(*args: Any, real: Any = real, name: str = name, **kwargs: Any) -> Any:
            # Of two paths the second is the one that appears.
            place = args[1] if name in {"link", "replace", "rename"} else args[0]
            path = opened.get(place, "") if isinstance(place, int) else str(place)
            if not stepper.watches(path):
                return real(*args, **kwargs)
            result = stepper.call(f"{name} {kind_of(path)}", _file_error, lambda: real(*args, **kwargs))
            if name == "open":
                opened[result] = path
            return result

        setattr(os, name, wrapped)


def _file_error(do: str, name: str) -> BaseException | None:
    if do == "KeyboardInterrupt":
        return KeyboardInterrupt()
    if do not in ERRNOS or name.startswith("unlink"):
        return None
    number = getattr(errno, do)
    return OSError(number, os.strerror(number))


class _Connection(sqlite3.Connection):
    stepper: Stepper
    kinds: list[str]

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        word = sql.split(None, 1)[0].upper()
        if sql.startswith("INSERT INTO event"):
            self.__dict__.setdefault("told", []).append(args[0]["kind"])
        if word not in {"BEGIN", "COMMIT"} or sql.strip().upper() == "BEGIN":
            return super().execute(sql, *args)
        told = "+".join(dict.fromkeys(self.__dict__.get("told", []))) if word == "COMMIT" else ""
        if word == "COMMIT":
            self.__dict__["told"] = []
        name = f"{word.lower()} {told}".strip()
        plain = super().execute
        cursor: sqlite3.Cursor = self.stepper.call(name, _sqlite_error, lambda: plain(sql, *args))
        return cursor


def _sqlite_error(do: str, _name: str) -> BaseException | None:
    if do == "KeyboardInterrupt":
        return KeyboardInterrupt()
    if do not in SQLITE:
        return None
    error = sqlite3.OperationalError(f"{do} by plan")
    error.sqlite_errorcode, error.sqlite_errorname = SQLITE[do], do
    return error


def _wrap_sqlite(stepper: Stepper) -> None:
    real = sqlite3.connect
    _Connection.stepper = stepper

    def connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        kwargs.setdefault("factory", _Connection)
        connection: sqlite3.Connection = real(*args, **kwargs)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]


def _wrap_sockets(stepper: Stepper) -> None:
    for name in ("send", "recv"):
        real = getattr(socket.socket, name)

        def wrapped(self: socket.socket, *args: Any, real: Any = real, name: str = name) -> Any:
            if self.family != socket.AF_INET:
                return real(self, *args)
            return stepper.call(name, _net_error, lambda: real(self, *args))

        setattr(socket.socket, name, wrapped)


def _net_error(do: str, _name: str) -> BaseException | None:
    if do == "KeyboardInterrupt":
        return KeyboardInterrupt()
    return ConnectionResetError(errno.ECONNRESET, "by plan") if do in NET else None
