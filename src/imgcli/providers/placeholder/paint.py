"""A picture "for position only": an abstract ground and the prompt set in type. A pure function of its inputs."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.cut import card, card_size
from imgcli.providers.placeholder.encode import encode
from imgcli.providers.placeholder.lettering import Caption, letter
from imgcli.providers.placeholder.looks import arcs, aurora, bauhaus, halftone, hills, mesh
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.palette import CURATED, Palette, make_palette
from imgcli.typeset import glyphs, wording

VERSION = "fpo1"
"""Part of every hash: raise it when the same inputs should give another picture."""

SERIF_PIXELS = 480 * 480


@dataclass(frozen=True, slots=True)
class Look:
    """A way to paint the ground, and the typeface that goes with it."""

    name: str
    paint: Callable[[int, int, Palette, Chance], Scene]
    font: str


LOOKS = (
    Look("mesh", mesh.paint, glyphs.SERIF),
    Look("bauhaus", bauhaus.paint, glyphs.SANS),
    Look("hills", hills.paint, glyphs.SERIF),
    Look("halftone", halftone.paint, glyphs.SANS),
    Look("aurora", aurora.paint, glyphs.SERIF),
    Look("arcs", arcs.paint, glyphs.SANS),
)


def paint(
    words: str,
    *,
    style_names: tuple[str, ...],
    colours: tuple[str, ...],
    seed: int | None,
    variant: int,
    width: int,
    height: int,
    image_format: str,
    clear: bool = False,
) -> bytes:
    """The bytes of a picture of exactly `width` x `height` pixels as `png`, `jpeg` or `webp`.

    With `clear` it is a card with round corners on a transparent ground.

    Words, styles, colours (`#rrggbb`), seed and variant decide what is painted; size and format do not, so that one
    idea keeps its face in every size. Variants of one prompt walk through all looks before one comes again.
    """
    idea = _digest([VERSION, words, style_names, colours, seed])
    chance = Chance(_digest([VERSION, words, style_names, colours, seed, variant]))
    look = LOOKS[(idea[0] + variant) % len(LOOKS)]
    palette = make_palette(colours or CURATED[(idea[1] + 4 * variant) % len(CURATED)])
    scene = look.paint(*(card_size(width, height) if clear else (width, height)), palette, chance)
    title = wording.clean(words) or wording.symbol_names(words) or f"No. {idea.hex()[:6]}"
    caption = Caption(
        title=title,
        styles=wording.clean(", ".join(style_names)),
        shape=f"{width} × {height}",
        font=font_for(look, title, width * height),
    )
    picture = letter(scene, caption, palette)
    return encode(card(picture, (width, height)) if clear else picture, image_format)


def font_for(look: Look, title: str, pixels: int) -> str:
    """The typeface of the look, if it has every letter and the picture is large enough for its thin strokes."""
    return look.font if pixels >= SERIF_PIXELS and glyphs.covers(look.font, title) else glyphs.SANS


def _digest(inputs: list[object]) -> bytes:
    return hashlib.sha256(json.dumps(inputs, ensure_ascii=True).encode()).digest()
