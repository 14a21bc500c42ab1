"""Chosen pictures -> a gallery on a disk: small ones made or found, then the page. The pictures themselves stay where they are."""

import asyncio
import base64
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from imgcli.errors import UsageError
from imgcli.measure.small import shape_of, shrink
from imgcli.measure.workers import Workers
from imgcli.model.input import Input
from imgcli.model.opinion import Opinion
from imgcli.model.pick import Pick
from imgcli.model.verdict import Aside
from imgcli.ports import Ledger, Smalls, Store, Wall
from imgcli.reports.gallery import Item, Thumb, blocks, item

AT_ONCE = 32
"""Pictures in hand at once, of which few are in memory: the workers have their own bounds."""

MOST_IN_ONE = 48 * 1024 * 1024
"""Bytes of all small pictures of a gallery that is a single file."""

UNDRAWN = frozenset({"svg"})
"""Formats that browsers draw small themselves."""


class Small(NamedTuple):
    """What is known of a small picture, which lies in the cache: by whose SHA-256, bytes, pixels, and whether it lets through."""

    sha256: str
    size_bytes: int
    width: int
    height: int
    clear: bool

    def thumb(self, src: str) -> Thumb:
        return Thumb(src, self.width, self.height, self.clear)


class Shrinker:
    """Small pictures, each made once for all galleries: by worker processes, kept in the cache."""

    def __init__(self, smalls: Smalls) -> None:
        self._smalls, self._workers = smalls, Workers(os.cpu_count())

    async def small(self, pick: Pick) -> tuple[Small, bytes] | None:
        """The small picture of `pick` and its bytes; None for what is no picture that can be made small."""
        picture = pick.record.picture
        if picture and picture.format in UNDRAWN:
            return None
        # A picture of another length is another one than was saved, and is not shown as that.
        if picture and await asyncio.to_thread(_size, pick.path) == picture.size_bytes:
            data = await asyncio.to_thread(self._smalls.find, picture.sha256)
            if data is not None:
                return Small(picture.sha256, len(data), *shape_of(data)), data
        try:
            made = await self._workers.run(partial(shrink, pick.path))
        except ValueError:
            return None
        await asyncio.to_thread(self._smalls.keep, made.sha256, made.data)
        return Small(made.sha256, len(made.data), made.width, made.height, made.clear), made.data

    def find(self, sha256: str) -> bytes | None:
        """One that was made before. Blocking."""
        return self._smalls.find(sha256)

    async def close(self) -> None:
        self._workers.close()
        await asyncio.to_thread(self._smalls.make_room)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


@dataclass(frozen=True, slots=True)
class Exhibition:
    """What is to be shown: pictures, newest first, what was said of each, and how."""

    picks: Sequence[Pick]
    opinion: Callable[[Pick], Opinion]
    title: str
    copies: bool = False
    single: bool = False


class Curator:
    """Hangs exhibitions; `tell` hears how many pictures are ready."""

    def __init__(
        self, ledger: Ledger, store: Store, smalls: Smalls, wall: Wall, tell: Callable[[int], None] = lambda _: None
    ) -> None:
        self._ledger, self._store, self._smalls, self._wall, self._tell = ledger, store, smalls, wall, tell
        self._hung: dict[Path, Small] = {}
        self._before: dict[Path, tuple[str, ...]] = {}

    async def hang(self, shown: Exhibition) -> Path:
        """The path of the page.

        Raises:
            UsageError: the place is somebody else's, or there are too many pictures for one file.
            StorageError: the disk refuses.
        """
        await asyncio.to_thread(self._wall.open)
        shrinker = Shrinker(self._smalls)
        try:
            for start in range(0, len(shown.picks), AT_ONCE):
                some = shown.picks[start : start + AT_ONCE]
                await asyncio.gather(*(self._prepare(pick, shrinker, single=shown.single) for pick in some))
                self._require_room(shown)
                self._tell(min(len(shown.picks), start + AT_ONCE))
        finally:
            await shrinker.close()
        page = blocks(self._items(shown), shown.title)
        return await asyncio.to_thread(self._wall.show, page, {small.sha256 for small in self._hung.values()})

    async def _prepare(self, pick: Pick, shrinker: Shrinker, *, single: bool) -> None:
        made = await shrinker.small(pick)
        if made is not None:
            self._hung[pick.path] = made[0]
            if not single:
                await asyncio.to_thread(self._wall.hang, made[0].sha256, made[1])
        if edit := pick.record.job.edit:
            self._before[pick.path] = tuple([await self._source(each) for each in edit.inputs])

    def _require_room(self, shown: Exhibition) -> None:
        if shown.single and sum(small.size_bytes for small in self._hung.values()) > MOST_IN_ONE:
            raise UsageError(
                f"{len(shown.picks):,} pictures are too many for one file ({MOST_IN_ONE >> 20} MB of small ones); "
                "leave out --single for a directory, or take fewer with --most"
            )

    async def _source(self, source: Input) -> str:
        """The address of a picture that went into another one; empty where it is gone, made for it, or not to be shown."""
        if source.origin or not await may_be_shown(source, self._ledger, self._store):
            return ""
        return link(source.path, self._wall.directory)

    def _items(self, shown: Exhibition) -> Iterator[Item]:
        for pick in shown.picks:
            picture = pick.record.picture
            if shown.copies and picture:
                href = quote(self._wall.copy(pick.path, picture.sha256), errors="replace")
            else:
                href = link(pick.path, self._wall.directory)
            small = self._hung.get(pick.path)
            thumb = small.thumb(self._src(small, single=shown.single)) if small else None
            yield item(pick, shown.opinion(pick), href, thumb, self._before.get(pick.path, ()))

    def _src(self, small: Small, *, single: bool) -> str:
        if not single:
            return f"thumbs/{small.sha256}.webp"
        data = self._smalls.find(small.sha256)
        return f"data:image/webp;base64,{base64.b64encode(data).decode()}" if data else ""


async def may_be_shown(source: Input, ledger: Ledger, store: Store) -> bool:
    """Whether an input is still there as it was, and is no picture of ours that moderation set aside."""
    if source.path.parent.name == Aside.QUARANTINE.value or _size(source.path) != source.size_bytes:
        return False
    told = await store.told_of(source.path)
    if told is None:
        return True
    known = [told[1], *await ledger.records_of([told[1].attempt])]
    return not any(record.remarks.hidden or record.remarks.deleted for record in known)


def link(path: Path, directory: Path) -> str:
    """The address of `path` from a page in `directory`; on another drive of Windows there is only the whole one."""
    try:
        beside = Path(os.path.relpath(path, directory)).as_posix()
    except ValueError:
        return path.as_uri()
    return quote(beside, errors="replace")
