"""The pace of one provider, as arithmetic on a clock: when the next picture may start, and what a refusal teaches.

A stated or told limit is kept by the generic cell rate algorithm (ITU-T I.371), the bucket turned into one number:
`due`, when the bucket would be full again. An unknown limit is found out: pictures start ever more quickly until one is
refused; then the bucket is empty, and from one refusal to the next the pictures that passed, over the time, are the
limit itself.
"""

import json
import math
from dataclasses import dataclass

from imgcli.model.plain import plain

SLACK = 0.8
"""Part of the provider's bucket that is used: a full one is refused as soon as two clocks disagree."""

MARGIN = 1.005
"""How much further apart than allowed pictures start."""

FIRST_BUCKET = 5
"""Pictures that start at once under a slow limit at most: a twelfth of its minute."""

LEAST_IPM = 1.0

RAMP_BURST = 8
RAMP_IPM = 1500.0
"""Pictures at once, and a minute, with which an unknown limit is tried first."""

RAMP_DOUBLES = 0.5
RAMP_ENDS = 4.0
"""Seconds in which that pace doubles, and after which there seems to be no limit."""

IDLE = 10.0
"""Seconds without a picture after which it is tried anew."""

FIRST_GUESS = 0.7
"""Part of the first measurement that is believed: it counts a whole bucket in with what was refilled."""

LATER_GUESS = 0.98
GROWTH = 1.002
"""How much quicker after each picture that passes, as others may have stopped using the limit."""

QUIET = 60.0
QUIET_DOUBLES = 20.0
"""Seconds without a refusal after which the pace is doubted, and in which it doubles then: a storm that is over, or a
stranger who is gone, must not slow us for long."""

MOST_IPM = 1e6

ROUNDED = 1.0
"""Seconds: a wait up to this was rounded up, and tells nothing of the limit."""

STEADY = 900.0
"""Seconds without growth after `slow_down`: OpenAI asks for a quarter of an hour."""

LEARNED_FOR = 3600.0
TOLD_FOR = 86_400.0
"""Seconds after which what was learned, and what was told, is forgotten."""

LONGEST_HOLD = 600.0
LONGEST_QUEUE = 3600.0
"""Seconds; a hold or a turn that lies further ahead was written before the machine was started anew."""


