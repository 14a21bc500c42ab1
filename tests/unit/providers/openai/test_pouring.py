"""A body on its way to the easel: in blocks, a few at once, and with no key in what is kept of it."""

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence

import pytest

from imgcli.providers.openai.pouring import BLOCK, LONGEST_KEY, Pouring
from tests.fakes.easel import Keeps

KEY = b"sk-test-canary-0123456789abcdef"


def mask(text: bytes) -> bytes:
    return text.replace(KEY, b"...cdef")


async def each(blocks: Sequence[bytes]) -> AsyncIterator[bytes]:
    for block in blocks:
        yield block


def poured(blocks: Sequence[bytes]) -> tuple[Pouring, Keeps, str]:
    easel = Keeps()
    pouring = Pouring(easel, mask)

    async def story() -> str:
        await pouring.pour(each(blocks), asyncio.Semaphore(1))
        return await pouring.keep()

    return pouring, easel, asyncio.run(story())


def test_a_picture_is_handed_over_in_blocks_worth_a_thread() -> None:
    picture = bytes(range(256)) * 12_000
    body = b'{"data": [{"b64_json": "' + base64.b64encode(picture) + b'"}]}'
    pouring, easel, _ = poured([body[start : start + 65536] for start in range(0, len(body), 65536)])
    assert easel.data == picture
    assert all(BLOCK <= len(block) < BLOCK + 65536 for block in easel.blocks[:-1])
    assert bytes(pouring.stream.text) == b'{"data": [{"b64_json": ""}]}'


def test_the_answer_that_is_kept_is_the_one_that_came() -> None:
    body = b'{"data": [{"b64_json": "AAAABBBB", "more": 1}], "x"'
    _, easel, where = poured([body])
    assert (where, easel.kept, easel.data) == ("the spool", body, base64.b64decode("AAAABBBB"))


@pytest.mark.parametrize("size", [997, 65536, 10**7])
def test_no_key_is_kept_however_it_is_cut(size: int) -> None:
    junk = b"-" + b"x" * (2 * BLOCK) + KEY + b"y" * (BLOCK - 10) + KEY + b"z" * LONGEST_KEY
    body = b'{"k": "' + KEY + b'", "data": [{"b64_json": "AAAA' + junk + b'"}], "again": "' + KEY + b'"}'
    _, easel, _ = poured([body[start : start + size] for start in range(0, len(body), size)])
    assert easel.kept == mask(body)


def test_nothing_came_nothing_is_kept() -> None:
    assert poured([])[2] == ""


def test_whoever_waits_for_the_first_byte_takes_no_turn() -> None:
    async def story() -> list[str]:
        turns, order = asyncio.Semaphore(1), []
        late = asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            await late.wait()
            yield b"{}"

        async def one(name: str, blocks: AsyncIterator[bytes]) -> None:
            await Pouring(Keeps(), mask).pour(blocks, turns)
            order.append(name)

        first = asyncio.ensure_future(one("slow", slow()))
        await asyncio.sleep(0)
        await one("quick", each([b"{}"]))
        late.set()
        await first
        return order

    assert asyncio.run(story()) == ["quick", "slow"]


def test_a_few_are_read_at_once_and_the_others_wait() -> None:
    async def story() -> int:
        turns, open_now, most = asyncio.Semaphore(2), 0, 0

        async def body() -> AsyncIterator[bytes]:
            nonlocal open_now, most
            yield b"{"
            open_now += 1
            most = max(most, open_now)
            for _ in range(3):
                await asyncio.sleep(0)
                yield b" "
            open_now -= 1
            yield b"}"

        await asyncio.gather(*(Pouring(Keeps(), mask).pour(body(), turns) for _ in range(9)))
        return most

    assert asyncio.run(story()) == 2
