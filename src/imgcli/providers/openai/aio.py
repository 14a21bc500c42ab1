"""httpx2's transport over aiohttp, for the SDK.

The SDK has one too, which hands bodies on in pieces of 16 kB and does not say when a request leaves.
"""

import asyncio
import math
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import cast

import aiohttp
import httpx2
import yarl

from imgcli.providers.openai.sending import Sending

PIECE = 64 * 1024
"""Bytes of a request that go down to the socket at once."""

BUFFER = 32 * 1024
"""Bytes of a body that wait unread, about: the rest is held back by TCP."""

MAX_HEADER = 64 * 1024
MAX_HEADERS = 1024
"""Bytes of a line, and lines, of an answer's head; its picture is paid however long it is."""

READ_SUM = 2 * 1024 * 1024
LEAST_READ = 16 * 1024
"""Bytes taken at once from all sockets, and from one of very many; asyncio takes 256 kB of each."""


class AioTransport(httpx2.AsyncBaseTransport):
    """One session for all requests, a connection for each."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls

    @cached_property
    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0,
            ssl=self._tls,
            force_close=True,
            socket_factory=lambda address: _Socket(*address[:3]),
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Content-Type", "Accept", "Accept-Encoding"),
            read_bufsize=BUFFER,
            max_line_size=MAX_HEADER,
            max_field_size=MAX_HEADER,
            max_headers=MAX_HEADERS,
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        seconds = request.extensions.get("timeout", {})
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=seconds.get("connect"), sock_read=seconds.get("read"))
        # aiohttp knows no limit for writing: a server that reads no more is given up when it should have answered.
        longest = sum(seconds.get(part) or math.inf for part in ("connect", "write", "read"))
        is_answered = False

        def goes_on() -> None:
            # A large body may need longer than a server may be silent.
            if longest < math.inf and not is_answered:
                limit.reschedule(asyncio.get_running_loop().time() + longest)

        with _mapped():
            async with asyncio.timeout(longest if longest < math.inf else None) as limit:
                answer = await self._session.request(
                    request.method,
                    _address(request.url),
                    headers=request.headers.multi_items(),
                    data=_pieces(request, goes_on) if _has_body(request) else None,
                    allow_redirects=False,
                    timeout=timeout,
                )
                is_answered = True
        return httpx2.Response(
            answer.status,
            headers=list(answer.raw_headers),
            stream=_Body(answer),
            request=request,
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": (answer.reason or "").encode()},
        )

    async def aclose(self) -> None:
        if "_session" in self.__dict__:
            await self._session.close()


class _Socket(socket.socket):
    """Takes less at once the more of them are open, so that memory does not grow with them."""

    _open = 0

    def __init__(self, family: int, kind: int, protocol: int) -> None:
        super().__init__(family, kind, protocol)
        _Socket._open += 1

    def close(self) -> None:
        if self.fileno() >= 0:
            _Socket._open -= 1
        super().close()

    def recv(self, size: int, flags: int = 0) -> bytes:
        return super().recv(min(size, max(LEAST_READ, READ_SUM // max(1, self._open))), flags)


class _Body(httpx2.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _mapped():
            while block := await self._answer.content.readany():
                yield block

    async def aclose(self) -> None:
        # One that was not read to its end still has its connection.
        self._answer.close()


async def _pieces(request: httpx2.Request, goes_on: Callable[[], None]) -> AsyncIterator[bytes]:
    """A request's body; each piece is asked for when the one before it went down to the socket.

    Whoever follows the request hears of it before: nothing said is proof that nothing left.
    """
    sending: Sending | None = request.extensions.get("sending")
    # A body that does not say how long it is counts as sent from its first piece on.
    left = int(request.headers.get("content-length", 0))
    async for piece in _cut(request):
        left -= len(piece)
        if sending is not None:
            sending.begun = True
            # An answer that came before counts as proof that enough had left.
            sending.sent = sending.sent or left <= 0
        goes_on()
        yield piece


async def _cut(request: httpx2.Request) -> AsyncIterator[bytes]:
    """The body in pieces of one size, but for the last: the parts of a form come as they are, a line or a picture."""
    waiting = bytearray()
    async for block in cast("httpx2.AsyncByteStream", request.stream):
        waiting += block
        while len(waiting) > PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    yield bytes(waiting)


def _has_body(request: httpx2.Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _address(url: httpx2.URL) -> yarl.URL:
    """As it is, without a name and password: what of them is meant for the server is in the headers already."""
    return yarl.URL(f"{url.scheme}://{url.netloc.decode()}{url.raw_path.decode()}", encoded=True)


@contextmanager
def _mapped() -> Iterator[None]:
    """Errors of aiohttp as those of httpx2, which the SDK knows."""
    try:
        yield
    except (aiohttp.ConnectionTimeoutError, aiohttp.ServerTimeoutError) as error:
        kind = httpx2.ConnectTimeout if isinstance(error, aiohttp.ConnectionTimeoutError) else httpx2.ReadTimeout
        raise kind(str(error)) from error
    except aiohttp.ClientConnectorError as error:
        raise httpx2.ConnectError(str(error)) from error
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
        raise httpx2.ReadError(str(error)) from error
    except TimeoutError as error:
        raise httpx2.WriteTimeout("the request was not read") from error
    except aiohttp.ClientError as error:
        raise httpx2.RemoteProtocolError(str(error)) from error
