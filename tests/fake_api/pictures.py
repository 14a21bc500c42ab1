"""Tiny true pictures, written by hand: any size, one colour, no two alike.

A blank picture of 3840x2160 costs a few hundred bytes (WebP: 24) to some ten thousand (JPEG), so that a test of
a thousand pictures spends its time on the code under test.
"""

import functools
import struct
import zlib

FORMATS = ("png", "jpeg", "webp")


def make(kind: str, width: int, height: int, number: int) -> bytes:
    """A picture whose header says `width` x `height`; two numbers below 2**24 never give the same bytes."""
    match kind:
        case "png":
            return png(width, height, number)
        case "jpeg":
            return jpeg(width, height, number)
        case "webp":
            return webp(width, height, number)
        case _:
            raise ValueError(f"the fake API paints {', '.join(FORMATS)}, not {kind!r}")


def png(width: int, height: int, number: int) -> bytes:
    """One bit a pixel into a palette of one colour."""
    colour = (number & 0xFFFFFF).to_bytes(3, "big")
    header = struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)
    note = f"number\0{number}".encode()
    parts = ((b"IHDR", header), (b"tEXt", note), (b"PLTE", colour), (b"IDAT", _blank(width, height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def jpeg(width: int, height: int, number: int) -> bytes:
    """Baseline grey: after the first block each costs two bits, one for "same as before" and one for "flat"."""
    segments = (
        (0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        (0xFE, f"number {number}".encode()),
        (0xDB, b"\0" + b"\x08" * 64),
        (0xC0, struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)),
        (0xC4, b"\x00" + b"\x01\x01" + bytes(14) + b"\x00\x07"),
        (0xC4, b"\x10" + b"\x01" + bytes(15) + b"\x00"),
        (0xDA, b"\x01\x01\x00\x00\x3f\x00"),
    )
    head = b"".join(b"\xff" + bytes([mark]) + struct.pack(">H", len(data) + 2) + data for mark, data in segments)
    blocks = -(-width // 8) * -(-height // 8)
    bits = 10 + 2 * (blocks - 1)
    scan = bytearray(-(-bits // 8))
    scan[:2] = (0b10 << 14 | (64 + number % 64) << 7).to_bytes(2, "big")
    # The format fills the last byte with ones.
    scan[-1] |= (1 << 8 * len(scan) - bits) - 1
    return b"\xff\xd8" + head + bytes(scan) + b"\xff\xd9"


def webp(width: int, height: int, number: int) -> bytes:
    """Lossless, with five alphabets of one symbol each: the pixels themselves take no bits at all."""
    red, green, blue = (number & 0xFFFFFF).to_bytes(3, "big")
    fields = [(width - 1, 14), (height - 1, 14), (0, 1), (0, 3), (0, 3)]
    for symbol in (green, red, blue, 255):
        fields += [(0b101, 3), (symbol, 8)]
    fields += [(0b001, 3), (0, 1)]
    value = place = 0
    for field, width_in_bits in fields:
        value |= field << place
        place += width_in_bits
    data = b"\x2f" + value.to_bytes(-(-place // 8), "little")
    chunk = b"VP8L" + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


@functools.cache
def _blank(width: int, height: int) -> bytes:
    return zlib.compress(bytes((1 + -(-width // 8)) * height))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
