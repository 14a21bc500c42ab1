"""Plain files of the cache directory: read without following links, replaced whole, and locked."""

import hashlib
import os
import secrets
import stat
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

BLOCK = 1 << 20
PATIENCE = 2.0
"""Seconds to wait for whoever is putting something away; after that it is left out."""

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def locked(descriptor: int) -> bool:
    if sys.platform == "win32":
        return True
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > ends:
                return False
            threading.Event().wait(0.01)
        except OSError:
            return True  # a file system without locks: hashes tell what two at once make of an entry
        else:
            return True


def files(shelf: os.DirEntry[str]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(shelf.path) as found:
            return [each for each in found if each.is_file(follow_symlinks=False)]
    except OSError:
        return []


def read(path: Path, most: int) -> bytes | None:
    """Its bytes; None where there is no plain file of at most so many."""
    try:
        with os.fdopen(os.open(path, _READ), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            data = file.read(most + 1)
    except OSError:
        return None
    return data if len(data) <= most else None


def hash_of(path: Path) -> str:
    """SHA-256 of a plain file; empty if it cannot be read."""
    data = hashlib.sha256()
    try:
        with os.fdopen(os.open(path, _READ), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return ""
            while block := file.read(BLOCK):
                data.update(block)
    except OSError:
        return ""
    return data.hexdigest()


def shared(directory: Path) -> int:
    """Permission bits that what we make in `directory` needs beside its own: those of a directory that others may write.

    A umask of 022 would keep each of several users out of what the others began. Raises OSError: it is not there.
    """
    mode = stat.S_IMODE(directory.stat().st_mode)
    return mode & 0o3077 if mode & 0o022 and sys.platform != "win32" else 0


def widen(path: Path, bits: int) -> None:
    """Add `bits` to what we made ourselves; what is another's stays."""
    if not bits:
        return
    with suppress(OSError):
        there = path.lstat()
        if stat.S_ISREG(there.st_mode):
            bits &= 0o066
        elif not stat.S_ISDIR(there.st_mode):
            return
        if stat.S_IMODE(there.st_mode) & bits != bits:
            path.chmod(stat.S_IMODE(there.st_mode) | bits)


def make_shelf(path: Path, bits: int) -> None:
    """A directory in the cache.

    Raises:
        OSError: it cannot be, or a link lies there, and what is put there would be anywhere.
    """
    try:
        path.mkdir()
    except FileExistsError:
        if not stat.S_ISDIR(path.lstat().st_mode):
            raise OSError(f"{path} is a link or a file, and no directory") from None
    else:
        widen(path, bits)


def open_lock(path: Path, bits: int) -> int:
    """Its descriptor, made if it is not there; that of another user for reading, which is enough to wait for them.

    Raises:
        OSError: it cannot be opened.
    """
    careful = getattr(os, "O_NOFOLLOW", 0)
    try:
        made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | careful, 0o666)
    except FileExistsError:
        try:
            return os.open(path, os.O_RDWR | careful)
        except PermissionError:
            return os.open(path, os.O_RDONLY | careful)
    widen(path, bits)
    return made


def draft_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")


def replace(path: Path, data: bytes, bits: int = 0) -> None:
    """Whole or not at all, as readers see it; what a power cut tears is told by its hash. It gets the `bits` of `shared`.

    Raises:
        OSError: the old one is as it was.
    """
    draft = draft_of(path)
    try:
        with draft.open("xb") as file:
            file.write(data)
        widen(draft, bits)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise


def linked_or_copied(source: Path, target: Path, sha256: str) -> bool:
    """A second name of `source`, or a copy; False where a copy has other bytes than it should.

    Raises:
        OSError: there is no room.
    """
    with suppress(OSError):
        os.link(source, target, follow_symlinks=False)
        return True
    digest = hashlib.sha256()
    with source.open("rb") as taken, target.open("xb") as made:
        while block := taken.read(BLOCK):
            digest.update(block)
            made.write(block)
    return digest.hexdigest() == sha256
