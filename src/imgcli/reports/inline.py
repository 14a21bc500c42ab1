"""A small picture as what a terminal draws it from: letters in colour, or the escape sequence of a graphics protocol.

Every byte of it is made here: nothing of a stranger's file reaches the terminal but the colours of its pixels.
"""

import math
from base64 import b64encode
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from io import BytesIO
from itertools import product

from PIL import Image, ImageEnhance, ImageOps

from imgcli.model.colour import to_oklab

ESC = "\x1b"
RESET = f"{ESC}[0m"
UPPER = "▀"
"""Its ink is the upper half of a cell, its ground the lower one."""

CHUNK = 4096
"""Letters of base64 that kitty takes at once."""

VIVID = 1.15
"""How much more colour a picture gets before it is drawn in 256 of them."""


class Way(StrEnum):
    """How a terminal is shown a picture."""

    BLOCKS = "blocks"
    KITTY = "kitty"
    ITERM2 = "iterm2"
    SIXEL = "sixel"


class Depth(StrEnum):
    """The colours of letters."""

    TRUE = "24 bits"
    INDEXED = "256"
    NONE = "none"


def pixels(columns: int, rows: int, depth: Depth) -> tuple[int, int]:
    """Width and height in pixels of a picture that `letters` draws in so many cells."""
    return (columns * 2, rows * 4) if depth is Depth.NONE else (columns, rows * 2)


def letters(image: Image.Image, depth: Depth, *, on_light: bool = False) -> list[str]:
    """`image` (RGB, as large as `pixels` says) as lines of letters, each ending in the colours it began in.

    Without colour it is dots of braille, dark ones where the terminal is light (`on_light`).
    """
    if depth is Depth.NONE:
        return _braille(image, on_light=on_light)
    codes = _indexed(image) if depth is Depth.INDEXED else _true(image)
    even = [*codes, [""] * image.width] if len(codes) % 2 else codes
    return [_line(upper, lower) for upper, lower in zip(even[::2], even[1::2], strict=True)]


def cells_of(image: Image.Image, depth: Depth) -> tuple[int, int]:
    """Columns and rows of the terminal that `letters` draws `image` in."""
    across, down = (2, 4) if depth is Depth.NONE else (1, 2)
    return -(-image.width // across), -(-image.height // down)


def kitty(image: Image.Image, columns: int, rows: int) -> str:
    """The graphics protocol of kitty: drawn over so many cells, the cursor left where it was, no answer asked for."""
    data = b64encode(png(image)).decode()
    chunks = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
    heads = [f"a=T,f=100,q=2,C=1,c={columns},r={rows},", *[""] * (len(chunks) - 1)]
    more = [*["1"] * (len(chunks) - 1), "0"]
    return "".join(
        f"{ESC}_G{head}m={goes_on};{chunk}{ESC}\\" for head, goes_on, chunk in zip(heads, more, chunks, strict=True)
    )


def iterm2(image: Image.Image, columns: int, rows: int) -> str:
    """The inline picture of iTerm2, drawn over so many cells."""
    data = png(image)
    asked = f"inline=1;size={len(data)};width={columns};height={rows};preserveAspectRatio=1"
    return f"{ESC}]1337;File={asked}:{b64encode(data).decode()}\x07"


def side_by_side(drawn: Sequence[tuple[int, str]], rows: int) -> str:
    """Sequences of pictures, each at its column from 0, side by side in so many `rows`; the cursor ends below them."""
    room = "\n" * rows + f"{ESC}[{rows}A"
    # A picture moves the cursor as each terminal likes; where it stood is kept by the terminal itself.
    placed = "".join(f"{ESC}7{ESC}[{column + 1}G{sequence}{ESC}8" for column, sequence in drawn)
    return f"{room}{placed}{ESC}[{rows}B\r"


def png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _line(upper: Sequence[str], lower: Sequence[str]) -> str:
    """One row of cells; a colour is only named where it changes."""
    parts, last = [], ("", "")
    for ink, ground in zip(upper, lower, strict=True):
        if (ink, ground) != last:
            said = [f"38;{ink}"] if ink != last[0] else []
            said += [f"48;{ground}" if ground else "49"] if ground != last[1] else []
            parts.append(f"{ESC}[{';'.join(said)}m")
            last = ink, ground
        parts.append(UPPER)
    return "".join(parts) + RESET


def _true(image: Image.Image) -> list[list[str]]:
    data = image.tobytes()
    row = image.width * 3
    return [
        [f"2;{data[at]};{data[at + 1]};{data[at + 2]}" for at in range(start, start + row, 3)]
        for start in range(0, len(data), row)
    ]


def _indexed(image: Image.Image) -> list[list[str]]:
    # The nearest of so few colours is a grey more often than the eye would say; dithering is noise at this size.
    data = ImageEnhance.Color(image).enhance(VIVID).tobytes()
    row = image.width * 3
    return [
        [f"5;{nearest(data[at], data[at + 1], data[at + 2])}" for at in range(start, start + row, 3)]
        for start in range(0, len(data), row)
    ]


STEPS = (0, 95, 135, 175, 215, 255)
"""Red, green and blue of the cube of colours that all terminals of 256 share, from 16 on; 24 greys follow it."""


@lru_cache(maxsize=4096)
def nearest(red: int, green: int, blue: int) -> int:
    """The number of a colour among the 240 that are the same everywhere; the first 16 are the user's own."""
    wanted = to_oklab((red, green, blue))
    return min(_candidates(red, green, blue), key=lambda number: math.dist(wanted, _seen(number)))


def _candidates(red: int, green: int, blue: int) -> Iterator[int]:
    """The corners of the cell of the cube that a colour lies in, and the greys about as light."""
    below = [max(step for step in range(6) if STEPS[step] <= value) for value in (red, green, blue)]
    for corner in product(*((step, min(5, step + 1)) for step in below)):
        yield 16 + 36 * corner[0] + 6 * corner[1] + corner[2]
    middle = ((red + green + blue) // 3 - 8) // 10
    yield from (232 + max(0, min(23, grey)) for grey in (middle, middle + 1))


@cache
def _seen(number: int) -> tuple[float, float, float]:
    if number >= 232:
        return to_oklab((8 + 10 * (number - 232),) * 3)
    red, rest = divmod(number - 16, 36)
    return to_oklab((STEPS[red], STEPS[rest // 6], STEPS[rest % 6]))


DOTS = ((0, 0, 0x01), (0, 1, 0x02), (0, 2, 0x04), (1, 0, 0x08), (1, 1, 0x10), (1, 2, 0x20), (0, 3, 0x40), (1, 3, 0x80))
"""Of a letter of braille: column, row, and its bit above U+2800."""


def _braille(image: Image.Image, *, on_light: bool) -> list[str]:
    grey = ImageOps.autocontrast(image.convert("L"), cutoff=1)
    if on_light:
        grey = ImageOps.invert(grey)
    columns, rows = cells_of(image, Depth.NONE)
    ground = Image.new("1", (columns * 2, rows * 4))
    ground.paste(grey.convert("1", dither=Image.Dither.FLOYDSTEINBERG))
    bits, width = ground.convert("L").tobytes(), ground.width
    return [
        "".join(
            chr(0x2800 + sum(bit for dx, dy, bit in DOTS if bits[(4 * row + dy) * width + 2 * column + dx]))
            for column in range(columns)
        )
        for row in range(rows)
    ]
