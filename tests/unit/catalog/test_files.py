"""Plain files: no link is followed, and nothing is half replaced."""

import os
from pathlib import Path

import pytest

from imgcli.catalog.files import draft_of, linked_or_copied, read, replace


def test_reading_follows_no_link_and_waits_for_no_pipe(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "pipe")
    assert read(tmp_path / "a", 3) == b"abc"
    assert read(tmp_path / "a", 2) is None
    for name in ("link", "pipe", "nowhere", "."):
        assert read(tmp_path / name, 10) is None


def test_what_is_replaced_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    replace(path, b"one")
    replace(path, b"two")
    assert path.read_bytes() == b"two"
    with pytest.raises(OSError, match="directory"):
        replace(tmp_path / "nowhere" / "a", b"x")
    (tmp_path / "d").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace(tmp_path / "d", b"x")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "d"]


def test_drafts_are_hidden_and_never_the_same(tmp_path: Path) -> None:
    assert draft_of(tmp_path / "a") != draft_of(tmp_path / "a")
    assert draft_of(tmp_path / "a").name.startswith(".a.")


def test_a_link_where_it_can_be(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert linked_or_copied(tmp_path / "a", tmp_path / "b", "whatever: nobody reads it now")
    assert (tmp_path / "b").samefile(tmp_path / "a")
