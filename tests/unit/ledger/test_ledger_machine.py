"""Any order of steps, by any number of processes, under a clock that jumps: the ledger stays what its spec says.

The model below states the spec a second time, as naively as it can: plain attempts, and every sum made anew from all
of them. It shares no rule with the ledger. After each step the tables are read over a connection of their own.

The suite takes some 10,000 steps; `pytest -m rig` takes a hundred times as many.
"""

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from imgcli.errors import AttemptError, BudgetError, LedgerError, Money, UsageError
from imgcli.ledger.rebuild import rebuild
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.attempt import Hold, Receipt, Record, State
from imgcli.model.budget import Budget, Scope, Spending, Window
from imgcli.model.job import Job
from imgcli.model.quote import Priced, Unpriced
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_job, a_run

T = TypeVar("T")

EXAMPLES, STEPS, PARTS, LONGER = 60, 100, 4, 168

HELD = {State.RESERVED, State.SENT}
MADE = {State.RECEIVED, State.SAVED, State.SETTLED}
OPEN = {State.UNCERTAIN, State.MODERATED, State.POSTED}
UNFINISHED = {State.RESERVED, State.SENT, State.RECEIVED, State.SAVED}

VOID = AttemptError("refused", money=Money.VOID)
LOST = AttemptError("lost", money=Money.HOLD, request_id="req_7")
POST = AttemptError("no picture", money=Money.POST)
UNSAFE = AttemptError("unsafe", money=Money.HOLD, moderated=True)
ENDINGS = {VOID: State.VOIDED, LOST: State.UNCERTAIN, POST: State.POSTED, UNSAFE: State.MODERATED}

JOBS = [
    a_job(variant=1),
    a_job(variant=2, tags=("a",)),
    a_job(variant=3, tags=("a", "b"), provider="placeholder"),
    a_job(variant=4, tags=("b", "b")),
]
TAGS = {job.tags: json.dumps(job.tags, separators=(",", ":")) for job in JOBS}
FREE, ALONE, ELSEWHERE = Path("/free"), Path("/alone"), Path("/elsewhere")
"""In ALONE a job is only reserved by those who looked and found nothing; in FREE anybody does as they like."""

WHOM = [("all", ""), ("user", "alice"), ("user", "*"), ("tag", "a"), ("tag", "*"), ("provider", "openai")]
WHOM += [("provider", "*")]
SPANS = ["run", "day", "month", "total"]

UNKNOWN = "unknown"
"""Nobody knows which user made it, so that it counts for each of them."""

BudgetKey = tuple[str, str, str]
Caps = tuple[int | None, int | None]


@dataclass(slots=True)
class Try:
    """One attempt. `bill` is what its provider will ask for at most, as far as anybody can know."""

    number: int
    run: str
    owner: str
    user: str
    job: Job
    directory: Path
    day: str
    month: str
    created_at: str
    upper: int
    priced: bool
    name: str = "car.png"
    state: State = State.RESERVED
    posted: int | None = None
    flags: tuple[str, ...] = ()
    received_at: str = ""
    decided: bool = False
    bill: int = 0

    @property
    def id(self) -> str:
        return f"attempt-{self.number:03}"

    def row(self) -> tuple[object, ...]:
        """As `Machine.ATTEMPTS` reads it."""
        overrun = max(0, (self.posted or 0) - self.upper)
        who = (
            self.id,
            self.run,
            self.owner,
            self.user,
            self.job.provider,
            json.dumps(self.job.tags, separators=(",", ":")),
        )
        when = (self.day, self.month, self.created_at, self.received_at)
        money = (self.upper, int(self.priced), self.posted, overrun, str(list(self.flags)).replace("'", '"'))
        return (*who, *when, *money, self.job.key, str(self.directory), self.name, self.state.value, int(self.decided))

    def is_at(self, key: str, directory: Path) -> bool:
        return (self.job.key, self.directory) == (key, directory)


@dataclass(slots=True)
class Sums:
    """What some attempts come to: the columns of a counter."""

    held: int = 0
    spent: int = 0
    overrun: int = 0
    held_pictures: int = 0
    spent_pictures: int = 0


def sums(tries: Iterable[Try]) -> Sums:
    total = Sums()
    for one in tries:
        if one.state in HELD:
            total.held += one.upper
            total.held_pictures += 1
            continue
        posted = one.posted or 0
        total.spent += min(posted, one.upper)
        total.overrun += max(0, posted - one.upper)
        # All that a provider may put on its bill is a picture to a cap on pictures.
        total.spent_pictures += one.state is not State.VOIDED
    return total


