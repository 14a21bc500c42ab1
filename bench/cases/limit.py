"""What becomes of a batch when the provider allows less than is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bench.arms import Arm, client, imgcli
from bench.case import NOTHING, Case, Column, Plan, Row, Table, rotated
from bench.lab import Lab, Run
from bench.manner import BARE, REAL, TINY, Manner

COUNT, AT_ONCE, IPM, BUCKET, LATENCY = 150, 32, 600, 10, 0.3
TOLD, UNTOLD, UNTOLD_BARE = "imgcli, told the limit", "imgcli, untold", "imgcli, untold, bare 429s"
SDK_DEFAULT, SDK_PATIENT = "sdk, max_retries=2 (default)", "sdk, max_retries=20"
FOUR_TOLD, FOUR_UNTOLD = "four imgcli, told", "four imgcli, untold"


@dataclass(frozen=True, slots=True)
class Entrant:
    arm: Arm
    via: str = REAL
    processes: int = 1


def _entrants(ipm: int) -> list[Entrant]:
    told = ("--ipm", str(ipm))
    return [
        Entrant(imgcli(*told, name=TOLD)),
        Entrant(imgcli(name=UNTOLD)),
        Entrant(imgcli(name=UNTOLD_BARE), BARE),
        Entrant(client(SDK_DEFAULT, "sdk")),
        Entrant(client(SDK_PATIENT, "sdk", "--max-retries", "20")),
        Entrant(imgcli(*told, name=FOUR_TOLD), processes=4),
        Entrant(imgcli(name=FOUR_UNTOLD), processes=4),
    ]


def measure(lab: Lab, plan: Plan) -> list[Row]:
    if plan.small:
        # A limit that gives room for another picture within a millisecond: refusals without waits to speak of.
        chosen = [each for each in _entrants(60_000) if each.arm.name in {SDK_PATIENT, FOUR_UNTOLD}]
        entrants = [replace(each, processes=min(2, each.processes)) for each in chosen]
        count, at_once, manner = 4, 4, Manner(size=TINY, ipm=60_000, bucket=1)
    else:
        entrants = _entrants(IPM)
        count, at_once, manner = COUNT, AT_ONCE, Manner(latency=LATENCY, ipm=IPM, bucket=BUCKET)
    table = Table([each.arm.name for each in entrants])
    for turn in range(plan.rounds):
        for each in rotated(entrants, turn):
            how = replace(manner, via=each.via)
            run = lab.run(each.arm, count, at_once, how, each.processes)
            if plan.small and run.void:
                table.void(each.arm.name, run.void)
            _tell(table, each.arm.name, run, how)
    return table.rows()


def _tell(table: Table, who: str, run: Run, manner: Manner) -> None:
    """Missing pictures are a figure here; only a whole batch has a speed."""
    refused = run.tally.refused
    table.add(who, got=run.got, wall=run.wall, refused=refused, requests=run.tally.requests)
    table.add(who, per_picture=refused / run.got if run.got else float(refused))
    if run.got == run.wanted:
        table.add(who, ratio=run.wall / (run.wanted * 60 / manner.ipm), span=run.span)


def meaning(rows: Mapping[str, Row]) -> str:
    ours = [rows[name] for name in (TOLD, UNTOLD, UNTOLD_BARE, FOUR_TOLD, FOUR_UNTOLD)]
    naive = rows[SDK_DEFAULT].median("got")
    if naive is None or not all(row.figures for row in ours):
        return NOTHING
    return (
        f"{' '.join(_sentence(row) for row in ours)} The naive client gets {naive:.0f} of {COUNT}: every refused request is "
        f"told the same wait, all wake together, and one wins."
    )


def _sentence(row: Row) -> str:
    got, ratio, refused = (row.median(key) or 0.0 for key in ("got", "ratio", "refused"))
    if got < COUNT:
        return f"**{row.who}: gives up, with {got:.0f} of {COUNT} pictures; {refused:.0f} 429s.**"
    return f"{row.who}: {ratio:.2f} times the yardstick, {refused:.0f} 429s."


CASE = Case(
    name="limit",
    title="Under a rate limit",
    how=(
        f"{IPM} pictures a minute in a bucket of {BUCKET}, answers after {LATENCY} s, {COUNT} pictures, {AT_ONCE} at once "
        "(8 in each of four processes that share one home). 429s name limit and wait as OpenAI's do; `bare` ones name "
        f"neither. The yardstick is {COUNT} over the limit, {COUNT * 60 / IPM:.0f} s, for the whole process with its start-up; "
        f"the full bucket at the start gives {BUCKET * 60 / IPM:g} s of it back."
    ),
    first="client",
    columns=(
        Column("got", f"pictures of {COUNT}"),
        Column("wall", "wall, s", 1),
        Column("ratio", "x yardstick", 2),
        Column("span", "first request to last file, s", 1),
        Column("refused", "429s"),
        Column("per_picture", "429s a picture", 2),
        Column("requests", "requests"),
    ),
    rounds=3,
    measure=measure,
    meaning=meaning,
)
