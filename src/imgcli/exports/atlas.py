"""Pictures packed into one: where each lies is found without a pixel, the same for the same pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from imgcli.errors import UsageError


@dataclass(frozen=True, slots=True)
class Piece:
    """A picture of an atlas by its name, `width` x `height` pixels."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Atlas:
    """`places`: x and y of each piece, in the order of the pieces; all in pixels from the upper left."""

    width: int
    height: int
    places: tuple[tuple[int, int], ...]


def pack(pieces: Sequence[Piece], padding: int, max_size: int) -> Atlas:
    """The atlas with the fewest pixels of several widths that are tried, no strip where it can be none.

    `padding` pixels lie between all pieces and at its edges.

    Raises:
        UsageError: they do not fit into `max_size` x `max_size`.
    """
    order = sorted(range(len(pieces)), key=lambda at: (-pieces[at].height, -pieces[at].width, pieces[at].name))
    sizes = [(pieces[at].width + padding, pieces[at].height + padding) for at in order]
    best: Atlas | None = None
    for width in _widths(sizes, padding, max_size):
        found = _skyline(sizes, width - padding, max_size - padding)
        if found is None:
            continue
        across = max(x + w for (x, _), (w, _) in zip(found, sizes, strict=True)) + padding
        down = max(y + h for (_, y), (_, h) in zip(found, sizes, strict=True)) + padding
        if best is None or _badness(across, down) < _badness(best.width, best.height):
            places = dict(zip(order, found, strict=True))
            inside = tuple((places[at][0] + padding, places[at][1] + padding) for at in range(len(pieces)))
            best = Atlas(across, down, inside)
    if best is None:
        raise UsageError(
            f"{len(pieces):,} pictures do not fit into an atlas of {max_size}x{max_size}; make them smaller with "
            "--width, take fewer, or say --max-size"
        )
    return best


def _badness(width: int, height: int) -> tuple[bool, int, int]:
    """How bad a shape is: graphics hardware likes no long strips, and no pixels for nothing."""
    longer = max(width, height)
    return longer > 2 * min(width, height), width * height, longer


def _widths(sizes: Sequence[tuple[int, int]], padding: int, most: int) -> list[int]:
    """Widths that are worth a try: near the square root of the area, and the most there may be."""
    widest = max(width for width, _ in sizes) + padding
    side = int(sum(width * height for width, height in sizes) ** 0.5)
    tries = {max(widest, round(side * share / 8)) for share in range(6, 20)} | {widest, most}
    return sorted(width for width in tries if widest <= width <= most)


def _skyline(sizes: Sequence[tuple[int, int]], width: int, height: int) -> list[tuple[int, int]] | None:
    """Places (x, y) of each, laid one after the other where its top lies highest, then leftmost; None if one finds no place."""
    line = [(0, 0, width)]
    """(x, y, width) of the lower edge of what is laid, from the left."""
    places = []
    for wide, tall in sizes:
        found = min(
            (place for at in range(len(line)) if (place := _rest(line, at, wide, width)) is not None),
            default=None,
        )
        if found is None or found[0] + tall > height:
            return None
        top, left = found
        places.append((left, top))
        line = _raised(line, left, top + tall, wide)
    return places


def _rest(line: Sequence[tuple[int, int, int]], at: int, wide: int, width: int) -> tuple[int, int] | None:
    """(y, x) of a piece whose left side is that of a step of the line; None if it sticks out at the right."""
    left = line[at][0]
    if left + wide > width:
        return None
    top = 0
    for x, y, _ in line[at:]:
        if x >= left + wide:
            break
        top = max(top, y)
    return top, left


def _raised(line: Sequence[tuple[int, int, int]], left: int, top: int, wide: int) -> list[tuple[int, int, int]]:
    """The line with one step more; steps of one height are one."""
    right = left + wide
    steps = [(x, y, w) for x, y, w in line if x + w <= left]
    steps.append((left, top, wide))
    for x, y, w in line:
        if x + w > right:
            steps.append((max(x, right), y, x + w - max(x, right)))
    joined: list[tuple[int, int, int]] = []
    for x, y, w in steps:
        if joined and joined[-1][1] == y:
            joined[-1] = (joined[-1][0], y, joined[-1][2] + w)
        else:
            joined.append((x, y, w))
    return joined
