"""Room set aside on the ledger's disk, given up when the disk is full so that what is paid can still be written down."""

import contextlib
import os
from pathlib import Path

SIZE = 128 * 1024
"""Bytes: a rollback journal and the pages of some dozens of attempts under way."""


def set_aside(path: Path) -> None:
    """Make the ballast, unless it is there.

    Raises:
        OSError: there is no room for it, so there would be none for the ledger either.
    """
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size >= SIZE:
            return
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        # Written out, not only reserved: some file systems reserve nothing.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(os.urandom(SIZE))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def drop(path: Path) -> bool:
    """Give the room back; False when it was given up before."""
    try:
        path.unlink()
    except OSError:
        return False
    return True
