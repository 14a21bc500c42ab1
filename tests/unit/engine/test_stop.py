"""How a run ends early."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from imgcli.engine.stop import Stop
from imgcli.errors import AttemptError, Money

LOST = AttemptError("cut off", money=Money.HOLD)


def done(story: Coroutine[Any, Any, Any]) -> Any:
    async def quickly() -> Any:
        async with asyncio.timeout(5):
            return await story

    return asyncio.run(quickly())


async def a_few_turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Work:
    """Runs until it is let go or cancelled; then does as it was told."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.go = asyncio.Event()
        self.began = asyncio.Event()
        self.cancelled = self.over = False

    async def run(self) -> object:
        self.began.set()
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            await asyncio.sleep(0)
            if self.answer is None:
                raise
        finally:
            self.over = True
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def test_the_first_reason_stands() -> None:
    stop = Stop()
    assert (stop.draining, stop.reason) == (False, "")
    stop.drain("no credit")
    stop.drain("later")
    stop.abort("Ctrl-C twice")
    assert (stop.draining, stop.reason) == (True, "no credit")


def test_an_abort_drains_too() -> None:
    stop = Stop()
    stop.abort("Ctrl-C")
    assert (stop.draining, stop.reason) == (True, "Ctrl-C")


def test_a_wait_goes_through_while_nothing_stops_it() -> None:
    async def story() -> None:
        stop, work = Stop(), Work("well")
        work.go.set()
        assert await stop.unless_draining(work.run()) == "well"
        work = Work(ValueError("no"))
        work.go.set()
        with pytest.raises(ValueError, match="no"):
            await stop.unless_draining(work.run())

    done(story())


@pytest.mark.parametrize("end", ["drain", "abort"])
def test_a_wait_ends_as_soon_as_the_run_drains(end: str) -> None:
    async def story() -> None:
        stop, work = Stop(), Work(None)
        task = asyncio.ensure_future(stop.unless_draining(work.run()))
        await work.began.wait()
        getattr(stop, end)("enough")
        assert await task is None
        await a_few_turns()
        assert (work.cancelled, work.over) == (True, True)

    done(story())


def test_a_wait_never_begins_once_the_run_drains() -> None:
    async def story() -> None:
        stop, work = Stop(), Work("well")
        stop.drain("enough")
        assert await stop.unless_draining(work.run()) is None
        assert not work.began.is_set()

    done(story())


def test_a_result_that_came_in_time_is_not_lost_to_a_drain_in_the_same_turn() -> None:
    async def story() -> None:
        stop, work = Stop(), Work("well")
        task = asyncio.ensure_future(stop.unless_draining(work.run()))
        await work.began.wait()
        work.go.set()
        await asyncio.sleep(0)
        stop.drain("enough")
        assert await task == "well"

    done(story())


def test_a_waiter_that_is_cancelled_leaves_nothing_behind() -> None:
    async def story() -> None:
        stop, work = Stop(), Work(None)
        task = asyncio.ensure_future(stop.unless_draining(work.run()))
        await work.began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await a_few_turns()
        assert work.over
        assert asyncio.all_tasks() == {asyncio.current_task()}

    done(story())


def test_paid_work_is_not_cut_off_by_a_drain() -> None:
    async def story() -> None:
        stop, work = Stop(), Work("picture")
        task = asyncio.ensure_future(stop.unless_aborting(work.run()))
        await work.began.wait()
        stop.drain("enough")
        await a_few_turns()
        assert not work.over
        work.go.set()
        assert await task == "picture"

    done(story())


@pytest.mark.parametrize("end", ["abort", "cancel"])
def test_paid_work_that_is_cut_off_still_says_what_became_of_it(end: str) -> None:
    """Whether the run aborts or the caller is cancelled: its answer counts, and nothing runs on unheard."""

    async def cut(answer: object) -> tuple[Work, "asyncio.Task[object]"]:
        stop, work = Stop(), Work(answer)
        task = asyncio.ensure_future(stop.unless_aborting(work.run()))
        await work.began.wait()
        if end == "abort":
            stop.abort("Ctrl-C twice")
        else:
            task.cancel()
        await asyncio.wait([task])
        assert (work.cancelled, work.over) == (True, True)
        return work, task

    async def story() -> None:
        _, task = await cut("picture")
        assert await task == "picture"
        _, task = await cut(LOST)
        assert task.exception() is LOST
        _, task = await cut(None)
        assert task.cancelled()
        await a_few_turns()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    done(story())


def test_work_that_begins_after_an_abort_is_cancelled_at_its_first_wait() -> None:
    async def story() -> None:
        stop, work = Stop(), Work(LOST)
        stop.abort("Ctrl-C twice")
        with pytest.raises(AttemptError, match="cut off"):
            await stop.unless_aborting(work.run())

    done(story())


def test_a_failure_of_paid_work_is_its_own() -> None:
    async def story() -> None:
        stop, work = Stop(), Work(LOST)
        work.go.set()
        with pytest.raises(AttemptError) as caught:
            await stop.unless_aborting(work.run())
        assert caught.value is LOST
        await a_few_turns()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    done(story())
