"""Edits with the placeholder, as a user without a key tries them."""

from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from imgcli.measure.dhash import dhash, distance
from tests.cli.run_cli import imgcli
from tests.fakes.stored import still_life, stored


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    stored(place / "room.png", still_life(240, 180))
    return place


def edited(*words: str) -> list[Image.Image]:
    seen = imgcli("edit", "room.png", "a paper boat", "--provider", "placeholder", *words)
    assert seen.code == 0, seen.err
    return [Image.open(line) for line in seen.lines]


@pytest.mark.parametrize("image_format", ["png", "webp"])
def test_the_masked_part_changes_and_the_rest_is_pixel_identical(image_format: str) -> None:
    (made,) = edited("--mask-box", "120,60,80,90", "--format", image_format)
    assert made.size == (240, 180)
    changed = ImageChops.difference(made.convert("RGB"), still_life(240, 180))
    box = changed.getbbox()
    assert box is not None
    assert (box[0] >= 120, box[1] >= 60, box[2] <= 200, box[3] <= 150) == (True,) * 4
    assert max(ImageStat.Stat(changed.crop((120, 60, 200, 150))).mean) > 15


def test_four_of_one_prompt_are_four_pictures() -> None:
    hashes = [dhash(made) for made in edited("-n", "4", "--expect", "size,not-blank")]
    assert len(hashes) == 4
    assert min(distance(*pair) for pair in combinations(hashes, 2)) > 6


def test_a_transparent_background_is_expected_and_met() -> None:
    (made,) = edited("--background", "transparent", "--expect", "alpha")
    assert made.mode == "RGBA"
    assert min(made.getchannel("A").tobytes()) == 0


def test_the_same_command_made_again_paints_the_same(here: Path) -> None:
    first, again = (edited("--mask-box", "0,0,50%,50%", "-o", place)[0] for place in ("one", "two"))
    assert first.tobytes() == again.tobytes()
