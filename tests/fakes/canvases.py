"""Small pictures of known looks."""

from io import BytesIO
from random import Random

from PIL import Image


def png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "png")
    return out.getvalue()


def flat(colour: str = "#3366cc", width: int = 64, height: int = 64) -> Image.Image:
    return Image.new("RGB", (width, height), colour)


def patches(seed: int, width: int = 96, height: int = 96) -> Image.Image:
    """A picture of 9x8 random greys: another seed looks like nothing of this one."""
    luck = Random(seed)  # noqa: S311 - no secret
    small = Image.new("L", (9, 8))
    small.putdata([luck.randrange(256) for _ in range(72)])
    return small.resize((width, height), Image.Resampling.BILINEAR).convert("RGB")
