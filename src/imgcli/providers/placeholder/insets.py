"""Further input pictures, shown small: a row of prints with a white border."""

from collections.abc import Sequence

from PIL import Image, ImageFilter

from imgcli.providers.placeholder.fitting import cover
from imgcli.providers.placeholder.looks.scene import Box

LEAST_ROOM = 200
"""Pixels of the shorter side of a room that has place for prints."""

MOST = 6
"""Prints shown; the others are read, and not shown."""

SHARE = 0.17
"""Side of a print, of the shorter side of its room."""


def side_in(room: Box) -> int:
    """The side of a print in `room`, in pixels; 0 where there is no place for any."""
    shorter = min(room[2] - room[0], room[3] - room[1])
    return round(shorter * SHARE) if shorter >= LEAST_ROOM else 0


def lay_prints(ground: Image.Image, prints: Sequence[Image.Image], room: Box) -> None:
    """Put `prints` (RGB) onto an RGB `ground`, at the top right of `room`."""
    side = side_in(room)
    if not side or not prints:
        return
    margin = round(side * 0.38)
    gap, border = round(side * 0.16), max(2, round(side * 0.05))
    fitting = max(1, (room[2] - room[0] - 2 * margin + gap) // (side + gap))
    x, y = room[2] - margin - side, room[1] + margin
    # From the right, so that the row ends at the margin and begins with the first.
    for each in reversed(prints[: min(MOST, fitting)]):
        _shade(ground, (x, y), side)
        ground.paste((252, 251, 248), (x, y, x + side, y + side))
        ground.paste(cover(each, (side - 2 * border, side - 2 * border)), (x + border, y + border))
        x -= side + gap


def _shade(ground: Image.Image, place: tuple[int, int], side: int) -> None:
    blur = max(2, side // 12)
    shadow = Image.new("L", (side + 6 * blur, side + 6 * blur))
    shadow.paste(110, (3 * blur, 3 * blur, 3 * blur + side, 3 * blur + side))
    soft = shadow.filter(ImageFilter.GaussianBlur(blur))
    ground.paste((10, 10, 14), (place[0] - 3 * blur, place[1] - 2 * blur), soft)
