"""Which ink can be read on a scene, and a veil where none can."""

from PIL import Image

from imgcli.providers.placeholder.looks.scene import Box, Scene
from imgcli.providers.placeholder.palette import Colour, Palette, contrast, luminance, mix

LEGIBLE = 4.5
"""Least contrast of text: WCAG 2.2, success criterion 1.4.3, level AA."""

SAMPLES = (16, 8)
BLACK = (5, 5, 6)
"""As light as black may be for one of the two to be legible on any flat colour."""

WHITE = (255, 255, 255)


def make_legible(scene: Scene, words: Box, palette: Palette) -> tuple[Image.Image, Colour]:
    """The picture, veiled as little as needed, and the ink for the `words` on it."""
    tinted = (mix(palette.light, WHITE, 0.6), mix(palette.dark, BLACK, 0.5))
    inks = (*tinted, WHITE, BLACK)
    grounds = _grounds(scene.picture, words)
    for ink in (*sorted(tinted, key=lambda ink: -_least(ink, grounds)), WHITE, BLACK):
        if _least(ink, grounds) >= LEGIBLE:
            return scene.picture, ink
    ink = max(inks, key=lambda ink: _least(ink, grounds))
    return _veiled(scene, words, ink, palette), ink


def _grounds(picture: Image.Image, words: Box) -> list[float]:
    """Luminances all over the place where the words will stand."""
    left, top, right, bottom = words
    box = (max(0, left), max(0, top), min(picture.width, right), min(picture.height, bottom))
    small = picture.resize(SAMPLES, Image.Resampling.BOX, box).tobytes()
    return [luminance((small[at], small[at + 1], small[at + 2])) for at in range(0, len(small), 3)]


def _least(ink: Colour, grounds: list[float]) -> float:
    own = luminance(ink)
    return min(contrast(own, ground) for ground in grounds)


def _veiled(scene: Scene, words: Box, ink: Colour, palette: Palette) -> Image.Image:
    """The scene with a veil that deepens towards the words, just dense enough to read them."""
    width, height = scene.picture.size
    dark = luminance(ink) > 0.4
    veil = mix(palette.dark, BLACK, 0.4) if dark else mix(palette.light, WHITE, 0.4)
    top = words[1] - (height - words[1]) * 0.7
    picture = scene.picture
    for density in (0.35, 0.5, 0.65, 0.8, 0.92):
        picture = scene.picture.copy()
        picture.paste(veil, (0, 0), _slope(width, height, (top, words[1] - (words[1] - top) * 0.12), density))
        if _least(ink, _grounds(picture, words)) >= LEGIBLE:
            break
    return picture


def _slope(width: int, height: int, rows: tuple[float, float], density: float) -> Image.Image:
    """An L mask: nothing above the first row, `density` below the second, a smooth change between."""
    strip = Image.new("L", (1, height))
    for row in range(height):
        share = min(1.0, max(0.0, (row - rows[0]) / max(1.0, rows[1] - rows[0])))
        strip.putpixel((0, row), round(255 * density * share * share * (3 - 2 * share)))
    return strip.resize((width, height))
