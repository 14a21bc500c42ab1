"""What a picture was expected to be, measured on its pixels."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from imgcli.header import read_header
from imgcli.measure.dhash import dhash
from imgcli.model.colour import linear

if TYPE_CHECKING:
    from PIL import Image

LEAST_CLEAR = 0.01
"""Part of a picture that must be transparent, and that must not be, to call it a cut-out."""

HALF = 128
"""Alpha below this is transparent to the eye."""

PALETTE_REACH = 23.0
"""CIE76 difference from a colour of the palette that still counts as it; 2.3 is just noticeable, this is "the same
blue" in another light (10 x, after Mahy et al. 1994)."""

LEAST_PALETTE = 0.5
"""Part of a picture that must be within reach of its palette; black, white and greys belong to every palette."""

GREY = 12.0
"""Chroma in CIELAB below which a colour is taken for grey."""

BLANK_SPREAD = 2.0
"""Standard deviation of the greys, of 255, below which there is nothing to be seen."""

BLANK_SHARE = 0.995
"""Part of a picture of a single colour from which it is blank, whatever the rest is."""

MOST_PIXELS = 64_000_000
"""No model makes more; a tiny file may unfold to gigabytes."""

LARGEST = 1024
"""Pixels along the sides of the copy that greys and colours are measured on."""

SAMPLE = 64
"""Pixels along the sides of the small copy that colours are counted on."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured: shares are 0 to 1.

    Attributes:
        dhash: 16 hex digits.
        clear: part that is transparent.
        spread: standard deviation of the greys, 0 to 127.
        dominant: part that the most frequent colour has.
        near_palette: part within reach of the palette, 1 without one.
    """

    dhash: str
    clear: float = 0.0
    spread: float = 0.0
    dominant: float = 0.0
    near_palette: float = 1.0


def measure(picture: bytes | Path, palette: Sequence[str] = (), *, hash_only: bool = False) -> Measured:
    """Measure a picture, in bytes or on disk, against hex colours `#rrggbb`.

    Raises:
        ValueError: it is no picture that can be read, or one of absurd size.
    """
    from PIL import Image  # noqa: PLC0415 - only who measures pays for it

    try:
        with BytesIO(picture) if isinstance(picture, bytes) else picture.open("rb") as file:
            _require_room(file)
            with Image.open(file) as opened:
                # JPEG is decoded at a fraction of its size; the hash looks at 72 pixels.
                opened.draft("RGB", (SAMPLE * 4, SAMPLE * 4))
                opened.load()
                return Measured(dhash(opened)) if hash_only else _measured(opened, palette)
    except Exception as error:
        # Pillow has answered files of strangers with IndexError and AssertionError too, and these pictures are paid.
        raise ValueError(f"it cannot be measured ({type(error).__name__}: {error})") from error


def _require_room(file: BinaryIO) -> None:
    """Refuse what a few bytes would unfold to gigabytes.

    Raises:
        ValueError: with its size.
    """
    header = read_header(file)
    if header and header.width * header.height > MOST_PIXELS:
        raise ValueError(f"it has {header.width}x{header.height} pixels")
    file.seek(0)


def _measured(picture: "Image.Image", palette: Sequence[str]) -> Measured:
    from PIL import Image, ImageStat  # noqa: PLC0415

    # Whole copies of a large picture are a gigabyte; every one that is not needed any more is let go.
    pixels = picture.width * picture.height
    clear = 0.0
    if picture.has_transparency_data:
        clear = sum(picture.convert("RGBA").getchannel("A").histogram()[:HALF]) / pixels
    solid = _solid(picture)
    spread = ImageStat.Stat(solid.convert("L")).stddev[0]
    small = solid.resize((SAMPLE, SAMPLE), Image.Resampling.BOX)
    # The most frequent of 4,096 colours: noise of a few levels does not make a blank picture a full one.
    coarse = small.point([value & 0xF0 for value in range(256)] * 3)
    counted = coarse.getcolors(SAMPLE * SAMPLE) or []
    dominant = max((count for count, _ in counted), default=0) / (SAMPLE * SAMPLE)
    return Measured(dhash(picture), clear, spread, dominant, _near(small, palette))


def _solid(picture: "Image.Image") -> "Image.Image":
    """RGB on white, at most LARGEST pixels along a side."""
    from PIL import Image  # noqa: PLC0415

    if max(picture.size) > LARGEST:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        picture.thumbnail((LARGEST, LARGEST), Image.Resampling.BOX)
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    whole = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("RGB")


def _near(small: "Image.Image", palette: Sequence[str]) -> float:
    if not palette:
        return 1.0
    wanted = [_lab(*(int(colour[at : at + 2], 16) for at in (1, 3, 5))) for colour in palette]
    counted: list[tuple[int, tuple[int, int, int]]] = small.getcolors(SAMPLE * SAMPLE)  # type: ignore[assignment] # of RGB
    near = 0
    for count, colour in counted:
        light, a, b = _lab(*colour)
        is_grey = (a * a + b * b) ** 0.5 <= GREY
        reach = PALETTE_REACH**2
        if is_grey or any((light - x) ** 2 + (a - y) ** 2 + (b - z) ** 2 <= reach for x, y, z in wanted):
            near += count
    return near / (small.width * small.height)


def _lab(red: int, green: int, blue: int) -> tuple[float, float, float]:
    """CIELAB of an sRGB colour, for D65 (IEC 61966-2-1, CIE 15)."""
    r, g, b = linear(red), linear(green), linear(blue)
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883

    def curve(value: float) -> float:
        return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116

    fx, fy, fz = curve(x), curve(y), curve(z)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def unmet(expect: Collection[str], found: Measured) -> list[str]:
    """What of `alpha`, `palette` and `not-blank` the picture is not, each with why."""
    reasons = []
    if "alpha" in expect and not LEAST_CLEAR <= found.clear <= 1 - LEAST_CLEAR:
        reasons.append(f"alpha: {found.clear:.0%} of it is transparent")
    if "palette" in expect and found.near_palette < LEAST_PALETTE:
        reasons.append(f"palette: {found.near_palette:.0%} of it keeps to the colours of its style, half should")
    if "not-blank" in expect and (found.spread < BLANK_SPREAD or found.dominant > BLANK_SHARE):
        reasons.append("not-blank: there is nothing to be seen on it")
    return reasons
