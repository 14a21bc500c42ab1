"""What a picture costs the processor once everything is started."""

from collections.abc import Mapping

from bench.arms import ALL, IMGCLI, PLAIN, SDK
from bench.case import NOTHING, Case, Column, Plan, Row, Table, rotated
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
    ratio, plain = (rows[arm.name].median("ratio") for arm in (IMGCLI, PLAIN))
    ours, theirs = (rows[arm.name].median("rate") for arm in (IMGCLI, SDK))
    if ratio is None or plain is None or ours is None or theirs is None:
        return NOTHING
    loses = "imgcli loses here: with" if ratio > 1 else "With"
    return (
        f"{loses} its ledger, SHA-256, sidecars and syncs it takes {ratio:.2f} times the CPU of the naive SDK "
        f"client; the plain HTTP client, which does none of that, {plain:.2f} times. imgcli makes {ours:.0f} pictures a "
        f"second, the naive client {theirs:.0f}. No provider answers at once: this is the ceiling of one process, not a "
        f"speed that anybody sees."
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
