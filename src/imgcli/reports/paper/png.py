"""A page of a sheet as a PNG of its resolution."""

from io import BytesIO

from PIL import Image, ImageDraw

from imgcli.reports.paper.draw import RULE
from imgcli.reports.paper.plan import Frame, Plan
from imgcli.reports.thumbnail import UnreadableError, thumbnail
from imgcli.typeset.label import Label
from imgcli.typeset.line import write

MOST_PIXELS = 80_000_000
WHITE, MAT = (255, 255, 255), (244, 244, 241)


class PngPage:
    """A canvas of `dpi` pixels an inch.

    Raises:
        ValueError: that would be more than MOST_PIXELS.
    """

    def __init__(self, plan: Plan, dpi: int) -> None:
        self._scale, self._dpi = dpi / 25.4, dpi
        width, height = (round(side * self._scale) for side in plan.sheet.paper)
        if width * height > MOST_PIXELS:
            raise ValueError(f"{dpi} dpi makes {width} x {height} pixels a page, too many; choose fewer, or PDF")
        self._picture = Image.new("RGB", (width, height), WHITE)
        self._draw = ImageDraw.Draw(self._picture)

    def write(self, text: str, label: Label, place: tuple[float, float], ink: tuple[int, int, int]) -> None:
        left, base = (value * self._scale for value in place)
        write(self._draw, text, (left, left, base), (label.font, label.size * self._scale), ink)

    def rule(self, left: float, top: float, width: float) -> None:
        scale = self._scale
        thick = max(1, round(0.1 * scale))
        self._draw.rectangle(
            (
                round(left * scale),
                round(top * scale),
                round((left + width) * scale) - 1,
                round(top * scale) + thick - 1,
            ),
            fill=RULE,
        )

    def picture(self, frame: Frame, data: bytes) -> str:
        left, top, width, height = self._box(frame)
        try:
            small = thumbnail(data, width, height)
        except UnreadableError as error:
            self.blank(frame)
            return str(error)
        self._picture.paste(small, (left, top + height - small.height))
        self._outline((left, top + height - small.height, small.width, small.height))
        return ""

    def blank(self, frame: Frame) -> None:
        left, top, width, height = self._box(frame)
        self._draw.rectangle((left, top, left + width - 1, top + height - 1), fill=MAT)
        self._outline((left, top, width, height))

    def png(self) -> bytes:
        out = BytesIO()
        self._picture.save(out, "PNG", dpi=(self._dpi, self._dpi))
        return out.getvalue()

    def _outline(self, box: tuple[int, int, int, int]) -> None:
        left, top, width, height = box
        self._draw.rectangle((left, top, left + width - 1, top + height - 1), outline=RULE)

    def _box(self, frame: Frame) -> tuple[int, int, int, int]:
        sides = (frame.left, frame.top, frame.width, frame.height)
        left, top, width, height = (max(1, round(side * self._scale)) for side in sides)
        return left, top, width, height
