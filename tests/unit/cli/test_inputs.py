"""Input pictures on their way into entries: read once, made ready where that is asked, told where they stand."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from imgcli.cli.inputs import Inputs, Ready, room_for
from imgcli.errors import BatchFileError, UsageError
from imgcli.inputs.boxes import parse_box
from imgcli.inputs.read import read_input
from imgcli.model.entry import Entry
from imgcli.settings import find_paths
from tests.fakes.inputs import a_drawing, a_photo
from tests.fakes.studio import settings_for


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "batch").mkdir()
    a_photo(tmp_path / "batch" / "a.png")
    return tmp_path / "batch"


def inputs(place: Path, ready: Ready | None = None, *, confined: bool = True) -> Inputs:
    settings = replace(settings_for(place), provider="placeholder")
    return Inputs(settings, place.parent / "cache", ready or Ready(), place if confined else None)


def an_entry(number: int = 1, **fields: object) -> Entry:
    return replace(Entry("a car", f"e{number}", f"p.toml:{number}", refs=("a.png",)), **fields)  # type: ignore[arg-type]


def test_entries_that_name_the_same_pictures_share_them(place: Path) -> None:
    one, two, bare = inputs(place).onto([an_entry(1), an_entry(2), an_entry(3, refs=())])
    assert one.edit is not None
    assert one.edit is two.edit
    assert one.edit.inputs == (read_input(place / "a.png", "a.png"),)
    assert bare.edit is None


def test_a_hundred_thousand_entries_read_one_reference_once(place: Path) -> None:
    entries = [an_entry(number) for number in range(100_000)]
    work = inputs(place)
    work.onto(entries[:1])
    (place / "a.png").unlink()
    before = time.process_time()
    whole = work.onto(entries)
    assert time.process_time() - before < 5
    assert len({id(entry.edit) for entry in whole}) == 1


def test_a_missing_file_is_told_with_its_line_where_it_is_wanted(place: Path) -> None:
    entries = [an_entry(1), an_entry(7, refs=("b.png",))]
    with pytest.raises(BatchFileError, match=r"^p\.toml:7: b\.png: there is no such file; did you mean 'a\.png'\?$"):
        inputs(place).onto(entries)
    assert [entry.id for entry in inputs(place).onto(entries, only={"e1"})] == ["e1"]
    with pytest.raises(BatchFileError):
        inputs(place).onto(entries, only={"e7"})


def test_a_batch_file_names_nothing_outside(place: Path) -> None:
    a_photo(place.parent / "out.png")
    (place / "link.png").symlink_to("../out.png")
    with pytest.raises(BatchFileError, match=r"p\.toml:1: link\.png: lies outside"):
        inputs(place).onto([an_entry(refs=("link.png",))])
    free = inputs(place, confined=False)
    assert free.onto([an_entry(refs=(str(place / "link.png"),))])[0].edit is not None


def test_masks_are_made_from_drawings_boxes_and_colours(place: Path) -> None:
    a_drawing(place / "m.png")
    for ready, entry in (
        (Ready(), an_entry(mask="m.png")),
        (Ready(mask=place / "m.png"), an_entry()),
        (Ready(boxes=[parse_box("8,8,16,16")]), an_entry()),
        (Ready(colour="#c81e1e", tolerance=0), an_entry()),
    ):
        (made,) = inputs(place, ready).onto([entry])
        assert made.edit is not None
        assert made.edit.mask is not None
        with Image.open(made.edit.mask.path) as image:
            assert image.getchannel("A").histogram()[0] == 256


def test_copies_are_made_only_where_that_is_asked(place: Path) -> None:
    (plain,) = inputs(place).onto([an_entry()])
    (same,) = inputs(place, Ready(convert="png")).onto([an_entry()])
    assert plain.edit == same.edit
    assert not (place.parent / "cache").exists()
    (other,) = inputs(place, Ready(convert="webp")).onto([an_entry()])
    assert other.edit is not None
    assert other.edit.inputs[0].format == "webp"
    with pytest.raises(UsageError, match="--convert 'wepb' is not one of png, jpeg, webp; did you mean 'webp'"):
        inputs(place, Ready(convert="wepb"))


def test_what_is_made_where_nothing_is_sent_is_gone_afterwards(home: Path) -> None:
    paths = find_paths({"IMGCLI_HOME": str(home)})
    with room_for(paths, keeps=False) as cache:
        assert cache.is_dir()
    assert not cache.exists()
    with room_for(paths, keeps=True) as cache:
        assert cache == home / "cache" / "inputs"
