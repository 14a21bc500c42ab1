"""What a model must be able to do, and which one is named where it cannot."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.errors import ModelError, UsageError
from imgcli.model.card import FreeSizes, ModelCard
from imgcli.model.input import EditRules, Input
from imgcli.model.size import Size
from imgcli.reworking import BENT, enlarged, require_masks, require_transparency

SIZES = (Size(1024, 1024), Size(1536, 1024))
RULE = FreeSizes(step=16, edge=3840, ratio=3, least=655_360, most=8_294_400)
BACKS = ("auto", "opaque", "transparent")
FREE = ModelCard("free", "p", SIZES, RULE, backgrounds=BACKS, edits=EditRules())
FIXED = ModelCard("fixed", "p", SIZES, backgrounds=("auto", "opaque"), edits=EditRules())
UNMASKED = ModelCard("unmasked", "p", SIZES, RULE, backgrounds=BACKS, edits=EditRules(mask=False))
BLIND = ModelCard("blind", "p", SIZES, RULE)
OPEN = ModelCard("open", "p", edits=EditRules())
ALL = (FREE, FIXED, UNMASKED, BLIND)


def picture(width: int, height: int) -> Input:
    return Input(Path("/x/car.png"), "ab" * 32, 1, "png", width, height, "car.png")


def test_a_model_that_can_is_let_through() -> None:
    require_masks(FREE, ALL, Size(2048, 1152))
    require_masks(FIXED, ALL, Size(1536, 1024))
    require_masks(OPEN, (), Size(999, 777))
    require_transparency(FREE, ALL)
    require_transparency(OPEN, ())


@pytest.mark.parametrize(
    ("card", "size", "message"),
    [
        (UNMASKED, Size(1536, 1024), "unmasked takes no mask, and continuing a picture needs one; free, fixed do"),
        (BLIND, Size(2048, 1152), "blind takes no mask, and continuing a picture needs one; free does"),
        (
            FIXED,
            Size(2048, 1152),
            "fixed cannot make 2048x1152: it makes fixed sizes only (1024x1024, 1536x1024); free does",
        ),
        (
            OPEN,
            Size(99_999, 99_999),
            (
                "open cannot make 99999x99999: it has 9,999,800,001 pixels, and 150,000,000 are the most, whatever the "
                "model; no model that is known here does"
            ),
        ),
        (
            FREE,
            Size(2049, 1152),
            "free cannot make 2049x1152: both sides must be multiples of 16; no model that is known here does",
        ),
    ],
)
def test_outpainting_needs_masks_and_the_size(card: ModelCard, size: Size, message: str) -> None:
    with pytest.raises(ModelError) as caught:
        require_masks(card, ALL, size)
    assert str(caught.value) == message


def test_cutting_out_names_those_that_can() -> None:
    with pytest.raises(ModelError, match=r"^fixed makes no transparent background; free, unmasked do$"):
        require_transparency(FIXED, ALL)
    with pytest.raises(ModelError, match=r"^fixed makes no transparent background; no model that is known here does$"):
        require_transparency(FIXED, (FIXED,))


@pytest.mark.parametrize(
    ("own", "to", "by", "card", "made"),
    [
        ((1024, 1024), None, 2, FREE, "2048x2048"),
        ((1536, 1024), None, 2, FREE, "3072x2048"),
        ((1000, 667), None, 2, FREE, "2000x1328"),
        ((1024, 1024), Size(2880, 2880), 2, FREE, "2880x2880"),
        ((1000, 667), None, 2, OPEN, "2000x1334"),
    ],
)
def test_sizes_that_are_made(own: tuple[int, int], to: Size | None, by: float, card: ModelCard, made: str) -> None:
    assert str(enlarged(picture(*own), to, by, card, ALL)) == made


@pytest.mark.parametrize(
    ("own", "to", "card", "message"),
    [
        ((1024, 1024), Size(1024, 1024), FREE, "no larger"),
        ((1024, 1024), Size(2048, 1024), FREE, "no larger"),
        ((1024, 1024), Size(0, 0), FREE, "no larger"),
        ((1024, 1024), Size(3072, 2048), FREE, "another shape; imgcli outpaint adds to its sides"),
        (
            (512, 512),
            Size(1024, 1024),
            FIXED,
            "fixed makes fixed sizes only (1024x1024, 1536x1024); free, unmasked make others",
        ),
        ((1500, 1000), Size(3000, 2000), FREE, "both sides must be multiples of 16; use --to 3008x2000"),
        ((2880, 2880), Size(4000, 4000), FREE, "car.png is as large as it makes anything of this shape"),
    ],
)
def test_sizes_that_are_not_name_what_is(own: tuple[int, int], to: Size, card: ModelCard, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        enlarged(picture(*own), to, 2, card, ALL)
    assert message in str(caught.value)


@given(st.integers(200, 3000), st.integers(200, 3000), st.floats(1.1, 8))
def test_what_is_made_is_larger_of_that_shape_and_allowed(width: int, height: int, by: float) -> None:
    try:
        size = enlarged(picture(width, height), None, by, FREE, ALL)
    except UsageError:
        return
    assert size.width > width
    assert size.height > height
    assert not RULE.problem(size)
    assert abs(size.width * height / (size.height * width) - 1) <= BENT