@dataclass(slots=True)
class Pace:
    """Times are seconds of a clock that all processes share and that never goes back, paces are images a minute.

    0 stands for none or never.

    Attributes:
        told: the limit as the provider says.
        learned: the limit as it was found out.
        due: when the bucket would be full again, at the pace of
        apart: seconds between two starts.
        hold: nobody starts before.
        since: the beginning of the time that `started` counts.
        started: pictures that started in it and were not refused.
        count: pictures that passed up to the last refusal.
        span: seconds they took.
        refused_at: the last refusal that was news.
        refusals: how many of them there were without a pause.
        steady: no growth before.
        changed: when any of it was last used.
        told_at: when `told` was.
    """

    told: float = 0.0
    learned: float = 0.0
    due: float = 0.0
    apart: float = 0.0
    hold: float = 0.0
    since: float = 0.0
    started: int = 0
    count: int = 0
    span: float = 0.0
    refused_at: float = 0.0
    refusals: int = 0
    steady: float = 0.0
    changed: float = 0.0
    told_at: float = 0.0

    def ipm(self, stated: float | None, now: float) -> float | None:
        """The pace in force: never above what was stated or told; None if no limit is known."""
        grown = min(MOST_IPM, self.learned * self._growth(now))
        known = [pace for pace in (stated, self.told, grown) if pace]
        return min(known) if known else None

    def _growth(self, now: float) -> float:
        """How much quicker than it was learned: a little with each picture, and more the longer nothing is refused."""
        if now < self.steady:
            return 1.0
        quiet = min(1000.0, max(0.0, now - max(self.refused_at, self.steady) - QUIET))
        return float(GROWTH ** min(self.started, 2000) * 2.0 ** (quiet / QUIET_DOUBLES))

    def start(self, now: float, stated: float | None) -> float:
        """Reserve the next start; returns when it is, at the earliest `now`."""
        self._forget(now)
        ipm = self.ipm(stated, now)
        if now - self.changed > max(IDLE, 3 * self.apart):
            # The bucket is full again, as far as anybody knows: what is measured begins anew.
            self.since, self.started, self.refusals = now, 0, 0
            self.due = 0.0 if ipm is None else self.due
        apart, burst = self._spacing(ipm, now)
        soonest = max(now, self.hold)
        if self.apart > apart and self.due > soonest:
            # Turns that were taken at a slower pace are as many at this one.
            self.due = soonest + (self.due - soonest) * apart / self.apart
        self.apart = apart
        at = max(now, self.hold, self.due - (burst - 1) * apart)
        self.due = max(at, self.due) + apart
        self.changed = at
        self.started += 1
        return at

    def give_back(self, due: float) -> None:
        """A turn is not needed after all; `due` is what it left behind, if nobody came after it."""
        if self.due == due:
            self.due -= self.apart
            self.started = max(0, self.started - 1)

    def refused(self, now: float, began: float, wait: float | None, limit: float | None, fallback: float) -> bool:
        """A picture that started at `began` was refused for its rate: everybody holds, and the pace is learned.

        Args:
            now: when that is known.
            began: when it started.
            wait: seconds the provider asks for, if it does.
            limit: images a minute it says it allows, if it does.
            fallback: seconds to hold when it asks for none.

        Returns:
            Whether that was news: one of several that left before anybody knew is not.
        """
        is_news = began > self.refused_at
        if is_news:
            self.started = max(0, self.started - 1)
            self._measure(now, wait)
        else:
            self.count = max(0, self.count - 1)
        if limit and limit >= LEAST_IPM and not (is_news and self.told == limit):
            # What it says is the limit of all who share it; refused at that very pace, our part of it is smaller.
            self.told, self.told_at, self.learned = limit, now, 0.0
        else:
            part = FIRST_GUESS if self.refusals == 1 else LATER_GUESS
            if self.count or not self.learned:
                # Where nothing passed at all, nothing was measured: the hold that doubles is answer enough.
                self.learned = max(LEAST_IPM, 60 * (self.count + 0.5) / self.span * part)
        if is_news:
            # At least as long as it took to hear of it: others are still on their way to the same answer.
            self.hold_for(now, max(fallback if wait is None else wait, now - began))
        elif wait is not None:
            self.hold_for(now, wait)
        return is_news

    def slowed(self, now: float, began: float, wait: float | None, fallback: float) -> bool:
        """As `refused`, by a server that says `slow_down`: half the pace, and no quicker for a while."""
        is_news = self.refused(now, began, wait, None, fallback)
        if is_news and now >= self.steady:
            self.learned, self.steady = max(LEAST_IPM, self.learned / 2), now + STEADY
        return is_news

    def hold_for(self, now: float, seconds: float) -> None:
        """Nobody starts for `seconds`: there is nothing left, or the server is overloaded."""
        self.hold = max(self.hold, now + seconds)
        # The bucket is empty: nothing starts at once when the hold is over.
        self.due = max(self.due, self.hold)

    def allowed(self, now: float, ipm: float) -> None:
        """The provider says its limit without having refused anything."""
        self.told, self.told_at = ipm, now

    def _measure(self, now: float, wait: float | None) -> None:
        self.count = self.started
        least = 1.0 if self.refusals == 0 else 0.1
        asked = wait if wait is not None and wait > ROUNDED else 0.0
        self.span = max(least, now - self.since) + asked
        self.since, self.started = now, 0
        self.refused_at = now
        self.refusals += 1

    def _spacing(self, ipm: float | None, now: float) -> tuple[float, float]:
        """Seconds between two starts, and how many may start at once."""
        if ipm is not None:
            burst = max(1.0, min(FIRST_BUCKET, ipm / 12 * SLACK), ipm / 60 * SLACK)
            return 60 / ipm * MARGIN, burst
        age = max(0.0, now - self.since)
        if age > RAMP_ENDS:
            return 0.0, 1.0
        return 60 / RAMP_IPM * 0.5 ** (age / RAMP_DOUBLES), RAMP_BURST

    def _forget(self, now: float) -> None:
        queue = max(LONGEST_QUEUE, 64 * self.apart)
        if self.hold > now + LONGEST_HOLD or max(self.changed, self.due) > now + queue:
            self.hold = self.due = self.refused_at = self.since = self.changed = self.steady = 0.0
        if now - max(self.changed, self.refused_at) > LEARNED_FOR:
            self.learned, self.refusals, self.steady = 0.0, 0, 0.0
        if now - self.told_at > TOLD_FOR:
            self.told = 0.0


def encode(pace: Pace) -> str:
    return json.dumps(plain(pace))


def decode(text: str) -> Pace:
    """The pace that `encode` wrote; a new one for anything else."""
    pace = Pace()
    try:
        for name, value in (json.loads(text) if text else {}).items():
            setattr(pace, name, type(getattr(pace, name))(value))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return Pace()
    return pace if all(0 <= value < math.inf for value in plain(pace).values()) else Pace()
