"""HTTP alone, without an SDK: aiohttp, or httpx2 where that is missing, decoded block by block into the file."""

import asyncio
import importlib
import importlib.util
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bench.clients.base64_stream import Picture
from bench.clients.order import Told, read_order, wanted

Post = Callable[[dict[str, str]], AbstractAsyncContextManager[AsyncIterator[bytes]]]
"""Sends a body and gives the blocks of the answer."""

BUFFER = 256 * 1024


@asynccontextmanager
async def _with_aiohttp(order: Told, headers: dict[str, str]) -> AsyncIterator[Post]:
    aiohttp = importlib.import_module("aiohttp")
    connector = aiohttp.TCPConnector(limit=order.at_once)
    async with aiohttp.ClientSession(connector=connector, headers=headers, read_bufsize=BUFFER) as session:

        @asynccontextmanager
        async def post(body: dict[str, str]) -> AsyncIterator[AsyncIterator[bytes]]:
            async with session.post(f"{order.base_url}/images/generations", json=body) as answer:
                answer.raise_for_status()
                yield answer.content.iter_any()

        yield post


@asynccontextmanager
async def _with_httpx2(order: Told, headers: dict[str, str]) -> AsyncIterator[Post]:
    httpx2 = importlib.import_module("httpx2")
    limits = httpx2.Limits(max_connections=order.at_once, max_keepalive_connections=order.at_once)
    async with httpx2.AsyncClient(headers=headers, limits=limits, timeout=None) as session:

        @asynccontextmanager
        async def post(body: dict[str, str]) -> AsyncIterator[AsyncIterator[bytes]]:
            async with session.stream("POST", f"{order.base_url}/images/generations", json=body) as answer:
                answer.raise_for_status()
                yield answer.aiter_bytes()

        yield post


async def make(order: Told) -> None:
    turns = asyncio.Semaphore(order.at_once)
    transport = _with_aiohttp if importlib.util.find_spec("aiohttp") else _with_httpx2
    async with transport(order, {"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"}) as post:

        async def one(index: int) -> None:
            async with turns, post(wanted(order, index)) as blocks:
                with order.path(index).open("wb") as file:
                    picture = Picture(file)
                    async for block in blocks:
                        picture.feed(block)

        await asyncio.gather(*(one(index) for index in range(order.count)))


if __name__ == "__main__":
    sys.exit(asyncio.run(make(read_order())))
