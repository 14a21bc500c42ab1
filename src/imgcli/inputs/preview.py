"""What a mask will let change, drawn over the picture."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

TINT = (255, 0, 128)
STRENGTH = 110
"""Of the tint, of 255."""

LIGHT, DARK = (255, 255, 255), (20, 20, 20)
"""Both are drawn, side by side: each is lost on some ground."""

STRIPE = 18
"""Pixels from one stripe of the hatching to the next, for a picture of 1,000 pixels."""

FAINT = 150
"""Of the hatching, of 255."""


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
    seen = _inked(seen, TINT, changes.point(lambda level: level * STRENGTH // 255))
    for ink, shift in ((LIGHT, 0), (DARK, 2 * scale)):
        seen = _inked(seen, ink, ImageChops.multiply(changes, _stripes(first.size, scale, shift)))
    outer = _rim(changes, 2 * scale)
    seen = _inked(seen, LIGHT, outer)
    seen = _inked(seen, DARK, ImageChops.subtract(_rim(changes, 3 * scale), outer))
    if markup is not None:
        seen.alpha_composite(markup.convert("RGBA"))
    return seen


def _inked(seen: Image.Image, ink: tuple[int, int, int], where: Image.Image) -> Image.Image:
    """`seen` with `ink` laid over it as strongly as `where` says; opaque there, so that it shows on nothing too."""
    inked = seen.copy()
    inked.paste((*ink, 255), (0, 0), where)
    return inked


def _stripes(size: tuple[int, int], scale: int, shift: int) -> Image.Image:
    stripes = Image.new("L", size, 0)
    pen = ImageDraw.Draw(stripes)
    width, height = size
    for start in range(shift - height, width, STRIPE * scale):
        pen.line((start, height, start + height, 0), fill=FAINT, width=2 * scale)
    return stripes


def _rim(changes: Image.Image, thickness: int) -> Image.Image:
    """The inner edge of what may change, so many pixels thick."""
    hard = changes.point(lambda level: 255 if level >= 128 else 0)
    inner = hard.filter(ImageFilter.MinFilter(2 * thickness + 1))
    return ImageChops.subtract(hard, inner)
