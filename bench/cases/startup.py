"""How long it takes to say something: help, a look at the budget, a batch that is done, the first picture."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.arms import SDK, Arm, Order, imgcli
from bench.case import NOTHING, Case, Column, Plan, Row, Table, rotated
from bench.child import run
from bench.control import ROOT
from bench.lab import Lab
from bench.manner import MODEL, QUALITY, TINY, Manner

BARE_PYTHON = "python -c pass"
BASE = "import typer, rich.console"
HELP, RERUN = "imgcli --help", "imgcli batch, nothing to make"
LATENCIES = (0.0, 1.0)
GEN = "imgcli gen"


def measure(lab: Lab, plan: Plan) -> list[Row]:
    place = lab.place()
    size = TINY if plan.small else "1024x1024"
    batch = imgcli().command(Order(1, 8, size), lab.server.base_url, place)
    lab.server.behave(Manner(size=size))
    run(batch, ROOT, lab.env(place))
    if lab.server.tally().answers != 1:
        raise RuntimeError("the batch whose second run is measured did not work")
    commands = _commands(batch)
    if plan.small:
        commands = {name: commands[name] for name in (BARE_PYTHON, HELP, RERUN)}
    latencies = LATENCIES[:1] if plan.small else LATENCIES
    arms = [_gen()] if plan.small else [SDK, _gen()]
    pictures = [(arm, latency) for latency in latencies for arm in arms]
    table = Table([*commands, *(_first(arm, latency) for arm, latency in pictures)])
    if not plan.small:
        _warm(commands, place, lab)
    for turn in range(plan.rounds):
        _say(lab, table, commands, place, turn)
        for arm, latency in rotated(pictures, turn):
            _paint(lab, table, arm, Manner(size=size, latency=latency))
    shutil.rmtree(place)
    return table.rows()


def _commands(batch: Sequence[str]) -> dict[str, list[str]]:
    ours = {
        HELP: ("--help",),
        "imgcli --version": ("--version",),
        "imgcli styles list": ("styles", "list"),
        "imgcli budget show": ("budget", "show"),
    }
    return {
        BARE_PYTHON: [sys.executable, "-c", "pass"],
        BASE: [sys.executable, "-c", BASE],
        "import openai": [sys.executable, "-c", "import openai"],
        **{name: [sys.executable, "-m", "imgcli", *words] for name, words in ours.items()},
        RERUN: list(batch),
    }


def _gen() -> Arm:
    def command(order: Order, _base_url: str, place: Path) -> list[str]:
        words = ["gen", "a car", "--model", MODEL, "-q", QUALITY, "-s", order.size, "--quiet"]
        return [sys.executable, "-m", "imgcli", *words, "-o", f"{order.out(place)}/"]

    return Arm(GEN, command)


def _first(arm: Arm, latency: float) -> str:
    return f"first picture, answer after {latency:.0f} s: {arm.name}"


def _warm(commands: Mapping[str, Sequence[str]], place: Path, lab: Lab) -> None:
    """The first run of all reads from the disk, and writes the bytecode."""
    for command in commands.values():
        run(command, ROOT, lab.env(place))


def _say(lab: Lab, table: Table, commands: Mapping[str, Sequence[str]], place: Path, turn: int) -> None:
    cpus = {}
    for name in rotated(list(commands), turn):
        spent = run(commands[name], ROOT, lab.env(place))
        if spent.code or (asked := lab.server.tally().requests):
            table.void(name, f"ended with code {spent.code}" if spent.code else f"asked the server {asked} times")
            continue
        cpus[name] = spent.cpu
        table.add(name, cpu=1000 * spent.cpu, wall=1000 * spent.wall)
    for name, cpu in cpus.items():
        if BARE_PYTHON in cpus:
            table.add(name, ratio=cpu / cpus[BARE_PYTHON])
        if BASE in cpus:
            table.add(name, base=cpu / cpus[BASE])


def _paint(lab: Lab, table: Table, arm: Arm, manner: Manner) -> None:
    who, made = _first(arm, manner.latency), lab.run(arm, 1, 1, manner)
    if made.void:
        table.void(who, made.void)
        return
    whole = made.finished - made.spent[0].began
    table.add(who, cpu=1000 * made.cpu, wall=1000 * made.wall, file=1000 * whole)


def meaning(rows: Mapping[str, Row]) -> str:
    base, nothing = rows[HELP].median("base"), rows[RERUN].median("wall")
    if base is None or nothing is None:
        return NOTHING
    told = [
        f"Help takes {base:.2f} times the CPU of importing typer and rich alone; a batch with nothing to make takes {nothing:.0f} ms."
    ]
    for latency in LATENCIES:
        ours, theirs = (rows[_first(arm, latency)].median("file") for arm in (_gen(), SDK))
        if ours is not None and theirs is not None:
            order = "after" if ours > theirs else "before"
            told.append(
                f"Where the answer takes {latency:.0f} s, the first picture is there {abs(ours - theirs):.0f} ms {order} that "
                f"of the naive client."
            )
    return " ".join(told)


CASE = Case(
    name="startup",
    title="Start-up",
    how=(
        "Whole processes, warm disk, in turns. `file` is the time from the birth of the process until the picture is "
        "complete under its name; imgcli begins in a home that is new, where it makes its ledger first."
    ),
    first="what",
    columns=(
        Column("cpu", "CPU ms"),
        Column("wall", "wall ms"),
        Column("ratio", "CPU, x bare python", 1),
        Column("base", "CPU, x typer + rich", 2),
        Column("file", "file, ms"),
    ),
    rounds=9,
    measure=measure,
    meaning=meaning,
)
