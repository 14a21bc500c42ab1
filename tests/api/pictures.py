"""Small true pictures, each different, at any size: a single-colour PNG compresses to nothing."""

import io
import struct
import zlib

from PIL import Image


def png(width: int, height: int, number: int) -> bytes:
    """A PNG of one grey, with `number` in a text chunk so that no two are alike."""
    rows = zlib.compress(bytes(1 + width) * height, 1)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    note = f"number\0{number}".encode()
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(*part) for part in ((b"IHDR", header), (b"tEXt", note), (b"IDAT", rows), (b"IEND", b""))
    )


def jpeg(number: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), (number % 256, number // 256 % 256, 90)).save(buffer, "JPEG", comment=str(number))
    return buffer.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
