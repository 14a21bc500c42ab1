import os
from pathlib import Path

import pytest

from imgcli.errors import StorageError
from imgcli.storage.sheets import read_picture, write_together

FILES = {"png": b"a picture", "html": b"a page"}


def test_all_files_get_one_number_and_nothing_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "car-grid.html").write_bytes(b"mine")
    assert [path.name for path in write_together(tmp_path, "car-grid", FILES, 0o644)] == [
        "car-grid-2.png",
        "car-grid-2.html",
    ]
    assert write_together(tmp_path, "car-grid", FILES, 0o644)[0].name == "car-grid-3.png"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["car-grid.html", *(f"car-grid-{n}.{end}" for n in (2, 3) for end in FILES)]
    )
    assert (tmp_path / "car-grid.html").read_bytes() == b"mine"


def test_a_link_that_leads_nowhere_is_taken_too(tmp_path: Path) -> None:
    (tmp_path / "car-grid.png").symlink_to(tmp_path / "gone")
    assert write_together(tmp_path, "car-grid", FILES, 0o644)[0].name == "car-grid-2.png"
    assert not (tmp_path / "gone").exists()


def test_a_directory_that_is_gone_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        write_together(tmp_path / "gone", "car-grid", FILES, 0o644)


def test_a_picture_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"x" * 100)
    assert read_picture(path, 100) == b"x" * 100
    with pytest.raises(StorageError, match="more than 99 bytes"):
        read_picture(path, 99)
    with pytest.raises(StorageError, match="cannot be read"):
        read_picture(tmp_path / "gone.png", 99)
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(StorageError, match="no plain file"):
        read_picture(tmp_path / "pipe.png", 99)
