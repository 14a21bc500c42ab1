import pytest
from PIL import Image

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.grounds import colours_of, scene_for
from imgcli.providers.placeholder.paint import LOOKS, Look
from imgcli.providers.placeholder.palette import CURATED, chroma, make_palette, parse_hex
from tests.fakes.stored import still_life


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (700, 3), (64, 64), (90, 30), (300, 200)])
def test_a_scene_has_any_shape(look: Look, size: tuple[int, int]) -> None:
    assert scene_for(size, look, make_palette(CURATED[0]), Chance(b"x")).picture.size == size


def test_the_colours_of_a_picture_are_its_loudest() -> None:
    found = colours_of(still_life())
    assert 3 <= len(found) <= 5
    hues = [parse_hex(text) for text in found]
    assert any(red > 150 and green < 90 for red, green, _ in hues)
    assert any(red > 190 and green > 140 and blue < 110 for red, green, blue in hues)
    assert chroma(hues[0]) > 0.1


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (5000, 2)])
def test_a_plain_picture_has_one(size: tuple[int, int]) -> None:
    assert colours_of(Image.new("RGB", size, (128, 128, 128))) == ("#808080",)
