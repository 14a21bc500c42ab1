"""Input pictures on disk, as they are told of in a job, and a small scene like a photograph."""

import hashlib
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from imgcli.model.input import Input


def stored(path: Path, picture: Image.Image, **save: Any) -> Input:
    """`picture` written to `path`, whose suffix says the format, and what was seen of it."""
    picture.save(path, **save)
    return looked_at(path)


def looked_at(path: Path) -> Input:
    data = path.read_bytes()
    with Image.open(path) as opened:
        word = (opened.format or "").lower()
        return Input(path, hashlib.sha256(data).hexdigest(), len(data), word, *opened.size, path.name)


def mask_of(path: Path, keep: Image.Image) -> Input:
    """A mask whose alpha is `keep` (L): 255 stays, 0 may change."""
    mask = Image.new("RGBA", keep.size, (0, 0, 0, 0))
    mask.putalpha(keep)
    return stored(path, mask)


def still_life(width: int = 240, height: int = 240) -> Image.Image:
    """A ball and a box on a table before a wall that gets darker: large and small shapes, soft and hard edges."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    picture = Image.blend(picture, Image.new("RGB", (width, height), (60, 110, 190)), 0.5)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height * 0.66, width, height), fill=(120, 78, 44))
    draw.rectangle((width * 0.58, height * 0.3, width * 0.85, height * 0.8), fill=(226, 190, 60))
    draw.ellipse((width * 0.14, height * 0.38, width * 0.5, height * 0.38 + width * 0.36), fill=(190, 40, 36))
    return picture.filter(ImageFilter.GaussianBlur(max(width, height) / 160))
