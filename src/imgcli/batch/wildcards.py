"""Wildcards: `{@colours}` takes its values from `colours.txt`, one a line."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from imgcli.batch.axes import Axis, make_axis
from imgcli.batch.check import text_problem
from imgcli.batch.draft import Place, shown
from imgcli.batch.neighbours import Nearby, NeighbourError, inner_path
from imgcli.batch.template import TemplateError

BYTES_LIMIT = 1 << 20
LINES_LIMIT = 10_000

_COPY = re.compile(r":([1-9]\d{0,2})$")
_HEX_COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}$")


@dataclass(frozen=True, slots=True)
class Wildcards:
    """The lists of the files beside one batch file; `label` makes a path into what messages call the file."""

    nearby: Nearby
    path: str
    label: Callable[[str], str]
    axes: dict[str, Axis] = field(default_factory=dict)

    def axis(self, body: str) -> Axis:
        """The axis of `@colours`, `@lists/animals.txt` or `@colours:2`, named as it is told from others.

        Raises:
            TemplateError: no such file, or it may not be read.
            BatchFileError: what is wrong in the file.
        """
        copy = _COPY.search(body)
        typed = body[1 : copy.start() if copy else None].strip()
        if not typed:
            raise TemplateError(f"wildcard {shown(f'{{{body}}}')} names no file; write {{@colours}} for colours.txt")
        try:
            path = inner_path(self.path, typed if typed.endswith(".txt") else f"{typed}.txt")
            if path not in self.axes:
                self.axes[path] = self._read(path)
        except NeighbourError as error:
            raise TemplateError(f"wildcard {shown(f'{{{body}}}')}: {error}") from None
        name = f"@{path.removesuffix('.txt')}" + (copy[0] if copy and copy[1] != "1" else "")
        return replace(self.axes[path], names=(name,))

    def _read(self, path: str) -> Axis:
        values = read_values(self.nearby.read(path, BYTES_LIMIT), self.label(path))
        if not values:
            raise NeighbourError(f"{shown(path)} is empty; write one value a line")
        return make_axis((f"@{path}",), tuple((value,) for value in values), "")


def read_values(text: str, file: str) -> tuple[str, ...]:
    r"""The lines of a wildcard file, each once: plain text, braces and all.

    Blank lines and those that begin with `#` say nothing; `\#` and `\\` begin a value with a `#` or a backslash.

    Raises:
        BatchFileError: too many lines, or one that cannot stand in a prompt.
    """
    lines = text.split("\n")
    if len(lines) > LINES_LIMIT + 1:
        raise Place(file).error(f"has over {LINES_LIMIT:,} lines; shorten it")
    found: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        value = line.strip()
        if _HEX_COLOUR.match(value):
            advice = f"write \\{value} for the colour, or # {value[1:]} for a comment"
            raise Place(file, number).error(f"{value} would be a comment; {advice}")
        if not value or value.startswith("#"):
            continue
        value = value[1:] if value.startswith(("\\#", "\\\\")) else value
        if problem := text_problem(value):
            raise Place(file, number).error(problem)
        found[value] = None
    return tuple(found)
