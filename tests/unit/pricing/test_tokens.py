import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.pricing.tokens import out_tokens, out_tokens_bound, scaled, text_bound, text_expected, worst_tokens

GRIDS = {
    "gpt-image-2": {"low": 16, "medium": 48, "high": 96},
    "gpt-image-2.5": {"low": 16, "medium": 24, "high": 48, "xhigh": 64, "max": 96},
}
LEAST, MOST = 655_360, 8_294_400

PUBLISHED = [
    (1024, 1024, (196, 1756, 7024), (196, 439, 1756, 3122, 7024)),
    (1536, 1024, (158, 1372, 5488), (158, 343, 1372, 2459, 5488)),
    (1024, 1536, (158, 1372, 5488), (158, 343, 1372, 2459, 5488)),
    (1536, 864, (120, 1078, 4312), (120, 280, 1078, 1917, 4312)),
    (2048, 1152, (157, 1413, 5650), (157, 367, 1413, 2511, 5650)),
    (2048, 2048, (397, 3568, 14272), (397, 892, 3568, 6343, 14272)),
    (2560, 1440, (205, 1843, 7370), (205, 478, 1843, 3276, 7370)),
    (3840, 2160, (371, 3336, 13342), (371, 865, 3336, 5930, 13342)),
]


def as_documented(grid: int, w: int, h: int) -> int:
    """The calculator's formula as openai-images.md gives it, in floats."""
    short = round(grid / (max(w, h) / min(w, h)))
    return math.ceil(grid * short * (2_000_000 + w * h) / 4_000_000)


def valid_sizes() -> list[tuple[int, int]]:
    sides = range(16, 3841, 16)
    return [(w, h) for w in sides for h in sides if max(w, h) <= 3 * min(w, h) and LEAST <= w * h <= MOST]


@pytest.mark.parametrize(("width", "height", "two", "two_five"), PUBLISHED)
def test_every_published_cell(width: int, height: int, two: tuple[int, ...], two_five: tuple[int, ...]) -> None:
    for model, cells in (("gpt-image-2", two), ("gpt-image-2.5", two_five)):
        assert tuple(out_tokens(grid, width, height) for grid in GRIDS[model].values()) == cells


@pytest.mark.parametrize(
    ("width", "height", "tokens"), [(1024, 1024, 7024), (1536, 1024, 5488), (1792, 1024, 5063), (3584, 2048, 12329)]
)
def test_the_values_of_the_forum(width: int, height: int, tokens: int) -> None:
    assert out_tokens(96, width, height) == tokens


def test_it_is_the_documented_formula_on_all_valid_sizes_except_where_floats_miss_a_tie() -> None:
    sizes = valid_sizes()
    assert len(sizes) == 29_146
    differ = [
        (grid, w, h)
        for grid in GRIDS["gpt-image-2.5"].values()
        for w, h in sizes
        if out_tokens(grid, w, h) != as_documented(grid, w, h)
    ]
    assert len(differ) == 10
    assert all(2 * grid * min(w, h) % max(w, h) == 0 for grid, w, h in differ)


def test_the_bound_covers_the_formula_in_floats_and_in_whole_numbers() -> None:
    for grid in {*GRIDS["gpt-image-2"].values(), *GRIDS["gpt-image-2.5"].values()}:
        for w, h in valid_sizes():
            bound = out_tokens_bound(grid, w, h)
            assert bound >= out_tokens(grid, w, h)
            assert bound >= as_documented(grid, w, h)


@pytest.mark.parametrize("grid", [16, 24, 48, 64, 96])
def test_the_worst_size_by_brute_force(grid: int) -> None:
    assert max(out_tokens_bound(grid, w, h) for w, h in valid_sizes()) == worst_tokens(grid, MOST)
    assert out_tokens(grid, 2880, 2880) == worst_tokens(grid, MOST)


@given(st.sampled_from([16, 24, 48, 64, 96]), st.integers(1, 8000), st.integers(1, 8000))
def test_no_shape_at_all_is_above_the_worst(grid: int, width: int, height: int) -> None:
    pixels = width * height
    assert 0 <= out_tokens(grid, width, height) <= out_tokens_bound(grid, width, height) <= worst_tokens(grid, pixels)


@given(st.sampled_from([16, 24, 48, 64, 96]), st.integers(16, 3840), st.integers(16, 3840))
def test_turning_a_picture_changes_nothing(grid: int, width: int, height: int) -> None:
    assert out_tokens(grid, width, height) == out_tokens(grid, height, width)


@given(st.integers(0, 10**12), st.integers(0, 1000))
def test_scaling_rounds_up_and_only_just(tokens: int, percent: int) -> None:
    assert 0 <= scaled(tokens, percent) * 100 - tokens * percent < 100


def test_text_bounds_by_hand() -> None:
    assert text_bound("") == 16
    assert text_bound("a cat") == 21
    assert text_bound("猫") == 19
    assert text_bound("\udcff") == 19
    assert text_expected("a cat") == 8  # measured: 2 of o200k, and 6


@given(st.text())
def test_the_expected_text_is_within_its_bound(text: str) -> None:
    assert 6 <= text_expected(text) <= text_bound(text)
