import os
from pathlib import Path

import pytest

from imgcli.errors import UsageError
from imgcli.model.attempt import Record, State
from imgcli.storage.sidecar import sidecar_bytes
from imgcli.storage.story import read_story
from tests.fakes.jobs import A_JOB, A_PICTURE, SOME_PAINTED

RECORD = Record(
    *("attempt-1", "run-1", State.SETTLED, A_JOB, 100, 60, "2026-11-21", Path("/nowhere"), "car.png"),
    *(A_PICTURE, SOME_PAINTED, "2026-11-21T12:00:00.000000Z", "2026-11-21T12:00:01.000000Z"),
)


def test_a_sidecar_is_found_by_its_own_name_and_by_its_pictures(tmp_path: Path) -> None:
    (tmp_path / "car.png.json").write_bytes(sidecar_bytes(RECORD))
    for name in ("car.png", "car.png.json"):
        key, record = read_story(tmp_path / name)
        assert key == A_JOB.key
        assert (record.attempt, record.directory, record.name) == ("attempt-1", tmp_path, "car.png")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("car.png", None, "there is no such file, and no sidecar car.png.json"),
        ("car.png", b"PNG", "has no sidecar beside it (car.png.json)"),
        ("car.json", None, "there is no such file"),
        ("car.json", b"{}", "is no sidecar of imgcli"),
        ("car.json", b"\xff\xfe", "is no sidecar of imgcli"),
        ("car.json", b"[" * 100_000, "is no sidecar of imgcli"),
        ("car.json", b" " * (4 * 1024 * 1024 + 1), "is larger than 4 MiB"),
    ],
)
def test_what_is_none_is_told_in_one_line(name: str, content: bytes | None, words: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError) as told:
        read_story(tmp_path / name)
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_neither_a_pipe_nor_a_directory_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "dir.json").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        read_story(tmp_path / "pipe.json")
    for directory in (tmp_path / "dir.json", Path(), Path("/"), Path("..")):
        with pytest.raises(UsageError, match="is a directory; name a picture in it"):
            read_story(directory)
