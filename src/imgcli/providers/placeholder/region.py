"""Painting where a mask says so: every pixel it keeps stays as it is, to the bit."""

from collections.abc import Sequence

from PIL import Image, ImageChops, ImageFilter

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.cut import round_mask
from imgcli.providers.placeholder.fitting import is_empty, room_in
from imgcli.providers.placeholder.grounds import colours_of, scene_for
from imgcli.providers.placeholder.insets import lay_prints
from imgcli.providers.placeholder.lettering import FOOT_SIDE, LEAST_SIDE, badge, letter
from imgcli.providers.placeholder.looks.scene import Box, Scene
from imgcli.providers.placeholder.looks.soft import enlarge, small_size
from imgcli.providers.placeholder.paint import LOOKS, Look, font_for
from imgcli.providers.placeholder.palette import Palette, make_palette
from imgcli.providers.placeholder.surround import continued, kept_box
from imgcli.providers.placeholder.wish import Wish

WORDS = 0.62
"""Share of the height of a room that words may have, from its foot."""

SOFT_SIDE = 120
"""Longer side of the copy in which a soft shape is found."""


def paint_region(picture: Image.Image, keep: Image.Image, wish: Wish, prints: Sequence[Image.Image]) -> Image.Image:
    """RGBA: `picture` (RGBA) where `keep` (L, of its size) is 255, painted where it is 0, and both where it is between.

    Where nothing may be transparent, what is transparent in `picture` is painted too. `prints` are further inputs.
    """
    region = ImageChops.invert(ImageChops.darker(keep, picture.getchannel("A")) if wish.opaque else keep)
    box = region.getbbox()
    if box is None:
        return picture
    patch, shape = _patch(picture, region, box, wish, prints)
    under = picture.crop(box)
    if wish.opaque:
        under.putalpha(ImageChops.multiply(under.getchannel("A"), keep.crop(box)))
        laid = Image.alpha_composite(patch.convert("RGBA"), under)
    else:
        if wish.clear:
            under.putalpha(ImageChops.multiply(under.getchannel("A"), keep.crop(box)))
        over = patch.convert("RGBA")
        over.putalpha(shape)
        laid = Image.alpha_composite(under, over)
    whole = picture.copy()
    whole.paste(laid, box)
    return whole


def _patch(
    picture: Image.Image,
    region: Image.Image,
    box: Box,
    wish: Wish,
    prints: Sequence[Image.Image],
) -> tuple[Image.Image, Image.Image]:
    """What is painted in `box`, RGB, and where in it (L)."""
    inside = region.crop(box)
    palette = make_palette(wish.colours or colours_of(_seen(picture)))
    idea, chance = wish.idea, Chance(wish.face)
    around = kept_box(picture) if is_empty(picture, region) else None
    if around is not None:
        whole = continued(picture, around, palette, chance)
        room = room_in(region)
        lay_prints(whole, prints, room)
        _put_badge(whole, room, palette)
        return whole.crop(box), inside
    look = LOOKS[(idea[0] + wish.variant) % len(LOOKS)]
    scene = scene_for(inside.size, look, palette, chance)
    shape = _soft_shape(inside) if wish.clear else inside
    room = room_in(shape)
    lay_prints(scene.picture, prints, room)
    patch = _lettered(scene, room, wish, palette, look)
    return patch, shape


def _lettered(scene: Scene, room: Box, wish: Wish, palette: Palette, look: Look) -> Image.Image:
    """`scene` with its words in `room`, as far as they have place there."""
    left, top, right, bottom = room
    shape = right - left, bottom - top
    if min(shape) < LEAST_SIDE:
        return scene.picture
    font = font_for(look, wish.title, shape[0] * shape[1])
    caption = wish.caption(f"edit · {scene.picture.width} × {scene.picture.height}", font)
    area = left, round(bottom - shape[1] * WORDS), right, bottom
    return letter(Scene(scene.picture, area), caption, palette, shape)


def _put_badge(whole: Image.Image, room: Box, palette: Palette) -> None:
    """The mark of a placeholder, in the lower right of `room`."""
    left, top, right, bottom = room
    plate = badge(whole.size, palette)
    margin = plate.height // 2
    if min(whole.size) >= FOOT_SIDE and right - left >= plate.width + 2 * margin and bottom - top >= 2 * plate.height:
        mask = round_mask(plate.size, plate.height / 2)
        whole.paste(plate, (right - margin - plate.width, bottom - margin - plate.height), mask)


def _soft_shape(inside: Image.Image) -> Image.Image:
    """What is well inside a region, its edge fading out: a soft shape on nothing."""
    shape = small_size(*inside.size, SOFT_SIDE)
    low = Image.new("L", (shape[0] + 2, shape[1] + 2))
    low.paste(inside.resize(shape, Image.Resampling.BOX), (1, 1))
    unit = max(3, min(shape) // 12 * 2 + 1)
    core = low.filter(ImageFilter.MinFilter(unit)).filter(ImageFilter.GaussianBlur(unit / 4))
    return ImageChops.multiply(enlarge(core.crop((1, 1, shape[0] + 1, shape[1] + 1)), *inside.size), inside)


def _seen(picture: Image.Image) -> Image.Image:
    """What can be seen of an RGBA picture, roughly, as RGB."""
    return picture.crop(picture.getchannel("A").getbbox()).convert("RGB")
