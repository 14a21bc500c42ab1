"""The pixels of an input picture, and pictures made of pixels: what Pillow does, bounded and with one line for all that can fail."""

import warnings
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TypeVar

from PIL import Image, ImageCms, ImageOps

from imgcli.errors import UsageError
from imgcli.inputs.read import MOST_PIXELS, opened_again
from imgcli.model.input import Input

JPEG_QUALITY = 92
ORIENTATION = 0x0112
"""The EXIF tag that says how a camera was held; 1 is upright, 5 to 8 lie on their side."""

_HIGH = ("I", "F")
T = TypeVar("T")


def opened(picture: Input, use: Callable[[Image.Image], T]) -> T:
    """What `use` makes of the picture, which is opened and not yet decoded.

    Raises:
        UsageError: it was changed since it was looked at, is damaged, or too large to decode.
    """
    data = opened_again(picture)
    try:
        with warnings.catch_warnings():
            # Larger than Pillow likes, or odd in its metadata, is no news to the user: what counts is checked here.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=(picture.format.upper(),)) as image:
                if image.size == (picture.width, picture.height) and image.width * image.height <= MOST_PIXELS:
                    return use(image)
    except UsageError:
        raise
    except Image.DecompressionBombError:
        raise UsageError(f"{picture.name}: has more pixels than are decoded here; make it smaller") from None
    except MemoryError:
        raise UsageError(f"{picture.name}: has more pixels than this machine has memory for; make it smaller") from None
    except Exception:  # noqa: BLE001 - decoders fail in any way on bytes of strangers
        raise UsageError(f"{picture.name}: is a damaged {picture.format}; save it anew in an image editor") from None
    raise UsageError(f"{picture.name}: is a damaged {picture.format}: its header tells another size than its pixels")


def require_whole(pictures: Iterable[Input]) -> None:
    """Decode pictures one after the other, each once, so that nobody pays for what a server cannot read.

    What was made here from others was decoded then.

    Raises:
        UsageError: one was changed, is damaged, or too large to decode.
    """
    for picture in {each.sha256: each for each in pictures if not each.origin}.values():
        opened(picture, _decode)


def _decode(image: Image.Image) -> None:
    # A JPEG is read whole and its pixels made an eighth as wide and high, which takes little memory.
    image.draft(None, (1, 1))
    image.load()


def orientation(image: Image.Image) -> int:
    """How the camera was held, as EXIF tells; 1 where nothing does."""
    found = image.getexif().get(ORIENTATION, 1)
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def stored(image: Image.Image) -> Image.Image:
    """Its pixels as they stand in the file, 8 bits each: RGBA where anything is transparent, else RGB, in sRGB.

    Of 16 bits the upper 8 are kept, a palette is resolved, CMYK and other colour spaces follow their profile.
    """
    has_alpha = image.has_transparency_data
    profile = image.info.get("icc_profile")
    if image.mode.startswith(_HIGH):
        # Pillow clips 16 bits where it should scale them.
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    elif profile:
        image = _in_srgb(
            image if image.mode in {"CMYK", "L"} else image.convert("RGBA" if has_alpha else "RGB"), profile
        )
    return image.convert("RGBA" if has_alpha else "RGB")


def follows_profile(image: Image.Image) -> bool:
    """Whether `stored` converts its colours: it has a profile, which is whole and of its kind of picture."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode.startswith(_HIGH):
        return False
    spot = Image.new(image.mode if image.mode in {"CMYK", "L"} else "RGB", (1, 1))
    return _in_srgb(spot, profile) is not spot


def upright(image: Image.Image) -> Image.Image:
    """As `stored`, turned as the camera was held."""
    turn = orientation(image)
    plain = stored(image)
    plain.getexif()[ORIENTATION] = turn
    return ImageOps.exif_transpose(plain) if turn != 1 else plain


def encoded(image: Image.Image, image_format: str) -> bytes:
    """A file of `image` without metadata, the same for the same pixels; what JPEG cannot show through lies on white."""
    out = BytesIO()
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    match image_format:
        case "jpeg":
            _on_white(bare).save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
        case "webp":
            bare.save(out, "WEBP", quality=JPEG_QUALITY, method=4, exact=True)
        case _:
            bare.save(out, "PNG")
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, (255, 255, 255))
    ground.paste(image, (0, 0), image)
    return ground


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """`image` by its colour profile; as it is where that is broken or belongs to another kind of picture."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    plain = image.convert("RGB") if alpha else image
    try:
        done = ImageCms.profileToProfile(plain, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    if done is None:
        return image
    if alpha:
        done.putalpha(alpha)
    return done
