"""What only real directories can do to us."""

import asyncio
import errno
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import pytest

from imgcli.errors import NotAPictureError, StorageError, UsageError
from imgcli.model.attempt import Record, State
from imgcli.model.picture import Picture
from imgcli.storage import disk
from imgcli.storage.local import LocalStore
from imgcli.storage.slot import meta_bytes, parse_meta
from tests.fake_api import pictures
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_job

PNG = pictures.png(64, 48, 1)
ATTEMPT = "01a1fd1f-666b-756c-9d44-d415359a8970"


async def nothing(_name: str) -> None:
    """A ledger that takes every name."""


def test_hidden_files_are_private_and_the_picture_is_not(tmp_path: Path) -> None:
    async def story() -> None:
        store = LocalStore(tmp_path / "spool")
        slot = await store.open(a_job(directory=tmp_path, stem="car"), ATTEMPT)
        (part,) = tmp_path.glob(".imgcli-*")
        assert part.stat().st_mode & 0o777 == 0o600
        await slot.write(PNG)
        saved = await slot.publish(await slot.seal(SOME_PAINTED), nothing)
        assert saved.path.stat().st_mode & 0o777 == 0o666 & ~umask()
        assert saved.path.stat().st_nlink == 1

    asyncio.run(story())


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_room_is_reserved_before_and_given_back_after(tmp_path: Path) -> None:
    async def story() -> None:
        store = LocalStore(tmp_path / "spool")
        slot = await store.open(a_job(directory=tmp_path), ATTEMPT)
        (part,) = tmp_path.glob(".imgcli-*.part")
        assert part.stat().st_size >= 4 * 1024 * 1024
        await slot.write(PNG)
        await slot.seal(SOME_PAINTED)
        assert part.stat().st_size == len(PNG)
        assert part.stat().st_blocks * 512 <= 8192

    asyncio.run(story())


def test_no_picture_goes_to_the_spool_with_its_place_told(tmp_path: Path) -> None:
    async def story() -> None:
        store = LocalStore(tmp_path / "spool")
        slot = await store.open(a_job(directory=tmp_path), ATTEMPT)
        await slot.write(b"sorry, " * 10)
        with pytest.raises(NotAPictureError, match=str(tmp_path / "spool")):
            await slot.seal(SOME_PAINTED)
        await slot.discard()
        (kept,) = (tmp_path / "spool").iterdir()
        assert kept.read_bytes() == b"sorry, " * 10
        assert list(tmp_path.glob(".imgcli-*")) == []

    asyncio.run(story())


def test_a_directory_that_takes_nothing_refuses_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = LocalStore(tmp_path / "spool")
    with pytest.raises(StorageError, match="nothing was sent"):
        asyncio.run(store.prepare(tmp_path / "file" / "out"))
    with pytest.raises(StorageError, match="nothing was sent"):
        asyncio.run(store.open(a_job(directory=tmp_path / "file"), ATTEMPT))


def test_old_strays_go_and_sealed_pictures_stay_however_old(tmp_path: Path) -> None:
    old, new, sealed = (tmp_path / f".imgcli-{name}.part" for name in ("old", "new", "sealed"))
    for path in (old, new, sealed, sealed.with_suffix(".meta")):
        path.write_bytes(b"x")
    for path in (old, sealed, sealed.with_suffix(".meta")):
        os.utime(path, (1, 1))
    asyncio.run(LocalStore(tmp_path / "spool").prepare(tmp_path))
    assert [old.exists(), new.exists(), sealed.exists()] == [False, True, True]


def test_a_part_in_use_is_not_swept_however_old_a_clock_makes_it(tmp_path: Path) -> None:
    async def story() -> None:
        slot = await LocalStore(tmp_path / "spool").open(a_job(directory=tmp_path, stem="car"), ATTEMPT)
        (part,) = tmp_path.glob(".imgcli-*.part")
        os.utime(part, (1, 1))
        # Another process: one process may take its own lock twice.
        sweep = "import asyncio, sys; from pathlib import Path; from imgcli.storage.local import LocalStore; "
        sweep += "place = Path(sys.argv[1]); asyncio.run(LocalStore(place / 'spool').prepare(place))"
        command = [sys.executable, "-c", sweep, str(tmp_path)]
        await asyncio.to_thread(subprocess.run, command, check=True)
        assert part.exists()
        await slot.discard()

    asyncio.run(story())


