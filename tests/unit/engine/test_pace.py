"""The arithmetic of pace, against servers that keep a bucket and say more or less of it."""

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.engine.pace import IDLE, LEARNED_FOR, LONGEST_HOLD, MARGIN, STEADY, TOLD_FOR, Pace, decode, encode

NOON = 1_795_000_000.0


def burst(ipm: float) -> float:
    return max(1.0, min(5, ipm / 12 * 0.8), ipm / 60 * 0.8)


@given(st.floats(2, 5000), st.lists(st.floats(0, 30), min_size=1, max_size=60))
def test_a_stated_pace_is_never_exceeded_in_any_stretch_of_time(ipm: float, gaps: list[float]) -> None:
    pace, now, began = Pace(), NOON, []
    for gap in gaps:
        now += gap
        began.append(pace.start(now, ipm))
    for i, first in enumerate(began):
        for j in range(i, len(began)):
            assert j - i + 1 <= burst(ipm) + (began[j] - first) * ipm / 60 + 1e-3


def test_a_stated_pace_is_kept_to_the_full() -> None:
    pace = Pace()
    began = [pace.start(NOON, 600) for _ in range(150)]
    assert began[-1] - NOON == pytest.approx((150 - 8) * MARGIN / 10, abs=0.001)


def test_slow_limits_have_no_bursts() -> None:
    pace = Pace()
    assert [round(pace.start(NOON, 5) - NOON, 2) for _ in range(3)] == [0, 12.06, 24.12]


@dataclass
class Bucket:
    """A server that refills `ipm` a minute up to `size`, answers after `latency`, and tells as much as `tells` says."""

    ipm: float = 600
    size: float = 10
    latency: float = 0.3
    tells: str = "limit"
    tokens: float = field(init=False)
    last: float = NOON

    def __post_init__(self) -> None:
        self.tokens = self.size

    def refuses(self, now: float) -> float:
        """0, or the seconds until there is a token."""
        self.tokens = min(self.size, self.tokens + (now - self.last) * self.ipm / 60)
        self.last = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) * 60 / self.ipm

    def said(self, wait: float) -> tuple[float | None, float | None]:
        match self.tells:
            case "limit":
                return wait, self.ipm
            case "wait":
                return max(1.0, float(int(wait + 1))), None
            case _:
                return None, None


def run(pace: Pace, server: Bucket, wanted: int, at_once: int = 32, stated: float | None = None) -> tuple[float, int]:
    """Seconds until all are made, and the refusals on the way; who asks next is told when, as the limiter does."""
    order, luck = itertools.count(), Random(7)  # noqa: S311 - a test wants the same every time
    events: list[tuple[float, int, str, float]] = []
    left, under_way, made, refused, fruitless, asks = wanted, 0, 0, 0, 0, True

    def at(moment: float, what: str, began: float = 0.0) -> None:
        heapq.heappush(events, (moment, next(order), what, began))

    now = NOON
    while made < wanted:
        if asks and left and under_way < at_once:
            asks = False
            at(pace.start(now, stated), "turn")
        now, _, what, began = heapq.heappop(events)
        if what == "turn":
            asks = True
            if pace.hold <= now:
                left, under_way = left - 1, under_way + 1
                at(now + luck.random() * 0.03, "arrives", now)
        elif what == "arrives":
            wait = server.refuses(now)
            # A refusal is no work.
            at(now + (0.3 if wait else server.latency), f"refused {wait}" if wait else "made", began)
        elif what == "made":
            made, under_way, fruitless = made + 1, under_way - 1, 0
        else:
            left, under_way, refused = left + 1, under_way - 1, refused + 1
            asked, limit = server.said(float(what.split()[1]))
            fruitless += pace.refused(now, began, asked, limit, 2.0**fruitless)
        assert now < NOON + 3600
    return now - NOON, refused


@pytest.mark.parametrize("tells", ["limit", "wait", "nothing"])
def test_an_unknown_limit_is_found_with_few_refusals_and_used(tells: str) -> None:
    seconds, refused = run(Pace(), Bucket(tells=tells), 150)
    assert refused <= 15
    assert seconds <= 15 * 1.15


@pytest.mark.parametrize("tells", ["limit", "nothing"])
def test_a_stated_limit_meets_no_refusal(tells: str) -> None:
    seconds, refused = run(Pace(), Bucket(tells=tells), 150, stated=600)
    assert seconds == pytest.approx(14.5, abs=0.4)
    assert refused == 0


