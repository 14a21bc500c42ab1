import struct
import warnings
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imgcli.reports.thumbnail import DARK, LIGHT, UnreadableError, thumbnail

RED = (200, 30, 30)


def encoded(kind: str, size: tuple[int, int] = (200, 100), mode: str = "RGB", **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, RED).convert(mode).save(out, kind, **options)
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A tiny PNG whose header promises any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    parts = (
        struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data)) for tag, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_format_of_a_provider_fits_its_box(kind: str) -> None:
    small = thumbnail(encoded(kind), 50, 50)
    assert small.size == (50, 25)
    assert small.mode == "RGB"
    assert all(abs(a - b) < 12 for a, b in zip(small.getpixel((25, 12)), RED, strict=True))  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16", "CMYK"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert thumbnail(encoded(kind, mode=mode), 50, 50).mode == "RGB"


def test_a_small_picture_grows_and_a_thin_one_stays() -> None:
    assert thumbnail(encoded("PNG", (10, 10)), 50, 80).size == (50, 50)
    assert thumbnail(encoded("PNG", (2000, 1)), 50, 50).size == (50, 1)


def test_transparency_is_shown_by_squares() -> None:
    out = BytesIO()
    Image.new("RGBA", (64, 64)).save(out, "PNG")
    small = thumbnail(out.getvalue(), 64, 64)
    assert {small.getpixel((0, 0)), small.getpixel((13, 0))} == {LIGHT, DARK}


def test_a_picture_on_its_side_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert thumbnail(encoded("JPEG", exif=exif), 100, 100).size == (50, 100)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n",
        encoded("PNG")[:60],
        encoded("JPEG")[:200],
        encoded("WEBP")[:40],
        png_of(100, 100),
        png_of(0, 5),
        png_of(65_535, 65_535),
        png_of(10_000, 9_500),
    ],
)
def test_what_cannot_be_drawn_says_so_and_no_more(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UnreadableError):
            thumbnail(data, 50, 50)


def test_a_bomb_is_not_decoded() -> None:
    out = BytesIO()
    Image.new("1", (10_000, 6_500)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(UnreadableError, match="too many pixels"):
        thumbnail(out.getvalue(), 50, 50)


@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_damaged_bytes_never_raise_anything_else(kind: str, at: int, data: bytes) -> None:
    whole = encoded(kind, (40, 30))
    try:
        thumbnail(whole[:at] + data + whole[at + len(data) :], 20, 20)
    except UnreadableError as error:
        assert "\n" not in str(error)  # noqa: PT017 - most of them can be read all the same
