"""Prompts drawn part by part: in colours on a terminal, and in a pipe or without colours as plain lines that say the same."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from imgcli.cli import show
from imgcli.cli.safe import safe_text
from imgcli.model.prompt import EXCLUDED, TYPED
from imgcli.reports.words import Kind, Run, kept_share

Row = tuple[str, str | tuple[Run, ...]]
"""A label, and plain words or a prompt in runs."""

YOU = "you"
"""Who typed the prompt, as people are told."""

INKS = ("#0087af", "#af5f00", "#5f8700", "#af5faf", "#008787", "#875fd7")
"""For styles, in order; each is legible on a dark and on a light terminal."""

BAN_INK, ADDED_INK, REMOVED_INK, LABEL_INK = "#d7005f", "#5f8700", "#d7005f", "#808080"
MOST_LETTERS = 400_000
"""Letters of a prompt that are shown, far above what a model takes or tells."""


def draw(title: str, rows: Sequence[Row]) -> None:
    """A heading, and under it every label with its words, on stdout."""
    if _is_coloured():
        _drawn(title, rows)
    else:
        _plain(title, rows)


def told(run: Run) -> str:
    """Who said a run: `you`, `--no` or the styles."""
    return YOU if run.by == TYPED else run.by


def share(runs: Iterable[Run]) -> str:
    """How much of a text stayed, in words."""
    same, added, removed = kept_share(runs)
    if not added and not removed:
        return "word for word the same"
    before = same + removed
    return f"{same} of {before} words kept, {removed} removed, {added} added"


def _is_coloured() -> bool:
    return show.colours(sys.stdout)


def _drawn(title: str, rows: Sequence[Row]) -> None:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for label, content in rows:
        words = Text(safe_text(content, MOST_LETTERS)) if isinstance(content, str) else _inked(content)
        grid.add_row(Text(safe_text(f"  {label}"), style=LABEL_INK), words)
    show.draw_data(Text(safe_text(title), style="bold"))
    show.draw_data(grid)
    show.line("")


def _inked(runs: tuple[Run, ...]) -> Any:
    from rich.text import Text

    drawn = Text()
    if not _is_attributed(runs):
        marks = {Kind.SAME: "", Kind.ADDED: ADDED_INK, Kind.REMOVED: f"strike {REMOVED_INK}"}
        for run in runs:
            for part in _parts(run):
                drawn.append(safe_text(part, MOST_LETTERS), style=marks[run.kind] if part.strip() else "")
        return drawn
    inks = _inks(runs)
    for run in runs:
        drawn.append(safe_text(run.text, MOST_LETTERS), style=inks[told(run)])
    drawn.append("\n\n")
    for who, ink in sorted(inks.items(), key=lambda item: item[0] != YOU):
        # What was typed is told from the rest without a colour. Without a blank no name is parted from its mark.
        drawn.append(safe_text(who if who == YOU else f"▌{who}"), style=ink)
        drawn.append("   ")
    drawn.rstrip()
    return drawn


def _parts(run: Run) -> tuple[str, str, str]:
    """The blanks before, the words, the blanks after: nobody wants to see blanks struck out."""
    words = run.text.strip()
    start = run.text.index(words)
    return run.text[:start], words, run.text[start + len(words) :]


def _inks(runs: tuple[Run, ...]) -> dict[str, str]:
    free = iter(INKS * (len(runs) // len(INKS) + 1))
    fixed = {YOU: "bold", EXCLUDED: BAN_INK}
    inks: dict[str, str] = {}
    for run in runs:
        who = told(run)
        if who not in inks:
            inks[who] = fixed.get(who) or next(free)
    return inks


def _is_attributed(runs: tuple[Run, ...]) -> bool:
    return any(run.by for run in runs)


def _plain(title: str, rows: Sequence[Row]) -> None:
    show.line(safe_text(title))
    width = max((len(label) for label, _ in rows), default=0)
    for label, content in rows:
        for number, (who, text) in enumerate(_lines(content)):
            name = f"  {safe_text(label) if not number else '':{width}}  {safe_text(who)}"
            bar = " | " if who else ""
            for line in _wrapped(safe_text(text, MOST_LETTERS), len(name) + len(bar)):
                show.line(f"{name}{bar}{line}".rstrip())
                name = " " * len(name)
    show.line("")


def _lines(content: str | tuple[Run, ...]) -> Iterator[tuple[str, str]]:
    """(who said it or nothing, words)."""
    if isinstance(content, str):
        yield from (("", part) for part in content.split("\n"))
    elif _is_attributed(content):
        width = max(len(told(run)) for run in content)
        yield from ((f"{told(run):{width}}", run.text.strip()) for run in content if run.text.strip())
    else:
        marks = {Kind.SAME: ("", ""), Kind.ADDED: ("{+", "+}"), Kind.REMOVED: ("[-", "-]")}
        yield "", "".join(_marked(run, *marks[run.kind]) for run in content)


def _marked(run: Run, before: str, after: str) -> str:
    left, words, right = _parts(run)
    return f"{left}{before}{words}{after}{right}" if words else left + right


def _wrapped(text: str, margin: int) -> Sequence[str]:
    """As wide as the terminal; a pipe gets its line whole."""
    if not sys.stdout.isatty():
        return [text]
    import shutil
    import textwrap

    width = max(20, shutil.get_terminal_size().columns - margin)
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]
