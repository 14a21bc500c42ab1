"""A fast fake of the OpenAI Images API, for benches: what it costs must not be what is measured.

    python -m bench.server

prints {"port": N} once it listens on the loopback, and serves until stdin closes. About one CPU millisecond for an
answer of 2.6 MB: bodies lie ready in memory and go to the kernel as they are. It checks little; tests/fake_api is the
correct one. POST /_control with a Manner makes it new and tells what its pictures weigh; GET /_control returns the
Tally and resets it.
"""

import asyncio
import base64
import itertools
import json
import os
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from bench.manner import BARE, CONTROL, QUALITY, REAL, Manner, Tally
from bench.noise import Rest, head, rests
from tests.fake_api.faults import rate_limit
from tests.fake_api.prices import NEWEST_KNOWN, usage
from tests.fake_api.script import Limit

POOL_BYTES = 1 << 27
MOST_RESTS = 16
"""Different bodies, as far as 128 MB of base64 go: one alone would never leave the cache of the processor."""

PATHS = ("/v1/images/generations",)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
BARE_REFUSAL = {"error": {"message": "Rate limit reached.", "type": "requests", "param": None, "code": None}}
PHRASES = {200: "OK", 400: "Bad Request", 404: "Not Found", 429: "Too Many Requests"}

Piece = bytes | memoryview


def _nothing() -> None:
    """When nobody waits for the end of an answer."""


class Connection:
    """One client; requests come in turn, each after the answer to the one before."""

    def __init__(self, service: "Service", peer: socket.socket) -> None:
        self._service = service
        self._peer = peer
        self._loop = asyncio.get_running_loop()
        self._received = b""
        self._unsent: list[memoryview] = []
        self._then: Callable[[], None] = _nothing
        self.is_open = True
        self._loop.add_reader(peer, self._read)

    def _read(self) -> None:
        try:
            data = self._peer.recv(1 << 16)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            self._close()
            return
        self._received += data
        start = self._received.find(b"\r\n\r\n") + 4
        told = LENGTH.search(self._received, 0, start)
        end = start + (int(told[1]) if told else 0)
        if start >= 4 and len(self._received) >= end:
            words = self._received.split(b" ", 2)
            body, self._received = self._received[start:end], self._received[end:]
            self._service.arrived(self, words[0].decode(), words[1].decode(), body)

    def send(self, status: int, headers: dict[str, str], *body: Piece, then: Callable[[], None] = _nothing) -> None:
        """One answer; `then` is called when the kernel has all of it."""
        length = sum(len(piece) for piece in body)
        told = {"content-type": "application/json", "content-length": str(length), **headers}
        lines = [f"HTTP/1.1 {status} {PHRASES[status]}", *(f"{name}: {text}" for name, text in told.items()), "", ""]
        self._unsent = [memoryview(piece) for piece in ("\r\n".join(lines).encode(), *body)]
        self._then = then
        self._write()

    def _write(self) -> None:
        if not self.is_open:
            return
        try:
            sent = self._peer.sendmsg(self._unsent)
        except BlockingIOError:
            sent = 0
        except ConnectionError:
            self._close()
            return
        while self._unsent and sent >= len(self._unsent[0]):
            sent -= len(self._unsent.pop(0))
        if self._unsent:
            self._unsent[0] = self._unsent[0][sent:]
            self._loop.add_writer(self._peer, self._write)
        else:
            self._loop.remove_writer(self._peer)
            self._then()

    def _close(self) -> None:
        self.is_open = False
        self._loop.remove_reader(self._peer)
        self._loop.remove_writer(self._peer)
        self._peer.close()


