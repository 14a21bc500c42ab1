"""The cache directory: pictures by the key of their job, as plain files that several users and machines may share.

`ab/ab12...png` is a picture, `ab/ab12...json` its entry, `ab/cd34...like` tells which entry has words of that form.
Nothing here is paid for by anybody: whatever is wrong is a miss. A picture is never trusted without its SHA-256, and an
entry not without that of its own text. Nothing is ever touched that is not named as only this module names files.
"""

import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from imgcli.catalog.entry import EXTENSIONS, Facts, entry_text, parse_entry
from imgcli.catalog.files import (
    draft_of,
    files,
    hash_of,
    linked_or_copied,
    locked,
    make_shelf,
    open_lock,
    read,
    replace,
    shared,
)
from imgcli.durable import make_directory

LARGEST_ENTRY = 8 * 1024 * 1024
"""Bytes; a sidecar is half of it at most."""

LARGEST_PICTURE = 256 * 1024 * 1024
LEFT_OVER = 3600.0
"""Seconds after which what a dead process had begun is taken away."""

ROOM = 0.9
"""Of the cap, what is left after old pictures made room, so that not every new one has to."""

LOOK_AGAIN = 64
"""Pictures put in before the directory is measured again: others put into it too."""

_SHELF = re.compile(r"[0-9a-f]{2}")
_NAME = re.compile(rf"([0-9a-f]{{64}})\.(json|like|{'|'.join(EXTENSIONS)})")
_DRAFT = re.compile(r"\.[0-9a-f]{64}\.[a-z]{3,4}\.[0-9a-f]{16}\.new")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture in the cache directory, as its entry tells it; nobody has looked at its bytes yet.

    `text` is the entry itself.
    """

    facts: Facts
    path: Path
    text: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """What lies there under one key: bytes of picture and entry, and when it was last of use (seconds since 1970)."""

    key: str
    paths: tuple[Path, ...]
    size_bytes: int
    used_at: float

    @property
    def has_picture(self) -> bool:
        """False for what only tells where words of a form are to be found."""
        return any(path.suffix.removeprefix(".") in EXTENSIONS for path in self.paths)


class PictureCache:
    """Blocking; `most` bytes are kept, 0 for none. Methods raise OSError where the directory cannot be used."""

    def __init__(self, directory: Path, most: int) -> None:
        self.directory = directory
        self.most = most
        self._size: int | None = None
        self._put = 0

    def find(self, key: str) -> Entry | None:
        """The entry of a job, if it is whole and its picture is there with the size it tells."""
        text = read(self._file(key, "json"), LARGEST_ENTRY)
        facts = parse_entry(text, key) if text else None
        if facts is None or text is None:
            return None
        path = self._file(key, facts.extension)
        with suppress(OSError):
            there = path.lstat()
            if stat.S_ISREG(there.st_mode) and there.st_size == facts.size_bytes:
                return Entry(facts, path, text)
        return None

    def find_loose(self, loose: str) -> Entry | None:
        """The entry that was last put in for words of this form."""
        key = read(self._file(loose, "like"), 64)
        if key is None or not _HASH.fullmatch(name := key.decode("ascii", "replace")):
            return None
        found = self.find(name)
        return found if found and found.facts.loose == loose else None

    def put(self, facts: Facts, source: Path) -> bool:
        """Keep a picture: as a second name of `source` where it can be, else as a copy. False if it is not to be kept.

        Somebody who writes into `source` then spoils what is here, which its hash tells; nothing is changed in `source`.
        """
        if facts.size_bytes > min(self.most, LARGEST_PICTURE) or facts.extension not in EXTENSIONS:
            return False
        bits = self._make(facts.key)
        picture = self._file(facts.key, facts.extension)
        text, draft = entry_text(facts), draft_of(picture)
        try:
            if not linked_or_copied(source, draft, facts.sha256):
                return False
            with self._alone() as is_alone:
                if not is_alone:
                    return False
                draft.replace(picture)
                replace(self._file(facts.key, "json"), text, bits)
                if facts.loose:
                    self._make(facts.loose)
                    replace(self._file(facts.loose, "like"), facts.key.encode(), bits)
        finally:
            with suppress(OSError):
                draft.unlink()
        self._grew(facts.size_bytes + len(text))
        return True

    def used(self, entry: Entry) -> None:
        """It was of use just now."""
        with suppress(OSError):
            os.utime(self._file(entry.facts.key, "json"), follow_symlinks=False)

    def drop(self, entry: Entry) -> bool:
        """Take away an entry whose picture has other bytes than it tells; not if somebody put a new one there since."""
        with self._alone() as is_alone:
            if not is_alone or read(self._file(entry.facts.key, "json"), LARGEST_ENTRY) != entry.text:
                return False
            if hash_of(entry.path) == entry.facts.sha256:
                return False
            self._unlink(entry.facts.key)
            return True

    def stored(self) -> Iterator[Stored]:
        """All that lies there, by keys; what is none of ours is passed by."""
        for shelf in self._shelves():
            found: dict[str, list[os.DirEntry[str]]] = {}
            for file in files(shelf):
                if (named := _NAME.fullmatch(file.name)) and file.name.startswith(shelf.name):
                    found.setdefault(named[1], []).append(file)
            for key, each_file in found.items():
                facts = []
                with suppress(OSError):
                    facts = [(file, file.stat(follow_symlinks=False)) for file in each_file]
                entries = [each.st_mtime for file, each in facts if file.name.endswith(".json")]
                times = entries or [each.st_mtime for _, each in facts]
                if facts:
                    paths = tuple(Path(file.path) for file, _ in facts)
                    yield Stored(key, paths, sum(each.st_size for _, each in facts), max(times))

    def shrink(self) -> int:
        """Take away what was of no use for longest, until there is room; returns how many keys."""
        with self._alone() as is_alone:
            if not is_alone:
                return 0
            self._sweep()
            every = sorted(self.stored(), key=lambda each: each.used_at)
            size, gone = sum(each.size_bytes for each in every), 0
            if size > self.most:
                for each in every:
                    if size <= self.most * ROOM:
                        break
                    self._unlink(each.key)
                    size, gone = size - each.size_bytes, gone + 1
            self._size = size
            return gone

    def clear(self, before: float) -> tuple[int, int]:
        """Take away all that was not of use since `before` (seconds since 1970): keys and bytes."""
        gone = size = 0
        with self._alone() as is_alone:
            if not is_alone:
                raise OSError("another imgcli is at work in it")
            self._sweep()
            for each in list(self.stored()):
                if each.used_at < before:
                    self._unlink(each.key)
                    gone, size = gone + each.has_picture, size + each.size_bytes
        self._size = None
        return gone, size

    def broken(self, each: Stored) -> str:
        """What is wrong with what lies under one key, every byte read; empty for a whole one."""
        if all(path.suffix == ".like" for path in each.paths):
            return ""
        if not each.has_picture:
            return "its picture is gone"
        text = read(self._file(each.key, "json"), LARGEST_ENTRY)
        facts = parse_entry(text, each.key) if text else None
        if facts is None:
            return "its entry cannot be read"
        is_whole = hash_of(self._file(each.key, facts.extension)) == facts.sha256
        return "" if is_whole else "its picture has other bytes than were put there"

    def discard(self, each: Stored) -> bool:
        """Take away what lies under one key if it is still broken."""
        with self._alone() as is_alone:
            if not is_alone or not self.broken(each):
                return False
            self._unlink(each.key)
            return True

    def _grew(self, size_bytes: int) -> None:
        self._put += 1
        if self._size is None or self._put % LOOK_AGAIN == 0:
            self._size = sum(each.size_bytes for each in self.stored())
        else:
            self._size += size_bytes
        if self._size > self.most:
            self.shrink()

    def _file(self, key: str, extension: str) -> Path:
        return self.directory / key[:2] / f"{key}.{extension}"

    def _make(self, key: str) -> int:
        """The directory of `key`; the permission bits of what is put there."""
        if not self.directory.is_dir():
            make_directory(self.directory, 0o700)
        bits = shared(self.directory)
        make_shelf(self.directory / key[:2], bits)
        return bits

    def _unlink(self, key: str) -> None:
        # The entry first: a picture without one is found by nobody.
        for extension in ("json", "like", *EXTENSIONS):
            with suppress(OSError):
                self._file(key, extension).unlink()

    def _shelves(self) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.directory) as found:
                return [each for each in found if _SHELF.fullmatch(each.name) and each.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return []

    def _sweep(self) -> None:
        """Take away what processes that died had begun."""
        oldest = time.time() - LEFT_OVER
        for shelf in self._shelves():
            for file in files(shelf):
                with suppress(OSError):
                    if _DRAFT.fullmatch(file.name) and file.stat(follow_symlinks=False).st_ctime < oldest:
                        Path(file.path).unlink()

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Nobody else changes anything meanwhile, where the file system has locks; False where somebody does for long."""
        if not self.directory.is_dir():
            make_directory(self.directory, 0o700)
        descriptor = open_lock(self.directory / ".lock", shared(self.directory))
        try:
            yield locked(descriptor)
        finally:
            os.close(descriptor)
