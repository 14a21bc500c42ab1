"""Pictures in directories of this machine."""

import asyncio
import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from imgcli.durable import NEW_FILE, make_directory, move_without_replacing, sync_directory
from imgcli.errors import StorageError, UsageError
from imgcli.machine import why
from imgcli.model.attempt import Record, State
from imgcli.model.finding import Finding, Level
from imgcli.model.inspection import Inspection
from imgcli.model.job import Job
from imgcli.model.picture import Painted, Picture, Saved
from imgcli.model.verdict import Aside
from imgcli.ports import Relic
from imgcli.storage import naming
from imgcli.storage.aside import alone, let_out, take_away
from imgcli.storage.copy import LocalCopy, copy_in, finish_copy
from imgcli.storage.disk import (
    has_hash,
    hold,
    is_abandoned,
    open_regular,
    preallocate,
    probe,
    write_durably,
)
from imgcli.storage.inspect import (
    COPY,
    HIDDEN,
    hidden_files,
    inspect_record,
    inspect_strays,
    is_leftover,
    is_sealed,
    read_sidecar,
    told_in,
    told_records,
)
from imgcli.storage.link import link, told_of
from imgcli.storage.sheets import read_picture, write_together
from imgcli.storage.sidecar import sidecar_bytes, tells
from imgcli.storage.slot import EXTENSIONS, LocalSlot, Place, Shop, parse_meta

BYTES_PER_PIXEL = {"png": 4, "jpeg": 2, "webp": 3}
"""Upper bounds: an incompressible PNG with alpha, and lossy formats at their worst."""

MARGIN = 256 * 1024
"""Bytes for headers and Content Credentials."""

LARGEST_PIXELS = 8_294_400
"""Pixels reserved for when the model chooses the size (its documented limit)."""

MOST_PIXELS = 64_000_000
"""Pixels room is reserved for at most: a foreign server may take any size, and no model makes more."""

EVIDENCE_SECONDS = 7 * 24 * 3600
"""How long a torn part of a lost answer is kept."""

OVER = frozenset({State.SETTLED, State.POSTED, State.VOIDED, State.MODERATED})
"""States whose hidden files nobody needs; a torn part of an uncertain attempt is evidence."""

LARGEST_META = 4 * 1024 * 1024
"""Bytes; revised prompts are cut long before."""

LOW_SPACE = 512 * 1024 * 1024


