"""Input pictures as pixels: the very bytes that were looked at when the job was made, of a bounded size, as stored."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from imgcli.errors import AttemptError, Money
from imgcli.model.input import Input
from imgcli.providers.reading import read

MOST_PIXELS = 64_000_000
"""Pixels of a picture that is decoded, below what Pillow takes for a bomb; they need 256 MB for a moment."""

LONGEST_PROFILE = 1_000_000
"""Bytes of a colour profile that is handed on."""

LONGEST_REASON = 160
"""Letters of what a decoder says."""

PROFILE_SPACE = slice(16, 20)
"""Where an ICC profile says what its colours are made of."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The pixels of an input, RGB or with transparency RGBA, and its ICC profile if that is one of RGB."""

    picture: Image.Image
    profile: bytes = b""


def take(source: Input, size: tuple[int, int]) -> Taken:
    """What `source` shows; a JPEG may come smaller, but never smaller than `size`. Its EXIF orientation is not applied.

    Raises:
        AttemptError: it is gone, changed, damaged or too large; nothing was billed.
    """
    if source.width * source.height > MOST_PIXELS:
        raise _void(
            f"{source.name} has {source.width * source.height / 1e6:,.0f} megapixels; the placeholder painter takes "
            f"{MOST_PIXELS / 1e6:.0f}; make it smaller with --downscale",
            "too_large",
        )
    data = read(source)
    try:
        with Image.open(BytesIO(data), formats=(source.format.upper(),)) as opened:
            opened.draft("RGB", size)
            return Taken(_plain(opened), _profile(opened))
    except Exception as error:
        # Decoders fail in any way on bytes of strangers; Pillow's own limits against bombs are among them.
        raise _void(
            f"{source.name} cannot be decoded ({_reason(error, source)}); save it anew in an image editor", "unreadable"
        ) from error


def take_alpha(source: Input) -> Image.Image:
    """The transparency (L, 255 is opaque) of a mask or a markup.

    Raises:
        AttemptError: as `take`, or it has none.
    """
    picture = take(source, (source.width, source.height)).picture
    if picture.mode != "RGBA":
        raise _void(
            f"{source.name} has no transparent pixels to say where the picture may change; "
            "save it as PNG with an alpha channel",
            "no_alpha",
        )
    return picture.getchannel("A")


def _plain(opened: Image.Image) -> Image.Image:
    """RGB or RGBA, eight bits a channel."""
    if opened.mode.startswith("I"):
        # Sixteen bits: a plain conversion would cut them off at 255 instead of scaling them.
        return opened.point(lambda level: level / 256).convert("L").convert("RGB")
    return opened.convert("RGBA" if opened.has_transparency_data else "RGB")


def _profile(opened: Image.Image) -> bytes:
    profile = opened.info.get("icc_profile") or b""
    fits = isinstance(profile, bytes) and len(profile) <= LONGEST_PROFILE and profile[PROFILE_SPACE] == b"RGB "
    return profile if fits else b""


def _reason(error: Exception, source: Input) -> str:
    match error:
        case UnidentifiedImageError():
            return f"it is no {source.format}"
        case Image.DecompressionBombError():
            return "it has far more pixels than its header says"
        case _:
            return " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_REASON]


def _void(message: str, code: str) -> AttemptError:
    return AttemptError(f"{message}; nothing was billed", money=Money.VOID, code=code)
