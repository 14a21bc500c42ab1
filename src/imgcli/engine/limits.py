"""The limiter: one pace for all pictures of a provider, whichever process makes them, and as many at once as it bears."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from imgcli.engine.pace import Pace, decode, encode
from imgcli.errors import PATIENCE, AttemptError
from imgcli.model.allowance import Allowance
from imgcli.model.events import Paced, Pacing
from imgcli.ports import Board, Clock

T = TypeVar("T")

REFUSED = frozenset({"rate", "slow_down", "overloaded"})
"""Codes of faults that are a matter of pace, and not of the picture."""

STALL = 300.0
"""Seconds in which nothing passed, after which there is no point in asking on."""

WORTH_TELLING = 1.0
"""Seconds of a hold that somebody watching would wonder about."""

LOOK_AGAIN = 30.0
"""Seconds after which who waits looks whether it is still to wait."""

FIRST_HOLD = 1.0
LONGEST_HOLD = 60.0
"""Seconds that everybody holds after a refusal that asks for none: doubled each time until something passes."""


class Pacer:
    """Starts pictures of one provider at the pace it allows; the pace is shared through `board`.

    Args:
        clock: what time it is.
        board: what all processes of the user share.
        name: what is limited together; empty if nothing is, and nobody waits then.
        stated: images a minute as the user says, never exceeded; None: to be found out.
        at_once: pictures under way at most.
        tell: told of every change that a person wants to know.
    """

    def __init__(
        self,
        clock: Clock,
        board: Board,
        name: str,
        *,
        stated: float | None,
        at_once: int,
        tell: Callable[[Paced | Pacing], object],
    ) -> None:
        self._clock = clock
        self._board = board
        self._name = name
        self._stated = stated
        self._tell = tell
        self._turn = asyncio.Lock()
        self._window = float(at_once)
        self._at_once = at_once
        self._under_way = 0
        self._landed = asyncio.Event()
        self._cut_at = 0.0
        self._passed_at = self._now()
        self._fruitless = 0
        self._waiting = 0
        self._ipm: float | None = None
        self._told_hold = 0.0

    async def start(self) -> float:
        """Wait until one more picture may start, first come, first served; returns when that was."""
        if not self._name:
            return self._now()
        self._waiting += 1
        try:
            async with self._turn:
                began = await self._own_turn()
        finally:
            self._waiting -= 1
            if self._ipm is not None:
                self._tell(Pacing(self._ipm, self._waiting))
        self._under_way += 1
        return began

    async def _own_turn(self) -> float:
        while self._under_way >= max(1, int(self._window)):
            self._landed.clear()
            await self._landed.wait()
        while True:
            pace, at = await self._change(lambda pace: pace.start(self._now(), self._stated))
            if (wait := at - self._now()) <= 0:
                return self._now()
            self._tell_wait(pace, wait)
            due = pace.due
            try:
                while (wait := at - self._now()) > 0 and pace.hold <= at:
                    await self._clock.sleep(min(wait, LOOK_AGAIN))
                    pace, _ = await self._change(lambda pace: pace)
            except asyncio.CancelledError:
                await self._give_back(due)
                raise
            if pace.hold <= self._now():
                return self._now()

    async def _give_back(self, due: float) -> None:
        await self._change(lambda pace: pace.give_back(due))

    def _tell_wait(self, pace: Pace, wait: float) -> None:
        self._ipm = pace.ipm(self._stated, self._now())
        if self._ipm is not None:
            self._tell(Pacing(self._ipm, self._waiting))
        if pace.hold > self._now() + WORTH_TELLING and pace.hold != self._told_hold:
            # Whoever began after a refusal did not hear of it.
            self._told_hold = pace.hold
            self._tell(Paced(self._ipm, wait, "rate"))

    async def end(self, began: float, fault: AttemptError | None, allowance: Allowance | None) -> None:
        """The picture that started at `began` has passed, or met `fault`; its headers told `allowance`."""
        if not self._name:
            return
        self._under_way -= 1
        self._landed.set()
        if fault is not None and fault.code in REFUSED:
            await self._refused(began, fault, allowance)
            return
        self._passed_at, self._fruitless = self._now(), 0
        self._window = min(self._at_once, self._window + 1 / self._window)
        if allowance is not None:
            await self._change(lambda pace: _allow(pace, allowance, self._now()))

    def stalled(self) -> bool:
        """Whether nothing passed for so long that asking on has no point."""
        return self._now() - self._passed_at > STALL

    async def _refused(self, began: float, fault: AttemptError, allowance: Allowance | None) -> None:
        if (fault.wait or 0.0) > PATIENCE:
            return  # the run ends with it; whoever comes next may ask how it is then
        now = self._now()
        limit = fault.limit or (allowance.ipm if allowance else None)
        fallback = min(LONGEST_HOLD, FIRST_HOLD * 2.0**self._fruitless)

        def learn(pace: Pace) -> bool:
            match fault.code:
                case "rate":
                    return pace.refused(now, began, fault.wait, limit, fallback)
                case "slow_down":
                    return pace.slowed(now, began, fault.wait, fallback)
                case _:
                    is_news = began > self._cut_at
                    pace.hold_for(now, (fallback if fault.wait is None else fault.wait) if is_news else 0.0)
                    return is_news

        pace, is_news = await self._change(learn)
        if not is_news:
            return
        self._fruitless += 1
        self._told_hold = pace.hold
        if fault.code != "rate" or (fault.wait is None and limit is None):
            # It may be too many at once rather than too many a minute: fewer at once helps against both.
            self._window, self._cut_at = max(1.0, min(self._window, self._under_way + 1) / 2), now
        self._tell(Paced(pace.ipm(self._stated, now), max(0.0, pace.hold - now), fault.code))

    async def _change(self, work: Callable[[Pace], T]) -> tuple[Pace, T]:
        """What `work` made of the pace that everybody shares, and what it returned."""
        made: list[tuple[Pace, T]] = []

        def change(text: str) -> str:
            pace = decode(text)
            made.append((pace, work(pace)))
            return encode(pace)

        await self._board.change(self._name, change)
        return made[-1]

    def _now(self) -> float:
        # One clock for all processes of a machine, which nobody sets.
        return self._clock.monotonic()


def _allow(pace: Pace, allowance: Allowance, now: float) -> None:
    if allowance.ipm:
        pace.allowed(now, allowance.ipm)
    if allowance.wait:
        pace.hold_for(now, allowance.wait)
