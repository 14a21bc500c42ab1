"""The pace: one limiter for everybody, on a clock that moves when somebody sleeps."""

import asyncio
from collections.abc import Coroutine
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.engine.limits import FIRST_BUCKET, LEAST_IPM, SLACK, Pacer
from tests.fakes.clock import FakeClock

Told = list[tuple[float | None, float, str]]
IPM = st.floats(1, 2000)


def a_pacer(ipm: float | None) -> tuple[Pacer, FakeClock, Told]:
    clock, told = FakeClock(), Told()
    return Pacer(clock, ipm, lambda pace, hold, reason: told.append((pace, hold, reason))), clock, told


def bucket(ipm: float) -> float:
    return min(FIRST_BUCKET, max(1.0, ipm / 12 * SLACK))


async def starts(pacer: Pacer, clock: FakeClock, count: int) -> list[float]:
    """Seconds of the clock at which each of `count` pictures may start, all asking at once."""
    began = []

    async def one() -> None:
        await pacer.wait()
        began.append(clock.monotonic())

    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(one())
    return began


def done(story: Coroutine[Any, Any, Any]) -> Any:
    async def quickly() -> Any:
        async with asyncio.timeout(5):
            return await story

    return asyncio.run(quickly())


def never_faster_than(ipm: float, began: list[float]) -> None:
    for i, first in enumerate(began):
        for j in range(i, len(began)):
            assert j - i + 1 <= bucket(ipm) + (began[j] - first) * ipm / 60 + 1e-6


def test_without_a_limit_nobody_waits() -> None:
    pacer, clock, told = a_pacer(None)
    done(starts(pacer, clock, 500))
    assert (clock.slept, told, pacer.ipm) == ([], [], None)


@pytest.mark.parametrize(("ipm", "count"), [(5, 1), (5, 10), (20, 40), (60, 60), (250, 100), (1000, 200)])
def test_n_pictures_take_as_long_as_the_limit_says(ipm: float, count: int) -> None:
    pacer, clock, _ = a_pacer(ipm)
    began = clock.monotonic()
    done(starts(pacer, clock, count))
    assert clock.monotonic() - began == pytest.approx(max(0.0, (count - bucket(ipm)) * 60 / ipm))


@given(IPM, st.integers(1, 40))
def test_no_window_holds_more_than_the_limit_allows(ipm: float, count: int) -> None:
    pacer, clock, _ = a_pacer(ipm)
    began = done(starts(pacer, clock, count))
    never_faster_than(ipm, began)
    assert began == sorted(began)
    assert all(seconds > 0 for seconds in clock.slept)


@given(IPM, st.lists(st.tuples(st.integers(1, 8), st.floats(0, 600)), min_size=1, max_size=6))
def test_idling_saves_up_no_more_than_the_bucket(ipm: float, visits: list[tuple[int, float]]) -> None:
    pacer, clock, _ = a_pacer(ipm)
    began: list[float] = []

    async def story() -> None:
        for count, idle in visits:
            began.extend(await starts(pacer, clock, count))
            clock.advance(idle)

    done(story())
    never_faster_than(ipm, began)


def test_first_come_first_served() -> None:
    pacer, _, _ = a_pacer(30)
    order: list[int] = []

    async def one(number: int) -> None:
        await pacer.wait()
        order.append(number)

    async def story() -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(12):
                group.create_task(one(number))

    done(story())
    assert order == list(range(12))


@pytest.mark.parametrize(
    ("wait", "limit", "ipm", "hold"),
    [(12.0, None, 5.0, 12.0), (0.2, 300.0, 300.0, 0.2), (None, 20.0, 20.0, 3.0), (None, None, None, 3.0)],
)
def test_it_learns_from_a_refusal(wait: float | None, limit: float | None, ipm: float | None, hold: float) -> None:
    pacer, clock, told = a_pacer(None)
    pacer.refused(wait, limit, fallback=3.0)
    assert pacer.ipm == ipm
    assert told == [(ipm, hold, "learned")]
    before = clock.monotonic()
    began = done(starts(pacer, clock, 3))
    apart = 60 / ipm if ipm else 0
    assert [at - before for at in began] == pytest.approx([hold, hold + apart, hold + 2 * apart])


