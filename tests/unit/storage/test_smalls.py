import os
from pathlib import Path

import pytest

from imgcli.measure.small import shrink
from imgcli.storage.smalls import LARGEST, SmallCache, is_small
from tests.fakes.picks import tiny_png

SHA = "ab" * 32


@pytest.fixture
def small(tmp_path: Path) -> bytes:
    (tmp_path / "a.png").write_bytes(tiny_png(1))
    return shrink(tmp_path / "a.png").data


@pytest.fixture
def cache(tmp_path: Path) -> SmallCache:
    return SmallCache(tmp_path / "cache" / "thumbs")


def test_what_was_kept_is_found(cache: SmallCache, small: bytes) -> None:
    assert cache.find(SHA) is None
    cache.keep(SHA, small)
    assert cache.find(SHA) == small
    assert [each.name for each in cache.directory.iterdir()] == [f"{SHA}.webp"]


@pytest.mark.parametrize("name", ["", "../x", "AB" * 32, "ab" * 31, f"{SHA}\n"])
def test_a_name_that_is_no_hash_is_neither_kept_nor_found(name: str, cache: SmallCache, small: bytes) -> None:
    cache.keep(name, small)
    assert not cache.directory.exists()
    assert cache.find(name) is None


def test_what_is_no_small_picture_any_more_is_a_miss(cache: SmallCache, small: bytes) -> None:
    cache.keep(SHA, small)
    path = cache.directory / f"{SHA}.webp"
    for spoilt in (
        b"",
        small[:-1],
        small + b"x",
        b"RIFF" + small[4:][::-1],
        tiny_png(1),
        b"<svg onload=alert(1)>" * 9,
        b"\0" * (LARGEST + 1),
    ):
        path.write_bytes(spoilt)
        assert cache.find(SHA) is None, spoilt[:20]
        assert not is_small(spoilt)
        cache.keep(SHA, small)
        assert cache.find(SHA) == small


def test_neither_a_pipe_nor_a_directory_is_waited_for(cache: SmallCache) -> None:
    cache.directory.mkdir(parents=True)
    os.mkfifo(cache.directory / f"{SHA}.webp")
    assert cache.find(SHA) is None


def test_a_place_that_cannot_be_used_keeps_nothing_and_says_nothing(tmp_path: Path, small: bytes) -> None:
    (tmp_path / "file").write_text("no directory")
    cache = SmallCache(tmp_path / "file" / "thumbs")
    cache.keep(SHA, small)
    assert cache.find(SHA) is None
    cache.make_room()


def test_the_oldest_make_room_and_nothing_else_is_touched(cache: SmallCache, small: bytes) -> None:
    names = [f"{number:064x}" for number in range(10)]
    for age, name in enumerate(names):
        cache.keep(name, small)
        os.utime(cache.directory / f"{name}.webp", (age, age))
    (cache.directory / "mine.webp").write_bytes(b"x" * 10_000)
    dead = cache.directory / f".{SHA}.{'0' * 16}.new"
    dead.write_bytes(b"x")
    os.utime(dead, (1, 1))
    assert cache.find(names[0]) == small  # of use, so it is the newest now
    SmallCache(cache.directory, most=len(small) * 5).make_room()
    left = {each.name for each in cache.directory.iterdir()}
    assert left == {"mine.webp", f"{names[0]}.webp", *(f"{name}.webp" for name in names[7:])}
