from PIL import Image, ImageChops, ImageOps, ImageStat

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.framing import Framing, choose, framed, lit
from tests.fakes.stored import still_life


def test_all_of_a_picture_is_itself() -> None:
    assert framed(still_life(), (240, 240), Framing()).tobytes() == still_life().tobytes()


def test_a_mirrored_one_is_mirrored() -> None:
    seen = framed(still_life(), (240, 240), Framing(mirrored=True))
    assert seen.tobytes() == ImageOps.mirror(still_life()).tobytes()


def test_zoom_and_side_choose_what_is_seen() -> None:
    halves = Image.new("RGB", (100, 100), (255, 0, 0))
    halves.paste((0, 0, 255), (50, 0, 100, 100))
    for across, colour in ((-1, (255, 0, 0)), (1, (0, 0, 255))):
        seen = framed(halves, (60, 60), Framing(zoom=2.0, across=across, down=-1))
        assert seen.crop((4, 4, 56, 56)).getcolors() == [(52 * 52, colour)]


def test_another_shape_is_filled() -> None:
    for size in ((300, 100), (64, 320), (1, 1)):
        assert framed(still_life(90, 120), size, choose(3, Chance(b"x"), close=False)).size == size


def test_light_from_the_left_is_brighter_there() -> None:
    grey = Image.new("RGB", (90, 90), (128, 128, 128))
    shone = lit(grey, Framing(light=180, strength=1.0)).convert("L")
    left, right = (ImageStat.Stat(shone.crop(box)).mean[0] for box in ((0, 0, 30, 90), (60, 0, 90, 90)))
    assert left > right + 40
    assert lit(grey, Framing()) is grey


def test_neighbours_look_at_other_corners_in_other_light() -> None:
    chosen = [choose(turn, Chance(bytes([turn])), close=False) for turn in range(6)]
    assert len({(each.across > 0, each.down > 0, each.mirrored, round(each.light)) for each in chosen}) == 6


def test_close_ones_stay_nearer() -> None:
    for turn in range(6):
        near, free = (choose(turn, Chance(b"x"), close=close) for close in (True, False))
        assert near.zoom < free.zoom
        assert not near.mirrored
        difference = ImageChops.difference(still_life(), framed(still_life(), (240, 240), near))
        assert max(ImageStat.Stat(difference).mean) < 40
