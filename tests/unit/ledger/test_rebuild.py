"""What a rebuilt ledger holds people to. That no cent is lost on the way is proved in `tests/rigs/test_bit_rot.py`."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.errors import BudgetError
from imgcli.ledger.rebuild import rebuild
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.attempt import Record, State
from imgcli.model.budget import EACH, Budget, Scope, Window
from imgcli.model.origin import Origin, Place
from tests.contracts.test_ledger_contract import Desk
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_job, a_run

CAP = 100
TOLD = Record(
    *("attempt-before", "run-0", State.SETTLED, a_job(), CAP, CAP, "2026-11-21", Path("/pictures"), "car.png"),
    picture=A_PICTURE,
    painted=SOME_PAINTED,
    created_at="2026-11-21T10:00:00.000000Z",
    received_at="2026-11-21T10:00:09.000000Z",
)
SIDECARS = [(TOLD.job.key, TOLD)]


@pytest.mark.parametrize("window", [Window.DAY, Window.MONTH, Window.TOTAL])
@pytest.mark.parametrize("subject", ["bob", EACH])
def test_a_picture_of_nobody_knows_whom_loosens_no_cap_per_user(tmp_path: Path, subject: str, window: Window) -> None:
    """Sidecars travel with pictures and name no user, so each may be the one who has spent it."""

    async def story() -> None:
        ledger = SqliteLedger(tmp_path, FakeClock())
        await ledger.set_budget(Budget(Scope.USER, subject, window, CAP, None))
        await ledger.close()
        assert rebuild(tmp_path, NOON, SIDECARS).unknown == 1
        desk = Desk(SqliteLedger(tmp_path, FakeClock()), FakeClock())
        assert await desk.ledger.adopt("looked at it")
        await desk.ledger.begin(a_run(user="bob"))
        with pytest.raises(BudgetError):
            await desk.hold(upper=1)
        assert await desk.ledger.audit() == []
        await desk.ledger.close()

    asyncio.run(story())


def test_a_run_that_the_ledger_still_knows_tells_its_user(tmp_path: Path) -> None:
    """A backup from the middle of the run: what the run made after it is that user's alone."""

    async def story() -> None:
        ledger = SqliteLedger(tmp_path, FakeClock())
        await ledger.begin(a_run(TOLD.run, user="bob"))
        await ledger.close()
        assert rebuild(tmp_path, NOON, SIDECARS).unknown == 0
        ledger = SqliteLedger(tmp_path, FakeClock())
        await ledger.set_budget(Budget(Scope.USER, EACH, Window.TOTAL, CAP, None))
        assert [(balance.subject, balance.spent_usd) for balance in await ledger.balances()] == [("bob", CAP)]
        await ledger.close()

    asyncio.run(story())


def test_copies_are_no_attempts(tmp_path: Path) -> None:
    """Nothing was asked for them, so they are neither money nor pictures of any budget."""
    origin = Origin(Place.DIRECTORY, "car.png", TOLD.attempt, CAP)
    copy = replace(TOLD, attempt="copy-1", name="car-2.png", cost=0, upper=0, origin=origin)

    async def story() -> None:
        assert rebuild(tmp_path, NOON, [*SIDECARS, (copy.job.key, copy)]).from_sidecars == 1
        ledger = SqliteLedger(tmp_path, FakeClock())
        spending = await ledger.spending()
        assert (spending.spent, spending.pictures) == (CAP, 1)
        assert await ledger.state_of("copy-1") is None
        await ledger.close()

    asyncio.run(story())
