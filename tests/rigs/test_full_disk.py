"""Disks that fill up, really: small file systems in memory, for the pictures, the ledger, the spool or all of them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.fake_api.client import FakeApi
from tests.rigs.nursery import Nursery
from tests.rigs.rig import OK_CODES, Rig


@pytest.fixture
def rig(tmp_path: Path, fake_api: FakeApi, nursery: Nursery) -> Rig:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root on Linux; RLIMIT_FSIZE stands in elsewhere")
    return Rig(tmp_path, fake_api, nursery)


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[None]:
    """A file system of that size over `place`, which keeps what was there."""
    kept = {path.relative_to(place): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    place.mkdir(parents=True, exist_ok=True)
    options = f"size={kilobytes}k"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")
    try:
        for name, data in kept.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(data)
        yield
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def fill(path: Path) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        while os.write(descriptor, b"x" * 4096):
            pass
    except OSError:
        os.close(descriptor)


def enlarge(place: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=200m", place], check=True)


SIZES = {"work": (100, 4_500, 6_000, 14_000), "home/data": (60, 220, 330, 420), "home": (150, 400, 5_000)}
CASES = [(place, size) for place, sizes in SIZES.items() for size in sizes]


@pytest.mark.parametrize(("place", "kilobytes"), CASES)
def test_a_full_disk_costs_nothing_it_cannot_keep_and_with_room_again_all_is_well(
    rig: Rig, place: str, kilobytes: int
) -> None:
    rig.fresh(f"{place.replace('/', '-')}-{kilobytes}", 6)
    disk = rig.scratch / rig.name / place
    with small_disk(disk, kilobytes):
        child = rig.run(rig.batch(4))
        assert child.status in OK_CODES | {7, 8}, child.said
        rig.check(finished=False)
        enlarge(disk)
        rig.close(rig.run(rig.batch(4)))
    assert rig.wrong == []


def test_a_picture_that_was_paid_when_the_disk_was_full_comes_back(rig: Rig) -> None:
    """The room that was reserved for it is taken away by hand: so full is no disk by itself."""
    rig.fresh("thief", 1)
    rig.api.script(gate=True)
    with ExitStack() as stack:
        stack.enter_context(small_disk(rig.work / "many", 4_600))
        child = rig.start(rig.batch(1))
        rig.api.wait(in_flight=1)
        (part,) = (rig.work / "many").glob(".imgcli-*.part")
        os.truncate(part, 0)
        fill(rig.work / "many" / "thief")
        rig.api.release()
        assert child.end() == 7
        assert "gets its place at the next start" in child.said
        rig.check(finished=False)
        (rig.work / "many" / "thief").unlink()
        last = rig.run(rig.batch(1))
        assert last.status == 0, last.said
        rig.close(last)
    assert rig.wrong == []
    assert rig.tally["settled"] == 1
    assert rig.tally["bills"] == 1
