from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.errors import UsageError
from imgcli.inputs.boxes import parse_box
from imgcli.inputs.find import found_again
from imgcli.inputs.prepare import Workshop
from imgcli.model.input import Edit, Input
from tests.fakes.inputs import a_photo


def told_by_a_sidecar(picture: Input) -> Input:
    return replace(picture, path=Path(picture.name))


def test_a_picture_is_where_the_ledger_says(tmp_path: Path) -> None:
    edit = Edit((a_photo(tmp_path / "a.png"),), fidelity="high")
    assert found_again(edit, []) == edit


def test_a_picture_is_found_by_its_name_and_bytes_in_one_of_the_places(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    a_photo(tmp_path / "one" / "a.png", (65, 48))
    right = a_photo(tmp_path / "two" / "a.png")
    edit = Edit((told_by_a_sidecar(right),))
    assert found_again(edit, [tmp_path / "one", tmp_path / "two"]).inputs == (right,)
    deep = Edit((replace(right, path=Path("photos/a.png"), name="photos/a.png"),))
    assert found_again(deep, [tmp_path / "two"]).inputs[0].path == right.path


def test_what_was_made_is_found_among_what_was_made_and_keeps_its_key(tmp_path: Path) -> None:
    photo = a_photo(tmp_path / "a.png")
    mask = Workshop(tmp_path / "made").box_mask(photo, [parse_box("0,0,4,4")])
    told = Edit((photo,), told_by_a_sidecar(mask))
    assert found_again(told, [tmp_path], tmp_path / "made") == Edit((photo,), mask)
    with pytest.raises(UsageError, match="it was made from box 0,0,4,4 "):
        found_again(told, [tmp_path], tmp_path / "elsewhere")


def test_other_bytes_are_another_picture(tmp_path: Path) -> None:
    photo = a_photo(tmp_path / "a.png")
    a_photo(tmp_path / "a.png", (65, 48))
    with pytest.raises(UsageError, match=rf"SHA-256 {photo.sha256[:12]}.*put it back as {tmp_path}/a\.png"):
        found_again(Edit((photo,)), [tmp_path])
    with pytest.raises(UsageError, match=r"put it back as a\.png in this directory"):
        found_again(Edit((told_by_a_sidecar(photo),)), [tmp_path])
