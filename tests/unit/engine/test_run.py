"""Many things at once, a bounded number of them alive."""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.engine.run import run_each


def done(story: Coroutine[Any, Any, Any]) -> Any:
    async def quickly() -> Any:
        async with asyncio.timeout(5):
            return await story

    return asyncio.run(quickly())


class Site:
    """Counts what is under way; `pauses` are turns of the loop each item takes."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.finished: list[int] = []
        self.alive = self.peak = 0

    def items(self, count: int) -> Iterator[int]:
        for item in range(count):
            self.taken.append(item)
            yield item

    async def work(self, pauses: int) -> None:
        self.alive += 1
        self.peak = max(self.peak, self.alive)
        for _ in range(pauses):
            await asyncio.sleep(0)
        self.alive -= 1


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 12))
def test_every_item_is_done_once_and_never_too_many_at_once(pauses: list[int], at_once: int) -> None:
    site = Site()

    async def work(item: int) -> None:
        await site.work(pauses[item])
        site.finished.append(item)

    done(run_each(work, site.items(len(pauses)), at_once))
    assert sorted(site.finished) == list(range(len(pauses)))
    assert site.peak <= min(at_once, len(pauses))


def test_all_places_are_used() -> None:
    async def story() -> int:
        site, full = Site(), asyncio.Event()

        async def work(_: int) -> None:
            site.alive += 1
            if site.alive == 4:
                full.set()
            await full.wait()

        await run_each(work, range(4), 4)
        return site.alive

    assert done(story()) == 4


def test_items_are_taken_in_order_and_only_as_places_fall_free() -> None:
    async def story() -> None:
        site = Site()
        gates = [asyncio.Event() for _ in range(9)]

        async def work(item: int) -> None:
            await gates[item].wait()

        task = asyncio.ensure_future(run_each(work, site.items(9), 3))
        for _ in range(5):
            await asyncio.sleep(0)
        assert site.taken == [0, 1, 2]
        gates[1].set()
        for _ in range(5):
            await asyncio.sleep(0)
        assert site.taken == [0, 1, 2, 3]
        for gate in gates:
            gate.set()
        await task
        assert site.taken == list(range(9))

    done(story())


def test_endless_items_are_no_matter() -> None:
    async def story() -> None:
        def forever() -> Iterator[int]:
            while True:
                yield 1

        count = 0

        async def work(_: int) -> None:
            nonlocal count
            count += 1
            await asyncio.sleep(0)
            if count >= 100:
                raise ZeroDivisionError

        with pytest.raises(ExceptionGroup):
            await run_each(work, forever(), 5)
        assert count < 110

    done(story())


def test_an_error_cancels_the_others_and_takes_nothing_more() -> None:
    async def story() -> None:
        site, ended = Site(), []

        async def work(item: int) -> None:
            if item == 2:
                await asyncio.sleep(0)
                raise ZeroDivisionError
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(item)

        with pytest.raises(ExceptionGroup) as caught:
            await run_each(work, site.items(50), 3)
        assert caught.group_contains(ZeroDivisionError)
        assert sorted(ended) == [0, 1]
        assert site.taken == [0, 1, 2]

    done(story())


def test_work_that_answers_a_cancellation_with_a_result_takes_nothing_more_either() -> None:
    """As paid work does: it settles what it can, and its worker must not go on spending."""

    async def story() -> None:
        site, settled = Site(), []

        async def work(item: int) -> None:
            assert item < 4, "taken after the cancellation"
            if item == 1:
                await asyncio.sleep(0)
                raise ZeroDivisionError
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                settled.append(item)

        with pytest.raises(ExceptionGroup):
            await run_each(work, site.items(50), 4)
        assert sorted(settled) == [0, 2, 3]
        assert site.taken == [0, 1, 2, 3]

    done(story())


def test_cancelled_from_outside_it_cancels_its_work() -> None:
    async def story() -> None:
        site, ended = Site(), []

        async def work(item: int) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(item)

        task = asyncio.ensure_future(run_each(work, site.items(9), 2))
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (sorted(ended), site.taken) == ([0, 1], [0, 1])

    done(story())


def test_nothing_to_do_is_done_at_once() -> None:
    async def work(item: int) -> None:
        raise AssertionError(item)

    done(run_each(work, [], 8))


@pytest.mark.parametrize("at_once", [0, -1])
def test_no_place_at_all_is_an_error_not_silence(at_once: int) -> None:
    async def work(item: int) -> None:
        raise AssertionError(item)

    with pytest.raises(ValueError, match="never do anything"):
        done(run_each(work, [1], at_once))
