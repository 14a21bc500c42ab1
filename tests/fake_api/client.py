"""The fake API from a test's side: start it, script it, read its bill."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

KEY = "sk-test-canary-0123456789abcdef"
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds after which a server that says nothing is broken."""

Entry = str | Mapping[str, object] | None
"""A fault: its name, its name with options, or none."""


@dataclass(frozen=True, slots=True)
class Bill:
    """One charge; `seq` is that of the request, `sha256` one for each picture, in order."""

    seq: int
    x_client_request_id: str
    model: str
    quality: str
    size: str
    usage: dict[str, Any]
    cost_nano: int
    sha256: tuple[str, ...]
    prompt: str


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request, also a refused one; `authorization` has only its last 4 characters.

    Attributes:
        time: of arrival, in seconds since 1970.
        body: the JSON, a picture in it by its SHA-256 (`data:image/png;sha256,<hex>`); of a form its texts by name and
            its `parts` (see `multipart.told`); or the text that was neither.
        outcome: answered, cut, fin, rst, silent, stalled or client_gone; open while it is worked on.
        status: of the answer, if any byte of one left.
    """

    seq: int
    time: float
    method: str
    path: str
    headers: dict[str, str]
    body: Any
    outcome: str
    status: int | None


@dataclass(frozen=True, slots=True)
class State:
    """Counts of POSTs to /v1/images/ since the last reset; `held` are those that wait for a release."""

    in_flight: int
    peak_in_flight: int
    requests: int
    bills: int
    ended: int
    held: int
    closed_at_accept: int


class FakeApi:
    """A server that runs from here to `stop`; a context manager. `reset` makes it new between tests.

    Raises:
        RuntimeError: the server does not start; its words are on stderr.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        command = [
            sys.executable,
            str(ROOT / "tests" / "fake_api" / "server.py"),
            "--port",
            "0",
            "--dir",
            str(directory),
        ]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.stop()
            raise RuntimeError(f"the fake API ended with code {self.process.returncode} before it listened")
        ports = json.loads(line)
        self.port: int = ports["port"]
        self._control_port: int = ports["control_port"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def env(self, home: Path) -> dict[str, str]:
        """What the environment of a subprocess needs to meet this server, with its home in `home`."""
        return {"OPENAI_BASE_URL": self.base_url, "OPENAI_API_KEY": KEY, "IMGCLI_HOME": str(home)}

    def bill(self) -> list[Bill]:
        """Every charge since the last reset, each written before its answer was sent."""
        return [Bill(**line | {"sha256": tuple(line["sha256"])}) for line in self._lines("bill.jsonl")]

    def billed(self) -> int:
        """Nano-USD of all charges."""
        return sum(bill.cost_nano for bill in self.bill())

    def requests(self) -> list[SeenRequest]:
        """Every request since the last reset, also for models and files, in the order they came."""
        seen: dict[int, dict[str, Any]] = {}
        for line in self._lines("requests.jsonl"):
            seen.setdefault(line["seq"], {"outcome": "open", "status": None}).update(line)
        return [SeenRequest(**fields) for _, fields in sorted(seen.items())]

    def script(
        self,
        *,
        faults: Sequence[Entry] | None = None,
        gate: bool | None = None,
        latency: float | None = None,
        ipm: float | None = None,
        bucket: float | None = None,
        drip: float | None = None,
        wrong_key: str | None = None,
        extra_models: Sequence[str] | None = None,
        revise: Sequence[Sequence[str]] | None = None,
        answer: str | None = None,
        moderation: Sequence[Mapping[str, object]] | None = None,
        vectors: Mapping[str, Sequence[float]] | None = None,
        closed: Sequence[str] | None = None,
    ) -> State:
        """Change what is given and leave the rest; `faults` replaces the list. See control for what each does.

        Raises:
            ValueError: the server does not understand it.
        """
        named = {
            "faults": faults, "gate": gate, "latency": latency, "ipm": ipm, "bucket": bucket, "drip": drip,
            "wrong_key": wrong_key, "extra_models": extra_models, "revise": revise, "answer": answer,
            "moderation": moderation, "vectors": vectors, "closed": closed,
        }  # fmt: skip
        return self._control("POST", "", {name: value for name, value in named.items() if value is not None})

    def release(self, count: int | None = None) -> State:
        """Let `count` of the held answers go, oldest first; without a count all, and hold no more."""
        return self._control("POST", "", {"release": True if count is None else count})

    def reset(self) -> State:
        """Drop all connections, empty the bill and forget the script."""
        return self._control("POST", "", {"reset": True})

    def state(self) -> State:
        return self._control("GET", "")

    def wait(self, *, timeout: float = 10, **counts: int) -> State:
        """Until `in_flight`, `requests`, `bills` and `ended` have reached what is given; 0 means none left.

        Raises:
            TimeoutError: `timeout` seconds were not enough.
            ValueError: no such condition.
        """
        return self._control("GET", "/wait?" + urlencode({"timeout": timeout, **counts}), patience=timeout + PATIENCE)

    def stop(self) -> None:
        """End the process, as the end of the test process would. May be called twice."""
        with self.process as process:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise

    def _control(self, method: str, path: str, change: object = None, patience: float = PATIENCE) -> State:
        connection = HTTPConnection("127.0.0.1", self._control_port, timeout=patience)
        try:
            body = None if change is None else json.dumps(change)
            connection.request(method, f"/_control{path}", body)
            answer = connection.getresponse()
            told = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status == 400:
            raise ValueError(told["error"])
        if answer.status == 408:
            raise TimeoutError(f"the fake API never got to {path.removeprefix('/wait?')}: {told}")
        return State(**told)

    def _lines(self, name: str) -> list[dict[str, Any]]:
        lines = (self._directory / name).read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]
