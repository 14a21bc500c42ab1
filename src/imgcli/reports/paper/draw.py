"""A page drawn on whatever takes pictures and type: pixels or PDF."""

from typing import Protocol

from imgcli.reports.paper.plan import AIR, LINE, Frame, Page, Plan
from imgcli.typeset import setting
from imgcli.typeset.label import Label

INK, QUIET, RULE = (24, 24, 22), (112, 111, 106), (205, 204, 199)


class Canvas(Protocol):
    """Paper of one size; places in millimetres from its left upper corner."""

    def write(self, text: str, label: Label, place: tuple[float, float], ink: tuple[int, int, int]) -> None:
        """A line of `label` with its baseline at `place` (left, baseline)."""
        ...

    def rule(self, left: float, top: float, width: float) -> None:
        """A hairline."""
        ...

    def picture(self, frame: Frame, data: bytes) -> str:
        """The picture in `data`, with a hairline around it; why it cannot be drawn, or an empty string."""
        ...

    def blank(self, frame: Frame) -> None:
        """An empty frame."""
        ...


def draw_page(plan: Plan, page: Page, canvas: Canvas) -> None:
    """Everything of a page but its pictures."""
    sheet = plan.sheet
    left, bottom = sheet.margin, sheet.paper[1] - sheet.margin
    base = sheet.margin + plan.title.size * 0.74
    for line in plan.title.lines:
        canvas.write(line, plan.title, (left, base), INK)
        base += plan.title.leading
    under = sheet.margin + plan.title.height + plan.facts.size * 1.9
    canvas.write(plan.facts.lines[0], plan.facts, (left, under), QUIET)
    canvas.rule(left, under + plan.facts.size * 0.9, plan.width)
    canvas.write(plan.foot.lines[0], plan.foot, (left, bottom), QUIET)
    folio = plan.folio(page)
    canvas.write(folio.lines[0], folio, (left + plan.width - _width(folio), bottom), QUIET)
    for frame in page.frames:
        base = frame.top + frame.height + AIR
        for place, drawn in enumerate(frame.label):
            canvas.write(drawn.lines[0], drawn, (frame.left, base + drawn.size * 0.74), QUIET if place else INK)
            base += drawn.size * LINE


def _width(drawn: Label) -> float:
    return setting.measure(drawn.lines[0], drawn.font) * drawn.size
