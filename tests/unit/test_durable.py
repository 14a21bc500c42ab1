import os
from pathlib import Path

import pytest

from imgcli.durable import make_directory, sync_directory


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
