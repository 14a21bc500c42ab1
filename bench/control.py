"""The server from the runner's side."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.manner import CONTROL, Manner, Tally

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0
"""Seconds: 128 MB of noise take a few."""


class Server:
    """A server that runs as long as this context.

    Attributes:
        known: (bytes, crc) of the shared rests of its pictures.
    """

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "bench.server"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._port = int(json.loads(self._process.stdout.readline())["port"])
        self.known: frozenset[tuple[int, int]] = frozenset()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def behave(self, manner: Manner) -> None:
        """Be new, and so."""
        told = self._control("POST", asdict(manner))
        self.known = frozenset((size, crc) for size, crc in told["rests"])

    def tally(self) -> Tally:
        """What it counted since it was asked last."""
        return Tally(**self._control("GET"))

    def _control(self, method: str, change: Mapping[str, object] | None = None) -> dict[str, Any]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request(method, CONTROL, None if change is None else json.dumps(change))
            told: dict[str, Any] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return told
