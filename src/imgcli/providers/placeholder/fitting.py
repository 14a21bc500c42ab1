"""One shape inside another: pictures cut to a size, rooms for words in a region of any outline."""

from PIL import Image, ImageChops

from imgcli.providers.placeholder.looks.scene import Box
from imgcli.providers.placeholder.looks.soft import small_size

GRID = 72
"""Cells along the longer side in which the room of a region is looked for."""


def cover_box(source: tuple[int, int], size: tuple[int, int]) -> tuple[float, float, float, float]:
    """The middle part of a picture of size `source` that has the shape of `size`, as large as it goes."""
    # By one division each: a product of floats may reach beyond the picture, which Pillow refuses.
    width = min(source[0], source[1] * size[0] / size[1])
    height = min(source[1], source[0] * size[1] / size[0])
    left, top = (source[0] - width) / 2, (source[1] - height) / 2
    return within(source, (left, top, left + width, top + height))


def within(source: tuple[int, int], box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """`box` without what sums of fractions let it stick out of a picture of size `source`, which Pillow refuses."""
    left, top, right, bottom = box
    return max(0.0, left), max(0.0, top), min(float(source[0]), right), min(float(source[1]), bottom)


def cover(picture: Image.Image, size: tuple[int, int], by: Image.Resampling = Image.Resampling.LANCZOS) -> Image.Image:
    """`picture` resized and cut at the sides that are too long; itself where it has this size."""
    if picture.size == size:
        return picture
    return picture.resize(size, by, cover_box(picture.size, size), reducing_gap=3.0)


def room_in(region: Image.Image) -> Box:
    """The largest upright rectangle that lies wholly inside a `region` (L, 255 is inside), to about a cell."""
    width, height = region.size
    if least(region) == 255:
        return 0, 0, width, height
    small = region.resize(small_size(width, height, GRID), Image.Resampling.BOX)
    # A picture smaller than the grid has cells of one pixel; elsewhere a cell is inside if all of it is.
    across, down = small.size
    left, top, right, bottom = _largest(
        small.point([255 if level >= 254 else 0 for level in range(256)]).tobytes(), across
    )
    # Rounded inwards, so that nothing of a neighbouring cell is taken for inside.
    return -(-left * width // across), -(-top * height // down), right * width // across, bottom * height // down


def _largest(cells: bytes, across: int) -> Box:
    """The largest rectangle of non-zero cells; the stack holds columns that still rise."""
    best, found = 0, (0, 0, 0, 0)
    heights = [0] * (across + 1)
    for row in range(len(cells) // across):
        stack: list[tuple[int, int]] = []
        for column in range(across + 1):
            here = heights[column] + 1 if column < across and cells[row * across + column] else 0
            heights[column] = here
            start = column
            while stack and stack[-1][1] >= here:
                start, tall = stack.pop()
                if tall * (column - start) > best:
                    best, found = tall * (column - start), (start, row + 1 - tall, column, row + 1)
            stack.append((start, here))
    return found


def is_empty(picture: Image.Image, region: Image.Image) -> bool:
    """Whether hardly anything can be seen of `picture` (RGBA) in the `region` (L) of its size."""
    seen = ImageChops.multiply(picture.getchannel("A"), region)
    return _mean(seen) < 0.06 * _mean(region)


def _mean(levels: Image.Image) -> float:
    small = levels.reduce(max(1, min(levels.size) // 64)).tobytes()
    return sum(small) / len(small)


def least(levels: Image.Image) -> int:
    """The darkest level of an L picture."""
    return next(level for level, count in enumerate(levels.histogram()) if count)
