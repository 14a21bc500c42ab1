"""What a text says of how it is shown: light, camera, medium, composition, setting, texture; by vocabulary alone."""

import functools
from enum import Enum

from imgcli.director.reading import Reading
from imgcli.director.tokens import BLANK, COMMA, stem, tokens_of
from imgcli.director.word_lists import COLOURS, words


class Manner(Enum):
    """One way of saying how a picture looks, in the order in which an expansion says it."""

    MEDIUM = "medium"
    CAMERA = "camera"
    SETTING = "setting"
    LIGHT = "light"
    TEXTURE = "texture"
    COMPOSITION = "composition"


# fmt: off
_SINGLE = {
    Manner.LIGHT: words(
        "light lit lighting sunlight sun sunlit sunny sunshine backlit backlight backlighting glow glowing shadow shade "
        "candlelight candlelit neon moonlight moonlit lamp spotlight softbox strobe flash overcast daylight dawn dusk "
        "sunrise sunset twilight night midnight noon midday morning afternoon evening golden-hour dark darkness bright "
        "dim chiaroscuro silhouette silhouetted illuminated luminous hazy stormy skylight lantern-lit falloff "
        "nocturnal nacht noche"
    ),
    Manner.CAMERA: words(
        "lens telephoto macro closeup aerial drone overhead fisheye bokeh zoom pov isometric perspective headshot "
        "viewpoint view handheld panning shutter exposure 35mm 50mm 85mm focal angle wideangle frontal panorama "
        "panoramic seen facing orthographic elevation tilt-shift focus"
    ),
    Manner.MEDIUM: words(
        "photo photograph photography photographic photorealistic painting painted watercolor watercolour gouache "
        "acrylic illustration illustrated drawing drawn sketch render rendering rendered 3d cgi vector pixel cartoon "
        "anime manga comic woodcut engraving etching lithograph collage linocut risograph poster charcoal pencil ink "
        "isometric origami papercraft claymation lowpoly blueprint mosaic fresco embroidery polaroid screenshot print "
        "cinematic film graphic artwork ui gui interface mark repeat lineart doodle pastel snapshot packshot brushwork painterly impasto canvas"
    ),
    Manner.COMPOSITION: words(
        "centered centred symmetrical symmetry composition composed framed framing framing off-centre foreground "
        "background diagonal cropped crop horizon margin frame layered asymmetrical negative backdrop fullbody "
        "wallpaper vignette surroundings focal"
    ),
    Manner.TEXTURE: words(
        "texture textured tactile matte glossy grain grainy weathered leather ceramic brushed metal metallic polished rough "
        "woven knitted velvet silk rusty rust marble wooden fur furry feathery crumpled worn scratched smooth surface "
        "unretouched fabric fibres whiskers stitching brushwork vector-edges flat fills contour hatching hand-cut "
        "impasto glass porcelain stone fluffy shiny crisp"
    ),
    Manner.SETTING: words(
        "underwater indoors outdoors inside outside isolated transparent studio backdrop background landscape "
        "countryside street rooftop interior"
    ),
}
_PHRASES = {
    "golden hour": Manner.LIGHT, "blue hour": Manner.LIGHT, "low key": Manner.LIGHT, "high key": Manner.LIGHT,
    "wide angle": Manner.CAMERA, "close up": Manner.CAMERA, "eye level": Manner.CAMERA, "depth of field": Manner.CAMERA,
    "from above": Manner.CAMERA, "from below": Manner.CAMERA, "from behind": Manner.CAMERA, "top down": Manner.CAMERA,
    "bird's eye": Manner.CAMERA, "worm's eye": Manner.CAMERA, "in profile": Manner.CAMERA, "full body": Manner.CAMERA,
    "oil on canvas": Manner.MEDIUM, "film still": Manner.MEDIUM, "low poly": Manner.MEDIUM, "line art": Manner.MEDIUM,
    "stained glass": Manner.MEDIUM, "rule of thirds": Manner.COMPOSITION, "leading lines": Manner.COMPOSITION,
    "on the left": Manner.COMPOSITION, "on the right": Manner.COMPOSITION, "in the center": Manner.COMPOSITION,
    "flat lay": Manner.COMPOSITION, "full frame": Manner.COMPOSITION, "three quarter": Manner.CAMERA,
    "copy space": Manner.COMPOSITION, "negative space": Manner.COMPOSITION,
}
_PLACED = words(
    "in on at inside under beneath beside near against through across along among above behind over between by "
    "outside around within below atop en sur dans im am auf"
)
_NO_PLACE = words(
    "frame foreground background style light middle center centre focus detail front motion profile row winter summer "
    "autumn spring hour golden night dawn dusk sunset sunrise noon morning evening afternoon left right dress coat hat suit shirt "
    "jacket uniform armor armour kimono gown top fire bloom love color colour red blue green black white mid flight "
    "watercolor watercolour oil ink pencil vector 3d half total all heels costume glasses"
)
_ARTICLES = words("a an the his her its their my our this that some old small big dark empty der die das einem einer")
FLAT = words(
    "vector flat icon logo pixel lineart emblem sticker pictogram favicon silhouette blueprint stencil infographic"
)
DRAWN = words(
    "painting painted watercolor watercolour gouache acrylic illustration illustrated drawing drawn sketch cartoon anime "
    "manga comic woodcut engraving etching lithograph collage linocut risograph charcoal pencil ink origami papercraft "
    "claymation lowpoly isometric mosaic fresco embroidery poster doodle render rendering rendered 3d cgi artwork lineart"
)
INDOORS = words(
    "room studio table kitchen counter desk hall gallery workshop backdrop window curtain sofa floorboards bar sill "
    "hallway bakery plinth sweep softbox lamp bench indoors corner daylight"
)
WEATHER = words(
    "rain snow fog mist haze storm wind cloud lightning blizzard drizzle shower hail thunderstorm frost"
)
# fmt: on


