import pytest
from PIL import Image, ImageChops, features

from imgcli.providers.placeholder.lettering import Caption, letter
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
