"""What can be measured in a picture without knowing what it shows: shape, colours, light, contrast, transparency."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PIL import Image

from imgcli.inputs import pixels
from imgcli.model.colour import to_oklab
from imgcli.model.input import Input

LOOKED_AT = 192
"""Pixels of the longest side of what is measured: colours and light are the same, and it takes milliseconds."""

CLUSTERS = 24
"""Colours that a picture is first cut into."""

ALIKE = 0.09
"""OKLab distance below which two of them are one colour to a person."""

LEAST_SHARE = 0.02
"""Of a colour that is told of."""

MOST_COLOURS = 6

_NAMED = {
    "black": "#000000", "dark grey": "#3c3c3c", "grey": "#808080", "light grey": "#c0c0c0", "white": "#ffffff",
    "dark red": "#6e1414", "red": "#d2232a", "salmon": "#f0907c", "pink": "#f4b6c8", "magenta": "#c8288c",
    "dark brown": "#3a2416", "brown": "#7a4a24", "rust": "#a84a1e", "tan": "#c8a078", "beige": "#e6d8bc",
    "orange": "#f0821e", "amber": "#f0b428", "yellow": "#f5e028", "cream": "#f8f0d8", "olive": "#78782c",
    "dark green": "#1e4628", "green": "#2e8c3c", "light green": "#a0d28c", "lime": "#a8d820", "mint": "#b4e6d0",
    "dark teal": "#124a50", "teal": "#1e8c8c", "turquoise": "#4cc8c0", "light blue": "#a8d0ec", "sky blue": "#5aaae6",
    "blue": "#2864c8", "navy": "#14285a", "slate": "#58687c", "indigo": "#3c2c96", "violet": "#7c48c0",
    "lavender": "#c0b0e4", "dark purple": "#3c1c50", "purple": "#7a2e8c", "plum": "#8c4070",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour of a picture: `#rrggbb`, what people call it, and its share of what is to be seen, 0 to 1."""

    hex: str
    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured.

    Attributes:
        width, height: pixels, upright.
        shape: square, landscape or portrait, with its ratio: `landscape 3:2`.
        colours: the most of it first, at most MOST_COLOURS.
        lightness: of all that is to be seen, 0 black to 1 white (OKLab).
        key: low, middle or high: whether dark or light tones rule.
        contrast: low, middle or high: how far its dark and light tones are apart.
        colourfulness: grey, muted or vivid.
        transparent: the share of its pixels that are wholly transparent, 0 to 1.
        has_alpha: whether any pixel is not opaque.
    """

    width: int
    height: int
    shape: str
    colours: tuple[Colour, ...]
    lightness: float
    key: str
    contrast: str
    colourfulness: str
    transparent: float
    has_alpha: bool


def measure(picture: Input) -> Measured:
    """Look at a picture.

    Raises:
        UsageError: it was changed or is damaged.
    """
    width, height, small = pixels.opened(picture, _small)
    alpha = small.getchannel("A") if small.mode == "RGBA" else None
    holes = alpha.histogram() if alpha else []
    seen = _seen(small, alpha)
    lights = sorted(to_oklab(pixel)[0] for pixel in seen) or [0.0]
    mean = sum(lights) / len(lights)
    spread = lights[int(len(lights) * 0.95) - 1] - lights[int(len(lights) * 0.05)]
    chroma = sum(math.hypot(*to_oklab(pixel)[1:]) for pixel in seen) / max(1, len(seen))
    return Measured(
        width=width,
        height=height,
        shape=shape_of(width, height),
        colours=main_colours([seen]),
        lightness=round(mean, 3),
        key="low" if mean < 0.4 else "high" if mean > 0.75 else "middle",
        contrast="low" if spread < 0.35 else "high" if spread > 0.7 else "middle",
        colourfulness="grey" if chroma < 0.02 else "muted" if chroma < 0.09 else "vivid",
        transparent=round(holes[0] / sum(holes), 3) if holes else 0.0,
        has_alpha=bool(holes) and sum(holes[:255]) > 0,
    )


def colours_of(pictures: Sequence[Input]) -> tuple[Colour, ...]:
    """The main colours of several pictures, each of which counts the same.

    Raises:
        UsageError: one was changed or is damaged.
    """
    found = []
    for picture in pictures:
        _, _, small = pixels.opened(picture, _small)
        found.append(_seen(small, small.getchannel("A") if small.mode == "RGBA" else None))
    return main_colours(found)


def shape_of(width: int, height: int) -> str:
    """`landscape 3:2`; the ratio in whole numbers up to 21 where one is near, else as a decimal."""
    word = "square" if abs(width / height - 1) < 0.01 else "landscape" if width > height else "portrait"
    ratio = width / height
    near = min(
        ((across, down) for across in range(1, 22) for down in range(1, 22) if math.gcd(across, down) == 1),
        key=lambda sides: (round(abs(sides[0] / sides[1] / ratio - 1), 3), sum(sides)),
    )
    exact = abs(near[0] / near[1] / ratio - 1) < 0.01
    told = f"{near[0]}:{near[1]}" if exact else f"{ratio:.2f}:1" if ratio >= 1 else f"1:{1 / ratio:.2f}"
    return word if word == "square" else f"{word} {told}"


def main_colours(pictures: Sequence[Sequence[tuple[int, int, int]]]) -> tuple[Colour, ...]:
    """The colours that rule in the pixels of some pictures, alike ones joined."""
    pools: list[tuple[float, tuple[int, int, int]]] = []
    for seen in pictures:
        if seen:
            pools += [(share / len(pictures), colour) for share, colour in _clusters(seen)]
    joined: list[list[tuple[float, tuple[int, int, int]]]] = []
    for share, colour in sorted(pools, reverse=True):
        home = next((group for group in joined if _distance(group[0][1], colour) < ALIKE), None)
        if home is None:
            joined.append([(share, colour)])
        else:
            home.append((share, colour))
    summed = sorted(((sum(share for share, _ in group), _mean(group)) for group in joined), reverse=True)
    kept = [(share, colour) for share, colour in summed if share >= LEAST_SHARE][:MOST_COLOURS]
    return tuple(Colour(f"#{bytes(colour).hex()}", name_of(colour), round(share, 3)) for share, colour in kept)


def name_of(colour: tuple[int, int, int]) -> str:
    """What people call a colour of sRGB, roughly."""
    return min(_NAMED, key=lambda name: _distance(_rgb(_NAMED[name]), colour))


def _small(image: Image.Image) -> tuple[int, int, Image.Image]:
    turned = pixels.orientation(image) > 4
    size = (image.height, image.width) if turned else image.size
    image.draft(None, (LOOKED_AT, LOOKED_AT))
    whole = pixels.upright(image)
    whole.thumbnail((LOOKED_AT, LOOKED_AT), Image.Resampling.BOX)
    return *size, whole


def _seen(small: Image.Image, alpha: Image.Image | None) -> list[tuple[int, int, int]]:
    """Its pixels, but for those that are more transparent than not."""
    data = small.convert("RGB").tobytes()
    every = list(zip(data[0::3], data[1::3], data[2::3], strict=True))
    if alpha is None:
        return every
    return [pixel for pixel, opacity in zip(every, alpha.tobytes(), strict=True) if opacity >= 128]


def _clusters(seen: Sequence[tuple[int, int, int]]) -> list[tuple[float, tuple[int, int, int]]]:
    strip = Image.frombytes("RGB", (len(seen), 1), b"".join(map(bytes, seen)))
    cut = strip.quantize(CLUSTERS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette = bytes(cut.getpalette() or ())
    counts = cut.histogram()[: len(palette) // 3]
    return [
        (count / len(seen), (palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]))
        for i, count in enumerate(counts)
        if count
    ]


def _mean(group: Iterable[tuple[float, tuple[int, int, int]]]) -> tuple[int, int, int]:
    found = list(group)
    total = sum(share for share, _ in found)
    red, green, blue = (round(sum(share * colour[i] for share, colour in found) / total) for i in range(3))
    return red, green, blue


def _rgb(text: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue


def _distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    return math.dist(to_oklab(one), to_oklab(other))
