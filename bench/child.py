"""Programs run as processes of their own, measured from outside."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PATIENCE = 900.0
"""Seconds after which a child hangs, and is killed."""

DARK = ("OPENAI_", "IMGCLI_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "PYTHONPROFILE")


@dataclass(frozen=True, slots=True)
class Spent:
    """What one process took from its birth to its end.

    Attributes:
        code: its exit code, or minus the signal that ended it.
        began: time.time() of its birth.
        wall: seconds.
        cpu: seconds, user and system, of all its threads and children.
        peak: MB of memory (2**20 bytes) at most, by the kernel's count.
        out: its stdout.
        err: its stderr.
    """

    code: int
    began: float
    wall: float
    cpu: float
    peak: float
    out: str
    err: str


class Child:
    """A process under way. Its first memory is that of the process that starts it, and counts: stay small."""

    def __init__(self, command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> None:
        # Files, as a pipe that nobody reads stops who writes; `end` closes them.
        self._out, self._err = (tempfile.TemporaryFile() for _ in "oe")  # noqa: SIM115
        self._began, self._at = time.time(), time.monotonic()
        self._process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=self._out, stderr=self._err
        )

    def end(self) -> Spent:
        """Wait for its end."""
        watch = threading.Timer(PATIENCE, self._process.kill)
        watch.start()
        try:
            _, status, usage = os.wait4(self._process.pid, 0)
        finally:
            watch.cancel()
        wall = time.monotonic() - self._at
        # Popen would wait for a process that is gone.
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return Spent(
            code=self._process.returncode,
            began=self._began,
            wall=wall,
            cpu=usage.ru_utime + usage.ru_stime,
            peak=usage.ru_maxrss / 1024,
            out=_told(self._out),
            err=_told(self._err),
        )


def _told(file: IO[bytes]) -> str:
    with file:
        file.seek(0)
        return file.read().decode(errors="replace")


def run(command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Spent:
    return Child(command, cwd, env).end()


def clean_environment() -> dict[str, str]:
    """That of this process without keys, homes and proxies."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(DARK)}
