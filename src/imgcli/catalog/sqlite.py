"""The catalog in one SQLite file beside the ledger's; what is lost with it are opinions, never money or pictures."""

import errno
import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from imgcli.catalog import search
from imgcli.db.connect import Database, script
from imgcli.db.named import named_queries
from imgcli.errors import LedgerError, StorageError
from imgcli.machine import sqlite_name, why
from imgcli.model.likeness import Likeness
from imgcli.model.mark import Mark, Marked
from imgcli.model.opinion import Opinion
from imgcli.model.origin import Alike, Match, Origin, Place, Reuse, Savings
from imgcli.model.query import Found, Indexed, Query

T = TypeVar("T")

_HERE = files("imgcli.catalog")

SQL = named_queries(_HERE.joinpath("queries.sql").read_text("utf-8"))
_SCRIPTS = ("0001.sql", "0002.sql", "0003.sql", "0004.sql", "0005.sql")
SCRIPTS = tuple(_HERE.joinpath("migrations", name).read_text("utf-8") for name in _SCRIPTS)
"""Ordered for ever: a released script is never edited, a change is a new one behind it."""

MOST_ALIKE = 20
"""Pictures of one form that are told; any of them will do."""

MOST_VECTORS = 20_000
"""Looked through for one prompt, the newest first."""

WHOLE = ("SQLITE_FULL", "SQLITE_READONLY")
NO_WRITING = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT})
"""What SQLite and systems say where nothing is wrong with the catalog: nobody is told to move it away."""

ROOM = "it is whole: free some space on its disk, and see that you may write there"
ANEW = "to begin a new one move it and its .lock away: picks are lost then, money and pictures are not"


