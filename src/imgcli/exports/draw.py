"""A master's pixels -> the pixels and the bytes of one derived file."""

import math
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops, ImageDraw, features
from PIL.PngImagePlugin import PngInfo

from imgcli.exports.plan import RAW, Drawing
from imgcli.exports.wish import QUALITIES, WHITE, Colour, Fit, hex_colour

FINE = 4
"""Times the size at which a circle is drawn, so that its edge is soft."""


def can_write(form: str) -> bool:
    """Whether this build of Pillow writes a format."""
    return form not in {"webp", "avif"} or bool(features.check(form))


def draw(image: Image.Image, how: Drawing, background: Colour | None) -> tuple[Image.Image, list[str]]:
    """The pixels of a file, and what was done for them in words.

    Args:
        image: upright, in sRGB; RGBA where something may shine through, else RGB.
        how: shape and form.
        background: as wished.
    """
    done: list[str] = []
    clear = is_clear(image)
    # What fills an icon to its edges may lose some; what is meant to be seen whole may not.
    room = _safe_room(image, how) if clear or how.fit is Fit.CONTAIN else (how.width, how.height)
    part = _scaled(image, room, how.fit, done)
    fills = part.size == (how.width, how.height)
    ground = None if how.bare else background
    if ground is None and (how.opaque or how.format == "jpeg"):
        ground = WHITE
    if (clear or not fills) and ground is not None:
        done.append(f"put on {hex_colour(ground)}")
    part = _on_canvas(part, (how.width, how.height), ground)
    if how.round:
        part = _in_circle(part)
        done.append("cut to a circle")
    return part, done


def is_clear(image: Image.Image) -> bool:
    """Whether anything shines through."""
    return image.mode == "RGBA" and image.getchannel("A").getextrema()[0] != 255


def _safe_room(image: Image.Image, how: Drawing) -> tuple[int, int]:
    """The part of an icon that no mask cuts; all of a picture that is contained lies in the circle that masks leave."""
    width, height = how.width * how.safe, how.height * how.safe
    if how.fit is Fit.CONTAIN and how.safe < 1:
        diagonal = math.hypot(*image.size)
        width, height = width * image.width / diagonal, height * image.height / diagonal
    return round(width), round(height)


def _scaled(image: Image.Image, room: tuple[int, int], fit: Fit | None, done: list[str]) -> Image.Image:
    """All of `image` as large as `room` lets it be, or the middle of it that fills `room`."""
    across, down = room[0] / image.width, room[1] / image.height
    box: tuple[float, float, float, float] = (0, 0, *image.size)
    size = room
    if fit is Fit.CONTAIN:
        scale = min(across, down)
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    elif fit is Fit.COVER:
        scale = max(across, down)
        width, height = min(image.width, room[0] / scale), min(image.height, room[1] / scale)
        left, top = (image.width - width) / 2, (image.height - height) / 2
        box = (left, top, left + width, top + height)
        if (width, height) != image.size:
            done.append("cut to its middle")
    if size == image.size and box == (0, 0, *image.size):
        return image.copy()
    done.append(f"scaled to {size[0]}x{size[1]}")
    return image.resize(size, Image.Resampling.LANCZOS, box)


def _on_canvas(part: Image.Image, size: tuple[int, int], ground: Colour | None) -> Image.Image:
    """`part` in the middle of a canvas that is clear, or of one colour; a bare one holds no metadata."""
    if part.mode == "RGB" and part.size == size:
        canvas = Image.new("RGB", size)
        canvas.paste(part)
        return canvas
    at = (size[0] - part.width) // 2, (size[1] - part.height) // 2
    if ground is None:
        canvas = Image.new("RGBA", size, (0, 0, 0, 0))
        canvas.paste(part, at)
        return canvas
    canvas = Image.new("RGB", size, ground)
    canvas.paste(part, at, part if part.mode == "RGBA" else None)
    return canvas


def _in_circle(image: Image.Image) -> Image.Image:
    mask = Image.new("L", (image.width * FINE, image.height * FINE), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, mask.width - 1, mask.height - 1), fill=255)
    mask = mask.resize(image.size, Image.Resampling.LANCZOS)
    cut = image.convert("RGBA")
    cut.putalpha(ImageChops.multiply(cut.getchannel("A"), mask))
    return cut


def encode(
    image: Image.Image, how: Drawing, quality: int | None, xmp: bytes = b"", frames: Sequence[Image.Image] = ()
) -> bytes:
    """The bytes of a file, the same for the same pixels; `xmp` is its only metadata, `frames` an icon of several sizes."""
    if how.format == RAW:
        return image.convert("RGBA").tobytes()
    out = BytesIO()
    told: dict[str, Any] = {"xmp": xmp} if xmp else {}
    if how.format in QUALITIES:
        told["quality"] = quality or QUALITIES[how.format]
    match how.format:
        case "jpeg":
            image.convert("RGB").save(out, "JPEG", optimize=True, progressive=True, **told)
        case "webp":
            image.save(out, "WEBP", method=4, **told)
        case "avif":
            # One thread: several split the picture another way, and the bytes would not be the same.
            image.save(out, "AVIF", speed=6, max_threads=1, **told)
        case "ico":
            _save_ico(frames, out)
        case _:
            save_png(image, out, xmp)
    return out.getvalue()


def save_png(image: Image.Image, out: BytesIO, xmp: bytes) -> None:
    """Pillow's `xmp=` does nothing for PNG, so it goes into the chunk that readers look for."""
    info = PngInfo()
    if xmp:
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
    image.save(out, "PNG", pnginfo=info)


def _save_ico(frames: Sequence[Image.Image], out: BytesIO) -> None:
    # Windows takes no PNG without transparency in an icon.
    plain = [frame.convert("RGBA") for frame in frames]
    plain[-1].save(out, "ICO", sizes=[frame.size for frame in plain], append_images=plain[:-1])
