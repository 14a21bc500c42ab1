"""The way of a request down to the socket.

The SDK brings httpx2, whose HTTP is written in Python. Where aiohttp is installed its C parser takes over, which takes a
third of the CPU time to read a picture.
"""

from collections.abc import AsyncIterator, Callable
from importlib.util import find_spec
from typing import Any

import httpx2

from imgcli.providers.openai.sending import SENDING

CONNECT_SECONDS = 15.0
MAX_REFUSAL = 1024 * 1024
"""Bytes of an answer with an error status that are read."""


def open_client(timeout: httpx2.Timeout, *, is_direct: bool) -> httpx2.AsyncClient:
    """A client that follows no redirect, tells `SENDING` how far it got, and opens as many connections as it takes.

    Args:
        timeout: seconds to connect, and without a byte.
        is_direct: whether no proxy stands in the way; with one, httpx2 does it all.
    """
    hooks: dict[str, list[Callable[..., Any]]] = {"request": [_follow], "response": [_bound]}
    # A connection for each request: whatever comes late on one that was used before would count as the next answer,
    # which pays twice, or puts a picture under the wrong words.
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
    transport = None
    if is_direct and find_spec("aiohttp") is not None:
        from imgcli.providers.openai.aio import AioTransport  # noqa: PLC0415 - an optional part

        transport = AioTransport(httpx2.create_ssl_context())
    return httpx2.AsyncClient(
        timeout=timeout, follow_redirects=False, limits=limits, transport=transport, event_hooks=hooks
    )


async def _follow(request: httpx2.Request) -> None:
    sending = SENDING.get(None)
    if sending is not None:
        request.extensions = {**request.extensions, "trace": sending.trace, "sending": sending}


async def _bound(response: httpx2.Response) -> None:
    """The SDK reads a refusal whole, however long it is."""
    if not response.is_success and isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Beginning(response.stream)


class _Beginning(httpx2.AsyncByteStream):
    """As much of a body as is read of a refusal."""

    def __init__(self, whole: httpx2.AsyncByteStream) -> None:
        self._whole = whole

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MAX_REFUSAL
        async for block in self._whole:
            yield block[:left]
            left -= len(block)
            if left <= 0:
                return

    async def aclose(self) -> None:
        await self._whole.aclose()
