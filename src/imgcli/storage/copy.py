"""A picture that is there already, as a new file with a sidecar of its own: never a link, so no edit of one is of both.

Nothing is paid on this way, so nothing goes to the spool: what a disk refuses is taken away again. Order: the bytes
synced in a hidden file, the sidecar's draft beside it; then both names, under the lock of their directory; then the
hidden file goes. Whoever finds it with its draft finishes what a crash cut short.
"""

import asyncio
import contextlib
import errno
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec

from imgcli.durable import alone_beside, make_directory, move_without_replacing, sync_directory
from imgcli.errors import NotAPictureError, StorageError
from imgcli.header import read_header
from imgcli.machine import why
from imgcli.model.attempt import Record
from imgcli.model.job import Job
from imgcli.model.picture import Painted, Picture, Saved
from imgcli.storage.disk import BLOCK, has_hash, is_abandoned, open_regular, preallocate, set_mode, write_durably
from imgcli.storage.inspect import COPY, HIDDEN, read_sidecar
from imgcli.storage.link import told_of
from imgcli.storage.sidecar import parse_sidecar, sidecar_bytes
from imgcli.storage.slot import EXTENSIONS, LocalSlot, Place, Shop

LARGEST = 256 * 1024 * 1024
"""Bytes; no model's picture comes near."""

_CANNOT_LINK = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES}


@dataclass(frozen=True, slots=True)
class CopyPlace(Place):
    """As `Place`, but what is hidden is told from what is paid."""

    def hidden(self, suffix: str) -> Path:
        return self.directory / f"{HIDDEN}{self.attempt}.{COPY if suffix == 'part' else suffix}"


class LocalCopy(LocalSlot):
    """Satisfies `ports.Copy`."""

    async def hand_over(self, record: Record, *, share: bool) -> Saved:
        return await asyncio.to_thread(self._hand_over, record, share=share)

    def pour(self, source: BufferedReader) -> Picture | None:
        """All bytes of `source`; None if they are no picture.

        Raises:
            StorageError: the directory takes no more.
        """
        while block := source.read(BLOCK):
            self._write(block)
        try:
            return self._seal(Painted())
        except NotAPictureError:
            return None

    def drop(self) -> None:
        self._discard()

    def _sealed(self, painted: Painted) -> Picture:  # noqa: ARG002 - nobody told anything of it
        """As that of a picture that came, but nothing is told beside it: it is adopted by nobody, and copied again."""
        file = self._opened()
        header = read_header(file)
        if header is None:
            raise NotAPictureError("what was to be copied is no picture")
        file.truncate(self._size)
        os.fsync(file.fileno())
        self._spare = os.dup(file.fileno())  # it is known to be in use until it has its name
        self._close()
        return Picture(self._digest.hexdigest(), self._size, header.format, header.width, header.height)

    def _move_to_spool(self) -> None:
        """It is no paid picture: nothing of it is kept.

        Raises:
            StorageError: always.
        """
        refusal = self._refusal or OSError(errno.EIO, "it was refused")
        raise StorageError(f"{self.directory} takes no copy ({why(refusal)})") from refusal

    def _hand_over(self, record: Record, *, share: bool) -> Saved:
        claimed = self.directory / self._name
        part = self._place.hidden("part")
        try:
            # On Windows the file itself is locked, so it has to be there.
            with alone_beside(part):
                if share and (theirs := self._theirs(record)):
                    return theirs
                return self._given(part, record)
        except OSError as error:
            raise StorageError(f"{self.directory} takes no copy ({why(error)})") from error
        finally:
            self._shop.release(claimed)
            self._let_go()
            for suffix in ("part", "json"):
                with contextlib.suppress(OSError):
                    self._place.hidden(suffix).unlink()

    def _theirs(self, record: Record) -> Saved | None:
        """The picture of the same job that another run has put in the planned place while we copied."""
        if record.picture is None:
            return None
        path = self.directory / f"{self._place.stem}.{EXTENSIONS[record.picture.format]}"
        told = told_of(path)
        if told is None or told[0] != record.job.key or told[1].picture != record.picture:
            return None
        return _saved(path, record.picture) if has_hash(path, record.picture.sha256) else None

    def _given(self, part: Path, record: Record) -> Saved:
        if record.picture is None:
            raise AssertionError("a copy is of a picture")
        extension = EXTENSIONS[record.picture.format]
        for stem in self._stems():
            name = f"{stem}.{extension}"
            if not self._place.is_free(name):
                continue
            try:
                self._publish_both(part, name, replace(record, name=name))
            except FileExistsError:
                continue
            return _saved(self.directory / name, record.picture)
        raise AssertionError("stems never end")

    def _publish_both(self, part: Path, name: str, record: Record) -> None:
        draft, target = self._place.hidden("json"), self.directory / name
        draft.unlink(missing_ok=True)
        write_durably(draft, [sidecar_bytes(record)], 0o644)
        set_mode(part, self._shop.mode)
        try:
            os.link(part, target, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError as error:
            if error.errno not in _CANNOT_LINK:
                raise
            move_without_replacing(part, target)
        sync_directory(self.directory)
        move_without_replacing(draft, target.with_name(f"{name}.json"))
        sync_directory(self.directory)


def copy_in(
    source: Path, job: Job, attempt: str, shop: Shop, new: Callable[[Path], BinaryIO]
) -> tuple[LocalCopy, Picture] | None:
    """What `ports.Store.copy` does; `new` opens a hidden file that is known to be in use while it is open.

    Raises:
        StorageError: the directory of `job` takes no more.
    """
    try:
        taken = open_regular(source)
    except OSError:
        return None
    with taken:
        size = os.fstat(taken.fileno()).st_size
        if not 0 < size <= LARGEST:
            return None
        slot = _claimed(job, attempt, shop, new, size)
        try:
            picture = slot.pour(taken)
        except OSError:  # the source; what the target refuses is a StorageError
            picture = None
        except BaseException:
            slot.drop()
            raise
    if picture is None:
        slot.drop()
        return None
    return slot, picture


def finish_copy(left: Path) -> None:
    """A hidden copy whose run is dead: the sidecar it was given is put beside it if it has its name, then it goes.

    Raises:
        OSError: what is there cannot be seen.
    """
    with open_regular(left) as file:
        if not is_abandoned(file.fileno()):
            return
    draft = left.with_suffix(".json")
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError, FileExistsError):
        name = PurePosixPath(parse_sidecar(read_sidecar(draft), left.parent)[1].name).name
        final = left.parent / name
        # The hidden file and the final one are two names of one file only between two steps of a publication.
        if final.exists() and final.samefile(left):
            move_without_replacing(draft, final.with_name(f"{name}.json"))
            sync_directory(left.parent)
    draft.unlink(missing_ok=True)
    left.unlink(missing_ok=True)


def _claimed(job: Job, attempt: str, shop: Shop, new: Callable[[Path], BinaryIO], size: int) -> LocalCopy:
    place = CopyPlace(job.directory, job.stem, job.renumber, job.variant if job.renumber else 1, attempt)
    name = shop.claim(place, EXTENSIONS[job.format])
    part = place.hidden("part")
    try:
        make_directory(job.directory)
        file = new(part)
        try:
            preallocate(file.fileno(), size)
        except OSError:
            file.close()
            part.unlink()
            raise
    except OSError as error:
        shop.release(job.directory / name)
        raise StorageError(f"{job.directory} takes no copy ({why(error)})") from error
    return LocalCopy(place, name, file, shop)


def _saved(path: Path, picture: Picture) -> Saved:
    return Saved(path, path.with_name(f"{path.name}.json"), picture)
