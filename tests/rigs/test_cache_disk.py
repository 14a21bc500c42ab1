"""The cache on disks that fill up, and processes that die in it: nothing is lost, and nothing wrong is served."""

import hashlib
import os
import signal
import sys
from pathlib import Path
from random import Random

import pytest

from imgcli.catalog.entry import Facts
from imgcli.catalog.pictures import PictureCache
from tests.e2e.test_money import MODEL, User, hashes, prompts
from tests.fake_api import pictures
from tests.fake_api.client import FakeApi
from tests.rigs.nursery import Nursery
from tests.rigs.test_full_disk import small_disk


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root on Linux")
    return User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)


@pytest.mark.parametrize("kilobytes", [4, 12, 40, 100])
def test_a_full_cache_disk_costs_no_picture(user: User, tmp_path: Path, kilobytes: int) -> None:
    disk = tmp_path / "cache-disk"
    with small_disk(disk, kilobytes):
        user.env = {**user.env, "IMGCLI_CACHE_DIR": str(disk / "pictures")}
        file = prompts(user, 6)
        first = user.run("batch", file, "--model", MODEL, "--quiet")
        assert (first.code, len(user.api.bill())) == (0, 6), first.err
        again = user.run("batch", file, "--model", MODEL, "--quiet", "--out", "there")
        assert (again.code, len(user.api.bill())) == (0, 6), again.err
        assert hashes(again.out.splitlines()) == hashes(first.out.splitlines())
        assert user.run("cache", "verify").code in {0, 7}
        assert not list((disk / "pictures").rglob("*.new"))


@pytest.mark.parametrize("kilobytes", [4, 40, 80])
def test_a_full_disk_for_copies_loses_nothing_and_with_room_again_all_is_well(
    user: User, tmp_path: Path, kilobytes: int
) -> None:
    file = prompts(user, 6)
    first = user.run("batch", file, "--model", MODEL, "--quiet")
    assert first.code == 0, first.err
    disk = tmp_path / "disk"
    with small_disk(disk, kilobytes):
        done = user.run("batch", file, "--model", MODEL, "--quiet", "--out", str(disk / "out"))
        assert len(user.api.bill()) == 6, "room is asked for before anything is paid"
        assert done.code in {0, 7}, done.err
        whole = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (disk / "out").glob("*.png")}
        assert whole <= {sha for bill in user.api.bill() for sha in bill.sha256}
        os.system(f"mount -o remount,size=20m {disk}")  # noqa: S605 - our own directory
        done = user.run("batch", file, "--model", MODEL, "--quiet", "--out", str(disk / "out"))
        assert done.code == 0, done.err
        assert len(user.api.bill()) == 6
        assert sorted(hashes(done.out.splitlines())) == sorted(hashes(first.out.splitlines()))
        assert not list((disk / "out").glob(".imgcli-*"))
        assert user.run("verify", str(disk / "out"), "--read-data").code == 0


def work(place: Path, number: int, *, forever: bool) -> None:
    """Put and take in a cache that is too small for all, and stop at the first wrong byte."""
    cache, luck = PictureCache(place / "cache", 12_000), Random(number)
    ours = place / f"user-{number}"
    ours.mkdir(exist_ok=True)
    rounds = 0
    while forever or rounds < 150:
        rounds += 1
        name = luck.randrange(20)
        data = pictures.png(16, 16, name) + bytes(1000)
        key, sha256 = hashlib.sha256(str(name).encode()).hexdigest(), hashlib.sha256(data).hexdigest()
        if luck.random() < 0.5:
            source = ours / f"{rounds}.png"
            source.write_bytes(data)
            cache.put(Facts(key, "png", sha256, len(data), key[::-1], "{}"), source)
        elif found := cache.find(key):
            try:
                there = found.path.read_bytes()
            except FileNotFoundError:
                continue
            if hashlib.sha256(there).hexdigest() == found.facts.sha256 and there != data:
                os._exit(3)
            cache.used(found)


def test_deaths_at_random_while_putting_and_taking(tmp_path: Path) -> None:
    for lap in range(8):
        children = []
        for number in range(3):
            if not (child := os.fork()):
                try:
                    work(tmp_path, number, forever=number < 2)
                    os._exit(0)
                except BaseException:  # noqa: BLE001 - told by its code
                    os._exit(4)
            children.append(child)
        assert os.waitstatus_to_exitcode(os.waitpid(children[2], 0)[1]) == 0, lap
        for child in children[:2]:
            os.kill(child, signal.SIGKILL)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        cache = PictureCache(tmp_path / "cache", 12_000)
        for each in list(cache.stored()):
            if problem := cache.broken(each):
                assert problem in {"its entry cannot be read", "its picture is gone"} | {
                    "its picture has other bytes than were put there"
                }
        cache.shrink()
        assert sum(each.size_bytes for each in cache.stored()) <= 12_000
    for number in range(3):
        torn = [path for path in (tmp_path / f"user-{number}").iterdir() if path.stat().st_size <= 1000]
        # Who is killed while he writes his own file tears it himself, once a lap; the cache tears none.
        assert len(torn) <= (8 if number < 2 else 0)
