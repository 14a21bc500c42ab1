"""Names that survive a power cut: a directory entry is safe once the directory that holds it is synced."""

import errno
import os
import sys
from pathlib import Path

_CANNOT_SYNC = {errno.EINVAL, errno.EOPNOTSUPP}


def sync_directory(directory: Path) -> None:
    """Make the names in `directory` durable; Windows and some network file systems have no such call.

    Raises:
        OSError: it is gone, or its disk fails.
    """
    if sys.platform == "win32":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(descriptor)


def make_directory(directory: Path, mode: int = 0o777) -> None:
    """`directory` with its parents, each name durable.

    Raises:
        OSError: it cannot be made.
    """
    missing = []
    while not directory.exists():
        missing.append(directory)
        directory = directory.parent
    for new in reversed(missing):
        new.mkdir(mode=mode, exist_ok=True)
        sync_directory(new.parent)
