"""Where style files lie, and their text; it knows nothing of what they say, so that the shell's completion is quick."""

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.errors import StyleError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

BUILT_IN = "built-in"
"""The source of a style that came with imgcli."""

MAX_FILES = 1000
MAX_BYTES = 64 * 1024


def presets() -> "Mapping[str, Traversable]":
    """The files of the built-in styles by the name of their style, in its order."""
    found = (entry for entry in files("imgcli.director").joinpath("presets").iterdir() if entry.name.endswith(".toml"))
    return {entry.name.removesuffix(".toml"): entry for entry in sorted(found, key=lambda entry: entry.name)}


def style_files(directory: Path) -> Iterator[Path]:
    """The style files of a directory, the first 1000 of them; none where there is no directory."""
    if directory.is_dir():
        yield from sorted(directory.glob("*.toml"))[:MAX_FILES]


def names(directories: Sequence[Path]) -> list[str]:
    """Names of all styles, built-in and in `directories`, without reading one."""
    return sorted({*presets(), *(path.stem for directory in directories for path in style_files(directory))})


def read_text(path: Path) -> str:
    """A style file's text; those beside a batch file may be a stranger's.

    Raises:
        StyleError: no plain, small text file.
    """
    try:
        # A pipe would hang, a device never end: neither is opened to be waited for.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise StyleError(f"{path}: is no plain file; move it away")
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise StyleError(f"{path}: is larger than {MAX_BYTES // 1024} KiB, which no style is")
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StyleError(f"{path}: cannot be read: {error}") from None
