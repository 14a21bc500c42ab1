"""What a look hands over."""

from dataclasses import dataclass

from PIL import Image

Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A painted ground, RGB, and the part of it that is quiet enough for words, which stand at its foot."""

    picture: Image.Image
    area: Box
