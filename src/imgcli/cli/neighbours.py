"""The directory of a batch file: the files it includes and takes values from, and no others."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from imgcli.batch.neighbours import NeighbourError


class DirectoryNeighbours:
    """Satisfies `batch.neighbours.Neighbours`; a link is followed as long as it stays below `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, path: str, limit: int) -> str:
        try:
            data = self._data(self._inside(path), path, limit)
            return data.decode("utf-8-sig")
        except FileNotFoundError:
            raise NeighbourError(f"{path!r}: there is no such file in {os.fspath(self._root)!r}") from None
        except UnicodeDecodeError as error:
            raise NeighbourError(f"{path!r} is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
        except (OSError, ValueError, RuntimeError) as error:
            if isinstance(error, NeighbourError):
                raise
            raise NeighbourError(f"{path!r} cannot be read: {getattr(error, 'strerror', None) or error}") from None

    def names(self, directory: str) -> Iterable[str]:
        try:
            with os.scandir(self._inside(directory)) as found:
                return [entry.name for entry in found if entry.is_file() and not entry.name.startswith(".")]
        except (OSError, ValueError, RuntimeError):
            return []

    def _inside(self, path: str) -> Path:
        root = self._root.resolve(strict=True)
        found = (root / path).resolve(strict=True)
        if not found.is_relative_to(root):
            raise NeighbourError(f"{path!r} is a link out of the directory of the batch file; put a copy there")
        return found

    def _data(self, found: Path, path: str, limit: int) -> bytes:
        # A pipe would hang, a device never end: neither is opened to be waited for.
        descriptor = os.open(found, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise NeighbourError(f"{path!r} is no plain file")
            data = file.read(limit + 1)
        if len(data) > limit:
            raise NeighbourError(f"{path!r} is larger than {limit >> 20} MiB; split it")
        return data
