"""What is told once: budgets near their end, and unusual days, on a real ledger and a real board."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from imgcli.alarming import new_alarms, new_unusual
from imgcli.db.board import SqliteBoard
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.alert import Alert
from imgcli.model.attempt import Receipt
from imgcli.model.budget import Budget, Scope, Window
from imgcli.model.charge import Charge
from imgcli.model.money import NANO
from imgcli.ports import Board
from imgcli.reports.spend import By
from tests.contracts.test_ledger_contract import Desk
from tests.fakes.board import FakeBoard
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_run
from tests.fakes.ledger import FakeLedger

MONTH = Budget(Scope.ALL, "", Window.MONTH, 100, None)
AT = [Alert(80), Alert(95)]
Story = Callable[[Desk, Board], Awaitable[None]]


@pytest.fixture(params=["memory", "file"])
def tell(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Story], None]:
    def run(story: Story) -> None:
        async def whole() -> None:
            clock = FakeClock()
            is_file = request.param == "file"
            ledger = SqliteLedger(tmp_path, clock) if is_file else FakeLedger(clock)
            board = SqliteBoard(tmp_path / "pace.db") if is_file else FakeBoard()
            await ledger.begin(a_run())
            await story(Desk(ledger, clock), board)
            await ledger.close()
            board.close()

        asyncio.run(whole())

    return run


async def told(desk: Desk, board: Board) -> list[int]:
    return [each.percent for each in await new_alarms(desk.ledger, board, AT)]


def test_an_alert_is_told_once_for_each_part_and_again_in_the_next_window(tell: Callable[[Story], None]) -> None:
    async def story(desk: Desk, board: Board) -> None:
        await desk.ledger.set_budget(MONTH)
        await desk.received(upper=79, actual=79)
        assert await told(desk, board) == []
        await desk.received(upper=1, actual=1)
        assert await told(desk, board) == [80]
        assert await told(desk, board) == []
        await desk.received(upper=15, actual=15)
        assert await told(desk, board) == [95]
        assert await told(desk, board) == []
        desk.clock.set(NOON + timedelta(days=30))
        assert await told(desk, board) == []
        await desk.received(upper=99, actual=99)
        assert await told(desk, board) == [95], "the highest alone"
        assert await told(desk, board) == []

    tell(story)


def test_a_new_cap_is_told_of_anew(tell: Callable[[Story], None]) -> None:
    async def story(desk: Desk, board: Board) -> None:
        await desk.ledger.set_budget(MONTH)
        await desk.received(upper=90, actual=90)
        assert await told(desk, board) == [80]
        await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.MONTH, 110, None))
        assert await told(desk, board) == [80]
        assert await new_alarms(desk.ledger, board, []) == []

    tell(story)


def test_a_board_that_was_scribbled_on_tells_once_more(tell: Callable[[Story], None]) -> None:
    async def story(desk: Desk, board: Board) -> None:
        await desk.ledger.set_budget(MONTH)
        await desk.received(upper=90, actual=90)
        for scribble in ("{", "[1]", "null", '{"x": []}', "[" * 5000):
            await board.change("alerts", lambda _, text=scribble: text)  # type: ignore[misc]
            assert await told(desk, board) == [80]

    tell(story)


async def dollars(desk: Desk, amount: int, *tags: str) -> None:
    hold = await desk.sent(upper=amount * NANO, tags=tags)
    await desk.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, amount * NANO))


def test_an_unusual_day_is_told_once(tell: Callable[[Story], None]) -> None:
    async def story(desk: Desk, board: Board) -> None:
        for _ in range(6):
            await dollars(desk, 2, "web")
            desk.clock.advance(86_400)
        await dollars(desk, 3, "web")
        assert await new_unusual(desk.ledger, board, desk.clock) == []
        await dollars(desk, 40, "hero")
        first = await new_unusual(desk.ledger, board, desk.clock)
        assert {(each.by, each.name) for each in first} >= {(By.TAG, "hero"), (By.USER, "alice")}
        (hero,) = [each for each in first if each.by is By.TAG]
        assert (hero.today, hero.whole, hero.usual.median, hero.usual.days) == (40 * NANO, 43 * NANO, 0, 6)
        (alice,) = [each for each in first if each.by is By.USER]
        assert (alice.usual.median, alice.usual.limit) == (2 * NANO, 4 * NANO)
        assert await new_unusual(desk.ledger, board, desk.clock) == []
        await dollars(desk, 90, "flood")
        assert [(each.by, each.name) for each in await new_unusual(desk.ledger, board, desk.clock)] == [
            (By.TAG, "flood")
        ]
        desk.clock.advance(86_400)
        await dollars(desk, 90, "hero")
        assert (By.TAG, "hero") in {(each.by, each.name) for each in await new_unusual(desk.ledger, board, desk.clock)}

    tell(story)


def test_days_of_a_ledger_that_is_ahead_of_the_clock_are_not_one_day(tell: Callable[[Story], None]) -> None:
    async def story(desk: Desk, board: Board) -> None:
        for _ in range(9):
            await dollars(desk, 6, "web")
            desk.clock.advance(86_400)
        await dollars(desk, 6, "web")
        desk.clock.advance(-5 * 86_400)
        assert await new_unusual(desk.ledger, board, desk.clock) == []
        # What is asked for now is of the ledger's day, and told of as such.
        await dollars(desk, 50, "hero")
        found = await new_unusual(desk.ledger, board, desk.clock)
        assert {each.today for each in found if each.by is By.TAG} == {50 * NANO}
        assert {each.whole for each in found} == {56 * NANO}

    tell(story)


def test_looking_back_ends_when_it_takes_long() -> None:
    class SlowClock(FakeClock):
        def monotonic(self) -> float:
            self.advance(0.2)
            return super().monotonic()

    class Counted(FakeLedger):
        looked = 0

        async def charges(self, since: str = "", until: str = "") -> Sequence[Charge]:
            self.looked += 1
            return await super().charges(since, until)

    async def story() -> int:
        clock = SlowClock()
        ledger = Counted(clock)
        await ledger.begin(a_run())
        await dollars(Desk(ledger, clock), 40, "hero")
        assert await new_unusual(ledger, FakeBoard(), clock) == []
        return ledger.looked

    assert asyncio.run(story()) <= 5
