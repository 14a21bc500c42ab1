"""What a mask will let change, drawn over the picture."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

TINT = (255, 0, 128)
STRENGTH = 110
"""Of the tint, of 255."""

STRIPE = 16
"""Pixels from one stripe of the hatching to the next, for a picture of 1,000 pixels."""


def drawn(first: Image.Image, alpha: Image.Image | None, markup: Image.Image | None) -> Image.Image:
    """`first` with what `alpha` lets change tinted, hatched and outlined; all of it without one. The rest is untouched.

    Args:
        first: RGB or RGBA.
        alpha: of the mask, of the same size; 0 may change.
        markup: RGBA of the same size, laid over all.
    """
    seen = first.convert("RGBA")
    changes = Image.new("L", first.size, 255) if alpha is None else ImageChops.invert(alpha)
    scale = max(1, round(max(first.size) / 1000))
    seen = _inked(seen, changes.point(lambda level: level * STRENGTH // 255))
    seen = _inked(seen, ImageChops.multiply(changes, _stripes(first.size, scale)))
    seen = _inked(seen, _outline(changes, scale))
    if markup is not None:
        seen.alpha_composite(markup.convert("RGBA"))
    return seen


def _inked(seen: Image.Image, where: Image.Image) -> Image.Image:
    """`seen` with the tint laid over it as strongly as `where` says; opaque there, so that it shows on nothing too."""
    inked = seen.copy()
    inked.paste((*TINT, 255), (0, 0), where)
    return inked


def _stripes(size: tuple[int, int], scale: int) -> Image.Image:
    stripes = Image.new("L", size, 0)
    pen = ImageDraw.Draw(stripes)
    width, height = size
    for start in range(-height, width, STRIPE * scale):
        pen.line((start, height, start + height, 0), fill=170, width=2 * scale)
    return stripes


def _outline(changes: Image.Image, scale: int) -> Image.Image:
    """The inner edge of what may change."""
    hard = changes.point(lambda level: 255 if level >= 128 else 0)
    inner = hard.filter(ImageFilter.MinFilter(2 * scale + 1))
    return ImageChops.subtract(hard, inner)
