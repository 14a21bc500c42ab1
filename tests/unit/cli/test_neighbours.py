import os
import sys
from pathlib import Path

import pytest

from imgcli.batch.neighbours import NeighbourError
from imgcli.cli.neighbours import DirectoryNeighbours

LINKS = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "set"
    (place / "lists").mkdir(parents=True)
    (place / "a.txt").write_text("red\n", "utf-8-sig")
    (place / "lists" / "b.txt").write_text("größe\n", "utf-8")
    (tmp_path / "secret.txt").write_text("secret\n")
    return place


def refusal(root: Path, path: str, limit: int = 1 << 20) -> str:
    with pytest.raises(NeighbourError) as caught:
        DirectoryNeighbours(root).read(path, limit)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_files_below_the_directory_are_read(root: Path) -> None:
    found = DirectoryNeighbours(root)
    assert (found.read("a.txt", 99), found.read("lists/b.txt", 99)) == ("red\n", "größe\n")


def test_a_file_that_is_not_there_is_told_by_name(root: Path) -> None:
    assert refusal(root, "c.txt") == f"'c.txt': there is no such file in {str(root)!r}"
    assert "there is no such file" in refusal(root, "nowhere/c.txt")
    assert "there is no such file" in refusal(root / "gone", "c.txt")


def test_what_is_no_text_file_is_refused(root: Path) -> None:
    (root / "x.txt").write_bytes(b"ab\xff")
    assert refusal(root, "x.txt") == "'x.txt' is not UTF-8 text (byte 2); save it as UTF-8"
    assert refusal(root, "lists").startswith("'lists' ")
    assert refusal(root, "a.txt/b.txt").startswith("'a.txt/b.txt' ")
    (root / "big.txt").write_bytes(b"x" * ((1 << 20) + 1))
    assert refusal(root, "big.txt") == "'big.txt' is larger than 1 MiB; split it"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "pipe.txt")
    assert refusal(root, "pipe.txt") == "'pipe.txt' is no plain file"


@LINKS
@pytest.mark.parametrize("target", ["../secret.txt", "{absolute}", "lists/out.txt"])
def test_a_link_out_of_the_directory_is_refused(root: Path, target: str) -> None:
    (root / "lists" / "out.txt").symlink_to("../../secret.txt")
    (root / "x.txt").symlink_to(target.replace("{absolute}", str(root.parent / "secret.txt")))
    assert refusal(root, "x.txt") == "'x.txt' is a link out of the directory of the batch file; put a copy there"


@LINKS
def test_a_link_to_a_directory_outside_is_refused_and_not_listed(root: Path) -> None:
    (root / "up").symlink_to("..")
    assert "is a link out of the directory" in refusal(root, "up/secret.txt")
    assert list(DirectoryNeighbours(root).names("up")) == []


@LINKS
def test_a_link_within_the_directory_and_to_the_directory_is_followed(root: Path) -> None:
    (root / "x.txt").symlink_to("lists/b.txt")
    (root.parent / "other").symlink_to(root)
    assert DirectoryNeighbours(root).read("x.txt", 99) == "größe\n"
    assert DirectoryNeighbours(root.parent / "other").read("a.txt", 99) == "red\n"


@LINKS
def test_a_link_to_itself_is_told(root: Path) -> None:
    (root / "x.txt").symlink_to("x.txt")
    assert refusal(root, "x.txt").startswith("'x.txt' cannot be read: ")


def test_names_are_those_of_plain_files_in_sight(root: Path) -> None:
    (root / ".hidden.txt").write_text("")
    found = DirectoryNeighbours(root)
    assert list(found.names("")) == ["a.txt"]
    assert list(found.names("lists")) == ["b.txt"]
    assert list(found.names("nowhere")) == []
