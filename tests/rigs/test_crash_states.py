"""Power cuts at every moment of the way from a bill to a picture; see `crash_states` for how they are enumerated."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.rigs.crash_states import (
    CONTROLS,
    WRECKS,
    Bill,
    Bytes,
    Commit,
    Content,
    Crash,
    Names,
    Order,
    Report,
    Retelling,
    Rig,
    Sealed,
    Sync,
    Trace,
    Tree,
    as_it_is,
    crashes,
    killed,
    twice,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="directories cannot be synced there")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with Rig(tmp_path) as made:
        yield made


def holds(report: Report) -> bool:
    """Nothing is broken, and there was something to break: pictures were rescued, and answers were lost."""
    assert not report.violations, "\n".join([str(report), *report.violations[:9]])
    assert report.ends["settled"], report
    assert report.ends["uncertain"], report
    return True


# Does the rig see at all?


def left(*events: Names | Bytes | Sync, order: Order = Order.ANY) -> set[tuple[tuple[str, bytes], ...]]:
    """What may be on the disk after a crash during or after `events` in an empty directory."""
    trace = Trace(Crash(Tree()), {}, {}, events)
    return {tuple((name, content.data) for name, content, _ in crash.disk.files) for crash in crashes(trace, order)}


NEW, WRITTEN = (Bytes(1, Content()), Names(((0, "a", 1),))), Bytes(1, Content.of(b"wxyz"))


def test_unsynced_bytes_may_be_there_or_torn_or_gone() -> None:
    assert left(*NEW, WRITTEN) == {(), (("a", b""),), (("a", b"wx"),), (("a", b"wxyz"),)}


def test_synced_bytes_stay_and_their_name_may_still_go() -> None:
    assert left(*NEW, Sync(0, directory=True), WRITTEN, Sync(1, directory=False)) >= {(("a", b"wxyz"),)}
    before = left(*NEW, Sync(0, directory=True), WRITTEN)
    trace = Trace(Crash(Tree()), {(0, "a"): 1}, {1: Content()}, (WRITTEN, Sync(1, directory=False), Commit("x", b"x")))
    (kept,) = [crash for crash in crashes(trace, Order.ANY) if crash.ledger]
    assert kept.disk.files == (("a", Content.of(b"wxyz"), 0),)
    assert (("a", b"wx"),) in before
    assert () in left(*NEW, WRITTEN, Sync(1, directory=False))


def test_a_file_may_lose_both_names_only_where_names_keep_no_order() -> None:
    trace = Trace(
        Crash(Tree((), (("a", Content(), 0),))),
        {(0, "a"): 1},
        {1: Content()},
        (Names(((0, "b", 1),)), Names(((0, "a", None),))),
    )
    assert Crash(Tree()) in crashes(trace, Order.ANY)
    assert Crash(Tree()) not in crashes(trace, Order.IN_TURN)


def test_the_recorder_sees_the_whole_way_of_a_picture(rig: Rig) -> None:
    events = rig.record().events
    methods = [event.method for event in events if isinstance(event, Commit)]
    assert methods == ["begin", "enter", "reserve", "send", "receive", "save", "settle", "end"]
    story = [event for event in events if isinstance(event, Bill | Sealed | Sync | Commit)]
    billed, sealed = (next(i for i, e in enumerate(story) if isinstance(e, kind)) for kind in (Bill, Sealed))
    between = [event for event in story[billed:sealed] if isinstance(event, Sync)]
    assert {event.directory for event in between} == {False, True}, "bytes and names are synced before the money"


# Does the product keep its promises?


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_power_cut_at_any_moment_breaks_no_promise(tmp_path: Path, jobs: int) -> None:
    with Rig(tmp_path, jobs) as rig:
        assert holds(rig.check("names in any order", crashes(rig.record(), Order.ANY)))


def test_a_power_cut_while_somebody_takes_the_name_breaks_no_promise(tmp_path: Path) -> None:
    with Rig(tmp_path, rival=True) as rig:
        assert holds(rig.check("a rival", crashes(rig.record(), Order.ANY)))


@pytest.mark.parametrize(
    "absent",
    ["out", "home"],
)
def test_a_power_cut_in_the_first_run_of_all_breaks_no_promise(tmp_path: Path, absent: str) -> None:
    with Rig(tmp_path, absent=absent) as rig:
        assert holds(rig.check(f"no {absent}", crashes(rig.record(), Order.ANY), enough=1))


def test_what_a_start_settles_leaves_no_hidden_files(rig: Rig) -> None:
    assert not rig.check("litter", crashes(rig.record(), Order.ANY)).litter


def test_what_recovery_cannot_finish_is_not_waited_for(rig: Rig) -> None:
    wreck = rig.wreck(rig.record(), "saved without a sidecar")
    in_the_way = ("out/car-1.png.json", Content.of(b"{}"), len(wreck.disk.files))
    blocked = replace(wreck, disk=replace(wreck.disk, files=(*wreck.disk.files, in_the_way)))
    assert not [kind for kind in rig.check("in the way", [blocked]).kinds() if kind.startswith("the next start dies")]


@pytest.mark.parametrize("kind", WRECKS)
def test_recovery_may_itself_be_cut_off(rig: Rig, kind: str) -> None:
    wreck = rig.wreck(rig.record(), kind)
    report = rig.check(kind, crashes(rig.record(wreck), Order.ANY))
    assert not report.violations, "\n".join([str(report), *report.violations[:9]])
    assert set(report.ends) == {"settled"}, "what was safe before recovery began is never uncertain"
    assert report.states > 9


def test_a_power_cut_soon_after_a_kill_breaks_no_promise(rig: Rig) -> None:
    assert holds(rig.check("killed and cut", killed(rig, Order.ANY, as_it_is, only=(Bill, Sealed))))


@pytest.mark.parametrize("control", CONTROLS)
def test_without_its_care_it_would_break_them(rig: Rig, control: str) -> None:
    trace = CONTROLS[control](rig.record())
    assert rig.check(control, crashes(trace, Order.ANY), enough=1).violated


# The long forms.


@pytest.mark.rig
@pytest.mark.parametrize(("order", "retell"), [(Order.IN_TURN, as_it_is), (Order.ANY, as_it_is)])
def test_a_power_cut_between_three_pictures_breaks_no_promise(tmp_path: Path, order: Order, retell: Retelling) -> None:
    with Rig(tmp_path, 3) as rig:
        assert holds(rig.check(order.value, crashes(retell(rig.record()), order)))


@pytest.mark.rig
@pytest.mark.parametrize(("order", "retell"), [(Order.IN_TURN, as_it_is), (Order.ANY, as_it_is)])
@pytest.mark.parametrize("trouble", [twice, killed])
def test_recovery_from_any_crash_may_itself_be_cut_off_anywhere(
    rig: Rig, order: Order, retell: Retelling, trouble: Callable[[Rig, Order, Retelling], Iterator[Crash]]
) -> None:
    assert holds(rig.check(order.value, trouble(rig, order, retell)))


@pytest.mark.rig
@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("jobs", [1, 3])
def test_without_its_care_many_states_would_break_them(tmp_path: Path, jobs: int, control: str) -> None:
    with Rig(tmp_path, jobs) as rig:
        report = rig.check(control, crashes(CONTROLS[control](rig.record()), Order.IN_TURN), enough=99)
    assert report.violated >= 5
