"""What the fake API remembers: bill.jsonl, requests.jsonl and the counters that tests wait for."""

import asyncio
import json
import time
from pathlib import Path

from tests.fake_api import multipart
from tests.fake_api.sight import told
from tests.fake_api.wire import Json, Request

PAINTING = "/v1/images/"
PAID = (PAINTING, "/v1/responses", "/v1/chat/completions", "/v1/moderations", "/v1/embeddings")
"""Where what is asked for is work, which mostly costs something."""
CONDITIONS = ("in_flight", "requests", "bills", "ended")


class Books:
    """Opened anew by every reset; what an earlier test left behind writes into closed books, which is nowhere.

    A request takes two lines: one when it came, one with the `outcome` of its connection, written before the last
    byte leaves. A client that vanishes adds another outcome; the last one is true.
    """

    def __init__(self, directory: Path) -> None:
        self._bill = (directory / "bill.jsonl").open("w", encoding="utf-8", newline="\n")
        self._requests = (directory / "requests.jsonl").open("w", encoding="utf-8", newline="\n")
        self._changed = asyncio.Event()
        self._flying: set[int] = set()
        self._painting: set[int] = set()
        self._arrived = 0
        self.peak_in_flight = self.requests = self.bills = self.ended = self.closed_at_accept = 0

    @property
    def in_flight(self) -> int:
        """POSTs for something paid whose answer has not begun to leave, or has not been sent to its end."""
        return len(self._flying)

    def close(self) -> None:
        self._bill.close()
        self._requests.close()
        self._tell()

    def arrive(self, request: Request) -> int:
        """Note a request; its number."""
        self._arrived += 1
        number = self._arrived
        self._write_request({"seq": number, "time": time.time(), **_told(request)})
        if request.method == "POST" and request.path.startswith(PAID):
            self.requests += 1
            self._painting.add(number)
            self._flying.add(number)
            self.peak_in_flight = max(self.peak_in_flight, self.in_flight)
        self._tell()
        return number

    def charge(self, line: Json) -> None:
        if not self._bill.closed:
            self._bill.write(json.dumps(line) + "\n")
            self._bill.flush()
        self.bills += 1
        self._tell()

    def outcome(self, number: int, outcome: str, status: int | None = None) -> None:
        """What the connection does to request `number`, now or, for `silent` and `stalled`, for the time being."""
        self._write_request({"seq": number, "outcome": outcome, "status": status})
        if outcome not in {"silent", "stalled"}:
            self._flying.discard(number)
            if number in self._painting:
                self._painting.discard(number)
                self.ended += 1
        self._tell()

    def at_accept(self) -> None:
        self.closed_at_accept += 1
        self._tell()

    def meets(self, name: str, count: int) -> bool:
        """`name` has reached `count`; a count of 0 is reached by having none."""
        value = int(getattr(self, name))
        return value >= count if count else value == 0

    async def change(self) -> None:
        """Until anything here is different."""
        await self._changed.wait()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _write_request(self, line: Json) -> None:
        if not self._requests.closed:
            self._requests.write(json.dumps(line) + "\n")
            self._requests.flush()


def _told(request: Request) -> Json:
    headers = dict(request.headers)
    if "authorization" in headers:
        headers["authorization"] = headers["authorization"][-4:]
    return {"method": request.method, "path": request.path, "headers": headers, "body": _body(request)}


def _body(request: Request) -> object:
    """The JSON, the parts of a form (see `multipart.told`), or the beginning of what is neither."""
    body, kind = request.body, request.headers.get("content-type", "")
    try:
        if kind.startswith("multipart/"):
            return multipart.told(multipart.parse(body, kind))
        return told(json.loads(body)) if body else None
    except (ValueError, RecursionError):
        return body[:2000].decode("utf-8", "replace")
