from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.palette import CURATED, make_palette
from imgcli.providers.placeholder.treatments import TREATMENTS, Treatment, lightness
from tests.fakes.stored import still_life

PALETTE = make_palette(CURATED[0])


def treated(treatment: Treatment, picture: Image.Image, seed: bytes = b"x") -> Image.Image:
    return treatment(picture, PALETTE, Chance(seed))


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_the_composition_stays(treatment: Treatment) -> None:
    made = treated(treatment, still_life())
    assert made.size == (240, 240)
    assert made.mode == "RGB"
    # The ball and the box stand out from the wall where they stood, whatever their colours are now.
    wall, ball, box = (made.crop(at).resize((1, 1), Image.Resampling.BOX) for at in PLACES)
    assert max(ImageStat.Stat(ImageChops.difference(wall, ball)).mean) > 12
    assert max(ImageStat.Stat(ImageChops.difference(wall, box)).mean) > 12


PLACES = ((60, 20, 110, 60), (52, 105, 100, 150), (150, 90, 195, 150))


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_the_same_seed_gives_the_same_pixels(treatment: Treatment) -> None:
    assert treated(treatment, still_life()).tobytes() == treated(treatment, still_life()).tobytes()


def test_no_two_look_alike() -> None:
    made = [treated(treatment, still_life()) for treatment in TREATMENTS]
    assert all(max(ImageStat.Stat(ImageChops.difference(*pair)).mean) > 12 for pair in combinations(made, 2))


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_a_plain_picture_is_no_error(treatment: Treatment) -> None:
    for level in (0, 128, 255):
        assert treated(treatment, Image.new("RGB", (70, 70), (level, level, level))).size == (70, 70)


@settings(max_examples=25, deadline=None)
@given(
    size=st.tuples(st.integers(1, 120), st.integers(1, 120)),
    treatment=st.sampled_from(TREATMENTS),
    colours=st.lists(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), min_size=1, max_size=5),
)
def test_any_shape_and_palette_is_treated(size: tuple[int, int], treatment: Treatment, colours: list[str]) -> None:
    assert treatment(still_life(*size), make_palette(colours), Chance(b"y")).size == size


def test_lightness_reaches_from_black_to_white() -> None:
    flat = Image.linear_gradient("L").point([80 + level // 4 for level in range(256)]).convert("RGB")
    assert lightness(flat).getextrema() == (0, 255)
