"""The cache directory: what was put in comes out as it was, or not at all; nothing else is ever touched."""

import hashlib
import os
import sys
import time
from pathlib import Path
from random import Random

import pytest

from imgcli.catalog import files
from imgcli.catalog.entry import Facts
from imgcli.catalog.files import hash_of
from imgcli.catalog.pictures import Entry, PictureCache
from tests.fake_api import pictures

PNG = pictures.png(8, 8, 1)
CAP = 1_000_000


def key(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()


def facts(name: object, data: bytes = PNG, loose: str = "", story: str = '{"imgcli_sidecar":1}') -> Facts:
    return Facts(key(name), "png", hashlib.sha256(data).hexdigest(), len(data), loose, story)


def put(cache: PictureCache, source: Path, name: object, data: bytes = PNG, loose: str = "") -> Facts:
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(data)
    told = facts(name, data, loose)
    assert cache.put(told, source)
    return told


def served(cache: PictureCache, name: object) -> bytes | None:
    """What a run would be handed: bytes with the SHA-256 that the entry tells."""
    found = cache.find(key(name))
    if found is None:
        return None
    data = found.path.read_bytes()
    return data if hashlib.sha256(data).hexdigest() == found.facts.sha256 else None


@pytest.fixture
def cache(tmp_path: Path) -> PictureCache:
    return PictureCache(tmp_path / "cache", CAP)


def everything(place: Path) -> set[str]:
    return {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file() or path.is_symlink()}


def test_what_was_put_in_comes_out(cache: PictureCache, tmp_path: Path) -> None:
    assert cache.find(key("a")) is None
    told = put(cache, tmp_path / "out" / "a.png", "a", loose=key("form"))
    found = cache.find(key("a"))
    assert found is not None
    assert (found.facts, found.path.read_bytes()) == (told, PNG)
    like = cache.find_loose(key("form"))
    assert like is not None
    assert like.facts == told
    assert cache.find_loose(key("other")) is None
    assert everything(cache.directory) == {
        ".lock",
        f"{told.key[:2]}/{told.key}.json",
        f"{told.key[:2]}/{told.key}.png",
        f"{told.loose[:2]}/{told.loose}.like",
    }


def test_nothing_is_made_by_looking(cache: PictureCache) -> None:
    assert list(cache.stored()) == []
    assert cache.find_loose(key("x")) is None
    assert not cache.directory.exists()


def test_it_has_a_name_of_its_own_on_the_same_disk_and_the_users_file_is_as_it_was(
    cache: PictureCache, tmp_path: Path
) -> None:
    source = tmp_path / "out" / "a.png"
    source.parent.mkdir()
    source.write_bytes(PNG)
    source.chmod(0o640)
    os.utime(source, (1000, 1000))
    assert cache.put(facts("a"), source)
    there = source.stat()
    assert (there.st_mode & 0o777, there.st_mtime, there.st_nlink) == (0o640, 1000, 2)
    found = cache.find(key("a"))
    assert found is not None
    cache.used(found)
    assert source.stat().st_mtime == 1000
    assert cache.clear(time.time() + 1) == (1, len(PNG) + len(found.text))
    assert (source.read_bytes(), source.stat().st_nlink) == (PNG, 1)


def test_across_disks_it_is_copied_and_only_if_it_is_whole(
    cache: PictureCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_disk(*_args: object, **_options: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", other_disk)
    put(cache, tmp_path / "out" / "a.png", "a")
    assert served(cache, "a") == PNG
    (tmp_path / "out" / "b.png").write_bytes(PNG[:-1] + b"!")
    assert not cache.put(facts("b"), tmp_path / "out" / "b.png")
    assert not [name for name in everything(cache.directory) if name.endswith(".new")]


def test_a_thousand_flipped_bits_and_none_is_served(cache: PictureCache, tmp_path: Path) -> None:
    luck = Random(6)  # noqa: S311 - lots, not secrets
    names = range(10)
    data = {name: pictures.png(8 + name, 8, name) for name in names}
    for name in names:
        put(cache, tmp_path / "out" / f"{name}.png", name, data[name], loose=key(("form", name)))
    places = sorted(path for path in cache.directory.rglob("*") if path.suffix in {".png", ".json", ".like"})
    outcomes = {"true": 0, "missed": 0}
    for _ in range(1000):
        path = luck.choice(places)
        before = path.read_bytes()
        bit = luck.randrange(len(before) * 8)
        turned = bytearray(before)
        turned[bit // 8] ^= 1 << bit % 8
        path.unlink()  # its other name is the user's
        path.write_bytes(turned)
        for name in names:
            out = served(cache, name)
            assert out in {None, data[name]}
            outcomes["missed" if out is None else "true"] += 1
            like = cache.find_loose(key(("form", name)))
            assert like is None or like.facts == facts(name, data[name], key(("form", name)))
        path.write_bytes(before)
    assert outcomes["missed"] >= 600
    assert outcomes["missed"] + outcomes["true"] == 10_000


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"entry":[]}',
        b'{"entry":null}',
        b"[" * 100_000,
        b'{"entry":[1,2,3,4,5,6]}',
        b"\xff",
    ],
)
def test_an_entry_that_is_none_is_a_miss(cache: PictureCache, tmp_path: Path, text: bytes) -> None:
    told = put(cache, tmp_path / "out" / "a.png", "a")
    (cache.directory / told.key[:2] / f"{told.key}.json").write_bytes(text)
    assert cache.find(told.key) is None


def test_an_entry_of_another_key_is_a_miss(cache: PictureCache, tmp_path: Path) -> None:
    a, b = (put(cache, tmp_path / "out" / f"{name}.png", name) for name in "ab")
    for extension in ("json", "png"):
        (cache.directory / a.key[:2] / f"{a.key}.{extension}").replace(
            cache.directory / b.key[:2] / f"{b.key}.{extension}"
        )
    assert cache.find(b.key) is None


def test_a_form_that_leads_to_other_words_is_a_miss(cache: PictureCache, tmp_path: Path) -> None:
    a, b = (put(cache, tmp_path / "out" / f"{name}.png", name, loose=key(("form", name))) for name in "ab")
    (cache.directory / a.loose[:2] / f"{a.loose}.like").write_text(b.key)
    assert cache.find_loose(a.loose) is None
    assert cache.find_loose(b.loose) is not None


def test_links_are_not_followed(cache: PictureCache, tmp_path: Path) -> None:
    told = put(cache, tmp_path / "out" / "a.png", "a")
    path = cache.directory / told.key[:2] / f"{told.key}.png"
    path.unlink()
    path.symlink_to(tmp_path / "out" / "a.png")
    assert cache.find(told.key) is None
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / key("x")[:2]).mkdir(parents=True)
    mine = elsewhere / f"{key('x')}.png"
    mine.write_bytes(PNG)
    (cache.directory / key("x")[:2]).symlink_to(elsewhere)
    assert key("x") not in {each.key for each in cache.stored()}
    cache.clear(time.time() + 1)
    assert mine.read_bytes() == PNG