class SqliteCatalog:
    """Satisfies `ports.Catalog`; `home` holds `catalog.db`."""

    def __init__(self, home: Path, *, any_filesystem: bool = False) -> None:
        self._db = Database(home / "catalog.db", [script(text) for text in SCRIPTS], any_filesystem=any_filesystem)
        self.path = self._db.path

    async def mark(self, marked: Marked) -> bool:
        row = {"attempt": marked.attempt, "mark": marked.mark.value, "path": str(marked.path)}

        def work(tx: sqlite3.Connection) -> bool:
            had = tx.execute(SQL["has"], row).fetchone()
            tx.execute(SQL["mark"], row)
            return had is None

        return await self._write(work)

    async def unmark(self, attempt: str, mark: Mark) -> bool:
        row = {"attempt": attempt, "mark": mark.value}
        return await self._write(lambda tx: tx.execute(SQL["unmark"], row).rowcount == 1)

    async def marked(self, mark: Mark) -> Sequence[Marked]:
        def work(tx: sqlite3.Connection) -> list[Marked]:
            rows = tx.execute(SQL["marked"], {"mark": mark.value})
            return [Marked(row["attempt"], mark, Path(row["path"])) for row in rows]

        return await self._read(work)

    async def remember(self, seen: Sequence[Likeness]) -> None:
        rows = [{"sha256": each.sha256, "dhash": each.dhash, "path": str(each.path)} for each in seen]

        def work(tx: sqlite3.Connection) -> None:
            tx.executemany(SQL["remember_likeness"], rows)

        await self._write(work)

    async def likenesses(self) -> Sequence[Likeness]:
        def work(tx: sqlite3.Connection) -> list[Likeness]:
            return [Likeness(row["sha256"], row["dhash"], Path(row["path"])) for row in tx.execute(SQL["likenesses"])]

        return await self._read(work)

    async def note_reuse(self, reuse: Reuse) -> None:
        origin = reuse.origin
        row = {"id": reuse.id, "key": reuse.key, "path": str(reuse.path), "at": reuse.at, "file": origin.file}
        row |= {"place": origin.place.value, "how": origin.match.value, "attempt": origin.attempt}
        await self._write(lambda tx: tx.execute(SQL["note_reuse"], row | {"nano_usd": origin.cost}).rowcount)

    async def savings(self) -> Savings:
        return await self._read(lambda tx: Savings(*tx.execute(SQL["savings"]).fetchone()))

    async def reused(self) -> Sequence[Reuse]:
        return await self._read(lambda tx: [_reuse(row) for row in tx.execute(SQL["reused"])])

    async def liken(self, alike: Sequence[Alike], read: int) -> None:
        def work(tx: sqlite3.Connection) -> None:
            tx.executemany(SQL["liken"], [each._asdict() for each in alike])
            tx.execute(SQL["read_to"], {"number": read})

        await self._write(work)

    async def likened(self) -> int:
        return await self._read(lambda tx: int(tx.execute(SQL["read"]).fetchone()[0]))

    async def alike(self, loose: str) -> Sequence[str]:
        wanted = {"loose": loose, "most": MOST_ALIKE}
        return await self._read(lambda tx: [row["attempt"] for row in tx.execute(SQL["alike"], wanted)])

    async def keep_vector(self, attempt: str, model: str, data: bytes) -> None:
        row = {"attempt": attempt, "model": model, "data": data}
        await self._write(lambda tx: tx.execute(SQL["keep_vector"], row).rowcount)

    async def vectors(self, rest: str, model: str) -> Sequence[tuple[str, bytes]]:
        wanted = {"rest": rest, "model": model, "most": MOST_VECTORS}
        return await self._read(
            lambda tx: [(row["attempt"], row["data"]) for row in tx.execute(SQL["vectors"], wanted)]
        )

    async def rate(self, attempt: str, stars: int) -> None:
        row = {"attempt": attempt, "stars": stars}
        await self._write(lambda tx: tx.execute(SQL["rate" if stars else "unrate"], row).rowcount)

    async def tag(self, attempt: str, tag: str) -> bool:
        return await self._write(lambda tx: tx.execute(SQL["tag"], {"attempt": attempt, "tag": tag}).rowcount == 1)

    async def untag(self, attempt: str, tag: str) -> bool:
        return await self._write(lambda tx: tx.execute(SQL["untag"], {"attempt": attempt, "tag": tag}).rowcount == 1)

    async def opinions(self, attempts: Collection[str]) -> Mapping[str, Opinion]:
        wanted = {"attempts": json.dumps(list(attempts))}

        def work(tx: sqlite3.Connection) -> dict[str, Opinion]:
            marks: dict[str, set[Mark]] = {}
            tags: dict[str, list[str]] = {}
            for row in tx.execute(SQL["marks_of"], wanted):
                marks.setdefault(row["attempt"], set()).add(Mark(row["mark"]))
            for row in tx.execute(SQL["tags_of"], wanted):
                tags.setdefault(row["attempt"], []).append(row["tag"])
            stars = {row["attempt"]: row["stars"] for row in tx.execute(SQL["stars_of"], wanted)}
            return {
                name: Opinion(frozenset(marks.get(name, ())), stars.get(name, 0), tuple(tags.get(name, ())))
                for name in {**marks, **tags, **stars}
            }

        return await self._read(work)

    async def index(
        self, pictures: Sequence[Indexed], read: int, awaited: Collection[str] = (), after: int = 0
    ) -> bool:
        def work(tx: sqlite3.Connection) -> bool:
            if tx.execute(SQL["indexed"]).fetchone()[0] < after:
                return False
            search.enter(tx, pictures)
            tx.execute(SQL["indexed_to"], {"number": read})
            tx.execute(SQL["await_none"])
            tx.executemany(SQL["await"], [{"attempt": attempt} for attempt in awaited])
            return True

        return await self._write(work)

    async def forget(self) -> None:
        def work(tx: sqlite3.Connection) -> None:
            search.leave(tx)
            tx.execute(SQL["await_none"])
            tx.execute(SQL["read_none"])

        await self._write(work)

    async def indexed(self) -> int:
        return await self._read(lambda tx: int(tx.execute(SQL["indexed"]).fetchone()[0]))

    async def awaited(self) -> Sequence[str]:
        return await self._read(lambda tx: [row["attempt"] for row in tx.execute(SQL["awaited"])])

    async def find(self, query: Query, most: int, before: int | None = None) -> Sequence[Found]:
        return await self._read(lambda tx: search.find(tx, query, most, before))

    async def count(self, query: Query, most: int | None = None) -> int:
        return await self._read(lambda tx: search.count(tx, query, most))

    async def number_of(self, attempt: str) -> int | None:
        row = await self._read(lambda tx: tx.execute(SQL["number_of"], {"attempt": attempt}).fetchone())
        return int(row["number"]) if row else None

    async def copies_of(self, attempt: str) -> Sequence[Reuse]:
        wanted = {"attempt": attempt}
        return await self._read(lambda tx: [_reuse(row) for row in tx.execute(SQL["copies_of"], wanted)])

    async def known(self, kind: str) -> Sequence[str]:
        return await self._read(lambda tx: [row["value"] for row in tx.execute(SQL["known"], {"kind": kind})])

    async def close(self) -> None:
        await self._db.close()

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await self._db.read(work)
        except LedgerError as error:
            raise _trouble(self.path, error) from error

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await self._db.write(work)
        except LedgerError as error:
            raise _trouble(self.path, error) from error


def _reuse(row: sqlite3.Row) -> Reuse:
    origin = Origin(Place(row["place"]), row["file"], row["attempt"], row["nano_usd"], Match(row["how"]))
    return Reuse(row["id"], row["key"], Path(row["path"]), origin, row["at"])


def _trouble(path: Path, error: LedgerError) -> StorageError:
    """The same trouble in the catalog's own words: a ledger would be restored, and nothing be paid without it."""
    name = sqlite_name(error.__cause__)
    if "no such module: fts5" in str(error.__cause__):
        return StorageError(search.NO_FTS5)
    if name.startswith("SQLITE_BUSY"):
        return StorageError(f"the catalog {path} is held by another imgcli; try again when it is done")
    said = str(error).removeprefix(f"the ledger {path} ").partition(": restore a backup")[0]
    is_whole = name.startswith(WHOLE)
    if isinstance(error.__cause__, OSError):
        said, is_whole = why(error.__cause__), error.__cause__.errno in NO_WRITING
    if is_whole:
        return StorageError(f"the catalog {path} cannot be written now ({name or said}); {ROOM}")
    return StorageError(f"the catalog {path} cannot be used ({name or said}); {ANEW}")
