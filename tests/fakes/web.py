"""A web server on loopback that says word for word what a test wants said."""

import asyncio
from collections.abc import Iterable
from types import TracebackType
from typing import Self

Said = bytes | Iterable[bytes] | None
"""The bytes of an answer, whole or in pieces; None for silence."""


def said(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An answer; `_` in a header's name stands for `-`."""
    lines = [f"HTTP/1.1 {status} Said", f"content-length: {len(body)}", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class Web:
    """Gives its answers in order, the last one for ever.

    Attributes:
        seen: the requests, head and body, as they came; what is no text in them is replaced.
        bodies: their bodies to the byte.
    """

    def __init__(self, *answers: Said) -> None:
        self._answers = list(answers)
        self._closing = asyncio.Event()
        self.connections = 0
        self.seen: list[str] = []
        self.bodies: list[bytes] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = head.lower().partition("content-length:")[2].partition("\r\n")[0]
            self.bodies.append(await reader.readexactly(int(length or 0)))
            self.seen.append(head + self.bodies[-1].decode(errors="replace"))
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
            if answer is None:
                await self._closing.wait()
            for piece in [answer] if isinstance(answer, bytes) else answer or ():
                writer.write(piece)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the other side hung up, or does not speak HTTP
        finally:
            writer.close()
