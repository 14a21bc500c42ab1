import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.pricing.tokens import (
    in_tokens,
    in_tokens_bound,
    out_tokens,
    out_tokens_bound,
    scaled,
    text_bound,
    text_expected,
    tiles,
    worst_tokens,
)

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


BILLED = {
    (64, 64): 16, (256, 256): 256, (400, 400): 625, (300, 600): 512, (240, 600): 416, (200, 800): 352,
    (100, 800): 352, (900, 900): 1024, (1200, 600): 722, (1376, 768): 1032, (1024, 1024): 1024, (1536, 1024): 1536,
    (1280, 720): 920, (2048, 2048): 1521, (3840, 2160): 1508, (6000, 4000): 1536, (341, 512): 704,
    (1179, 2556): 1482,
}  # fmt: skip
"""What pictures that went into gpt-image-2 and 2.5 were billed as, September 2026."""

SIDES = st.integers(1, 20_000)


def as_fitted(w: int, h: int) -> int:
    """The formula for what goes in as openai-images.md gives it, in floats."""
    long = max(w, h)
    s = min(1, max(0.5, 512 / long))
    sw, sh = w * s, h * s
    if sw >= sh:
        sh = max(sh, sw / 3)
    else:
        sw = max(sw, sh / 3)
    pw, ph = math.ceil(sw / 16), math.ceil(sh / 16)
    if pw * ph > 1536:
        k = math.sqrt(1536 * 256 / (sw * sh))
        pw, ph = math.floor(sw * k / 16 + 1e-9), math.floor(sh * k / 16 + 1e-9)
    return max(1, pw * ph)


@pytest.mark.parametrize(("size", "tokens"), BILLED.items())
def test_every_bill_of_a_picture_that_went_in(size: tuple[int, int], tokens: int) -> None:
    assert in_tokens(*size) == as_fitted(*size) == tokens
    assert in_tokens_bound(*size) >= tokens


def test_the_one_report_above_the_formula_is_inside_its_bound() -> None:
    assert in_tokens_bound(1024, 1024) >= 1033


@given(SIDES, SIDES)
def test_it_is_the_fitted_formula_except_where_floats_miss_a_whole_patch(width: int, height: int) -> None:
    fitted, ours = as_fitted(width, height), in_tokens(width, height)
    assert ours == in_tokens(height, width)
    assert 1 <= ours <= 1536
    assert max(fitted, ours) <= in_tokens_bound(width, height) <= 1536
    assert abs(fitted - ours) <= 96


def test_floats_miss_a_whole_patch_seldom() -> None:
    sizes = [(w, h) for w in range(1, 2600, 37) for h in range(1, 2600, 41)]
    assert sum(in_tokens(*size) != as_fitted(*size) for size in sizes) <= len(sizes) // 200


@pytest.mark.parametrize(
    ("size", "count"),
    [
        ((1, 1), 1),
        ((512, 512), 1),
        ((1024, 1024), 1),
        ((1024, 1536), 2),
        ((513, 1025), 2),
        ((512, 1025), 3),
        ((4096, 1024), 4),
        ((4096, 1025), 4),
        ((8192, 100), 4),
        ((2048, 4096), 2),
        ((6000, 4000), 2),
    ],
)
def test_tiles_by_hand(size: tuple[int, int], count: int) -> None:
    assert tiles(*size) == tiles(*reversed(size)) == count


@given(SIDES, SIDES)
def test_no_picture_has_more_than_four_tiles(width: int, height: int) -> None:
    assert 1 <= tiles(width, height) <= 4