def test_what_cannot_be_read_is_not_the_same_as_nothing(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "spool")
    record = a_record(State.SETTLED, tmp_path)
    path = tmp_path / record.name
    assert asyncio.run(store.intact(record)) is None
    for target in (path.name, "nowhere"):  # a link to itself, and one to a disk that is not connected
        path.symlink_to(target)
        with pytest.raises(StorageError, match="is paid and cannot be read"):
            asyncio.run(store.intact(record))
        path.unlink()
    path.mkdir()
    assert asyncio.run(store.intact(record)) is None, "a directory is certainly no picture"
    path.rmdir()
    path.write_bytes(PNG)
    assert asyncio.run(store.intact(record)) is not None


def test_links_out_of_the_root_are_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "out").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="leads out"):
        LocalStore(tmp_path / "spool").directory(root, "out/deeper")


FULL = """
import asyncio, errno, os, resource, sys
from dataclasses import asdict
from pathlib import Path
from imgcli.errors import StorageError
from imgcli.storage.local import LocalStore
from tests.fake_api import pictures
from tests.fakes.jobs import SOME_PAINTED, a_job
root = Path(sys.argv[1])

async def main():
    store = LocalStore(root / "spool")
    slot = await store.open(a_job(directory=root), "attempt")
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, resource.RLIM_INFINITY))
    data = pictures.png(64, 48, 1) + b"x" * 5000
    try:
        await slot.write(data[:150])
        await slot.write(data[150:])
    except StorageError as error:
        print(error)

asyncio.run(main())
"""


def test_a_disk_that_fills_up_after_paying_is_told_and_nothing_is_dropped_in_silence(tmp_path: Path) -> None:
    """The limit on file sizes stands in for a full disk; it hits the spool as well, so both are named."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
    )
    assert "neither" in done.stdout
    assert "spool" in done.stdout
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_paid_picture_that_its_directory_refuses_waits_in_the_spool_and_comes_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    device = fills_up(out, monkeypatch)

    async def story() -> None:
        store = LocalStore(tmp_path / "spool")
        slot = await store.open(a_job(directory=out, stem="car"), ATTEMPT)
        device["full"] = True
        await slot.write(PNG)
        picture = await slot.seal(SOME_PAINTED)
        assert slot.is_spooled
        with pytest.raises(StorageError, match="gets its place at the next start"):
            await slot.publish(picture, nothing)
        later = LocalStore(tmp_path / "spool")
        for state in (State.SENT, State.RECEIVED):
            relic = await later.relic(a_record(state, out))
            assert relic is not None
            assert relic.slot.is_spooled
            with pytest.raises(StorageError):
                await relic.slot.publish(relic.picture, nothing)
        device["full"] = False
        relic = await later.relic(a_record(State.RECEIVED, out))
        assert relic is not None
        saved = await relic.slot.publish(relic.picture, nothing)
        assert saved.path.read_bytes() == PNG
        await later.sweep(a_record(State.SAVED, out))
        assert list((tmp_path / "spool").iterdir()) == []
        assert list(out.glob(".imgcli-*")) == []

    asyncio.run(story())


def a_record(state: State, out: Path) -> Record:
    whole = Picture(hashlib.sha256(PNG).hexdigest(), len(PNG), "png", 64, 48)
    known = state is not State.SENT
    return Record(
        attempt=ATTEMPT,
        run="run",
        state=state,
        job=a_job(directory=out, stem="car"),
        upper=1,
        cost=None,
        rates="",
        directory=out,
        name="car.png",
        picture=whole if known else None,
        painted=SOME_PAINTED if known else None,
        created_at="",
        received_at="",
    )


def fills_up(directory: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """A device under `directory` that takes no more bytes while it is told to be full."""
    device = {"full": False}

    def write_all(file: BinaryIO, data: bytes) -> None:
        if device["full"] and str(directory) in str(Path(f"/proc/self/fd/{file.fileno()}").readlink()):
            raise OSError(errno.ENOSPC, "No space left on device")
        file.write(data)

    def copy_durably(source: Path, target: Path, sha256: str) -> None:
        if device["full"] and target.is_relative_to(directory):
            raise OSError(errno.ENOSPC, "No space left on device")
        disk.copy_durably(source, target, sha256)

    monkeypatch.setattr("imgcli.storage.slot.write_all", write_all)
    monkeypatch.setattr("imgcli.storage.slot.copy_durably", copy_durably)
    return device


def test_meta_comes_back_as_it_was() -> None:
    assert parse_meta(meta_bytes(A_PICTURE, SOME_PAINTED)) == (A_PICTURE, SOME_PAINTED)
    told = {"picture": asdict(A_PICTURE), "painted": asdict(SOME_PAINTED)}
    assert meta_bytes(A_PICTURE, SOME_PAINTED) == json.dumps(told, sort_keys=True).encode()