class Service:
    """What is answered, and when."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        # Never set back: pictures stay different for as long as the server lives.
        self._numbers = itertools.count(1)
        self._shape = (0, 0)
        self._rests: list[Rest] = []
        self._behave(Manner(size="16x16"))

    def _behave(self, manner: Manner) -> None:
        self._manner = manner
        if manner.shape != self._shape:
            self._shape = manner.shape
            self._rests = []
            (first,) = rests(*self._shape, 1)
            self._rests = rests(*self._shape, max(2, min(MOST_RESTS, POOL_BYTES // len(first.encoded))))
        self._limit = Limit(manner.ipm, manner.bucket, time.monotonic) if manner.ipm else None
        self._latencies: Iterator[float] = manner.latencies()
        self._held: list[partial[None]] = []
        self._flying = 0
        self._reset()

    def _reset(self) -> None:
        self._tally = Tally()
        self._cpu = time.process_time()

    def arrived(self, connection: Connection, method: str, path: str, body: bytes) -> None:
        if path in PATHS and method == "POST":
            self._paint(connection, body)
        elif path == CONTROL:
            connection.send(200, {}, json.dumps(self._controlled(body)).encode())
        else:
            connection.send(404, {}, b'{"error": {"message": "Invalid URL", "type": "invalid_request_error"}}')

    def _controlled(self, body: bytes) -> dict[str, Any]:
        if body:
            self._behave(Manner(**json.loads(body)))
            return {"rests": [[rest.size, rest.crc] for rest in self._rests]}
        self._tally.cpu = time.process_time() - self._cpu
        told = asdict(self._tally)
        self._reset()
        return told

    def _paint(self, connection: Connection, body: bytes) -> None:
        tally, order = self._tally, json.loads(body)
        tally.first = tally.first or time.time()
        tally.requests += 1
        if (order.get("size"), order.get("quality"), order.get("n") or 1) != (self._manner.size, QUALITY, 1):
            message = f"only n 1, size {self._manner.size}, quality {QUALITY}"
            connection.send(400, {}, json.dumps({"error": {"message": message, "code": "invalid_value"}}).encode())
            return
        if self._limit and (wait := self._limit.take(1)):
            tally.refused += 1
            self._refuse(connection, self._limit, wait)
            return
        self._flying += 1
        tally.peak = max(tally.peak, self._flying)
        self._later(partial(self._answer, connection, next(self._numbers), order["prompt"]))

    def _later(self, answer: "partial[None]") -> None:
        latency = next(self._latencies)
        if self._manner.gate:
            self._held.append(answer)
            if len(self._held) >= self._manner.gate:
                held, self._held = self._held, []
                for each in held:
                    each()
        elif latency:
            self._loop.call_later(latency, answer)
        else:
            answer()

    def _refuse(self, connection: Connection, limit: Limit, wait: float) -> None:
        if self._manner.via == BARE:
            connection.send(429, {}, json.dumps(BARE_REFUSAL).encode())
            return
        via = "retry-after-ms" if self._manner.via == REAL else self._manner.via
        fault = rate_limit(limit.per_minute, limit.used, 1, wait, via)
        connection.send(429, dict(fault.headers), json.dumps(fault.said).encode())

    def _answer(self, connection: Connection, number: int, prompt: str) -> None:
        width, height = self._shape
        first = '{"created": 1790000000, "background": "opaque", "data": [{"b64_json": "'
        told = json.dumps(usage(NEWEST_KNOWN, prompt, QUALITY, width, height))
        last = f'"}}], "output_format": "png", "quality": "{QUALITY}", "size": "{width}x{height}", "usage": {told}}}'
        begun = first.encode() + base64.b64encode(head(width, height, number))
        rest = self._rests[number % len(self._rests)].encoded
        done = partial(self._answered, self._tally)
        connection.send(200, {"x-request-id": f"req_{number:06}"}, begun, rest, last.encode(), then=done)

    def _answered(self, tally: Tally) -> None:
        self._flying -= 1
        tally.answers += 1
        tally.last = time.time()


def _end_with_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """The pipe of stdin closes when the parent dies, however it dies."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, daemon=True).start()


async def main() -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    service = Service()
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    listener.setblocking(False)

    def accept() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except BlockingIOError:
                return
            peer.setblocking(False)
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Connection(service, peer)

    loop.add_reader(listener, accept)
    sys.stdout.write(json.dumps({"port": listener.getsockname()[1]}) + "\n")
    sys.stdout.flush()
    _end_with_parent(loop, stop)
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