@dataclass(slots=True)
class Model:
    """What a ledger is: attempts, budgets, runs, and a time that never goes back."""

    last: datetime = NOON
    tries: list[Try] = field(default_factory=list)
    budgets: dict[BudgetKey, Caps] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    caps: dict[str, int | None] = field(default_factory=dict)
    living: list[str] = field(default_factory=list)

    def text(self, now: datetime) -> str:
        return max(self.last, now).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def write(self, now: datetime) -> str:
        """Something is written down at `now`."""
        self.last = max(self.last, now)
        return self.text(now)

    def covered(self, scope: str, subject: str, span: str, key: str) -> list[Try]:
        return [
            one
            for one in self.tries
            if (subject in subjects(one, scope) or (scope == "user" and one.user == UNKNOWN))
            and window(one, span) == key
        ]

    def refuses(self, newcomer: Try) -> bool:
        """Whether any budget that covers `newcomer` has no room for it."""
        budgets = [*self.budgets.items(), (("all", "", "run"), (self.caps[newcomer.run], None))]
        return any(
            self._is_full(scope, subject, span, caps, newcomer)
            for (scope, meant, span), caps in budgets
            for subject in subjects(newcomer, scope)
            if meant in {"", "*", subject}
        )

    def _is_full(self, scope: str, subject: str, span: str, caps: Caps, newcomer: Try) -> bool:
        usd, pictures = caps
        there = sums(self.covered(scope, subject, span, window(newcomer, span)))
        if usd is not None and not newcomer.priced:
            return True
        if usd is not None and newcomer.upper and there.held + there.spent + there.overrun + newcomer.upper > usd:
            return True
        return pictures is not None and there.held_pictures + there.spent_pictures + 1 > pictures

    def seen(self, key: str, directory: Path) -> int:
        there = [one.number for one in self.tries if one.is_at(key, directory) and one.state is not State.VOIDED]
        return max(there, default=0)

    def standing(self, key: str, directory: Path) -> tuple[str | None, str | None, int]:
        """The newest settled attempt, the newest that stands in the way, and how far the ledger has come."""
        there = [one for one in reversed(self.tries) if one.is_at(key, directory)]
        made = next((one.id for one in there if one.state is State.SETTLED), None)
        waits = next((one.id for one in there if one.state in UNFINISHED | OPEN and not one.decided), None)
        return made, waits, self.seen(key, directory)

    def lost(self) -> list[Try]:
        """Received by a run that is dead: only a person can say that the picture is gone for good."""
        return [one for one in self.tries if one.state is State.RECEIVED and one.owner not in self.living]

    def orphans(self, run: str) -> list[Try]:
        return [
            one for one in self.tries if one.state in UNFINISHED and one.owner != run and one.owner not in self.living
        ]

    def unresolved(self) -> list[Try]:
        return [one for one in self.tries if one.state in OPEN and not one.decided]

    def spending(self, run: str | None) -> Spending:
        mine = [one for one in self.tries if run in {None, one.run}]
        unsure = [one for one in mine if one.state in {State.UNCERTAIN, State.MODERATED}]
        return Spending(
            spent=sum(one.posted or 0 for one in mine if one not in unsure),
            held=sum(one.upper for one in mine if one.state in HELD),
            uncertain=sum(one.posted or 0 for one in unsure),
            pictures=sum(one.state in MADE for one in mine),
        )

    def balances(self, now: datetime) -> list[tuple[object, ...]]:
        """Budget, subject, window, then held and spent nano-USD and pictures, for each line a person is shown."""
        today = self.text(now)
        keys = {"run": "", "day": today[:10], "month": today[:7], "total": ""}
        lines: list[tuple[object, ...]] = []
        for (scope, meant, span), caps in sorted(self.budgets.items()):
            budget = Budget(Scope(scope), meant, Window(span), *caps)
            there = [one for one in self.tries if window(one, span) == keys[span]]
            everyone = sorted({subject for one in there for subject in subjects(one, scope)})
            for subject in (everyone if meant == "*" and span != "run" else []) or [meant]:
                found = sums([] if span == "run" else self.covered(scope, subject, span, keys[span]))
                spent = found.spent + found.overrun
                line = (budget, subject, keys[span], found.held, spent, found.held_pictures, found.spent_pictures)
                lines.append(line)
        return lines

    def allows(self, step: str, one: Try, owner: str, fault: AttemptError) -> bool:
        """Whether `owner` may take this step with the attempt now."""
        mine = owner == one.owner and not one.decided
        late = one.state is State.UNCERTAIN and not one.decided
        found = one.state is State.POSTED and not one.decided
        match step:
            case "send":
                return mine and one.state is State.RESERVED
            case "receive":
                # The answer of an attempt that was given up is welcome, whoever brings it.
                return late or found or (mine and one.state is State.SENT)
            case "rename":
                return one.state is State.RECEIVED
            case "save":
                return mine and one.state is State.RECEIVED
            case "settle":
                return mine and one.state is State.SAVED
            case "fail":
                return (late and fault in {VOID, POST}) or (mine and one.state in HELD)
            case _:
                raise AssertionError(step)

    def take(self, step: str, one: Try, at: str, fault: AttemptError, actual: int | None) -> None:
        match step:
            case "send":
                one.state, one.bill = State.SENT, one.upper
            case "receive":
                one.state, one.received_at = State.RECEIVED, at
                one.posted = one.bill = one.upper if actual is None else actual
                flags = ["unpriced"] if not one.priced else ["usage_missing"] if actual is None else []
                one.flags = (*flags, *(["overrun"] if one.posted > one.upper else []))
            case "rename":
                one.name = f"{one.name}x"
            case "save":
                one.state = State.SAVED
            case "settle":
                one.state = State.SETTLED
            case _:
                one.state = State.VOIDED if one.state is State.RESERVED else ENDINGS[fault]
                one.posted = one.bill = 0 if one.state is State.VOIDED else one.upper


