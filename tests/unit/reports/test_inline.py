import re
from base64 import b64decode
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from imgcli.reports.inline import (
    CHUNK,
    ESC,
    RESET,
    STEPS,
    UPPER,
    Depth,
    cells_of,
    iterm2,
    kitty,
    letters,
    nearest,
    pixels,
    side_by_side,
)

CELL = re.compile(rf"(?:{ESC}\[([0-9;]+)m)?{UPPER}")


def noise(width: int, height: int, seed: int = 1) -> Image.Image:
    data = bytes((seed * 7919 + at * 104_729 + at * at) % 251 for at in range(width * height * 3))
    return Image.frombytes("RGB", (width, height), data)


def seen(line: str) -> list[tuple[str, str]]:
    """Ink and ground of each cell, as a terminal keeps them in mind."""
    ink = ground = ""
    cells = []
    for found in CELL.finditer(line.removesuffix(RESET)):
        for said in re.finditer(r"(38|48);(2;\d+;\d+;\d+|5;\d+)|(49)", found[1] or ""):
            if said[1] == "38":
                ink = said[2]
            else:
                ground = said[2] or ""
        cells.append((ink, ground))
    return cells


@settings(max_examples=30)
@given(st.integers(1, 12), st.integers(1, 9), st.integers(1, 99))
def test_half_blocks_are_the_pixels_of_the_picture(width: int, height: int, seed: int) -> None:
    image = noise(width, height, seed)
    lines = letters(image, Depth.TRUE)
    assert len(lines) == cells_of(image, Depth.TRUE)[1] == (height + 1) // 2
    for row, line in enumerate(lines):
        for column, (ink, ground) in enumerate(seen(line)):
            assert ink == "2;{};{};{}".format(*image.getpixel((column, 2 * row)))  # type: ignore[misc]
            below = image.getpixel((column, 2 * row + 1)) if 2 * row + 1 < height else None
            assert ground == ("2;{};{};{}".format(*below) if below else "")  # type: ignore[misc]


@pytest.mark.parametrize("depth", list(Depth))
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (30, 18)])
def test_letters_stay_in_their_cells_and_end_without_a_colour(depth: Depth, size: tuple[int, int]) -> None:
    image = noise(*pixels(*size, depth))
    lines = letters(image, depth)
    assert len(lines) == size[1]
    for line in lines:
        plain = re.sub(rf"{ESC}\[[0-9;]+m", "", line)
        assert len(plain) == size[0]
        assert set(plain) <= {UPPER} if depth is not Depth.NONE else all("\u2800" <= c <= "\u28ff" for c in plain)
        assert ESC not in plain
        assert depth is Depth.NONE or line.endswith(RESET)


def test_256_colours_are_those_that_no_user_changes() -> None:
    codes = {int(code) for line in letters(noise(20, 20), Depth.INDEXED) for code in re.findall(r";5;(\d+)", line)}
    assert codes
    assert all(16 <= code <= 255 for code in codes)


@settings(max_examples=50)
@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_a_colour_of_256_is_near_and_those_that_are_there_are_met(colour: tuple[int, int, int]) -> None:
    number = nearest(*colour)
    shown = value_of(number)
    assert nearest(*shown) == number
    assert max(abs(a - b) for a, b in zip(colour, shown, strict=True)) <= 95


def value_of(number: int) -> tuple[int, int, int]:
    if number >= 232:
        return (8 + 10 * (number - 232),) * 3
    red, rest = divmod(number - 16, 36)
    return STEPS[red], STEPS[rest // 6], STEPS[rest % 6]


def test_without_colour_light_and_dark_change_places_on_paper() -> None:
    image = Image.linear_gradient("L").resize((8, 16)).convert("RGB")
    dark, light = letters(image, Depth.NONE), letters(image, Depth.NONE, on_light=True)
    count = [sum((ord(c) - 0x2800).bit_count() for c in line) for line in (dark[0], light[0], dark[-1], light[-1])]
    assert count[0] < count[1]
    assert count[2] > count[3]


@pytest.mark.parametrize("side", [4, 120])
def test_kitty_gets_the_whole_picture_in_chunks(side: int) -> None:
    image = noise(side, side)
    sequence = kitty(image, 10, 5)
    parts = re.findall(rf"{ESC}_G([^;]*);([A-Za-z0-9+/=]*){ESC}\\", sequence)
    assert "".join(f"{ESC}_G{head};{data}{ESC}\\" for head, data in parts) == sequence
    assert all(len(data) <= CHUNK for _, data in parts)
    assert parts[0][0].startswith("a=T,f=100,q=2,C=1,c=10,r=5,")
    assert [head[-1] for head, _ in parts] == ["1"] * (len(parts) - 1) + ["0"]
    with Image.open(BytesIO(b64decode("".join(data for _, data in parts)))) as shown:
        assert ImageChops.difference(shown.convert("RGB"), image).getbbox() is None


def test_iterm2_is_told_cells_and_size() -> None:
    found = re.fullmatch(
        rf"{ESC}\]1337;File=inline=1;size=(\d+);width=8;height=4;[^:]*:([A-Za-z0-9+/=]+)\x07", iterm2(noise(9, 9), 8, 4)
    )
    assert found
    assert len(b64decode(found[2])) == int(found[1])


def test_pictures_stand_side_by_side_and_the_cursor_below_them() -> None:
    told = side_by_side([(0, "A"), (20, "B")], 3)
    assert told == f"\n\n\n{ESC}[3A{ESC}7{ESC}[1GA{ESC}8{ESC}7{ESC}[21GB{ESC}8{ESC}[3B\r"


def test_cream_and_midnight_keep_their_hue_in_256_colours() -> None:
    """Red, green and blue each rounded for itself make pink of the one and green of the other."""
    assert value_of(nearest(244, 235, 214)) in {(238, 238, 238), (228, 228, 228), (255, 255, 215)}
    red, green, blue = value_of(nearest(12, 20, 30))
    assert red == green == blue
