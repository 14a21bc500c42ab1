from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageStat

from imgcli.measure.dhash import dhash, distance
from imgcli.providers.placeholder.palette import distance as apart
from imgcli.providers.placeholder.palette import make_palette, parse_hex
from imgcli.providers.placeholder.restyle import cut_out, restyled
from imgcli.providers.placeholder.wish import Wish
from tests.fakes.stored import still_life

WISH = Wish("at dusk", "At dusk.", sources=("ab" * 32,), width=240, height=240)
FERN = ("#0b3d2e", "#d8f3dc", "#52b788", "#e9b872", "#f6efe0")
LOOK_ALIKE = 6
"""Bits of a dHash up to which two pictures are taken for look-alikes."""


def difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_variants_are_no_look_alikes(seed: int | None) -> None:
    made = [dhash(restyled(still_life(), replace(WISH, seed=seed, variant=variant), [])) for variant in range(1, 5)]
    assert min(distance(*pair) for pair in combinations(made, 2)) > LOOK_ALIKE


def test_a_restyled_picture_is_another_one_of_the_size_wished_for() -> None:
    for size in ((240, 240), (320, 200), (64, 300)):
        made = restyled(still_life(), replace(WISH, width=size[0], height=size[1]), [])
        assert (made.mode, made.size) == ("RGB", size)
    assert difference(restyled(still_life(), WISH, []), still_life()) > 15


def test_the_same_wish_gives_the_same_pixels_and_another_input_does_not() -> None:
    one, again = (restyled(still_life(), WISH, []) for _ in range(2))
    assert one.tobytes() == again.tobytes()
    assert restyled(still_life(), replace(WISH, sources=("cd" * 32,)), []).tobytes() != one.tobytes()


@pytest.mark.parametrize("variant", range(1, 7))
def test_high_fidelity_stays_closer(variant: int) -> None:
    wish = replace(WISH, variant=variant)
    near, free = (restyled(still_life(), replace(wish, close=close), []) for close in (True, False))
    assert difference(near, still_life()) < difference(free, still_life())


def test_the_colours_of_a_style_are_taken() -> None:
    made = restyled(still_life(), replace(WISH, colours=FERN), [])
    assert _share_near(made, FERN) > 0.8


def test_without_a_style_those_of_a_second_picture_are() -> None:
    second = Image.new("RGB", (50, 50), (0, 160, 90))
    second.paste((240, 240, 200), (0, 0, 50, 20))
    made = [restyled(still_life(), replace(WISH, variant=variant), [second]) for variant in (1, 2, 3, 4, 5, 6)]
    green = [_mean(picture)[1] - _mean(picture)[0] for picture in made]
    assert sum(each > 0 for each in green) >= 5


@settings(max_examples=20, deadline=None)
@example(source=(21, 18), size=(75, 64), variant=1, clear=False, close=True)
@given(
    source=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    size=st.tuples(st.integers(64, 220), st.integers(64, 220)),
    variant=st.integers(1, 12),
    clear=st.booleans(),
    close=st.booleans(),
)
def test_any_input_is_made_into_any_size(
    source: tuple[int, int], size: tuple[int, int], variant: int, clear: bool, close: bool
) -> None:
    wish = replace(WISH, width=size[0], height=size[1], variant=variant, close=close)
    assert (cut_out if clear else restyled)(still_life(*source), wish, []).size == size


def test_a_transparent_input_lies_on_paper() -> None:
    logo = Image.new("RGBA", (240, 240), (0, 0, 0, 0))
    ImageDraw.Draw(logo).ellipse((60, 60, 180, 180), fill=(200, 30, 30, 255))
    assert restyled(logo, WISH, []).mode == "RGB"


def product() -> Image.Image:
    picture = Image.new("RGB", (240, 240), (240, 240, 236))
    ImageDraw.Draw(picture).rectangle((70, 50, 169, 189), fill=(180, 40, 40))
    return picture


def test_a_cut_out_keeps_the_pixels_of_its_subject() -> None:
    made = cut_out(product(), WISH, [])
    assert made.mode == "RGBA"
    assert made.crop((80, 60, 160, 180)).getcolors() == [(80 * 120, (180, 40, 40, 255))]
    assert made.getchannel("A").crop((0, 0, 240, 40)).getextrema() == (0, 0)


@pytest.mark.parametrize("change", [{"variant": 2}, {"colours": FERN}])
def test_styles_and_further_variants_restyle_what_is_cut_out(change: dict[str, object]) -> None:
    made = cut_out(product(), replace(WISH, **change), [])  # type: ignore[arg-type]
    assert difference(made.crop((80, 60, 160, 180)).convert("RGB"), product().crop((80, 60, 160, 180))) > 10
    assert made.getchannel("A").crop((0, 0, 240, 40)).getextrema() == (0, 0)


def test_what_was_cut_out_before_keeps_its_outline() -> None:
    logo = product().convert("RGBA")
    alpha = Image.new("L", (240, 240))
    ImageDraw.Draw(alpha).ellipse((70, 50, 170, 150), fill=255)
    logo.putalpha(alpha)
    made = cut_out(logo, WISH, [])
    assert made.getchannel("A").crop((0, 0, 240, 200)).tobytes() == alpha.crop((0, 0, 240, 200)).tobytes()


def test_a_cut_out_bears_the_mark() -> None:
    made = cut_out(product(), WISH, [])
    assert made.getchannel("A").crop((120, 200, 240, 240)).getextrema() == (0, 255)


def _mean(picture: Image.Image) -> list[float]:
    return ImageStat.Stat(picture).mean


def _share_near(picture: Image.Image, colours: tuple[str, ...]) -> float:
    small = picture.resize((24, 24), Image.Resampling.BOX).tobytes()
    pixels = [(small[at], small[at + 1], small[at + 2]) for at in range(0, len(small), 3)]
    allowed = [*make_palette(colours).ramp(24), *map(parse_hex, colours)]
    return sum(min(apart(pixel, colour) for colour in allowed) < 0.14 for pixel in pixels) / len(pixels)
