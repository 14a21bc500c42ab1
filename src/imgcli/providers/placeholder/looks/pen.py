"""Crisp edges: shapes are drawn large in bands, then averaged down, so that memory stays flat at any size."""

from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from imgcli.providers.placeholder.palette import Colour

FINE = 3
"""Times larger, each way, that shapes are drawn: nine samples a pixel."""

BAND = 192
"""Rows of the picture drawn at a time."""

Point = tuple[float, float]


class Pen:
    """Draws filled shapes, in pixels of the finished picture."""

    def __init__(self, draw: ImageDraw.ImageDraw, top: int) -> None:
        self._draw = draw
        self._top = top

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        self._draw.ellipse(self._around(centre, radius), fill=colour)

    def wedge(self, centre: Point, radius: float, degrees: tuple[float, float], colour: Colour) -> None:
        """A slice of a disc, clockwise from three o'clock."""
        self._draw.pieslice(self._around(centre, radius), *degrees, fill=colour)

    def box(self, start: Point, end: Point, colour: Colour) -> None:
        (left, top), (right, bottom) = self._at(start), self._at(end)
        if right > left and bottom > top:
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=colour)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self._draw.polygon([self._at(point) for point in points], fill=colour)

    def _at(self, point: Point) -> tuple[int, int]:
        return round(point[0] * FINE), round((point[1] - self._top) * FINE)

    def _around(self, centre: Point, radius: float) -> tuple[int, int, int, int]:
        left, top = self._at((centre[0] - radius, centre[1] - radius))
        side = max(1, round(2 * radius * FINE))
        return left, top, left + side - 1, top + side - 1


def draw_sharp(width: int, height: int, ground: Colour, strokes: Callable[[Pen], None]) -> Image.Image:
    """What `strokes` draws on `ground`, with smooth edges; it is called once for every band."""
    picture = Image.new("RGB", (width, height), ground)
    for top in range(0, height, BAND):
        rows = min(BAND, height - top)
        band = Image.new("RGB", (width * FINE, rows * FINE), ground)
        strokes(Pen(ImageDraw.Draw(band), top))
        picture.paste(band.reduce(FINE), (0, top))
    return picture
