"""The workshop: pictures made from input pictures, each a file named by its SHA-256, so the same call gives the same one."""

import hashlib
import json
import math
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PIL import Image

from imgcli.errors import StorageError, UsageError
from imgcli.inputs import masks, pixels
from imgcli.inputs.boxes import Box
from imgcli.inputs.colours import parse_colour
from imgcli.inputs.preview import drawn
from imgcli.inputs.read import EXTENSIONS, MOST_PIXELS
from imgcli.machine import why
from imgcli.model.input import Edit, EditRules, Input

ANCHORS = {
    "center": (0.5, 0.5),
    "left": (0.0, 0.5),
    "right": (1.0, 0.5),
    "top": (0.5, 0.0),
    "bottom": (0.5, 1.0),
    "top-left": (0.0, 0.0),
    "top-right": (1.0, 0.0),
    "bottom-left": (0.0, 1.0),
    "bottom-right": (1.0, 1.0),
}
"""Where a picture lies in a larger one: shares of the room left of and above it."""

MOST_ROUNDS = 12
LEAST_SIDE = 16


VERSION = 1
"""Part of every origin: raise it when the same call makes other pixels."""


class Workshop:
    """Makes pictures from pictures, and leaves those as they are.

    What it makes is 8-bit sRGB, turned upright where a camera says how it was held, and has no metadata. Masks alone
    lie over the picture as it stands in its file. Its `origin` tells what was done to which bytes.

    Args:
        cache: the directory for what it makes; made when there is something.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def smaller(self, picture: Input, longest: int, image_format: str = "jpeg") -> Input:
        """A copy for looking at: no side over `longest` pixels, never larger than it was.

        Raises:
            UsageError: it was changed or is damaged.
            StorageError: the cache cannot be written.
        """

        def made(image: Image.Image) -> Image.Image:
            image.draft(None, (longest, longest))
            whole = pixels.upright(image)
            whole.thumbnail((longest, longest), Image.Resampling.LANCZOS)
            return whole

        origin = _origin("smaller", [picture], longest, image_format)
        return self._kept(pixels.opened(picture, made), image_format, picture.name, origin)

    def fitted(self, picture: Input, rules: EditRules) -> Input:
        """A copy in the same format with fewer pixels, so that its file is below the limit; itself if it is already.

        Raises:
            UsageError: it was changed or is damaged, or no size is small enough.
            StorageError: the cache cannot be written.
        """
        if picture.size_bytes < rules.most_bytes:
            return picture
        whole = pixels.opened(picture, pixels.upright)
        scale = math.sqrt(0.9 * rules.most_bytes / picture.size_bytes)
        for _ in range(MOST_ROUNDS):
            size = round(whole.width * scale), round(whole.height * scale)
            if min(size) < LEAST_SIDE:
                break
            data = pixels.encoded(whole.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0), picture.format)
            if len(data) < rules.most_bytes:
                origin = _origin("fitted", [picture], rules.most_bytes)
                return self._stored(data, picture.format, size, picture.name, origin)
            scale *= math.sqrt(0.9 * rules.most_bytes / len(data))
        raise UsageError(f"{picture.name}: cannot be made smaller than {rules.most_bytes:,} bytes")

    def converted(self, picture: Input, image_format: str) -> Input:
        """The picture as `png`, `jpeg` or `webp`; itself if it is that.

        Raises:
            UsageError: it was changed or is damaged.
            StorageError: the cache cannot be written.
        """
        if picture.format == image_format:
            return picture
        origin = _origin("converted", [picture], image_format)
        return self._kept(pixels.opened(picture, pixels.upright), image_format, picture.name, origin)

    def box_mask(self, first: Input, boxes: Sequence[Box]) -> Input:
        """A mask over `first` in whose boxes it may change.

        Raises:
            UsageError: a box is empty or reaches beyond it, or `first` is stored on its side.
            StorageError: the cache cannot be written.
        """
        self._require_upright(first)
        size, places = (first.width, first.height), [box.within(first) for box in boxes]
        name = f"box {' and '.join(box.typed for box in boxes)}"
        alpha = masks.of_boxes(size, places)
        return self._kept(masks.as_picture(alpha), "png", name, _origin("boxes", [], size, places))

    def colour_mask(self, first: Input, colour: str, tolerance: int) -> Input:
        """A mask over `first` in which it may change where it has `colour` (`#rrggbb`).

        `tolerance` is how much red, green and blue may each differ, 0 to 255.

        Raises:
            UsageError: that is no colour, or nothing in `first` has it.
            StorageError: the cache cannot be written.
        """
        wanted = parse_colour(colour)
        name = f"colour #{bytes(wanted).hex()} within {tolerance}"
        try:
            alpha = masks.of_colour(pixels.opened(first, pixels.stored), wanted, tolerance)
        except ValueError:
            raise UsageError(
                f"{first.name}: no pixel has the colour {colour.strip()}, with a tolerance of {tolerance} "
                f"(--mask-tolerance takes up to {masks.MOST_TOLERANCE})"
            ) from None
        return self._kept(masks.as_picture(alpha), "png", name, _origin("colour", [first], wanted, tolerance))

    def alpha_mask(self, mask: Input, first: Input) -> Input:
        """`mask` as a mask over `first`: itself if it is a PNG with transparent parts; from black and white otherwise.

        Raises:
            UsageError: it has another size than `first`, or shows neither.
            StorageError: the cache cannot be written.
        """
        if (mask.width, mask.height) != (first.width, first.height):
            hint = self._turned(first) if (mask.height, mask.width) == (first.width, first.height) else ""
            raise UsageError(
                f"{mask.name}: a mask has the size of the first input picture: it has {mask.width}x{mask.height}, "
                f"{first.name} {first.width}x{first.height}{hint}"
            )
        mode, image = pixels.opened(mask, lambda image: (image.mode, pixels.stored(image)))
        if image.mode == "RGBA" and image.getchannel("A").histogram()[255] < image.width * image.height:
            # Servers ask for an alpha channel, which a palette with a hole in it is not.
            is_one = mask.format == "png" and mode in {"RGBA", "LA"}
            return mask if is_one else self._kept(image, "png", mask.name, _origin("holes", [mask]))
        try:
            alpha = masks.of_drawing(image)
        except ValueError as error:
            raise UsageError(f"{mask.name}: {error}") from None
        return self._kept(masks.as_picture(alpha), "png", mask.name, _origin("drawing", [mask]))

    def laid_over(self, part: Input, first: Input, rules: EditRules) -> Input:
        """A mask or markup for a `first` that was made smaller: of its size, and of nothing but its holes if too large.

        Raises:
            UsageError: it was changed or is damaged.
            StorageError: the cache cannot be written.
        """
        size = first.width, first.height
        if (part.width, part.height) == size and part.size_bytes < rules.mask_bytes:
            return part
        image = pixels.opened(part, pixels.stored).convert("RGBA").resize(size, Image.Resampling.BOX)
        made = self._kept(image, "png", part.name, _origin("laid over", [part], size))
        if made.size_bytes < rules.mask_bytes:
            return made
        bare = masks.as_picture(image.getchannel("A"))
        return self._kept(bare, "png", part.name, _origin("holes alone", [part], size))

    def canvas(self, picture: Input, width: int, height: int, anchor: str) -> tuple[Input, Input]:
        """A larger PNG with `picture` in it and nothing around, and a mask whose hole is that nothing.

        Args:
            picture: is not scaled.
            width: of both, in pixels.
            height: ditto.
            anchor: a word of `ANCHORS`.

        Raises:
            UsageError: it is no smaller than that, changed, or damaged, or that has more than MOST_PIXELS.
            StorageError: the cache cannot be written.
        """
        if anchor not in ANCHORS:
            raise UsageError(f"the anchor {anchor!r} is not one of {', '.join(ANCHORS)}")
        if width * height > MOST_PIXELS:
            raise UsageError(f"{width}x{height} has {width * height:,} pixels, and {MOST_PIXELS:,} are the most")
        image = pixels.opened(picture, pixels.upright)
        if image.width > width or image.height > height or image.size == (width, height):
            raise UsageError(
                f"{picture.name}: is {image.width}x{image.height}, so nothing can be added around it in {width}x{height}; "
                "choose a larger size"
            )
        across, down = ANCHORS[anchor]
        place = round((width - image.width) * across), round((height - image.height) * down)
        whole = Image.new("RGBA", (width, height), (0, 0, 0, 0))
        whole.paste(image, place)
        alpha = Image.new("L", (width, height), 0)
        alpha.paste(255, (*place, place[0] + image.width, place[1] + image.height))
        made = self._kept(
            whole, "png", f"{picture.name} in {width}x{height}", _origin("canvas", [picture], width, height, anchor)
        )
        # Where the hole is decides nothing but itself: it is the same around every picture of one size.
        hole = _origin("around", [], image.size, place, width, height)
        return made, self._kept(masks.as_picture(alpha), "png", f"around {picture.name}", hole)

    def preview(self, edit: Edit) -> bytes:
        """A PNG of the first input in which what may change is tinted, hatched and outlined, below the markup.

        Raises:
            UsageError: one of the pictures was changed or is damaged.
        """
        first = pixels.opened(edit.inputs[0], pixels.stored)
        mask = pixels.opened(edit.mask, pixels.stored).convert("RGBA").getchannel("A") if edit.mask else None
        markup = pixels.opened(edit.markup, pixels.stored) if edit.markup else None
        return pixels.encoded(drawn(first, mask, markup), "png")

    def _require_upright(self, first: Input) -> None:
        if hint := self._turned(first):
            raise UsageError(f"{first.name}: a box would lie elsewhere than you see it{hint}")

    def _turned(self, picture: Input) -> str:
        """What to do about a picture that is stored on its side or head; nothing if it is not."""
        turn = pixels.opened(picture, pixels.orientation)
        other = "jpeg" if picture.format == "png" else "png"
        if turn == 1:
            return ""
        return f"; it is stored turned or mirrored (EXIF orientation {turn}), and --convert {other} turns it for good"

    def _kept(self, image: Image.Image, image_format: str, name: str, origin: str) -> Input:
        return self._stored(pixels.encoded(image, image_format), image_format, image.size, name, origin)

    def _stored(self, data: bytes, image_format: str, size: tuple[int, int], name: str, origin: str) -> Input:
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._cache / f"{sha256}.{EXTENSIONS[image_format]}"
        try:
            self._cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not _holds(path, data):
                _put(path, data)
        except OSError as error:
            raise StorageError(f"{self._cache}: cannot keep {name} made ready to be sent: {why(error)}") from None
        return Input(path.absolute(), sha256, len(data), image_format, *size, name, origin)


def _origin(work: str, sources: Sequence[Input], *how: object) -> str:
    told = [VERSION, work, [source.mark for source in sources], how]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


def _holds(path: Path, data: bytes) -> bool:
    """Whether `path` is that very file: a cache is no place to believe."""
    try:
        with path.open("rb") as file:
            return not path.is_symlink() and file.read(len(data) + 1) == data
    except OSError:
        return False


def _put(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        with os.fdopen(
            os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600), "wb"
        ) as file:
            file.write(data)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