def test_everybody_holds_also_those_who_wait_already() -> None:
    pacer, clock, _ = a_pacer(60)
    began: list[float] = []

    async def one(number: int) -> None:
        await pacer.wait()
        began.append(clock.monotonic())
        if number == 5:
            pacer.refused(30.0, None, fallback=1.0)

    async def story() -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(9):
                group.create_task(one(number))

    done(story())
    assert began[6] - began[5] == pytest.approx(30.0)


def test_a_hold_that_grows_while_somebody_sleeps_is_kept_in_full() -> None:
    class Busy(FakeClock):
        """While the first sleeper sleeps, somebody else is refused."""

        async def sleep(self, seconds: float) -> None:
            await super().sleep(seconds)
            if len(self.slept) == 1:
                pacer.refused(20.0, None, fallback=1.0)

    clock = Busy()
    pacer = Pacer(clock, None, lambda *_: None)
    pacer.refused(5.0, 60.0, fallback=1.0)
    done(pacer.wait())
    assert clock.slept == pytest.approx([5.0, 20.0])


def test_a_shorter_hold_never_shortens_a_longer_one() -> None:
    pacer, clock, told = a_pacer(None)
    pacer.refused(30.0, 60.0, fallback=1.0)
    pacer.refused(1.0, 60.0, fallback=1.0)
    before = clock.monotonic()
    done(pacer.wait())
    assert clock.monotonic() - before == pytest.approx(30.0)
    assert len(told) == 1


def test_a_crowd_refused_at_once_slows_the_pace_once() -> None:
    pacer, clock, told = a_pacer(100)
    for _ in range(8):
        pacer.refused(2.0, None, fallback=1.0)
    assert pacer.ipm == pytest.approx(80)
    clock.advance(2.0)
    pacer.refused(2.0, None, fallback=1.0)
    assert pacer.ipm == pytest.approx(64)
    assert [reason for _, _, reason in told] == ["slower", "slower"]


def test_a_stated_pace_is_never_raised_by_a_refusal() -> None:
    pacer, _, _ = a_pacer(5)
    pacer.refused(1.0, 250.0, fallback=1.0)
    assert pacer.ipm == 5
    pacer.refused(1.0, 3.0, fallback=1.0)
    assert pacer.ipm == 3


def test_a_pace_below_one_a_minute_is_kept() -> None:
    pacer, clock, _ = a_pacer(0.5)
    for _ in range(3):
        pacer.refused(1.0, None, fallback=1.0)
        clock.advance(5)
    assert pacer.ipm == 0.5


SECONDS = st.just(0.0) | st.floats(0.001, 500)
REFUSAL = st.tuples(st.none() | SECONDS, st.none() | st.floats(0, 5000), SECONDS, SECONDS)


@given(st.none() | IPM, st.lists(REFUSAL, max_size=12))
def test_whatever_it_is_told_it_goes_on_at_a_sane_pace(
    ipm: float | None, refusals: list[tuple[float | None, float | None, float, float]]
) -> None:
    pacer, clock, told = a_pacer(ipm)
    for wait, limit, fallback, passed in refusals:
        pacer.refused(wait, limit, fallback)
        clock.advance(passed)
        assert pacer.ipm is None or pacer.ipm >= LEAST_IPM
        assert ipm is None or (pacer.ipm is not None and pacer.ipm <= ipm)
    began = done(starts(pacer, clock, 6))
    assert all(hold >= 0 for _, hold, _ in told)
    assert all(seconds > 0 for seconds in clock.slept)
    if pacer.ipm is not None:
        never_faster_than(pacer.ipm, began)
        assert all(later >= earlier for earlier, later in pairwise(began))


def test_who_gives_up_waiting_leaves_the_turn_to_the_next() -> None:
    class Gated(FakeClock):
        gate = asyncio.Event()

        async def sleep(self, seconds: float) -> None:
            await self.gate.wait()
            await super().sleep(seconds)

    async def story() -> None:
        clock = Gated()
        pacer = Pacer(clock, 1, lambda *_: None)
        await pacer.wait()
        first, second = asyncio.ensure_future(pacer.wait()), asyncio.ensure_future(pacer.wait())
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first])
        clock.gate.set()
        await second
        assert clock.slept == [60.0]

    done(story())
