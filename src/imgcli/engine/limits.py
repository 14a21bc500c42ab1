"""The pace: one limiter for all slots, because every refused request is told the same wait and all would wake at once."""

import asyncio
from collections.abc import Callable

from imgcli.ports import Clock

SLACK = 0.8
"""Part of the provider's bucket used at the start: a full one is refused as soon as two clocks disagree."""

FIRST_BUCKET = 5
"""Pictures started at once under a stated limit at most, whatever the limit."""

LEAST_IPM = 1.0


class Pacer:
    """Starts at most `ipm` pictures a minute (None: no limit known), and holds everybody after a refusal."""

    def __init__(self, clock: Clock, ipm: float | None, told: Callable[[float | None, float, str], None]) -> None:
        self._clock = clock
        self._told = told
        self._turn = asyncio.Lock()
        self._next = clock.monotonic()
        self._hold_until = 0.0
        self._most = ipm
        self._least = min(LEAST_IPM, ipm or LEAST_IPM)
        self.ipm = ipm
        if ipm is not None:
            self._next -= (_bucket(ipm) - 1) * 60 / ipm

    async def wait(self) -> None:
        """Until one more picture may start; first come, first served."""
        async with self._turn:
            while (delay := self._delay()) > 0:
                await self._clock.sleep(delay)
            if self.ipm is not None:
                now = self._clock.monotonic()
                apart = 60 / self.ipm
                self._next = max(self._next, now - (_bucket(self.ipm) - 1) * apart) + apart

    def refused(self, wait: float | None, limit: float | None, fallback: float) -> None:
        """A request was refused for its rate: learn the pace and hold everybody.

        Args:
            wait: seconds the provider asked for, if it did.
            limit: images per minute it said it allows, if it did.
            fallback: seconds to hold when it asked for none.
        """
        now = self._clock.monotonic()
        hold = fallback if wait is None else wait
        known = self.ipm
        if limit:
            # A pace the user stated is never raised: they may share the limit with somebody.
            self.ipm = max(self._least, min(limit, self._most or limit))
        elif self.ipm is None and wait:
            self.ipm = max(self._least, 60 / wait)
        elif self.ipm is not None and now >= self._hold_until:
            # Paced already and refused all the same: someone else draws on the same limit.
            self.ipm = max(self._least, self.ipm * SLACK)
        if now + hold > self._hold_until:
            self._hold_until = now + hold
            self._next = max(self._next, self._hold_until)
            self._told(self.ipm, hold, "slower" if known else "learned")

    def _delay(self) -> float:
        now = self._clock.monotonic()
        pace = self._next if self.ipm is not None else 0.0
        return max(pace, self._hold_until) - now


def _bucket(ipm: float) -> float:
    """Pictures that may start at once: a little less than what the provider refills in five seconds."""
    return min(FIRST_BUCKET, max(1.0, ipm / 12 * SLACK))
