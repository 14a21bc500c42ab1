"""What may lie around a picture: its edges mirrored outwards, softer the farther away, drifting into a scene."""

from PIL import Image, ImageChops, ImageFilter

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.fitting import least
from imgcli.providers.placeholder.looks import mesh
from imgcli.providers.placeholder.looks.scene import Box
from imgcli.providers.placeholder.looks.soft import add_grain, ease, enlarge, small_size
from imgcli.providers.placeholder.palette import Palette

LONG = 320
"""Longer side of the copy that is blurred."""

SHARP, SOFT, DREAM = 0.07, 0.26, 0.6
"""Shares of the kept picture's shorter side: where it is no longer sharp, where only light is left, where the scene is."""

MOST_COPIES = 8
"""Times that what is kept goes into the whole, each way; less of it is no picture that could be continued."""


def kept_box(picture: Image.Image) -> Box | None:
    """The upright rectangle that is all there is of `picture` (RGBA); None if it is whole or has another outline."""
    alpha = picture.getchannel("A")
    box = alpha.getbbox()
    if box is None or box == (0, 0, *picture.size):
        return None
    if (box[2] - box[0]) * MOST_COPIES < picture.width or (box[3] - box[1]) * MOST_COPIES < picture.height:
        return None
    small = alpha.crop(box).resize((16, 16), Image.Resampling.BOX)
    return box if least(small) >= 192 else None


def continued(picture: Image.Image, box: Box, palette: Palette, chance: Chance) -> Image.Image:
    """RGB of the size of `picture` (RGBA): what is in `box`, continued on all sides."""
    mirrored = _mirrored(picture.crop(box).convert("RGB"), box, picture.size)
    shape = small_size(*picture.size, LONG)
    small = mirrored.resize(shape, Image.Resampling.BOX)
    unit = min(box[2] - box[0], box[3] - box[1])
    scale = shape[0] / picture.width
    soft = small.filter(ImageFilter.GaussianBlur(max(1.0, unit * 0.018 * scale)))
    light = small.filter(ImageFilter.GaussianBlur(max(2.0, unit * 0.09 * scale)))
    scene = mesh.paint(max(64, shape[0]), max(64, shape[1]), palette, chance).picture.resize(shape)
    light = Image.composite(light, ImageChops.soft_light(light, scene), _far(shape, box, scale, (0, unit * DREAM)))
    blurred = Image.composite(soft, light, _far(shape, box, scale, (0, unit * SOFT)))
    whole = add_grain(enlarge(blurred, *picture.size), chance, 1.6)
    return Image.composite(mirrored, whole, enlarge(_far(shape, box, scale, (0, unit * SHARP)), *picture.size))


def _mirrored(kept: Image.Image, box: Box, size: tuple[int, int]) -> Image.Image:
    """Copies of `kept` laid out around it, each the mirror image of its neighbours."""
    whole = Image.new("RGB", size)
    width, height = kept.size
    for row in range(-box[1] // height, -(-(size[1] - box[1]) // height)):
        for column in range(-box[0] // width, -(-(size[0] - box[0]) // width)):
            tile = kept.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if column % 2 else kept
            tile = tile.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if row % 2 else tile
            whole.paste(tile, (box[0] + column * width, box[1] + row * height))
    return whole


def _far(shape: tuple[int, int], box: Box, scale: float, ramp: tuple[float, float]) -> Image.Image:
    """An L mask: 255 inside `box`, 0 where the distance to it is over the end of the `ramp`."""
    across = _strip(shape[0], (box[0] * scale, box[2] * scale), ramp[1] * scale)
    down = _strip(shape[1], (box[1] * scale, box[3] * scale), ramp[1] * scale)
    rows = Image.frombytes("L", (shape[0], 1), across).resize(shape)
    columns = Image.frombytes("L", (1, shape[1]), down).resize(shape)
    return ImageChops.multiply(rows, columns)


def _strip(length: int, inside: tuple[float, float], reach: float) -> bytes:
    outside = (max(0.0, inside[0] - at - 0.5, at + 0.5 - inside[1]) for at in range(length))
    return bytes(round(255 * ease(1 - each / max(1.0, reach))) for each in outside)
