"""One master -> its derived files in a directory: what worker processes do of an export."""

import hashlib
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from PIL import Image, UnidentifiedImageError

from imgcli.errors import StorageError
from imgcli.exports.draw import draw, encode
from imgcli.exports.label import xmp
from imgcli.exports.manifest import Made
from imgcli.exports.place import write_new
from imgcli.exports.plan import RAW, Drawing, File
from imgcli.exports.wish import Colour, Label
from imgcli.inputs.pixels import follows_profile, orientation, upright
from imgcli.machine import why

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
MOST_BYTES = 256 * 1024 * 1024
MOST_PIXELS = 64_000_000
CHANGED = "was changed since it was saved, so nothing is made of it (imgcli verify)"
LABELLED = frozenset({"png", "jpeg", "webp", "avif"})
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Manner:
    """What holds for all files of an export; `tool` is what made them, by name and version."""

    background: Colour | None
    quality: int | None
    label: Label
    tool: str


def look(path: Path, sha256: str) -> tuple[int, int]:
    """Pixels of a master, upright.

    Raises:
        ValueError: in words that follow its name: it is gone, changed, or no picture of pixels.
    """
    return _opened(path, sha256, _shape)


def render(files: Sequence[File], staging: Path, manner: Manner) -> list[Made]:
    """Write all files of one master below `staging`.

    Raises:
        ValueError: as `look`, or it is damaged.
        StorageError: the disk refuses.
    """
    master = files[0].master
    drawn = any(isinstance(file.content, Drawing) for file in files)
    image, done = _opened(master.path, master.sha256, _whole) if drawn else (None, [])
    return [_made(file, staging, image, done, manner) for file in files]


def _made(file: File, staging: Path, image: Image.Image | None, done: Sequence[str], manner: Manner) -> Made:
    steps: tuple[str, ...] = ()
    if isinstance(file.content, str) or image is None:
        data, size, form, packet = str(file.content).encode(), (0, 0), file.path.rsplit(".", 1)[-1], b""
    else:
        how = file.content
        form = how.format
        packet = xmp([file.master], manner.label, manner.tool) if form in LABELLED else b""
        frames = [draw(image, replace(how, width=side, height=side), manner.background) for side in how.sizes]
        pixels, drawn = frames[-1] if frames else draw(image, how, manner.background)
        data = encode(pixels, how, manner.quality, packet, [frame for frame, _ in frames])
        size, steps = pixels.size, (*done, *drawn)
    written(staging, file.path, data)
    digest = "" if form == RAW else hashlib.sha256(data).hexdigest()
    return Made(file.path, file.set, digest, len(data), form, *size, steps, bool(packet), (file.master,))


def written(staging: Path, path: str, data: bytes) -> None:
    """A new file below `staging`.

    Raises:
        StorageError: the disk refuses.
    """
    try:
        staging.stat()  # taken away when an export was stopped: a worker that still runs must not make it anew
        with suppress(FileNotFoundError):
            (staging / path).unlink()  # of a worker that was killed; the directory is ours alone
        write_new(staging / path, data)
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({why(error)})") from None


def _opened(path: Path, sha256: str, use: Callable[[Image.Image], T]) -> T:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ValueError(f"cannot be read ({why(error)})") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(CHANGED)
    try:
        with warnings.catch_warnings():
            # Larger than Pillow likes, or odd in its metadata, is no news to the user: what counts is checked here.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Image.DecompressionBombError  # noqa: TRY301 - told as Pillow's own
                return use(image)
    except UnidentifiedImageError:
        raise ValueError("is no picture of pixels, or of a format that this Pillow does not read") from None
    except (Image.DecompressionBombError, MemoryError):
        raise ValueError("has more pixels than are decoded here (64 megapixels)") from None
    except Exception as error:  # noqa: BLE001 - decoders fail in any way on bytes of strangers
        raise ValueError(f"is damaged ({type(error).__name__})") from None


def _shape(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (height, width) if orientation(image) >= 5 else (width, height)


def _whole(image: Image.Image) -> tuple[Image.Image, list[str]]:
    done = ["turned upright"] if orientation(image) != 1 else []
    if follows_profile(image):
        done.append("converted to sRGB")
    return upright(image), done
