"""A grid as one PNG: a title, labels, and every picture drawn small; flat memory, however many there are."""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from imgcli.reports import layout
from imgcli.reports.grid import Cell, Grid
from imgcli.reports.layout import AIR, FACTS, GUTTER, HEAD, MARGIN, SMALL, Box
from imgcli.reports.thumbnail import UnreadableError, thumbnail
from imgcli.typeset import glyphs, label
from imgcli.typeset.label import Label
from imgcli.typeset.line import Ink, write

PAPER, INK, QUIET, MAT, RULE = (250, 250, 248), (24, 24, 22), (112, 111, 106), (241, 241, 237), (219, 218, 213)
LOST = "Some letters have no glyph here; the page beside this picture shows them all."


class ContactSheet:
    """`place` the bytes of each picture, one by one, then `png`."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._layout = layout.lay_out(grid)
        self._scale = scale = self._layout.scale
        self._picture = Image.new("RGB", (round(self._layout.width * scale), round(self._layout.height * scale)), PAPER)
        self._draw = ImageDraw.Draw(self._picture)
        self._write_head()
        if grid.columns:
            self._write_columns()
        for row, top in zip(grid.rows, self._layout.tops, strict=True):
            self._write_row(row.label, top)
        for (number, place), box in self._layout.boxes.items():
            self._write_captions(grid.rows[number].cells[place], box)

    @property
    def places(self) -> list[tuple[int, int]]:
        """(row, place in it) of all cells, in the order they are read."""
        return list(self._layout.boxes)

    def place(self, where: tuple[int, int], data: bytes) -> str:
        """Draw a picture into its cell; why that cannot be, in words, or an empty string."""
        left, top, right, bottom = self._scaled(self._layout.boxes[where])
        try:
            small = thumbnail(data, right - left, bottom - top)
        except UnreadableError as error:
            self.leave_blank(where, str(error))
            return str(error)
        if small.width < right - left - 2 or small.height < bottom - top - 2:
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=MAT)
        self._picture.paste(small, (left + (right - left - small.width) // 2, top + (bottom - top - small.height) // 2))
        return ""

    def leave_blank(self, where: tuple[int, int], why: str) -> None:
        """A quiet frame with the reason in it."""
        box = self._layout.boxes[where]
        left, top, right, bottom = self._scaled(box)
        self._draw.rectangle((left, top, right - 1, bottom - 1), fill=MAT, outline=RULE)
        inner = min(box.width * 0.12, 40)
        width = box.width - 2 * inner
        most = max(1, min(5, int((box.height - 2 * inner) / (SMALL * 1.4))))
        text = label.wrap(why, glyphs.TEXT, (SMALL, SMALL), width, most)
        self._set(text, (box.left + inner, box.top + (box.height - text.height) / 2), width, QUIET)

    def png(self) -> bytes:
        """The sheet, with its title and facts in it for programs that look."""
        about = PngInfo()
        about.add_itxt("Title", self._grid.title[:2000])
        about.add_itxt("Description", self._grid.facts[:2000])
        out = BytesIO()
        self._picture.save(out, "PNG", pnginfo=about)
        return out.getvalue()

    def _write_head(self) -> None:
        grid, width = self._grid, self._layout.width - 2 * MARGIN
        title = layout.title(grid, width)
        self._set(title, (MARGIN, MARGIN), width, INK)
        facts = label.fit(grid.facts, glyphs.TEXT, FACTS, width)
        self._set(facts, (MARGIN, MARGIN + title.height + FACTS * 2.1 - facts.height), width, QUIET)
        if not all(map(label.is_whole, _texts(grid))):
            lost = label.fit(LOST, glyphs.TEXT, SMALL, width)
            self._set(lost, (MARGIN, self._layout.height - MARGIN * 0.5 - lost.height), width, QUIET)

    def _write_columns(self) -> None:
        """The labels of the columns, and small beside them what changes across and down."""
        base, beside = self._layout.header, self._layout.label_width - GUTTER
        across, down = self._grid.axes
        for place, text in enumerate(self._grid.columns):
            box = self._layout.boxes[0, place]
            self._stand(label.fit(text, glyphs.SANS, HEAD, box.width), (box.left, base), box.width, INK)
        box = self._layout.boxes[0, 0]
        above = base - HEAD * 1.5
        self._stand(label.fit(across, glyphs.TEXT, SMALL, box.width), (box.left, above), box.width, QUIET)
        if beside > 0:
            self._stand(label.fit(down, glyphs.TEXT, SMALL, beside), (MARGIN, base), beside, QUIET)

    def _write_row(self, text: str, top: float) -> None:
        """The label of a row, or of a group below a rule over the whole width."""
        if not text:
            return
        if self._grid.columns:
            width = self._layout.label_width - GUTTER
            drawn = label.wrap(text, glyphs.SANS, (HEAD * label.LEAST, HEAD), width, 3)
            self._set(drawn, (MARGIN, top), width, INK)
            return
        width = self._layout.width - 2 * MARGIN
        left, y, right, bottom = self._scaled(Box(MARGIN, top, width, 2))
        self._draw.rectangle((left, y, right - 1, max(y, bottom - 1)), fill=RULE)
        self._set(label.fit(text, glyphs.SANS, HEAD, width), (MARGIN, top + HEAD * 0.9), width, INK)

    def _write_captions(self, cell: Cell, box: Box) -> None:
        y = box.top + box.height + SMALL * 0.9
        name, rest = layout.captions(cell, box.width)
        for drawn in [*([name] if name else []), *rest]:
            self._set(drawn, (box.left, y), box.width, INK if drawn is name else QUIET)
            y += drawn.height + drawn.size * AIR

    def _stand(self, text: Label, place: tuple[float, float], width: float, ink: Ink) -> None:
        """A label of one line with its baseline at `place` (left, baseline)."""
        self._set(text, (place[0], place[1] - text.height), width, ink)

    def _set(self, text: Label, place: tuple[float, float], width: float, ink: Ink) -> None:
        """`text` with the top of its first line at `place` (left, top)."""
        scale, (left, top) = self._scale, place
        base = top + text.size * 0.74
        for line in text.lines:
            rtl = glyphs.begins_rtl(line, text.font)
            ends = left * scale, (left + width) * scale, base * scale
            write(self._draw, line, ends, (text.font, text.size * scale), ink, rtl=rtl)
            base += text.leading

    def _scaled(self, box: Box) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in pixels of the picture."""
        left, top = round(box.left * self._scale), round(box.top * self._scale)
        return left, top, left + max(1, round(box.width * self._scale)), top + max(1, round(box.height * self._scale))


def _texts(grid: Grid) -> Iterator[str]:
    """Everything that is written."""
    yield from (grid.title, *grid.columns, *(row.label for row in grid.rows))
    yield from (text for cell in grid.cells for text in (cell.label, cell.note, cell.blank))
