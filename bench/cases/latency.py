"""What is lost between the provider's own speed and ours when answers take their time."""

import heapq
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bench.arms import ALL, IMGCLI, PLAIN, SDK, Arm
from bench.case import NOTHING, Case, Column, Plan, Row, Table, rotated
from bench.lab import Lab
from bench.manner import TINY, Manner

COUNT, AT_ONCE = 160, 16
MANNER = Manner(latency=0.5, sigma=0.4)


def perfect(latencies: Iterable[float], at_once: int) -> float:
    """Seconds of a client that costs no time: each request leaves, in order, when the first slot is free."""
    free = [0.0] * at_once
    for latency in latencies:
        heapq.heappush(free, heapq.heappop(free) + latency)
    return max(free)


def measure(lab: Lab, plan: Plan) -> list[Row]:
    arms: Sequence[Arm]
    if plan.small:
        arms, count, at_once = (PLAIN,), 4, 2
        manner = replace(MANNER, size=TINY, latency=0.01)
    else:
        arms, count, at_once = ALL, COUNT, AT_ONCE
        manner = MANNER
    ideal = perfect(itertools.islice(manner.latencies(), count), at_once)
    table = Table([arm.name for arm in arms])
    for turn in range(plan.rounds):
        for arm in rotated(arms, turn):
            run = lab.run(arm, count, at_once, manner)
            if run.void:
                table.void(arm.name, run.void)
                continue
            table.add(arm.name, wall=run.wall, ratio=run.wall / ideal, whole=run.wall - ideal, started=run.span - ideal)
    return table.rows()


def meaning(rows: Mapping[str, Row]) -> str:
    arms = (IMGCLI, SDK, PLAIN)
    ours, naive, plain = (rows[arm.name].median("started") for arm in arms)
    whole, naive_whole, _ = (rows[arm.name].median("whole") for arm in arms)
    if ours is None or naive is None or plain is None or whole is None or naive_whole is None:
        return NOTHING
    return (
        f"Once started imgcli adds {ours:.2f} s to the perfect schedule of {COUNT} pictures, the naive client {naive:.2f} s, "
        f"the plain HTTP client {plain:.2f} s. With start-up and farewell imgcli adds {whole:.2f} s and the naive client "
        f"{naive_whole:.2f} s. Real answers take twenty times as long: the seconds stay, the ratios shrink."
    )


CASE = Case(
    name="latency",
    title="Against the perfect schedule",
    how=(
        f"{COUNT} pictures, {AT_ONCE} at once; answers after lognormal times (median {MANNER.latency} s, sigma "
        f"{MANNER.sigma}), the same for all. The perfect schedule of a client that costs no time takes "
        f"{perfect(itertools.islice(MANNER.latencies(), COUNT), AT_ONCE):.2f} s."
    ),
    first="client",
    columns=(
        Column("wall", "wall, s", 2),
        Column("ratio", "x perfect", 2),
        Column("whole", "overhead, s", 2),
        Column("started", "overhead once started, s", 2),
    ),
    rounds=3,
    measure=measure,
    meaning=meaning,
)
