import asyncio
from pathlib import Path

import pytest

from imgcli.cli.axes import Axis, Spread
from imgcli.cli.hanging import Filled, Sheets, draw_grid, label_of
from imgcli.cli.show import Output
from imgcli.model.outcome import Outcome, Refused, RefusedBy
from tests.fakes.grids import made
from tests.fakes.jobs import a_job
from tests.fakes.studio import a_studio


def a_spread(*axes: Axis) -> Spread:
    return Spread("a car", axes, (), {})


def test_the_shorter_axis_runs_across() -> None:
    styles, qualities = Axis("style", ("noir", "none", "a+b")), Axis("quality", ("low", "high"))
    for axes in ((styles, qualities), (qualities, styles)):
        filled: Filled = {
            (one, other): (made(f"{one}-{other}.png"),) for one in axes[0].values for other in axes[1].values
        }
        grid = draw_grid(a_spread(*axes), filled)
        assert grid.columns == ("low", "high")
        assert [row.label for row in grid.rows] == ["noir", "no style", "a + b"]
        pictures = [cell.picture.name for cell in grid.rows[1].cells if cell.picture]
        assert pictures in (["none-low.png", "none-high.png"], ["low-none.png", "high-none.png"])


def test_axes_of_one_length_stay_as_they_were_typed() -> None:
    one, other = Axis("colour", ("red", "blue")), Axis("seed", ("1", "2"))
    filled: Filled = {(a, b): (made(f"{a}{b}.png"),) for a in one.values for b in other.values}
    grid = draw_grid(a_spread(one, other), filled)
    assert grid.columns == ("red", "blue")
    assert [cell.picture.name for cell in grid.rows[1].cells if cell.picture] == ["red2.png", "blue2.png"]


def test_one_axis_makes_a_sheet_under_its_name() -> None:
    axis = Axis("quality", ("low", "high"))
    grid = draw_grid(a_spread(axis), {(value,): (made(),) for value in axis.values})
    assert not grid.columns
    assert [(row.label, [cell.label for cell in row.cells]) for row in grid.rows] == [("quality", ["low", "high"])]


@pytest.mark.parametrize(
    ("axis", "value", "label"),
    [
        ("style", "none", "no style"),
        ("no", "none", "nothing left out"),
        ("no", "text", "no text"),
        ("size", "640x480", "640 × 480"),
        ("colour", "none", "none"),
    ],
)
def test_labels(axis: str, value: str, label: str) -> None:
    assert label_of(axis, value) == label


def hung(home: Path, root: Path, *outcomes: Outcome) -> int:
    axis = Axis("quality", ("low", "high"))
    spread = Spread("a car", (axis,), (), {"low": ("low",), "high": ("high",)})
    studio, _ = a_studio(home)
    return asyncio.run(Sheets("grid", [spread], draw_grid, root, Output()).hang(studio, outcomes)).exit_code


def test_a_disk_that_refuses_is_told_and_costs_no_picture(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hung(home, tmp_path / "gone", made(entry="low"), made(entry="high")) == 7
    assert "the grid was not made" in capsys.readouterr().err


def test_a_run_without_a_picture_makes_no_sheet(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert hung(home, out, no_room("low"), no_room("high")) == 0
    assert list(out.iterdir()) == []


def no_room(entry: str) -> Refused:
    return Refused(a_job(entry=entry), RefusedBy.BUDGET, "full")
