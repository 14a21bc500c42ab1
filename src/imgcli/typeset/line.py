"""One line of text on a picture, each letter in a font that has it."""

from PIL import ImageDraw

from imgcli.typeset import glyphs, setting

Ink = tuple[int, int, int]


def write(
    draw: ImageDraw.ImageDraw,
    text: str,
    place: tuple[float, float, float],
    type_: tuple[str, float],
    ink: Ink,
    *,
    rtl: bool = False,
) -> None:
    """`text` on a baseline: `place` is (left, right, baseline), `type_` (first font, size), all in pixels.

    With `rtl` it stands at the right. Letters that no font has are left out.
    """
    left, right, base = place
    first, size = type_
    runs = glyphs.split(text, first)
    x = right - setting.measure(text, first) * size if rtl else left
    for place_, run in enumerate(reversed(runs) if rtl else runs):
        font = glyphs.sized(run.font, size)
        # A space after a run that goes against the line belongs on its other side.
        shown = run.text if run.is_rtl == rtl else run.text[len(run.text.rstrip()) :] + run.text.rstrip()
        direction = "rtl" if run.is_rtl else None
        if not place_ and not rtl:
            x -= font.getbbox(shown, anchor="ls")[0]
        weight = size * 0.011 if run.font == glyphs.CJK else 0
        draw.text((x, base), shown, ink, font, "ls", direction=direction, stroke_width=weight)
        x += font.getlength(shown, direction=direction)
