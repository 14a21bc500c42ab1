"""Durable steps on a local disk: a file is safe when its bytes and then its directory are synced."""

import contextlib
import errno
import hashlib
import os
import secrets
import stat
import sys
from collections.abc import Iterable
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from imgcli.durable import NEW_FILE

if sys.platform != "win32":
    import fcntl

BLOCK = 1 << 20
"""Bytes copied at once."""

_CANNOT_PREALLOCATE = {errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.ENODEV}
_CANNOT_BE_NAMELESS = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT}
_NO_PLAIN_FILE = {errno.EINVAL, errno.EISDIR, errno.ENXIO}


def preallocate(descriptor: int, size: int) -> None:
    """Reserve `size` bytes where the file system can, so that a paid picture finds its room.

    Raises:
        OSError: the disk is full.
    """
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError as error:
        if error.errno not in _CANNOT_PREALLOCATE:
            raise


def hold(descriptor: int) -> None:
    """Lock an open file for as long as it is open, where the file system can; its owner is then known to live."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)


def is_abandoned(descriptor: int) -> bool:
    """Whether nobody else holds the open file; False where nobody can tell. Holds it from then on."""
    if sys.platform == "win32":
        return True  # who has it open keeps it from being removed
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def probe(directory: Path) -> None:
    """Prove that `directory` takes and syncs a file, leaving none behind.

    Raises:
        OSError: it does not.
    """
    try:
        descriptor = os.open(directory, os.O_TMPFILE | os.O_WRONLY, 0o600)
    except (AttributeError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in _CANNOT_BE_NAMELESS:
            raise
    else:
        with os.fdopen(descriptor, "wb") as file:
            file.write(b"imgcli")
            file.flush()
            os.fsync(file.fileno())
        return
    # Not by the process id: containers that share a directory often share that too.
    path = directory / f".imgcli-probe-{secrets.token_hex(8)}"
    write_durably(path, [b"imgcli"])
    path.unlink()


def open_regular(path: Path) -> BufferedReader:
    """A file for reading, which is neither a pipe that would be waited for nor a device without end.

    Raises:
        OSError: it is, or it cannot be read.
    """
    file = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "is no plain file", str(path))
    return file


def has_hash(path: Path, sha256: str) -> bool:
    """Whether `path` is a plain file with these bytes; False only if it is certainly another, or none.

    Raises:
        OSError: nobody can tell: it cannot be read, or a link leads to a disk that is not connected.
    """
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        if path.is_symlink():
            raise
        return False
    except OSError as error:
        if error.errno in _NO_PLAIN_FILE:
            return False
        raise


def write_all(file: BinaryIO, data: bytes) -> None:
    """Write all of `data` to an unbuffered file: on a disk that fills up a write may be short without an error.

    Raises:
        OSError: the disk takes no more; a part of `data` may be written.
    """
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def write_durably(path: Path, blocks: Iterable[bytes], mode: int = 0o600) -> None:
    """A new, synced file; its directory is not synced yet.

    Raises:
        FileExistsError: never replaces.
        OSError: the half-written file is gone again.
    """
    descriptor = os.open(path, NEW_FILE, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(blocks)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def copy_durably(source: Path, target: Path, sha256: str) -> None:
    """A new, synced copy with the hash it must have; its directory is not synced yet.

    Raises:
        FileExistsError: never replaces.
        OSError: there is no room, or `source` gives back other bytes than it took.
    """
    with open_regular(source) as taken, os.fdopen(os.open(target, NEW_FILE, 0o600), "wb") as made:
        digest = hashlib.sha256()
        while block := taken.read(BLOCK):
            digest.update(block)
            made.write(block)
        made.flush()
        os.fsync(made.fileno())
    if digest.hexdigest() != sha256:
        raise OSError(errno.EIO, f"{source} gives back other bytes than it took")


def set_mode(path: Path, mode: int) -> None:
    """Change the mode of a file of ours; a link that somebody put in its place is not followed.

    Raises:
        OSError: it is a link, or gone.
    """
    if sys.platform == "win32":
        path.chmod(mode)
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fchmod(descriptor, mode)
    finally:
        os.close(descriptor)
