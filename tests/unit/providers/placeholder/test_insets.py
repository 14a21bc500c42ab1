from PIL import Image, ImageChops

from imgcli.providers.placeholder.insets import LEAST_ROOM, MOST, lay_prints, side_in

GREY = (128, 128, 128)
RED, BLUE = Image.new("RGB", (50, 50), (255, 0, 0)), Image.new("RGB", (50, 50), (0, 0, 255))


def laid(prints: list[Image.Image], room: tuple[int, int, int, int] = (0, 0, 400, 400)) -> Image.Image:
    ground = Image.new("RGB", (400, 400), GREY)
    lay_prints(ground, prints, room)
    return ground


def test_prints_stand_in_a_row_at_the_top_right_in_order() -> None:
    picture = laid([RED, BLUE])
    row = [picture.getpixel((x, 60)) for x in range(400)]
    assert row.index((255, 0, 0)) < row.index((0, 0, 255))
    assert row.index((255, 0, 0)) > 200
    assert picture.crop((0, 150, 400, 400)).getcolors() == [(400 * 250, GREY)]


def test_they_keep_to_their_room() -> None:
    room = (30, 150, 260, 400)
    changed = ImageChops.difference(laid([RED] * 9, room), Image.new("RGB", (400, 400), GREY)).getbbox()
    assert changed is not None
    assert changed[0] >= room[0]
    assert changed[1] >= room[1]
    assert changed[2] <= room[2]


def test_a_small_room_has_none() -> None:
    assert side_in((0, 0, LEAST_ROOM - 1, 900)) == 0
    assert laid([RED], (0, 0, LEAST_ROOM - 1, 300)).getcolors() == [(160_000, GREY)]


def test_no_more_are_shown_than_there_is_place_for() -> None:
    ground = Image.new("RGB", (4000, 300), GREY)
    lay_prints(ground, [RED] * 16, (0, 0, 4000, 300))
    strip = [ground.getpixel((x, 45)) == (255, 0, 0) for x in range(4000)]
    assert sum(strip[x] and not strip[x - 1] for x in range(1, 4000)) == MOST
