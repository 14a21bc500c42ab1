"""A body on its way to the easel: in blocks, and with no key in what is kept of it."""

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence

import pytest

from imgcli.providers.openai.flow import MOST, Flow
from imgcli.providers.openai.pouring import LONGEST_KEY, Pouring
from tests.fakes.easel import Keeps

KEY = b"sk-test-canary-0123456789abcdef"


def mask(text: bytes) -> bytes:
    return text.replace(KEY, b"...cdef")


async def each(blocks: Sequence[bytes]) -> AsyncIterator[bytes]:
    for block in blocks:
        yield block


def poured(blocks: Sequence[bytes]) -> tuple[Pouring, Keeps, str]:
    easel = Keeps()
    pouring = Pouring(easel, mask, Flow())

    async def story() -> str:
        await pouring.pour(each(blocks))
        return await pouring.keep()

    return pouring, easel, asyncio.run(story())


def test_a_picture_is_handed_over_in_blocks_worth_a_thread() -> None:
    picture = bytes(range(256)) * 12_000
    body = b'{"data": [{"b64_json": "' + base64.b64encode(picture) + b'"}]}'
    pouring, easel, _ = poured([body[start : start + 65536] for start in range(0, len(body), 65536)])
    assert easel.data == picture
    assert all(MOST <= len(block) < MOST + 65536 for block in easel.blocks[:-1])
    assert bytes(pouring.stream.text) == b'{"data": [{"b64_json": ""}]}'


def test_the_answer_that_is_kept_is_the_one_that_came() -> None:
    body = b'{"data": [{"b64_json": "AAAABBBB", "more": 1}], "x"'
    _, easel, where = poured([body])
    assert (where, easel.kept, easel.data) == ("the spool", body, base64.b64decode("AAAABBBB"))


@pytest.mark.parametrize("size", [997, 65536, 10**7])
def test_no_key_is_kept_however_it_is_cut(size: int) -> None:
    junk = b"-" + b"x" * (2 * MOST) + KEY + b"y" * (MOST - 10) + KEY + b"z" * LONGEST_KEY
    body = b'{"k": "' + KEY + b'", "data": [{"b64_json": "AAAA' + junk + b'"}], "again": "' + KEY + b'"}'
    _, easel, _ = poured([body[start : start + size] for start in range(0, len(body), size)])
    assert easel.kept == mask(body)


def test_nothing_came_nothing_is_kept() -> None:
    assert poured([])[2] == ""


def test_a_body_that_breaks_off_is_on_the_easel_as_far_as_it_came() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b'{"data": [{"b64_json": "' + base64.b64encode(bytes(3000))
        raise ConnectionError

    async def story() -> tuple[bytes, str]:
        easel = Keeps()
        pouring = Pouring(easel, mask, Flow())
        with pytest.raises(ConnectionError):
            await pouring.pour(broken())
        return easel.data, await pouring.keep()

    assert asyncio.run(story()) == (bytes(3000), "the spool")
