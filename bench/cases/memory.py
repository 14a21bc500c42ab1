"""What is held in memory when all answers come at once."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.arms import ALL, IMGCLI, SDK, STREAM_SDK, Arm
from bench.case import Case, Column, Plan, Row, Table, rotated
from bench.lab import Lab
from bench.manner import TINY, Manner

AT_ONCE = (8, 64, 256)
NORMAL, LARGE = "1024x1024", "3840x2160"
SHARE = 0.5
"""Part of the free memory that a run may be expected to take; a machine that swaps measures nothing."""


def measure(lab: Lab, plan: Plan) -> list[Row]:
    # Gigabytes of large pictures take minutes; the naive client would keep them all.
    large = {SDK: AT_ONCE[:2], IMGCLI: AT_ONCE}
    arms, size, steps = ((STREAM_SDK,), TINY, (2, 4)) if plan.small else (ALL, NORMAL, AT_ONCE)
    table = Table([_row(arm, size) for arm in arms])
    for turn in range(plan.rounds):
        for arm in rotated(arms, turn):
            _climb(lab, table, arm, size, steps)
    for arm, few in large.items() if not plan.small else ():
        _climb(lab, table, arm, LARGE, few)
    return table.rows()


def _row(arm: Arm, size: str) -> str:
    return f"{arm.name}, {size}"


def _climb(lab: Lab, table: Table, arm: Arm, size: str, steps: Sequence[int]) -> None:
    who, peaks = _row(arm, size), dict[int, float]()
    for at_once in steps:
        if (likely := _likely(peaks, at_once)) > SHARE * _free():
            table.void(who, f"{at_once} at once not run: it would take about {likely / 1024:.0f} GB")
            break
        run = lab.run(arm, at_once, at_once, Manner(size=size, gate=at_once))
        if run.void:
            table.void(who, f"{at_once} at once: {run.void}")
            break
        peaks[at_once] = run.peak
        table.add(who, **{f"at_{at_once}": run.peak})
    if len(peaks) > 1:
        low, high = min(peaks), max(peaks)
        table.add(who, slot=(peaks[high] - peaks[low]) / (high - low))


def _likely(peaks: Mapping[int, float], at_once: int) -> float:
    """MB that a run may take, by those before it."""
    return max((peak * at_once / before for before, peak in list(peaks.items())[-1:]), default=0.0)


def _free() -> float:
    """MB of memory that programs may still have; without a limit where nobody tells."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return float("inf")
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("MemAvailable"))


def meaning(rows: Mapping[str, Row]) -> str:
    told = []
    for size in (NORMAL, LARGE):
        ours, theirs = (rows[f"{arm.name}, {size}"].median("slot") for arm in (IMGCLI, SDK))
        if ours is not None and theirs is not None:
            told.append(f"at {size} {ours:.1f} MB in imgcli and {theirs:.1f} MB in the naive SDK client")
    body = "; ".join(told) or "nothing that can be told"
    return f"One more picture under way costs {body}. An answer of 1024x1024 is 2.6 MB, one of 3840x2160 29 MB."


CASE = Case(
    name="memory",
    title="Memory when all answers come at once",
    how=(
        "As many pictures as are under way; the server answers when all of them wait. Peak resident memory of the process "
        "by the kernel's count; of the large ones in one round. A step that would take more than half of the free memory is left out."
    ),
    first="client, size",
    columns=(*(Column(f"at_{n}", f"MB, {n} at once") for n in AT_ONCE), Column("slot", "MB for one more", 2)),
    rounds=3,
    measure=measure,
    meaning=meaning,
)
