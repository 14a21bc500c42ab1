"""What a picture costs the processor once everything is started."""

from collections.abc import Mapping

from bench.arms import ALL, IMGCLI, PLAIN, SDK
from bench.case import Case, Column, Plan, Row, Table, rotated, times
from bench.lab import Lab
from bench.manner import TINY, Manner


def measure(lab: Lab, plan: Plan) -> list[Row]:
    few, more, at_once = (1, 3, 2) if plan.small else (8, 120, 8)
    manner = Manner(size=TINY if plan.small else "1024x1024")
    arms = (PLAIN, IMGCLI) if plan.small else ALL
    table = Table([arm.name for arm in arms])
    for turn in range(plan.rounds):
        costs = {}
        for arm in rotated(arms, turn):
            short = lab.run(arm, few, at_once, manner)
            long = lab.run(arm, few + more, at_once, manner)
            if void := short.void or long.void:
                table.void(arm.name, void)
                continue
            costs[arm.name] = 1000 * (long.cpu - short.cpu) / more
            served = 1000 * long.tally.cpu / long.got
            table.add(arm.name, cpu=costs[arm.name], rate=long.got / long.span, peak=long.peak, server=served)
        if SDK.name in costs:
            for name, cost in costs.items():
                table.add(name, ratio=cost / costs[SDK.name])
    return table.rows()


def meaning(rows: Mapping[str, Row]) -> str:
    ours, theirs = rows[IMGCLI.name], rows[SDK.name]
    ratio, rate, naive = ours.median("ratio"), ours.median("rate"), theirs.median("rate")
    verdict = "more" if ratio is not None and ratio > 1 else "less"
    speed = (
        f" It makes {rate:.0f} pictures a second where the naive client makes {naive:.0f}." if rate and naive else ""
    )
    return (
        f"With its ledger, SHA-256, sidecars and syncs imgcli takes {times(ratio)} the CPU of the naive SDK client, "
        f"{verdict} than a program that only writes the file.{speed} No provider answers at once: this is the ceiling "
        f"of one process, not a speed anybody sees."
    )


CASE = Case(
    name="cpu",
    title="CPU a picture",
    how=(
        "Answers without delay, 1024x1024, 8 at once. CPU is user and system time of the whole process, for 128 pictures "
        "less that for 8, over 120: start-up cancels out. Pictures a second: from the first request to the last complete "
        "file. `server` is the CPU of the fake itself."
    ),
    first="client",
    columns=(
        Column("cpu", "CPU ms a picture", 1),
        Column("ratio", "x sdk", 2),
        Column("rate", "pictures/s once started"),
        Column("peak", "peak memory, MB"),
        Column("server", "server, CPU ms", 2),
    ),
    rounds=5,
    measure=measure,
    meaning=meaning,
)
