"""Names that survive a power cut: a directory entry is safe once the directory that holds it is synced."""

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NEW_FILE = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
if sys.platform == "win32":
    NEW_FILE |= os.O_BINARY

_CANNOT_SYNC = {errno.EINVAL, errno.EOPNOTSUPP}
CANNOT_LINK = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES}


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
        if error.errno not in CANNOT_LINK:
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


@contextmanager
def alone_beside(file: Path) -> Iterator[None]:
    """Nobody else is between these lines for the directory of `file` meanwhile, where its file system has locks.

    The lock goes with the process; it leaves no file behind.

    Raises:
        OSError: `file` or its directory cannot be opened.
    """
    descriptor = os.open(file if sys.platform == "win32" else file.parent, os.O_RDONLY)
    try:
        with suppress(OSError):
            if sys.platform == "win32":
                # Far behind its end: whoever reads the file itself is not in the way.
                os.lseek(descriptor, 1 << 30, os.SEEK_SET)
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
            else:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace_durably(target: Path, blocks: Iterable[bytes]) -> None:
    """Put `blocks` in the place of a file of ours, whole or not at all, whenever the power goes; keeps its mode.

    Only one may do so at a time (`alone_beside`).

    Raises:
        OSError: `target` is as it was.
    """
    draft = target.with_name(f".{target.name}.new")
    with suppress(FileNotFoundError):
        draft.unlink()  # of a run that died
    try:
        with os.fdopen(os.open(draft, NEW_FILE, 0o666), "wb") as file:
            if target.exists() and sys.platform != "win32":
                os.fchmod(file.fileno(), target.stat().st_mode & 0o777)
            file.writelines(blocks)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    sync_directory(target.parent)
