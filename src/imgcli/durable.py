"""Names that survive a power cut: a directory entry is safe once the directory that holds it is synced."""

import errno
import os
import sys
from pathlib import Path

NEW_FILE = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
if sys.platform == "win32":
    NEW_FILE |= os.O_BINARY

_CANNOT_SYNC = {errno.EINVAL, errno.EOPNOTSUPP}
_CANNOT_LINK = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES}


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


def move_without_replacing(source: Path, target: Path) -> None:
    """Rename on one file system, failing if `target` exists; its new name is durable then.

    A crash between the two steps leaves both names on the same bytes, which recovery tells by their hash. The new one
    is synced before the old one goes: else a power cut could leave neither.

    Raises:
        FileExistsError: `target` is taken.
    """
    if sys.platform == "win32":
        source.rename(target)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        # A file system without hard links (FAT): claim the name with an empty file of ours, then rename over it.
        os.close(os.open(target, NEW_FILE, 0o600))
        try:
            source.replace(target)
        except OSError:
            target.unlink()
            raise
        sync_directory(target.parent)
        return
    sync_directory(target.parent)
    source.unlink()