class LocalStore:
    """Satisfies `ports.Store`; `spool` takes paid bytes that their own directory refuses."""

    def __init__(self, spool: Path) -> None:
        umask = os.umask(0o077)
        os.umask(umask)
        self._shop = Shop(0o666 & ~umask, spool)
        self._kept: dict[Path, dict[str, Record]] = {}

    async def prepare(self, directory: Path) -> None:
        await asyncio.to_thread(_prepare, directory)

    def stem(self, template: str, fields: Mapping[str, str]) -> str:
        return naming.render(template, fields)

    def directory(self, root: Path, below: str) -> Path:
        if below.startswith("/") or ".." in below.split("/"):
            raise UsageError(f"directory {below!r} leads out of {root}; it must stay below it")
        parts = [naming.safe_stem(part) for part in below.split("/") if part not in {"", "."}]
        top = Path(os.path.realpath(root))
        target = Path(os.path.realpath(top.joinpath(*parts)))
        if not target.is_relative_to(top):
            raise UsageError(f"directory {below!r} leads out of {root}; it must stay below it")
        return target

    def taken(self, job: Job) -> Path | None:
        for extension in EXTENSIONS.values():
            path = job.directory / f"{job.stem}.{extension}"
            if os.path.lexists(path):
                return path
        return None

    async def open(self, job: Job, attempt: str) -> LocalSlot:
        return await asyncio.to_thread(self._open, job, attempt)

    async def copy(self, source: Path, job: Job, attempt: str) -> tuple[LocalCopy, Picture] | None:
        return await asyncio.to_thread(copy_in, source, job, attempt, self._shop, _new_part)

    async def tell(self, record: Record) -> Path:
        return await asyncio.to_thread(_tell, record)

    async def intact(self, record: Record) -> Saved | None:
        return await asyncio.to_thread(_intact, record)

    async def kept(self, job: Job) -> Record | None:
        if job.directory not in self._kept:
            self._kept[job.directory] = await asyncio.to_thread(_told_beside, job.directory)
        return self._kept[job.directory].get(job.key)

    async def holds(self, path: Path, sha256: str) -> bool:
        return await asyncio.to_thread(_holds_hash, path, sha256)

    def sizes(self, directory: Path) -> Mapping[str, int]:
        found = {}
        with contextlib.suppress(OSError), os.scandir(directory) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.is_file():
                        found[entry.name] = entry.stat().st_size
        return found

    def unlisted(self, directory: Path, listed: Collection[str]) -> Mapping[str, str]:
        return {key: record.name for key, record in told_in(directory, listed) if (directory / record.name).is_file()}

    async def put_aside(self, path: Path, aside: Path) -> None:
        await asyncio.to_thread(_put_aside, path, aside)

    async def let_out(self, record: Record, settle: Callable[[str], Awaitable[bool]]) -> bool:
        return await let_out(record, _planned(record), settle)

    def alone(self, record: Record) -> contextlib.AbstractAsyncContextManager[None]:
        return alone(record)

    async def take_away(self, record: Record, others: Collection[str] = ()) -> bool:
        return await asyncio.to_thread(take_away, record, _planned(record), others)

    async def relic(self, record: Record) -> Relic | None:
        return await asyncio.to_thread(self._relic, record)

    async def clear(self, directory: Path, state_of: Callable[[str], Awaitable[State | None]]) -> None:
        with contextlib.suppress(OSError):  # what cannot be seen is refused where pictures are to go
            for left in await asyncio.to_thread(lambda: sorted(directory.glob(f"{HIDDEN}*"))):
                await _clear(left, state_of)

    async def look(self, path: Path, most: int) -> bytes:
        return await asyncio.to_thread(read_picture, path, most)

    async def hang(self, directory: Path, stem: str, files: Mapping[str, bytes]) -> Sequence[Path]:
        return await asyncio.to_thread(write_together, directory, stem, files, self._shop.mode)

    async def sweep(self, record: Record) -> None:
        place = _place(record.job, record.attempt)
        left = [place.hidden("part"), place.hidden("meta"), place.hidden("json")]
        for path in (*left, self._shop.spooled(record.attempt, "bin"), self._shop.spooled(record.attempt, "meta")):
            with contextlib.suppress(OSError):
                path.unlink()

    async def inspect(self, record: Record, *, read_data: bool) -> Inspection:
        return await asyncio.to_thread(inspect_record, record, read_data=read_data)

    async def strays(self, directory: Path, records: Collection[Record], *, read_data: bool) -> Sequence[Inspection]:
        def look() -> list[Inspection]:
            known = {record.directory / record.name for record in records}
            known |= {path for record in records for path in hidden_files(record) if record.state is not State.SETTLED}
            return list(inspect_strays(directory, known, read_data=read_data))

        return await asyncio.to_thread(look)

    async def told(self, directory: Path) -> Sequence[tuple[str, Record]]:
        return await asyncio.to_thread(lambda: list(told_records(directory)))

    async def told_of(self, picture: Path) -> tuple[str, Record] | None:
        return await asyncio.to_thread(told_of, picture)

    async def link(self, picture: Path, finals: Sequence[str]) -> bool:
        return await asyncio.to_thread(link, picture, tuple(finals))

    async def spooled(self) -> Sequence[Path]:
        if not self._shop.spool.is_dir():
            return []
        return sorted(path for path in self._shop.spool.iterdir() if path.suffix in {".bin", ".answer"})

    async def check(self, directory: Path) -> Finding:
        try:
            await self.prepare(directory)
            free = shutil.disk_usage(directory).free
        except (StorageError, OSError) as error:
            return Finding(Level.FAIL, "output directory", str(error), "choose another with --out")
        room = f"{directory} is writable, {free / 1e9:,.1f} GB free"
        if free < LOW_SPACE:
            return Finding(Level.WARN, "output directory", room, "free some space: pictures take 1 to 30 MB each")
        return Finding(Level.OK, "output directory", room)

    def _open(self, job: Job, attempt: str) -> LocalSlot:
        place = _place(job, attempt)
        extension = EXTENSIONS[job.format]
        name = self._shop.claim(place, extension)
        pixels = LARGEST_PIXELS if job.size.is_auto else min(job.size.pixels, MOST_PIXELS)
        room = pixels * BYTES_PER_PIXEL[job.format] + MARGIN
        part = place.hidden("part")
        try:
            make_directory(job.directory)
            file = _new_part(part)
            try:
                preallocate(file.fileno(), room)
            except OSError:
                file.close()
                part.unlink()
                raise
        except OSError as error:
            self._shop.release(job.directory / name)
            raise StorageError(
                f"no room for a picture of up to {room / 1e6:,.0f} MB in {job.directory} "
                f"({why(error)}); nothing was sent for it"
            ) from error
        return LocalSlot(place, name, file, self._shop)

    def _relic(self, record: Record) -> Relic | None:
        if not record.directory.is_dir():
            raise StorageError(
                f"{record.directory} is not there, and {record.name} may be in it: "
                "connect its disk, or make the directory anew if the picture is gone for good"
            )
        try:
            return self._sealed(record)
        except OSError as error:
            raise StorageError(f"{record.directory / record.name} cannot be finished ({why(error)})") from error

    def _sealed(self, record: Record) -> Relic | None:
        """What `relic` finds.

        Raises:
            OSError: there may be something, and it cannot be seen now.
        """
        place = _place(record.job, record.attempt)
        part, final = place.hidden("part"), record.directory / record.name
        picture, painted = record.picture, record.painted
        if picture is None or painted is None:
            metas = (place.hidden("meta"), self._shop.spooled(record.attempt, "meta"))
            told = next((told for meta in metas if (told := _told(meta))), None)
            if told is None:
                _drop_if_empty(part)
                return None
            picture, painted = told
        # The run that died may not have come to this.
        sync_directory(record.directory)
        refusal = None
        if not _hide_again(part, final, picture.sha256):
            if not has_hash(self._shop.spooled(record.attempt, "bin"), picture.sha256):
                return None
            refusal = OSError(errno.ENOSPC, "it took no more bytes before")
        return Relic(LocalSlot(place, record.name, None, self._shop, refusal), picture, painted)


