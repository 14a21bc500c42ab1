import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.colour import to_oklab
from imgcli.providers.placeholder.palette import (
    CURATED,
    contrast,
    distance,
    from_lab,
    luminance,
    make_palette,
    mix,
    parse_hex,
)

COLOURS = st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))


@given(COLOURS)
def test_oklab_there_and_back_is_the_same_colour(colour: tuple[int, int, int]) -> None:
    assert all(abs(a - b) <= 1 for a, b in zip(from_lab(to_oklab(colour)), colour, strict=True))


def test_oklab_agrees_with_its_author() -> None:
    # "A perceptual color space for image processing": white is lightness 1 without chroma; red as commonly published.
    assert to_oklab((255, 255, 255)) == pytest.approx((1, 0, 0), abs=1e-3)
    assert to_oklab((255, 0, 0)) == pytest.approx((0.628, 0.2249, 0.1258), abs=1e-3)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(luminance((0, 0, 0)), luminance((255, 255, 255))) == pytest.approx(21)
    assert contrast(luminance((119, 119, 119)), luminance((255, 255, 255))) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", [*CURATED, ("#777777",), ("#ffffff",), ("#000000", "#010101"), ("#ff0000",) * 6])
def test_a_palette_reaches_from_dark_to_light(colours: tuple[str, ...]) -> None:
    palette = make_palette(colours)
    assert palette.order[0] == parse_hex(colours[0])
    assert len(palette.order) >= 5
    assert contrast(luminance(palette.dark), luminance(palette.light)) >= 7
    lightness = [to_oklab(colour)[0] for colour in palette.shades]
    assert lightness == sorted(lightness)


@given(COLOURS, COLOURS)
def test_mixing_begins_and_ends_with_its_two_colours(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    assert distance(mix(one, other, 0), one) < 0.02
    assert distance(mix(one, other, 1), other) < 0.02


@pytest.mark.parametrize("steps", [1, 2, 9])
def test_a_ramp_has_as_many_steps_as_asked(steps: int) -> None:
    assert len(make_palette(CURATED[0]).ramp(steps)) == steps
