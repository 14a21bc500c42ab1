from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageStat

from imgcli.providers.placeholder.looks.scene import Box, Scene
from imgcli.providers.placeholder.paint import LOOKS
from imgcli.providers.placeholder.palette import make_palette
from imgcli.providers.placeholder.region import _lettered, paint_region
from imgcli.providers.placeholder.wish import Wish
from tests.fakes.stored import still_life

WISH = Wish("a paper boat", "A paper boat.", ("cinematic",), width=240, height=240)


def box_mask(*box: float, size: tuple[int, int] = (240, 240)) -> Image.Image:
    keep = Image.new("L", size, 255)
    ImageDraw.Draw(keep).rectangle(box, fill=0)
    return keep


HALF = box_mask(120, 0, 239, 239)


def painted(
    picture: Image.Image, keep: Image.Image, wish: Wish = WISH, prints: list[Image.Image] | None = None
) -> Image.Image:
    return paint_region(picture.convert("RGBA"), keep, wish, prints or [])


def changed(one: Image.Image, other: Image.Image, where: Image.Image) -> float:
    """Mean difference of RGB where `where` (L) is 255."""
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB")), where).mean)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), width=st.integers(1, 90), height=st.integers(1, 90), clear=st.booleans(), alpha=st.booleans())
def test_what_the_mask_keeps_is_the_same_to_the_bit(
    data: st.DataObject, width: int, height: int, clear: bool, alpha: bool
) -> None:
    levels = data.draw(st.binary(min_size=width * height, max_size=width * height))
    keep = Image.frombytes("L", (width, height), levels)
    # Whole areas of each kind beside single pixels.
    keep.paste(data.draw(st.sampled_from((0, 255))), (0, 0, width // 2, height))
    picture = still_life(width, height).convert("RGBA")
    if alpha:
        picture.putalpha(Image.linear_gradient("L").resize((width, height)))
    made = paint_region(picture, keep, replace(WISH, clear=clear, width=width, height=height), [])
    assert made.size == picture.size
    kept = [at for at, level in enumerate(keep.tobytes()) if level == 255]
    before, after = picture.tobytes(), made.tobytes()
    assert all(before[4 * at : 4 * at + 4] == after[4 * at : 4 * at + 4] for at in kept)


@settings(max_examples=20, deadline=None)
@given(levels=st.binary(min_size=400, max_size=400))
def test_an_opaque_picture_keeps_all_it_can(levels: bytes) -> None:
    keep = Image.frombytes("L", (20, 20), levels)
    picture = still_life(20, 20).convert("RGBA")
    made = paint_region(picture, keep, replace(WISH, opaque=True), [])
    assert made.getchannel("A").getextrema() == (255, 255)
    kept = [at for at, level in enumerate(levels) if level == 255]
    assert all(picture.tobytes()[4 * at : 4 * at + 4] == made.tobytes()[4 * at : 4 * at + 4] for at in kept)


def test_what_the_mask_opens_is_painted() -> None:
    made = painted(still_life(), HALF)
    assert changed(made, still_life(), ImageChops.invert(HALF)) > 20
    assert made.getchannel("A").getextrema() == (255, 255)


def test_between_the_two_they_are_blended() -> None:
    whole, half = (painted(still_life(80, 80), Image.new("L", (80, 80), level)) for level in (0, 128))
    expected = Image.blend(whole.convert("RGB"), still_life(80, 80), 128 / 255)
    assert max(ImageChops.difference(half.convert("RGB"), expected).tobytes()) <= 2


def test_a_mask_that_opens_nothing_changes_nothing() -> None:
    assert painted(still_life(), Image.new("L", (240, 240), 255)).tobytes() == still_life().convert("RGBA").tobytes()


@pytest.mark.parametrize(
    "change", [{"typed": "a kite"}, {"seed": 3}, {"variant": 2}, {"colours": ("#0b3d2e", "#52b788")}]
)
def test_every_wish_paints_another_scene(change: dict[str, object]) -> None:
    other = painted(still_life(), HALF, replace(WISH, **change))  # type: ignore[arg-type]
    assert changed(painted(still_life(), HALF), other, ImageChops.invert(HALF)) > 1


def test_the_same_wish_paints_the_same() -> None:
    assert painted(still_life(), HALF).tobytes() == painted(still_life(), HALF).tobytes()


@pytest.mark.parametrize(("room", "lettered"), [((40, 40, 360, 360), True), ((40, 40, 130, 360), False)])
def test_words_stand_in_a_large_room_and_in_no_small_one(room: Box, lettered: bool) -> None:
    plain = Image.new("RGB", (400, 400), (120, 120, 120))
    made = _lettered(Scene(plain.copy(), (0, 0, 400, 400)), room, WISH, make_palette(("#102030",)), LOOKS[0])
    box = ImageChops.difference(made, plain).getbbox()
    assert (box is not None) == lettered
    if box is not None:
        assert room[0] <= box[0] < box[2] <= room[2]
        assert room[1] <= box[1] < box[3] <= room[3]


def test_further_inputs_are_shown_in_the_region() -> None:
    keep = box_mask(0, 0, 300, 399, size=(400, 400))
    red = Image.new("RGB", (60, 60), (255, 0, 0))
    made = painted(still_life(400, 400), keep, prints=[red]).convert("RGB")
    assert any(colour == (255, 0, 0) and count > 500 for count, colour in made.getcolors(400 * 400) or [])
    assert changed(made, still_life(400, 400), keep) == 0


def test_a_clear_background_leaves_a_soft_shape_on_nothing() -> None:
    made = painted(still_life(), box_mask(40, 40, 199, 199), replace(WISH, clear=True))
    alpha = made.getchannel("A")
    assert alpha.getpixel((120, 120)) == 255
    assert alpha.tobytes()[41 * 240 + 41] < 40
    assert alpha.getpixel((20, 20)) == 255


def test_an_opaque_background_paints_what_was_transparent_too() -> None:
    picture = still_life().convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 60, 60))
    made = paint_region(picture, box_mask(120, 120, 200, 200), replace(WISH, opaque=True), [])
    assert made.getchannel("A").getextrema() == (255, 255)
    untouched = box_mask(120, 120, 200, 200)
    untouched.paste(0, (0, 0, 60, 60))
    assert changed(made, still_life(), untouched) == 0
    # Not the black that lay under the transparency.
    assert max(ImageStat.Stat(made.crop((5, 5, 55, 55)).convert("RGB")).mean) > 12


def test_a_canvas_is_continued_around_what_it_keeps() -> None:
    canvas = Image.new("RGBA", (360, 240), (0, 0, 0, 0))
    canvas.paste(still_life(), (60, 0))
    keep = Image.new("L", (360, 240))
    keep.paste(255, (60, 0, 300, 240))
    made = paint_region(canvas, keep, replace(WISH, width=360), [])
    assert made.crop((60, 0, 300, 240)).tobytes() == still_life().convert("RGBA").tobytes()
    assert made.getchannel("A").getextrema() == (255, 255)
    seam = ImageChops.difference(made.crop((59, 0, 60, 240)), made.crop((60, 0, 61, 240)))
    assert max(ImageStat.Stat(seam).mean) < 6


def test_a_continued_canvas_bears_the_mark() -> None:
    canvas = Image.new("RGBA", (800, 400), (0, 0, 0, 0))
    canvas.paste(Image.new("RGB", (400, 400), (200, 200, 200)), (0, 0))
    keep = Image.new("L", (800, 400))
    keep.paste(255, (0, 0, 400, 400))
    made = paint_region(canvas, keep, replace(WISH, width=800, height=400), []).convert("L")
    assert min(made.crop((600, 340, 800, 400)).tobytes()) < 90
