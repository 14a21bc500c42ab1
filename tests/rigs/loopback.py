"""A server of ours on a thread, and clients that say whatever they like to it over real sockets."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

from imgcli.serving.door import Door, Handler, Limits

T = TypeVar("T")
PATIENCE = 20.0
"""Seconds until a test gives up."""


class Loopback:
    """A door that is open, in an event loop of its own."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.loop = asyncio.new_event_loop()
        self.told: list[Exception] = []
        self.limits = limits
        self.door: Door | None = None
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def open(self, handler: Handler) -> int:
        self.door = Door(handler, self.told.append, self.limits)
        return self.run(self.door.open())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def close(self) -> None:
        if self.door is not None:
            self.run(self.door.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()


@contextlib.contextmanager
def loopback(limits: Limits | None = None) -> Iterator[Loopback]:
    served = Loopback(limits)
    try:
        yield served
    finally:
        served.close()


def said(port: int, *parts: bytes, hangs_up: bool = True, host: str = "127.0.0.1") -> bytes:
    """All that is answered to `parts` until the server hangs up; a client that `hangs_up` says that it is done."""
    with socket.create_connection((host, port), PATIENCE) as client:
        with contextlib.suppress(OSError):
            for part in parts:
                client.sendall(part)
            if hangs_up:
                client.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while data := client.recv(65536):
                answer += data
        return answer


def status(answer: bytes) -> int:
    """0 for no answer at all."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]