def _told_beside(directory: Path) -> dict[str, Record]:
    """By the keys of their jobs; one that was set aside only where there is none among the others."""
    places = [*(directory / aside.value for aside in Aside), directory]
    return {key: record for place in places for key, record in told_in(place)}


def _told(meta: Path) -> tuple[Picture, Painted] | None:
    """None if it is not there, or torn.

    Raises:
        OSError: it cannot be read now.
    """
    try:
        with open_regular(meta) as file:
            return parse_meta(file.read(LARGEST_META))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _new_part(part: Path) -> BinaryIO:
    """A part that is known to be in use while it is open."""
    while True:
        file = os.fdopen(os.open(part, NEW_FILE, 0o600), "w+b", buffering=0)
        hold(file.fileno())
        # Somebody who clears up may have been between our two steps.
        if os.fstat(file.fileno()).st_nlink:
            return file
        file.close()


async def _clear(left: Path, state_of: Callable[[str], Awaitable[State | None]]) -> None:
    """Take away what a dead run left of an attempt that is over, or of one that never got as far as the ledger."""
    attempt, _, suffix = left.name.removeprefix(HIDDEN).partition(".")
    with contextlib.suppress(OSError):
        if suffix == COPY:
            await asyncio.to_thread(finish_copy, left)
            return
        file = await asyncio.to_thread(open_regular, left)
        with file:
            # Only who cannot be at work any more is asked about: after the lock, not before it.
            if suffix == "part" and not is_abandoned(file.fileno()):
                return
            state = await state_of(attempt)
            if state in OVER - {State.SETTLED} and is_sealed(left):
                return  # a whole picture of which somebody said that it never came
            if state in OVER or (state is None and suffix == "part" and not any(file.read(4096))):
                await asyncio.to_thread(left.unlink)


