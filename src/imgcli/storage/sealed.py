"""Whole pictures that have no name yet: sealed by a run that never came to publish them."""

import os
from collections.abc import Iterator
from pathlib import Path

from imgcli.storage.inspect import HIDDEN, is_sealed


def sealed(directory: Path) -> Iterator[tuple[str, Path]]:
    """The id of its attempt, and its hidden file, for each at or below `directory`."""
    for folder, folders, names in os.walk(directory):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            # The `.meta` is written last, and only beside a whole picture.
            if name.startswith(HIDDEN) and name.endswith(".part") and is_sealed(path):
                yield name.removeprefix(HIDDEN).removesuffix(".part"), path
