"""Previews of edits: new files beside what is there, never in its place."""

import os
from itertools import count
from pathlib import Path

from imgcli.durable import NEW_FILE
from imgcli.errors import StorageError, UsageError
from imgcli.machine import why


def write_preview(data: bytes, typed: str, picture: str) -> Path:
    """The file that `data`, a PNG, was written to: `typed`, or here and named after `picture`; numbered if it is taken.

    Raises:
        UsageError: `typed` is no name of a PNG.
        StorageError: it cannot be written.
    """
    wish = Path(typed).expanduser() if typed else Path(f"{Path(picture).stem}-preview.png")
    if wish.suffix.lower() != ".png":
        raise UsageError(f"--preview {typed}: a preview is a PNG; write a name that ends in .png")
    return write_new(wish, data)


def write_new(wish: Path, data: bytes) -> Path:
    """The file that `data` was written to: `wish`, numbered if it is taken.

    Raises:
        StorageError: it cannot be written; nothing of it is left.
    """
    for number in count(1):
        path = wish if number == 1 else wish.with_name(f"{wish.stem}-{number}{wish.suffix}")
        try:
            descriptor = os.open(path, NEW_FILE, 0o666)
        except FileExistsError:
            continue
        except OSError as error:
            raise StorageError(f"{path}: cannot be written: {why(error)}") from None
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise StorageError(f"{path}: cannot be written: {why(error)}") from None
        return path.absolute()
    raise AssertionError("numbers never end")
