import asyncio
from dataclasses import replace

from imgcli import pages
from imgcli.model.mark import Mark, Marked
from imgcli.model.query import Query
from imgcli.model.verdict import Aside, Remarks
from imgcli.pages import everything, turn_to
from imgcli.searching import freshen
from tests.contracts.test_ledger_contract import OUT, Desk, settled
from tests.fakes.catalog import FakeCatalog
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_run
from tests.fakes.ledger import FakeLedger

FLAGGED = Remarks(aside=Aside.QUARANTINE)


async def a_desk(count: int, flagged: tuple[int, ...]) -> tuple[FakeLedger, FakeCatalog]:
    ledger, catalog = FakeLedger(FakeClock()), FakeCatalog()
    desk = Desk(ledger, FakeClock())
    await ledger.begin(a_run())
    for n in range(1, count + 1):
        if n not in flagged:
            await settled(desk)
            continue
        hold = await desk.received()
        await ledger.save(hold.attempt, hold.run, FLAGGED)
        await ledger.settle(hold.attempt, hold.run)
    await freshen(ledger, catalog)
    return ledger, catalog


def test_what_may_not_be_shown_takes_no_place_and_is_counted() -> None:
    async def story() -> None:
        ledger, catalog = await a_desk(50, (50, 48, 20))
        leaf = await turn_to(Query(), 3, None, ledger, catalog)
        assert [row.record.attempt for row in leaf.rows] == ["attempt-49", "attempt-47", "attempt-46"]
        assert (leaf.aside, leaf.more) == (2, True)
        last = await catalog.number_of("attempt-23")
        leaf = await turn_to(Query(), 22, last, ledger, catalog)
        assert (len(leaf.rows), leaf.aside, leaf.more) == (21, 1, False)

    asyncio.run(story())


def test_one_that_is_set_aside_or_let_out_later_is_so_at_once() -> None:
    async def story() -> None:
        ledger, catalog = await a_desk(2, (1,))
        (flagged,) = await ledger.set_aside(Aside.QUARANTINE)
        await ledger.settle_aside(flagged, "car.png", replace(FLAGGED, settled="released 2026-11-22"))
        leaf = await turn_to(Query(), 9, None, ledger, catalog)
        assert [row.record.attempt for row in leaf.rows] == ["attempt-2", "attempt-1"]

    asyncio.run(story())


def test_a_picture_that_this_ledger_does_not_know_is_not_shown() -> None:
    async def story() -> None:
        _, catalog = await a_desk(3, ())
        other, _ = await a_desk(1, ())
        leaf = await turn_to(Query(), 9, None, other, catalog)
        assert ([row.record.attempt for row in leaf.rows], leaf.aside) == (["attempt-1"], 2)

    asyncio.run(story())


def test_everything_comes_page_by_page_with_opinions(monkeypatch: object) -> None:
    async def story() -> None:
        ledger, catalog = await a_desk(7, (3,))
        await catalog.mark(Marked("attempt-2", Mark.PICKED, OUT))
        every = [row async for row in everything(Query(), None, ledger, catalog)]
        assert [row.record.attempt[-1] for row in every] == list("765421")
        assert Mark.PICKED in every[-2].opinion.marks
        some = [row.record.attempt[-1] async for row in everything(Query(), 4, ledger, catalog)]
        assert some == list("7654")

    before, pages.AT_ONCE = pages.AT_ONCE, 2
    try:
        asyncio.run(story())
    finally:
        pages.AT_ONCE = before
