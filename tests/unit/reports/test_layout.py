from itertools import pairwise

import pytest

from imgcli.reports.grid import Grid, sheet
from imgcli.reports.layout import GUTTER, MARGIN, MOST_PIXELS, Box, lay_out
from tests.fakes.grids import a_sheet, a_table, made, refused, wish

GRIDS = [a_sheet(1), a_sheet(12), a_sheet(240), a_sheet(7, across=10), a_table(10, 10), a_table(1, 100), a_table(2, 3)]


def apart(one: Box, other: Box) -> bool:
    beside = one.left + one.width <= other.left or other.left + other.width <= one.left
    return beside or one.top + one.height <= other.top or other.top + other.height <= one.top


@pytest.mark.parametrize("grid", GRIDS)
def test_every_cell_has_a_place_of_its_own_inside_the_margins(grid: Grid) -> None:
    layout = lay_out(grid)
    boxes = list(layout.boxes.values())
    assert len(boxes) == len(grid.cells)
    for box in boxes:
        assert box.left >= MARGIN
        assert box.left + box.width <= layout.width - MARGIN + 1
        assert box.top + box.height <= layout.height - MARGIN + 1
    for number, box in enumerate(boxes):
        assert all(apart(box, other) for other in boxes[:number])


@pytest.mark.parametrize("grid", GRIDS)
def test_a_sheet_is_bounded(grid: Grid) -> None:
    layout = lay_out(grid)
    assert layout.width * layout.scale * layout.height * layout.scale <= MOST_PIXELS * 1.001


def test_gutters_are_even() -> None:
    boxes = list(lay_out(a_sheet(12)).boxes.values())
    assert {round(b.left - a.left - a.width) for a, b in pairwise(boxes[:4])} == {GUTTER}
    assert len({round(b.top - a.top) for a, b in zip(boxes[:8], boxes[4:12], strict=True)}) == 1


def test_each_line_is_as_tall_as_its_own_pictures() -> None:
    wide, tall = [wish(made(size=(300, 100))) for _ in range(2)], [wish(made(size=(100, 200))), wish(refused())]
    boxes = lay_out(sheet("a car", "style", [("", [*wide, *tall])], 2)).boxes
    assert boxes[0, 0].height == pytest.approx(boxes[0, 0].width / 2.5)
    assert boxes[0, 2].height == boxes[0, 3].height == pytest.approx(boxes[0, 2].width * 2)
