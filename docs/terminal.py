"""What a terminal would show of the bytes that a program writes to it: enough of one for what imgcli writes.

Pictures of the documentation are drawn from a `Screen`, and the test of the tutorial compares one with the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from rich.cells import cell_len

TOKENS = re.compile(
    r"\x1b\[(?P<numbers>[?0-9;]*)(?P<command>[A-Za-z])"  # CSI: colours, cursor, erasing
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC: titles, links
    r"|(?P<control>[\r\n])"
    r"|(?P<text>[^\x1b\r\n]+)"
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell is drawn; a colour is an index of the 256 (0 to 7 are the named ones), "#rrggbb", or None."""

    front: int | str | None = None
    back: int | str | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False


PLAIN = Look()
Cell = tuple[str, Look]
BLANK: Cell = (" ", PLAIN)


@dataclass(slots=True)
class Screen:
    """Rows of cells that never scroll away; `width` in cells."""

    width: int = 80
    rows: list[list[Cell]] = field(default_factory=lambda: [[]])
    look: Look = PLAIN
    across: int = 0
    down: int = 0

    def feed(self, text: str) -> None:
        for token in TOKENS.finditer(text):
            if token["text"]:
                for character in token["text"]:
                    self._put(character)
            elif token["control"]:
                self._turn(token["control"])
            elif token["command"]:
                self._obey(token["command"], [int(part or 0) for part in token["numbers"].strip("?").split(";")])

    def lines(self) -> list[str]:
        """As read by a person: without blanks at the ends of lines, and without empty lines at the end."""
        lines = ["".join(character for character, _ in row).rstrip() for row in self.rows]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def _turn(self, control: str) -> None:
        self.across = 0
        if control == "\n":
            self.down += 1
            if self.down == len(self.rows):
                self.rows.append([])

    def _put(self, character: str) -> None:
        wide = cell_len(character)
        if self.across + wide > self.width:
            self._turn("\n")
        row = self.rows[self.down]
        row.extend([BLANK] * (self.across + wide - len(row)))
        if wide:
            row[self.across : self.across + wide] = [(character, self.look), *[("", self.look)] * (wide - 1)]
        self.across += wide

    def _obey(self, command: str, numbers: list[int]) -> None:
        first = numbers[0]
        match command:
            case "m":
                self.look = _restyled(self.look, numbers)
            case "A":
                self.down = max(0, self.down - (first or 1))
            case "K" if first == 2:
                self.rows[self.down] = []
            case "K" if first == 0:
                del self.rows[self.down][self.across :]
            case "h" | "l":  # the cursor shown or hidden
                pass
            case _:
                raise ValueError(f"this terminal does not know {numbers} {command}")


CHANGES: dict[int, dict[str, Any]] = {
    1: {"bold": True}, 2: {"dim": True}, 3: {"italic": True}, 4: {"underline": True},
    22: {"bold": False, "dim": False}, 23: {"italic": False}, 24: {"underline": False}, 39: {"front": None}, 49: {"back": None},
}  # fmt: skip
for place in range(8):
    CHANGES[30 + place], CHANGES[40 + place], CHANGES[90 + place] = (
        {"front": place},
        {"back": place},
        {"front": 8 + place},
    )


def _restyled(look: Look, numbers: list[int]) -> Look:
    rest = iter(numbers)
    for number in rest:
        if number == 0:
            look = PLAIN
        elif number in {38, 48}:
            changes: dict[str, Any] = {"front" if number == 38 else "back": _colour(rest)}
            look = replace(look, **changes)
        elif number in CHANGES:
            look = replace(look, **CHANGES[number])
        else:
            raise ValueError(f"this terminal does not know the colour {number}")
    return look


def _colour(rest: Iterator[int]) -> int | str:
    if next(rest) == 5:
        return next(rest)
    return f"#{next(rest):02x}{next(rest):02x}{next(rest):02x}"
