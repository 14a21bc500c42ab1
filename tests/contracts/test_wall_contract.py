"""Walls and the small pictures that hang on them: the fakes and the real ones keep the same promises."""

from hashlib import sha256
from pathlib import Path

import pytest

from imgcli.errors import UsageError
from imgcli.measure.small import shrink
from imgcli.ports import Smalls, Wall
from imgcli.reports.gallery import MARK
from imgcli.storage.smalls import SmallCache
from imgcli.wiring import open_wall
from tests.fakes.picks import tiny_png
from tests.fakes.walls import FakeSmalls, FakeWall

PAGE = f"<!doctype html>{MARK}"
NAMES = [f"{number:064x}" for number in range(4)]


@pytest.fixture
def small(tmp_path: Path) -> bytes:
    (tmp_path / "picture.png").write_bytes(tiny_png(1))
    return shrink(tmp_path / "picture.png").data


@pytest.fixture(params=["fake", "cache"])
def smalls(request: pytest.FixtureRequest, tmp_path: Path, small: bytes) -> Smalls:
    """With room for three."""
    if request.param == "fake":
        return FakeSmalls(room=3)
    return SmallCache(tmp_path / "small", most=int(len(small) * 3.5))


@pytest.fixture(params=["fake", "disk"])
def wall(request: pytest.FixtureRequest, tmp_path: Path) -> Wall:
    return FakeWall(tmp_path / "gallery") if request.param == "fake" else open_wall(tmp_path / "gallery")


def there(wall: Wall) -> set[str]:
    if isinstance(wall, FakeWall):
        return set(wall.files)
    files = (each for each in wall.directory.rglob("[!.]*") if each.is_file())
    return {each.relative_to(wall.directory).as_posix() for each in files}


def test_what_is_kept_is_found_and_what_was_of_no_use_makes_room(smalls: Smalls, small: bytes) -> None:
    assert smalls.find(NAMES[0]) is None
    for name in NAMES:
        smalls.keep(name, small)
    assert smalls.find(NAMES[0]) == small
    smalls.make_room()
    found = [name for name in NAMES if smalls.find(name) is not None]
    assert len(found) == 3
    assert NAMES[0] in found


def test_a_wall_shows_what_was_hung_and_nothing_of_before(wall: Wall, tmp_path: Path) -> None:
    picture = tmp_path / "car.png"
    picture.write_bytes(b"picture")
    digest = sha256(b"picture").hexdigest()
    wall.open()
    wall.hang(NAMES[0], b"one")
    wall.hang(NAMES[1], b"two")
    copy = wall.copy(picture, digest)
    assert wall.show(iter([PAGE, "<p>"]), [NAMES[0]]) == wall.directory / "index.html"
    assert there(wall) == {"index.html", copy, f"thumbs/{NAMES[0]}.webp"}


@pytest.mark.parametrize("kind", ["fake", "disk"])
def test_a_place_of_somebody_else_is_refused(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "theirs"
    place.mkdir()
    (place / "note.txt").write_text("mine")
    wall: Wall = FakeWall(place, taken=True) if kind == "fake" else open_wall(place)
    with pytest.raises(UsageError, match="is no gallery of imgcli"):
        wall.open()
