import asyncio
import os
from pathlib import Path

import pytest

from imgcli.cli.completing import complete_flagged, complete_picture, complete_unresolved
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.verdict import Aside, Remarks
from tests.contracts.test_ledger_contract import LOST, Desk, settled
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_run


@pytest.fixture
def full(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    desk = Desk(SqliteLedger(home / "data", FakeClock()), FakeClock(), "01ab")

    async def live() -> None:
        await desk.ledger.begin(a_run())
        await settled(desk)
        hold = await desk.received()
        await desk.ledger.save(hold.attempt, hold.run, Remarks(aside=Aside.QUARANTINE))
        await desk.ledger.settle(hold.attempt, hold.run)
        await desk.ledger.fail(await desk.sent(), LOST)
        await settled(desk)
        await desk.ledger.close()

    asyncio.run(live())
    place = tmp_path / "work"
    (place / "deep").mkdir(parents=True)
    (place / "car.png").touch()
    (place / "notes.txt").touch()
    monkeypatch.chdir(place)
    return home / "data" / "ledger.db"


def test_ids_and_files_are_offered_and_nothing_that_is_hidden(full: Path) -> None:
    assert complete_picture("") == ["01ab-4", "01ab-1", "car.png", "deep/"]
    assert complete_picture("01AB-1") == ["01ab-1"]
    assert complete_picture("c") == ["car.png"]
    assert complete_flagged("01") == ["01ab-2"]
    assert complete_unresolved("") == ["01ab-3"]
    assert complete_picture("deep/") == complete_picture("/gone/x") == []


def test_what_is_typed_is_no_pattern(full: Path) -> None:
    assert complete_picture("%") == complete_picture("\0") == complete_picture("'") == []


def test_a_ledger_that_is_locked_broken_or_not_there_offers_nothing_and_is_not_made(full: Path) -> None:
    full.write_bytes(b"no database")
    assert complete_unresolved("") == []
    full.unlink()
    assert complete_unresolved("") == []
    assert not full.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_shell_never_waits_for_what_is_no_file(full: Path) -> None:
    full.unlink()
    os.mkfifo(full)
    assert complete_picture("01ab") == []
