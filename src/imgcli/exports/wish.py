"""What is wanted of an export, and the masters that it is made from."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

SETS = ("web", "favicon", "apple", "android", "sprite")
QUALITIES = {"webp": 80, "avif": 60, "jpeg": 82}
"""Of the formats that lose something, where nothing else is said: about what one sees in each."""

FORMATS = ("webp", "avif", "jpeg", "png")
SPRITE_FORMATS = ("png", "webp")
"""Formats of an atlas: those that give each pixel back."""

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)


class Fit(Enum):
    CONTAIN = "contain"  # all of the picture is there, with room beside it
    COVER = "cover"  # all of the room is filled, and the picture's longer sides are cut


class Label(Enum):
    NONE = "none"
    ORIGIN = "origin"  # that it was made by a machine, and from which master
    PROMPT = "prompt"  # and the words for it


@dataclass(frozen=True, slots=True)
class Wish:
    """How derived files are to be.

    Attributes:
        sets: of SETS, in their order.
        width: pixels of @1x, and of a picture in an atlas; None for a third of the master, and all of it.
        formats: of FORMATS; empty for WebP on the web, and PNG of an atlas.
        quality: 1 to 100 for all formats that lose something; None for QUALITIES.
        background: behind what lets through, and beside what does not fill; None leaves it clear where a file can.
        upscale: files may have more pixels than the master.
        padding: pixels between the pictures of an atlas, and around them.
        max_size: pixels of a side of an atlas.
    """

    sets: tuple[str, ...]
    width: int | None = None
    formats: tuple[str, ...] = ()
    quality: int | None = None
    fit: Fit = Fit.COVER
    background: Colour | None = None
    upscale: bool = False
    padding: int = 2
    max_size: int = 4096
    label: Label = Label.NONE

    @property
    def web_formats(self) -> tuple[str, ...]:
        return self.formats or FORMATS[:1]

    @property
    def sprite_formats(self) -> tuple[str, ...]:
        return tuple(each for each in SPRITE_FORMATS if each in self.formats) or SPRITE_FORMATS[:1]


@dataclass(frozen=True, slots=True)
class Master:
    """A picture as it was saved, which is only looked at.

    Attributes:
        stem: what its derived files are called; no other master of an export has it, in any case of letters.
        attempt: that made it.
        source_type: IPTC DigitalSourceType, its last word.
        prompt: as typed.
        width, height: pixels, upright.
    """

    path: Path
    stem: str
    sha256: str
    attempt: str
    source_type: str
    prompt: str
    width: int
    height: int

    @property
    def name(self) -> str:
        return self.path.name


def hex_colour(colour: Colour | None) -> str:
    """As `#rrggbb`; white where none is wished."""
    return "#{:02x}{:02x}{:02x}".format(*(colour or WHITE))
