"""What may change in a picture: from boxes, a colour, or a black and white drawing to a mask whose holes may change."""

from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw

Rectangle = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, the last two exclusive."""

MOST_TOLERANCE = 255
NEAR = 16
"""How far from black or white is still that: JPEG and brushes blur their edges."""

MOST_GREY = 0.2
"""Share of pixels between black and white: soft edges have some, a photo is made of them."""

COLOURLESS = 24
"""Most that red, green and blue of a black and white drawing differ by."""


def of_boxes(size: tuple[int, int], boxes: Sequence[Rectangle]) -> Image.Image:
    """An alpha channel of `size`: 0 in the boxes, 255 elsewhere."""
    alpha = Image.new("L", size, 255)
    pen = ImageDraw.Draw(alpha)
    for left, top, right, bottom in boxes:
        pen.rectangle((left, top, right - 1, bottom - 1), fill=0)
    return alpha


def of_colour(image: Image.Image, colour: tuple[int, int, int], tolerance: int) -> Image.Image:
    """An alpha channel: 0 where red, green and blue each differ from `colour` by `tolerance` at most.

    Raises:
        ValueError: no pixel is like that.
    """
    within = None
    for channel, value in zip(image.convert("RGB").split(), colour, strict=True):
        low, high = value - tolerance, value + tolerance
        hits = channel.point([255 if low <= level <= high else 0 for level in range(256)])
        within = hits if within is None else ImageChops.darker(within, hits)
    if within is None or not within.histogram()[255]:
        raise ValueError("no pixel has that colour")
    return ImageChops.invert(within)


def of_drawing(image: Image.Image) -> Image.Image:
    """An alpha channel from black (stays) and white (may change); soft edges stay soft.

    Raises:
        ValueError: it is no such drawing, or all black; says which in words that follow its name.
    """
    red, green, blue = image.convert("RGB").split()
    spread = ImageChops.subtract(
        ImageChops.lighter(ImageChops.lighter(red, green), blue), ImageChops.darker(ImageChops.darker(red, green), blue)
    )
    grey = image.convert("RGB").convert("L")
    counts, total = grey.histogram(), image.width * image.height
    coloured = sum(spread.histogram()[COLOURLESS + 1 :])
    between = sum(counts[2 * NEAR : 256 - 2 * NEAR])
    if coloured > total * 0.01 or between > total * MOST_GREY:
        raise ValueError(
            "has no transparent part and is no black and white drawing; make transparent what may change, or paint that "
            "white and the rest black"
        )
    if sum(counts[256 - NEAR :]) == 0:
        raise ValueError("is black all over, so nothing may change; paint white what may")
    return grey.point([255 if v <= NEAR else 0 if v >= 255 - NEAR else 255 - v for v in range(256)])


def as_picture(alpha: Image.Image) -> Image.Image:
    """A mask of nothing but an alpha channel."""
    mask = Image.new("RGBA", alpha.size, (0, 0, 0, 0))
    mask.putalpha(alpha)
    return mask
