import os
from pathlib import Path

import pytest

from imgcli.durable import make_directory, move_without_replacing, sync_directory


def test_every_new_name_on_the_way_is_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    make_directory(tmp_path / "a" / "b" / "c", 0o700)
    assert synced == [tmp_path, tmp_path / "a", tmp_path / "a" / "b"]
    assert (tmp_path / "a" / "b" / "c").stat().st_mode & 0o777 == 0o700
    make_directory(tmp_path / "a" / "b" / "c")
    assert len(synced) == 3


def test_what_is_no_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):  # noqa: PT011 - of any kind the system has for it
        make_directory(tmp_path / "file" / "x")
    with pytest.raises(OSError):  # noqa: PT011
        sync_directory(tmp_path / "nothing")


def test_move_never_replaces(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_text("mine")
    target.write_text("theirs")
    with pytest.raises(FileExistsError):
        move_without_replacing(source, target)
    assert (source.read_text(), target.read_text()) == ("mine", "theirs")
    target.unlink()
    move_without_replacing(source, target)
    assert target.read_text() == "mine"
    assert not source.exists()


def test_move_into_nowhere_says_so(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(FileNotFoundError):
        move_without_replacing(tmp_path / "a", tmp_path / "none" / "b")
    assert (tmp_path / "a").exists()
