"""How the difference of two styles is shown: in colours to a person, in lines to a program."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from imgcli.cli import show
from imgcli.cli.safe import safe_text

if TYPE_CHECKING:
    from imgcli.director.style_diff import FieldDiff
    from imgcli.model.prompt import Style

AROUND = 40
"""Letters that are shown of what did not change, on either side of what did."""

LONGEST = 10_000
"""Letters of a run that a terminal is shown."""


def draw_diff(before: "Style", after: "Style", found: "Sequence[FieldDiff]") -> None:
    """In colours in a terminal that shows them, else as lines that begin with a blank, `-` or `+`."""
    if show.colours(sys.stdout):
        show.draw_data(show.table("", ("", _title(before, after)), [(one.field, _coloured(one)) for one in found]))
        return
    show.line(f"--- {before.name} ({before.source})")
    show.line(f"+++ {after.name} ({after.source})")
    for one in found:
        show.line(f"@@ {one.field}")
        for mark, text in one.runs:
            show.line(f"{mark} {_shortened(text) if mark == ' ' else text}".rstrip())


def _title(before: "Style", after: "Style") -> str:
    return f"{before.name} ({before.source}) -> {after.name} ({after.source})"


def _coloured(one: "FieldDiff") -> Any:
    from rich.text import Text

    drawn = Text()
    for mark, text in one.runs:
        drawn.append(safe_text(text, LONGEST), style={"-": "red strike", "+": "green"}.get(mark, ""))
    return drawn


def _shortened(text: str) -> str:
    """The ends of a long run in which nothing changed."""
    return text if len(text) <= 2 * AROUND + 5 else f"{text[:AROUND]} ... {text[-AROUND:]}"
