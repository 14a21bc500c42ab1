"""What a picture looks like, in 64 bits."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Likeness:
    """`dhash` (16 hex digits, see `measure.dhash`) of the bytes `sha256` (hex), which were at `path` (absolute) then."""

    sha256: str
    dhash: str
    path: Path
