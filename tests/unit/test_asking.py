"""The corridor of words with a scripted model and a real ledger."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.asking import _Nowhere, ask_all, ask_now
from imgcli.engine.limits import Pacer
from imgcli.engine.stop import Stop
from imgcli.errors import AccountError, AttemptError, BudgetError, Halt, ImgcliError, Money, Retry, UncertainError
from imgcli.model.attempt import Hold, State
from imgcli.model.budget import Budget, Scope, Window
from imgcli.model.picture import Painted, Usage
from imgcli.model.question import Kind, Question, embedding_question, moderation_question
from imgcli.model.quote import Priced, Quote, Unpriced
from imgcli.model.run import Run
from imgcli.pipeline import Line
from imgcli.recovery import recover
from tests.fakes.clock import FakeClock
from tests.fakes.provider import FakeProvider, writes
from tests.fakes.studio import a_studio

UPPER = 3_000_000
Answer = Callable[[Hold], Awaitable[Painted]]
LOST = AttemptError("the answer was lost", money=Money.HOLD)
RATE = AttemptError("slow down", money=Money.VOID, retry=Retry.FREE, code="rate", wait=12.0)
POSTED = AttemptError("nonsense, and billed", money=Money.POST)
KEY = AttemptError("wrong key", money=Money.VOID, halt=Halt.RUN, account=True)


def fails(fault: AttemptError) -> Answer:
    async def answer(hold: Hold) -> Painted:
        raise fault

    return answer


class Desk:
    def __init__(self, tmp_path: Path) -> None:
        self.model, self.clock, self.home = FakeProvider(), FakeClock(), tmp_path / "home"
        self.studio, self.events = a_studio(self.home, {"openai": self.model}, self.clock)
        self.runs = 0

    def quotes(self, *prompts: str, upper: int = UPPER, tags: tuple[str, ...] = ()) -> list[Quote]:
        asked = [
            Question("openai", "gpt-6-luna", "Write.", json.dumps({"prompt": p, "count": 1}), "{}", 500)
            for p in prompts
        ]
        jobs = [a.job(p, "x", tags, self.home / "data") for a, p in zip(asked, prompts, strict=True)]
        return [Priced(job, upper // 3, upper, "2026-11-21") for job in jobs]

    def open(self, usd: int | None = None) -> Line:
        """The line of a run that was begun."""
        self.runs += 1
        run = Run(f"run-{self.runs}", "gen", "alice", "host", 1, usd)
        pacer = Pacer(self.clock, self.studio.board, "words", stated=None, at_once=4, tell=self.events.append)
        return Line(run, self.studio, Stop(), {}, resume=False, writers={"openai": pacer}, seats=asyncio.Semaphore(4))

    def now(self, *quotes: Quote, usd: int | None = None) -> list[Painted | BaseException]:
        """What each of `quotes` is answered that come up at once while a run is under way."""

        async def story() -> list[Painted | BaseException]:
            self.line = self.open(usd)
            await self.studio.ledger.begin(self.line.run)
            await recover(self.studio, self.line.run)
            try:
                return await asyncio.gather(*(ask_now(quote, self.line) for quote in quotes), return_exceptions=True)
            finally:
                await self.studio.ledger.end(self.line.run.id)

        return asyncio.run(story())

    async def ask(self, quotes: Sequence[Quote], at_once: int = 2, usd: int | None = None) -> Mapping[str, Painted]:
        self.runs += 1
        run = Run(f"run-{self.runs}", "gen", "alice", "host", 1, usd)
        await self.studio.ledger.begin(run)
        await recover(self.studio, run)
        pacer = Pacer(self.clock, self.studio.board, "words", stated=None, at_once=at_once, tell=self.events.append)
        self.line = Line(run, self.studio, Stop(), {}, resume=False, writers={"openai": pacer})
        try:
            self.failed = await ask_all(quotes, self.line, at_once)
        finally:
            await self.studio.ledger.end(run.id)
        if self.failed:
            raise next(iter(self.failed.values()))
        found = {quote.job.key: await self.studio.ledger.answered(quote.job.key) for quote in quotes}
        return {key: record.painted for key, record in found.items() if record and record.painted}

    def made(self, quotes: Sequence[Quote], at_once: int = 2, usd: int | None = None) -> Mapping[str, Painted]:
        return asyncio.run(self.ask(quotes, at_once, usd))

    def spent(self) -> tuple[int, int, int]:
        found = asyncio.run(self.studio.ledger.spending())
        return found.spent, found.held, found.uncertain


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    asyncio.run(desk.studio.ledger.close())


def test_an_answer_is_held_paid_and_remembered(desk: Desk) -> None:
    quotes = desk.quotes("a car", "a boat")
    answers = desk.made(quotes)
    assert [json.loads(answers[q.job.key].revised)["prompts"] for q in quotes] == [
        ["a car, in light number 1."],
        ["a boat, in light number 1."],
    ]
    cost = 2 * (200 * 100 + 60 * 500)
    assert desk.spent() == (cost, 0, 0)
    assert (desk.line.spent, desk.line.held) == (cost, 0)
    assert desk.made(quotes) == answers
    assert len(desk.model.calls) == 2
    assert desk.spent() == (cost, 0, 0)


def test_equal_questions_are_asked_once(desk: Desk) -> None:
    desk.made([*desk.quotes("a car"), *desk.quotes("a car")])
    assert len(desk.model.calls) == 1


def test_what_no_budget_has_room_for_is_not_asked(desk: Desk) -> None:
    with pytest.raises(BudgetError) as caught:
        desk.made(desk.quotes("a car"), usd=UPPER - 1)
    assert "this expansion may cost $0.003" in str(caught.value)
    assert desk.model.calls == []
    assert desk.spent() == (0, 0, 0)


def test_no_price_is_not_free_under_a_cap(desk: Desk) -> None:
    with pytest.raises(BudgetError):
        desk.made([Unpriced(desk.quotes("a car")[0].job, "nobody knows")], usd=UPPER)
    assert desk.model.calls == []


def test_a_lost_answer_is_not_asked_again_without_a_persons_word(desk: Desk) -> None:
    desk.model.answers = [fails(LOST)]
    quotes = desk.quotes("a car")
    for _ in range(2):
        with pytest.raises(UncertainError):
            desk.made(quotes)
    assert len(desk.model.calls) == 1
    assert desk.spent() == (0, 0, UPPER)
    (open_,) = asyncio.run(desk.studio.ledger.unresolved())
    asyncio.run(desk.studio.ledger.resolve(open_.attempt, None, "not on the bill"))
    assert desk.made(quotes)
    assert len(desk.model.calls) == 2


def test_of_what_is_free_nothing_is_ever_uncertain(desk: Desk) -> None:
    """A moderation check whose answer was lost must not hold its prompt up until a person decides on $0."""
    for fault in (LOST, POSTED):
        desk.model.answers = [fails(fault)]
        with pytest.raises(AttemptError):
            desk.made(desk.quotes("a car", upper=0))
    assert asyncio.run(desk.studio.ledger.unresolved()) == []
    assert desk.made(desk.quotes("a car", upper=0))


def test_of_what_is_free_a_run_that_died_leaves_nothing_to_decide(desk: Desk) -> None:
    async def die() -> None:
        line, (quote,) = desk.open(), desk.quotes("a car", upper=0)
        ledger = desk.studio.ledger
        await ledger.begin(line.run)
        await ledger.enter(line.run.id, [quote.job])
        hold = await ledger.reserve(line.run.id, "died", quote, _Nowhere(quote.job.directory))
        assert hold is not None
        await ledger.send(hold)
        await ledger.end(line.run.id)

    asyncio.run(die())
    assert desk.made(desk.quotes("a car", upper=0))
    assert desk.spent()[2] == 0


def test_what_was_billed_and_useless_is_not_asked_again_either(desk: Desk) -> None:
    desk.model.answers = [fails(POSTED)]
    for _ in range(2):
        with pytest.raises(UncertainError):
            desk.made(desk.quotes("a car"))
    assert len(desk.model.calls) == 1
    assert desk.spent() == (UPPER, 0, 0)


def test_what_is_certainly_unpaid_is_tried_again(desk: Desk) -> None:
    busy = AttemptError("busy", money=Money.VOID, retry=Retry.FREE, code="connect")
    desk.model.answers = [fails(busy), fails(RATE), writes]
    assert desk.made(desk.quotes("a car"))
    assert len(desk.model.calls) == 3
    assert desk.spent()[1:] == (0, 0)


def test_a_wrong_key_ends_it_with_the_code_of_accounts(desk: Desk) -> None:
    desk.model.answers = [fails(KEY)]
    with pytest.raises(AccountError):
        desk.made(desk.quotes("a car", "a boat"), at_once=1)
    assert len(desk.model.calls) == 1
    assert desk.spent() == (0, 0, 0)


def test_answers_that_came_before_one_failed_are_kept(desk: Desk) -> None:
    desk.model.answers = [writes, fails(LOST)]
    quotes = desk.quotes("a car", "a boat", "a house")
    with pytest.raises(UncertainError):
        desk.made(quotes, at_once=1)
    first, _, third = (asyncio.run(desk.studio.ledger.answered(quote.job.key)) for quote in quotes)
    assert first is not None
    assert first.painted is not None
    assert third is not None
    assert third.painted is not None
    assert desk.failed.keys() == {quotes[1].job.key}


def test_a_model_that_breaks_off_may_be_billed(desk: Desk) -> None:
    async def breaks(hold: Hold) -> Painted:
        raise RuntimeError("bug")

    desk.model.answers = [breaks]
    with pytest.raises(UncertainError):
        desk.made(desk.quotes("a car"))
    assert desk.spent() == (0, 0, UPPER)


def test_more_than_the_bound_is_told_in_full_and_ends_the_run(desk: Desk) -> None:
    async def dear(hold: Hold) -> Painted:
        return Painted(usage=Usage(10**6, 0, 0, 10**6), revised="{}")

    desk.model.answers = [dear]
    desk.made(desk.quotes("a car"))
    assert desk.spent() == (10**6 * 600, 0, 0)
    assert desk.line.stop.draining
    assert desk.line.overrun


def test_what_one_question_leaves_unspent_makes_room_for_the_next(desk: Desk) -> None:
    """Else a cap would bear more questions one by one than at once."""
    assert len(desk.made(desk.quotes("a car", "a boat", "a house"), at_once=3, usd=UPPER + 200_000)) == 3
    assert desk.spent()[1:] == (0, 0)


def test_two_runs_at_once_pay_for_one_question_once(desk: Desk) -> None:
    asked, gate, came = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(hold: Hold) -> Painted:
        asked.set()
        await gate.wait()
        return await writes(hold)

    async def second_bill(hold: Hold) -> Painted:
        came.set()
        return await writes(hold)

    class Clock(FakeClock):
        async def sleep(self, seconds: float) -> None:
            came.set()
            await super().sleep(seconds)

    async def story() -> tuple[Mapping[str, Painted], Mapping[str, Painted]]:
        desk.studio = replace(desk.studio, clock=Clock())
        desk.model.answers = [slow, second_bill]
        first = asyncio.ensure_future(desk.ask(desk.quotes("a car")))
        await asked.wait()
        second = asyncio.ensure_future(desk.ask(desk.quotes("a car")))
        # It either waits for the first, or asks as well.
        await came.wait()
        gate.set()
        return await first, await second

    one, two = asyncio.run(story())
    assert one == two
    assert len(desk.model.calls) == 1


@pytest.mark.parametrize(("sent", "after"), [(False, State.VOIDED), (True, State.UNCERTAIN)])
def test_what_a_dead_run_left_is_given_back_or_uncertain(desk: Desk, *, sent: bool, after: State) -> None:
    (quote,) = desk.quotes("a car")

    async def dies() -> None:
        ledger = desk.studio.ledger
        await ledger.begin(Run("dead", "gen", "alice", "host", 1, None))
        await ledger.enter("dead", [quote.job])
        hold = await ledger.reserve("dead", "attempt-1", quote, Slot(desk.home / "data"))
        assert hold is not None
        if sent:
            await ledger.send(hold)
        await ledger.close()
        desk.studio, desk.events = a_studio(desk.home, {"openai": desk.model}, desk.clock)

    asyncio.run(dies())
    if sent:
        with pytest.raises(UncertainError):
            desk.made([quote])
    else:
        assert desk.made([quote])
    assert asyncio.run(desk.studio.ledger.state_of("attempt-1")) is after


class Slot:
    name = ""

    def __init__(self, directory: Path) -> None:
        self.directory = directory


def test_a_run_that_is_stopped_asks_no_more(desk: Desk) -> None:
    async def stops(hold: Hold) -> Painted:
        desk.line.stop.drain("interrupted")
        return await writes(hold)

    desk.model.answers = [stops]
    with pytest.raises(ImgcliError, match="interrupted; no picture was asked for"):
        desk.made(desk.quotes("a car", "a boat"), at_once=1)
    assert len(desk.model.calls) == 1


# Questions of every kind, while a run is under way


def of_kind(desk: Desk, kind: Kind, upper: int = UPPER) -> Quote:
    """A quote for a question of `kind`."""
    match kind:
        case Kind.MODERATION:
            asked = moderation_question("openai", "omni-moderation-latest", "a car")
        case Kind.EMBEDDING:
            asked = embedding_question("openai", "text-embedding-3-small", "a car")
        case _:
            asked = Question("openai", "gpt-6-luna", "Write.", '{"prompt": "a car", "count": 1}', "{}", 500, kind)
    return Priced(asked.job("a car", "x", (), desk.home / "data"), upper, upper, "2026-11-21")


def says(painted: Painted) -> Answer:
    async def answer(hold: Hold) -> Painted:
        return painted

    return answer


FREE = Painted(revised="{}", free=True)
KINDS = pytest.mark.parametrize("kind", list(Kind))


@KINDS
def test_every_kind_is_held_posted_and_remembered(desk: Desk, kind: Kind) -> None:
    desk.model.answers = [says(Painted(usage=Usage(200, 0, 0, 60), revised="words"))]
    quote = of_kind(desk, kind)
    assert desk.now(quote) == desk.now(quote)
    assert len(desk.model.calls) == 1
    assert desk.model.calls[0].upper == UPPER
    billed = {Kind.MODERATION: 0, Kind.EMBEDDING: 200 * 20}.get(kind, 200 * 100 + 60 * 500)
    assert desk.spent() == (billed, 0, 0)


@KINDS
def test_what_does_not_fit_is_refused_in_words_of_its_kind(desk: Desk, kind: Kind) -> None:
    (refused,) = desk.now(of_kind(desk, kind, 20_000_000), usd=10_000_000)
    assert isinstance(refused, BudgetError)
    assert f"this {kind.value.split(maxsplit=1)[1]} may cost $0.02" in str(refused)
    assert desk.model.calls == []
    assert desk.spent() == (0, 0, 0)


@KINDS
def test_what_is_lost_is_named_by_its_kind(desk: Desk, kind: Kind) -> None:
    desk.model.answers = [fails(LOST)]
    quote = of_kind(desk, kind)
    for _ in range(2):
        (lost,) = desk.now(quote)
        assert isinstance(lost, UncertainError)
        assert str(lost).startswith(kind.value)
        assert ("--expand local" in str(lost)) is (kind is Kind.EXPANSION and "decide" in str(lost))
    assert len(desk.model.calls) == 1


def test_no_question_counts_as_a_picture(desk: Desk) -> None:
    async def story() -> None:
        ledger = desk.studio.ledger
        await ledger.set_budget(Budget(Scope.ALL, "", Window.TOTAL, None, 0))

    asyncio.run(story())
    desk.model.answers = [says(FREE)] * len(Kind)
    assert all(isinstance(answer, Painted) for answer in desk.now(*(of_kind(desk, kind) for kind in Kind)))
    assert asyncio.run(desk.studio.ledger.spending()).pictures == 0


def test_many_pictures_of_one_prompt_ask_once(desk: Desk) -> None:
    gate = asyncio.Event()

    async def slow(hold: Hold) -> Painted:
        asyncio.get_running_loop().call_soon(gate.set)
        await gate.wait()
        return FREE

    desk.model.answers = [slow]
    answers = desk.now(*[of_kind(desk, Kind.MODERATION, 0)] * 4)
    assert [type(answer) for answer in answers] == [Painted] * 4
    assert len(desk.model.calls) == 1


def test_what_is_free_is_held_at_nothing_and_no_budget_is_too_small(desk: Desk) -> None:
    desk.model.answers = [says(FREE)]
    (answer,) = desk.now(of_kind(desk, Kind.MODERATION, 0), usd=0)
    assert answer == FREE
    assert [hold.upper for hold in desk.model.calls] == [0]
    assert asyncio.run(desk.studio.ledger.state_of(desk.model.calls[0].attempt)) is State.POSTED


def test_an_answer_without_words_is_asked_again_only_where_it_was_free(desk: Desk) -> None:
    nothing = Painted(free=True, notes=("makes no sense",))
    desk.model.answers = [says(nothing), says(nothing), says(FREE)]
    quote = of_kind(desk, Kind.MODERATION, 0)
    assert [desk.now(quote) for _ in range(4)] == [[nothing], [nothing], [FREE], [FREE]]
    assert len(desk.model.calls) == 3
    desk.model.answers = [says(replace(nothing, free=False))]
    paid = of_kind(desk, Kind.DESCRIPTION)
    assert desk.now(paid) == desk.now(paid)
    assert len(desk.model.calls) == 4


@pytest.mark.parametrize(("upper", "after"), [(0, State.VOIDED), (UPPER, State.UNCERTAIN)])
def test_what_a_dead_run_asked_for_nothing_needs_nobody_to_decide(desk: Desk, upper: int, after: State) -> None:
    quote = of_kind(desk, Kind.MODERATION, upper)

    async def dies() -> None:
        ledger = desk.studio.ledger
        await ledger.begin(Run("dead", "gen", "alice", "host", 1, None))
        await ledger.enter("dead", [quote.job])
        hold = await ledger.reserve("dead", "attempt-1", quote, Slot(desk.home / "data"))
        assert hold is not None
        await ledger.send(hold)
        await ledger.close()
        desk.studio, desk.events = a_studio(desk.home, {"openai": desk.model}, desk.clock)

    asyncio.run(dies())
    desk.model.answers = [says(FREE)]
    (answer,) = desk.now(quote)
    assert isinstance(answer, Painted) is (upper == 0)
    assert asyncio.run(desk.studio.ledger.state_of("attempt-1")) is after
