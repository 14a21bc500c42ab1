import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.errors import StorageError
from imgcli.storage.link import link, told_of
from imgcli.storage.sidecar import finals_in, sidecar_bytes, tells
from tests.fakes.jobs import a_job
from tests.unit.storage.test_sidecar import RECORD

DRAFT = replace(RECORD, job=replace(a_job(), prompt=replace(a_job().prompt, colours=("#102030",))))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    (tmp_path / "car.png.json").write_bytes(sidecar_bytes(DRAFT))
    return tmp_path / "car.png"


def sidecar(picture: Path) -> Path:
    return picture.with_name(f"{picture.name}.json")


def test_finals_are_told_behind_each_other_and_once(picture: Path) -> None:
    assert link(picture, ("one",))
    assert sidecar(picture).read_bytes() == sidecar_bytes(DRAFT, ("one",))
    assert link(picture, ("two", "one"))
    assert sidecar(picture).read_bytes() == sidecar_bytes(DRAFT, ("one", "two"))
    assert list(picture.parent.iterdir()) == [sidecar(picture)]


def test_what_is_told_already_writes_nothing(picture: Path) -> None:
    link(picture, ("one",))
    before = sidecar(picture).stat()
    assert link(picture, ("one",))
    assert sidecar(picture).stat().st_ino == before.st_ino


@pytest.mark.parametrize("edit", ["", "{}", "not json", "spaced", "another version", "a link"])
def test_a_sidecar_that_somebody_wrote_in_is_theirs(picture: Path, edit: str) -> None:
    path, told = sidecar(picture), json.loads(sidecar(picture).read_bytes())
    match edit:
        case "spaced":
            path.write_text(json.dumps(told))
        case "another version":
            path.write_text(json.dumps(told | {"imgcli_sidecar": 2}, indent=2) + "\n")
        case "a link":
            path.rename(picture.with_name("real"))
            path.symlink_to(picture.with_name("real"))
        case _:
            path.write_text(edit)
    before = path.read_bytes()
    assert not link(picture, ("one",))
    assert path.read_bytes() == before
    assert not list(picture.parent.glob(".imgcli-*"))


def test_without_a_sidecar_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert not link(tmp_path / "car.png", ("one",))
    assert told_of(tmp_path / "car.png") is None


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file of this process may be larger than a few bytes."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_nothing_more_leaves_the_sidecar_as_it_was(picture: Path, full_disk: None) -> None:
    before = sidecar(picture).read_bytes()
    with pytest.raises(StorageError, match="could not be told of its final"):
        link(picture, ("one",))
    assert sidecar(picture).read_bytes() == before
    assert list(picture.parent.iterdir()) == [sidecar(picture)]


def test_it_tells_the_key_and_the_record(picture: Path) -> None:
    told = told_of(picture)
    assert told is not None
    key, record = told
    assert key == DRAFT.job.key
    assert (record.attempt, record.directory, record.name) == (DRAFT.attempt, picture.parent, "car.png")


TELLS = """
import pathlib, sys
from imgcli.storage.link import link
assert link(pathlib.Path(sys.argv[1]), (sys.argv[2],))
"""


def test_several_that_tell_at_once_leave_a_whole_sidecar(picture: Path) -> None:
    """Each tells of its own, and none tears what another wrote; what one of them lost, its next call tells again."""
    names = [f"final-{number}" for number in range(6)]
    started = [subprocess.Popen([sys.executable, "-c", TELLS, str(picture), name]) for name in names]
    assert [process.wait(60) for process in started] == [0] * 6
    assert tells(sidecar(picture).read_bytes(), DRAFT)
    assert link(picture, tuple(names))
    assert set(finals_in(sidecar(picture).read_bytes())) == set(names)
    assert list(picture.parent.iterdir()) == [sidecar(picture)]
