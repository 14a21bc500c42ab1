"""Sidecars whose story is not believed, so that a rebuild leaves none out in silence: each may tell of money."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from imgcli.storage.disk import open_regular
from imgcli.storage.inspect import HIDDEN, LARGEST_SIDECAR
from imgcli.storage.sidecar import parse_sidecar


def unbelieved(directory: Path) -> Iterator[str]:
    """One line for each sidecar below `directory`, and each directory, of which `told_records` says nothing."""
    closed: list[OSError] = []
    for folder, folders, names in os.walk(directory, onerror=closed.append):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if name.endswith(".json") and not name.startswith(HIDDEN) and (reason := _doubt(path)):
                yield f"{path}: {reason}"
    for error in closed:
        yield f"{error.filename}: cannot be looked into ({error.strerror})"


def _doubt(path: Path) -> str:
    """Why it is not believed; empty for one that is, and for somebody else's JSON."""
    try:
        with open_regular(path) as file:
            data = file.read(LARGEST_SIDECAR + 1)
    except OSError as error:
        # Without a picture beside it there is no saying whose it is.
        return f"cannot be read ({error.strerror or error})" if path.with_suffix("").exists() else ""
    try:
        parse_sidecar(data, path.parent)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return str(error) if b'"imgcli_sidecar"' in data else ""
    return ""
