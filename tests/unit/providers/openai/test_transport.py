"""A refusal is read as far as anybody could want it."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from imgcli.providers.openai.transport import MAX_REFUSAL, _bound


class Endless(httpx2.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield bytes(100_000)


@pytest.mark.parametrize("status", [302, 401, 500])
def test_a_refusal_without_end_is_cut(status: int) -> None:
    async def story() -> int:
        response = httpx2.Response(status, stream=Endless())
        await _bound(response)
        return len(await response.aread())

    assert asyncio.run(story()) == MAX_REFUSAL