def one_of(there: Sequence[T], pick: int) -> T:
    return there[pick % len(there)]


def subjects(one: Try, scope: str) -> set[str]:
    return {"all": {""}, "user": {one.user}, "provider": {one.job.provider}, "tag": set(one.job.tags)}[scope]


def window(one: Try, span: str) -> str:
    return {"run": one.run, "day": one.day, "month": one.month, "total": ""}[span]


def found_by_its_sidecar() -> Try:
    """A picture from before the ledger was damaged; it tells no user."""
    at = Model().text(NOON)
    one = Try(1, "run-before", "run-before", UNKNOWN, JOBS[1], ELSEWHERE, at[:10], at[:7], at, 40, priced=True)
    one.state, one.posted, one.bill, one.received_at = State.SETTLED, 40, 40, at
    return one


def sidecar_of(one: Try) -> Record:
    return Record(
        *(one.id, one.run, one.state, one.job, one.upper, one.posted, "2026", one.directory, one.name),
        picture=A_PICTURE,
        painted=SOME_PAINTED,
        created_at=one.created_at,
        received_at=one.received_at,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """As much of a slot as a ledger looks at."""

    directory: Path
    name: str = "car.png"


@dataclass(frozen=True, slots=True)
class Deed:
    """A method of the machine and what to call it with."""

    name: str
    words: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(f'{name}={word!r}' for name, word in self.words.items())})"


def deed(name: str, **words: st.SearchStrategy[Any]) -> st.SearchStrategy[Deed]:
    return st.fixed_dictionaries(words).map(lambda drawn: Deed(name, drawn))


USER = st.sampled_from(["alice", "bob"])
PICK = st.integers(0, 2**16)
"""Which one of those there are."""

NUMBER = st.integers(0, len(JOBS) - 1)
USD = st.sampled_from([None, None, None, 3000, 1000, 400, 150, 0])
PICTURES = st.sampled_from([None, None, None, None, 20, 8, 3, 0])
FAULTS = st.sampled_from(list(ENDINGS))
PART = st.sampled_from([60, 100, 150, 0, 1000, None])
"""Of what was held, in percent; None when the provider tells nothing."""