@pytest.mark.parametrize(("ipm", "size"), [(5, 5), (50, 5), (250, 10), (2000, 33)])
def test_any_limit_that_is_told_is_found(ipm: float, size: float) -> None:
    wanted = max(20, int(ipm))
    seconds, refused = run(Pace(), Bucket(ipm, size, latency=2.0), wanted, at_once=8 if ipm < 100 else 200)
    assert seconds <= wanted * 60 / ipm * 1.15 + 4
    assert refused <= wanted * 0.3


def test_what_was_learned_serves_the_next_run() -> None:
    pace, server = Pace(), Bucket(tells="nothing")
    run(pace, server, 150)
    pace = decode(encode(pace))
    _, refused = run(pace, server, 150)
    assert refused <= 3


def test_sharing_a_limit_with_strangers_takes_the_part_that_is_left() -> None:
    """Told 600 a minute, of which somebody elsewhere uses half."""
    pace = Pace()
    pace.allowed(NOON, 600)
    seconds, refused = run(pace, Bucket(ipm=300, tells="nothing"), 150)
    assert seconds <= 30 * 1.25
    assert refused <= 20


def told_of(*limits: float) -> Iterator[Pace]:
    for limit in limits:
        pace = Pace()
        pace.allowed(NOON, limit)
        yield pace


def test_nobody_is_quicker_than_stated_whatever_is_told() -> None:
    assert [pace.ipm(50, NOON) for pace in told_of(5, 500)] == [5, 50]


def test_several_refusals_of_one_burst_are_one() -> None:
    pace = Pace()
    began = [pace.start(NOON, None) for _ in range(8)]
    assert [pace.refused(NOON + 1, at, 2.0, None, 1.0) for at in began[4:]] == [True, False, False, False]
    assert pace.refusals == 1
    assert pace.hold == NOON + 3


def test_after_slow_down_nothing_grows_for_a_quarter_of_an_hour() -> None:
    pace = Pace()
    for _ in range(20):
        pace.start(NOON, None)
    assert pace.slowed(NOON + 2, NOON + 1, 1.0, 1.0)
    first = pace.ipm(None, NOON + 3)
    assert first is not None
    for _ in range(50):
        pace.start(NOON + STEADY, None)
    assert pace.ipm(None, NOON + STEADY) == first
    assert (pace.ipm(None, NOON + STEADY + 3) or 0) > first


def test_a_hold_meets_everybody_and_ends_one_by_one() -> None:
    pace = Pace()
    pace.hold_for(NOON, 30)
    assert [pace.start(NOON, 60) for _ in range(3)] == [pytest.approx(NOON + 30 + MARGIN * i, abs=5) for i in range(3)]
    assert min(pace.start(NOON, 60) for _ in range(3)) >= NOON + 30


def test_what_is_old_or_from_a_clock_that_was_set_back_is_forgotten() -> None:
    learned = Pace(learned=5, refusals=3, changed=NOON, refused_at=NOON, told=7, told_at=NOON)
    learned.start(NOON + LEARNED_FOR + 1, None)
    assert (learned.learned, learned.told) == (0, 7)
    learned.start(NOON + TOLD_FOR + 1, None)
    assert learned.told == 0
    ahead = Pace(hold=NOON + LONGEST_HOLD + 60, changed=NOON + 7200)
    assert ahead.start(NOON, None) == NOON


def test_an_idle_server_is_tried_anew_and_a_busy_one_without_limit_is_not_slowed() -> None:
    pace = Pace()
    began = [pace.start(NOON, None) for _ in range(40)]
    assert began[7] == NOON < began[8]
    later = NOON + 5
    assert [pace.start(later, None) for _ in range(100)] == [later] * 100
    again = later + IDLE + 1
    assert pace.start(again, None) == again
    assert pace.since == again


@given(st.text() | st.dictionaries(st.sampled_from(list(asdict(Pace()))), st.none() | st.floats() | st.text()).map(str))
def test_any_note_is_a_pace(text: str) -> None:
    assert isinstance(decode(text), Pace)


@given(st.builds(Pace, told=st.floats(0, 100), started=st.integers(0, 9), hold=st.floats(0, 2e9)))
def test_a_note_brings_the_pace_back(pace: Pace) -> None:
    assert decode(encode(pace)) == pace
