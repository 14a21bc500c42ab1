"""What a run over axes leaves beside its pictures: a grid of each prompt, or a sheet of styles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.cli.axes import NONE, Spread
from imgcli.errors import StorageError
from imgcli.model.outcome import Outcome
from imgcli.reports.grid import Grid, Wish, sheet, table

if TYPE_CHECKING:
    from imgcli.cli.making import Afterword
    from imgcli.ports import Studio

Filled = Mapping[tuple[str, ...], tuple[Outcome, ...]]
"""Outcomes by their values on the axes."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """`spreads` drawn by `draw` once their pictures are made, each as a `kind` (`grid` or `sheet`) of its own."""

    kind: str
    spreads: Sequence[Spread]
    draw: Callable[[Spread, Filled], Grid]
    root: Path
    output: show.Output

    async def hang(self, studio: "Studio", outcomes: Sequence[Outcome]) -> "Afterword":
        """Draw, write and tell; the exit code is not 0 when a disk refused. No pictures make no sheet."""
        from imgcli.cli.making import Afterword

        code = 0
        for spread in self.spreads:
            filled: dict[tuple[str, ...], tuple[Outcome, ...]] = {}
            for outcome in outcomes:
                if (values := spread.values.get(outcome.job.entry)) is not None:
                    filled[values] = (*filled.get(values, ()), outcome)
            grid = self.draw(spread, filled)
            if not grid.has_pictures:
                continue
            try:
                await self._hang(grid, spread, studio)
            except StorageError as error:
                show.error(f"the {self.kind} was not made: {error}; its pictures are all there")
                code = error.exit_code
        return Afterword(exit_code=code)

    async def _hang(self, grid: Grid, spread: Spread, studio: "Studio") -> None:
        from imgcli.sheet import hang

        stem = studio.store.stem(f"{{slug}}-{self.kind}", {"slug": spread.prompt})
        paths = await hang(grid, studio.store, studio.store.directory(self.root, ""), stem)
        if self.output.json:
            axes = {axis.name: list(axis.values) for axis in spread.axes}
            told = {"event": "sheet", "kind": self.kind, "prompt": spread.prompt, "axes": axes}
            blank = sum(cell.picture is None for cell in grid.cells)
            show.json_line(told | {path.suffix[1:]: str(path) for path in paths} | {"blank": blank})
        elif self.output.prints_paths and self.output.template is None:
            for path in paths:
                show.line(str(path))
        else:
            for path in paths:
                show.talk(f"{self.kind}: {path}")


def draw_grid(spread: Spread, filled: Filled) -> Grid:
    """A table over two axes, the shorter one across; a sheet over one."""
    if len(spread.axes) == 1:
        (axis,) = spread.axes
        wishes = [Wish(label_of(axis.name, value), "", filled[value,]) for value in axis.values]
        return sheet(spread.prompt, axis.name, [(axis.name, wishes)])
    first, second = spread.axes
    is_turned = len(second.values) < len(first.values)
    across, down = (second, first) if is_turned else (first, second)
    rows = [
        (
            label_of(down.name, below),
            [Wish("", "", filled[(below, beside) if is_turned else (beside, below)]) for beside in across.values],
        )
        for below in down.values
    ]
    columns = [label_of(across.name, value) for value in across.values]
    return table(spread.prompt, (across.name, down.name), columns, rows)


def label_of(axis: str, value: str) -> str:
    """A value of an axis as it is read beside pictures."""
    match axis:
        case "style":
            return "no style" if value == NONE else value.replace("+", " + ")
        case "no":
            return "nothing left out" if value == NONE else f"no {value}"
        case "size":
            return value.replace("x", " × ")
        case _:
            return value