LEAPS = ["second", "hour", "day", "month", "midnight", "month's end", "hour back", "days back"]
WAYS = ["ends", "is killed", "is killed and leaves the file of its lock"]
ANY_STEP = st.sampled_from(["send", "receive", "rename", "save", "settle", "fail", "fail", "fail"])
WEIGHED = [
    (7, deed("reserve", pick=PICK, number=NUMBER, upper=st.sampled_from([40, 100, 1, 0, None]), back=PICK)),
    (16, deed("go_on", pick=PICK, part=PART)),
    (5, deed("fail", pick=PICK, fault=FAULTS)),
    (3, deed("look", pick=PICK, number=NUMBER)),
    (4, deed("reserve_alone", pick=PICK, upper=st.sampled_from([40, 100]))),
    (5, deed("stumble", pick=PICK, step=ANY_STEP, fault=FAULTS, part=PART, stranger=st.booleans())),
    (4, deed("resolve", pick=PICK, billed=st.sampled_from([None, 0, 30, 100, 700]))),
    (1, deed("resolve_what_is_not_open", pick=PICK, billed=st.sampled_from([None, 700]))),
    (3, deed("begin", user=USER, usd=USD)),
    (3, deed("leave", pick=PICK, way=st.sampled_from(WAYS))),
    (3, deed("take_over", pick=PICK)),
    (2, deed("claim", pick=PICK)),
    (2, deed("set_budget", whom=st.sampled_from(WHOM), span=st.sampled_from(SPANS), usd=USD, pictures=PICTURES)),
    (2, deed("remove_budget", pick=PICK, whom=st.sampled_from(WHOM), span=st.sampled_from(SPANS))),
    (3, deed("move_clock", leap=st.sampled_from(LEAPS), zone=st.sampled_from([0, 14, -12]))),
]
DEEDS = st.sampled_from([kind for weight, kind in WEIGHED for _ in range(weight)]).flatmap(lambda kind: kind)
"""All in one rule: hypothesis leaves out rules at random, and a walk without holds proves little."""


