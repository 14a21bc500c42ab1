"""Letting out on a file system without hard links; the contract of stores has the rest."""

import asyncio
import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.errors import StorageError
from imgcli.model.attempt import Record
from imgcli.model.picture import Picture
from imgcli.model.verdict import Aside, Remarks
from imgcli.storage.aside import let_out, take_away
from imgcli.storage.slot import Place
from tests.unit.storage.test_story import RECORD

SHA = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"  # of foo


@pytest.fixture
def record(tmp_path: Path) -> Record:
    (tmp_path / "quarantine").mkdir()
    (tmp_path / "quarantine" / "car.png").write_bytes(b"foo")
    picture = Picture(SHA, 3, "png", 1, 1)
    remarks = Remarks(aside=Aside.QUARANTINE)
    return replace(RECORD, directory=tmp_path, name="quarantine/car.png", picture=picture, remarks=remarks)


async def yes(_: str) -> bool:
    return True


def out_of(record: Record) -> bool:
    return asyncio.run(let_out(record, Place(record.directory, "car", "", 1, record.attempt), yes))


def test_without_hard_links_it_is_copied(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", no_links)
    assert out_of(record)
    assert out_of(record)
    assert (record.directory / "car.png").read_bytes() == b"foo"
    assert sorted(path.name for path in record.directory.iterdir()) == ["car.png", "quarantine"]


def test_a_disk_that_refuses_leaves_it_where_it_is(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(StorageError, match="it stays where it is"):
        out_of(record)
    assert (record.directory / "quarantine" / "car.png").read_bytes() == b"foo"


def test_a_picture_that_was_never_set_aside_is_not_taken_away(record: Record) -> None:
    plain = replace(record, name="car.png", remarks=Remarks())
    (record.directory / "car.png").write_bytes(b"foo")
    assert take_away(plain, Place(record.directory, "car", "", 1, record.attempt))
    assert (record.directory / "car.png").exists()
