"""Pictures on disk that somebody chose, made in one line; tiny, and real."""

import hashlib
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from imgcli.model.attempt import Record, State
from imgcli.model.pick import Pick
from imgcli.model.picture import Painted, Picture
from imgcli.model.prompt import DirectedPrompt
from imgcli.storage.sidecar import sidecar_bytes
from tests.fakes.jobs import a_job

SHAPES = ((60, 40), (40, 60), (48, 48), (80, 40))


def tiny_png(number: int, sides: tuple[int, int] | None = None) -> bytes:
    """A PNG of a few pixels, or with these sides, in two colours that only this number has."""
    width, height = sides or SHAPES[number % len(SHAPES)]
    colours = [bytes((number * step % 256, number * step // 256 % 256, 90 + number % 120)) for step in (37, 91)]
    lines = b"".join(b"\0" + colours[y * 2 // height] * width for y in range(height))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines, 1)),
        (b"IEND", b""),
    ]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def a_pick(
    directory: Path,
    number: int = 1,
    *,
    typed: str = "a car",
    sent: str = "",
    revised: str = "",
    name: str = "",
    data: bytes = b"",
    image_format: str = "png",
    styles: tuple[str, ...] = (),
    cost: int | None = 10_000_000,
    sidecar: bool = False,
    sides: tuple[int, int] | None = None,
    **job: Any,
) -> Pick:
    """A picture that is really there, as if an attempt had made it; with a sidecar if that is wanted."""
    data = data or tiny_png(number, sides)
    path = directory / (name or f"picture-{number}.{image_format}")
    path.write_bytes(data)
    width, height = sides or SHAPES[number % len(SHAPES)]
    made = a_job(prompt=DirectedPrompt(typed, sent or typed, styles=styles), directory=directory, stem=path.stem, **job)
    at = f"2026-11-{1 + number // 1440 % 28:02}T{number // 60 % 24:02}:{number % 60:02}:00.000000Z"
    record = Record(
        *(f"attempt-{number:06}", "run-1", State.SETTLED, made, 100, cost, "2026-11-21", directory, path.name),
        Picture(hashlib.sha256(data).hexdigest(), len(data), image_format, width, height),
        *(Painted(revised=revised), at, at),
    )
    if sidecar:
        path.with_name(f"{path.name}.json").write_bytes(sidecar_bytes(record))
    return Pick(record, path, made.key)


def changed(pick: Pick, **record: Any) -> Pick:
    return replace(pick, record=replace(pick.record, **record))
