"""What is to be painted, apart from the pictures it is painted from."""

import hashlib
import json
from dataclasses import dataclass

from imgcli.providers.placeholder.lettering import Caption
from imgcli.typeset import glyphs, wording

VERSION = "fpo-edit1"
"""Part of every hash: raise it when the same edit should give another picture."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Words, colours (`#rrggbb`), size in pixels, and the choices that tell one picture from the next.

    Attributes:
        text: the directed prompt, which tells jobs of the same typed words apart.
        variant: 1 for the first of several that share all other inputs.
        clear: whether the background is to be transparent.
        opaque: whether nothing may be.
        close: whether it is to stay close to the inputs.
        sources: SHA-256 (hex) of all input pictures.
    """

    typed: str
    text: str = ""
    styles: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    seed: int | None = None
    variant: int = 1
    width: int = 1024
    height: int = 1024
    format: str = "png"
    clear: bool = False
    opaque: bool = False
    close: bool = False
    sources: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def idea(self) -> bytes:
        """A hash of what all variants share; size and format are no part of it."""
        return _digest([VERSION, self.typed, self.text, self.styles, self.colours, self.seed, self.sources])

    @property
    def face(self) -> bytes:
        """A hash of what makes this one what it is."""
        return _digest([self.idea.hex(), self.variant])

    @property
    def title(self) -> str:
        """What was typed, as far as it can be set in type."""
        return wording.clean(self.typed) or wording.symbol_names(self.typed) or "edit"

    def caption(self, shape: str, font: str = glyphs.SANS) -> Caption:
        return Caption(self.title, wording.clean(", ".join(self.styles)), shape, font)


def _digest(inputs: list[object]) -> bytes:
    return hashlib.sha256(json.dumps(inputs, ensure_ascii=True).encode()).digest()
