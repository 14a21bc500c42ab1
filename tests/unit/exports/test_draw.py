import math
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, features

from imgcli.exports.draw import can_write, draw, encode, is_clear
from imgcli.exports.plan import RAW, Drawing
from imgcli.exports.wish import Colour, Fit
from tests.fakes.masters import noise
from tests.rows import each_row

RED, BLUE = (255, 0, 0), (0, 0, 255)


def opened(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as picture:
        picture.load()
        return picture


def at(picture: Image.Image, x: int, y: int) -> Any:
    return picture.convert("RGBA").getpixel((x, y))


def test_the_shape_of_the_master_is_kept_and_what_has_its_size_keeps_each_pixel() -> None:
    master = noise(40, 20)
    same, done = draw(master, Drawing(40, 20, "png"), None)
    assert (same.tobytes(), done) == (master.tobytes(), [])
    half, done = draw(master, Drawing(20, 10, "png"), None)
    assert (half.size, half.mode, done) == ((20, 10), "RGB", ["scaled to 20x10"])


def test_a_picture_covers_its_room_by_its_middle() -> None:
    wide = Image.new("RGB", (300, 100), RED)
    wide.paste(BLUE, (100, 0, 200, 100))
    made, done = draw(wide, Drawing(50, 50, "png", Fit.COVER), None)
    assert {at(made, 3, 3)[:3], at(made, 46, 46)[:3]} == {BLUE}
    assert done == ["cut to its middle", "scaled to 50x50"]


@each_row(
    "background, opaque, form, beside",
    [
        (None, False, "png", (0, 0, 0, 0)),
        (None, True, "png", (255, 255, 255, 255)),
        (None, False, "jpeg", (255, 255, 255, 255)),
        (BLUE, False, "png", (*BLUE, 255)),
        (BLUE, True, "png", (*BLUE, 255)),
    ],
)
def test_all_of_a_picture_is_contained_with_room_beside_it(
    background: Colour | None, opaque: bool, form: str, beside: object
) -> None:
    how = Drawing(50, 50, form, Fit.CONTAIN, opaque=opaque)
    made, _ = draw(Image.new("RGB", (100, 50), RED), how, background)
    assert (at(made, 25, 25), at(made, 25, 5)) == ((*RED, 255), beside)
    assert (made.mode == "RGB") is (beside != (0, 0, 0, 0))


def test_transparency_is_kept_where_nothing_is_put_behind_it() -> None:
    clear = Image.new("RGBA", (10, 10), (255, 0, 0, 128))
    assert is_clear(clear)
    assert at(draw(clear, Drawing(10, 10, "webp"), None)[0], 5, 5) == (255, 0, 0, 128)
    on_blue, done = draw(clear, Drawing(10, 10, "png"), BLUE)
    assert at(on_blue, 5, 5) == (128, 0, 127, 255)
    assert done == ["put on #0000ff"]
    assert at(draw(clear, Drawing(10, 10, "png", bare=True), BLUE)[0], 5, 5) == (255, 0, 0, 128)
    assert (
        at(opened(encode(draw(clear, Drawing(10, 10, "webp"), None)[0], Drawing(10, 10, "webp"), 100)), 5, 5)[3] == 128
    )


def test_what_lets_through_stays_within_what_is_always_seen_and_the_rest_fills_the_icon() -> None:
    how = Drawing(100, 100, "png", Fit.COVER, safe=0.8, opaque=True)
    clear = Image.new("RGBA", (100, 100), (*RED, 255))
    clear.putpixel((50, 50), (0, 0, 0, 0))
    made, _ = draw(clear, how, None)
    assert (at(made, 5, 50), at(made, 15, 50)) == ((255, 255, 255, 255), (*RED, 255))
    assert at(draw(Image.new("RGB", (100, 100), RED), how, None)[0], 1, 50) == (*RED, 255)


@each_row("shape", [(100, 100), (200, 50), (30, 90)])
def test_all_of_what_is_contained_lies_in_the_circle_that_masks_leave(shape: tuple[int, int]) -> None:
    how = Drawing(200, 200, "png", Fit.CONTAIN, safe=0.8, bare=True)
    made, _ = draw(Image.new("RGB", shape, RED), how, None)
    left, top, right, bottom = made.getchannel("A").getbbox() or (0, 0, 0, 0)
    for x, y in ((left, top), (right, bottom)):
        assert 75 <= math.hypot(x - 100, y - 100) <= 81


def test_a_round_icon_is_clear_in_its_corners() -> None:
    made, done = draw(Image.new("RGB", (96, 96), RED), Drawing(48, 48, "png", Fit.COVER, round=True), BLUE)
    assert (at(made, 0, 0)[3], at(made, 24, 24), at(made, 24, 1)[3]) == (0, (*RED, 255), 255)
    assert done[-1] == "cut to a circle"


@pytest.mark.parametrize("form", ["png", "jpeg", "webp", "avif"])
def test_a_file_has_its_label_and_nothing_of_its_master(form: str) -> None:
    master = noise(64, 64)
    master.info |= {"icc_profile": b"profile", "exif": b"Exif\0\0II", "xmp": b"<secret/>", "comment": b"secret"}
    how = Drawing(64, 64, form)
    made, _ = draw(master, how, None)
    plain = opened(encode(made, how, None))
    assert not set(plain.info) & {"icc_profile", "exif", "xmp", "XML:com.adobe.xmp", "comment"}
    assert b"secret" not in encode(made, how, None)
    labelled = opened(encode(made, how, None, b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'))
    assert "xmpmeta" in labelled.getxmp()
    assert plain.tobytes() == labelled.tobytes()
    assert encode(made, how, None) == encode(made, how, None)


def test_quality_changes_what_loses_something() -> None:
    master = noise(64, 64)
    for form in ("jpeg", "webp", "avif"):
        how = Drawing(64, 64, form)
        assert len(encode(master, how, 10)) < len(encode(master, how, None)) < len(encode(master, how, 100)), form


def test_an_icon_of_several_sizes_has_the_pixels_it_was_given() -> None:
    how = Drawing(48, 48, "ico", Fit.COVER, sizes=(16, 32, 48))
    frames = [noise(side, side, side) for side in how.sizes]
    icon: Any = Image.open(BytesIO(encode(frames[-1], how, None, b"", frames)))
    assert icon.ico.sizes() == {(16, 16), (32, 32), (48, 48)}
    for frame in frames:
        assert icon.ico.getimage(frame.size).convert("RGB").tobytes() == frame.tobytes()


def test_bare_pixels_for_an_atlas() -> None:
    assert encode(noise(3, 2), Drawing(3, 2, RAW), None) == noise(3, 2).convert("RGBA").tobytes()


def test_a_pillow_without_avif_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(map(can_write, ("avif", "webp", "png", "jpeg")))
    monkeypatch.setattr(features, "check", lambda name: name != "avif")
    assert not can_write("avif")
    assert can_write("webp")
