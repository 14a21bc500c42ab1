"""Transparent backgrounds by simple means: a subject cut out of an even ground, a scene in a soft shape.

No model looks at the picture: what has the colours of the border and hangs together with it is taken for the ground.
"""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from imgcli.providers.placeholder.looks.soft import enlarge, glow, small_size

LONG = 168
"""Longer side of the copy in which the ground is flooded."""

COLOURS = 5
"""Of the border, at most."""

NEAR, FAR = 22, 60
"""Differences of a channel up to which a pixel is ground, and from which it is none."""

FLOODED = 128

LEAST_SHARE, MOST_SHARE = 0.03, 0.9
"""Of the picture that a subject has."""

WHOLE = 0.85
"""A subject that loses more than the rest of this share with its thinnest parts is no shape but crumbs."""


def subject_mask(picture: Image.Image) -> Image.Image:
    """L, 255 where the subject of an RGB picture is; a soft shape in the middle where no even ground sets it off."""
    unlike = _unlike_border(picture)
    shape = small_size(*picture.size, LONG)
    ground = _flooded(unlike.resize(shape, Image.Resampling.BOX))
    ragged = ImageChops.invert(ground)
    subject = ragged.filter(ImageFilter.MinFilter(5)).filter(ImageFilter.MaxFilter(5))
    if not LEAST_SHARE <= _share(subject) <= MOST_SHARE or _share(subject) < WHOLE * _share(ragged):
        return _middle(picture.size)
    sure = enlarge(subject.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(1.2)), *picture.size)
    core = enlarge(subject.filter(ImageFilter.MinFilter(5)).filter(ImageFilter.GaussianBlur(1.2)), *picture.size)
    # Along the outline the pixels themselves decide; inside and outside they have no say.
    return ImageChops.lighter(
        core, ImageChops.multiply(sure, unlike.point([_unlikeness(level) for level in range(256)]))
    )


def card_size(width: int, height: int) -> tuple[int, int]:
    """How large a card is on a ground of `width` x `height`; a small picture needs every pixel of it."""
    margin = round(min(width, height) * 0.07)
    return width - 2 * margin, height - 2 * margin


def card(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """RGBA of `size`: `picture` in the middle, with round corners and a soft shadow on nothing."""
    width, height = picture.size
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    corners = round_mask((width, height), min(width, height) * 0.12)
    shape = small_size(*size, 240)
    scale = shape[0] / size[0]
    shadow = Image.new("L", shape)
    drop = min(size) * 0.014
    low = corners.resize((max(1, round(width * scale)), max(1, round(height * scale))))
    shadow.paste(low, (round(left * scale), round((top + drop) * scale)))
    soft = enlarge(shadow.filter(ImageFilter.GaussianBlur(min(shape) * 0.02)), *size)
    whole = Image.new("RGBA", size, (10, 12, 20, 0))
    whole.putalpha(soft.point([round(level * 0.34) for level in range(256)]))
    laid = picture.convert("RGBA")
    laid.putalpha(corners)
    whole.alpha_composite(laid, (left, top))
    return whole


def round_mask(size: tuple[int, int], radius: float) -> Image.Image:
    """L, 255 inside a rectangle with round corners, its edge smooth."""
    mask = Image.new("L", size, 255)
    corner = max(1, round(min(radius, min(size) / 2)))
    fine = Image.new("L", (corner * 8, corner * 8))
    ImageDraw.Draw(fine).ellipse((0, 0, corner * 8 - 1, corner * 8 - 1), fill=255)
    disc = fine.reduce(4)
    for x, left in ((0, 0), (corner, size[0] - corner)):
        for y, top in ((0, 0), (corner, size[1] - corner)):
            mask.paste(disc.crop((x, y, x + corner, y + corner)), (left, top))
    return mask


def _unlike_border(picture: Image.Image) -> Image.Image:
    """L: how far each pixel is from the nearest colour of the border."""
    unlike = Image.new("L", picture.size, 255)
    for colour in _border_colours(picture):
        red, green, blue = ImageChops.difference(picture, Image.new("RGB", picture.size, colour)).split()
        unlike = ImageChops.darker(unlike, ImageChops.lighter(ImageChops.lighter(red, green), blue))
    return unlike


def _border_colours(picture: Image.Image) -> list[tuple[int, int, int]]:
    """The commonest colours of the outermost pixels, without those that are rare there."""
    small = picture.resize((48, 48), Image.Resampling.BOX)
    ring = Image.new("RGB", (48, 4))
    for row, box in enumerate(((0, 0, 48, 1), (0, 47, 48, 48), (0, 0, 1, 48), (47, 0, 48, 48))):
        edge = small.crop(box)
        ring.paste(edge if edge.width == 48 else edge.transpose(Image.Transpose.ROTATE_90), (0, row))
    found = ring.quantize(COLOURS, Image.Quantize.MEDIANCUT).convert("RGB").getcolors(256) or []
    kept = [colour for count, colour in sorted(found, reverse=True) if count >= 12]
    return [(colour[0], colour[1], colour[2]) for colour in kept if isinstance(colour, tuple)] or [(255, 255, 255)]


def _flooded(unlike: Image.Image) -> Image.Image:
    """L, 255 for all that is like the border and reached from it."""
    like = unlike.point([0 if level <= (NEAR + FAR) // 2 else 255 for level in range(256)])
    # A frame of ground around it lets one flood reach every side.
    wide = Image.new("L", (like.width + 2, like.height + 2))
    wide.paste(like, (1, 1))
    ImageDraw.floodfill(wide, (0, 0), FLOODED)
    flooded = wide.crop((1, 1, like.width + 1, like.height + 1))
    return flooded.point([255 if level == FLOODED else 0 for level in range(256)])


def _unlikeness(level: int) -> int:
    return max(0, min(255, round(255 * (level - NEAR) / (FAR - NEAR))))


def _share(mask: Image.Image) -> float:
    levels = mask.histogram()
    return levels[255] / sum(levels)


def _middle(size: tuple[int, int]) -> Image.Image:
    """A soft oval that nearly fills the picture."""
    return glow(*size, 0.35).point([min(255, round(level * 1.6)) for level in range(256)])
