import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from imgcli.inputs.masks import as_picture, of_boxes, of_colour, of_drawing

SIZE = (40, 30)


def drawing(fill: int = 255, ground: int = 0, mode: str = "L") -> Image.Image:
    image = Image.new("L", SIZE, ground)
    ImageDraw.Draw(image).rectangle((10, 10, 19, 19), fill=fill)
    return image.convert(mode)


def holes(alpha: Image.Image) -> int:
    return alpha.histogram()[0]


def test_boxes_are_holes_to_the_pixel() -> None:
    alpha = of_boxes(SIZE, [(0, 0, 2, 3), (39, 29, 40, 30)])
    assert holes(alpha) == 7
    assert [alpha.getpixel(at) for at in ((1, 2), (2, 2), (1, 3), (39, 29))] == [0, 255, 255, 0]


@given(st.lists(st.tuples(st.integers(0, 39), st.integers(0, 29), st.integers(1, 40), st.integers(1, 30)), max_size=4))
def test_what_is_in_no_box_stays(boxes: list[tuple[int, int, int, int]]) -> None:
    real = [(left, top, max(right, left + 1), max(bottom, top + 1)) for left, top, right, bottom in boxes]
    alpha = of_boxes(SIZE, real)
    for x in range(SIZE[0]):
        for y in range(SIZE[1]):
            inside = any(left <= x < right and top <= y < bottom for left, top, right, bottom in real)
            assert alpha.getpixel((x, y)) == (0 if inside else 255)


def test_a_colour_is_found_within_its_tolerance_in_each_channel() -> None:
    image = Image.new("RGB", (4, 1), (0, 0, 0))
    for x, pixel in enumerate([(100, 100, 100), (110, 90, 100), (111, 100, 100), (100, 100, 255)]):
        image.putpixel((x, 0), pixel)
    assert list(of_colour(image, (100, 100, 100), 10).tobytes()) == [0, 0, 255, 255]
    assert holes(of_colour(image, (100, 100, 100), 0)) == 1
    assert holes(of_colour(image, (0, 0, 0), 255)) == 4
    with pytest.raises(ValueError, match="no pixel"):
        of_colour(image, (0, 255, 0), 20)


@pytest.mark.parametrize("mode", ["L", "RGB", "1", "P"])
def test_white_may_change_and_black_stays(mode: str) -> None:
    alpha = of_drawing(drawing(mode=mode))
    assert (holes(alpha), alpha.histogram()[255]) == (100, 40 * 30 - 100)
    assert alpha.getpixel((10, 10)) == 0


def test_nearly_black_and_white_is_that_and_soft_edges_stay_soft() -> None:
    assert holes(of_drawing(drawing(fill=250, ground=7))) == 100
    soft = of_drawing(drawing().filter(ImageFilter.GaussianBlur(1)))
    assert soft.getpixel((15, 15)) == 0
    assert 0 < soft.getpixel((9, 15)) < 255  # type: ignore[operator]
    assert soft.getpixel((0, 0)) == 255


@pytest.mark.parametrize(
    ("image", "problem"),
    [
        (Image.linear_gradient("L"), "is no black and white drawing"),
        (Image.new("RGB", SIZE, (255, 0, 0)), "is no black and white drawing"),
        (drawing(fill=128), "is black all over"),
        (Image.new("L", SIZE, 0), "is black all over"),
        (Image.new("L", SIZE, 128), "is no black and white drawing"),
    ],
)
def test_what_is_no_drawing_of_a_mask(image: Image.Image, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        of_drawing(image)


def test_a_mask_is_nothing_but_its_alpha() -> None:
    mask = as_picture(of_boxes(SIZE, [(0, 0, 2, 2)]))
    assert mask.mode == "RGBA"
    assert {color for _, color in mask.getcolors() or ()} == {(0, 0, 0, 0), (0, 0, 0, 255)}
