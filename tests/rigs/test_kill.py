"""kill -9: in every gap between two calls, at random, over several processes, and on the run that mends."""

import os
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.fake_api.client import FakeApi
from tests.rigs.audit import states
from tests.rigs.nursery import Nursery
from tests.rigs.rig import Rig, kill_at_random, kill_in_every_gap, kill_the_mender


@pytest.fixture
def rig(tmp_path: Path, fake_api: FakeApi, nursery: Nursery) -> Rig:
    return Rig(tmp_path, fake_api, nursery)


def seed() -> int:
    """Printed, so that a failure can be had again with RIG_SEED."""
    chosen = int(os.environ.get("RIG_SEED", "0")) or Random().getrandbits(32)
    print(f"RIG_SEED={chosen}")
    return chosen


def test_a_death_in_any_gap_of_a_picture_is_mended_by_the_same_command(rig: Rig) -> None:
    """Every third of them, and each time others; all of them behind the marker."""
    kill_in_every_gap(rig, jobs=1, every=3, first=1 + seed() % 3)
    assert rig.wrong == []
    assert rig.tally["kills"] >= 20
    assert rig.tally["bills"] <= rig.tally["settled"] + rig.tally["uncertain"]


@pytest.mark.rig
def test_a_death_in_every_gap_of_a_picture(rig: Rig) -> None:
    kill_in_every_gap(rig, jobs=1)
    print(dict(rig.tally))
    assert rig.wrong == []
    assert rig.tally["kills"] >= 60


@pytest.mark.parametrize("wound", ["after commit received", "after fsync meta"])
def test_the_mending_may_itself_be_killed(rig: Rig, wound: str) -> None:
    kill_the_mender(rig, wound, every=4)
    assert rig.wrong == []


@pytest.mark.rig
@pytest.mark.parametrize("wound", ["after recv", "after fsync meta", "after link picture", "after commit saved"])
def test_the_mending_may_be_killed_in_every_gap(rig: Rig, wound: str) -> None:
    kill_the_mender(rig, wound)
    print(dict(rig.tally))
    assert rig.wrong == []


@pytest.mark.parametrize("processes", [1, 3])
def test_deaths_at_random(rig: Rig, processes: int) -> None:
    kill_at_random(rig, Random(seed()), 8 * processes, processes)
    assert rig.wrong == []
    print(rig.tally)


@pytest.mark.rig
@pytest.mark.parametrize(("processes", "kills"), [(1, 1500), (3, 3500)])
def test_five_thousand_deaths(rig: Rig, processes: int, kills: int) -> None:
    kill_at_random(rig, Random(seed()), kills, processes)
    print(dict(rig.tally))
    assert rig.wrong == []


@pytest.mark.rig
def test_a_death_in_every_gap_of_two_pictures(rig: Rig) -> None:
    kill_in_every_gap(rig, jobs=2)
    print(dict(rig.tally))
    assert rig.wrong == []


def test_the_naive_order_fails_on_the_same_rig(tmp_path: Path, fake_api: FakeApi) -> None:
    """A rig that finds nothing in this would find nothing in anything."""
    wrong = naive_violations(tmp_path, fake_api, Random(seed()), 12)
    print(dict(wrong))
    assert wrong["unrecorded"]
    assert wrong["overspent"]


def naive_violations(scratch: Path, api: FakeApi, luck: Random, kills: int) -> Counter[str]:
    """How often the naive order broke which promise; each batch has room for 5 of its 8 pictures."""
    from tests.rigs.naive import PRICE

    wrong: Counter[str] = Counter()
    env = dict(os.environ) | api.env(scratch)
    (words := scratch / "naive").mkdir()
    with Nursery(words, "tests.rigs.naive", warm=False) as nursery:
        while wrong["kills"] < kills:
            api.reset()
            api.script(latency=0.02)
            wrong["batches"] += 1
            (work := scratch / f"naive-{wrong['batches']}").mkdir()
            (work / "many.txt").write_text("".join(f"picture {index}\n" for index in range(8)))
            argv = ["many.txt", "4", str(5 * PRICE)]
            for _ in range(4):
                child = nursery.start(argv, env, work)
                child.wait(luck.uniform(0.0, 0.15))
                child.kill()
                wrong["kills"] += child.end() == -9
            nursery.run(argv, env, work)
            bills = Counter(bill.prompt for bill in api.bill())
            made = len(list(work.glob("*.png")))
            wrong["bills"] += bills.total()
            wrong["overspent"] += api.billed() > 5 * PRICE
            wrong["unrecorded"] += bills.total() - made
            wrong["double"] += sum(count > 1 for count in bills.values())
    return wrong


def test_nothing_is_uncertain_where_nobody_dies(rig: Rig) -> None:
    rig.fresh("calm", 4)
    rig.close(rig.run(rig.batch(4)))
    assert rig.wrong == []
    assert states(rig.home) == {"settled": 4}
