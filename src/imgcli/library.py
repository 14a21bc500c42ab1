"""The asset library of a batch file on this machine: its lock file, read and written, and its pictures on the disk."""

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from pathlib import Path, PurePath

from imgcli.batch.changes import Found, Missing, Modified, Orphaned, Seen, Unchanged, compare
from imgcli.batch.lock import BELOW_OUT, BESIDE, Ident, Lock, Locked, locked, merged, moved
from imgcli.batch.lock_text import BYTES_LIMIT, line_problem, lock_lines, parse_lock
from imgcli.durable import alone_beside, replace_durably
from imgcli.errors import BatchFileError, StorageError
from imgcli.machine import why
from imgcli.model.job import Job
from imgcli.model.outcome import Listed, Made, Outcome, Reused
from imgcli.ports import Store

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".avif"})


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a library is there already.

    Attributes:
        listed: key of a job -> its picture, as the lock tells it.
        forgotten: lines of the lock that the batch file does not want any more.
        absent: directory -> keys of the pictures that the lock tells of there, where not one of them is there.
    """

    listed: Mapping[str, Listed] = field(default_factory=dict)
    forgotten: frozenset[Ident] = frozenset()
    absent: Mapping[Path, frozenset[str]] = field(default_factory=dict)


class Library:
    """The library of one batch file.

    Attributes:
        label: what messages call its lock file: `prompts.toml.lock`, as the batch file was typed.
        root: the output directory, following links.
        base: where the files of the lock are told from: its own directory if the pictures lie below it, else `root`.
    """

    def __init__(self, batch_file: Path, root: Path, store: Store) -> None:
        self.label = f"{batch_file}.lock"
        self.root = Path(os.path.realpath(root))
        self._batch_file = batch_file.absolute()
        # The whole name, as `prompts.csv` may stand beside it.
        self._path = self._batch_file.with_name(f"{self._batch_file.name}.lock")
        self._beside = Path(os.path.realpath(self._path.parent))
        is_below = self.root.is_relative_to(self._beside)
        self._files_below = BESIDE if is_below else BELOW_OUT
        self.base = self._beside if is_below else self.root
        self._place = cache(self._told_place)
        self._store = store

    def file(self, path: Path) -> str:
        """`path` as the lock tells it."""
        place = self._place(path.parent)
        return f"{place}/{path.name}" if place else path.name

    def read(self) -> Lock:
        """The lock, empty if there is none; its files told from `base`.

        Raises:
            BatchFileError: it cannot be read, or is none of ours; with the line and what to do.
        """
        try:
            lock = parse_lock(self._lines(), self.label)
        except FileNotFoundError:
            return Lock(self._files_below)
        except OSError as error:
            raise BatchFileError(self.label, f"cannot be read ({why(error)})") from None
        if lock.files_below == self._files_below:
            return lock
        was = self.root if lock.files_below == BELOW_OUT else self._beside
        return moved(lock, self._files_below, PurePath(os.path.relpath(was, self.base)).as_posix())

    def seen(self, lock: Lock) -> Seen:
        """What is on the disk, by sizes alone."""
        gone, other = set(), set()
        sizes = cache(lambda place: self._store.sizes(self.base / place))
        listed: dict[str, set[str]] = {}
        for file, _, size_bytes in pictures(lock):
            place, _, name = file.rpartition("/")
            listed.setdefault(place, set()).add(name)
            found = sizes(place).get(name)
            if found is None:
                gone.add(file)
            elif found != size_bytes:
                other.add(file)

        @cache
        def told(directory: Path) -> Mapping[str, str]:
            place = self._place(directory)
            names = self._store.unlisted(directory, listed.get(place, ()))
            return {key: f"{place}/{name}" if place else name for key, name in names.items()}

        return Seen(self._place, gone, other, told)

    def of_others(self) -> frozenset[str]:
        """SHA-256 of every picture that other lock files in the same directory tell of.

        Raises:
            BatchFileError: one of them cannot be read, so that nobody knows what it needs.
        """
        found: set[str] = set()
        for path in sorted(self._beside.glob("*.lock")):
            if path == self._path or not path.is_file():
                continue
            try:
                lines = list(_lines_of(path, path.name))
            except OSError as error:
                raise BatchFileError(path.name, f"cannot be read ({why(error)})") from None
            # Other tools have lock files too; the first lines may be the marks of a merge.
            if any(b"imgcli_lock" in line for line in lines[:8]):
                found |= {sha256 for _, sha256, _ in pictures(parse_lock(lines, path.name))}
        return frozenset(found)

    async def proved(self, lock: Lock, seen: Seen) -> Seen:
        """As `seen`, with every byte of every picture read."""
        other = set(seen.other)
        for file, sha256, _ in pictures(lock):
            if file not in seen.gone and file not in other and not await self._store.holds(self.base / file, sha256):
                other.add(file)
        return Seen(seen.place, seen.gone, other, seen.told)

    def kept(self, jobs: Iterable[Job], only: Callable[[str], bool]) -> Kept:
        """What applying the batch file need not make, as far as the lock tells.

        Raises:
            BatchFileError: see `read`.
        """
        lock = self.read()
        listed, forgotten = {}, []
        absent: dict[Path, set[str]] = {}
        # On the disk as a plan sees it, so that a run does what its plan says.
        for change in compare(jobs, lock, self.seen(lock), only=only):
            if isinstance(change, Unchanged):
                listed[change.job.key] = self._listed(change.line.file, change.line.sha256, change.line.bytes)
            elif isinstance(change, Found) and change.sha256:
                listed[change.job.key] = self._listed(change.file, change.sha256, change.size_bytes)
            elif isinstance(change, Missing | Modified):
                absent.setdefault(change.job.directory, set()).add(change.job.key)
            elif isinstance(change, Orphaned):
                forgotten.append(change.line.ident)
        there = {os.path.dirname(each.path) for each in listed.values()}  # noqa: PTH120 - a Path for each is slow
        gone = {place: frozenset(keys) for place, keys in absent.items() if os.path.realpath(place) not in there}
        return Kept(listed, frozenset(forgotten), gone)

    def record(
        self, outcomes: Sequence[Outcome], forgotten: Collection[Ident] = (), asked: Mapping[str, str] | None = None
    ) -> str:
        """Put what is there now into the lock; returns why that was not possible, or nothing.

        `asked`: id of an entry -> the key of the question that its words answer.
        Pictures are paid, and a lock is not: no fault of it ends a run.
        """
        lines = []
        keys = asked or {}
        for outcome in outcomes:
            key = keys.get(outcome.job.entry, "")
            if isinstance(outcome, Made):
                there = outcome.saved.picture
                file = self.file(outcome.saved.path)
                lines.append(locked(outcome.job, file, there.sha256, there.size_bytes, key))
            elif isinstance(outcome, Reused) and outcome.sha256:
                lines.append(locked(outcome.job, self.file(outcome.path), outcome.sha256, outcome.size_bytes, key))
        return self._change(lines, forgotten)

    def forget(self, idents: Collection[Ident]) -> str:
        """Take lines whose pictures are gone out of the lock; returns why that was not possible, or nothing."""
        return self._change((), idents)

    async def put_aside(self, file: str, target: Path) -> Path:
        """Move a picture and its sidecar to where it lies below `root`, now below `target`; returns its new place.

        Raises:
            StorageError: it stays: a lock is a text that anybody may have written, and names what is not ours.
        """
        path = self.base / file
        place = Path(os.path.realpath(path.parent))  # noqa: ASYNC240 - one name, once a picture
        if not place.is_relative_to(self.root) or any(
            part.startswith(".") for part in place.parts[len(self.root.parts) :]
        ):
            raise StorageError(f"it does not lie below {self.root}")
        told = await self._store.told_of(path)
        if path.suffix.lower() not in PICTURES or told is None or told[1].name != path.name:
            raise StorageError("no sidecar beside it tells that it is a picture of ours")
        aside = target / place.relative_to(self.root)
        await self._store.put_aside(path, aside)
        return aside / path.name

    def _change(self, lines: Sequence[Locked], forgotten: Collection[Ident]) -> str:
        try:
            with alone_beside(self._batch_file):
                now = self.read()
                fresh, problem = _tellable(line for line in lines if now.lines.get(line.ident) != line)
                gone = self.seen(merged(now, fresh)).gone
                new = merged(now, fresh, gone, forgotten)
                if (self._path.exists() or new.lines) and not self._stands(new):
                    replace_durably(self._path, lock_lines(new))
        except OSError as error:
            return f"{self.label} was not written ({why(error)})"
        except BatchFileError as error:
            return f"{error}; it was not written"
        return f"{self.label} cannot tell of every picture: {problem}" if problem else ""

    def _stands(self, lock: Lock) -> bool:
        """Whether the file is `lock` already, to the byte."""
        try:
            return all(there == line for there, line in zip_longest(self._lines(), lock_lines(lock)))
        except OSError:
            return False

    def _lines(self) -> Iterator[bytes]:
        return _lines_of(self._path, self.label)

    def _listed(self, file: str, sha256: str, size_bytes: int) -> Listed:
        return Listed(str(self.base / file), sha256, size_bytes)

    def _told_place(self, directory: Path) -> str:
        place = PurePath(os.path.relpath(directory, self.base)).as_posix()
        return "" if place == "." else place


def _lines_of(path: Path, label: str) -> Iterator[bytes]:
    # A pipe would hang, a device never end: neither is opened to be waited for.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise BatchFileError(label, "is no plain file; move it away")
        if facts.st_size > BYTES_LIMIT:
            raise BatchFileError(label, f"is larger than {BYTES_LIMIT >> 20} MiB, which no lock file is")
        yield from file


def _tellable(lines: Iterable[Locked]) -> tuple[list[Locked], str]:
    """Those that can be read again, and what is wrong with one of the others, or nothing."""
    kept, wrong = [], ""
    for line in lines:
        if problem := line_problem(line):
            wrong = f"{line.id}: {problem}"
        else:
            kept.append(line)
    return kept, wrong


def pictures(lock: Lock) -> Iterator[tuple[str, str, int]]:
    """(file, SHA-256, bytes) of all that `lock` tells of, also of what was replaced."""
    for line in lock.lines.values():
        yield line.file, line.sha256, line.bytes
        for old in line.old:
            yield old.file, old.sha256, old.bytes