_COLOURED = frozenset(map(stem, COLOURS))
_TINTED = {"light": _COLOURED, "dark": _COLOURED, "bright": _COLOURED}
_TINTED["pastel"] = _COLOURED | frozenset(map(stem, words("colour palette tone shade hue tint background")))


@functools.cache
def stems(table: frozenset[str]) -> frozenset[str]:
    """A table of words as stems."""
    return frozenset(stem(word) for word in table)


@functools.cache
def _by_stem() -> dict[str, frozenset[Manner]]:
    found: dict[str, set[Manner]] = {}
    for manner, table in _SINGLE.items():
        for word in table:
            found.setdefault(stem(word), set()).add(manner)
    return {word: frozenset(manners) for word, manners in found.items()}


@functools.cache
def _phrases() -> tuple[tuple[str, Manner], ...]:
    return tuple((f" {' '.join(t.stem for t in tokens_of(phrase))} ", manner) for phrase, manner in _PHRASES.items())


def manners(reading: Reading, besides: frozenset[str] = frozenset()) -> frozenset[Manner]:
    """What the text says of how it is shown; what it excludes does not count, nor do the words `besides`."""
    table = _by_stem()
    found: set[Manner] = set()
    tokens = reading.tokens
    for index, token in enumerate(tokens):
        said = table.get(token.stem)
        if said is None or index in reading.negated or token.word in besides:
            continue
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        # "light blue" and "pastel colours" speak of a colour.
        if after is not None and after.gap <= BLANK and after.stem in _TINTED.get(token.word, ()):
            continue
        # "a photographer painting a fence" does it.
        if token.word in {"painting", "drawing"} and after is not None and after.word in {"a", "an", "the"}:
            continue
        found |= said
    run = f" {' '.join(token.stem for token in tokens)} "
    found |= {manner for phrase, manner in _phrases() if phrase in run}
    if any(token.word in {"mm", "f"} for token in tokens):
        found.add(Manner.CAMERA)
    if _is_placed(reading):
        found.add(Manner.SETTING)
    return frozenset(found)


def _is_placed(reading: Reading) -> bool:
    """Whether a preposition with a place stands in the text: "on a beach", not "in a red coat"."""
    tokens = reading.tokens
    for index, token in enumerate(tokens):
        if token.word not in _PLACED or index in reading.negated:
            continue
        after = index + 1
        while after < len(tokens) and after < index + 5 and tokens[after].word in _ARTICLES:
            after += 1
        end = min(len(tokens), after + 3)
        thing = []
        for at in range(after, end):
            if tokens[at].gap >= COMMA or tokens[at].word in _PLACED or tokens[at].word in {"and", "or", "with"}:
                break
            # "on a green sofa" is a place, "in green" is none.
            if tokens[at].word not in COLOURS:
                thing.append(tokens[at])
        if thing and not any(t.word in _NO_PLACE or t.stem in stems(_NO_PLACE) for t in thing):
            return True
    return False
