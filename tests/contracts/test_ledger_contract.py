"""What every ledger promises, on the one in memory and the one on disk."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from imgcli.errors import AttemptError, BudgetError, LedgerError, Money, UsageError
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.attempt import Hold, Receipt, Record, State
from imgcli.model.budget import EACH, UNKNOWN, Balance, Budget, Scope, Window
from imgcli.model.finding import Level
from imgcli.model.input import Edit, Input
from imgcli.model.job import TEXT, Look
from imgcli.model.picture import Painted, Usage
from imgcli.model.quote import Unpriced
from imgcli.model.size import Size
from imgcli.model.verdict import Aside, Decision, Remarks, Stage, Verdict
from imgcli.ports import Ledger
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_job, a_quote, a_run
from tests.fakes.ledger import FakeLedger, indexed

OUT = Path("/nowhere")
LOST = AttemptError("lost", money=Money.HOLD, request_id="req_7")
VOID = AttemptError("refused", money=Money.VOID)
POST = AttemptError("no picture", money=Money.POST)
MODERATED = AttemptError("unsafe", money=Money.HOLD, moderated=True)
ALL_TIME = Budget(Scope.ALL, "", Window.TOTAL, 1000, None)


class Place:
    """As much of a slot as a ledger looks at."""

    directory = OUT
    name = "car.png"


class Desk:
    """One ledger with a clock and a living run `run-1` of alice."""

    def __init__(self, ledger: Ledger, clock: FakeClock, name: str = "attempt") -> None:
        self.ledger, self.clock, self.name = ledger, clock, name
        self.count = 0

    async def hold(self, upper: int = 100, run: str = "run-1", **changes: Any) -> Hold:
        self.count += 1
        changes.setdefault("variant", self.count)
        quote = a_quote(upper, None, directory=OUT, **changes)
        await self.ledger.enter(run, [quote.job])
        hold = await self.ledger.reserve(run, f"{self.name}-{self.count}", quote, Place())
        assert hold is not None
        return hold

    async def sent(self, upper: int = 100, run: str = "run-1", **changes: Any) -> Hold:
        hold = await self.hold(upper, run, **changes)
        await self.ledger.send(hold)
        return hold

    async def received(self, upper: int = 100, actual: int | None = 60, run: str = "run-1", **changes: Any) -> Hold:
        hold = await self.sent(upper, run, **changes)
        await self.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, actual))
        return hold

    async def balance(self) -> Balance:
        (found,) = await self.ledger.balances()
        return found

    async def sums(self) -> tuple[int, int, int, int]:
        found = await self.ledger.spending()
        return found.spent, found.held, found.uncertain, found.pictures


@pytest.fixture(params=["memory", "sqlite"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    clock = FakeClock()
    ledger: Ledger = FakeLedger(clock) if request.param == "memory" else SqliteLedger(tmp_path, clock)
    asyncio.run(ledger.begin(a_run()))
    yield Desk(ledger, clock)
    asyncio.run(ledger.close())


Story = Callable[[Desk], Awaitable[None]]


def told(story: Story) -> Callable[[Desk], None]:
    """A test from an async story."""

    def test(desk: Desk) -> None:
        asyncio.run(story(desk))  # type: ignore[arg-type]

    test.__doc__ = story.__doc__
    return test


@told
async def test_the_whole_way(desk: Desk) -> None:
    hold = await desk.sent()
    assert await desk.sums() == (0, 100, 0, 0)
    assert await desk.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 60)) == 60
    assert await desk.sums() == (60, 0, 0, 1)
    record = await desk.ledger.save(hold.attempt, "run-1")
    assert (record.state, record.cost, record.picture, record.painted) == (State.SAVED, 60, A_PICTURE, SOME_PAINTED)
    assert record.job == hold.job
    await desk.ledger.settle(hold.attempt, "run-1")
    (settled,) = await desk.ledger.records(State.SETTLED)
    assert settled.received_at == "2026-11-21T12:00:00.000000Z"
    assert await desk.sums() == (60, 0, 0, 1)


@pytest.mark.parametrize(
    ("fault", "state", "sums"),
    [
        (VOID, State.VOIDED, (0, 0, 0, 0)),
        (LOST, State.UNCERTAIN, (0, 0, 100, 0)),
        (MODERATED, State.MODERATED, (0, 0, 100, 0)),
        (POST, State.POSTED, (100, 0, 0, 0)),
    ],
)
def test_how_a_sent_attempt_may_end(
    desk: Desk, fault: AttemptError, state: State, sums: tuple[int, int, int, int]
) -> None:
    async def story() -> None:
        await desk.ledger.fail(await desk.sent(), fault)
        (record,) = await desk.ledger.records(state)
        assert record.reason.startswith(str(fault))
        assert await desk.sums() == sums

    asyncio.run(story())


@told
async def test_what_was_never_sent_costs_nothing_whatever_the_fault_says(desk: Desk) -> None:
    await desk.ledger.fail(await desk.hold(), LOST)
    assert len(await desk.ledger.records(State.VOIDED)) == 1
    assert await desk.sums() == (0, 0, 0, 0)


@told
async def test_the_end_of_a_run_that_it_does_not_know_is_no_event(desk: Desk) -> None:
    """A backup was put in its place while the run was under way."""
    before = await desk.ledger.story()
    await desk.ledger.end("run-of-another-day")
    assert await desk.ledger.story() == before
    assert await desk.ledger.audit() == []


@told
async def test_steps_out_of_order_are_refused(desk: Desk) -> None:
    hold = await desk.hold()
    with pytest.raises(LedgerError):
        await desk.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 60))
    with pytest.raises(LedgerError):
        await desk.ledger.save(hold.attempt, "run-1")
    await desk.ledger.send(hold)
    with pytest.raises(LedgerError):
        await desk.ledger.send(hold)
    with pytest.raises(LedgerError):
        await desk.ledger.rename(hold.attempt, "x.png")
    await desk.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 60))
    with pytest.raises(LedgerError):
        await desk.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 60))
    with pytest.raises(LedgerError):
        await desk.ledger.fail(hold, VOID)
    assert await desk.sums() == (60, 0, 0, 1)


@told
async def test_a_cap_is_checked_when_money_is_held(desk: Desk) -> None:
    await desk.ledger.set_budget(ALL_TIME)
    first = await desk.sent(600)
    with pytest.raises(BudgetError):
        await desk.hold(401)
    await desk.ledger.receive(first, Receipt(A_PICTURE, SOME_PAINTED, 500))
    await desk.hold(500)
    balance = await desk.balance()
    assert (balance.spent_usd, balance.held_usd) == (500, 500)
    with pytest.raises(BudgetError):
        await desk.hold(1)
    await desk.hold(0)


@told
async def test_all_budgets_hold_or_none(desk: Desk) -> None:
    await desk.ledger.set_budget(ALL_TIME)
    await desk.ledger.set_budget(Budget(Scope.TAG, "small", Window.TOTAL, 50, None))
    with pytest.raises(BudgetError):
        await desk.hold(100, tags=("big", "small"))
    assert all(balance.held_usd == 0 for balance in await desk.ledger.balances())
    await desk.hold(100, tags=("big",))


@told
async def test_a_cap_on_pictures_counts_what_is_perhaps_made(desk: Desk) -> None:
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.DAY, None, 3))
    await desk.received()
    await desk.ledger.fail(await desk.sent(), LOST)
    voided = await desk.sent()
    with pytest.raises(BudgetError):
        await desk.hold()
    await desk.ledger.fail(voided, VOID)
    await desk.hold()
    with pytest.raises(BudgetError):
        await desk.hold(0)


@told
async def test_a_bill_that_a_person_found_always_fits_a_cap_on_pictures(desk: Desk) -> None:
    """What was refused after work counts until then: else another picture takes its place, and no truth fits."""
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.DAY, None, 1))
    unsafe = await desk.sent()
    await desk.ledger.fail(unsafe, MODERATED)
    with pytest.raises(BudgetError):
        await desk.hold()
    await desk.ledger.resolve(unsafe.attempt, 90, "on the invoice")
    assert (await desk.balance()).spent_pictures == 1


@told
async def test_scopes(desk: Desk) -> None:
    await desk.ledger.set_budget(Budget(Scope.USER, "alice", Window.TOTAL, None, 1))
    await desk.ledger.set_budget(Budget(Scope.PROVIDER, "placeholder", Window.TOTAL, None, 1))
    await desk.ledger.begin(a_run("run-2", user="bob"))
    await desk.hold()
    with pytest.raises(BudgetError):
        await desk.hold()
    await desk.hold(run="run-2")
    await desk.hold(run="run-2", provider="placeholder")
    with pytest.raises(BudgetError):
        await desk.hold(run="run-2", provider="placeholder")
    await desk.hold(run="run-2", provider="openai")


@told
async def test_each_user_gets_a_budget_of_their_own(desk: Desk) -> None:
    await desk.ledger.set_budget(Budget(Scope.USER, EACH, Window.DAY, None, 1))
    await desk.ledger.begin(a_run("run-2", user="bob"))
    await desk.hold()
    await desk.hold(run="run-2")
    for run in ("run-1", "run-2"):
        with pytest.raises(BudgetError):
            await desk.hold(run=run)
    assert sorted(balance.subject for balance in await desk.ledger.balances()) == ["alice", "bob"]


@told
async def test_what_an_unknown_user_spent_counts_for_every_user(desk: Desk) -> None:
    """Before a window of theirs is first touched, and after."""
    await desk.ledger.set_budget(Budget(Scope.USER, EACH, Window.TOTAL, None, 3))
    await desk.ledger.begin(a_run("run-2", user=UNKNOWN))
    await desk.hold(run="run-2")
    await desk.hold()
    await desk.hold(run="run-2")
    with pytest.raises(BudgetError):
        await desk.hold()
    assert await desk.ledger.audit() == []


@told
async def test_windows_in_utc(desk: Desk) -> None:
    desk.clock.set(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.DAY, 100, None))
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.MONTH, 250, None))
    hold = await desk.sent()
    with pytest.raises(BudgetError):
        await desk.hold()
    desk.clock.advance(2)
    await desk.hold()
    # Posted to the day it was held on, so that midnight gives nobody a second budget.
    await desk.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 100))
    with pytest.raises(BudgetError):
        await desk.hold()
    desk.clock.advance(24 * 3600)
    await desk.hold()


@told
async def test_a_clock_set_back_does_not_reopen_yesterday(desk: Desk) -> None:
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.DAY, 100, None))
    await desk.hold()
    desk.clock.set(desk.clock.now() - timedelta(days=2))
    with pytest.raises(BudgetError):
        await desk.hold()


@told
async def test_local_midnight_is_no_window(desk: Desk) -> None:
    """00:30 in Berlin is still yesterday in UTC."""
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.DAY, 100, None))
    desk.clock.set(datetime.fromisoformat("2026-11-21T22:00:00+00:00"))
    await desk.hold()
    desk.clock.set(datetime.fromisoformat("2026-11-22T00:30:00+01:00"))
    with pytest.raises(BudgetError):
        await desk.hold()


@told
async def test_a_budget_set_at_noon_counts_the_morning(desk: Desk) -> None:
    await desk.received(actual=70)
    await desk.sent(20)
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.DAY, 100, None))
    with pytest.raises(BudgetError):
        await desk.hold(11)
    await desk.hold(10)


@told
async def test_a_cap_set_below_what_is_spent_stops_new_holds_and_lets_old_ones_finish(desk: Desk) -> None:
    await desk.ledger.set_budget(ALL_TIME)
    hold = await desk.sent(600)
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.TOTAL, 100, None))
    with pytest.raises(BudgetError):
        await desk.hold(1)
    await desk.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 600))
    assert (await desk.balance()).spent_usd == 600
    await desk.ledger.set_budget(ALL_TIME)
    await desk.hold(400)


@told
async def test_a_removed_budget_stops_nothing(desk: Desk) -> None:
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.TOTAL, 0, None))
    with pytest.raises(BudgetError):
        await desk.hold(1)
    assert await desk.ledger.remove_budget(ALL_TIME)
    assert not await desk.ledger.remove_budget(ALL_TIME)
    await desk.hold(1)


@told
async def test_more_than_was_held_is_told_in_full(desk: Desk) -> None:
    await desk.ledger.set_budget(ALL_TIME)
    await desk.received(upper=100, actual=5000)
    assert (await desk.balance()).spent_usd == 5000
    (record,) = await desk.ledger.records(State.RECEIVED)
    assert (record.cost, record.flags) == (5000, ("overrun",))
    with pytest.raises(BudgetError):
        await desk.hold(1)


@told
async def test_an_unknown_price_is_refused_by_a_cap_in_dollars_alone(desk: Desk) -> None:
    job = a_job(directory=OUT)
    await desk.ledger.enter("run-1", [job])
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.TOTAL, None, 5))
    hold = await desk.ledger.reserve("run-1", "x", Unpriced(job, "?"), Place())
    assert hold is not None
    assert (hold.upper, hold.priced) == (0, False)
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.DAY, 10**12, None))
    with pytest.raises(BudgetError, match="--assume-cost"):
        await desk.ledger.reserve("run-1", "y", Unpriced(job, "?"), Place())


@told
async def test_usage_that_tells_nothing_is_posted_at_the_upper_bound(desk: Desk) -> None:
    await desk.received(actual=None)
    (record,) = await desk.ledger.records(State.RECEIVED)
    assert (record.cost, record.flags) == (100, ("usage_missing",))


@told
async def test_the_cap_of_one_run(desk: Desk) -> None:
    await desk.ledger.begin(a_run("run-2", usd=150))
    await desk.hold(100, run="run-2")
    with pytest.raises(BudgetError):
        await desk.hold(100, run="run-2")
    await desk.hold(100)


@told
async def test_a_person_decides_what_nobody_knows(desk: Desk) -> None:
    await desk.ledger.set_budget(ALL_TIME)
    lost, dear, unsafe = await desk.sent(), await desk.sent(), await desk.sent()
    await desk.ledger.fail(lost, LOST)
    await desk.ledger.fail(dear, LOST)
    await desk.ledger.fail(unsafe, MODERATED)
    await desk.ledger.resolve(lost.attempt, None, "not on the invoice")
    await desk.ledger.resolve(dear.attempt, 130, "on the invoice")
    await desk.ledger.resolve(unsafe.attempt, 90, "on the invoice")
    assert await desk.sums() == (220, 0, 0, 0)
    assert (await desk.balance()).spent_usd == 220
    for attempt in (lost.attempt, "nothing"):
        with pytest.raises(UsageError):
            await desk.ledger.resolve(attempt, None, "again")


@pytest.mark.parametrize("first", [MODERATED, POST])
def test_what_has_ended_is_not_undone_by_another_fault(desk: Desk, first: AttemptError) -> None:
    async def story() -> None:
        hold = await desk.sent()
        await desk.ledger.fail(hold, first)
        before = await desk.sums()
        for fault in (VOID, POST, LOST):
            with pytest.raises(LedgerError):
                await desk.ledger.fail(hold, fault)
        assert await desk.sums() == before

    asyncio.run(story())


@told
async def test_where_a_job_stands_goes_by_key_and_directory(desk: Desk) -> None:
    hold = await desk.received()
    standing = await desk.ledger.standing(hold.job.key, OUT)
    assert standing.made is None
    assert standing.open is not None
    assert (standing.open.attempt, standing.open.state) == (hold.attempt, State.RECEIVED)
    await desk.ledger.save(hold.attempt, "run-1")
    await desk.ledger.settle(hold.attempt, "run-1")
    standing = await desk.ledger.standing(hold.job.key, OUT)
    assert standing.open is None
    assert standing.made is not None
    assert standing.made.attempt == hold.attempt
    elsewhere = await desk.ledger.standing(hold.job.key, Path("/elsewhere"))
    assert (elsewhere.made, elsewhere.open, elsewhere.seen) == (None, None, 0)


@pytest.mark.parametrize("fault", [LOST, MODERATED, POST])
def test_what_brought_no_picture_stays_open_until_a_person_decides(desk: Desk, fault: AttemptError) -> None:
    async def story() -> None:
        lost = await desk.sent()
        await desk.ledger.fail(lost, fault)
        assert [record.attempt for record in await desk.ledger.unresolved()] == [lost.attempt]
        standing = await desk.ledger.standing(lost.job.key, OUT)
        assert standing.open is not None
        assert standing.open.reason.startswith(str(fault))
        await desk.ledger.resolve(lost.attempt, 70, "on the invoice")
        assert (await desk.ledger.standing(lost.job.key, OUT)).open is None
        assert await desk.ledger.unresolved() == []
        assert await desk.sums() == (70, 0, 0, 0)
        with pytest.raises(UsageError):
            await desk.ledger.resolve(lost.attempt, None, "again")

    asyncio.run(story())


@told
async def test_a_job_is_made_by_one_run_alone(desk: Desk) -> None:
    """Two runs that looked before either began: the second hold is refused, however far the first has come."""
    await desk.ledger.begin(a_run("run-2"))
    quote = a_quote(directory=OUT)
    for run in ("run-1", "run-2"):
        await desk.ledger.enter(run, [quote.job])
    before = (await desk.ledger.standing(quote.job.key, OUT)).seen
    first = await desk.ledger.reserve("run-1", "a", quote, Place(), before)
    assert first is not None

    async def refused() -> bool:
        return await desk.ledger.reserve("run-2", "b", quote, Place(), before) is None

    assert await refused()
    await desk.ledger.send(first)
    assert await refused()
    await desk.ledger.receive(first, Receipt(A_PICTURE, SOME_PAINTED, 60))
    await desk.ledger.save("a", "run-1")
    await desk.ledger.settle("a", "run-1")
    assert await refused()
    after = (await desk.ledger.standing(quote.job.key, OUT)).seen
    assert await desk.ledger.reserve("run-2", "b", quote, Place(), after)
    assert await desk.sums() == (60, 100, 0, 1)


@told
async def test_a_picture_is_made_again_by_one_run_alone_however_it_is_asked_for(desk: Desk) -> None:
    """Of two runs that planned at the same time; what was there before them was seen by their plans."""
    first = await settled(desk)
    await settled(desk, again=first.attempt)
    await desk.ledger.begin(a_run("run-2"))
    planned = await desk.ledger.newest()
    one, other = (a_quote(directory=OUT, again=first.attempt, quality=quality) for quality in ("low", "high"))
    for run in ("run-1", "run-2"):
        await desk.ledger.enter(run, [one.job, other.job])
    assert one.job.key != other.job.key
    hold = await desk.ledger.reserve("run-1", "a", one, Place(), 0, planned)
    assert hold is not None
    assert await desk.ledger.newest() == planned + 1
    assert await desk.ledger.reserve("run-2", "b", other, Place(), 0, planned) is None
    await desk.ledger.fail(hold, VOID)
    assert await desk.ledger.reserve("run-2", "b", other, Place(), 0, planned)
    assert await desk.ledger.reserve("run-1", "c", one, Place(), 99), "who names a picture has as many as he likes"


@told
async def test_a_voided_attempt_stands_in_nobodys_way(desk: Desk) -> None:
    quote = a_quote(directory=OUT)
    await desk.ledger.enter("run-1", [quote.job])
    first = await desk.ledger.reserve("run-1", "a", quote, Place(), 0)
    assert first is not None
    await desk.ledger.fail(first, VOID)
    assert await desk.ledger.reserve("run-1", "b", quote, Place(), 0)


@told
async def test_the_story_of_an_attempt(desk: Desk) -> None:
    hold = await desk.received()
    await desk.ledger.rename(hold.attempt, "car-2.png")
    await desk.ledger.save(hold.attempt, "run-1")
    await desk.ledger.fail(await desk.sent(), LOST)
    kinds = [event.kind for event in await desk.ledger.story(hold.attempt)]
    assert kinds == ["reserved", "sent", "received", "renamed", "saved"]
    everything = await desk.ledger.story()
    assert {event.attempt for event in everything} >= {"attempt-1", "attempt-2"}
    assert [event.seq for event in everything] == list(range(1, len(everything) + 1))
    assert await desk.ledger.audit() == []
    assert not await desk.ledger.adopt("nothing to adopt")


@told
async def test_attempts_are_found_by_how_their_ids_begin(desk: Desk) -> None:
    holds = [await desk.received() for _ in range(3)] + [await desk.hold()]
    assert [record.attempt for record in await desk.ledger.begun("attempt-", 9)] == [
        hold.attempt for hold in reversed(holds)
    ]
    assert [record.attempt for record in await desk.ledger.begun("attempt-", 2)] == ["attempt-4", "attempt-3"]
    assert [record.state for record in await desk.ledger.begun("attempt-2", 9)] == [State.RECEIVED]
    for strange in ("Attempt-2", "attempt-22", "%", "attempt_2", "ttempt"):
        assert await desk.ledger.begun(strange, 9) == []


@told
async def test_revised_prompts_come_page_by_page(desk: Desk) -> None:
    for revised in ("one", "", "two", "three"):
        hold = await desk.sent()
        await desk.ledger.receive(hold, Receipt(A_PICTURE, replace(SOME_PAINTED, revised=revised), 60))
    # Words of a text model are no revised prompt of a picture.
    await desk.ledger.post(await desk.sent(format=TEXT), replace(SOME_PAINTED, revised="words"), 60)
    await desk.hold()
    seen: list[str] = []
    after = 0
    while page := await desk.ledger.revised(after, 2):
        assert len(page) <= 2
        assert [number for number, _ in page] == sorted({number for number, _ in page if number > after})
        after = page[-1][0]
        seen += [record.painted.revised for _, record in page if record.painted]
    assert seen == ["one", "two", "three"]


@told
async def test_only_what_a_dead_run_left_is_taken_over(desk: Desk) -> None:
    await desk.ledger.begin(a_run("run-2"))
    mine, theirs = await desk.sent(), await desk.sent(run="run-2")
    await desk.received(run="run-2")
    await desk.ledger.begin(a_run("run-3"))
    assert await desk.ledger.orphans("run-3") == []
    await desk.ledger.end("run-2")
    found = await desk.ledger.orphans("run-3")
    assert [record.attempt for record in found] == ["attempt-2", "attempt-3"]
    assert await desk.ledger.orphans("run-3") == []
    with pytest.raises(LedgerError):
        await desk.ledger.fail(theirs, LOST)
    await desk.ledger.fail(Hold(theirs.attempt, "run-3", theirs.job, 100, priced=True), LOST)
    await desk.ledger.fail(mine, VOID)


@told
async def test_a_name_may_change_until_it_is_saved(desk: Desk) -> None:
    hold = await desk.received()
    await desk.ledger.rename(hold.attempt, "car-2.png")
    assert (await desk.ledger.save(hold.attempt, "run-1")).name == "car-2.png"
    with pytest.raises(LedgerError):
        await desk.ledger.rename(hold.attempt, "car-3.png")


@told
async def test_check_and_close(desk: Desk) -> None:
    assert (await desk.ledger.check()).level is Level.OK
    await desk.ledger.close()
    await desk.ledger.close()


WORDS = Painted(usage=Usage(120, 0, 0, 80), request_id="req_2", revised='{"prompts":["a red car at dusk"]}')


@told
async def test_words_are_kept_and_billed_in_one_step_and_found_from_anywhere(desk: Desk) -> None:
    hold = await desk.sent(100, format=TEXT)
    assert await desk.ledger.post(hold, WORDS, 60) == 60
    assert await desk.sums() == (60, 0, 0, 0)
    found = await desk.ledger.answered(hold.job.key)
    assert found is not None
    assert (found.state, found.cost, found.painted) == (State.POSTED, 60, WORDS)
    assert await desk.ledger.unresolved() == []
    with pytest.raises(UsageError):
        await desk.ledger.resolve(hold.attempt, None, "I say so")


@told
async def test_words_count_as_money_and_as_no_picture(desk: Desk) -> None:
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.TOTAL, 250, 1))
    await desk.sent(100, format=TEXT)
    await desk.ledger.post(await desk.sent(100, format=TEXT), WORDS, None)
    found = await desk.balance()
    assert (found.held_usd, found.spent_usd, found.held_pictures, found.spent_pictures) == (100, 100, 0, 0)
    with pytest.raises(BudgetError):
        await desk.hold(51, format=TEXT)
    await desk.hold(50)
    await desk.hold(0, format=TEXT)
    with pytest.raises(BudgetError):
        await desk.hold(0)


@told
async def test_an_expansion_whose_answer_was_lost_stays_open_until_a_person_decides(desk: Desk) -> None:
    hold = await desk.sent(100, format=TEXT)
    assert (await answered(desk, hold)).state is State.SENT
    await desk.ledger.fail(hold, LOST)
    assert (await answered(desk, hold)).state is State.UNCERTAIN
    assert [row.attempt for row in await desk.ledger.unresolved()] == [hold.attempt]
    await desk.ledger.resolve(hold.attempt, 40, "on the bill")
    assert await desk.ledger.answered(hold.job.key) is None
    assert await desk.sums() == (40, 0, 0, 0)


@told
async def test_a_picture_is_never_taken_for_words(desk: Desk) -> None:
    hold = await desk.received()
    assert await desk.ledger.answered(hold.job.key) is None


async def answered(desk: Desk, hold: Hold) -> Record:
    found = await desk.ledger.answered(hold.job.key)
    assert found is not None
    return found


async def settled(desk: Desk, **changes: Any) -> Hold:
    hold = await desk.received(**changes)
    await desk.ledger.save(hold.attempt, hold.run)
    await desk.ledger.settle(hold.attempt, hold.run)
    return hold


@told
async def test_the_finals_of_a_draft_are_those_that_name_it(desk: Desk) -> None:
    draft = await settled(desk, wanted=Look(Size(2048, 1152), "high"), quality="low")
    await settled(desk)
    one = await settled(desk, draft=draft.attempt)
    two = await desk.sent(draft=draft.attempt)
    lost = await desk.sent(draft=draft.attempt)
    await desk.ledger.fail(lost, VOID)
    await settled(desk, draft="of-another-day")
    assert [row.attempt for row in await desk.ledger.finals_of([draft.attempt])] == [one.attempt, two.attempt]
    assert await desk.ledger.finals_of([]) == []
    await desk.ledger.fail(two, LOST)
    assert [row.state for row in await desk.ledger.finals_of([draft.attempt])] == [State.SETTLED, State.UNCERTAIN]
    await desk.ledger.resolve(two.attempt, 5, "on the bill")
    assert [row.attempt for row in await desk.ledger.finals_of([draft.attempt])] == [one.attempt]


@told
async def test_what_was_made_again_is_found_by_what_it_was_made_after(desk: Desk) -> None:
    first = await settled(desk)
    one = await settled(desk, again=first.attempt)
    two = await desk.sent(again=first.attempt)
    await desk.ledger.fail(await desk.sent(again=first.attempt), VOID)
    await settled(desk, again="of-another-day")
    assert [row.attempt for row in await desk.ledger.again_of([first.attempt])] == [one.attempt, two.attempt]
    assert await desk.ledger.again_of([]) == []
    await desk.ledger.fail(two, LOST)
    assert [row.state for row in await desk.ledger.again_of([first.attempt])] == [State.SETTLED, State.UNCERTAIN]
    await desk.ledger.resolve(two.attempt, 5, "on the bill")
    assert [row.attempt for row in await desk.ledger.again_of([first.attempt])] == [one.attempt]


@told
async def test_the_drafts_of_a_run_are_those_that_stand_for_something_else(desk: Desk) -> None:
    wanted = Look(Size(2048, 1152), "high")
    draft = await settled(desk, wanted=wanted, quality="low")
    await desk.received(wanted=wanted)
    await settled(desk, draft=draft.attempt)
    await desk.ledger.begin(a_run("run-2"))
    other = await settled(desk, run="run-2", wanted=wanted)
    assert [row.attempt for row in await desk.ledger.drafts_of({"run-1"})] == [draft.attempt]
    assert [row.job.wanted for row in await desk.ledger.drafts_of({"run-1"})] == [wanted]
    found = await desk.ledger.drafts_of({"run-1", "run-2", "run-9"})
    assert [row.attempt for row in found] == [draft.attempt, other.attempt]
    assert await desk.ledger.drafts_of(set()) == []


SEEN = Remarks(
    (Verdict(Stage.PICTURE, "provider", Decision.BLOCKED, "violence 0.91", (("violence", 0.91), ("sexual", 0.1))),),
    ("size: asked for 64x64, got 1x1",),
    tried=2,
    dhash="00ff" * 4,
    aside=Aside.QUARANTINE,
)


@told
async def test_what_was_found_of_a_picture_comes_back(desk: Desk) -> None:
    hold = await desk.received()
    await desk.ledger.rename(hold.attempt, "quarantine/car.png")
    record = await desk.ledger.save(hold.attempt, "run-1", SEEN)
    assert (record.remarks, record.name) == (SEEN, "quarantine/car.png")
    assert await desk.ledger.set_aside(Aside.QUARANTINE) == []
    await desk.ledger.settle(hold.attempt, "run-1")
    (found,) = await desk.ledger.set_aside(Aside.QUARANTINE)
    assert found.remarks == SEEN
    assert await desk.ledger.set_aside(Aside.REJECTED) == []
    assert await desk.ledger.audit() == []


@told
async def test_of_two_who_decide_on_a_picture_that_was_set_aside_one_is_first(desk: Desk) -> None:
    hold = await desk.received()
    await desk.ledger.rename(hold.attempt, "quarantine/car.png")
    await desk.ledger.save(hold.attempt, "run-1", SEEN)
    await desk.ledger.settle(hold.attempt, "run-1")
    (found,) = await desk.ledger.set_aside(Aside.QUARANTINE)
    released = replace(SEEN, settled="released 2026-11-21 by alice")
    assert await desk.ledger.settle_aside(found, "car.png", released)
    assert not await desk.ledger.settle_aside(found, "quarantine/car.png", replace(SEEN, settled="deleted"))
    (now,) = await desk.ledger.set_aside(Aside.QUARANTINE)
    assert (now.name, now.remarks) == ("car.png", released)
    # The same name, and what is told of it is of before.
    assert not await desk.ledger.settle_aside(replace(now, remarks=SEEN), "car-2.png", replace(SEEN, settled="deleted"))
    assert not await desk.ledger.settle_aside(replace(found, remarks=released), "car-2.png", SEEN)
    assert await desk.ledger.set_aside(Aside.QUARANTINE) == [now]
    made = (await desk.ledger.standing(hold.job.key, found.directory)).made
    assert made is not None
    assert made.name == "car.png"
    assert await desk.ledger.audit() == []


@told
async def test_what_is_not_settled_is_nobody_s_to_decide(desk: Desk) -> None:
    hold = await desk.received()
    record = await desk.ledger.save(hold.attempt, "run-1", SEEN)
    assert not await desk.ledger.settle_aside(record, "car.png", SEEN)


@told
async def test_a_job_comes_back_with_its_inputs_and_what_is_expected_of_it(desk: Desk) -> None:
    first = Input(Path("/in/a car.png"), "1" * 64, 900, "png", 64, 48, "a car.png")
    mask = replace(first, path=Path("/in/mask.png"), sha256="2" * 64, name="mask.png")
    edit = Edit((first, replace(first, name="ü.png")), mask, fidelity="high")
    hold = await desk.hold(edit=edit, expect=("size", "alpha"), tries=3, guard="provider+local")
    (record,) = await desk.ledger.records(State.RESERVED)
    assert record.job == hold.job
    assert record.job.edit == edit
    assert record.job.key != a_job(directory=OUT).key


@told
async def test_the_pictures_of_one_job_in_any_directory_the_newest_first(desk: Desk) -> None:
    for run in ("run-a", "run-b", "run-c"):
        await desk.ledger.begin(a_run(run))
        hold = await desk.received(run=run, variant=7, quality="high")
        if run != "run-c":
            await desk.ledger.save(hold.attempt, run)
            await desk.ledger.settle(hold.attempt, run)
    await desk.received(variant=8)
    key = a_job(variant=7, quality="high").key
    assert [record.attempt for record in await desk.ledger.of_key(key, 9)] == ["attempt-2", "attempt-1"]
    assert [record.attempt for record in await desk.ledger.of_key(key, 1)] == ["attempt-2"]
    assert list(await desk.ledger.of_key("00" * 32, 9)) == []


@told
async def test_what_is_read_on_misses_nothing_that_settles_later(desk: Desk) -> None:
    async def settle(hold: Hold) -> None:
        await desk.ledger.save(hold.attempt, "run-1")
        await desk.ledger.settle(hold.attempt, "run-1")

    first, second, third = [await desk.received() for _ in range(3)]
    assert await desk.ledger.settled(0, 9) == ([], 0)
    await settle(third)
    records, seen = await desk.ledger.settled(0, 9)
    assert ([record.attempt for record in records], seen) == ([third.attempt], 0)
    await settle(first)
    records, seen = await desk.ledger.settled(seen, 9)
    assert ([record.attempt for record in records], seen) == ([first.attempt, third.attempt], 1)
    await settle(second)
    records, seen = await desk.ledger.settled(seen, 1)
    assert ([record.attempt for record in records], seen) == ([second.attempt], 2)
    records, seen = await desk.ledger.settled(seen, 9)
    assert ([record.attempt for record in records], seen) == ([third.attempt], 3)
    assert await desk.ledger.settled(seen, 9) == ([], 3)


@told
async def test_attempts_by_name(desk: Desk) -> None:
    first, second = await settled(desk), await desk.sent()
    found = await desk.ledger.records_of([second.attempt, "nobody", first.attempt])
    assert {record.attempt: record.state for record in found} == {
        first.attempt: State.SETTLED,
        second.attempt: State.SENT,
    }
    assert list(await desk.ledger.records_of([])) == []


@told
async def test_charges_sum_what_is_alike_and_keep_apart_what_reports_ask_for(desk: Desk) -> None:
    await settled(desk, tags=("hero",))
    await settled(desk, tags=("hero",))
    await settled(desk, tags=("hero",), wanted=Look(Size(2048, 1152), "high"))
    lost = await desk.sent(upper=70)
    await desk.ledger.fail(lost, LOST)
    desk.clock.advance(86_400)
    await desk.sent(upper=30, provider="placeholder", model="painter")
    await desk.ledger.begin(a_run("run-2", user="bob"))
    await desk.hold(upper=5, run="run-2", format="text")
    every = await desk.ledger.charges()
    day, after = sorted({each.day for each in every})
    told = {
        (each.day, each.user, each.model, each.tags, each.state, each.is_draft, each.is_text): (
            each.attempts,
            each.posted,
            each.held,
        )
        for each in every
    }
    flare = "gpt-image-2.5-flare"
    assert told == {
        (day, "alice", flare, ("hero",), State.SETTLED, False, False): (2, 120, 0),
        (day, "alice", flare, ("hero",), State.SETTLED, True, False): (1, 60, 0),
        (day, "alice", flare, (), State.UNCERTAIN, False, False): (1, 70, 0),
        (after, "alice", "painter", (), State.SENT, False, False): (1, 0, 30),
        (after, "bob", flare, (), State.RESERVED, False, True): (1, 0, 5),
    }
    assert {each.command for each in every} == {"gen"}
    assert {each.directory for each in every} == {str(OUT)}
    assert [each.day for each in every] == [day] * 3 + [after] * 2
    assert {each.day for each in await desk.ledger.charges(after)} == {after}
    assert {each.day for each in await desk.ledger.charges("", after)} == {day}
    spent = await desk.ledger.spending()
    sums = sum(each.posted + each.held for each in every)
    assert sums == spent.spent + spent.held + spent.uncertain
    assert not any(each.decided for each in every)


@told
async def test_the_index_is_told_just_what_a_record_tells(desk: Desk) -> None:
    inputs = Edit((Input(Path("/in.png"), "cd" * 32, 1, "png", 1, 1, "in.png"),))
    await settled(desk, tags=("hero", "ä"))
    await settled(desk, wanted=Look(Size(2048, 1152), "high"), quality="low")
    await settled(desk, draft="attempt-2")
    await settled(desk, edit=inputs, again="attempt-1")
    await settled(desk, format=TEXT)
    page = await desk.ledger.indexable(0, 9)
    records = {record.attempt: record for record in await desk.ledger.records(State.SETTLED)}
    assert [indexed(records[f"attempt-{n}"]) for n in (1, 2, 3, 4)] == list(page.pictures)
    assert (page.seen, list(page.awaited), page.done) == (5, [], True)


@told
async def test_the_index_goes_past_an_attempt_that_is_stuck_and_hears_of_it_later(desk: Desk) -> None:
    stuck, lost = await desk.received(), await desk.sent()
    for _ in range(3):
        await settled(desk)
    first = await desk.ledger.indexable(0, 2)
    assert [each.attempt for each in first.pictures] == ["attempt-3", "attempt-4"]
    assert (first.seen, sorted(first.awaited), first.done) == (4, ["attempt-1", "attempt-2"], False)
    then = await desk.ledger.indexable(first.seen, 2, first.awaited)
    assert [each.attempt for each in then.pictures] == ["attempt-5"]
    assert (then.seen, sorted(then.awaited), then.done) == (5, ["attempt-1", "attempt-2"], True)
    await desk.ledger.save(stuck.attempt, stuck.run)
    await desk.ledger.settle(stuck.attempt, stuck.run)
    await desk.ledger.fail(lost, VOID)
    last = await desk.ledger.indexable(then.seen, 2, then.awaited)
    assert [each.attempt for each in last.pictures] == ["attempt-1"]
    assert (last.seen, list(last.awaited), last.done) == (5, [], True)


@told
async def test_an_older_ledger_in_its_place_is_read_anew(desk: Desk) -> None:
    await settled(desk)
    page = await desk.ledger.indexable(7, 9, ["of-another-day"])
    assert [each.attempt for each in page.pictures] == ["attempt-1"]
    assert (page.seen, list(page.awaited)) == (1, [])


@told
async def test_what_brought_no_picture_is_told_the_newest_first(desk: Desk) -> None:
    for fault in (VOID, LOST, MODERATED, POST):
        await desk.ledger.fail(await desk.sent(), fault)
    await settled(desk)
    await desk.ledger.fail(await desk.sent(format=TEXT), VOID)
    await desk.sent()
    assert [row.attempt for row in await desk.ledger.in_vain(3)] == ["attempt-4", "attempt-3", "attempt-2"]
    assert [row.attempt for row in await desk.ledger.in_vain(9, "attempt-2")] == ["attempt-1"]
    assert len(await desk.ledger.in_vain(9, run="run")) == 4
    assert await desk.ledger.in_vain(9, run="run-2") == []


@told
async def test_ids_are_as_short_as_they_may_be_typed(desk: Desk) -> None:
    for _ in range(11):
        await settled(desk)
    short = await desk.ledger.short(["attempt-1", "attempt-2", "attempt-10"])
    assert short == {"attempt-1": "attempt-1", "attempt-2": "attempt-2", "attempt-10": "attempt-10"}
    desk.name = "01ab3f2a-1234-7abc"
    await settled(desk)
    assert await desk.ledger.short(["01ab3f2a-1234-7abc-12"]) == {"01ab3f2a-1234-7abc-12": "01ab3f2a-1234"}
    await settled(desk)
    assert await desk.ledger.short(["01ab3f2a-1234-7abc-12"]) == {"01ab3f2a-1234-7abc-12": "01ab3f2a-1234-7abc-12"}