class LedgerMachine(RuleBasedStateMachine):
    """One home, one clock; every run is a process of its own, as a second SqliteLedger on the same files.

    `house` stands for the commands of people, which have no run.
    """

    ATTEMPTS = """
        SELECT id, run, owner, user, provider, tags, day, month, created_at, received_at, upper, priced, posted,
               overrun, flags, key, directory, name, state, decided
        FROM attempt ORDER BY rowid
    """
    COUNTERS = """
        SELECT scope, budget_subject, span, subject, span_key, usd_cap, usd_floor, pictures_cap, pictures_floor,
               held, spent, overrun, held_pictures, spent_pictures
        FROM counter
    """
    LOOK_AROUND = 25
    """Steps between two looks at everything else."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="ledger-", dir=memory()))
        self.loop = asyncio.new_event_loop()
        self.clock = FakeClock()
        self.model = Model()
        self.house = SqliteLedger(self.home, self.clock)
        self.processes: dict[str, SqliteLedger] = {}
        self.looks: dict[tuple[str, int], int] = {}
        self.head = (0, "", "")
        self.steps = 0
        self.sound = True
        self.find_a_picture()
        self.reader = sqlite3.connect(f"file:{self.home}/ledger.db?mode=ro", uri=True, isolation_level=None)

    def find_a_picture(self) -> None:
        """The ledger begins as one that was rebuilt from a sidecar."""
        one = found_by_its_sidecar()
        rebuild(self.home, self.clock.now(), [(one.job.key, sidecar_of(one))])
        assert self.wait(self.house.adopt("looked at it"))
        self.model.tries.append(one)

    def wait(self, step: Coroutine[Any, Any, T]) -> T:
        self.sound = False
        return self.loop.run_until_complete(step)

    def write(self) -> str:
        return self.model.write(self.clock.now())

    def refused(self, error: type[Exception], step: Coroutine[Any, Any, object]) -> None:
        """That the attempts are as before is seen by comparing them with the model; that nothing was told, here."""
        before = self.told()
        with pytest.raises(error):
            self.wait(step)
        assert self.told() == before

    def told(self) -> int:
        """How many events there are."""
        return int(self.query("SELECT max(seq) FROM event")[0][0])

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self.reader.execute(sql, values).fetchall()

    def process(self, run: str) -> SqliteLedger:
        return self.processes.get(run, self.house)

    @initialize(user=USER, usd=USD)
    def first_run(self, user: str, usd: int | None) -> None:
        self.begin(user, usd)

    @rule(deed=DEEDS)
    def do(self, deed: Deed) -> None:
        getattr(self, deed.name)(**deed.words)

    # Runs

    def begin(self, user: str, usd: int | None) -> None:
        run = f"run-{len(self.model.users):02}"
        process = self.processes[run] = SqliteLedger(self.home, self.clock)
        self.wait(process.begin(a_run(run, usd, user)))
        self.wait(process.enter(run, JOBS))
        self.model.users[run], self.model.caps[run] = user, usd
        self.model.living.append(run)
        self.write()

    def leave(self, pick: int, way: str) -> None:
        """The kernel frees the lock of what is killed, and nobody takes its file away."""
        if len(self.model.living) == 1:
            return self.take_over(pick)
        run = self.model.living.pop(pick % len(self.model.living))
        if way == "ends":
            self.wait(self.processes[run].end(run))
            self.write()
        self.wait(self.processes.pop(run).close())
        if "file" in way:
            (self.home / "runs" / f"{run}.lock").touch()
        return None

    def take_over(self, pick: int) -> None:
        run = one_of(self.model.living, pick)
        expected = self.model.orphans(run)
        found = self.wait(self.process(run).orphans(run))
        assert [(record.attempt, record.state) for record in found] == [(one.id, one.state) for one in expected]
        for one in expected:
            one.owner = run
            self.write()

    def claim(self, pick: int) -> None:
        there = self.model.unresolved()
        if not there:
            return self.go_on(pick, None)
        one, run = one_of(there, pick), one_of(self.model.living, pick)
        record = next(record for record in self.wait(self.house.unresolved()) if record.attempt == one.id)
        free = one.owner not in self.model.living
        assert self.wait(self.process(run).claim(record, run)) is free
        if free:
            one.owner = run
            self.write()
        return None

    # Budgets

    def set_budget(self, whom: tuple[str, str], span: str, usd: int | None, pictures: int | None) -> None:
        """At most four at a time; with more, nothing would fit for long."""
        there = sorted(self.model.budgets)
        key = (*whom, span) if len(there) < 4 else one_of(there, len(whom[1]) + len(span))
        self.wait(self.house.set_budget(Budget(Scope(key[0]), key[1], Window(key[2]), usd, pictures)))
        self.model.budgets[key] = usd, pictures
        self.write()

    def remove_budget(self, pick: int, whom: tuple[str, str], span: str) -> None:
        """One that there is, or one that there hardly is."""
        there = sorted(self.model.budgets)
        key = one_of(there, pick) if there and pick % 4 else (*whom, span)
        was_there = self.model.budgets.pop(key, None) is not None
        budget = Budget(Scope(key[0]), key[1], Window(key[2]), 1, 1)
        assert self.wait(self.house.remove_budget(budget)) is was_there
        if was_there:
            self.write()

    # Money

    def reserve(self, pick: int, number: int, upper: int | None, back: int) -> None:
        """As one who never looked, or looked some attempts ago."""
        since = max(0, self.model.seen(JOBS[number].key, FREE) - back % 3) if back % 5 == 0 else None
        self.hold(one_of(self.model.living, pick), number, FREE, upper, since)

    def look(self, pick: int, number: int) -> None:
        """Before a run makes a job it looks; what it found may be old when it comes to make it."""
        run = one_of(self.model.living, pick)
        found = self.wait(self.process(run).standing(JOBS[number].key, ALONE))
        self.looks.pop((run, number), None)
        if found.made is None and found.open is None:
            self.looks[run, number] = found.seen

    def reserve_alone(self, pick: int, upper: int) -> None:
        looks = sorted(look for look in self.looks if look[0] in self.model.living)
        if not looks:
            return self.look(pick, pick % len(JOBS))
        run, number = one_of(looks, pick)
        return self.hold(run, number, ALONE, upper, self.looks.pop((run, number)))

    def hold(self, run: str, number: int, directory: Path, upper: int | None, since: int | None) -> None:
        model, job, priced = self.model, JOBS[number], upper is not None
        at = model.text(self.clock.now())
        day, month = at[:10], at[:7]
        new = Try(len(model.tries) + 1, run, run, model.users[run], job, directory, day, month, at, upper or 0, priced)
        quote = Unpriced(job, "?") if upper is None else Priced(job, upper, upper, "2026")
        step = self.process(run).reserve(run, new.id, quote, Place(directory), since)
        if since is not None and model.seen(job.key, directory) > since:
            before = self.told()
            assert self.wait(step) is None
            assert self.told() == before
        elif model.refuses(new):
            self.refused(BudgetError, step)
        else:
            assert self.wait(step) == Hold(new.id, run, job, new.upper, priced)
            model.tries.append(new)
            self.write()

    def take(self, step: str, one: Try, owner: str, fault: AttemptError = LOST, part: int | None = None) -> None:
        """One step with an attempt: taken as the model takes it, or refused where the model refuses it."""
        actual = None if part is None else one.upper * part // 100
        ledger = self.process(owner)
        hold = Hold(one.id, owner, one.job, one.upper, one.priced)
        done: Coroutine[Any, Any, object]
        match step:
            case "send":
                done = ledger.send(hold)
            case "receive":
                done = ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, actual))
            case "rename":
                done = ledger.rename(one.id, f"{one.name}x")
            case "save":
                done = ledger.save(one.id, owner)
            case "settle":
                done = ledger.settle(one.id, owner)
            case _:
                done = ledger.fail(hold, fault)
        if not self.model.allows(step, one, owner, fault):
            self.refused(LedgerError, done)
            return
        told = self.wait(done)
        self.model.take(step, one, self.write(), fault, actual)
        if step == "receive":
            assert told == one.posted
        if step == "send":
            # I4: before a byte leaves, anybody can read that it may.
            assert self.query("SELECT state FROM attempt WHERE id = ?", one.id) == [("sent",)]

    def go_on(self, pick: int, part: int | None) -> None:
        """The next step on the way of a picture; now and then a late answer."""
        there = [
            one
            for one in self.model.tries
            if one.state in UNFINISHED or (one.state is State.UNCERTAIN and pick % 3 == 0)
        ]
        if not there:
            return self.reserve(pick, pick % len(JOBS), 40, 1)
        one = one_of(there, pick)
        way = {State.RESERVED: "send", State.RECEIVED: "save", State.SAVED: "settle"}
        return self.take(way.get(one.state, "receive"), one, one.owner, part=part)

    def fail(self, pick: int, fault: AttemptError) -> None:
        there = [one for one in self.model.tries if one.state is State.SENT]
        if not there:
            return self.go_on(pick, None)
        one = one_of(there, pick)
        return self.take("fail", one, one.owner, fault)

    def stumble(self, pick: int, step: str, fault: AttemptError, part: int | None, stranger: bool) -> None:
        """Any step with any attempt or with none at all, by its owner or by another; most are out of order."""
        nothing = Try(999, "run-00", "run-00", "alice", JOBS[0], FREE, "", "", "", 40, priced=True, decided=True)
        one = one_of([*self.model.unresolved(), *self.model.unresolved(), *self.model.tries, nothing], pick)
        others = [run for run in self.model.users if run != one.owner]
        self.take(step, one, one_of(others, pick) if stranger and others else one.owner, fault, part)

    def resolve(self, pick: int, billed: int | None) -> None:
        there = self.model.unresolved() + (self.model.lost() if billed is not None else [])
        if not there:
            return self.go_on(pick, billed)
        one = one_of(there, pick)
        self.wait(self.house.resolve(one.id, billed, "on the invoice"))
        if one.state is not State.RECEIVED:
            one.posted = one.bill = billed or 0
        one.state, one.decided = State.VOIDED if billed is None else State.POSTED, True
        self.write()
        return None

    def resolve_what_is_not_open(self, pick: int, billed: int | None) -> None:
        lost = self.model.lost() if billed is not None else []
        others = [one.id for one in self.model.tries if (one.state not in OPEN or one.decided) and one not in lost]
        self.refused(UsageError, self.house.resolve(one_of([*others, "nothing"], pick), billed, "again"))

    # Time

    def move_clock(self, leap: str, zone: int) -> None:
        """To places where days and months begin, or back; and told in any zone."""
        now = self.clock.now().astimezone(UTC)
        eve = now.replace(hour=23, minute=59, second=59, microsecond=999_999)
        match leap:
            case "second" | "hour" | "day" | "month":
                now += {"second": timedelta(seconds=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}.get(
                    leap, timedelta(days=31)
                )
            case "midnight":
                now = eve if now != eve else now + timedelta(microseconds=1)
            case "month's end":
                now = (eve.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            case "hour back":
                now -= timedelta(hours=1)
            case _:
                now -= timedelta(days=40)
        self.clock.set(now.astimezone(timezone(timedelta(hours=zone))))

    # What always holds

    @invariant()
    def the_ledger_is_what_it_should_be(self) -> None:
        self.attempts_are_as_the_model_has_them()
        self.chain_grows_whole()
        self.counters_are_sums_and_below_their_caps()
        self.no_bill_is_missing()
        self.jobs_made_by_one_alone_are_made_once()
        self.steps += 1
        if self.steps % self.LOOK_AROUND == 0:
            self.look_around(self.model.living[-1:], [JOBS[self.steps % len(JOBS)]])
        self.sound = True

    def attempts_are_as_the_model_has_them(self) -> None:
        assert self.query(self.ATTEMPTS) == [one.row() for one in self.model.tries]

    def chain_grows_whole(self) -> None:
        """I9, from where it was last seen; and its time is the model's."""
        number, previous, last = self.head
        sql = "SELECT seq, at, attempt, kind, body, hash FROM event WHERE seq > ? ORDER BY seq"
        for seq, at, *rest, sealed in self.query(sql, number):
            assert seq == number + 1
            assert at >= last
            text = json.dumps([previous, seq, at, *rest], separators=(",", ":"))
            assert sealed == hashlib.sha256(text.encode()).hexdigest()
            number, previous, last = seq, sealed, at
        self.head = number, previous, last
        assert last in {"", self.model.text(NOON)}

    def counters_are_sums_and_below_their_caps(self) -> None:
        """I1 to I3, by the counters' own columns and by all attempts."""
        for row in self.query(self.COUNTERS):
            scope, meant, span, subject, key, usd, usd_floor, pictures, pictures_floor, *columns = row
            held, spent, _, held_pictures, spent_pictures = columns
            assert usd is None or held + spent <= max(usd, usd_floor)
            assert pictures is None or held_pictures + spent_pictures <= max(pictures, pictures_floor)
            found = sums(self.model.covered(scope, subject, span, key))
            recomputed = [found.held, found.spent, found.overrun, found.held_pictures, found.spent_pictures]
            assert columns == recomputed, row
            caps = self.model.budgets.get((scope, meant, span)) or (self.model.caps.get(meant), None)
            assert (usd, pictures) == caps

    def no_bill_is_missing(self) -> None:
        """I5: of each attempt alone, so that no other makes up for it."""
        for one in self.model.tries:
            assert (one.upper if one.state in HELD else one.posted or 0) >= one.bill

    def jobs_made_by_one_alone_are_made_once(self) -> None:
        """I8: unless a person decided that it may be made again."""
        for job in JOBS:
            there = [one for one in self.model.tries if one.is_at(job.key, ALONE)]
            assert sum(one.state is not State.VOIDED and not one.decided for one in there) <= 1

    def look_around(self, runs: Iterable[str], jobs: Iterable[Job]) -> None:
        """What people and other rooms are told."""
        ledger, model = self.house, self.model
        assert self.wait(ledger.audit()) == []
        for run in (None, *runs):
            assert self.wait(ledger.spending(run)) == model.spending(run)
        balances = [
            (b.budget, b.subject, b.window_key, b.held_usd, b.spent_usd, b.held_pictures, b.spent_pictures)
            for b in self.wait(ledger.balances())
        ]
        assert balances == model.balances(self.clock.now())
        assert [record.attempt for record in self.wait(ledger.unresolved())] == [one.id for one in model.unresolved()]
        for job in jobs:
            for directory in (FREE, ALONE):
                found = self.wait(ledger.standing(job.key, directory))
                told = (found.made and found.made.attempt, found.open and found.open.attempt, found.seen)
                assert told == model.standing(job.key, directory)

    def teardown(self) -> None:
        try:
            if self.sound:
                self.look_around(self.model.users, JOBS)
        finally:
            self.reader.close()
            for ledger in (self.house, *self.processes.values()):
                self.loop.run_until_complete(ledger.close())
            self.loop.close()
            shutil.rmtree(self.home)


def memory() -> Path | None:
    """A file system in memory where there is one: that commits reach the disk is proved elsewhere."""
    place = Path("/dev/shm")  # noqa: S108 - a fresh directory is made below it
    return place if os.access(place, os.W_OK) else None


@pytest.fixture(autouse=True)
def _far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine's own midnight must not matter."""
    if hasattr(time, "tzset"):
        with monkeypatch.context() as patch:
            patch.setenv("TZ", "LINE-14")
            time.tzset()
            yield
        time.tzset()
    else:
        yield


def walk(examples: int) -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_no_order_of_steps_breaks_the_ledger(part: int) -> None:
    walk(EXAMPLES // PARTS)


@pytest.mark.rig
@pytest.mark.parametrize("part", range(PARTS))
def test_no_long_order_of_steps_breaks_the_ledger(part: int) -> None:
    walk(EXAMPLES // PARTS * LONGER)
