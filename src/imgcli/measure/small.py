"""A picture made small, for a page that shows thousands; every format Pillow reads, bounded in bytes and pixels."""

import hashlib
import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from imgcli.header import read_header

if TYPE_CHECKING:
    from PIL import Image

LONG = 480
"""Pixels of the longer side."""

MOST_BYTES = 256 * 1024 * 1024
MOST_PIXELS = 64_000_000
"""Of a picture that is decoded; a larger one is a mistake or a bomb."""

MOST_PROFILE = 16_384
"""Bytes of a colour profile that is taken along."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")


class Small(NamedTuple):
    """A WebP of `width` x `height` pixels, the SHA-256 (hex) of what it was made from, and whether it lets through."""

    data: bytes
    sha256: str
    width: int
    height: int
    clear: bool


def shrink(path: Path) -> Small:
    """The picture in `path` upright, LONG pixels along its longer side if it has them, transparency kept.

    Raises:
        ValueError: it cannot be read as a picture, or has too many bytes or pixels.
    """
    from PIL import Image  # noqa: PLC0415 - only who makes some pays for it

    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES:,} bytes")  # noqa: TRY301 - told like the others
        with warnings.catch_warnings():
            # Larger than Pillow likes is no news to the user: it is measured here.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise ValueError(f"{opened.width}x{opened.height} pixels")  # noqa: TRY301
                return _small(opened, hashlib.sha256(data).hexdigest())
    except Exception as error:  # noqa: BLE001 - decoders fail in any way on bytes of strangers
        raise ValueError(f"it cannot be made small ({type(error).__name__}: {error})") from None


def _small(opened: "Image.Image", sha256: str) -> Small:
    from PIL import Image, ImageOps  # noqa: PLC0415

    # JPEG is decoded at a fraction of its size.
    opened.draft("RGB", (LONG, LONG))
    profile = opened.info.get("icc_profile") if opened.mode in {"RGB", "RGBA", "P"} else None
    whole = ImageOps.exif_transpose(opened.convert("RGBA" if opened.has_transparency_data else "RGB"))
    scale = min(1.0, LONG / max(whole.size))
    size = max(1, round(whole.width * scale)), max(1, round(whole.height * scale))
    drawn = whole.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    clear = drawn.mode == "RGBA" and drawn.getchannel("A").getextrema()[0] < 255  # type: ignore[operator] # of one band
    if drawn.mode == "RGBA" and not clear:
        drawn = drawn.convert("RGB")
    kept = {"icc_profile": profile} if profile and len(profile) <= MOST_PROFILE else {}
    out = BytesIO()
    drawn.save(out, "WEBP", quality=80, method=3, **kept)
    return Small(out.getvalue(), sha256, *size, clear)


def shape_of(data: bytes) -> tuple[int, int, bool]:
    """Width and height of a small picture in pixels, and whether it lets something through, by its header."""
    header = read_header(BytesIO(data))
    if header is None:
        return 0, 0, False
    return header.width, header.height, data[12:16] == b"VP8X" and bool(data[20] & 0x10)
