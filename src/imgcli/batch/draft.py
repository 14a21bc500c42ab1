"""What was read and is not yet checked: the keys of one entry, and where they stand."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from imgcli.errors import BatchFileError

KEYS_SHOWN = 40
"""Characters of a stranger's value or key that fit into a message."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands in its file.

    Attributes:
        line: from 1; 0 when it is not known.
        path: `prompts[3]` for the third `[[prompts]]`, `defaults`, or empty for a row.
        find: the line of one of its keys, or 0; None when all keys share `line`.
    """

    file: str
    line: int = 0
    path: str = ""
    find: Callable[[str], int] | None = None

    @property
    def label(self) -> str:
        if self.line:
            return f"{self.file}:{self.line}"
        return f"{self.file}: {self.path}" if self.path else self.file

    def error(self, problem: str, key: str = "") -> BatchFileError:
        """The error to raise about `key`, or about the whole entry."""
        line = (self.find(key) if self.find and key else 0) or self.line
        plain = key if re.fullmatch(r"[\w.\[\]-]{1,80}", key) else ""
        path = ".".join(part for part in (self.path, plain) if part)
        where = f"{self.file}:{line}" if line else self.file
        return BatchFileError(f"{where}: {path}" if path else where, problem)


@dataclass(frozen=True, slots=True)
class Draft:
    """The keys of one entry as the file holds them, values of any type."""

    place: Place
    keys: Mapping[str, object]


def shown(value: object) -> str:
    """`value` for a message: short, on one line, whatever it holds."""
    match value:
        case str():
            return repr(value if len(value) <= KEYS_SHOWN else value[: KEYS_SHOWN - 1] + "…")
        case bool():
            return "true" if value else "false"
        case int() if abs(value) >= 10**20:
            return "a huge number"
        case int() | float():
            return str(value)
        case None:
            return "null"
        case dict():
            return "a table"
        case list() | tuple():
            return "a list"
        case _:
            return f"a {type(value).__name__}"
