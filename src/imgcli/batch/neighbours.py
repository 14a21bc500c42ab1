"""Files beside a batch file: which may be named, and how much of them is read. The reading itself is handed in."""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Protocol

from imgcli.batch.draft import shown
from imgcli.batch.paths import part_problem

FILES_LIMIT = 300
CHARACTERS_LIMIT = 16 << 20
PATH_LIMIT = 200


class NeighbourError(ValueError):
    """Why a file beside the batch file is not read: a problem that begins with its name."""


class Neighbours(Protocol):
    """The directory of a batch file. Paths have `/` between their parts and lead nowhere else as they are written."""

    def read(self, path: str, limit: int) -> str:
        """The text of a plain file of at most `limit` bytes, without a byte order mark.

        Raises:
            NeighbourError: no such file, not UTF-8, too large, or a link out of the directory.
        """

    def names(self, directory: str) -> Iterable[str]:
        """The files in a directory, "" for that of the batch file; none when there is no such directory."""


@dataclass(slots=True)
class Nearby:
    """What a batch may still read of its neighbours; each file is read once."""

    directory: Neighbours | None
    texts: dict[str, str] = field(default_factory=dict)
    characters: int = 0

    def read(self, path: str, limit: int) -> str:
        """The text of the file at `path`.

        Raises:
            NeighbourError: see `Neighbours.read`; or it is one file or one character too many.
        """
        if path not in self.texts:
            if self.directory is None:
                raise NeighbourError(f"{shown(path)} cannot be found from stdin; save the batch as a file beside it")
            if len(self.texts) >= FILES_LIMIT:
                raise NeighbourError(f"{shown(path)} is one file too many: {FILES_LIMIT} are allowed")
            self.texts[path] = self.directory.read(path, limit)
            self.characters += len(self.texts[path])
            if self.characters > CHARACTERS_LIMIT:
                raise NeighbourError(f"{shown(path)} brings the other files to more than 16 MiB; use fewer")
        return self.texts[path]

    def matching(self, pattern: str) -> list[str]:
        """The paths that `pattern` means, with `*` in its last part, by name.

        Raises:
            NeighbourError: there is none, or the batch has no directory.
        """
        directory, name = posixpath.split(pattern)
        if self.directory is None:
            raise NeighbourError(f"{shown(pattern)} cannot be found from stdin; save the batch as a file beside it")
        found = sorted(one for one in self.directory.names(directory) if fnmatchcase(one, name))
        if not found:
            raise NeighbourError(f"{shown(pattern)} matches no file")
        return [posixpath.join(directory, one) for one in found]


def inner_path(beside: str, typed: str) -> str:
    """Where `typed` leads from the file at `beside`, both from the batch file's directory.

    Raises:
        NeighbourError: out of that directory, or nowhere on some OS.
    """
    if "\\" in typed:
        raise NeighbourError(f"{shown(typed)} has a backslash; write / between the parts")
    if typed.startswith(("/", "~")) or re.match(r"[A-Za-z]:", typed):
        raise NeighbourError(f"{shown(typed)} must be written relative to the file that names it")
    if not typed or len(typed) > PATH_LIMIT or not typed.isprintable():
        raise NeighbourError(f"{shown(typed)} is no path of 1 to {PATH_LIMIT} printable characters")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(beside), typed))
    if path.split("/")[0] == "..":
        raise NeighbourError(f"{shown(typed)} leads out of the directory of the batch file; move the file into it")
    for part in path.replace("*", "x").split("/"):
        if part.startswith(".") and part != ".":
            raise NeighbourError(f"{shown(typed)} is hidden; rename it without the dot")
        if problem := part_problem(part):
            raise NeighbourError(f"{shown(typed)}: {problem}")
    return path
