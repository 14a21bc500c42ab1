"""What most people write: the OpenAI SDK, gather, a semaphore, b64decode, write."""

import asyncio
import base64
import sys

import openai

from bench.clients.order import Told, read_order, wanted


async def make(order: Told) -> int:
    """How many pictures failed."""
    turns = asyncio.Semaphore(order.at_once)
    async with openai.AsyncOpenAI(base_url=order.base_url, max_retries=order.max_retries) as client:

        async def one(index: int) -> None:
            async with turns:
                answer = await client.images.generate(**wanted(order, index))  # type: ignore[call-overload]
                order.path(index).write_bytes(base64.b64decode(answer.data[0].b64_json))

        done = await asyncio.gather(*(one(index) for index in range(order.count)), return_exceptions=True)
    failed = [error for error in done if error is not None]
    if failed:
        sys.stderr.write(f"{len(failed)} failed: {failed[0]}\n")
    return len(failed)


if __name__ == "__main__":
    sys.exit(min(1, asyncio.run(make(read_order()))))
