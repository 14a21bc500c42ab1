"""Outcomes side by side: a table over two axes, or a sheet of labelled pictures in groups."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from imgcli.credentials import hidden
from imgcli.model.money import format_usd
from imgcli.model.outcome import Failed, Made, Outcome, Refused, Reused, SetAside, Uncertain, Unstarted

SEPARATOR = " · "

ACROSS = ((1, 1), (2, 2), (3, 3), (4, 2), (9, 3), (16, 4), (30, 5), (60, 6), (1000, 8))
"""Cells side by side of a sheet that has at most so many."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A cell before it is drawn: its label and note, empty in a table, and what became of its pictures."""

    label: str
    note: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a grid.

    Attributes:
        label: what tells it from the others; empty in a table, whose rows and columns have labels.
        note: a sentence on it, or empty.
        caption: what it does not share with all other cells (model, size, quality, cost), in words.
        directed: the words that were sent.
        picture: its first picture, or None.
        shape: width and height of it in pixels, 0 where nobody knows.
        others: more pictures of the same cell (`-n`).
        blank: why there is no picture.
        is_clear: whether a transparent background was asked for.
    """

    label: str
    note: str
    caption: str
    directed: str
    picture: Path | None
    shape: tuple[int, int]
    others: tuple[Path, ...] = ()
    blank: str = ""
    is_clear: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, or of a group of a sheet, with its label."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """All that a page or a picture of it needs.

    Attributes:
        title: the prompt as typed.
        facts: what all cells share, and the sums, in words.
        axes: names of what changes (across, down); both empty for a sheet.
        columns: a label for each column of a table; empty for a sheet.
        across: cells side by side at most.
    """

    title: str
    facts: str
    axes: tuple[str, str]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    across: int

    @property
    def cells(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.cells]

    @property
    def has_pictures(self) -> bool:
        return any(cell.picture for cell in self.cells)


def table(
    title: str, axes: tuple[str, str], columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Wish]]]
) -> Grid:
    """A table; each of `rows` has a wish for each of `columns`. `axes` name what changes (across, down)."""
    return _grid(title, axes, tuple(columns), rows, len(columns))


def sheet(title: str, axis: str, groups: Sequence[tuple[str, Sequence[Wish]]], across: int = 0) -> Grid:
    """A sheet over one `axis`, in groups that are labelled or not; `across` 0 chooses by their number."""
    count = sum(len(wishes) for _, wishes in groups)
    if not across:
        across = next((columns for most, columns in ACROSS if count <= most), 8)
    grid = _grid(title, (axis, ""), (), groups, across)
    return Grid(grid.title, grid.facts, ("", ""), (), grid.rows, across)


def _grid(
    title: str,
    axes: tuple[str, str],
    columns: tuple[str, ...],
    rows: Sequence[tuple[str, Sequence[Wish]]],
    across: int,
) -> Grid:
    wishes = [wish for _, row in rows for wish in row]
    facts = [_facts(wish) for wish in wishes]
    # What a blank cell cannot know, like its cost, sets it apart from nobody.
    every = {name: value for one in facts for name, value in one.items()}
    shared = {name: value for name, value in every.items() if all(one.get(name, value) == value for one in facts)}
    told = {"size" if axis == "aspect" else axis for axis in axes}
    captions = iter(_caption(one, {*shared, *told}) for one in facts)
    drawn = tuple(Row(label, tuple(_cell(wish, next(captions)) for wish in row)) for label, row in rows)
    return Grid(title, _summary(shared, told, wishes), axes, columns, drawn, across)


def _cell(wish: Wish, caption: str) -> Cell:
    paths = [path for path in map(picture_of, wish.outcomes) if path]
    chosen = next((outcome for outcome in wish.outcomes if picture_of(outcome)), wish.outcomes[0])
    return Cell(
        label=wish.label,
        note=wish.note,
        caption=caption,
        directed=chosen.job.prompt.text,
        picture=paths[0] if paths else None,
        shape=_shape(chosen),
        others=tuple(paths[1:]),
        blank="" if paths else hidden(_why(chosen)),
        is_clear=chosen.job.background == "transparent",
    )


def picture_of(outcome: Outcome) -> Path | None:
    match outcome:
        case Made():
            return outcome.saved.path
        case Reused():
            return outcome.path
        case _:
            return None


def _shape(outcome: Outcome) -> tuple[int, int]:
    if isinstance(outcome, Made) and outcome.saved.picture.width and outcome.saved.picture.height:
        return outcome.saved.picture.width, outcome.saved.picture.height
    return outcome.job.size.width, outcome.job.size.height


def _facts(wish: Wish) -> dict[str, str]:
    """What a cell was made with and what a picture of it cost, by name; where nobody knows there is no `cost`."""
    job = wish.outcomes[0].job
    width, height = next((_shape(outcome) for outcome in wish.outcomes if picture_of(outcome)), (0, 0))
    facts = {
        "provider": job.provider if job.provider != job.model else "",
        "model": job.model,
        "style": " + ".join(job.prompt.styles),
        "no": f"no {', '.join(job.prompt.constraints)}" if job.prompt.constraints else "",
        "size": f"{width} × {height}" if width else "",
        "quality": f"{job.quality} quality" if job.quality != "auto" else "",
        "background": f"{job.background} background" if job.background != "auto" else "",
        "seed": "" if job.seed is None else f"seed {job.seed}",
        "count": f"first of {len(wish.outcomes)}" if len(wish.outcomes) > 1 else "",
    }
    if not any(map(picture_of, wish.outcomes)):
        del facts["size"]
    costs = [outcome.cost for outcome in wish.outcomes if isinstance(outcome, Made)]
    if known := [cost for cost in costs if cost is not None]:
        facts["cost"] = format_usd(max(known))
    return facts


def _caption(facts: dict[str, str], left_out: Collection[str]) -> str:
    return SEPARATOR.join(value for name, value in facts.items() if value and name not in left_out)


def _summary(shared: dict[str, str], told: Collection[str], wishes: Sequence[Wish]) -> str:
    """What all share, how many there are, and what they cost together."""
    outcomes = [outcome for wish in wishes for outcome in wish.outcomes]
    made = [outcome for outcome in outcomes if isinstance(outcome, Made)]
    there = sum(picture_of(outcome) is not None for outcome in outcomes)
    counted = (
        f"{there} picture{'s' * (there != 1)}" if there == len(outcomes) else f"{there} of {len(outcomes)} pictures"
    )
    spent = sum(outcome.cost or 0 for outcome in made)
    unknown = sum(outcome.cost is None for outcome in made)
    money = [format_usd(spent)] if spent else []
    money += [f"{unknown} of unknown price"] if unknown else []
    each = [f"{shared['cost']} each"] if spent and there > 1 and shared.get("cost") else []
    parts = [_caption(shared, {*told, "cost"}), counted, *each, *([", ".join(money) or "free"] if made else [])]
    return SEPARATOR.join(part for part in parts if part)


def _why(outcome: Outcome) -> str:
    match outcome:
        case Made() | Reused():
            return ""
        case SetAside():
            return f"{outcome.aside.value}: {outcome.reason}"
        case Refused():
            return f"refused: {outcome.reason}"
        case Failed():
            return f"failed: {outcome.error}"
        case Unstarted():
            return f"not started: {outcome.reason}"
        case Uncertain():
            return f"uncertain: {outcome.reason}"
        case _:
            assert_never(outcome)
