"""Ways to restyle a picture: its composition stays, its colours become those of a palette.

Each takes an RGB picture that fills the canvas and returns one of the same size.
"""

from collections.abc import Callable

from PIL import Image, ImageChops, ImageFilter

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.looks.halftone import dots
from imgcli.providers.placeholder.looks.soft import add_grain, ease, enlarge, small_size
from imgcli.providers.placeholder.palette import Colour, Palette, distance, mix

Treatment = Callable[[Image.Image, Palette, Chance], Image.Image]

CLIPPED = 0.01
"""Share of the darkest and of the lightest pixels that become the ends of the range."""

ZONES = 5
"""Flat colours of a poster."""

SOFT = 7
"""Levels over which one flat colour turns into the next: a smooth edge."""


def tone(picture: Image.Image, palette: Palette, chance: Chance) -> Image.Image:
    """Every lightness gets its colour of the palette."""
    return add_grain(_coloured(lightness(picture), palette.ramp(256)), chance, 1.4)


def poster(picture: Image.Image, palette: Palette, chance: Chance) -> Image.Image:
    """Flat zones with smooth edges, as cut from paper."""
    shape = small_size(picture.width, picture.height, chance.pick((190, 230, 270)))
    rough = lightness(picture.resize(shape, Image.Resampling.BOX))
    smooth = rough.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.GaussianBlur(0.8))
    ramp = palette.ramp(ZONES)
    return _coloured(enlarge(_flattened(smooth), *picture.size), [_zone(ramp, level) for level in range(256)])


def screen(picture: Image.Image, palette: Palette, chance: Chance) -> Image.Image:
    """Printed in dots of one ink over a flat second one, on paper."""
    light = palette.is_light
    paper, ink = (palette.light, palette.dark) if light else (palette.dark, palette.light)
    second = next(
        (colour for colour in palette.vivid() if min(distance(colour, paper), distance(colour, ink)) > 0.14),
        mix(paper, ink, 0.4),
    )
    tones = lightness(picture)
    if light:
        tones = ImageChops.invert(tones)
    printed = Image.new("RGB", picture.size, paper)
    flat = tones.resize(small_size(picture.width, picture.height, 240), Image.Resampling.BOX)
    edge = chance.pick((92, 112, 132))
    printed.paste(second, (0, 0), enlarge(_flattened(flat), *picture.size).point(_step(edge)))
    pitch = max(4.0, min(picture.size) / chance.pick((96, 112, 128)))
    printed.paste(
        ink,
        (0, 0),
        dots(tones.point([round(255 * ease((level - 40) / 215) ** 1.15) for level in range(256)]), pitch, (2, 1)),
    )
    return printed


def wash(picture: Image.Image, palette: Palette, chance: Chance) -> Image.Image:
    """Its own colours, drawn towards the palette by a veil of flowing light."""
    pools = Image.new("RGB", (3, 3))
    pools.putdata([chance.pick(palette.order) for _ in range(9)])
    veil = enlarge(pools.resize((24, 24), Image.Resampling.BICUBIC), *picture.size)
    toned = Image.blend(picture, _coloured(lightness(picture), palette.ramp(256)), 0.45)
    return ImageChops.soft_light(toned, veil)


def ink(picture: Image.Image, palette: Palette, chance: Chance) -> Image.Image:
    """Contours in ink over a thin flat colouring."""
    paper = mix(palette.light, (255, 255, 255), 0.35)
    grey = picture.convert("L")
    fine = small_size(picture.width, picture.height, 560)
    small = grey.resize(fine, Image.Resampling.BOX)
    apart = ImageChops.subtract(small.filter(ImageFilter.BoxBlur(3)), small.filter(ImageFilter.BoxBlur(0.8)), 1, 0)
    lines = enlarge(apart.point([min(255, max(0, (level - 3) * 22)) for level in range(256)]), *picture.size)
    coarse = picture.resize(small_size(picture.width, picture.height, 72), Image.Resampling.BOX)
    tinted = _coloured(lightness(coarse), palette.ramp(256))
    colouring = enlarge(
        Image.blend(
            tinted.filter(ImageFilter.MedianFilter(5)), Image.new("RGB", tinted.size, paper), chance.real(0.42, 0.55)
        ),
        *picture.size,
    )
    colouring.paste(mix(palette.dark, (8, 8, 12), 0.3), (0, 0), lines)
    return colouring


def riso(picture: Image.Image, palette: Palette, chance: Chance) -> Image.Image:
    """Two inks printed a little apart from each other on pale paper."""
    paper = mix(palette.light, (255, 255, 255), 0.2)
    vivid = [colour for colour in palette.vivid() if distance(colour, paper) > 0.2] or [palette.dark]
    first = palette.dark
    second = next((colour for colour in vivid if distance(colour, first) > 0.16), vivid[0])
    shift = max(2, round(min(picture.size) * 0.006))
    red, _, blue = picture.split()
    sheet = Image.new("RGB", picture.size, paper)
    under = ImageChops.offset(ImageChops.invert(blue if chance.likely(0.5) else red), shift, -shift)
    sheet.paste(second, (0, 0), under.point([round(235 * ease((level - 20) / 200)) for level in range(256)]))
    over = Image.new("RGB", picture.size, "white")
    over.paste(
        first,
        (0, 0),
        ImageChops.invert(lightness(picture)).point([round(245 * ease((level - 70) / 185)) for level in range(256)]),
    )
    return add_grain(ImageChops.multiply(sheet, over), chance, 2.2)


TREATMENTS: tuple[Treatment, ...] = (tone, poster, wash, screen, ink, riso)


def lightness(picture: Image.Image) -> Image.Image:
    """L, stretched to the whole range."""
    grey = picture.convert("L")
    counts = grey.histogram()
    clipped = CLIPPED * sum(counts)
    low, high = _reached(counts, clipped), 255 - _reached(counts[::-1], clipped)
    if high - low < 8:
        return grey
    return grey.point([max(0, min(255, round((level - low) * 255 / (high - low)))) for level in range(256)])


def _reached(counts: list[int], wanted: float) -> int:
    total = 0
    for level, count in enumerate(counts):
        total += count
        if total > wanted:
            return level
    return 255


def _coloured(levels: Image.Image, colours: list[Colour]) -> Image.Image:
    """An L picture with `colours` (256) for its levels."""
    return Image.merge("RGB", [levels.point([colour[channel] for colour in colours]) for channel in range(3)])


def _flattened(levels: Image.Image) -> Image.Image:
    """As many pixels of every lightness, so that all zones of a poster are about as large; in part."""
    counts = levels.histogram()
    total, below, table = sum(counts), 0, []
    for level, count in enumerate(counts):
        table.append(round(0.6 * level + 0.4 * 255 * (below + count / 2) / total))
        below += count
    return levels.point(table)


def _zone(ramp: list[Colour], level: int) -> Colour:
    place = level * len(ramp) / 256
    zone = min(len(ramp) - 1, int(place))
    into = (place - zone) * 256 / len(ramp)
    return mix(ramp[zone - 1], ramp[zone], into / SOFT) if zone and into < SOFT else ramp[zone]


def _step(edge: int) -> list[int]:
    return [max(0, min(255, round((level - edge) * 255 / SOFT))) for level in range(256)]