def _hide_again(part: Path, final: Path, sha256: str) -> bool:
    """Whether the whole picture is in `part`, after undoing a publication that a crash cut short."""
    if has_hash(part, sha256):
        # A crash between link and unlink leaves both names on one file; equal bytes alone may be another's.
        if final.exists() and final.samefile(part):
            final.unlink()
        return True
    if has_hash(final, sha256):
        move_without_replacing(final, part)
        return True
    return False


def _drop_if_empty(part: Path) -> None:
    """Take away a place that no byte reached: it only holds room. A torn picture stays as evidence."""
    with contextlib.suppress(OSError), open_regular(part) as file:
        if is_abandoned(file.fileno()) and not any(file.read(4096)):
            part.unlink()


def _sweep_old(directory: Path) -> None:
    """Take away evidence and strays of dead runs after a week; a sealed picture, part and `.meta`, stays."""
    oldest = time.time() - EVIDENCE_SECONDS
    for stray in (stray for stray in directory.glob(f"{HIDDEN}*") if is_leftover(stray.name)):
        with contextlib.suppress(OSError):
            if stray.stat().st_mtime >= oldest or is_sealed(stray):
                continue
            with open_regular(stray) as file:
                # A clock that is ahead makes everything old.
                if is_abandoned(file.fileno()):
                    stray.unlink()


def _place(job: Job, attempt: str) -> Place:
    return Place(job.directory, job.stem, job.renumber, job.variant if job.renumber else 1, attempt)


def _prepare(directory: Path) -> None:
    try:
        make_directory(directory)
        probe(directory)
        sync_directory(directory)
        sync_directory(directory.parent)  # whoever made it may have died before this
        _sweep_old(directory)
    except OSError as error:
        raise StorageError(f"cannot write into {directory} ({why(error)}); nothing was sent") from error


def _planned(record: Record) -> Place:
    """Where a picture that was set aside was to go."""
    job, ending = record.job, PurePosixPath(record.name)
    return Place(record.directory, ending.stem, job.renumber, job.variant if job.renumber else 1, record.attempt)


def _tell(record: Record) -> Path:
    target = record.directory / f"{record.name}.json"
    data = sidecar_bytes(record)
    if _holds(target, data, record):
        return target
    # A settled one may be told again by two runs at once, so each has a draft of its own.
    suffix = f"{secrets.token_hex(4)}.json" if record.state is State.SETTLED else "json"
    draft = _place(record.job, record.attempt).hidden(suffix)
    try:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
        write_durably(draft, [data], 0o644)
        move_without_replacing(draft, target)
    except FileExistsError as error:
        # Somebody who told the same record was quicker.
        if not _holds(target, data, record):
            raise StorageError(f"{target} is in the way of a sidecar; move it and run imgcli again") from error
    except OSError as error:
        raise StorageError(f"the sidecar {target} could not be written ({why(error)})") from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
    return target


def _holds(target: Path, data: bytes, record: Record) -> bool:
    """Whether `target` can be read and is `data`, perhaps with finals told; whatever else is there is in the way."""
    try:
        return has_hash(target, hashlib.sha256(data).hexdigest()) or tells(read_sidecar(target), record)
    except OSError:
        return False


def _holds_hash(path: Path, sha256: str) -> bool:
    try:
        return has_hash(path, sha256)
    except OSError:
        return False


def _put_aside(path: Path, aside: Path) -> None:
    sidecar = path.with_name(f"{path.name}.json")
    try:
        make_directory(aside)
        # The sidecar first: a picture without one is found by its hash, a sidecar without its picture by nobody.
        for each in (sidecar, path):
            if os.path.lexists(each):
                move_without_replacing(each, aside / each.name)
    except OSError as error:
        raise StorageError(f"{path} cannot be moved to {aside} ({why(error)})") from error


def _intact(record: Record) -> Saved | None:
    path = record.directory / record.name
    try:
        if record.picture is None or not has_hash(path, record.picture.sha256):
            return None
    except OSError as error:
        raise StorageError(
            f"{path} is paid and cannot be read ({why(error)}); if it is gone for good, remove it"
        ) from error
    return Saved(path, path.with_name(f"{path.name}.json"), record.picture)
