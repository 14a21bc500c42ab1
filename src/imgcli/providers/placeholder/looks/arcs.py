"""Arcs: broad bands of colour that rise, turn a corner or radiate, as on a record sleeve."""

from collections.abc import Sequence
from dataclasses import dataclass

from imgcli.model.colour import to_oklab
from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.looks.pen import Pen, draw_sharp
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.palette import Colour, Palette, distance


def paint(width: int, height: int, palette: Palette, chance: Chance) -> Scene:
    ground = palette.order[0] if chance.likely(0.6) else palette.light if palette.is_light else palette.dark
    bands = _bands(ground, palette, chance)
    form = chance.pick((_bend, _rise, _corner))
    flip = chance.likely(0.5)
    place = chance.real()

    sleeve = Sleeve(width, height, bands, ground, place)

    def strokes(pen: Pen) -> None:
        form(_Mirror(pen, width if flip else 0), sleeve)

    return Scene(draw_sharp(width, height, ground, strokes), (0, round(height * 0.66), width, height))


@dataclass(frozen=True, slots=True)
class Sleeve:
    """Size in pixels, the bands from the outside in, and a number from 0 to 1 that moves them about."""

    width: int
    height: int
    bands: Sequence[Colour]
    ground: Colour
    place: float


class _Mirror:
    """A pen that draws everything the other way round when `width` is given."""

    def __init__(self, pen: Pen, width: int) -> None:
        self._pen = pen
        self._width = width

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self._pen.disc((self._x(x), y), radius, colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        left, right = sorted((self._x(left), self._x(right)))
        self._pen.box((left, top), (right, bottom), colour)

    def _x(self, x: float) -> float:
        return self._width - x if self._width else x


def _bands(ground: Colour, palette: Palette, chance: Chance) -> list[Colour]:
    """Colours from the outer band to the inner one: a walk through the shades, without what melts into the ground."""
    seen = [colour for colour in palette.shades if distance(colour, ground) > 0.1]
    walk = seen if len(seen) >= 3 else palette.ramp(5)
    if to_oklab(ground)[0] < 0.5 or chance.likely(0.3):
        walk = walk[::-1]
    if chance.likely(0.5):
        walk = [*walk[1::2], *walk[0::2]]
    return [*walk, *walk][: chance.whole(max(4, len(walk)), 7)]


def _rise(pen: _Mirror, sleeve: Sleeve) -> None:
    """Half discs behind a horizon."""
    width, height = sleeve.width, sleeve.height
    horizon = height * 0.58
    reach = min(horizon * 0.9, width * 0.46)
    centre = max(reach, width * 0.5) if width < height * 1.2 else width - reach * (0.75 + 0.5 * sleeve.place)
    for step, colour in enumerate(sleeve.bands):
        pen.disc(centre, horizon, reach * (1 - step / len(sleeve.bands)), colour)
    pen.box(0, horizon, width, height, sleeve.ground)


def _corner(pen: _Mirror, sleeve: Sleeve) -> None:
    """Rings about the upper corner, parted by thin lines of the ground."""
    width, height = sleeve.width, sleeve.height
    reach = min(height * 0.63, width * 0.94)
    thin = max(1.0, min(width, height) * 0.006)
    for step, colour in enumerate(sleeve.bands):
        radius = reach * (1 - step / (len(sleeve.bands) + sleeve.place))
        pen.disc(width, 0, radius + thin, sleeve.ground)
        pen.disc(width, 0, radius, colour)


def _bend(pen: _Mirror, sleeve: Sleeve) -> None:
    """Stripes that come down from the top and leave through the side."""
    width, height = sleeve.width, sleeve.height
    stripe = min(height * 0.58, width * 0.66) / (len(sleeve.bands) + 0.9)
    inner = stripe * (0.5 + sleeve.place * 0.4)
    outer = inner + stripe * len(sleeve.bands)
    left = width * (0.34 - 0.2 * sleeve.place) if width < height * 1.2 else width * (0.46 - 0.12 * sleeve.place)
    foot = height * 0.63
    corner = left + outer, foot - outer
    for step, colour in enumerate(sleeve.bands):
        radius = outer - stripe * step
        _turn(pen, corner, radius, width, colour)
    _turn(pen, corner, inner, width, sleeve.ground)


def _turn(pen: _Mirror, corner: tuple[float, float], radius: float, width: int, colour: Colour) -> None:
    """One stripe with all that lies inside it; the stripes of smaller radius cover the rest."""
    x, y = corner
    pen.disc(x, y, radius, colour)
    pen.box(x - radius, -1, width, y, colour)
    pen.box(x, -1, width, y + radius, colour)
