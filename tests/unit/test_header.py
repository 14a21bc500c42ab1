import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imgcli.header import Header, foreign_format, is_animated, jpeg_orientation, read_header
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


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("padding", [b"", b"x" * 60_000])
def test_how_a_camera_was_held_is_read_as_pillow_reads_it(turn: int, padding: bytes) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x010F] = "A camera"
    data = made("JPEG", exif=exif, comment=padding)
    with Image.open(io.BytesIO(data)) as image:
        assert image.getexif()[0x0112] == turn
    assert jpeg_orientation(io.BytesIO(data)) == turn


def test_a_picture_without_a_note_is_upright() -> None:
    assert jpeg_orientation(io.BytesIO(made("JPEG"))) == 1


@given(st.binary(max_size=80))
def test_any_note_of_a_camera_is_an_orientation(note: bytes) -> None:
    segment = b"Exif\0\0" + note
    data = b"\xff\xd8\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment
    assert 1 <= jpeg_orientation(io.BytesIO(data)) <= 8
    assert 1 <= jpeg_orientation(io.BytesIO(b"\xff\xd8\xff\xe1\0\x50Exif\0\0MM\0*\0\0\0\x08" + note)) <= 8


def test_moving_pictures_say_so() -> None:
    frames = [Image.new("RGB", (8, 8), (grey, grey, grey)) for grey in (0, 99)]
    for kind in ("PNG", "WEBP"):
        buffer = io.BytesIO()
        frames[0].save(buffer, kind, save_all=True, append_images=frames[1:])
        assert is_animated(buffer, kind.lower())
        assert not is_animated(io.BytesIO(made(kind)), kind.lower())
    assert not is_animated(io.BytesIO(made("WEBP", mode="RGBA")), "webp")
    assert not is_animated(io.BytesIO(made("JPEG")), "jpeg")


@pytest.mark.parametrize(
    ("head", "name"),
    [(b"GIF89a", "GIF"), (b"\0\0\0\x1cftypavif", "AVIF"), (b"\0\0\0\x1cftypmp42", "video"), (b"hello", ""), (b"", "")],
)
def test_what_others_are_called(head: bytes, name: str) -> None:
    assert foreign_format(head) == name
