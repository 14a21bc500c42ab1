import pytest

from imgcli.errors import ModelError
from imgcli.model.card import FreeSizes, ModelCard
from imgcli.model.size import AUTO, Size

FREE = FreeSizes(step=16, edge=3840, ratio=3, least=655_360, most=8_294_400)
SQUARE = Size(1024, 1024)
CARD = ModelCard("m", "p", (SQUARE,), FREE, qualities=("low", "high"), formats=("png",), prompt_limit=10)


@pytest.mark.parametrize("size", [SQUARE, AUTO, Size(1536, 864), Size(3840, 2160), Size(2880, 2880)])
def test_what_it_can_make(size: Size) -> None:
    CARD.check(size, "low", "png", "a car")


@pytest.mark.parametrize(
    ("size", "why"),
    [
        (Size(1000, 1000), "multiples of 16"),
        (Size(3856, 2160), "over 3840"),
        (Size(3200, 800), "3 times"),
        (Size(512, 512), "outside 655,360"),
        (Size(3840, 2880), "outside 655,360"),
    ],
)
def test_what_it_cannot_make_and_why(size: Size, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        CARD.check(size, "low", "png", "a car")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ((SQUARE, "max", "png", "a"), "no quality 'max'; use one of low, high"),
        ((SQUARE, "low", "webp", "a"), "no format 'webp'; use one of png"),
        ((SQUARE, "low", "png", "x" * 11), "11 characters; m takes 10"),
    ],
)
def test_other_things_it_does_not_take(asked: tuple[Size, str, str, str], why: str) -> None:
    with pytest.raises(ModelError, match=why):
        CARD.check(*asked)


def test_a_model_of_fixed_sizes() -> None:
    fixed = ModelCard("m", "p", (SQUARE,), auto_size=False)
    with pytest.raises(ModelError, match="fixed sizes only; use one like 1024x1024"):
        fixed.check(Size(512, 512), "low", "png", "a")
    with pytest.raises(ModelError, match="does not choose a size itself"):
        fixed.check(AUTO, "low", "png", "a")


def test_a_model_we_know_nothing_of_may_make_anything() -> None:
    unknown = ModelCard("m", "p")
    assert unknown.is_open
    unknown.check(Size(7, 9), "ultra", "webp", "a car")
