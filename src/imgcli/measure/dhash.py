"""Difference hashes: pictures that look alike have hashes of few different bits.

N. Krawetz, "Kind of Like That" (2013): the picture as 9x8 greys, and for each row whether a grey is followed by a
lighter one. The bits are those of imagehash.dhash.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

SIDE = 8
BITS = SIDE * SIDE

ALIKE = 6
"""Bits: a re-save or resize changes none, another brightness one or two, another seed of the same prompt over 20."""

BANDS = ALIKE + 1
"""Of hashes that differ in at most ALIKE bits one band of seven is the same."""


def dhash(picture: "Image.Image") -> str:
    """16 hex digits; what is transparent counts as white."""
    from PIL import Image  # noqa: PLC0415 - only who measures pays for it

    if picture.has_transparency_data:
        solid = picture.convert("RGBA")
        ground = Image.new("RGBA", solid.size, "white")
        picture = Image.alpha_composite(ground, solid)
    grey = picture.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(SIDE):
        for column in range(SIDE):
            at = row * (SIDE + 1) + column
            bits = bits << 1 | (grey[at + 1] > grey[at])
    return f"{bits:016x}"


def distance(one: str, other: str) -> int:
    """Bits in which two hashes differ, 0 to 64."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


class Alike:
    """Finds the hashes that are like one without looking at all of them."""

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        self._bands: dict[tuple[int, int], list[tuple[str, str]]] = {}
        for found, name in known:
            self.add(found, name)

    def add(self, found: str, name: str) -> None:
        for band in _bands(found):
            self._bands.setdefault(band, []).append((found, name))

    def of(self, found: str) -> list[str]:
        """Names of what looks like it, the most alike first."""
        near = {each for band in _bands(found) for each in self._bands.get(band, ())}
        ranked = sorted((distance(found, other), name) for other, name in near)
        return [name for bits, name in ranked if bits <= ALIKE]


def _bands(found: str) -> Iterator[tuple[int, int]]:
    bits, width = int(found, 16), -(-BITS // BANDS)
    for band in range(BANDS):
        yield band, bits >> band * width & (1 << width) - 1
