import asyncio
from pathlib import Path

from imgcli.model.attempt import Receipt
from imgcli.model.finding import Finding, Level
from imgcli.model.inspection import Inspection, Verdict
from imgcli.verification import tops, verify
from tests.contracts.test_ledger_contract import Desk
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_run
from tests.fakes.ledger import FakeLedger
from tests.fakes.store import FakeStore


async def a_desk() -> Desk:
    desk = Desk(FakeLedger(FakeClock()), FakeClock())
    await desk.ledger.begin(a_run())
    for _ in range(2):
        hold = await desk.sent()
        await desk.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 60))
        await desk.ledger.save(hold.attempt, "run-1")
        await desk.ledger.settle(hold.attempt, "run-1")
    return desk


def test_a_name_is_looked_at_once_for_the_newest_picture_that_got_it() -> None:
    async def story() -> list[Finding | Inspection]:
        desk = await a_desk()
        store = FakeStore()
        store.spool["attempt-9"] = b"paid"
        return [found async for found in verify(desk.ledger, store, read_data=True)]

    spooled, picture, gone = asyncio.run(story())
    assert isinstance(spooled, Finding)
    assert (spooled.level, spooled.subject) == (Level.WARN, "spool")
    assert isinstance(picture, Inspection)
    assert (picture.path.name, picture.verdict) == ("car.png", Verdict.GONE)
    assert isinstance(gone, Finding)
    assert gone.seen.startswith("none of the 1 paid pictures")


def test_directories_within_others_are_walked_once() -> None:
    assert tops({Path("/a"), Path("/a/b"), Path("/a/b/c"), Path("/ab")}) == [Path("/a"), Path("/ab")]
