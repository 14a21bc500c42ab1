import re
from base64 import b64decode
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imgcli.reports.inline import CHUNK, RESET, Depth, cells_of, iterm2, kitty, letters, pixels, png, side_by_side

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
KITTY = re.compile(r"\x1b_G([a-zA-Z0-9=,]*);([A-Za-z0-9+/=]*)\x1b\\")


def a_picture(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 90).convert("RGB")


@given(st.integers(1, 30), st.integers(1, 40), st.sampled_from(Depth))
def test_letters_are_colours_and_blocks_and_nothing_else(width: int, height: int, depth: Depth) -> None:
    drawn = letters(a_picture(width, height), depth)
    columns, rows = cells_of(a_picture(width, height), depth)
    assert len(drawn) == rows
    for line in drawn:
        assert "\x1b" not in (plain := COLOURS.sub("", line))
        assert len(plain) == columns
        assert {letter == "▀" or "\u2800" <= letter <= "\u28ff" for letter in plain} == {True}
        assert line.endswith(RESET) or depth is Depth.NONE


def test_what_pixels_says_fills_the_cells() -> None:
    for depth in Depth:
        assert cells_of(Image.new("RGB", pixels(12, 5, depth)), depth) == (12, 5)


def test_colours_are_those_of_the_picture() -> None:
    image = Image.new("RGB", (2, 2), (255, 0, 0))
    image.putpixel((0, 1), (0, 0, 255))
    image.putpixel((1, 1), (0, 0, 255))
    assert letters(image, Depth.TRUE) == [f"\x1b[38;2;255;0;0;48;2;0;0;255m▀▀{RESET}"]
    assert letters(image, Depth.INDEXED) == [f"\x1b[38;5;196;48;5;21m▀▀{RESET}"]
    assert "\x1b" not in "".join(letters(image, Depth.NONE))


def test_an_odd_last_line_has_no_ground() -> None:
    assert letters(Image.new("RGB", (1, 1), (1, 2, 3)), Depth.TRUE) == [f"\x1b[38;2;1;2;3m▀{RESET}"]


def test_kitty_gets_the_picture_in_chunks_it_takes() -> None:
    image = a_picture(200, 150)
    parts = KITTY.findall(kitty(image, 20, 8))
    assert KITTY.sub("", kitty(image, 20, 8)) == ""
    assert len(parts) > 2
    assert parts[0][0] == "a=T,f=100,q=2,C=1,c=20,r=8,m=1"
    assert [head for head, _ in parts[1:]] == ["m=1"] * (len(parts) - 2) + ["m=0"]
    assert all(len(data) <= CHUNK for _, data in parts)
    sent = Image.open(BytesIO(b64decode("".join(data for _, data in parts))))
    assert sent.tobytes() == image.tobytes()


def test_iterm2_is_told_how_large_it_is() -> None:
    image = a_picture(20, 10)
    told = iterm2(image, 4, 2)
    size = len(png(image))
    assert told.startswith(f"\x1b]1337;File=inline=1;size={size};width=4;height=2;preserveAspectRatio=1:")
    assert b64decode(told.partition(":")[2].removesuffix("\x07")) == png(image)


def test_pictures_side_by_side_leave_the_cursor_below() -> None:
    text = side_by_side([(2, "<one>"), (24, "<two>")], 3)
    assert text == "\n\n\n\x1b[3A\x1b7\x1b[3G<one>\x1b8\x1b7\x1b[25G<two>\x1b8\x1b[3B\r"
