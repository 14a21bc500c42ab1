import pytest
from PIL import Image, ImageChops, features

from imgcli.providers.placeholder.lettering import Caption, badge, letter, sign
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.palette import CURATED, make_palette
from imgcli.typeset import glyphs
from tests.rows import each_row

PALETTE = make_palette(CURATED[0])
GREY = (200, 200, 200)
NOTHING = (0, 0, 0, 0)


def written(
    title: str = "a car", styles: str = "cinematic", size: tuple[int, int] = (600, 600)
) -> tuple[int, int, int, int]:
    """The box around everything that was written on a plain ground, or NOTHING."""
    scene = Scene(Image.new("RGB", size, GREY), (0, size[1] // 2, *size))
    caption = Caption(title, styles, f"{size[0]} × {size[1]}", glyphs.SANS)
    picture = letter(scene, caption, PALETTE)
    return ImageChops.difference(picture, Image.new("RGB", size, GREY)).getbbox() or NOTHING


@each_row("title", ["a car", "W" * 300, "a lighthouse in a storm " * 20, "赤" * 200, "fjord gyp"])
@each_row("size", [(96, 96), (200, 200), (600, 600), (900, 300), (300, 900), (1536, 1024)])
def test_words_keep_clear_of_every_edge(title: str, size: tuple[int, int]) -> None:
    box = written(title, "cinematic, neon-noir", size)
    left, top, right, bottom = box
    clear = 5
    assert clear <= left < right <= size[0] - clear
    assert size[1] // 2 - clear <= top < bottom <= size[1] - clear


def test_a_tiny_picture_has_no_words() -> None:
    assert written(size=(95, 400)) == NOTHING


def test_style_names_give_way_to_the_mark() -> None:
    long = ", ".join(f"style-number-{n}" for n in range(30))
    assert written(styles=long)[2] == written(styles="")[2]


@pytest.mark.skipif(not features.check_feature("raqm"), reason="this Pillow has no shaping engine")
def test_right_to_left_stands_at_the_right() -> None:
    assert written("אוטו", styles="", size=(180, 180))[0] > 60
    assert written("auto", styles="", size=(180, 180))[0] < 20


def signed(title: str, size: tuple[int, int], ground: tuple[int, int, int] = GREY) -> tuple[int, int, int, int]:
    """The box around everything that a signature changed."""
    plain = Image.new("RGB", size, ground)
    made = sign(plain.copy(), Caption(title, "", "", glyphs.SANS), PALETTE)
    return ImageChops.difference(made, plain).getbbox() or NOTHING


@pytest.mark.parametrize("title", ["a car", "W" * 300, "赤" * 200, "סוס", "fjord gyp"])
@pytest.mark.parametrize("size", [(200, 200), (600, 600), (900, 300), (300, 900)])
def test_a_signature_keeps_to_the_foot(title: str, size: tuple[int, int]) -> None:
    left, top, right, bottom = signed(title, size)
    assert 5 <= left < right <= size[0] - 5
    assert size[1] * 0.7 <= top < bottom <= size[1] - 5


def test_a_small_picture_is_not_signed() -> None:
    assert signed("a car", (199, 400)) == NOTHING


def test_a_badge_is_filled_by_the_mark_and_grows_with_the_picture() -> None:
    small, large = (badge(size, PALETTE) for size in ((300, 300), (1600, 1200)))
    assert large.width > 2 * small.width
    for plate in (small, large):
        ground = Image.new("RGB", plate.size, plate.getpixel((0, 0)))
        box = ImageChops.difference(plate, ground).getbbox()
        assert box is not None
        assert abs(box[0] - (plate.width - box[2])) <= plate.height * 0.25
        assert box[1] > 0
        assert box[3] < plate.height
