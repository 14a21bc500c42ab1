"""The corridor with a scripted painter and real rooms around it."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgcli.engine.limits import Pacer
from imgcli.engine.stop import Stop
from imgcli.errors import AccountError, AttemptError, Halt, LedgerError, Money, Retry, StorageError
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.attempt import Hold, State
from imgcli.model.budget import Budget, Scope, Window
from imgcli.model.events import Event, Paced
from imgcli.model.job import Job
from imgcli.model.outcome import (
    Failed,
    Listed,
    Made,
    Outcome,
    Refused,
    RefusedBy,
    Reused,
    SetAside,
    Uncertain,
    Unstarted,
)
from imgcli.model.picture import Painted, Picture, Saved, Usage
from imgcli.model.quote import Priced, Quote, Unpriced
from imgcli.model.run import Run
from imgcli.model.verdict import Aside, Decision, Remarks, Stage, Verdict
from imgcli.pipeline import Line, Unguarded, make_all
from imgcli.ports import Easel, Guard, Slot, Studio
from imgcli.recovery import recover
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_job
from tests.fakes.provider import MEDIUM, PNG, PRICE, FakeProvider, Script, paints
from tests.fakes.studio import a_studio

UPPER = 20_000_000


def fails(fault: AttemptError) -> Script:
    async def script(hold: Hold, easel: Easel) -> Painted:
        raise fault

    return script


RATE = AttemptError("slow down", money=Money.VOID, retry=Retry.FREE, code="rate", wait=12.0)
REFUSED = AttemptError("bad size", money=Money.VOID, code="invalid_value")
LOST = AttemptError("the answer was lost", money=Money.HOLD)


class Bench:
    """A studio around one painter, and runs in it."""

    def __init__(self, tmp_path: Path) -> None:
        self.painter = FakeProvider()
        self.clock = FakeClock()
        self.out = tmp_path / "out"
        self.home = tmp_path / "home"
        self.studio, self.events = a_studio(self.home, {"openai": self.painter}, self.clock)
        self.stop = Stop()
        self.runs = 0
        self.stated: float | None = None

    def will(self, *scripts: Script) -> None:
        self.painter.scripts = list(scripts)

    def quotes(self, count: int, upper: int = UPPER, **changes: object) -> list[Priced]:
        return [
            Priced(a_job(variant=i, stem=f"car-{i}", directory=self.out, **changes), upper, upper, "2026-11-21")
            for i in range(1, count + 1)
        ]

    async def go(
        self, quotes: Sequence[Quote], at_once: int = 1, usd: int | None = None, *, resume: bool = False, **more: Any
    ) -> list[Outcome]:
        self.runs += 1
        run = Run(f"run-{self.runs}", "gen", "alice", "host", 1, usd)
        await self.studio.ledger.begin(run)
        pacer = Pacer(
            self.clock, self.studio.board, "scripted", stated=self.stated, at_once=at_once, tell=self.studio.observe
        )
        self.line = Line(run, self.studio, self.stop, {"openai": pacer}, resume, **more)
        outcomes = await make_all(quotes, self.line, at_once)
        await self.studio.ledger.end(run.id)
        return outcomes

    def make(self, quotes: Sequence[Quote], at_once: int = 1, usd: int | None = None) -> list[Outcome]:
        return asyncio.run(self.go(quotes, at_once, usd))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    asyncio.run(made.studio.ledger.close())


def kinds(outcomes: Sequence[Outcome]) -> list[type]:
    return [type(outcome) for outcome in outcomes]


def test_a_picture_walks_the_whole_corridor(bench: Bench) -> None:

    async def story() -> None:
        (made,) = await bench.go(bench.quotes(1))
        assert isinstance(made, Made)
        assert made.cost == PRICE
        assert made.saved.path.read_bytes() == PNG
        assert made.saved.path == bench.out / "car-1.png"
        assert made.notes == ("asked for 1024x1024, got 1x1",)
        (record,) = await bench.studio.ledger.records(State.SETTLED)
        assert record.cost == PRICE
        assert '"nano_usd": 13210000' in made.saved.sidecar.read_text()
        assert sorted(path.name for path in bench.out.iterdir()) == ["car-1.png", "car-1.png.json"]
        spending = await bench.studio.ledger.spending()
        assert (spending.spent, spending.held, spending.pictures) == (PRICE, 0, 1)

    asyncio.run(story())


def test_only_what_is_certainly_unpaid_is_sent_again(bench: Bench) -> None:
    bench.will(fails(RATE), fails(RATE))
    (made,) = bench.make(bench.quotes(1))
    assert isinstance(made, Made)
    assert len(bench.painter.calls) == 3
    assert len({hold.attempt for hold in bench.painter.calls}) == 3
    assert any(isinstance(event, Paced) for event in bench.events)
    assert sum(bench.clock.slept) >= 24


def test_what_may_be_billed_is_never_sent_again(bench: Bench) -> None:
    bench.will(fails(LOST))
    (uncertain,) = bench.make(bench.quotes(1))
    assert isinstance(uncertain, Uncertain)
    assert uncertain.held == UPPER
    assert len(bench.painter.calls) == 1
    assert list(bench.out.iterdir()) == []


def test_a_provider_with_a_bug_counts_as_billed(bench: Bench) -> None:
    async def broken(hold: Hold, easel: Easel) -> Painted:
        raise ZeroDivisionError

    bench.will(broken)
    (uncertain,) = bench.make(bench.quotes(1))
    assert isinstance(uncertain, Uncertain)
    assert "ZeroDivisionError" in uncertain.reason


def test_tries_end_and_the_run_with_them(bench: Bench) -> None:
    unreachable = AttemptError("down", money=Money.VOID, retry=Retry.FREE, code="unreachable")
    bench.will(*[fails(unreachable)] * 6)
    outcomes = bench.make(bench.quotes(3))
    assert kinds(outcomes) == [Failed, Unstarted, Unstarted]
    assert len(bench.painter.calls) == 6


def test_one_bad_prompt_does_not_stop_the_others(bench: Bench) -> None:
    bench.will(fails(REFUSED))
    assert kinds(bench.make(bench.quotes(3))) == [Failed, Made, Made]


def test_a_model_that_is_gone_is_asked_for_once(bench: Bench) -> None:
    gone = AttemptError("no such model", money=Money.VOID, halt=Halt.MODEL)
    bench.will(fails(gone))
    other = bench.quotes(1, model="gpt-image-2")
    assert kinds(bench.make([*bench.quotes(3), *other])) == [Failed, Unstarted, Unstarted, Made]
    assert len(bench.painter.calls) == 2


def test_an_account_at_fault_stops_the_run(bench: Bench) -> None:
    bench.will(fails(AttemptError("no credit", money=Money.VOID, halt=Halt.RUN, account=True)))
    failed, *rest = bench.make(bench.quotes(3))
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, AccountError)
    assert kinds(rest) == [Unstarted, Unstarted]


def test_moderated_at_the_output_keeps_its_hold(bench: Bench) -> None:
    held = AttemptError("unsafe", money=Money.HOLD, moderated=True)
    free = AttemptError("unsafe", money=Money.VOID, moderated=True)
    bench.will(fails(held), fails(free))
    first, second = bench.make(bench.quotes(2))
    assert isinstance(first, Refused)
    assert isinstance(second, Refused)
    assert (first.by, first.held, second.held) == (RefusedBy.MODERATION, UPPER, 0)


def test_the_first_bill_above_its_hold_stops_the_run(bench: Bench) -> None:
    async def dear(hold: Hold, easel: Easel) -> Painted:
        await easel.write(PNG)
        return Painted(usage=Usage(8, 0, 4390))

    bench.will(dear)
    first, *rest = bench.make(bench.quotes(3))
    assert isinstance(first, Made)
    assert first.overrun
    assert first.cost == 40_000 + 4390 * 30_000
    assert kinds(rest) == [Unstarted, Unstarted]


def test_a_cap_is_used_up_to_its_end_by_what_holds_give_back(bench: Bench) -> None:
    """Ten at once hold far more than they cost; those that do not fit wait for the others instead of giving up."""
    cap = 9 * PRICE + UPPER
    outcomes = bench.make(bench.quotes(12), at_once=12, usd=cap)
    made = [outcome for outcome in outcomes if isinstance(outcome, Made)]
    assert len(made) == 10
    assert all(outcome.by is RefusedBy.BUDGET for outcome in outcomes if isinstance(outcome, Refused))
    assert bench.line.spent == 10 * PRICE <= cap


def test_a_refused_budget_closes_only_for_those_it_covers(bench: Bench) -> None:

    async def story() -> list[Outcome]:
        await bench.studio.ledger.set_budget(Budget(Scope.TAG, "launch", Window.DAY, None, 1))
        return await bench.go([*bench.quotes(3, tags=("launch",)), *bench.quotes(1, quality="low")])

    outcomes = asyncio.run(story())
    assert kinds(outcomes) == [Made, Refused, Refused, Made]


def test_an_unknown_price_is_refused_by_a_cap_in_dollars_and_told_without_one(bench: Bench) -> None:
    job = a_job(directory=bench.out, model="mystery")
    (refused,) = bench.make([Unpriced(job, "?")], usd=10**9)
    assert isinstance(refused, Refused)
    assert refused.by is RefusedBy.PRICE
    assert not bench.painter.calls
    (made,) = bench.make([Unpriced(job, "?")])
    assert isinstance(made, Made)
    assert made.cost is None


def test_resume_reuses_what_is_whole_and_leaves_what_is_uncertain(bench: Bench) -> None:
    bench.will(paints, fails(LOST), paints)

    async def story() -> None:
        await bench.go(bench.quotes(3))
        (bench.out / "car-3.png").write_bytes(b"torn")
        again = await bench.go(bench.quotes(3), resume=True)
        assert kinds(again) == [Reused, Uncertain, Made]
        made = again[2]
        assert isinstance(made, Made)
        assert made.saved.path.name == "car-3-2.png"
        assert len(bench.painter.calls) == 4
        fresh = await bench.go(bench.quotes(3))
        assert kinds(fresh) == [Made, Made, Made]

    asyncio.run(story())


def test_drain_ends_what_waits_and_finishes_what_paints(bench: Bench) -> None:
    started = asyncio.Event

    async def story() -> list[Outcome]:
        began = started()

        async def slow(hold: Hold, easel: Easel) -> Painted:
            began.set()
            await bench.stop.unless_draining(asyncio.Event().wait())
            return await paints(hold, easel)

        bench.painter.scripts = [slow]
        running = asyncio.ensure_future(bench.go(bench.quotes(3)))
        await began.wait()
        bench.stop.drain("interrupted")
        return await running

    assert kinds(asyncio.run(story())) == [Made, Unstarted, Unstarted]


def test_abort_cuts_the_painter_off_and_asks_what_became_of_the_money(bench: Bench) -> None:

    async def story(*, honest: bool) -> Outcome:
        bench.stop = Stop()
        began = asyncio.Event()

        async def hangs(hold: Hold, easel: Easel) -> Painted:
            began.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if honest:
                    raise AttemptError("not sent", money=Money.VOID) from None
                raise
            raise AssertionError

        bench.painter.scripts = [hangs]
        running = asyncio.ensure_future(bench.go(bench.quotes(1)))
        await began.wait()
        bench.stop.abort("interrupted")
        return (await running)[0]

    async def both() -> list[Outcome]:
        return [await story(honest=True), await story(honest=False)]

    assert kinds(asyncio.run(both())) == [Failed, Uncertain]


def test_bytes_that_are_no_picture_are_kept_and_counted(bench: Bench) -> None:
    async def text(hold: Hold, easel: Easel) -> Painted:
        await easel.write(b"this is no picture at all, sorry")
        return Painted(usage=MEDIUM)

    bench.will(text)
    (failed,) = bench.make(bench.quotes(1))
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, StorageError)
    assert failed.cost == UPPER
    assert [path.read_bytes() for path in (bench.home / "state" / "spool").iterdir()]


def test_without_a_ledger_nothing_is_painted(bench: Bench) -> None:
    data = bench.home / "data"
    data.mkdir(parents=True)
    (data / "ledger.db").write_bytes(b"no ledger" * 1000)
    with pytest.raises(LedgerError, match="not a ledger"):
        bench.make(bench.quotes(1))
    assert not bench.painter.calls


def test_a_ledger_that_fails_midway_stops_the_run_and_what_was_sent_is_found_again(bench: Bench) -> None:

    class Failing(SqliteLedger):
        async def receive(self, hold: Hold, receipt: object) -> int:
            raise LedgerError(f"disk full at {hold.attempt}, {receipt}")

    async def story() -> None:
        whole = bench.studio
        broken = Failing(bench.home / "data", bench.clock)
        bench.studio = Studio(
            whole.providers, whole.pricer, broken, whole.store, whole.board, whole.clock, whole.styles, whole.observe
        )
        outcomes = await bench.go(bench.quotes(2))
        assert kinds(outcomes) == [Failed, Unstarted]
        await broken.close()
        bench.studio = whole
        run = Run("after", "gen", "alice", "host", 1)
        await whole.ledger.begin(run)
        assert (await recover(whole, run)).finished == 1
        assert (bench.out / "car-1.png").read_bytes() == PNG
        assert (await whole.ledger.spending()).spent == PRICE

    asyncio.run(story())


def test_two_pictures_for_one_name_both_survive(bench: Bench) -> None:
    same = [Priced(a_job(variant=i, stem="car", directory=bench.out), UPPER, UPPER, "r") for i in (1, 2)]
    made = bench.make(same, at_once=2)
    names = sorted(outcome.saved.path.name for outcome in made if isinstance(outcome, Made))
    assert names == ["car-2.png", "car.png"]


def test_every_job_gets_one_outcome(bench: Bench) -> None:
    bench.will(fails(LOST), fails(REFUSED), fails(RATE))
    jobs = bench.quotes(30)
    outcomes = bench.make(jobs, at_once=7)
    assert sorted(outcome.job.key for outcome in outcomes) == sorted(quote.job.key for quote in jobs)
    seen: list[Event] = bench.events
    assert seen


def test_no_more_than_the_seats_are_asked_for_and_the_next_is_ready_when_one_falls_free(bench: Bench) -> None:
    async def story() -> tuple[int, int, list[State]]:
        asked = most = 0
        reserved: list[State] = []
        full, go = asyncio.Event(), asyncio.Event()

        async def slow(hold: Hold, easel: Easel) -> Painted:
            nonlocal asked, most
            asked += 1
            most = max(most, asked)
            if asked == 2:
                full.set()
            await go.wait()
            asked -= 1
            return await paints(hold, easel)

        bench.painter.scripts = [slow] * 6
        running = asyncio.ensure_future(bench.go(bench.quotes(6), at_once=2))
        await full.wait()
        while len(reserved) < 1:
            reserved = [record.state for record in await bench.studio.ledger.records(State.RESERVED)]
        go.set()
        await running
        return most, len(bench.painter.calls), reserved

    assert asyncio.run(story()) == (2, 6, [State.RESERVED])


def test_a_seat_is_free_while_its_picture_is_put_away(bench: Bench) -> None:
    """The second picture is asked for before the first one has its name."""

    async def story() -> list[str]:
        order: list[str] = []
        asked = asyncio.Event()
        settle = bench.studio.ledger.settle

        async def late(attempt: str, run: str) -> None:
            await asked.wait()
            order.append("settled")
            await settle(attempt, run)

        async def second(hold: Hold, easel: Easel) -> Painted:
            order.append("asked")
            asked.set()
            return await paints(hold, easel)

        async def third(hold: Hold, easel: Easel) -> Painted:
            return await paints(hold, easel)

        bench.painter.scripts = [third, third, second]
        bench.studio.ledger.settle = late  # type: ignore[method-assign]
        await bench.go(bench.quotes(3), at_once=2)
        return order

    assert asyncio.run(story())[0] == "asked"


def test_refusals_for_the_rate_are_no_failed_tries(bench: Bench) -> None:
    busy = AttemptError("too many", money=Money.VOID, retry=Retry.FREE, code="overloaded", wait=5.0)
    bench.will(*[fails(busy)] * 15)
    assert kinds(bench.make(bench.quotes(2))) == [Made, Made]
    assert len(bench.painter.calls) == 17


def test_who_waits_for_its_turn_when_the_run_ends_gives_everything_back(bench: Bench) -> None:
    class Standing(FakeClock):
        """Time stands, and whoever sleeps sleeps on."""

        async def sleep(self, seconds: float) -> None:
            bench.stop.drain(f"interrupted while it waited {seconds:.0f} s")
            await asyncio.Event().wait()

    async def story() -> list[Outcome]:
        bench.clock = Standing()
        bench.stated = 1
        outcomes = await bench.go(bench.quotes(4), at_once=3)
        spending = await bench.studio.ledger.spending()
        assert spending.held == 0
        assert not await bench.studio.ledger.records(State.RESERVED)
        assert len(await bench.studio.ledger.records(State.VOIDED)) <= 3
        assert len(list(bench.out.iterdir())) == 2
        return outcomes

    assert sorted(kind.__name__ for kind in kinds(asyncio.run(story()))) == ["Made", *["Unstarted"] * 3]


def test_a_cap_holds_for_pictures_that_are_ready_ahead(bench: Bench) -> None:
    async def story() -> list[Outcome]:
        await bench.studio.ledger.set_budget(Budget(Scope.ALL, "", Window.TOTAL, 3 * UPPER, None))
        return await bench.go(bench.quotes(12, upper=PRICE), at_once=8)

    outcomes = asyncio.run(story())
    made = sum(isinstance(outcome, Made) for outcome in outcomes)
    assert made * PRICE <= 3 * UPPER
    assert made == min(12, 3 * UPPER // PRICE)


@pytest.mark.parametrize("end", ["account", "overrun"])
def test_nothing_leaves_after_what_ends_the_run(bench: Bench, end: str) -> None:
    """Pictures that are ready for the seat must not take it in the moment that it falls free."""
    closed = AttemptError("no credit", money=Money.VOID, halt=Halt.RUN, account=True)
    asked: list[Hold] = []
    full = asyncio.Event()

    async def ends(hold: Hold, easel: Easel) -> Painted:
        asked.append(hold)
        if len(asked) == 4:
            full.set()
        await full.wait()
        if end == "account":
            raise closed
        return replace(await paints(hold, easel), usage=Usage(text_in=8, image_in=0, image_out=100_000))

    bench.will(*[ends] * 12)
    bench.make(bench.quotes(12), at_once=4)
    assert len(bench.painter.calls) == 4


def test_what_was_ready_for_a_model_that_is_gone_takes_no_place_of_others(bench: Bench) -> None:
    gone = AttemptError("no such model", money=Money.VOID, halt=Halt.MODEL)
    under_way: set[str] = set()
    full = asyncio.Event()

    async def paints_three_at_once(hold: Hold, easel: Easel) -> Painted:
        if hold.job.model != "gpt-image-2":
            raise gone
        under_way.add(hold.attempt)
        if len(under_way) == 3:
            full.set()
        await full.wait()
        return await paints(hold, easel)

    async def story() -> list[Outcome]:
        async with asyncio.timeout(5):
            return await bench.go([*bench.quotes(12), *bench.quotes(12, model="gpt-image-2")], at_once=3)

    bench.will(*[paints_three_at_once] * 24)
    assert kinds(asyncio.run(story())[12:]) == [Made] * 12


def test_a_lock_file_decides_which_of_two_pictures_of_a_job_is_its_own(bench: Bench) -> None:
    async def story() -> None:
        (quote,) = bench.quotes(1)
        (first,) = await bench.go([quote], resume=True)
        (second,) = await bench.go([quote], resume=False)
        assert isinstance(first, Made)
        assert isinstance(second, Made)
        listed = {quote.job.key: Listed(str(first.saved.path), first.saved.picture.sha256, len(PNG))}
        (kept,) = await bench.go([quote], resume=True)
        assert isinstance(kept, Reused)
        assert (kept.path, kept.sha256, kept.size_bytes) == (second.saved.path, first.saved.picture.sha256, len(PNG))
        (kept,) = await bench.go([quote], resume=True, listed=listed)
        assert isinstance(kept, Reused)
        assert (kept.path, kept.why) == (first.saved.path, "made before, as the lock file tells")
        first.saved.path.write_bytes(b"other bytes")
        (kept,) = await bench.go([quote], resume=True, listed=listed)
        assert isinstance(kept, Reused)
        assert kept.path == second.saved.path
        (anew,) = await bench.go([quote], resume=True, listed=listed, anew={quote.job.key})
        assert isinstance(anew, Made)
        assert len(bench.painter.calls) == 3

    asyncio.run(story())


def test_a_lock_file_alone_is_enough_for_a_job_that_no_ledger_knows(bench: Bench) -> None:
    async def story() -> None:
        (quote,) = bench.quotes(1)
        bench.out.mkdir()
        (bench.out / "theirs.png").write_bytes(PNG)
        sha256 = hashlib.sha256(PNG).hexdigest()
        listed = {quote.job.key: Listed(str(bench.out / "theirs.png"), sha256, len(PNG))}
        (kept,) = await bench.go([quote], resume=True, listed=listed)
        assert isinstance(kept, Reused)
        assert kept.sha256 == sha256
        assert not bench.painter.calls

    asyncio.run(story())


class Shelved:
    """Satisfies `ports.Shelf` with one picture for every job; notes what was asked, in order."""

    def __init__(self, asked: list[str]) -> None:
        self.asked = asked

    async def find(self, job: Job, guard: Guard) -> Reused | None:  # noqa: ARG002
        self.asked.append(f"find {job.variant}")
        return Reused(job, Path("/made/before.png"), "made before") if job.variant != 2 else None

    async def seen(self, job: Job, *, proves: bool = False) -> Reused | None:  # noqa: ARG002
        raise AssertionError("a run looks for itself")

    async def suggest(self, job: Job) -> str | None: ...

    async def keep(self, job: Job, saved: Saved, attempt: str) -> None:  # noqa: ARG002
        self.asked.append(f"keep {job.variant}")


class Watchful(Unguarded):
    def __init__(self, asked: list[str], blocks: int = 0) -> None:
        self.asked, self.blocks = asked, blocks

    async def clear(self, job: Job) -> Sequence[Verdict]:
        self.asked.append(f"clear {job.variant}")
        blocked = Verdict(Stage.PROMPT, "blocklist", Decision.BLOCKED, "x")
        return [blocked] if job.variant == self.blocks else []


def test_what_is_not_cleared_is_not_taken_from_the_shelf_and_what_is_made_is_put_there(bench: Bench) -> None:
    asked: list[str] = []
    outcomes = asyncio.run(
        bench.go(bench.quotes(3), resume=True, shelf=Shelved(asked), guard=Watchful(asked, blocks=3))
    )
    assert kinds(outcomes) == [Reused, Made, Refused]
    assert asked == ["clear 1", "find 1", "clear 2", "find 2", "keep 2", "clear 3"]
    assert len(bench.painter.calls) == 1


def test_what_was_made_before_needs_no_room_in_a_budget_and_what_is_wanted_anew_is_not_looked_for(bench: Bench) -> None:
    asked: list[str] = []
    quotes = bench.quotes(4)
    outcomes = asyncio.run(bench.go([quotes[1], *quotes[2:]], usd=0, shelf=Shelved(asked), guard=Watchful(asked)))
    assert kinds(outcomes) == [Refused, Reused, Reused]
    anew = asyncio.run(bench.go(quotes[:1], shelf=Shelved(asked), anew=[quotes[0].job.key]))
    assert kinds(anew) == [Made]
    assert "find 1" not in asked


class Blinded(Unguarded):
    """Looks at the first picture, and can look at no more from then on."""

    def __init__(self) -> None:
        self.why, self.cleared = "", 0

    async def clear(self, job: Job) -> Sequence[Verdict]:  # noqa: ARG002
        self.cleared += 1
        return ()

    async def inspect(self, job: Job, slot: Slot, picture: Picture, tried: int) -> Remarks:  # noqa: ARG002
        self.why = "no key for moderation"
        unseen = Verdict(Stage.PICTURE, "provider", Decision.UNAVAILABLE, self.why)
        return Remarks((unseen,), aside=Aside.QUARANTINE)

    def blind(self, job: Job) -> str:  # noqa: ARG002
        return self.why


def test_once_nobody_can_look_nothing_more_is_bought(bench: Bench) -> None:
    guard = Blinded()
    outcomes = asyncio.run(bench.go(bench.quotes(4), at_once=1, guard=guard))
    assert kinds(outcomes) == [SetAside, Unstarted, Unstarted, Unstarted]
    assert (len(bench.painter.calls), guard.cleared) == (1, 1)
