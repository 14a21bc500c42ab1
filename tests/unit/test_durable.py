import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgcli.durable import alone_beside, make_directory, move_without_replacing, replace_durably, sync_directory


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


def test_a_file_of_ours_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "a.lock"
    replace_durably(target, [b"one\n"])
    target.chmod(0o640)
    (tmp_path / ".a.lock.new").write_text("left by a run that died")
    replace_durably(target, [b"two\n", b"three\n"])
    assert target.read_bytes() == b"two\nthree\n"
    assert target.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_a_replacement_that_breaks_off_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "a.lock"
    target.write_text("whole")

    def blocks() -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "no space")

    with pytest.raises(OSError, match="no space"):
        replace_durably(target, blocks())
    assert target.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [target]


def test_its_bytes_are_synced_before_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.lock"
    target.write_text("old")
    seen = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        seen.append((Path(f"/proc/self/fd/{descriptor}").readlink().name, target.read_text()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    replace_durably(target, [b"new"])
    assert seen == [(".a.lock.new", "old"), (tmp_path.name, "new")]


def test_kill_nine_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    target = tmp_path / "a.lock"
    script = """
import sys
from pathlib import Path
from imgcli.durable import replace_durably
for number in range(10**6):
    replace_durably(Path(sys.argv[1]), [bytes([number % 250]) * 9 for _ in range(50_000)])
    print(number, flush=True)
"""
    for lines in (1, 2, 3):
        with subprocess.Popen([sys.executable, "-c", script, target], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(lines):
                process.stdout.readline()
            process.kill()
        data = target.read_bytes()
        assert (len(data), len(set(data))) == (450_000, 1)


def test_only_one_is_alone_beside_a_file(tmp_path: Path) -> None:
    with alone_beside(tmp_path / "set.toml"):
        descriptor = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(descriptor)
