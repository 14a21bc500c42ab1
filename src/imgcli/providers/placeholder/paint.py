"""A picture "for position only": an abstract ground and the prompt set in type. A pure function of its inputs."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.lettering import Caption, letter
from imgcli.providers.placeholder.looks import arcs, aurora, bauhaus, halftone, hills, mesh
from imgcli.providers.placeholder.looks.scene import Scene
from imgcli.providers.placeholder.palette import CURATED, Palette, make_palette
from imgcli.typeset import glyphs, wording

VERSION = "fpo1"
"""Part of every hash: raise it when the same inputs should give another picture."""

QUALITY = 92
"""Of JPEG and WebP."""

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
) -> bytes:
    """The bytes of a picture of exactly `width` x `height` pixels as `png`, `jpeg` or `webp`.

    Words, styles, colours (`#rrggbb`), seed and variant decide what is painted; size and format do not, so that one
    idea keeps its face in every size. Variants of one prompt walk through all looks before one comes again.
    """
    idea = _digest([VERSION, words, style_names, colours, seed])
    chance = Chance(_digest([VERSION, words, style_names, colours, seed, variant]))
    look = LOOKS[(idea[0] + variant) % len(LOOKS)]
    palette = make_palette(colours or CURATED[(idea[1] + 4 * variant) % len(CURATED)])
    scene = look.paint(width, height, palette, chance)
    title = wording.clean(words) or wording.symbol_names(words) or f"No. {idea.hex()[:6]}"
    caption = Caption(
        title=title,
        styles=wording.clean(", ".join(style_names)),
        shape=f"{width} × {height}",
        font=_font(look, title, width * height),
    )
    return _encode(letter(scene, caption, palette), image_format)


def _font(look: Look, title: str, pixels: int) -> str:
    """The typeface of the look, if it has every letter and the picture is large enough for its thin strokes."""
    return look.font if pixels >= SERIF_PIXELS and glyphs.covers(look.font, title) else glyphs.SANS


def _digest(inputs: list[object]) -> bytes:
    return hashlib.sha256(json.dumps(inputs, ensure_ascii=True).encode()).digest()


def _encode(picture: Image.Image, image_format: str) -> bytes:
    out = BytesIO()
    match image_format:
        case "png":
            # Level 1 takes a third of the time of level 6 and costs a fifth in size.
            picture.save(out, "png", compress_level=1)
        case "jpeg":
            picture.save(out, "jpeg", quality=QUALITY, subsampling=0)
        case "webp":
            picture.save(out, "webp", quality=QUALITY, method=1)
        case _:
            raise ValueError(f"no picture format {image_format!r}")
    return out.getvalue()
