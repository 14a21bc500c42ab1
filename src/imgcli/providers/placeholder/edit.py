"""Pictures from pictures, for real: masks are kept to the bit, the rest is restyled, continued or cut out.

A pure function of the inputs' bytes and the wish; nothing here understands what a picture shows.
"""

from collections.abc import Sequence
from dataclasses import replace

from PIL import Image, ImageChops

from imgcli.model.input import Edit, Input
from imgcli.providers.placeholder.encode import encode, encode_exactly
from imgcli.providers.placeholder.fitting import cover, least
from imgcli.providers.placeholder.insets import MOST, SHARE
from imgcli.providers.placeholder.intake import take, take_alpha
from imgcli.providers.placeholder.region import paint_region
from imgcli.providers.placeholder.restyle import cut_out, restyled
from imgcli.providers.placeholder.wish import Wish
from imgcli.providers.reading import read


def paint_edit(edit: Edit, wish: Wish) -> bytes:
    """The bytes of a picture made from `edit`, of exactly the size and format wished for.

    With a mask or a markup every pixel that is kept comes back as it is, in PNG and in WebP, which is then lossless;
    inputs of another shape are fitted first: enlarged or reduced, and cut at the sides that are too long.

    Raises:
        AttemptError: an input is gone, changed or no picture that can be decoded; nothing was billed.
        ValueError: of the size or the format wished for.
    """
    first = take(edit.inputs[0], wish.size)
    prints = _prints(edit.inputs[1:], wish)
    wish = replace(wish, sources=tuple(each.sha256 for each in edit.everything))
    keep = _kept(edit)
    if keep is not None:
        canvas = cover(first.picture, wish.size).convert("RGBA")
        # Sharper filters swing over at an edge, and would open a little of what is kept beside it.
        fitted = cover(keep, wish.size, Image.Resampling.BILINEAR)
        made = paint_region(canvas, fitted, wish, prints)
        return encode_exactly(_without_alpha(made), wish.format, first.profile)
    if wish.clear:
        return encode(cut_out(first.picture, wish, prints), wish.format, photographic=True)
    return encode(restyled(first.picture, wish, prints), wish.format, photographic=True)


def _kept(edit: Edit) -> Image.Image | None:
    """L, 255 where the first input stays as it is; None where all of it may change."""
    if edit.mask is not None:
        return take_alpha(edit.mask)
    return ImageChops.invert(take_alpha(edit.markup)) if edit.markup is not None else None


def _prints(further: Sequence[Input], wish: Wish) -> list[Image.Image]:
    """Further inputs, small; those that will not be shown are only looked at, as a changed one is none of this job."""
    side = max(32, round(min(wish.size) * SHARE))
    prints = [_print(each, side) for each in further[:MOST]]
    for each in further[MOST:]:
        read(each)
    return prints


def _print(source: Input, side: int) -> Image.Image:
    picture = cover(take(source, (side, side)).picture, (side, side))
    if picture.mode == "RGB":
        return picture
    paper = Image.new("RGB", picture.size, (244, 243, 240))
    paper.paste(picture, (0, 0), picture)
    return paper


def _without_alpha(picture: Image.Image) -> Image.Image:
    """RGB, unless something of it is transparent."""
    return picture.convert("RGB") if least(picture.getchannel("A")) == 255 else picture
