import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from imgcli.providers.placeholder.legibility import LEGIBLE, make_legible
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.palette import CURATED, contrast, luminance, make_palette

PALETTE = make_palette(CURATED[0])
WORDS = (10, 60, 90, 95)


def flat(colour: tuple[int, int, int]) -> Scene:
    return Scene(Image.new("RGB", (100, 100), colour), (0, 0, 100, 100))


@settings(max_examples=60, deadline=None)
@given(st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255)))
def test_a_flat_ground_is_never_veiled_and_always_legible(colour: tuple[int, int, int]) -> None:
    scene = flat(colour)
    picture, ink = make_legible(scene, WORDS, PALETTE)
    assert picture is scene.picture
    assert contrast(luminance(ink), luminance(colour)) >= LEGIBLE


@pytest.mark.parametrize("stripe", [4, 20, 40])
def test_a_restless_ground_is_veiled_where_the_words_stand_and_only_there(stripe: int) -> None:
    scene = flat((0, 0, 0))
    draw = ImageDraw.Draw(scene.picture)
    for left in range(0, 100, 2 * stripe):
        draw.rectangle((left, 0, left + stripe - 1, 99), fill="white")
    picture, ink = make_legible(scene, WORDS, PALETTE)
    own = luminance(ink)
    below = picture.crop((10, 62, 90, 95)).tobytes()
    grounds = [(below[at], below[at + 1], below[at + 2]) for at in range(0, len(below), 3)]
    if stripe > 8:
        assert min(contrast(own, luminance(ground)) for ground in grounds) >= LEGIBLE * 0.95
    assert picture.getpixel((0, 2)) == scene.picture.getpixel((0, 2))
