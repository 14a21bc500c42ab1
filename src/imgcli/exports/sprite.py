"""An atlas on a disk: pieces of bare pixels -> one picture in each format, and JSON that game engines read."""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from imgcli.exports.atlas import Atlas, Piece
from imgcli.exports.draw import save_png


def compose(atlas: Atlas, pieces: Sequence[Piece], files: Sequence[Path]) -> Image.Image:
    """All pieces at their places; one of them at a time is in memory beside the atlas.

    Raises:
        OSError: a piece cannot be read.
    """
    whole = Image.new("RGBA", (atlas.width, atlas.height), (0, 0, 0, 0))
    for at, piece, file in zip(atlas.places, pieces, files, strict=True):
        whole.paste(Image.frombytes("RGBA", (piece.width, piece.height), file.read_bytes()), at)
    return whole


def encoded(whole: Image.Image, form: str, xmp: bytes) -> bytes:
    """A PNG or WebP that gives each pixel back, also the colours of those that are clear."""
    out = BytesIO()
    if form == "webp":
        told: dict[str, Any] = {"xmp": xmp} if xmp else {}
        whole.save(out, "WEBP", lossless=True, exact=True, method=4, quality=75, **told)
    else:
        save_png(whole, out, xmp)
    return out.getvalue()


def frames(atlas: Atlas, pieces: Sequence[Piece], image: str, tool: str) -> str:
    """Where each piece lies, in the hash form that TexturePacker made common."""
    told = {
        "frames": {
            f"{piece.name}.png": {
                "frame": {"x": x, "y": y, "w": piece.width, "h": piece.height},
                "rotated": False,
                "trimmed": False,
                "spriteSourceSize": {"x": 0, "y": 0, "w": piece.width, "h": piece.height},
                "sourceSize": {"w": piece.width, "h": piece.height},
            }
            for (x, y), piece in sorted(zip(atlas.places, pieces, strict=True), key=lambda each: each[1].name)
        },
        "meta": {
            "app": tool,
            "version": "1.0",
            "image": image,
            "format": "RGBA8888",
            "size": {"w": atlas.width, "h": atlas.height},
            "scale": "1",
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
