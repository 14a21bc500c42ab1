import pytest
from PIL import Image, ImageDraw, ImageFilter

from imgcli.providers.placeholder.cut import card, card_size, round_mask, subject_mask
from tests.fakes.canvases import patches
from tests.fakes.stored import still_life


def product(ground: tuple[int, int, int] = (240, 240, 236)) -> Image.Image:
    picture = Image.new("RGB", (300, 300), ground)
    ImageDraw.Draw(picture).rectangle((90, 60, 209, 259), fill=(180, 40, 40))
    return picture.filter(ImageFilter.GaussianBlur(1))


@pytest.mark.parametrize("ground", [(240, 240, 236), (12, 14, 18), (90, 140, 200)])
def test_a_subject_on_an_even_ground_is_cut_out(ground: tuple[int, int, int]) -> None:
    mask = subject_mask(product(ground))
    assert mask.size == (300, 300)
    assert mask.crop((100, 70, 200, 250)).getextrema() == (255, 255)
    assert mask.crop((0, 0, 300, 50)).getextrema() == (0, 0)
    assert mask.crop((220, 0, 300, 300)).getextrema() == (0, 0)


def test_what_has_the_colour_of_the_ground_inside_the_subject_stays() -> None:
    picture = product()
    picture.paste((240, 240, 236), (130, 140, 170, 180))
    assert subject_mask(picture).crop((135, 145, 165, 175)).getextrema() == (255, 255)


@pytest.mark.parametrize("picture", [patches(3, 300, 300), Image.new("RGB", (300, 300), (9, 9, 9))])
def test_without_an_even_ground_the_middle_is_shown(picture: Image.Image) -> None:
    mask = subject_mask(picture)
    assert mask.getpixel((150, 150)) == 255
    assert mask.getpixel((2, 2)) == 0


def test_crumbs_are_no_subject() -> None:
    picture = Image.new("RGB", (300, 300), (240, 240, 236))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((130, 130, 189, 189), fill=(180, 40, 40))
    for at in range(20, 300, 24):
        draw.line((at, 10, at, 290), (30, 30, 30), 4)
    mask = subject_mask(picture)
    # All of the middle, not the block and some remains of lines.
    assert mask.crop((100, 100, 200, 200)).getextrema() == (255, 255)


@pytest.mark.parametrize("size", [(1, 1), (2, 90), (64, 64), (500, 40)])
def test_any_shape_has_a_mask(size: tuple[int, int]) -> None:
    assert subject_mask(still_life(*size)).size == size


@pytest.mark.parametrize("size", [(64, 64), (320, 200), (64, 320)])
def test_a_card_lies_on_nothing(size: tuple[int, int]) -> None:
    inner = card_size(*size)
    whole = card(still_life(*inner), size)
    assert (whole.mode, whole.size) == ("RGBA", size)
    alpha = whole.getchannel("A")
    assert alpha.getpixel((size[0] // 2, size[1] // 2)) == 255
    assert alpha.tobytes()[0] < 40
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    middle = (left + inner[0] // 3, top + inner[1] // 3, left + inner[0] // 2, top + inner[1] // 2)
    shown = still_life(*inner).crop((inner[0] // 3, inner[1] // 3, inner[0] // 2, inner[1] // 2))
    assert whole.crop(middle).convert("RGB").tobytes() == shown.tobytes()


def test_round_corners() -> None:
    mask = round_mask((100, 60), 20)
    assert mask.getpixel((0, 0)) == 0
    assert mask.getpixel((99, 59)) == 0
    assert mask.crop((20, 0, 80, 60)).getextrema() == (255, 255)
    assert mask.crop((0, 20, 100, 40)).getextrema() == (255, 255)
    assert round_mask((3, 3), 50).size == (3, 3)
