"""The true format and shape of a picture, read from its header without decoding a pixel.

Formats: PNG (ISO/IEC 15948), JPEG (ITU-T T.81 annex B), WebP (RFC 9649), GIF (89a). Every read is bounded.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import BinaryIO

MAX_SEGMENTS = 4096
"""JPEG segments looked at before the size is given up; Content Credentials alone may fill dozens."""


@dataclass(frozen=True, slots=True)
class Header:
    """`width` and `height` in pixels, 0 if the header hides them."""

    format: str
    width: int
    height: int


def read_header(file: BinaryIO) -> Header | None:
    """What the bytes of `file` say they are, from its start; None for no picture we know."""
    file.seek(0)
    head = file.read(32)
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR" and len(head) >= 24:
        return Header("png", *struct.unpack(">II", head[16:24]))
    if head.startswith((b"GIF87a", b"GIF89a")) and len(head) >= 10:
        return Header("gif", *struct.unpack("<HH", head[6:10]))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP" and len(head) >= 30:
        return Header("webp", *_webp_shape(head))
    if head.startswith(b"\xff\xd8\xff"):
        return Header("jpeg", *_jpeg_shape(file))
    return None


def _webp_shape(head: bytes) -> tuple[int, int]:
    match head[12:16]:
        case b"VP8 " if head[23:26] == b"\x9d\x01\x2a":
            width, height = struct.unpack("<HH", head[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L" if head[20] == 0x2F:
            bits = int.from_bytes(head[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
        case _:
            return 0, 0


def _jpeg_shape(file: BinaryIO) -> tuple[int, int]:
    file.seek(2)
    for _ in range(MAX_SEGMENTS):
        marker = file.read(2)
        if marker == b"\xff\xff":  # a fill byte may stand before a marker
            file.seek(-1, 1)
            continue
        if len(marker) < 2 or marker[0] != 0xFF:
            return 0, 0
        kind = marker[1]
        if kind == 0x01 or 0xD0 <= kind <= 0xD8:  # markers without a length
            continue
        length = file.read(2)
        if len(length) < 2 or kind in {0xD9, 0xDA}:
            return 0, 0
        if 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:
            frame = file.read(5)
            if len(frame) < 5:
                return 0, 0
            height, width = struct.unpack(">HH", frame[1:])
            return width, height
        file.seek(max(0, int.from_bytes(length, "big") - 2), 1)
    return 0, 0


def is_animated(file: BinaryIO, picture_format: str) -> bool:
    """Whether a PNG or WebP says in its header that it has several frames."""
    if picture_format == "png":
        return any(kind == b"acTL" for kind in takewhile(lambda kind: kind != b"IDAT", _png_chunks(file)))
    file.seek(12)
    head = file.read(9)
    return picture_format == "webp" and head[:4] == b"VP8X" and len(head) == 9 and bool(head[8] & 0x02)


_SIGNATURES = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"8BPS", "Photoshop file"),
    (b"%PDF", "PDF"),
    (b"\0\0\1\0", "icon"),
    (b"<svg", "SVG"),
    (b"<?xml", "SVG or other XML"),
    (b"PK\3\4", "ZIP archive"),
)
_BRANDS = ((b"avif", "AVIF"), (b"avis", "AVIF"), (b"heic", "HEIC"), (b"heix", "HEIC"), (b"mif1", "HEIC"))


def foreign_format(head: bytes) -> str:
    """What a file that `read_header` does not know is, by its first bytes; empty for what nobody here knows."""
    if head[4:8] == b"ftyp":
        return next((name for brand, name in _BRANDS if head[8:12] == brand), "video")
    return next((name for start, name in _SIGNATURES if head.startswith(start)), "")


MAX_CHUNKS = 4096
"""Chunks of a PNG or WebP looked at; Content Credentials stand before or right after the pixels."""


def has_credentials(file: BinaryIO, picture_format: str) -> bool:
    """Whether the container holds C2PA Content Credentials, by its markers (C2PA 2.x, "Embedding manifests").

    PNG: a `caBX` chunk; JPEG: an APP11 segment with a `c2pa` JUMBF box; WebP: a `C2PA` chunk.
    """
    match picture_format:
        case "png":
            return b"caBX" in _png_chunks(file)
        case "webp":
            return b"C2PA" in _riff_chunks(file)
        case "jpeg":
            return _jpeg_has_c2pa(file)
        case _:
            return False


def _png_chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(8)
    for _ in range(MAX_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            return
        yield head[4:]
        file.seek(int.from_bytes(head[:4], "big") + 4, 1)


def _riff_chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(12)
    for _ in range(MAX_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            return
        yield head[:4]
        size = int.from_bytes(head[4:], "little")
        file.seek(size + size % 2, 1)


def jpeg_orientation(file: BinaryIO) -> int:
    """How the camera was held (EXIF tag 0x0112): 1 upright, 2 to 8 turned or mirrored; 1 where nothing tells."""
    file.seek(2)
    for _ in range(MAX_SEGMENTS):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in {0xD9, 0xDA}:
            return 1
        size = max(0, int.from_bytes(head[2:], "big") - 2)
        if head[1] == 0xE1:
            start = file.read(size)
            if start.startswith(b"Exif\0\0"):
                return _tiff_orientation(start[6:])
        else:
            file.seek(size, 1)
    return 1


def _tiff_orientation(data: bytes) -> int:
    """The tag in the first directory of a TIFF (revision 6.0, section 2)."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None or len(data) < 8:
        return 1
    (start,) = struct.unpack_from(f"{order}I", data, 4)
    if start + 2 > len(data):
        return 1
    (count,) = struct.unpack_from(f"{order}H", data, start)
    for at in range(start + 2, min(start + 2 + 12 * count, len(data) - 11), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", data, at)
        if (tag, kind) == (0x0112, 3):
            return value if 1 <= value <= 8 else 1
    return 1


def _jpeg_has_c2pa(file: BinaryIO) -> bool:
    file.seek(2)
    for _ in range(MAX_SEGMENTS):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in {0xD9, 0xDA}:
            return False
        size = max(0, int.from_bytes(head[2:], "big") - 2)
        if head[1] == 0xEB:
            start = file.read(min(size, 128))
            if start.startswith(b"JP") and b"c2pa" in start:
                return True
            size -= len(start)
        file.seek(size, 1)
    return False
