"""The shelf: all styles by name, each read and resolved when it is first asked for.

It has boards, one above the other: the built-in styles, the user's, those beside a batch file. Of two styles of one name
the upper is found. A style sees the styles of its own board and those below, so a built-in style never depends on a
file of the user; and in a file that extends its own name, that name means the style it hides.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from imgcli.director.places import BUILT_IN, presets, read_text, style_files
from imgcli.director.style_file import Draft, did_you_mean, printable, read_draft
from imgcli.director.styles import inherit
from imgcli.errors import StyleError
from imgcli.model.prompt import Style

MAX_DEPTH = 8
"""Most steps from a style to the furthest it is built on."""


class Book(NamedTuple):
    """A style file on its board: where it was found, and how to get its text."""

    source: str
    read: Callable[[], str]


Board = Mapping[str, Book]
"""The style files of one place, by the name of their style."""

Spot = tuple[int, str]
"""The number of a board, the lowest being 0, and a name on it."""


class Shelf(Mapping[str, Style]):
    """Styles by name; asking for one raises StyleError where its file, or one it extends, has a mistake."""

    def __init__(self, boards: Sequence[Board]) -> None:
        self._boards = tuple(boards)
        self._drafts: dict[Spot, Draft] = {}
        self._made: dict[Spot, tuple[Style, int]] = {}
        self._names = dict.fromkeys(name for board in self._boards for name in board)

    def __getitem__(self, name: str) -> Style:
        return self._resolved(self._top(name), ())[0]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def draft(self, name: str) -> Draft:
        """What the file of a style says itself.

        Raises:
            KeyError: there is no such style.
            StyleError: its file has a mistake.
        """
        return self._draft(self._top(name))

    def parents(self, name: str) -> tuple[Style, ...]:
        """The styles that a style extends, resolved, in the order of its file.

        Raises:
            KeyError: there is no such style.
            StyleError: a file has a mistake.
        """
        return self._parents(self._top(name), ())[0]

    def own(self) -> tuple[str, ...]:
        """Names of the styles that did not come with imgcli."""
        return tuple(dict.fromkeys(name for board in self._boards[1:] for name in board))

    def holding(self, name: str, text: str, source: str) -> "Shelf":
        """This shelf with a file on its topmost board, in place of one of that name: to try a text before it is kept."""
        return Shelf([*self._boards[:-1], {**self._boards[-1], name: Book(source, lambda: text)}])

    def _top(self, name: str) -> Spot:
        for level in self._levels(len(self._boards)):
            if name in self._boards[level]:
                return level, name
        raise KeyError(name)

    @staticmethod
    def _levels(above: int) -> range:
        """The boards below the number `above`, the uppermost first."""
        return range(above - 1, -1, -1)

    def _draft(self, spot: Spot) -> Draft:
        if spot not in self._drafts:
            level, name = spot
            book = self._boards[level][name]
            self._drafts[spot] = read_draft(book.read(), name, book.source)
        return self._drafts[spot]

    def _resolved(self, spot: Spot, chain: tuple[Spot, ...]) -> tuple[Style, int]:
        """A style and its depth; `chain` are the styles that led to it."""
        if spot not in self._made:
            self._refuse_circle(spot, chain)
            parents, depth = self._parents(spot, chain)
            self._made[spot] = inherit(self._draft(spot), parents), depth
        return self._made[spot]

    def _parents(self, spot: Spot, chain: tuple[Spot, ...]) -> tuple[tuple[Style, ...], int]:
        draft = self._draft(spot)
        too_deep = StyleError(f"{draft.where}: extends: it is more than {MAX_DEPTH} steps from the last one")
        # Counted from both ends: here so that no chain is walked for long, below as what is there already has a depth.
        if draft.extends and len(chain) >= MAX_DEPTH:
            raise too_deep
        found = [self._resolved(self._parent(spot, name), (*chain, spot)) for name in draft.extends]
        depth = max((depth + 1 for _, depth in found), default=0)
        if depth > MAX_DEPTH:
            raise too_deep
        return tuple(style for style, _ in found), depth

    def _parent(self, spot: Spot, name: str) -> Spot:
        level, child = spot
        levels = self._levels(level if name == child else level + 1)
        for below in levels:
            if name in self._boards[below]:
                return below, name
        where = self._draft(spot).where
        if name == child:
            raise StyleError(printable(f"{where}: extends: {name} -> {name} goes round in a circle"))
        known = [other for below in levels for other in self._boards[below] if other != child]
        raise StyleError(printable(f"{where}: extends: no style {name[:60]!r}{did_you_mean(name, known)}"))

    def _refuse_circle(self, spot: Spot, chain: tuple[Spot, ...]) -> None:
        if spot in chain:
            names = " -> ".join(name for _, name in (*chain[chain.index(spot) :], spot))
            raise StyleError(f"{self._draft(spot).where}: extends: {names} goes round in a circle")


def open_shelf(directories: Sequence[Path]) -> Shelf:
    """The built-in styles, and those in `directories`, the later above the earlier; nothing is read yet."""
    built_in = {name: Book(BUILT_IN, partial(file.read_text, "utf-8")) for name, file in presets().items()}
    boards = [{path.stem: Book(str(path), partial(read_text, path)) for path in style_files(d)} for d in directories]
    return Shelf([built_in, *boards])


def checked(shelf: Shelf) -> Shelf:
    """`shelf`, after a look at every style that did not come with imgcli, also one that is not wanted now.

    Raises:
        StyleError: the first mistake.
    """
    for name in shelf.own():
        shelf[name]
    return shelf
