"""A small server for browsers of this machine: bounded in connections, bytes and seconds; knows no domain."""

import asyncio
import contextlib
import errno
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from imgcli.errors import UsageError
from imgcli.machine import why
from imgcli.serving.wire import END, MOST_HEAD, RefusedError, Request, Response, chunk, head_of, read_head, refusal

LOOPBACK = ("127.0.0.1", "::1")
"""Addresses that nobody outside of this machine reaches."""

BLOCK = 64 * 1024

LISTENS = 1.0
"""Seconds for which one that was refused may go on talking."""

MOST_UNREAD = 1024 * 1024
"""Bytes that it may say meanwhile."""

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Connections at once, and seconds: for a whole request, between two of them, and for a client to take a block."""

    connections: int = 128
    request: float = 10.0
    idle: float = 60.0
    block: float = 30.0


class Door:
    """Takes requests on loopback and hands each to `handler`; what fails there is told to `tell`, and answered by 500."""

    def __init__(
        self, handler: Handler, tell: Callable[[Exception], None] = lambda _: None, limits: Limits | None = None
    ) -> None:
        self._handler, self._tell, self._limits = handler, tell, limits or Limits()
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()
        self._waiting: dict[asyncio.Task[None], None] = {}
        self.port = 0

    async def open(self, port: int = 0) -> int:
        """Listen, and return the port; 0 takes one that is free.

        Raises:
            UsageError: it is taken, or may not be had.
        """
        first, *others = LOOPBACK
        try:
            self._servers.append(await self._listen(first, port))
        except OSError as error:
            taken = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be had: {why(error)}"
            raise UsageError(f"port {port} {taken}; leave out --port, which takes a free one") from None
        self.port = int(self._servers[0].sockets[0].getsockname()[1])
        for address in others:
            # Browsers may look for localhost there first; a machine without it does without.
            with contextlib.suppress(OSError):
                self._servers.append(await self._listen(address, self.port))
        return self.port

    async def _listen(self, address: str, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._taken, address, port, limit=MOST_HEAD)

    async def close(self) -> None:
        """Hang up on everybody."""
        for server in self._servers:
            server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or (len(self._open) >= self._limits.connections and not self._makes_room()):
            writer.transport.abort()
            return
        self._open.add(task)
        try:
            # Clients go away whenever they like, and that is nobody's business.
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            self._open.discard(task)
            writer.close()

    def _makes_room(self) -> bool:
        """Hang up on who has been waited for longest, so that nobody keeps others out by saying nothing."""
        silent = next(iter(self._waiting), None)
        if silent is None:
            return False
        del self._waiting[silent]
        self._open.discard(silent)
        silent.cancel()
        return True

    async def _heard(self, reader: asyncio.StreamReader) -> Request | None:
        """As `_request`, as one of those who are waited for."""
        task = asyncio.current_task()
        if task is not None:
            self._waiting[task] = None
        try:
            return await self._request(reader)
        finally:
            self._waiting.pop(task, None)  # type: ignore[arg-type] # None is no key

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Take one request and answer it; whether another may follow."""
        try:
            request = await self._heard(reader)
        except RefusedError as refused:
            await self._send(writer, refusal(refused.status), is_head=False, closes=True)
            await self._let_finish(reader, writer)
            return False
        if request is None:
            return False
        try:
            response = await self._handler(request)
        except RefusedError as refused:
            response = refusal(refused.status)
        except Exception as error:  # noqa: BLE001 - a server outlives what goes wrong with one request
            self._tell(error)
            response = refusal(HTTPStatus.INTERNAL_SERVER_ERROR)
        closes = response.closes or not request.lasts
        try:
            await self._send(writer, response, is_head=request.method == "HEAD", closes=closes)
        except (OSError, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - as above; half an answer is never ended like a whole one
            self._tell(error)
            return False
        return not closes

    async def _request(self, reader: asyncio.StreamReader) -> Request | None:
        """The next request with its body; None when the client is done.

        Raises:
            RefusedError: it is too large, too slow, or none.
        """
        limits = self._limits
        async with asyncio.timeout(limits.idle):
            if not (begun := await reader.read(1)):
                return None
        try:
            async with asyncio.timeout(limits.request):
                head = begun + await reader.readuntil(END)
                request = read_head(head)
                if not request.length:
                    return request
                return replace(request, body=await reader.readexactly(request.length))
        except TimeoutError:
            raise RefusedError(HTTPStatus.REQUEST_TIMEOUT) from None
        except asyncio.LimitOverrunError:
            raise RefusedError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from None

    async def _send(self, writer: asyncio.StreamWriter, response: Response, *, is_head: bool, closes: bool) -> None:
        writer.write(head_of(response, closes=closes))
        if isinstance(response.body, bytes):
            whole = b"" if is_head else response.body
            for start in range(0, len(whole), BLOCK):
                writer.write(whole[start : start + BLOCK])
                await self._drain(writer)
        elif not is_head:
            async for piece in response.body:
                if piece:
                    writer.write(chunk(piece))
                    await self._drain(writer)
            writer.write(chunk(b""))
        await self._drain(writer)

    async def _let_finish(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A client that is still talking hears why it is hung up on only if it is listened to for a moment."""
        writer.write_eof()
        async with asyncio.timeout(LISTENS):
            for _ in range(MOST_UNREAD // BLOCK):
                if not await reader.read(BLOCK):
                    return

    async def _drain(self, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(self._limits.block):
            await writer.drain()
