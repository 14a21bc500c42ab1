"""A sheet as one PDF: text that can be searched and copied, in the shipped fonts; pictures at the resolution of print."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

from fpdf import FPDF
from PIL import Image, ImageDraw

from imgcli.reports.paper.draw import RULE
from imgcli.reports.paper.plan import POINT, Frame, Plan
from imgcli.reports.thumbnail import UnreadableError, thumbnail
from imgcli.typeset import glyphs, setting
from imgcli.typeset.label import Label
from imgcli.typeset.line import write
from imgcli.typeset.outlines import write_truetype
from imgcli.typeset.wording import clusters

SHAPE_DPI = 900
"""Of letters that only a shaping engine sets right; they are drawn as a picture over words that nobody sees."""

QUALITY = 90


class PdfSheet:
    """A canvas of pages one after another; `turn` begins each. `fonts` is an empty directory, for as long as it lives."""

    def __init__(self, plan: Plan, dpi: int, made: datetime, fonts: Path) -> None:
        self._pdf = FPDF(unit="mm", format=plan.sheet.paper)
        self._dpi = dpi
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_margin(0)
        self._pdf.set_title(plan.sheet.title)
        self._pdf.set_subject(plan.sheet.facts)
        self._pdf.set_creator("imgcli")
        self._pdf.set_creation_date(made)
        self._pdf.set_line_width(0.1)
        self._pdf.set_draw_color(*RULE)
        self._add_fonts(plan, fonts)

    def turn(self) -> None:
        """A new page."""
        self._pdf.add_page()

    def write(self, text: str, label: Label, place: tuple[float, float], ink: tuple[int, int, int]) -> None:
        runs = glyphs.split(text, label.font)
        self._pdf.set_text_color(*ink)
        is_shaped = any(run.font in glyphs.SHAPED for run in runs)
        if is_shaped:
            self._draw_shaped(text, label, place, ink)
        with self._pdf.local_context(text_mode=3 if is_shaped else 0):
            left, base = place
            for run in runs:
                self._pdf.set_font(run.font, size=label.size / POINT)
                # As they stand from left to right, which is how readers of a PDF expect those of any script.
                shown = "".join(reversed(clusters(run.text))) if run.is_rtl else run.text
                self._pdf.text(left, base, shown)
                left += self._pdf.get_string_width(run.text)

    def rule(self, left: float, top: float, width: float) -> None:
        self._pdf.line(left, top, left + width, top)

    def picture(self, frame: Frame, data: bytes) -> str:
        scale = self._dpi / 25.4
        try:
            small = thumbnail(data, max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
        except UnreadableError as error:
            self.blank(frame)
            return str(error)
        out = BytesIO()
        small.save(out, "JPEG", quality=QUALITY, subsampling=0)
        # The hairline first: over a dark picture it would be a light edge.
        self._pdf.rect(frame.left, frame.top, frame.width, frame.height)
        self._pdf.image(out, frame.left, frame.top, frame.width, frame.height)
        return ""

    def blank(self, frame: Frame) -> None:
        self._pdf.set_fill_color(244, 244, 241)
        self._pdf.rect(frame.left, frame.top, frame.width, frame.height, style="DF")

    def pdf(self) -> bytes:
        return bytes(self._pdf.output())

    def _add_fonts(self, plan: Plan, directory: Path) -> None:
        used: dict[str, set[str]] = {}
        for text in plan.texts:
            for first in (glyphs.SANS, glyphs.TEXT):
                for run in glyphs.split(text, first):
                    used.setdefault(run.font, set()).update(run.text)
        for font, letters in used.items():
            self._pdf.add_font(font, fname=write_truetype(font, letters, directory))

    def _draw_shaped(self, text: str, label: Label, place: tuple[float, float], ink: tuple[int, int, int]) -> None:
        scale = SHAPE_DPI / 25.4
        wide = setting.measure(text, label.font) * label.size * 1.02
        size = (max(1, round(wide * scale)), max(1, round(label.size * 2 * scale)))
        mask = Image.new("RGB", size, (0, 0, 0))
        rtl = glyphs.begins_rtl(text, label.font)
        ends = (0.0, float(size[0]), size[1] * 0.65)
        write(ImageDraw.Draw(mask), text, ends, (label.font, label.size * scale), (255, 255, 255), rtl=rtl)
        drawn = Image.new("RGBA", size, (*ink, 0))
        drawn.putalpha(mask.convert("L"))
        left, base = place
        self._pdf.image(drawn, left, base - label.size * 2 * 0.65, size[0] / scale, size[1] / scale)
