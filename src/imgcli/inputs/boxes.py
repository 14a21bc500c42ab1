"""Rectangles as people type them: `x,y,width,height`, in pixels or percent of the picture."""

import re
from dataclasses import dataclass

from imgcli.errors import UsageError
from imgcli.model.input import Input

_PART = re.compile(r"\s*(\d{1,6}(?:\.\d{1,4})?)\s*(%|px)?\s*")


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, width and height as (number, whether it is percent); `typed` is what messages call it."""

    sides: tuple[tuple[float, bool], ...]
    typed: str

    def within(self, picture: Input) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in pixels of `picture`, the last two exclusive.

        Raises:
            UsageError: it is empty, or reaches beyond the picture.
        """
        whole = (picture.width, picture.height, picture.width, picture.height)
        x, y, width, height = (
            round(number * full / 100) if percent else round(number)
            for (number, percent), full in zip(self.sides, whole, strict=True)
        )
        if not width or not height:
            raise UsageError(f"the box {self.typed} is empty in {picture.name} ({picture.width}x{picture.height})")
        if x + width > picture.width or y + height > picture.height:
            raise UsageError(
                f"the box {self.typed} reaches to {x + width},{y + height}, and {picture.name} "
                f"is {picture.width}x{picture.height}; a box is x,y,width,height"
            )
        return x, y, x + width, y + height


def parse_box(text: str) -> Box:
    """`10,10,200,100` or `25%,25%,50%,50%`.

    Raises:
        UsageError: anything else.
    """
    found = [_PART.fullmatch(part) for part in text.split(",")]
    if len(found) != 4 or not all(found):
        raise UsageError(
            f"the box {text[:60]!r} is not x,y,width,height in pixels or percent, like 100,50,300,200 or 25%,25%,50%,50%"
        )
    return Box(tuple((float(part[1]), part[2] == "%") for part in found if part), text.strip())
