"""Pictures that weigh what real ones weigh: valid PNGs of noise, any number of them different, none made twice.

A picture is a short head that differs (signature, IHDR and a tEXt chunk with a number) and a long rest that is shared
(IDAT and IEND). The head is 66 bytes, so that head and rest can be encoded in base64 apart and joined.
"""

import base64
import random
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
NOTE = b"answer\0"
DIGITS = 14
HEAD = 66
BLOCK = 1 << 20
"""Bytes read at once: the peak memory of who verifies must stay below that of who is measured."""

LARGE = 4_000_000
"""Pixels above which a picture is noisier: 0.6 bytes a pixel and channel below, 0.9 above."""


@dataclass(frozen=True, slots=True)
class Rest:
    """The shared part: its base64, and what a file that ends with it weighs and sums up to."""

    encoded: memoryview
    size: int
    crc: int


def rests(width: int, height: int, count: int) -> list[Rest]:
    """`count` different ones; the same at every call."""
    return [_rest(width, height, seed) for seed in range(count)]


def _rest(width: int, height: int, seed: int) -> Rest:
    bits = 7 if width * height > LARGE else 5
    # Values of so many random bits, coded one by one, take just so many bits: nothing can make them smaller.
    values = bytes(value & (1 << bits) - 1 for value in range(256))
    row = 3 * width
    lots = random.Random(f"{seed} {width}x{height}").randbytes(row * height).translate(values)
    packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
    packed = [packer.compress(b"\0" + lots[start : start + row]) for start in range(0, len(lots), row)]
    data = _chunk(b"IDAT", b"".join([*packed, packer.flush()])) + _chunk(b"IEND", b"")
    return Rest(memoryview(base64.b64encode(data)), len(data), zlib.crc32(data))


def head(width: int, height: int, number: int) -> bytes:
    """The first 66 bytes of picture `number`."""
    shape = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", shape) + _chunk(b"tEXt", NOTE + f"{number:0{DIGITS}}".encode())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def number_of(path: Path, shape: tuple[int, int], known: frozenset[tuple[int, int]]) -> int | None:
    """The number of the picture in `path`; None unless every byte is as it was sent.

    Args:
        path: of the file.
        shape: width and height in pixels.
        known: (size, crc) of the rests that were sent.
    """
    crc = 0
    with path.open("rb") as file:
        first = file.read(HEAD)
        while block := file.read(BLOCK):
            crc = zlib.crc32(block, crc)
    told = first[HEAD - 4 - DIGITS : HEAD - 4]
    if not told.isdigit() or first != head(*shape, int(told)):
        return None
    return int(told) if (path.stat().st_size - HEAD, crc) in known else None
