"""Where derived files go: made whole in a hidden directory first, then given their names, which replaces nothing."""

import hashlib
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from imgcli.durable import NEW_FILE, alone_beside, make_directory, move_without_replacing, sync_directory
from imgcli.errors import StorageError, UsageError
from imgcli.machine import why

if sys.platform != "win32":
    import fcntl

HIDDEN = ".imgcli-export-"
_OURS = re.compile(re.escape(HIDDEN) + r"[0-9a-f]{16}(-gone)?")
MODE = 0o666


def write_new(path: Path, data: bytes) -> None:
    """A new, synced file and its directories.

    Raises:
        OSError: the disk refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, NEW_FILE, MODE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def staged(directory: Path) -> Iterator[Path]:
    """A hidden directory in `directory` for the time between; what a dead export left there goes.

    A directory that was made for it goes too, if nothing came to lie in it.

    Raises:
        StorageError: the disk refuses.
    """
    try:
        made = [each for each in (directory, *directory.parents) if not each.exists()]
        make_directory(directory)
        _sweep(directory)
        staging, held = _held(directory)
    except OSError as error:
        raise StorageError(f"{directory} cannot be written ({why(error)})") from error
    try:
        yield staging
    finally:
        # Another name first: a worker that outlives a Ctrl-C finds no place any more, and cannot fill what is being emptied.
        leaving = staging.with_name(f"{staging.name}-gone")
        with suppress(OSError):
            staging.rename(leaving)
        shutil.rmtree(leaving, ignore_errors=True)
        shutil.rmtree(staging, ignore_errors=True)
        if held is not None:
            os.close(held)
        with suppress(OSError):
            for each in made:
                each.rmdir()


def _held(directory: Path) -> tuple[Path, int | None]:
    """A new hidden directory, locked for as long as we live, where the system has such locks."""
    while True:
        staging = directory / f"{HIDDEN}{secrets.token_hex(8)}"
        staging.mkdir(mode=0o700)
        if sys.platform == "win32":
            return staging, None
        held = os.open(staging, os.O_RDONLY)
        with suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)
        if staging.exists():
            return staging, held
        os.close(held)  # another export took it for one of a dead one, in between


def _sweep(directory: Path) -> None:
    """Take away what exports that died left; Windows has no lock by which one knows them."""
    if sys.platform == "win32":
        return
    for each in directory.glob(f"{HIDDEN}*"):
        # A person may call a directory much like it.
        if not _OURS.fullmatch(each.name) or each.is_symlink() or not each.is_dir():
            continue
        with suppress(OSError):
            held = os.open(each, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(each, ignore_errors=True)
            finally:
                os.close(held)


def publish(staging: Path, directory: Path, paths: Sequence[str]) -> frozenset[str]:
    """Give files their names, in this order, and return those that were not there with the same bytes already.

    All are compared before the first gets its name.

    Raises:
        UsageError: another file has one of the names; nothing is written.
        StorageError: the disk refuses; the same export again does the rest.
    """
    try:
        if sys.platform == "win32":
            return _publish(staging, directory, paths)
        with alone_beside(directory / HIDDEN):
            return _publish(staging, directory, paths)
    except OSError as error:
        raise StorageError(f"{directory} cannot be written ({why(error)})") from error


def _publish(staging: Path, directory: Path, paths: Sequence[str]) -> frozenset[str]:
    for path in paths:
        _require_no_link(directory, path)
    fresh = [path for path in paths if not is_there(staging / path, directory / path)]
    for path in fresh:
        target = directory / path
        make_directory(target.parent)
        try:
            move_without_replacing(staging / path, target)
        except FileExistsError:
            if not is_there(staging / path, target):
                raise
    sync_directory(directory)
    return frozenset(fresh)


def is_there(made: Path, target: Path) -> bool:
    """Whether `target` has these bytes already.

    Raises:
        UsageError: it is something else.
        OSError: it cannot be read.
    """
    if not os.path.lexists(target):
        return False
    if target.is_file() and not target.is_symlink() and _hash(target) == _hash(made):
        return True
    raise UsageError(f"{target} is there already and is another file; nothing was written, so choose another name")


def _require_no_link(directory: Path, path: str) -> None:
    for below in Path(path).parents:
        if (directory / below).is_symlink() and below != Path():
            raise UsageError(
                f"{directory / below} is a link, and nothing is written behind it; -o names another directory"
            )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
