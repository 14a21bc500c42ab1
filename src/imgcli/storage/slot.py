"""One picture's way onto the disk: hidden part, sealed part, final name.

Order (restic's): claim and preallocate, write, sync the file, sync what was told beside it, sync the directory;
then a rename that never replaces, and the directory again.
"""

import asyncio
import base64
import contextlib
import errno
import hashlib
import json
import os
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from imgcli.durable import NEW_FILE, make_directory, move_without_replacing, sync_directory
from imgcli.errors import NotAPictureError, StorageError
from imgcli.header import read_header
from imgcli.machine import why
from imgcli.model.picture import Painted, Picture, Saved, Usage
from imgcli.model.plain import plain
from imgcli.model.verdict import Aside
from imgcli.storage.disk import (
    BLOCK,
    copy_durably,
    set_mode,
    write_all,
    write_durably,
)
from imgcli.storage.naming import safe_stem
from imgcli.storage.sheets import read_picture

BLOCK_OF_BASE64 = 3 * 256 * 1024
"""Bytes that are whole groups of base64."""

EXTENSIONS = {"png": "png", "jpeg": "jpg", "webp": "webp", "gif": "gif"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture is to go: its `stem`, or the first free one numbered higher than `after`."""

    directory: Path
    stem: str
    renumber: str
    after: int
    attempt: str

    def stems(self) -> Iterator[str]:
        """`car-1`, then `car-2`, ... where the name has a number, else `car`, `car-2`, ..."""
        yield self.stem
        number = self.after + 1
        while True:
            # Made safe again: what is a name with `{n}` in it may be a device with 2 in it (`com2`).
            yield safe_stem(self.renumber.replace("{n}", str(number)) if self.renumber else f"{self.stem}-{number}")
            number += 1

    def is_free(self, name: str) -> bool:
        return not os.path.lexists(self.directory / name) and not os.path.lexists(self.directory / f"{name}.json")

    def hidden(self, suffix: str) -> Path:
        """Its file before it has a name; found again by the attempt's id alone."""
        return self.directory / f".imgcli-{self.attempt}.{suffix}"


class Shop:
    """What the slots of one process share: the mode of finished files, the spool, and the names under way."""

    def __init__(self, mode: int, spool: Path) -> None:
        self.mode = mode
        self.spool = spool
        self._names: set[Path] = set()
        self._lock = threading.Lock()

    def claim(self, place: Place, extension: str) -> str:
        """The first free name, kept from other slots of this process until `release`."""
        with self._lock:
            for stem in place.stems():
                name = f"{stem}.{extension}"
                if place.directory / name not in self._names and place.is_free(name):
                    self._names.add(place.directory / name)
                    return name
        raise AssertionError("stems never end")

    def spooled(self, attempt: str, suffix: str) -> Path:
        """Where the spool has the picture (`bin`), what was told of it (`meta`) or an answer without one (`answer`)."""
        return self.spool / f"{attempt}.{suffix}"

    def release(self, path: Path) -> None:
        with self._lock:
            self._names.discard(path)


class LocalSlot:
    """Satisfies `ports.Slot`. `file` is the open, claimed part; None for one taken over from a dead run.

    It is unbuffered: a buffer that cannot be emptied would stand between us and the bytes already written. When the
    disk takes no more (`refusal`), `file` becomes one in the spool, and everything that still arrives goes there.
    """

    def __init__(
        self, place: Place, name: str, file: BinaryIO | None, shop: Shop, refusal: OSError | None = None
    ) -> None:
        self._place = place
        self._name = name
        self._file = file
        self._shop = shop
        self._digest = hashlib.sha256()
        self._size = 0
        self._refusal = refusal
        self._stranded = False
        self._meta = b""
        self._spare = -1
        self._busy = threading.Lock()

    def __del__(self) -> None:
        # Sealed and never published, as when the ledger fails: its part stays for the next start.
        self._let_go()

    @property
    def directory(self) -> Path:
        return self._place.directory

    @property
    def name(self) -> str:
        return self._name

    @property
    def attempt(self) -> str:
        return self._place.attempt

    @property
    def is_spooled(self) -> bool:
        return self._refusal is not None

    async def keep(self, before: bytes, decoded: int, after: bytes) -> str:
        return await asyncio.to_thread(self._keep, before, decoded, after)

    async def write(self, data: bytes) -> None:
        await asyncio.to_thread(self._write, data)

    async def seal(self, painted: Painted) -> Picture:
        return await asyncio.to_thread(self._seal, painted)

    async def look(self, most: int) -> bytes:
        return await asyncio.to_thread(self._look, most)

    async def publish(
        self, picture: Picture, rename: Callable[[str], Awaitable[None]], aside: Aside | None = None
    ) -> Saved:
        claimed = self.directory / self._name
        try:
            if self._refusal is not None:
                await asyncio.to_thread(self._bring_home, picture)
            return await self._publish(picture, rename, aside)
        except OSError as error:
            raise StorageError(
                f"{self.directory} took no more bytes ({why(error)}); the paid picture is whole in "
                f"{self._shop.spooled(self._place.attempt, 'bin')} and gets its place at the next start with room for it"
            ) from error
        finally:
            self._shop.release(claimed)
            self._let_go()

    async def _publish(self, picture: Picture, rename: Callable[[str], Awaitable[None]], aside: Aside | None) -> Saved:
        if aside is not None:
            await asyncio.to_thread(make_directory, self.directory / aside.value)
        part = self._place.hidden("part")
        extension = EXTENSIONS[picture.format]
        planned = self._name
        for stem in self._stems():
            name = f"{aside.value}/{stem}.{extension}" if aside else f"{stem}.{extension}"
            if name != planned:
                if not self._place.is_free(name):
                    continue
                await rename(name)
                planned = name
            try:
                await asyncio.to_thread(self._move, part, self.directory / name)
            except FileExistsError:
                continue
            except OSError as error:
                await asyncio.to_thread(self._rescue, error)
                raise StorageError(
                    f"{name} could not be put into {self.directory} ({why(error)}); "
                    f"the picture is whole in {part.name} and gets its name at the next start"
                ) from error
            self._name = name
            path = self.directory / name
            return Saved(path, path.with_name(f"{path.name}.json"), picture)
        raise AssertionError("stems never end")

    async def discard(self) -> None:
        await asyncio.to_thread(self._discard)

    def _stems(self) -> Iterator[str]:
        # A run that died may have begun to set it aside.
        current = PurePosixPath(self._name).name.rpartition(".")[0]
        yield current
        yield from (stem for stem in self._place.stems() if stem != current)

    def _write(self, data: bytes) -> None:
        # Whoever wrote may be cancelled and gone while its thread still writes.
        with self._busy:
            self._write_where_it_goes(data)

    def _write_where_it_goes(self, data: bytes) -> None:
        try:
            if self._refusal is None:
                write_all(self._opened(), data)
        except OSError as error:
            self._refusal = error
            self._move_to_spool()
        if self._refusal is not None:
            with self._spooling():
                write_all(self._opened(), data)
        self._digest.update(data)
        self._size += len(data)

    def _seal(self, painted: Painted) -> Picture:
        try:
            if self._refusal is None:
                return self._sealed(painted)
        except OSError as error:
            self._refusal = error
            self._move_to_spool()
        with self._spooling():
            return self._sealed(painted)

    def _sealed(self, painted: Painted) -> Picture:
        """What `seal` does where the bytes are, as long as that place takes it.

        Raises:
            OSError: it does not.
        """
        file = self._opened()
        header = read_header(file)
        if header is None:
            if self._refusal is None:
                self._move_to_spool()
            raise NotAPictureError(f"{self._size:,} bytes came that are no picture; they are kept in {self._spooled()}")
        picture = Picture(self._digest.hexdigest(), self._size, header.format, header.width, header.height)
        file.truncate(self._size)
        os.fsync(file.fileno())
        meta = self._place.hidden("meta") if self._refusal is None else self._shop.spooled(self._place.attempt, "meta")
        self._meta = meta_bytes(picture, painted)
        write_durably(meta, [self._meta])
        sync_directory(meta.parent)
        # Until it has its name: a part that somebody takes away lives on as long as it is open.
        self._spare = os.dup(file.fileno())
        self._close()
        return picture

    def _look(self, most: int) -> bytes:
        spooled = self._refusal is not None
        place = self._shop.spooled(self._place.attempt, "bin") if spooled else self._place.hidden("part")
        return read_picture(place, most)

    def _bring_home(self, picture: Picture) -> None:
        """Copy the picture from the spool to its hidden place; the spool's copy stays until all is settled.

        Raises:
            OSError: the directory still takes no more.
        """
        part = self._place.hidden("part")
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
        try:
            copy_durably(self._shop.spooled(self._place.attempt, "bin"), part, picture.sha256)
            sync_directory(self.directory)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
        self._refusal = None

    def _rescue(self, error: OSError) -> None:
        """A hidden part that somebody took away lives on as long as it is open: its bytes go to the spool.

        Raises:
            StorageError: always, if it was taken away.
        """
        if self._spare < 0 or self._refusal is not None or self._place.hidden("part").exists():
            return
        self._refusal = error
        self._file, self._spare = os.fdopen(self._spare, "r+b", buffering=0), -1
        self._move_to_spool()
        with self._spooling():
            write_durably(self._shop.spooled(self._place.attempt, "meta"), [self._meta])
        raise StorageError(
            f"{self.directory} was taken away while a picture came; it is whole in {self._spooled()} "
            "and gets its place at the next start"
        )

    def _keep(self, before: bytes, decoded: int, after: bytes) -> str:
        path = self._shop.spooled(self._place.attempt, "answer")
        try:
            make_directory(self._shop.spool, 0o700)
            with self._busy:
                write_durably(path, chain([before], self._again(decoded), [after]))
            sync_directory(self._shop.spool)
        except OSError:
            return ""
        return str(path)

    def _again(self, decoded: int) -> Iterator[bytes]:
        """What was written, in blocks; the first `decoded` bytes of it as base64."""
        left = self._size
        # Buffered, so that no block comes short: base64 is cut between its groups only.
        with os.fdopen(os.dup(self._opened().fileno()), "rb") as file:
            file.seek(0)
            while left and (block := file.read(min(left, BLOCK_OF_BASE64, decoded or left))):
                left -= len(block)
                yield base64.b64encode(block) if decoded else block
                decoded = max(0, decoded - len(block))

    def _move(self, part: Path, target: Path) -> None:
        set_mode(part, self._shop.mode)
        move_without_replacing(part, target)

    def _discard(self) -> None:
        with self._busy:
            self._close()
        self._let_go()
        self._shop.release(self.directory / self._name)
        if self._stranded:
            return
        for suffix in ("part", "meta"):
            with contextlib.suppress(OSError):
                self._place.hidden(suffix).unlink()

    def _opened(self) -> BinaryIO:
        if self._file is None:
            raise AssertionError("a sealed slot takes no more bytes")
        return self._file

    def _close(self) -> None:
        if self._file is not None:
            # The bytes are synced already; what a close may still say comes from a part nobody needs.
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None

    def _let_go(self) -> None:
        if self._spare >= 0:
            os.close(self._spare)
            self._spare = -1

    def _move_to_spool(self) -> None:
        """Paid bytes are never dropped: go on in the spool with all that was written so far.

        Raises:
            StorageError: the spool refuses them too.
        """
        with self._spooling():
            make_directory(self._shop.spool, 0o700)
            target = self._shop.spooled(self._place.attempt, "bin")
            spooled = os.fdopen(os.open(target, NEW_FILE, 0o600), "w+b", buffering=0)
            part, self._file = self._opened(), spooled
            with part:
                part.seek(0)
                digest = hashlib.sha256()
                for start in range(0, self._size, BLOCK):
                    block = part.read(min(BLOCK, self._size - start))
                    digest.update(block)
                    write_all(spooled, block)
                if digest.digest() != self._digest.digest():
                    raise OSError(errno.EIO, "the first gives back other bytes than it took")

    def _spooled(self) -> Path:
        """Where the bytes are now, synced.

        Raises:
            StorageError: they are not safe there either.
        """
        with self._spooling():
            os.fsync(self._opened().fileno())
            sync_directory(self._shop.spool)
        self._close()
        return self._shop.spooled(self._place.attempt, "bin")

    @contextlib.contextmanager
    def _spooling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._stranded = True
            raise StorageError(
                f"neither {self.directory} nor the spool {self._shop.spool} takes the bytes of a paid picture "
                f"({why(error)}); what they took is left there"
            ) from error


def meta_bytes(picture: Picture, painted: Painted) -> bytes:
    """What recovery needs to adopt a part: the picture's facts and what was told of it."""
    return json.dumps({"picture": plain(picture), "painted": plain(painted)}, sort_keys=True).encode()


def parse_meta(data: bytes) -> tuple[Picture, Painted]:
    """The opposite of `meta_bytes`.

    Raises:
        ValueError, KeyError, TypeError: torn or foreign.
    """
    whole = json.loads(data)
    told = whole["painted"]
    usage, notes = told.pop("usage"), told.pop("notes")
    return Picture(**whole["picture"]), Painted(usage=Usage(**usage) if usage else None, notes=tuple(notes), **told)
