import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from imgcli.providers.placeholder.fitting import cover, cover_box, is_empty, least, room_in
from tests.fakes.stored import still_life


def test_a_picture_of_the_size_is_itself() -> None:
    picture = still_life()
    assert cover(picture, (240, 240)) is picture


@pytest.mark.parametrize(
    ("source", "size", "box"),
    [
        ((100, 100), (50, 50), (0, 0, 100, 100)),
        ((200, 100), (50, 50), (50, 0, 150, 100)),
        ((100, 200), (80, 40), (0, 75, 100, 125)),
    ],
)
def test_the_middle_is_kept(
    source: tuple[int, int], size: tuple[int, int], box: tuple[float, float, float, float]
) -> None:
    assert cover_box(source, size) == box
    assert cover(still_life(*source), size).size == size


def test_a_whole_region_is_one_room() -> None:
    assert room_in(Image.new("L", (333, 77), 255)) == (0, 0, 333, 77)


def test_no_region_has_no_room() -> None:
    left, top, right, bottom = room_in(Image.new("L", (90, 90)))
    assert (right - left) * (bottom - top) == 0


def test_the_larger_of_two_rectangles_is_the_room() -> None:
    region = Image.new("L", (720, 720))
    draw = ImageDraw.Draw(region)
    draw.rectangle((20, 30, 119, 129), fill=255)
    draw.rectangle((300, 400, 699, 599), fill=255)
    left, top, right, bottom = room_in(region)
    assert (left, top) == (300, 400)
    assert 690 <= right <= 700
    assert 590 <= bottom <= 600


@settings(max_examples=40, deadline=None)
@given(data=st.data(), width=st.integers(1, 200), height=st.integers(1, 200))
def test_a_room_lies_wholly_inside_its_region(data: st.DataObject, width: int, height: int) -> None:
    region = Image.new("L", (width, height))
    draw = ImageDraw.Draw(region)
    for _ in range(data.draw(st.integers(0, 4))):
        x, y = data.draw(st.integers(-20, width)), data.draw(st.integers(-20, height))
        draw.ellipse((x, y, x + data.draw(st.integers(0, 150)), y + data.draw(st.integers(0, 150))), fill=255)
    left, top, right, bottom = room_in(region)
    assert 0 <= left <= right <= width
    assert 0 <= top <= bottom <= height
    if right > left and bottom > top:
        # A cell is inside if its mean is; one pixel in a hundred may be out.
        assert sum(region.crop((left, top, right, bottom)).histogram()[:255]) <= 0.01 * (right - left) * (bottom - top)


def test_what_can_be_seen_in_a_region() -> None:
    picture = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    picture.paste((9, 9, 9, 255), (0, 0, 50, 100))
    right = Image.new("L", (100, 100))
    right.paste(255, (50, 0, 100, 100))
    assert is_empty(picture, right)
    assert not is_empty(picture, Image.new("L", (100, 100), 255))


def test_the_darkest_level() -> None:
    assert least(Image.linear_gradient("L").crop((0, 40, 256, 256))) == 40
