"""Every call to the disk, the database and the network fails in turn; so does every kind of answer."""

from pathlib import Path

import pytest

from tests.fake_api.client import FakeApi
from tests.fake_api.faults import FAULTS
from tests.rigs.nursery import Nursery
from tests.rigs.rig import Rig, fail_every_call, meet_fault
from tests.rigs.steps import ERRNOS, NET, SQLITE

EVERY_FAULT = sorted(FAULTS)
HOW = [*ERRNOS, *SQLITE, *NET, "KeyboardInterrupt"]


@pytest.fixture
def rig(tmp_path: Path, fake_api: FakeApi, nursery: Nursery) -> Rig:
    return Rig(tmp_path, fake_api, nursery)


@pytest.mark.parametrize("turn", range(3))
def test_a_call_to_the_disk_that_fails_costs_nothing_and_loses_nothing(rig: Rig, turn: int) -> None:
    """One error for every other call in the suite; all calls with all three in the long form."""
    fail_every_call(rig, ERRNOS[turn], every=6, first=2 * turn + 1)
    assert rig.wrong == []
    assert rig.tally["failed calls"] > 4


@pytest.mark.parametrize("do", [*SQLITE, *NET])
def test_a_database_or_a_network_that_fails_costs_nothing_and_loses_nothing(rig: Rig, do: str) -> None:
    fail_every_call(rig, do, every=4 if do in SQLITE else 1)
    assert rig.wrong == []
    assert rig.tally["failed calls"]


@pytest.mark.parametrize("do", ["ENOSPC", "SQLITE_FULL"])
def test_a_disk_that_is_full_from_some_moment_on(rig: Rig, do: str) -> None:
    fail_every_call(rig, do, on=True, every=4, first=2)
    assert rig.wrong == []
    assert rig.tally["failed calls"]


@pytest.mark.parametrize("fault", EVERY_FAULT[1::3])
def test_kinds_of_answers(rig: Rig, fault: str) -> None:
    """Some, at one concurrency each, in the suite; all, at three, in the long form."""
    meet_fault(rig, fault, (1, 4, 16)[EVERY_FAULT.index(fault) // 3 % 3])
    assert rig.wrong == []


@pytest.mark.rig
@pytest.mark.parametrize("on", [False, True])
@pytest.mark.parametrize("do", HOW)
def test_every_call_and_every_failure(rig: Rig, do: str, on: bool) -> None:
    fail_every_call(rig, do, jobs=2, on=on)
    print(do, dict(rig.tally))
    assert rig.wrong == []


@pytest.mark.rig
@pytest.mark.parametrize("at_once", [1, 4, 16])
@pytest.mark.parametrize("fault", EVERY_FAULT)
def test_every_kind_of_answer_at_every_concurrency(rig: Rig, fault: str, at_once: int) -> None:
    meet_fault(rig, fault, at_once)
    print(fault, at_once, dict(rig.tally))
    assert rig.wrong == []
