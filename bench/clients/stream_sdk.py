"""The best the OpenAI SDK can do: its streamed answer, decoded block by block into the file."""

import asyncio
import sys

import openai

from bench.clients.base64_stream import Picture
from bench.clients.order import Told, read_order, wanted


async def make(order: Told) -> None:
    turns = asyncio.Semaphore(order.at_once)
    async with openai.AsyncOpenAI(base_url=order.base_url, max_retries=order.max_retries) as client:
        streamed = client.images.with_streaming_response

        async def one(index: int) -> None:
            async with turns, streamed.generate(**wanted(order, index)) as answer:  # type: ignore[call-overload]
                with order.path(index).open("wb") as file:
                    picture = Picture(file)
                    async for block in answer.iter_bytes():
                        picture.feed(block)

        await asyncio.gather(*(one(index) for index in range(order.count)))


if __name__ == "__main__":
    sys.exit(asyncio.run(make(read_order())))
