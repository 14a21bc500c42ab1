"""True input pictures on the disk, and what is said of them."""

import struct
import zlib
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from imgcli.inputs.read import read_input
from imgcli.model.input import Input

RED, GREEN, BLUE, WHITE, BLACK = (200, 30, 30), (20, 200, 20), (30, 30, 200), (255, 255, 255), (0, 0, 0)


def a_photo(path: Path, size: tuple[int, int] = (64, 48), **options: Any) -> Input:
    """Blue, with a red square of 16 pixels at (8, 8); the format is that of the suffix."""
    image = Image.new("RGB", size, BLUE)
    ImageDraw.Draw(image).rectangle((8, 8, 23, 23), fill=RED)
    image.save(path, **options)
    return read_input(path, path.name)


def a_turned_photo(path: Path, size: tuple[int, int] = (64, 48)) -> Input:
    """A JPEG or PNG that a camera took lying on its side, with a place in its EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secret Cameras Ltd"
    return a_photo(path, size, exif=exif)


def a_drawing(path: Path, size: tuple[int, int] = (64, 48), **options: Any) -> Input:
    """Black, with a white square of 16 pixels at (8, 8)."""
    image = Image.new("L", size, 0)
    ImageDraw.Draw(image).rectangle((8, 8, 23, 23), fill=255)
    image.save(path, **options)
    return read_input(path, path.name)


def a_promise(path: Path, width: int, height: int) -> Path:
    """A tiny PNG whose header promises any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    parts = (
        struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data)) for tag, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return path


def pixels(path: Path, mode: str = "RGBA") -> Image.Image:
    """The picture at `path`, decoded."""
    with Image.open(path) as image:
        return image.convert(mode)
