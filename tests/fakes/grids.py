"""Grids and outcomes, made in one line."""

from pathlib import Path
from typing import Any

from imgcli.model.outcome import Made, Outcome, Refused, RefusedBy
from imgcli.model.picture import Picture, Saved
from imgcli.model.prompt import DirectedPrompt
from imgcli.reports.grid import Grid, Wish, sheet, table
from tests.fakes.jobs import a_job

HERE = Path("/pictures")


def made(name: str = "a.png", cost: int | None = 0, size: tuple[int, int] = (64, 48), **job: Any) -> Made:
    picture = Picture("ab" * 32, 10, "png", *size)
    return Made(a_job(**job), Saved(HERE / name, HERE / f"{name}.json", picture), cost)


def refused(reason: str = "the budget is full") -> Refused:
    return Refused(a_job(), RefusedBy.BUDGET, reason)


def wish(*outcomes: Outcome, label: str = "", note: str = "") -> Wish:
    return Wish(label, note, outcomes or (made(),))


def a_table(columns: int = 2, rows: int = 2, title: str = "a car") -> Grid:
    """Every picture of it is `R-C.png` by its row and column."""
    cells = [(f"row {r}", [wish(made(f"{r}-{c}.png")) for c in range(columns)]) for r in range(rows)]
    return table(title, ("quality", "style"), [f"column {c}" for c in range(columns)], cells)


def a_sheet(count: int = 12, group: str = "cinema", across: int = 0) -> Grid:
    wishes = [wish(made(f"{n}.png"), label=f"style-{n}", note=f"What style {n} does") for n in range(count)]
    return sheet("a car", "style", [(group, wishes)], across)


def hostile(text: str) -> Grid:
    """`text` wherever a stranger's words may stand."""
    outcome = made(prompt=DirectedPrompt(typed=text, text=text), model=text, quality=text)
    others = [wish(outcome, label=text, note=text), wish(refused(text), label=text, note=text)]
    return table(text, (text, text), [text, text], [(text, others)])
