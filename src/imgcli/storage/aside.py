"""Pictures that were set aside, once a person decided: let out among the others, or taken away for good.

Every step can be done again after a crash between any two of them: the second name is made before the first one goes,
and what is left below is found by the attempt that its sidecar tells.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from itertools import islice
from pathlib import Path, PurePosixPath

from imgcli.durable import CANNOT_LINK, alone_beside, make_directory, sync_directory
from imgcli.errors import StorageError
from imgcli.machine import why
from imgcli.model.attempt import Record
from imgcli.model.verdict import Aside
from imgcli.storage.disk import copy_durably, has_hash
from imgcli.storage.inspect import told_in
from imgcli.storage.slot import Place

SPARE = 100
"""Numbers that are looked at beyond those that a directory can have used up: pictures go, and leave gaps."""


@contextlib.asynccontextmanager
async def alone(record: Record) -> AsyncIterator[None]:
    """One decision at a time on what lies aside beside `record`, where the file system has locks."""
    aside = record.remarks.aside or Aside.QUARANTINE
    below = record.directory / aside.value / PurePosixPath(record.name).name
    with contextlib.ExitStack() as stack:
        # On Windows the lock would be on the picture itself and keep it from being removed. Without a lock nothing is
        # lost: the ledger says who was first, and the other takes back what only it has made.
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                await asyncio.to_thread(stack.enter_context, alone_beside(below))
        yield


async def let_out(record: Record, place: Place, settle: Callable[[str], Awaitable[bool]]) -> bool:
    """Give the picture its planned name too, and await `settle` with it; its name below stays, and is for `take_away`.

    `settle` says yes also where it was somebody else who settled on this very name: it is not ours to take back then.

    Raises:
        StorageError: it is gone, or not what was saved, or the directory takes no more.
    """
    source, ending = record.directory / record.name, PurePosixPath(record.name).suffix
    sha256 = record.picture.sha256 if record.picture else ""
    try:
        for stem in place.stems():
            name = f"{stem}{ending}"
            made = await asyncio.to_thread(_named, source, record.directory / name, sha256)
            if made is None:
                continue
            if await settle(name):
                return True
            if made:
                (record.directory / name).unlink(missing_ok=True)
            return False
    except OSError as error:
        raise StorageError(f"{source} cannot be let out ({why(error)}); it stays where it is") from error
    raise AssertionError("stems never end")


def _named(source: Path, target: Path, sha256: str) -> bool | None:
    """True once `target` is made of `source`, False if it was already, None where it is another's.

    Raises:
        OSError: there is no such picture, or no room.
        StorageError: it is not what was saved.
    """
    sidecar = target.with_name(f"{target.name}.json")
    if os.path.lexists(target) or os.path.lexists(sidecar):
        # A release that was cut off left it: the bytes, and no sidecar yet.
        return False if not os.path.lexists(sidecar) and has_hash(target, sha256) else None
    if not has_hash(source, sha256):
        raise StorageError(f"{source} is gone, or not the picture any more that was saved; nothing was changed")
    make_directory(target.parent)
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        return None
    except OSError as error:
        if error.errno not in CANNOT_LINK:
            raise
        copy_durably(source, target, sha256)
    sync_directory(target.parent)
    return True


def take_away(record: Record, place: Place, others: Collection[str] = ()) -> bool:
    """Remove what is left of it below its directory; False if something is there that is not the picture any more.

    Of one that was deleted also what a release that was cut off had made; `others` are the names of other pictures.

    Raises:
        StorageError: it cannot be removed.
    """
    if record.remarks.aside is None or record.picture is None:
        return True
    below = record.directory / record.remarks.aside.value
    told = {below / PurePosixPath(each.name).name for _, each in told_in(below) if each.attempt == record.attempt}
    if PurePosixPath(record.name).parent != PurePosixPath():
        told.add(record.directory / record.name)
    is_ours = True
    try:
        if record.remarks.deleted:
            _take_back(place, PurePosixPath(record.name).suffix, record.picture.sha256, others)
        for path in sorted(told):
            if os.path.lexists(path) and not has_hash(path, record.picture.sha256):
                is_ours = False
                continue
            # The sidecar last: by it the rest is found again.
            for each in (path, path.with_name(f"{path.name}.json")):
                with contextlib.suppress(FileNotFoundError):
                    each.unlink()
        if told:
            sync_directory(below)
    except OSError as error:
        raise StorageError(f"{record.name} cannot be removed ({why(error)})") from error
    return is_ours


def _take_back(place: Place, ending: str, sha256: str, others: Collection[str]) -> None:
    """Remove the names without a sidecar that a release had given these bytes, wherever among its numbers it ended."""
    directory = place.directory
    names = {entry.name for entry in directory.iterdir()}
    ours = {f"{stem}{ending}" for stem in islice(place.stems(), len(names) + SPARE)}
    gone = [
        directory / name
        for name in sorted(names & ours)
        if name not in others and f"{name}.json" not in names and has_hash(directory / name, sha256)
    ]
    for path in gone:
        path.unlink(missing_ok=True)
    if gone:
        sync_directory(directory)
