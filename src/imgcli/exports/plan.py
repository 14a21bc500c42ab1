"""Which files of which shape come of each master; no pixel is touched."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from imgcli.exports.wish import Fit, Master, Wish

LONGEST = 16_383
"""Pixels of a side of a derived file: the most that WebP can have."""

MOST_PIXELS = 64_000_000
ENDINGS = {"webp": "webp", "avif": "avif", "jpeg": "jpg", "png": "png", "ico": "ico"}
RAW = "raw"
"""The format of a picture on its way into an atlas: bare pixels, RGBA."""

_DENSITY = re.compile(r"@(?=[23]x$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Drawing:
    """How one file is drawn.

    Attributes:
        width, height: pixels.
        format: of ENDINGS, or RAW.
        fit: None where the shape is that of the master.
        safe: the share of it that no mask cuts, which holds a picture that lets something through, or is to be seen whole;
            others fill all of it.
        opaque: nothing may shine through, whatever the format can.
        bare: no background is put behind it, also where one is wanted.
        round: only the circle in it is seen.
        sizes: of an icon of several, pixels of their sides.
    """

    width: int
    height: int
    format: str
    fit: Fit | None = None
    safe: float = 1.0
    opaque: bool = False
    bare: bool = False
    round: bool = False
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file to be; `path` is relative, with slashes; `content` is how it is drawn, or its text."""

    path: str
    set: str
    master: Master
    content: Drawing | str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not made, with why."""

    path: str
    master: Master
    why: str


Planned = File | Skipped


def drawn(path: str, set_name: str, master: Master, drawing: Drawing, wish: Wish) -> Planned:
    """The file, unless it would be larger than its master or than files can be."""
    if max(drawing.width, drawing.height) > LONGEST or drawing.width * drawing.height > MOST_PIXELS:
        return Skipped(
            path, master, f"{drawing.width}x{drawing.height} is more than {LONGEST} a side, or 64 megapixels"
        )
    if not wish.upscale and scale_of(master, drawing) > 1:
        return Skipped(
            path, master, f"{drawing.width}x{drawing.height} is more than the {master.width}x{master.height} there are"
        )
    return File(path, set_name, master, drawing)


def scale_of(master: Master, drawing: Drawing) -> float:
    """By what the pixels of a master are multiplied for a drawing."""
    scales = drawing.width / master.width, drawing.height / master.height
    if drawing.fit is None:
        return scales[0]  # its height is rounded
    return min(scales) if drawing.fit is Fit.CONTAIN else max(scales)


def web(master: Master, wish: Wish) -> Iterator[Planned]:
    """@1x, @2x and @3x in each format."""
    for density in (1, 2, 3):
        width, height = shape(master, wish.width * density if wish.width else master.width * density / 3)
        for form in wish.web_formats:
            mark = "" if density == 1 else f"@{density}x"
            path = f"web/{master.stem}{mark}.{ENDINGS[form]}"
            yield drawn(path, "web", master, Drawing(width, height, form), wish)


def shape(master: Master, width: float) -> tuple[int, int]:
    """Pixels of all of a master, `width` wide."""
    whole = max(1, round(width))
    return whole, max(1, round(master.height * whole / master.width))


def pieces(master: Master, wish: Wish) -> Iterator[Planned]:
    """The picture as it goes into an atlas."""
    drawing = Drawing(*shape(master, wish.width or master.width), RAW)
    yield drawn(f"sprite/{master.stem}", "sprite", master, drawing, wish)


def name_apart(stems: Sequence[str]) -> list[str]:
    """`stems` with a number behind each that another one has already, in any case of letters.

    None ends like a density: `car@2x` is what the second file of `car` is called.
    """
    stems = [_DENSITY.sub("-", stem) for stem in stems]
    taken = {stem.casefold() for stem in stems}
    seen: set[str] = set()
    apart = []
    for stem in stems:
        name, number = stem, 1
        while name.casefold() in seen or (number > 1 and name.casefold() in taken):
            number += 1
            name = f"{stem}-{number}"
        seen.add(name.casefold())
        apart.append(name)
    return apart
