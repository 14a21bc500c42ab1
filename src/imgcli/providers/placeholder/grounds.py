"""The scene that stands where a picture may change, and the colours of the pictures around it."""

from PIL import Image

from imgcli.model.colour import to_oklab
from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.fitting import cover
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.paint import Look
from imgcli.providers.placeholder.palette import Colour, Palette, chroma, from_lab

LEAST = 64
"""Pixels of the shorter side of a scene; smaller ones are cut from one of this size."""

RATIO = 4
"""Longer side over shorter, at most; narrower ones are cut from a wider one."""

COLOURS, CANDIDATES = 5, 14
SIDE = 96
"""Of the copy that is looked at, in pixels."""

VIVID = 1.3
"""Chroma is raised this much: averages over a picture are duller than what is seen in it."""


def scene_for(size: tuple[int, int], look: Look, palette: Palette, chance: Chance) -> Scene:
    """A scene of `size`, which may have any shape."""
    width, height = max(LEAST, size[0]), max(LEAST, size[1])
    width, height = max(width, -(-height // RATIO)), max(height, -(-width // RATIO))
    scene = look.paint(width, height, palette, chance)
    if (width, height) == size:
        return scene
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    return Scene(scene.picture.crop((left, top, left + size[0], top + size[1])), (0, size[1] // 2, *size))


def colours_of(picture: Image.Image) -> tuple[str, ...]:
    """Up to five colours (`#rrggbb`) of an RGB picture, those that speak loudest first; at least one."""
    small = (
        cover(picture, (SIDE, SIDE)) if min(picture.size) < SIDE else picture.resize((SIDE, SIDE), Image.Resampling.BOX)
    )
    found = small.quantize(CANDIDATES, Image.Quantize.MEDIANCUT).convert("RGB").getcolors(SIDE * SIDE) or []
    loud = sorted(
        ((_loudness(colour, count), colour) for count, colour in found if isinstance(colour, tuple)), reverse=True
    )
    return tuple("#{:02x}{:02x}{:02x}".format(*_raised(colour)) for _, colour in loud[:COLOURS])


def _raised(colour: tuple[int, ...]) -> Colour:
    lightness, green, blue = to_oklab((colour[0], colour[1], colour[2]))
    return from_lab((lightness, green * VIVID, blue * VIVID))


def _loudness(colour: tuple[int, ...], count: int) -> float:
    """Colourful ones count more than there are of them; near black and white less."""
    plain: Colour = (colour[0], colour[1], colour[2])
    light = to_oklab(plain)[0]
    return float((0.02 + chroma(plain)) ** 1.4 * count**0.3 * (0.4 if light < 0.2 or light > 0.96 else 1.0))
