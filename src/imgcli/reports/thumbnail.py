"""A picture of a stranger's as a small one: every format Pillow reads, bounded in pixels, never an exception of its own."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps

MOST_PIXELS = 36_000_000
"""Pixels of a picture that is decoded; a larger one is a mistake or a bomb."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
CHECK = 12
"""Side of the squares that transparency is shown by, in pixels."""

LIGHT, DARK = (255, 255, 255), (236, 236, 233)


class UnreadableError(ValueError):
    """The bytes give no picture; the message is a few words for people."""


def thumbnail(data: bytes, width: int, height: int, check: int = CHECK) -> Image.Image:
    """The picture in `data` as RGB, as large as `width` x `height` pixels hold; transparency over a checkerboard
    of squares of `check` pixels.

    Raises:
        UnreadableError: it is damaged, of another format, or too large.
    """
    try:
        with warnings.catch_warnings():
            # Larger than Pillow likes is no news to the user: it is measured here.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height <= MOST_PIXELS:
                    opened.draft("RGB", (width, height))
                    return _fitted(opened, width, height, check)
    except Image.DecompressionBombError:
        pass
    except Exception:  # noqa: BLE001 - decoders fail in any way on bytes of strangers, and no sheet is lost over one
        raise UnreadableError("cannot be read as a picture") from None
    raise UnreadableError("too many pixels to draw")


def _fitted(opened: Image.Image, width: int, height: int, check: int) -> Image.Image:
    has_alpha = opened.has_transparency_data
    upright = ImageOps.exif_transpose(opened.convert("RGBA" if has_alpha else "RGB"))
    scale = min(width / upright.width, height / upright.height)
    size = max(1, round(upright.width * scale)), max(1, round(upright.height * scale))
    small = upright.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    if not has_alpha:
        return small
    ground = _checkerboard(size, check)
    ground.paste(small, (0, 0), small)
    return ground


def _checkerboard(size: tuple[int, int], check: int) -> Image.Image:
    tile = Image.new("RGB", (2, 2), LIGHT)
    tile.putpixel((0, 0), DARK)
    tile.putpixel((1, 1), DARK)
    across, down = -(-size[0] // (2 * check)), -(-size[1] // (2 * check))
    square = tile.resize((2 * check, 2 * check), Image.Resampling.NEAREST)
    ground = Image.new("RGB", size, LIGHT)
    for x in range(across):
        for y in range(down):
            ground.paste(square, (x * 2 * check, y * 2 * check))
    return ground
