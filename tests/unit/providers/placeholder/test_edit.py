from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageStat

from imgcli.errors import AttemptError
from imgcli.model.input import Edit
from imgcli.providers.placeholder.edit import paint_edit
from imgcli.providers.placeholder.fitting import cover
from imgcli.providers.placeholder.wish import Wish
from tests.fakes.stored import mask_of, still_life, stored

WISH = Wish("a paper boat", "A paper boat.", width=240, height=240)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def half(size: tuple[int, int] = (240, 240)) -> Image.Image:
    keep = Image.new("L", size, 255)
    keep.paste(0, (size[0] // 2, 0, *size))
    return keep


@pytest.mark.parametrize("image_format", ["png", "webp"])
def test_the_masked_part_changes_and_the_rest_is_identical(tmp_path: Path, image_format: str) -> None:
    edit = Edit((stored(tmp_path / "a.png", still_life(), icc_profile=PROFILE),), mask_of(tmp_path / "m.png", half()))
    made = opened(paint_edit(edit, replace(WISH, format=image_format)))
    assert (made.format, made.size, made.mode) == (image_format.upper(), (240, 240), "RGB")
    assert made.crop((0, 0, 120, 240)).tobytes() == still_life().crop((0, 0, 120, 240)).tobytes()
    changed = ImageChops.difference(made, still_life()).crop((120, 0, 240, 240))
    assert max(ImageStat.Stat(changed).mean) > 15
    assert made.info["icc_profile"] == PROFILE


def test_as_jpeg_the_rest_is_nearly_so(tmp_path: Path) -> None:
    edit = Edit((stored(tmp_path / "a.png", still_life()),), mask_of(tmp_path / "m.png", half()))
    made = opened(paint_edit(edit, replace(WISH, format="jpeg", opaque=True)))
    kept = ImageChops.difference(made, still_life()).crop((0, 0, 110, 240))
    assert max(kept.tobytes()) <= 12


def test_another_size_fits_input_and_mask_alike(tmp_path: Path) -> None:
    edit = Edit((stored(tmp_path / "a.png", still_life()),), mask_of(tmp_path / "m.png", half()))
    made = opened(paint_edit(edit, replace(WISH, width=480, height=300)))
    fitted = cover(still_life(), (480, 300))
    assert made.size == (480, 300)
    assert made.crop((0, 0, 236, 300)).tobytes() == fitted.crop((0, 0, 236, 300)).tobytes()
    assert max(ImageStat.Stat(ImageChops.difference(made, fitted).crop((244, 0, 480, 300))).mean) > 15


def test_markup_is_painted_where_it_is_drawn(tmp_path: Path) -> None:
    markup = Image.new("RGBA", (240, 240), (0, 0, 0, 0))
    ImageDraw.Draw(markup).rectangle((100, 100, 180, 180), fill=(255, 0, 0, 255))
    edit = Edit((stored(tmp_path / "a.png", still_life()),), markup=stored(tmp_path / "m.png", markup))
    box = ImageChops.difference(opened(paint_edit(edit, WISH)), still_life()).getbbox()
    assert box is not None
    assert (box[0] >= 100, box[1] >= 100, box[2] <= 181, box[3] <= 181) == (True,) * 4
    assert box[2] - box[0] > 60


def test_transparency_of_the_input_stays(tmp_path: Path) -> None:
    logo = still_life().convert("RGBA")
    logo.putalpha(Image.linear_gradient("L").resize((240, 240)))
    edit = Edit((stored(tmp_path / "a.png", logo),), mask_of(tmp_path / "m.png", half()))
    made = opened(paint_edit(edit, WISH))
    assert made.mode == "RGBA"
    assert made.crop((0, 0, 120, 240)).tobytes() == logo.crop((0, 0, 120, 240)).tobytes()


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_without_a_mask_it_is_restyled(tmp_path: Path, image_format: str) -> None:
    edit = Edit((stored(tmp_path / "a.jpg", still_life(900, 900)),))
    made = opened(paint_edit(edit, replace(WISH, format=image_format)))
    assert (made.format, made.size, made.mode) == (image_format.upper(), (240, 240), "RGB")


@pytest.mark.parametrize("image_format", ["png", "webp"])
def test_a_clear_one_has_real_alpha(tmp_path: Path, image_format: str) -> None:
    edit = Edit((stored(tmp_path / "a.png", still_life()),))
    made = opened(paint_edit(edit, replace(WISH, format=image_format, clear=True)))
    assert made.mode == "RGBA"
    assert made.getchannel("A").getextrema() == (0, 255)


def test_sixteen_inputs_are_taken_and_each_of_them_counts(tmp_path: Path) -> None:
    inputs = tuple(
        stored(tmp_path / f"{number}.png", Image.new("RGB", (30, 30), (number * 16, 90, 30))) for number in range(16)
    )
    wish = replace(WISH, width=480, height=480)
    whole = paint_edit(Edit(inputs), wish)
    assert whole == paint_edit(Edit(inputs), wish)
    assert whole != paint_edit(Edit(inputs[:15]), wish)


@pytest.mark.parametrize("place", [0, 1, 9])
def test_an_input_that_changed_stops_it_also_where_it_is_not_shown(tmp_path: Path, place: int) -> None:
    inputs = tuple(stored(tmp_path / f"{number}.png", still_life(40, 40)) for number in range(10))
    inputs[place].path.write_bytes(b"another")
    with pytest.raises(AttemptError, match=rf"{place}\.png has changed"):
        paint_edit(Edit(inputs), WISH)


def test_a_print_with_transparency_lies_on_paper(tmp_path: Path) -> None:
    second = stored(tmp_path / "b.png", Image.new("RGBA", (30, 30), (255, 0, 0, 0)))
    made = opened(paint_edit(Edit((stored(tmp_path / "a.png", still_life()), second)), WISH))
    assert (244, 243, 240) in {colour for _, colour in made.getcolors(240 * 240) or []}
