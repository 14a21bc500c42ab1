"""The size of a picture in pixels, as people write it."""

import re
from dataclasses import dataclass

WORDS = {"square": (1024, 1024), "landscape": (1536, 1024), "portrait": (1024, 1536)}
"""Sizes every GPT Image model makes, by the word for their shape."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels; `0x0` is `auto`, the model's own choice."""

    width: int
    height: int

    @property
    def is_auto(self) -> bool:
        return not self.width

    @property
    def pixels(self) -> int:
        return self.width * self.height

    def __str__(self) -> str:
        return "auto" if self.is_auto else f"{self.width}x{self.height}"


AUTO = Size(0, 0)


def parse_size(text: str) -> Size:
    """`1536x1024`, `square`, `portrait`, `landscape` or `auto`.

    Raises:
        ValueError: anything else.
    """
    word = text.strip().lower()
    if word == "auto":
        return AUTO
    if word in WORDS:
        return Size(*WORDS[word])
    if match := re.fullmatch(r"(\d{1,5})\s*[x×]\s*(\d{1,5})", word):
        size = Size(int(match[1]), int(match[2]))
        if size.width and size.height:
            return size
    raise ValueError(f"size {text!r} is not WIDTHxHEIGHT in pixels, square, portrait, landscape or auto")


def parse_aspect(text: str) -> tuple[int, int]:
    """`16:9` as (16, 9).

    Raises:
        ValueError: not two whole numbers from 1 to 100 with a colon between.
    """
    if match := re.fullmatch(r"(\d{1,3})\s*[:/]\s*(\d{1,3})", text.strip()):
        across, down = int(match[1]), int(match[2])
        if 1 <= across <= 100 and 1 <= down <= 100:
            return across, down
    raise ValueError(f"aspect {text!r} is not like 16:9")
