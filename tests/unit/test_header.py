import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imgcli.header import Header, read_header
from tests.fake_api import pictures


def made(kind: str, size: tuple[int, int] = (37, 21), mode: str = "RGB", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, kind, **options)
    return buffer.getvalue()


CASES = [
    ("png", made("PNG")),
    ("png", made("PNG", mode="RGBA")),
    ("jpeg", made("JPEG")),
    ("jpeg", made("JPEG", progressive=True)),
    ("jpeg", made("JPEG", comment=b"x" * 60_000, exif=b"Exif\0\0" + b"y" * 60_000)),
    ("webp", made("WEBP")),
    ("webp", made("WEBP", lossless=True)),
    ("webp", made("WEBP", mode="RGBA")),
    ("gif", made("GIF", mode="P")),
]


@pytest.mark.parametrize(("kind", "data"), CASES)
def test_format_and_shape(kind: str, data: bytes) -> None:
    assert read_header(io.BytesIO(data)) == Header(kind, 37, 21)


def test_many_segments_before_the_shape() -> None:
    """Content Credentials fill dozens of APP11 segments of 64 KiB."""
    data = made("JPEG")
    segment = b"\xff\xeb\xff\xff" + b"c" * 65533
    assert read_header(io.BytesIO(data[:2] + segment * 40 + data[2:])) == Header("jpeg", 37, 21)


@pytest.mark.parametrize("data", [b"", b"<html>", b"RIFF1234WAVE", b"\x89PNG\r\n\x1a\n", b"GIF89", b"BM" + b"0" * 50])
def test_what_is_no_picture(data: bytes) -> None:
    assert read_header(io.BytesIO(data)) is None


@given(st.sampled_from([data for _, data in CASES]), st.integers(0, 400), st.binary(max_size=40))
def test_damage_never_breaks_the_reader(data: bytes, cut: int, junk: bytes) -> None:
    read_header(io.BytesIO(data[:cut] + junk))


def test_our_own_test_pictures_are_pictures() -> None:
    for size in ((1024, 1024), (1536, 1024)):
        data = pictures.png(*size, 7)
        assert Image.open(io.BytesIO(data)).size == size
        assert read_header(io.BytesIO(data)) == Header("png", *size)
