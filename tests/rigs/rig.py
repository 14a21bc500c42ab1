"""A home, a server and a warm imgcli, and the ways to do them harm."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.fake_api.client import FakeApi
from tests.rigs.audit import Books, states
from tests.rigs.nursery import Child, Nursery

MODEL = "gpt-image-2.5-flare"
RATES = f'[[rates]]\nmodel = "{MODEL}"\ntext_in = "5"\nimage_in = "8"\nimage_out = "30"\n'
OK_CODES = {0, 1, 3, 5}
"""How a run that was left alone may end: all made, some refused, over the budget, some uncertain."""


@dataclass
class Rig:
    """One home under attack. `tally` counts what was done and found."""

    scratch: Path
    api: FakeApi
    nursery: Nursery
    tally: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    name: str = ""
    jobs: int = 6
    cap: int | None = None

    def fresh(self, name: str, jobs: int, cap_pictures: float | None = None) -> None:
        """A new home, output and bill. `cap_pictures` sets a budget that fits about so many."""
        self.api.reset()
        self.name, self.jobs, self.cap = name, jobs, None
        (self.home / "config").mkdir(parents=True)
        (self.home / "config" / "config.toml").write_text(RATES)
        self.work.mkdir()
        (self.work / "many.txt").write_text("".join(f"picture number {index}\n" for index in range(jobs)))
        if cap_pictures is not None:
            self.cap = int(cap_pictures * 20_000_000)
            self.run(["budget", "set", f"{self.cap / 1e9:.9f}", "--per", "total"])

    @property
    def home(self) -> Path:
        return self.scratch / self.name / "home"

    @property
    def work(self) -> Path:
        return self.scratch / self.name / "work"

    @property
    def env(self) -> dict[str, str]:
        return dict(os.environ) | self.api.env(self.home) | {"IMGCLI_TIMEOUT": "5"}

    def batch(self, at_once: int = 2, *more: str) -> list[str]:
        return ["batch", "many.txt", "--model", MODEL, "-j", str(at_once), "--quiet", *more]

    def start(self, argv: Sequence[str], **plan: object) -> Child:
        roots = {"roots": [str(self.scratch / self.name)]} if plan else None
        return self.nursery.start(argv, self.env, self.work, {**plan, **roots} if roots else None)

    def run(self, argv: Sequence[str], **plan: object) -> Child:
        child = self.start(argv, **plan)
        child.end()
        return child

    def gaps(self, at_once: int = 1) -> list[str]:
        """The names of all gaps of an undisturbed run, in a home of its own."""
        self.fresh("gaps", self.jobs)
        log = self.scratch / "gaps.log"
        assert self.run(self.batch(at_once), log=str(log)).status == 0
        return log.read_text().splitlines()

    def check(self, *, finished: bool) -> None:
        books = Books(self.home, self.work, self.api, self.cap)
        self.wrong += [f"{self.name}: {text}" for text in books.check(finished=finished)]

    def close(self, last: Child | None = None, *, verify: bool = True) -> None:
        """The same command once more, left alone; then all must be in order, and imgcli itself must say so."""
        child = last or self.run(self.batch())
        if child.status not in OK_CODES:
            self.wrong.append(f"{self.name}: the last run ended with {child.status}: {child.said[-400:]}")
        self.check(finished=True)
        if verify:
            proved = self.run(["verify", "--read-data"])
            if proved.status != 0:
                self.wrong.append(f"{self.name}: verify ends with {proved.status}: {proved.said[-600:]}")
        self.tally += Counter(states(self.home))
        self.tally["bills"] += len(self.api.bill())
        self.tally["homes"] += 1


def kill_in_every_gap(rig: Rig, jobs: int, every: int = 1, first: int = 1) -> None:
    """A run that dies in its `first` gap, one that dies `every` gaps later ...; each is finished by the same command."""
    rig.jobs = jobs
    names = rig.gaps()
    for at in range(first, len(names) + 1, every):
        rig.fresh(f"gap-{at}", jobs)
        rig.tally["kills"] += rig.run(rig.batch(1), at=at, do="kill").status == -9
        rig.check(finished=False)
        rig.close(rig.run(rig.batch(1)), verify=at % 5 == 0)
    rig.tally["gaps"] = len(set(names))


def kill_the_mender(rig: Rig, wound: str, every: int = 1) -> None:
    """A run dies in a gap that leaves work to the next one, which dies in each (`every`) gap of its own."""
    rig.jobs = 1
    at = rig.gaps().index(wound) + 1
    second = 0
    while True:
        second += every
        rig.fresh(f"mender-{at}-{second}", 1)
        rig.run(rig.batch(1), at=at, do="kill")
        killed = rig.run(rig.batch(1), at=second, do="kill").status == -9
        rig.tally["kills"] += 1 + killed
        rig.check(finished=False)
        rig.close(rig.run(rig.batch(1)), verify=second % 5 == 0)
        if not killed:
            return


def kill_at_random(rig: Rig, luck: Random, kills: int, processes: int) -> None:
    """Processes on one batch, each killed at a random moment, started again until the batch has had enough."""
    done = 0
    batch = 0
    while done < kills:
        batch += 1
        rig.fresh(f"random-{processes}-{batch}-{luck.getrandbits(32):08x}", 6, luck.choice([None, None, 4.5]))
        rig.api.script(latency=luck.choice([0.0, 0.02, 0.05]))
        for _ in range(luck.randrange(2, 7)):
            done += _one_round(rig, luck, processes)
            rig.check(finished=False)
        rig.close()
    rig.tally["kills"] += done


def _one_round(rig: Rig, luck: Random, processes: int) -> int:
    children = []
    for _ in range(processes):
        plan: dict[str, Any] = {"at": luck.randrange(1, 260), "do": "kill"} if luck.random() < 0.5 else {}
        children.append((rig.start(rig.batch(luck.choice([1, 3, 6])), **plan), bool(plan)))
    luck.shuffle(children)
    for child, planned in children:
        if not planned:
            child.wait(luck.uniform(0.0, 0.12))
            child.kill()
    return sum(child.end() == -9 for child, _ in children)


def fail_every_call(rig: Rig, do: str, jobs: int = 1, *, on: bool = False, every: int = 1, first: int = 1) -> None:
    """A run whose first call fails with `do`, one whose second does ...; with `on` all later ones fail too.

    Whatever it says, it says in words; then the disk is well again and the same command carries on.
    """
    at = first
    while True:
        rig.fresh(f"{do}-{'on' if on else 'once'}-{at}", jobs)
        mark = rig.scratch / rig.name / "mark"
        child = rig.run(rig.batch(1), at=at, do=do, on=on, mark=str(mark))
        if not mark.exists():
            return
        rig.tally["failed calls"] += 1
        if child.status == 70 and do != "KeyboardInterrupt":
            rig.wrong.append(f"{rig.name}: {mark.read_text()} ends in a traceback: {child.said[-1500:]}")
        if child.status == 0 and not on and do != "KeyboardInterrupt":
            rig.tally["unharmed"] += 1
        rig.check(finished=False)
        rig.close()
        at += every


def meet_fault(rig: Rig, fault: str, at_once: int) -> None:
    """A batch of which every third request meets `fault`, then the same command at a server that is well again."""
    rig.fresh(f"{fault}-{at_once}", max(3, at_once))
    entry = {"fault": fault} if fault == "close_at_accept" else {"fault": fault, "every": 3}
    rig.api.script(faults=[entry])
    child = rig.start(rig.batch(at_once))
    if "silence" in fault:
        rig.api.wait(bills=1)
    code = child.end()
    if code not in {0, 1, 3, 4, 5, 6, 7, 9}:
        rig.wrong.append(f"{rig.name}: ends with {code}: {child.said[-800:]}")
    rig.check(finished=False)
    rig.tally["requests"] += len(rig.api.requests())
    rig.api.script(faults=[])
    last = rig.run(rig.batch(at_once))
    # What came is no picture, and its bytes are in the spool: that is told again, until somebody decides.
    rig.close(last if last.status != 7 else None)
