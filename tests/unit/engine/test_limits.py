"""The limiter: one pace for everybody, on a clock that moves when somebody sleeps."""

import asyncio
from collections.abc import Coroutine
from itertools import pairwise
from typing import Any

import pytest

from imgcli.engine.limits import LONGEST_HOLD, STALL, Pacer
from imgcli.engine.pace import MARGIN, decode, encode
from imgcli.errors import AttemptError, Money, Retry
from imgcli.model.allowance import Allowance
from imgcli.model.events import Paced, Pacing
from tests.fakes.board import FakeBoard
from tests.fakes.clock import FakeClock


class Bench:
    """Limiters over one board and one clock; `told` is what they said."""

    def __init__(self) -> None:
        self.clock, self.board = FakeClock(), FakeBoard()
        self.told: list[Paced | Pacing] = []

    def pacer(self, stated: float | None = None, name: str = "server", at_once: int = 32) -> Pacer:
        return Pacer(self.clock, self.board, name, stated=stated, at_once=at_once, tell=self.told.append)

    @property
    def now(self) -> float:
        return self.clock.monotonic()

    @property
    def paced(self) -> list[Paced]:
        return [event for event in self.told if isinstance(event, Paced)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def fault(code: str = "rate", wait: float | None = None, limit: float | None = None) -> AttemptError:
    return AttemptError("no", money=Money.VOID, retry=Retry.FREE, code=code, wait=wait, limit=limit)


def done(story: Coroutine[Any, Any, Any]) -> Any:
    async def quickly() -> Any:
        async with asyncio.timeout(20):
            return await story

    return asyncio.run(quickly())


def test_what_nothing_limits_neither_waits_nor_leaves_a_note(bench: Bench) -> None:
    async def story() -> None:
        pacer = bench.pacer(name="")
        for _ in range(500):
            await pacer.end(await pacer.start(), None, None)

    done(story())
    assert (bench.clock.slept, bench.board.notes, bench.told) == ([], {}, [])


def test_four_processes_share_a_stated_pace_in_turns(bench: Bench) -> None:
    order: list[int] = []

    async def one(number: int) -> None:
        pacer = bench.pacer(60)
        for _ in range(10):
            await pacer.end(await pacer.start(), None, None)
            order.append(number)

    async def story() -> float:
        began = bench.now
        await asyncio.gather(*(one(number) for number in range(4)))
        return bench.now - began

    assert done(story()) == pytest.approx(36 * MARGIN, abs=2)
    # None of them waits long for the others.
    for number in range(4):
        places = [place for place, who in enumerate(order) if who == number]
        assert max(b - a for a, b in pairwise(places)) <= 8


def test_who_waits_is_told_with_the_pace(bench: Bench) -> None:
    async def story() -> None:
        pacer = bench.pacer(20)
        await asyncio.gather(*(pacer.start() for _ in range(5)))

    done(story())
    assert Pacing(20, 3) in bench.told
    assert bench.told[-1] == Pacing(20, 0)


def test_a_refusal_holds_everybody_and_teaches_the_limit(bench: Bench) -> None:
    async def story() -> tuple[float, float]:
        mine, theirs = bench.pacer(), bench.pacer()
        began = await mine.start()
        bench.clock.advance(0.5)
        refused = bench.now
        await mine.end(began, fault(wait=12.0, limit=5.0), None)
        return refused, await theirs.start()

    refused, started = done(story())
    assert started >= refused + 12
    # The other process did not hear of the refusal, and is told why it waits.
    assert bench.paced == [Paced(5.0, 12.0, "rate")] * 2


def test_who_sleeps_while_somebody_is_refused_sleeps_on(bench: Bench) -> None:
    async def story() -> tuple[float, float]:
        pacer = bench.pacer(60)
        began = [await pacer.start() for _ in range(4)]
        waiting = asyncio.ensure_future(pacer.start())
        await asyncio.sleep(0)
        await pacer.end(began[-1], fault(wait=30.0), None)
        until = bench.now + 30
        return until, await waiting

    until, started = done(story())
    assert started >= until - 2


def test_bare_refusals_hold_longer_each_time_until_something_passes(bench: Bench) -> None:
    async def story() -> None:
        pacer = bench.pacer()
        for _ in range(9):
            began = await pacer.start()
            bench.clock.advance(0.1)
            await pacer.end(began, fault(), None)
        await pacer.end(await pacer.start(), None, None)
        began = await pacer.start()
        bench.clock.advance(0.1)
        await pacer.end(began, fault(), None)

    done(story())
    assert [round(event.hold) for event in bench.paced] == [
        1,
        2,
        4,
        8,
        16,
        32,
        LONGEST_HOLD,
        LONGEST_HOLD,
        LONGEST_HOLD,
        1,
    ]


def test_an_overloaded_server_is_asked_by_half_as_many_and_then_by_more(bench: Bench) -> None:
    async def story() -> tuple[int, int]:
        pacer = bench.pacer(at_once=8)
        began = [await pacer.start() for _ in range(8)]
        bench.clock.advance(1)
        for at in began:
            await pacer.end(at, fault("overloaded", wait=1.0), None)
        after = await most_at_once(pacer)
        for _ in range(60):
            await pacer.end(await pacer.start(), None, None)
        return after, await most_at_once(pacer)

    async def most_at_once(pacer: Pacer) -> int:
        tasks = [asyncio.ensure_future(pacer.start()) for _ in range(8)]
        for _ in range(100):
            await asyncio.sleep(0)
        began = [task.result() for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        pacer._under_way -= len(began)
        return len(began)

    assert done(story()) == (4, 8)


def test_a_turn_that_is_not_taken_is_given_back(bench: Bench) -> None:
    async def story() -> float:
        pacer = bench.pacer(1)
        await pacer.start()
        for _ in range(5):
            waiting = asyncio.ensure_future(pacer.start())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        return decode(bench.board.notes["server"]).due - bench.now

    bench.clock.sleep = lambda _seconds: asyncio.Event().wait()  # type: ignore[method-assign, assignment, return-value]
    assert done(story()) == pytest.approx(60 * MARGIN)


def test_turns_taken_at_a_slow_pace_are_no_debt_at_a_quick_one(bench: Bench) -> None:
    async def story() -> float:
        pace = decode("")
        for _ in range(3):
            pace.start(bench.now, 0.1)
        bench.board.notes["server"] = encode(pace)
        began = bench.now
        await bench.pacer(600).start()
        await bench.pacer(None).start()
        return bench.now - began

    assert done(story()) < 1


def test_headers_teach_without_a_refusal(bench: Bench) -> None:
    async def story() -> float:
        pacer = bench.pacer()
        await pacer.end(await pacer.start(), None, Allowance(ipm=5, wait=7))
        return await pacer.start() - bench.now

    began = bench.now
    done(story())
    assert bench.now >= began + 7
    assert decode(bench.board.notes["server"]).told == 5


def test_nothing_passed_for_long(bench: Bench) -> None:
    pacer = bench.pacer()
    bench.clock.advance(STALL + 1)
    assert pacer.stalled()
    done(pacer.end(bench.now, None, None))
    assert not pacer.stalled()
