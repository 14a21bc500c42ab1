"""The fake API from a test's side."""

import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEY = "sk-test-canary-0123456789abcdef"


@dataclass(frozen=True)
class Bill:
    seq: int
    x_client_request_id: str
    prompt: str
    cost_nano: int
    sha256: tuple[str, ...]


@dataclass(frozen=True)
class SeenRequest:
    headers: dict[str, str]
    body: dict[str, Any]


class FakeApi:
    """A running server; use `reset` between tests and `stop` at the end."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        root = Path(__file__).resolve().parents[2]
        self._process = subprocess.Popen(
            [sys.executable, str(root / "tests" / "api" / "server.py"), str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(root)},
            text=True,
        )
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def env(self, home: Path) -> dict[str, str]:
        """The environment of somebody who uses this server."""
        return {"OPENAI_BASE_URL": self.base_url, "OPENAI_API_KEY": KEY, "IMGCLI_HOME": str(home)}

    def bill(self) -> list[Bill]:
        """Every charge so far, each written before its answer was sent."""
        return [Bill(**line | {"sha256": tuple(line["sha256"])}) for line in self._lines("bill.jsonl")]

    def requests(self) -> list[SeenRequest]:
        return [SeenRequest(**line) for line in self._lines("requests.jsonl")]

    def script(self, **change: Any) -> dict[str, Any]:
        """Set faults, gate, latency, ipm and bucket; returns in_flight, peak and requests."""
        return self._call("/_control", change)

    def release(self) -> None:
        self.script(gate=False)

    def reset(self) -> None:
        self.script(reset=True)

    def wait(self, **condition: int) -> None:
        """Until `in_flight` or `requests` is reached."""
        self._call("/_control/wait?" + "&".join(f"{name}={count}" for name, count in condition.items()))

    def stop(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()

    def _call(self, path: str, value: object = None) -> dict[str, Any]:
        data = None if value is None else json.dumps(value).encode()
        url = f"http://127.0.0.1:{self._port}{path}"
        with urllib.request.urlopen(url, data, timeout=30) as answer:
            told: dict[str, Any] = json.load(answer)
            return told

    def _lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self._directory / name).read_text().splitlines()]
