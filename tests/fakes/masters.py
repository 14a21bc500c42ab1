"""Masters of an export: noise of a shape, drawn and told in one line."""

import hashlib
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from imgcli.exports.wish import Master

A_MASTER = Master(Path("/nowhere/a car.png"), "a car", "ab" * 32, "attempt-1", "algorithmicMedia", "a car", 1200, 800)


def a_master(width: int = 1200, height: int = 800, **changes: Any) -> Master:
    """One that is nowhere."""
    return replace(A_MASTER, width=width, height=height, **changes)


def noise(width: int, height: int, seed: int = 1, mode: str = "RGB") -> Image.Image:
    """A picture of which no two pixels are alike, which no other seed gives."""
    return Image.frombytes(mode, (width, height), random.Random(seed).randbytes(width * height * len(mode)))  # noqa: S311


def master_at(path: Path, picture: Image.Image, stem: str = "", **how: Any) -> Master:
    """One that is there."""
    picture.save(path, **how)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return a_master(*picture.size, path=path, stem=stem or path.stem, sha256=digest)
