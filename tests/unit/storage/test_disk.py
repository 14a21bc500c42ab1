import os
from pathlib import Path

import pytest

from imgcli.durable import NEW_FILE, sync_directory
from imgcli.storage.disk import preallocate, write_durably


def test_write_never_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_durably(path, [b"one"])
    with pytest.raises(FileExistsError):
        write_durably(path, [b"two"])
    assert path.read_bytes() == b"one"
    assert path.stat().st_mode & 0o777 == 0o600
    sync_directory(tmp_path)


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_durably(tmp_path / "link", [b"x"])
    assert not (tmp_path / "elsewhere").exists()


def test_preallocate_reserves_or_says_that_there_is_no_room(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "a", NEW_FILE, 0o600)
    try:
        preallocate(descriptor, 100_000)
        assert os.fstat(descriptor).st_size == 100_000
        with pytest.raises(OSError, match=r"No space left|too large"):
            preallocate(descriptor, 1 << 60)
    finally:
        os.close(descriptor)
