import tracemalloc
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from imgcli.reports.contact_sheet import MAT, PAPER, ContactSheet
from imgcli.reports.grid import Grid, sheet
from imgcli.reports.layout import Box, lay_out
from tests.fake_api import pictures
from tests.fakes.grids import a_sheet, a_table, made, refused, wish

PNG = pictures.png(64, 48, 1)


def drawn(grid: Grid, data: bytes = PNG) -> Image.Image:
    contact = ContactSheet(grid)
    for where in contact.places:
        contact.place(where, data)
    with Image.open(BytesIO(contact.png())) as opened:
        return opened.convert("RGB")


def is_written(picture: Image.Image, box: tuple[float, float, float, float]) -> bool:
    """Whether anything but paper is in `box`."""
    part = picture.crop(tuple(map(round, box)))  # type: ignore[arg-type]
    return ImageChops.difference(part, Image.new("RGB", part.size, PAPER)).getbbox() is not None


def below(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top + box.height + 2, box.left + box.width, box.top + box.height + 60


def test_every_cell_of_a_sheet_is_labelled() -> None:
    grid = a_sheet(12)
    picture, layout = drawn(grid), lay_out(grid)
    assert picture.size == (layout.width, layout.height)
    for box in layout.boxes.values():
        assert is_written(picture, below(box))
    assert is_written(picture, (80, 80, 400, 130))


def test_a_table_has_labels_above_and_beside() -> None:
    grid = a_table(3, 2)
    picture, layout = drawn(grid), lay_out(grid)
    for box in layout.boxes.values():
        if box.top == layout.boxes[0, 0].top:
            assert is_written(picture, (box.left, box.top - 60, box.left + box.width, box.top - 4))
        assert not is_written(
            picture, (box.left, box.top + box.height + 2, box.left + box.width, box.top + box.height + 20)
        )
        assert is_written(picture, (80, box.top, layout.boxes[0, 0].left - 10, box.top + 60))


@pytest.mark.parametrize(
    "text", ["W" * 300, "a long name of a style " * 20, "赤い車" * 60, "🚗🚲", "\u202e\x1b[2J", "ساره " * 50]
)
def test_no_label_leaves_its_place(text: str) -> None:
    wishes = [wish(made(), label=text, note=text), wish(made(), label="b"), wish(made(), label="c")]
    grid = sheet(text, "style", [(text, wishes)], 3)
    picture, layout = drawn(grid), lay_out(grid)
    first, second = layout.boxes[0, 0], layout.boxes[0, 1]
    # Serifs and side bearings may stand out by a hair.
    gutter = (first.left + first.width + 3, first.top, second.left - 3, layout.height - 60)
    assert not is_written(picture, gutter)
    assert not is_written(picture, (layout.width - 76, 0, layout.width, layout.height))
    assert is_written(picture, below(first))


def test_letters_without_a_glyph_are_spoken_of() -> None:
    def foot(title: str) -> bool:
        grid = sheet(title, "style", [("", [wish()])])
        picture = drawn(grid)
        return is_written(picture, (80, picture.height - 60, picture.width, picture.height - 20))

    assert foot("a 🚗 car")
    assert not foot("a red car, 赤い車")


def test_a_blank_is_quiet_and_says_why() -> None:
    grid = sheet("a car", "style", [("", [wish(refused(), label="a"), wish(made(), label="b")])])
    contact = ContactSheet(grid)
    contact.leave_blank((0, 0), "refused: it is full")
    with Image.open(BytesIO(contact.png())) as opened:
        picture = opened.convert("RGB")
    box = lay_out(grid).boxes[0, 0]
    inside = picture.crop(
        (round(box.left) + 3, round(box.top) + 3, round(box.left + box.width) - 3, round(box.top) + 20)
    )
    assert inside.getcolors() == [(inside.width * inside.height, MAT)]
    middle = picture.crop(
        (round(box.left) + 3, round(box.top) + 3, round(box.left + box.width) - 3, round(box.top + box.height) - 3)
    )
    assert len(middle.getcolors(100_000) or []) > 5


def test_what_cannot_be_read_is_a_blank_with_the_reason() -> None:
    grid = a_sheet(2)
    contact = ContactSheet(grid)
    assert contact.place((0, 0), b"\x89PNG\r\n\x1a\n") == "cannot be read as a picture"
    assert contact.place((0, 1), PNG) == ""
    with Image.open(BytesIO(contact.png())) as opened:
        box = lay_out(grid).boxes[0, 0]
        assert opened.getpixel((round(box.left) + 5, round(box.top) + 5)) == MAT


def test_it_tells_programs_what_it_shows() -> None:
    with Image.open(BytesIO(ContactSheet(a_sheet(2)).png())) as opened:
        opened.load()
        assert opened.info["Title"] == "a car"
        assert "2 pictures" in opened.info["Description"]


def test_memory_does_not_grow_with_the_pictures() -> None:
    contact = ContactSheet(a_sheet(12))
    big = pictures.png(1024, 1024, 1)
    tracemalloc.start()
    for where in contact.places:
        contact.place(where, big)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000, "pixels are Pillow's, and no bytes of pictures are kept"
