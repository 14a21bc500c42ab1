"""What the promises cost: the time with all of them, over the same with durability switched off."""

from collections.abc import Mapping

from bench.arms import imgcli
from bench.case import NOTHING, Case, Column, Plan, Row, Table
from bench.lab import Lab
from bench.manner import TINY, Manner

COUNT, AT_ONCE, LATENCY = 160, 16, 0.2
NORMAL = "1024x1024"
ARMS = {arm: imgcli(name=arm, program=("-m", "bench.clients.durable", arm)) for arm in ("on", "off")}


def measure(lab: Lab, plan: Plan) -> list[Row]:
    count, at_once, latency = (2, 2, 0.0) if plan.small else (COUNT, AT_ONCE, LATENCY)
    sizes = [TINY] if plan.small else [TINY, NORMAL]
    table = Table(sizes)
    for turn in range(plan.rounds):
        for size in sizes:
            seconds = {}
            for name in ("on", "off") if turn % 2 else ("off", "on"):
                run = lab.run(ARMS[name], count, at_once, Manner(size=size, latency=latency))
                if run.void:
                    table.void(size, run.void)
                else:
                    seconds[name] = float(run.spent[0].err.splitlines()[-1])
            if len(seconds) == 2:
                table.add(size, **{name: count / value for name, value in seconds.items()})
                table.add(size, ratio=seconds["on"] / seconds["off"])
    return table.rows()


def meaning(rows: Mapping[str, Row]) -> str:
    ratio, heavy = rows[TINY].median("ratio"), rows[NORMAL].median("ratio")
    if ratio is None or heavy is None:
        return NOTHING
    return (
        f"With durability a run takes {ratio:.2f} times as long where pictures weigh next to nothing, and "
        f"{heavy:.2f} times where each is 2 MB that the disk must have taken before it counts."
    )


CASE = Case(
    name="durability",
    title="What durability costs",
    how=(
        f"{COUNT} pictures, {AT_ONCE} at once, answers after {LATENCY} s. Both arms are the whole command line; without, "
        "every sync returns at once and SQLite is told not to sync. The time is that of the run, without imports."
    ),
    first="size of the pictures",
    columns=(
        Column("on", "pictures/s, with", 1),
        Column("off", "pictures/s, without", 1),
        Column("ratio", "time with / without", 3),
    ),
    rounds=7,
    measure=measure,
    meaning=meaning,
)
