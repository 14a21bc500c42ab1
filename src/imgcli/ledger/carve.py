"""Rows out of a database file page by page, without its index of pages: for when that is what broke.

Follows the SQLite file format (sqlite.org/fileformat2.html, sections 1.6 and 2.1): leaf pages of tables are known by
their first byte, so rows are found even where the root that led to them is gone.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress

MAGIC = b"SQLite format 3\x00"
LEAF = 0x0D
MOST_COLUMNS = 64

Cell = tuple[int, list[int | float | str | bytes | None]]
"""A rowid and its columns."""


def carve(data: bytes) -> Iterator[Cell]:
    """Every row that can still be read, from live pages and from freed ones alike; the caller knows what it looks for."""
    size = _page_size(data)
    for start in range(0, len(data) - size + 1, size):
        head = start + 100 if start == 0 else start
        if data[head] == LEAF:
            yield from _cells(data, start, head, size)


def _page_size(data: bytes) -> int:
    """From the header, or SQLite's default where that is torn."""
    size = int(struct.unpack(">H", data[16:18])[0]) if data.startswith(MAGIC) else 0
    return size if size >= 512 and size & (size - 1) == 0 else 4096


def _cells(data: bytes, start: int, head: int, size: int) -> Iterator[Cell]:
    (count,) = struct.unpack(">H", data[head + 3 : head + 5])
    for index in range(min(count, size // 4)):
        place = head + 8 + 2 * index
        (offset,) = struct.unpack(">H", data[place : place + 2])
        with suppress(ValueError, IndexError, struct.error, UnicodeDecodeError):
            yield _cell(data, start, offset, size)


def _cell(data: bytes, start: int, offset: int, size: int) -> Cell:
    if not 8 <= offset < size:
        raise ValueError("outside its page")
    place = start + offset
    length, place = _varint(data, place)
    rowid, place = _varint(data, place)
    if length > len(data):
        raise ValueError("longer than the file")
    return rowid, _columns(_payload(data, place, length, size))


def _payload(data: bytes, place: int, length: int, size: int) -> bytes:
    """The row's bytes, with what overflowed to pages of its own (section 1.6; no reserved bytes)."""
    most, least = size - 35, (size - 12) * 32 // 255 - 23
    if length <= most:
        return data[place : place + length]
    local = least + (length - least) % (size - 4)
    local = local if local <= most else least
    found = bytearray(data[place : place + local])
    (page,) = struct.unpack(">I", data[place + local : place + local + 4])
    while len(found) < length:
        start = (page - 1) * size
        if page < 2 or start + size > len(data):
            raise ValueError("its overflow leads nowhere")
        (page,) = struct.unpack(">I", data[start : start + 4])
        found += data[start + 4 : start + min(size, 4 + length - len(found))]
    return bytes(found)


def _columns(record: bytes) -> list[int | float | str | bytes | None]:
    end, place = _varint(record, 0)
    kinds: list[int] = []
    while place < end and len(kinds) < MOST_COLUMNS:
        kind, place = _varint(record, place)
        kinds.append(kind)
    values: list[int | float | str | bytes | None] = []
    for kind in kinds:
        value, place = _value(record, place, kind)
        values.append(value)
    if place != len(record):
        raise ValueError("columns and length disagree")
    return values


def _value(record: bytes, place: int, kind: int) -> tuple[int | float | str | bytes | None, int]:
    """One column by its serial type (section 2.1)."""
    if kind == 0:
        return None, place
    if kind in {8, 9}:
        return kind - 8, place
    width = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8}.get(kind, (kind - 12) // 2)
    piece = record[place : place + width]
    if kind in {10, 11} or len(piece) != width:
        raise ValueError("no such column")
    place += width
    if kind == 7:
        return float(struct.unpack(">d", piece)[0]), place
    if kind <= 6:
        return int.from_bytes(piece, "big", signed=True), place
    return (piece.decode() if kind % 2 else piece), place


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for index in range(9):
        byte = data[place + index]
        if index == 8:
            return value << 8 | byte, place + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, place + index + 1
