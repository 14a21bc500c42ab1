"""Colours that belong together, and how well one is seen on another.

Mixing and shading happen in OKLab (Björn Ottosson, "A perceptual color space for image processing", 2020), where equal
steps look equal; contrast is that of WCAG 2.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from imgcli.model.colour import linear, to_oklab

Colour = tuple[int, int, int]
"""sRGB, each channel 0 to 255."""

Lab = tuple[float, float, float]
"""OKLab: lightness 0 to 1, then green-red and blue-yellow, about -0.4 to 0.4."""

CURATED = (
    ("#f2542d", "#f5dfbb", "#0e9594", "#127475", "#562c2c"),  # coral and petrol
    ("#1d3557", "#e63946", "#f1faee", "#a8dadc", "#457b9d"),  # regatta
    ("#e07a5f", "#3d405b", "#81b29a", "#f2cc8f", "#f4f1de"),  # terracotta
    ("#2b2d42", "#ef8354", "#bfc0c0", "#4f5d75", "#f7ede2"),  # slate and apricot
    ("#ffb703", "#023047", "#219ebc", "#8ecae6", "#fb8500"),  # harbour
    ("#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51"),  # dune
    ("#f4acb7", "#9d8189", "#ffe5d9", "#5e3a4a", "#d8e2dc"),  # powder
    ("#0b3d2e", "#d8f3dc", "#52b788", "#e9b872", "#f6efe0"),  # fern
    ("#3a0ca3", "#f72585", "#4cc9f0", "#7209b7", "#fdf0ff"),  # synth
    ("#e4572e", "#17bebb", "#ffc914", "#2e282a", "#faf3e8"),  # primer
    ("#cbb7a1", "#3b322c", "#8c6a4f", "#eee5d8", "#b5523b"),  # clay
    ("#5f0f40", "#fb8b24", "#e36414", "#9a031e", "#f9e3c7"),  # ember
    ("#dcd6f7", "#424874", "#a6b1e1", "#f4eeff", "#e8998d"),  # lilac
    ("#14213d", "#fca311", "#e5e5e5", "#3d5a80", "#f8f4ec"),  # night ferry
    ("#c9d6a3", "#31572c", "#90a955", "#ecf39e", "#d68c45"),  # orchard
)


@dataclass(frozen=True, slots=True)
class Palette:
    """Five colours or more.

    Attributes:
        order: the most important first.
        shades: the same from dark to light, made to reach from `dark` to `light`.
        dark, light: the ends of the range, dark and light enough to write with.
    """

    order: tuple[Colour, ...]
    shades: tuple[Colour, ...]

    @property
    def dark(self) -> Colour:
        return self.shades[0]

    @property
    def light(self) -> Colour:
        return self.shades[-1]

    @property
    def is_light(self) -> bool:
        """Whether the picture as a whole should be a bright one."""
        weights = [1 / (place + 1) for place in range(len(self.order))]
        total = sum(weight * to_oklab(colour)[0] for weight, colour in zip(weights, self.order, strict=True))
        return total / sum(weights) > 0.62

    def ramp(self, steps: int) -> list[Colour]:
        """`steps` colours from dark to light through every shade."""
        return [_along(self.shades, step / max(1, steps - 1)) for step in range(steps)]

    def vivid(self) -> list[Colour]:
        """All colours, the most colourful first."""
        return sorted(self.order, key=chroma, reverse=True)

    def against(self, ground: Colour, least: float = 0.12) -> list[Colour]:
        """The colours that can be told from `ground` (OKLab distance), in order; never empty."""
        seen = [colour for colour in self.order if distance(colour, ground) >= least]
        return seen or [self.light if to_oklab(ground)[0] < 0.6 else self.dark]


def make_palette(colours: Sequence[str]) -> Palette:
    """The palette of some hex colours `#rrggbb`; fewer than five are joined by their own shades."""
    order = list(dict.fromkeys(parse_hex(text) for text in colours))
    for shift in (0.16, -0.18, 0.30, -0.32):
        if len(order) >= 5:
            break
        order.append(shade(order[0], shift))
    shades = sorted(order, key=lambda colour: to_oklab(colour)[0])
    darkest, lightest = to_oklab(shades[0]), to_oklab(shades[-1])
    if darkest[0] > 0.32:
        shades.insert(0, from_lab((0.27, darkest[1] * 0.75, darkest[2] * 0.75)))
    if lightest[0] < 0.90:
        shades.append(from_lab((0.94, lightest[1] * 0.35, lightest[2] * 0.35)))
    return Palette(tuple(order), tuple(shades))


def parse_hex(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with `share` (0 to 1) of `other` in it."""
    first, second = to_oklab(one), to_oklab(other)
    lightness, green, blue = (a + (b - a) * share for a, b in zip(first, second, strict=True))
    return from_lab((lightness, green, blue))


def shade(colour: Colour, shift: float) -> Colour:
    """`colour` lighter by `shift` of OKLab lightness, or darker if negative."""
    lightness, green, blue = to_oklab(colour)
    return from_lab((min(0.97, max(0.14, lightness + shift)), green, blue))


def distance(one: Colour, other: Colour) -> float:
    """How different two colours look: OKLab distance; 0.02 is just seen, 1 is black to white."""
    return float(sum((a - b) ** 2 for a, b in zip(to_oklab(one), to_oklab(other), strict=True)) ** 0.5)


def chroma(colour: Colour) -> float:
    _, green, blue = to_oklab(colour)
    return float((green**2 + blue**2) ** 0.5)


def luminance(colour: Colour) -> float:
    """Relative luminance of WCAG 2.2, 0 to 1."""
    red, green, blue = (linear(channel) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """Contrast ratio of two relative luminances, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


def from_lab(lab: Lab) -> Colour:
    """The nearest sRGB colour: one outside its range loses chroma, not lightness."""
    lightness, green, blue = lab
    for _ in range(24):
        channels = _unclipped((lightness, green, blue))
        if all(-0.0005 <= channel <= 1.0005 for channel in channels):
            break
        green, blue = green * 0.9, blue * 0.9
    else:
        channels = _unclipped((lightness, 0.0, 0.0))
    red, leaf, sky = (_gamma(channel) for channel in channels)
    return red, leaf, sky


def _unclipped(lab: Lab) -> tuple[float, float, float]:
    lightness, green, blue = lab
    long = (lightness + 0.3963377774 * green + 0.2158037573 * blue) ** 3
    medium = (lightness - 0.1055613458 * green - 0.0638541728 * blue) ** 3
    short = (lightness - 0.0894841775 * green - 1.2914855480 * blue) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(value: float) -> int:
    value = min(1.0, max(0.0, value))
    return round(255 * (value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))


def _along(colours: Sequence[Colour], place: float) -> Colour:
    """The colour at `place` (0 to 1) of a path whose corners are spaced by how different they look."""
    lengths = [max(1e-6, distance(one, other)) for one, other in pairwise(colours)]
    left = place * sum(lengths)
    for (one, other), length in zip(pairwise(colours), lengths, strict=True):
        if left <= length:
            return mix(one, other, left / length)
        left -= length
    return colours[-1]