def test_what_was_of_no_use_for_longest_goes_first_and_nothing_that_is_not_ours(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path / "cache", 10 * 3000)
    (tmp_path / "cache").mkdir()
    mine = [tmp_path / "cache" / "notes.txt", tmp_path / "cache" / "ab" / "abacus.png", tmp_path / "cache" / "zz.json"]
    mine[1].parent.mkdir()
    for path in mine:
        path.write_bytes(b"mine" * 5000)
    for number in range(20):
        data = pictures.png(8, 8, number) + bytes(2500)
        told = put(cache, tmp_path / "out" / f"{number}.png", number, data)
        os.utime(cache.directory / told.key[:2] / f"{told.key}.json", (1000 + number, 1000 + number))
        if number == 7:
            first = cache.find(key(0))
            assert first is not None
            cache.used(first)
    cache.shrink()
    left = {each.key for each in cache.stored()}
    assert sum(each.size_bytes for each in cache.stored()) <= 10 * 3000
    assert key(0) in left
    assert key(19) in left
    assert key(1) not in left
    assert all(path.read_bytes() == b"mine" * 5000 for path in mine)
    assert len(list((tmp_path / "out").iterdir())) == 20


def test_a_cap_of_nothing_keeps_nothing(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(PNG)
    assert not PictureCache(tmp_path / "cache", 0).put(facts("a"), source)
    assert not (tmp_path / "cache").exists()


def test_a_damaged_one_is_dropped_and_one_that_was_put_there_since_is_not(cache: PictureCache, tmp_path: Path) -> None:
    told = put(cache, tmp_path / "out" / "a.png", "a")
    seen = cache.find(told.key)
    assert seen is not None
    assert not cache.drop(seen), "it is whole"
    (tmp_path / "out" / "a.png").write_bytes(PNG[:-1] + b"!")  # in place: both names are of one file
    newer = pictures.png(8, 8, 2)
    put(cache, tmp_path / "out" / "b.png", "a", newer)
    assert not cache.drop(seen), "another run was quicker"
    assert served(cache, "a") == newer
    again = cache.find(told.key)
    assert again is not None
    (tmp_path / "out" / "b.png").write_bytes(newer[:-1] + b"!")
    assert cache.drop(again)
    assert cache.find(told.key) is None


def test_verify_tells_what_is_broken_and_takes_away_no_more(cache: PictureCache, tmp_path: Path) -> None:
    for name in "abcd":
        put(cache, tmp_path / "out" / f"{name}.png", name, loose=key(("form", name)))
    (tmp_path / "out" / "a.png").write_bytes(PNG[:-1] + b"!")
    (cache.directory / key("b")[:2] / f"{key('b')}.json").write_bytes(b"{}")
    (cache.directory / key("c")[:2] / f"{key('c')}.png").unlink()
    broken = {each.key: cache.broken(each) for each in cache.stored() if cache.broken(each)}
    assert broken == {
        key("a"): "its picture has other bytes than were put there",
        key("b"): "its entry cannot be read",
        key("c"): "its picture is gone",
    }
    for each in list(cache.stored()):
        assert cache.discard(each) == (each.key in broken)
    assert served(cache, "d") == PNG
    assert {each.key for each in cache.stored() if each.has_picture} == {key("d")}


def test_what_a_dead_process_began_goes_after_an_hour(cache: PictureCache, tmp_path: Path) -> None:
    told = put(cache, tmp_path / "out" / "a.png", "a")
    shelf = cache.directory / told.key[:2]
    left = shelf / f".{told.key}.png.{'0' * 16}.new"
    left.write_bytes(b"torn")
    cache.shrink()
    assert left.exists()
    with pytest.MonkeyPatch.context() as patch:
        now = time.time()
        patch.setattr(time, "time", lambda: now + 3601)
        cache.shrink()
    assert not left.exists()
    assert served(cache, "a") == PNG


@pytest.mark.skipif(sys.platform == "win32", reason="flock")
def test_one_that_is_held_for_long_is_left_out_and_costs_nothing(
    cache: PictureCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    put(cache, tmp_path / "out" / "a.png", "a")
    monkeypatch.setattr(files, "PATIENCE", 0.05)
    with (cache.directory / ".lock").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert not cache.put(facts("b"), tmp_path / "out" / "a.png")
        assert served(cache, "a") == PNG
        with pytest.raises(OSError, match="another imgcli"):
            cache.clear(time.time() + 1)
    assert cache.put(facts("b"), tmp_path / "out" / "a.png")


def test_a_hash_of_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert hash_of(tmp_path / "pipe") == hash_of(tmp_path / "nowhere") == hash_of(tmp_path) == ""
    cache = PictureCache(tmp_path / "cache", CAP)
    assert not cache.drop(Entry(facts("a"), tmp_path / "nowhere", b""))


@pytest.mark.skipif(sys.platform == "win32", reason="no permission bits")
@pytest.mark.parametrize(
    ("mode", "shelf", "file"),
    [(0o2770, 0o2775, 0o664), (0o777, 0o777, 0o666), (0o755, 0o755, 0o644), (0o700, 0o755, 0o644)],
)
def test_what_others_may_write_into_they_may_go_on_with(tmp_path: Path, mode: int, shelf: int, file: int) -> None:
    """Under a umask that would keep them out."""
    directory = tmp_path / "share"
    directory.mkdir()
    directory.chmod(mode)
    before = os.umask(0o022)
    try:
        told = put(PictureCache(directory, CAP), tmp_path / "a.png", "a", loose=key("form"))
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o7777 for path in directory.rglob("*")}
    assert modes[told.key[:2]] == modes[told.loose[:2]] == shelf
    assert modes[f"{told.key}.json"] == modes[f"{told.loose}.like"] == modes[".lock"] == file
    assert modes[f"{told.key}.png"] == (tmp_path / "a.png").stat().st_mode & 0o7777


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_nothing_is_put_anywhere_through_a_link(cache: PictureCache, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    cache.directory.mkdir()
    (cache.directory / key("a")[:2]).symlink_to(elsewhere)
    source = tmp_path / "a.png"
    source.write_bytes(PNG)
    with pytest.raises(OSError, match="is a link or a file"):
        cache.put(facts("a"), source)
    assert list(elsewhere.iterdir()) == []
