"""Pictures on paper: from a planned sheet to files, with one picture at a time in memory."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from imgcli.errors import StorageError, UsageError
from imgcli.ports import Store
from imgcli.reports.paper.draw import Canvas, draw_page
from imgcli.reports.paper.plan import Frame, Page, Plan, Sheet, plan
from imgcli.reports.paper.png import PngPage

MOST_BYTES = 128 * 1024 * 1024
"""Bytes of a picture that is drawn."""


@dataclass(frozen=True, slots=True)
class Printed:
    """Files that were written, pages, and the pictures that could not be drawn, each with the reason."""

    paths: Sequence[Path]
    pages: int
    blank: Sequence[tuple[Path, str]]


@dataclass(frozen=True, slots=True)
class Press:
    """Writes sheets into `directory`, as `stem.pdf`, or as a PNG for each page.

    Attributes:
        dpi: of PNGs, and of the pictures in a PDF.
        made: the time that a PDF tells.
        tell: is called with the number of each page that is done.
    """

    store: Store
    directory: Path
    stem: str
    dpi: int
    made: datetime
    tell: Callable[[int, int], None] = lambda _done, _pages: None

    async def pdf(self, sheet: Sheet) -> Printed:
        """One file.

        Raises:
            UsageError: there is no room on the paper.
            StorageError: the disk does not take it.
        """
        from imgcli.reports.paper.pdf import PdfSheet  # noqa: PLC0415 - a third of a second, for those who want one

        planned = _planned(sheet)
        blank: list[tuple[Path, str]] = []
        with TemporaryDirectory(prefix="imgcli-fonts-") as fonts:
            drawn: PdfSheet = await asyncio.to_thread(PdfSheet, planned, self.dpi, self.made, Path(fonts))
            for page in planned.pages:
                drawn.turn()
                blank += await self._draw(planned, page, drawn)
            data = await asyncio.to_thread(drawn.pdf)
        paths = await self.store.hang(self.directory, self.stem, {"pdf": data})
        return Printed(paths, len(planned.pages), blank)

    async def pngs(self, sheet: Sheet) -> Printed:
        """A file for each page.

        Raises:
            UsageError: there is no room on the paper, or too many pixels.
            StorageError: the disk does not take one; those before it stay.
        """
        planned = _planned(sheet)
        digits = len(str(len(planned.pages)))
        paths: list[Path] = []
        blank: list[tuple[Path, str]] = []
        for page in planned.pages:
            try:
                drawn = PngPage(planned, self.dpi)
            except ValueError as error:
                raise UsageError(str(error)) from None
            blank += await self._draw(planned, page, drawn)
            stem = self.stem if len(planned.pages) == 1 else f"{self.stem}-page-{page.number:0{digits}}"
            paths += await self.store.hang(self.directory, stem, {"png": await asyncio.to_thread(drawn.png)})
        return Printed(paths, len(planned.pages), blank)

    async def _draw(self, planned: Plan, page: Page, canvas: Canvas) -> list[tuple[Path, str]]:
        """The pictures of a page that cannot be drawn, each with the reason."""
        await asyncio.to_thread(draw_page, planned, page, canvas)
        blank = [(frame.print.path, why) for frame in page.frames if (why := await self._place(frame, canvas))]
        self.tell(page.number, len(planned.pages))
        return blank

    async def _place(self, frame: Frame, canvas: Canvas) -> str:
        try:
            data = await self.store.look(frame.print.path, MOST_BYTES)
        except StorageError as error:
            canvas.blank(frame)
            return str(error)
        return await asyncio.to_thread(canvas.picture, frame, data)


def _planned(sheet: Sheet) -> Plan:
    try:
        return plan(sheet)
    except ValueError as error:
        raise UsageError(str(error)) from None
