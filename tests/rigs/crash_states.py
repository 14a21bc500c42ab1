"""Crash states: every disk a power cut may leave behind, and what the next start makes of each of them.

1. Record. The real store, the real ledger and the real corridor make pictures below one directory while the calls of
   `os` are watched. Before and after each call the tree is looked at, so what matters is what changed, not which
   function changed it. The trace holds names that came and went, bytes that changed, syncs, commits of the ledger
   (each with a copy of its file: with `synchronous=EXTRA` it is durable at its commit, which is SQLite's promise and
   not ours), and the moment of every bill.
2. Model. The bytes of a file are durable after its fsync, a name after the fsync of its directory, and nothing else
   is. `crashes` walks the trace and yields, for every prefix, each set of pending names that may have survived (see
   `Order`) times, for each file with unsynced bytes: the bytes of its last fsync, cut at half, second half zero, all
   zero, and all there. The ledger is its last committed copy. Equal states are yielded once.
3. Check. `Rig.aftermath` lays a state out where it was recorded (the ledger knows absolute paths), runs the real
   preflight, recovery and corridor again, and lists every promise that is broken.
4. Sabotage. A trace with its syncs taken out, or with the money written before the bytes, must break promises:
   otherwise the rig is blind.

Recovery is a run like any other: recorded on top of a state, its own crash states are checked the same way (`twice`).
A process that is killed leaves everything it wrote to be seen by the next one, durable or not: `killed` records that
one, and cuts the power while it works.

Not modelled: pieces of one file that reach the disk out of their order, disks that lie about fsync, and what happens
inside SQLite.

The suite runs a short form, `pytest -m rig` the long one; `python -m tests.rigs.crash_states 3` prints the figures for
one to three pictures.
"""

import asyncio
import contextlib
import inspect
import itertools
import os
import shutil
import sqlite3
import struct
import sys
import tempfile
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Self, cast
from unittest.mock import patch

from imgcli.engine.limits import Pacer
from imgcli.engine.stop import Stop
from imgcli.ledger.rules import UNFINISHED
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.attempt import Hold, Record, State
from imgcli.model.outcome import Made, Outcome, Reused, Uncertain
from imgcli.model.picture import Painted
from imgcli.model.quote import Priced
from imgcli.model.run import Run
from imgcli.model.size import Size
from imgcli.pipeline import Line, make_all
from imgcli.ports import Easel, Ledger, Studio
from imgcli.recovery import recover
from imgcli.storage.local import LocalStore
from imgcli.storage.sidecar import sidecar_bytes
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_job
from tests.fakes.provider import MEDIUM, PNG, PRICE, FakeProvider
from tests.fakes.studio import a_studio, settings_for

UPPER = 20_000_000
WATCHED = (
    *("open", "close", "write", "pwrite", "truncate", "ftruncate", "posix_fallocate", "fsync", "fdatasync"),
    *("link", "symlink", "unlink", "remove", "rename", "replace", "mkdir", "rmdir", "fchmod", "chmod"),
)
SYNCS = {"fsync", "fdatasync"}
MOVES = {"rename", "replace"}
MOST_SUBSETS = 6
"""Pending names of which every subset is tried; of more, a choice."""
A_WEEK = 8 * 24 * 3600
"""Seconds, and a day more: what hidden files of the dead may stay for."""
PATIENCE = 50
RIVAL = b"a picture of somebody else"
PICTURED = {State.RECEIVED, State.SAVED, State.SETTLED}
UNPAID = {State.RESERVED, State.VOIDED}


# What is recorded.


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes of a file; the zeros at its end are only counted, because places are preallocated."""

    data: bytes = b""
    size: int = 0

    @classmethod
    def of(cls, raw: bytes) -> "Content":
        return cls(raw.rstrip(b"\0"), len(raw))

    def survivors(self, durable: "Content") -> Iterator["Content"]:
        """What a crash may leave of these unsynced bytes, over the synced ones."""
        half = len(self.data) // 2
        yield durable
        yield self
        yield Content.of(self.data[:half])
        yield Content(self.data[:half].rstrip(b"\0"), self.size)
        yield Content(b"", self.size)


@dataclass(frozen=True, slots=True)
class Names:
    """Names that changed in one atomic step: (directory, name, file), None for a name that went."""

    changes: tuple[tuple[int, str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Bytes:
    file: int
    content: Content


@dataclass(frozen=True, slots=True)
class Sync:
    node: int
    directory: bool


@dataclass(frozen=True, slots=True)
class Commit:
    """The ledger after `method`, as a file."""

    method: str
    ledger: bytes


@dataclass(frozen=True, slots=True)
class Bill:
    """The provider has begun to work for `attempt`, and will want its money whatever comes."""

    attempt: str
    key: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """The store says that the picture of `attempt` is safe: from here on it may not be lost."""

    attempt: str


Event = Names | Bytes | Sync | Commit | Bill | Sealed


@dataclass(frozen=True, slots=True)
class Tree:
    """A directory tree in a form that can be compared; files with the same `link` are one file."""

    directories: tuple[str, ...] = ()
    files: tuple[tuple[str, Content, int], ...] = ()

    def lay_out(self, root: Path) -> None:
        """Make it below the empty directory `root`."""
        for directory in self.directories:
            (root / directory).mkdir()
        first: dict[int, Path] = {}
        for name, content, link in self.files:
            path = root / name
            if link in first:
                os.link(first[link], path)
                continue
            first[link] = path
            with path.open("wb") as file:
                file.write(content.data)
                file.truncate(content.size)


@dataclass(frozen=True, slots=True)
class Crash:
    """What is left when everything unsynced may be gone: the disk, the ledger, and the bills that were run up."""

    disk: Tree
    ledger: bytes = b""
    bills: tuple[Bill, ...] = ()
    sealed: frozenset[str] = frozenset()

    def after(self, event: Event) -> "Crash":
        """The same disk, and what the ledger and the provider know after `event`."""
        match event:
            case Commit(ledger=ledger):
                return replace(self, ledger=ledger)
            case Bill():
                return replace(self, bills=(*self.bills, event))
            case Sealed(attempt):
                return replace(self, sealed=self.sealed | {attempt})
            case _:
                return self

    def __str__(self) -> str:
        files = ", ".join(f"{name}: {len(content.data)}/{content.size}" for name, content, _ in self.disk.files)
        return f"[{len(self.bills)} billed, {len(self.sealed)} sealed, {self.disk.directories}, {files or 'no file'}]"


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened on top of `start`, in order; `names` and `contents` are its tree with the numbers of the events."""

    start: Crash
    names: Mapping[tuple[int, str], int]
    contents: Mapping[int, Content]
    events: tuple[Event, ...]


class Recorder:
    """Writes a trace of what happens below `root` while it is entered; `ledger` is told by its commits alone.

    `known` are names that have their numbers already, from an earlier recording that this one carries on.
    """

    def __init__(self, root: Path, ledger: Path, known: Mapping[tuple[int, str], int] | None = None) -> None:
        self.events: list[Event] = []
        self._root = root
        self._ledger = ledger
        self._committed = ledger.read_bytes() if ledger.exists() else b""
        self._lock = threading.RLock()
        self._patches = contextlib.ExitStack()
        self._nodes: dict[int, int] = {root.stat().st_ino: 0}
        self._names: dict[tuple[int, str], int] = {}
        self._contents: dict[int, Content] = {}
        for path, node in paths(known or {}).items():
            self._nodes[(root / path).stat().st_ino] = node
        self._numbers = itertools.count(1 + max(self._nodes.values()))
        self._looking = False
        self.look()
        self.events.clear()
        self.names, self.contents = self._names, self._contents

    def trace(self, start: Crash) -> Trace:
        """What was seen since the recorder was made, when `start` lay below its root."""
        return Trace(start, self.names, self.contents, tuple(self.events))

    def __enter__(self) -> Self:
        for name in WATCHED:
            if hasattr(os, name):
                self._patches.enter_context(patch.object(os, name, self._watched(name, getattr(os, name))))
        return self

    def __exit__(self, *error: object) -> None:
        self._patches.close()

    def tell(self, event: Event) -> None:
        with self._lock:
            self.look()
            self.events.append(event)

    def billed(self, attempt: str) -> bool:
        """Whether the bill of `attempt` was run up while this recorder watched."""
        return any(isinstance(event, Bill) and event.attempt == attempt for event in self.events)

    def committed(self, method: str) -> None:
        """Between two transactions: keep a copy of the ledger if `method` changed it."""
        with self._lock:
            self.look()
            now = self._ledger.read_bytes() if self._ledger.exists() else b""
            if now != self._committed:
                self._committed = now
                self.events.append(Commit(method, now))

    def look(self, *, atomic: bool = False) -> None:
        """Write down what changed since the last look."""
        with self._lock:
            if self._looking:
                return
            self._looking = True
            try:
                self._look(atomic=atomic)
            finally:
                self._looking = False

    def _look(self, *, atomic: bool) -> None:
        names: dict[tuple[int, str], int] = {}
        contents: dict[int, Content] = {}
        inodes: dict[int, int] = {}
        self._scan(self._root, 0, names, contents, inodes)
        came = [(*key, node) for key, node in names.items() if self._names.get(key) != node]
        went = [(*key, None) for key in self._names if key not in names]
        changes = [*came, *went]
        # Bytes first, also the none of a new file: they tell files from directories.
        self.events += [
            Bytes(node, content) for node, content in contents.items() if self._contents.get(node) != content
        ]
        if atomic and changes:
            self.events.append(Names(tuple(changes)))
        else:
            self.events += [Names((change,)) for change in changes]
        # The number of a file that is gone may be given to the next one: forget it with its last name.
        self._names, self._contents, self._nodes = names, contents, inodes

    def _scan(
        self,
        place: Path,
        node: int,
        names: dict[tuple[int, str], int],
        contents: dict[int, Content],
        inodes: dict[int, int],
    ) -> None:
        inodes[place.stat().st_ino] = node
        with os.scandir(place) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.path.startswith(str(self._ledger)) or entry.name == "runs":
                    continue  # the locks of runs say something only while somebody holds them
                inode = entry.inode()
                child = inodes.get(inode, self._nodes.get(inode))
                if child is None:
                    child = next(self._numbers)
                names[node, entry.name] = child
                if entry.is_dir(follow_symlinks=False):
                    self._scan(place / entry.name, child, names, contents, inodes)
                elif child not in contents:
                    inodes[inode] = child
                    contents[child] = Content.of(Path(entry.path).read_bytes())

    def _inode(self, descriptor: int) -> int | None:
        facts = os.fstat(descriptor)
        return facts.st_ino if facts.st_dev == self._root.stat().st_dev else None

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            with self._lock:
                if self._looking:
                    return real(*args, **options)
                self.look()
                inode = self._inode(args[0]) if name in SYNCS else None
                result = real(*args, **options)
                self.look(atomic=name in MOVES)
                node = None if inode is None else self._nodes.get(inode)
                if node is not None:
                    self.events.append(Sync(node, directory=node not in self._contents))
                return result

        return call


class WatchedLedger:
    """Satisfies `ports.Ledger` by asking the real one, and tells the recorder of every commit."""

    def __init__(self, ledger: Ledger, recorder: Recorder) -> None:
        self._ledger = ledger
        self._recorder = recorder

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._ledger, name)
        if not inspect.iscoroutinefunction(real):
            return real

        async def call(*args: Any, **options: Any) -> Any:
            # What a recovery adopts was perhaps never synced; only who saw its bill has sealed it.
            if name == "receive" and self._recorder.billed(args[0].attempt):
                self._recorder.tell(Sealed(args[0].attempt))
            try:
                return await real(*args, **options)
            finally:
                self._recorder.committed(name)

        return call


# What a disk may look like after a crash.


class Order(Enum):
    """What a file system promises about names that were not synced.

    ANY is all that POSIX promises: each change of a name survives or not, whatever became of those before it.
    IN_TURN is less than what ext4, XFS, APFS and NTFS do with their journals: the changes in one directory survive in
    their order, so any number of the first of them; those of other directories go their own way.
    """

    ANY = "any order"
    IN_TURN = "in turn"


Change = tuple[int, str, int | None]


class Disk:
    """Durable and volatile names and bytes, as the events of a trace move them."""

    def __init__(self, names: Mapping[tuple[int, str], int], contents: Mapping[int, Content]) -> None:
        self._names = dict(names)
        self._durable = dict(contents)
        self._volatile = dict(contents)
        self._pending: list[tuple[Change, ...]] = []

    def apply(self, event: Event) -> None:
        match event:
            case Names(changes):
                self._pending.append(changes)
            case Bytes(file, content):
                self._durable.setdefault(file, Content())
                self._volatile[file] = content
            case Sync(node, directory=False):
                self._durable[node] = self._volatile.get(node, Content())
            case Sync(node, directory=True):
                self._sync_names(node)
            case _:
                pass

    @property
    def seen(self) -> tuple[dict[tuple[int, str], int], dict[int, Content]]:
        """The names and bytes that the living see, durable or not."""
        names = dict(self._names)
        for change in itertools.chain.from_iterable(self._pending):
            _set_name(names, change)
        return names, {node: self._volatile[node] for node in reachable(names) if node in self._volatile}

    def survivors(self, order: Order) -> Iterator[Tree]:
        """Every tree that a crash may leave now."""
        for survived in _chosen(self._pending, order):
            names = dict(self._names)
            for change in itertools.chain.from_iterable(survived):
                _set_name(names, change)
            dirty = [
                node
                for node in reachable(names)
                if node in self._volatile and self._volatile[node] != self._durable[node]
            ]
            choices = [dict.fromkeys(self._volatile[node].survivors(self._durable[node])) for node in dirty]
            for contents in itertools.product(*choices):
                yield tree(names, self._durable | dict(zip(dirty, contents, strict=True)))

    def _sync_names(self, directory: int) -> None:
        rest = []
        for changes in self._pending:
            for change in changes:
                if change[0] == directory:
                    _set_name(self._names, change)
            if kept := tuple(change for change in changes if change[0] != directory):
                rest.append(kept)
        self._pending = rest


def crashes(trace: Trace, order: Order, since: int = 0) -> Iterator[Crash]:
    """Every different state in which a power cut may leave what `trace` did, after its first `since` events or later."""
    disk, crash = Disk(trace.names, trace.contents), trace.start
    seen: set[Crash] = set()
    for number, event in enumerate((None, *trace.events)):
        if event is not None:
            disk.apply(event)
            crash = crash.after(event)
        if number < since:
            continue
        for survivor in disk.survivors(order):
            found = replace(crash, disk=survivor)
            if found not in seen:
                seen.add(found)
                yield found


def paths(names: Mapping[tuple[int, str], int]) -> dict[str, int]:
    """Every path of a tree of names, parents first, with its number."""
    found: dict[str, int] = {}
    rest = [("", 0)]
    while rest:
        path, parent = rest.pop()
        for (directory, name), node in names.items():
            if directory == parent:
                place = f"{path}/{name}" if path else name
                found[place] = node
                rest.append((place, node))
    return found


def tree(names: Mapping[tuple[int, str], int], contents: Mapping[int, Content]) -> Tree:
    """What can be reached from the root, without the numbers that only one recording knows."""
    links: dict[int, int] = {}
    every = sorted(paths(names).items())
    return Tree(
        tuple(path for path, node in every if node not in contents),
        tuple((path, contents[node], links.setdefault(node, len(links))) for path, node in every if node in contents),
    )


def reachable(names: Mapping[tuple[int, str], int]) -> list[int]:
    """The files and directories that still have a path, each once."""
    return list(dict.fromkeys(paths(names).values()))


def _set_name(names: dict[tuple[int, str], int], change: Change) -> None:
    directory, name, node = change
    if node is None:
        names.pop((directory, name), None)
    else:
        names[directory, name] = node


def _chosen(pending: Sequence[tuple[Change, ...]], order: Order) -> Iterator[list[tuple[Change, ...]]]:
    """The changes of names that survive."""
    if order is Order.IN_TURN:
        yield from _first_of_each_directory(pending)
        return
    early, late = pending[:-MOST_SUBSETS], pending[-MOST_SUBSETS:]
    for bits in itertools.product((False, True), repeat=len(late)):
        some = list(itertools.compress(late, bits))
        yield [*early, *some]
        if early:
            yield some
    for place in range(len(early)):
        yield [*pending[:place]]
        yield [*pending[:place], *pending[place + 1 :]]


def _first_of_each_directory(pending: Sequence[tuple[Change, ...]]) -> Iterator[list[tuple[Change, ...]]]:
    directories = [changes[0][0] for changes in pending]
    counts = Counter(directories)
    for many in itertools.product(*(range(count + 1) for count in counts.values())):
        left = dict(zip(counts, many, strict=True))
        survived = []
        for directory, changes in zip(directories, pending, strict=True):
            if left[directory]:
                left[directory] -= 1
                survived.append(changes)
        yield survived


# What the next start makes of it.


def nothing(*_anything: object) -> None:
    """What happens where nobody listens."""


class Painter:
    """Hands out true PNGs, no two the same, in three pieces; what else happens meanwhile is handed in."""

    def __init__(
        self,
        bill: Callable[[Bill], None] = nothing,
        piece: Callable[[], None] = nothing,
        meanwhile: Callable[[], None] = nothing,
    ) -> None:
        self.bills: list[Bill] = []
        self._bill = bill
        self._piece = piece
        self._meanwhile = meanwhile

    async def paint(self, hold: Hold, easel: Easel) -> Painted:
        bill = Bill(hold.attempt, hold.job.key, picture_of(hold.attempt))
        self.bills.append(bill)
        self._bill(bill)
        self._meanwhile()
        third = len(bill.picture) // 3
        for piece in (bill.picture[:third], bill.picture[third : 2 * third], bill.picture[2 * third :]):
            await easel.write(piece)
            self._piece()
        return Painted(usage=MEDIUM, request_id=f"req-{hold.attempt}")


def picture_of(attempt: str) -> bytes:
    """A pixel with the attempt's name in a text chunk: whose bytes a file holds is never a question."""
    body = b"tEXt" + b"Comment\0" + f"painted for {attempt} ".encode() * 20
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return PNG[:-12] + chunk + PNG[-12:]


class ImpatientClock(FakeClock):
    """Nobody else works here, so whoever waits this often waits for ever."""

    async def sleep(self, seconds: float) -> None:
        if len(self.slept) > PATIENCE:
            raise TimeoutError("it waits for ever")
        await super().sleep(seconds)


class Quick(sqlite3.Connection):
    """A connection that does not wait for the disk: what is durable was decided while the state was enumerated."""

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql.startswith("BEGIN"):
            super().execute("PRAGMA synchronous=OFF")
        return super().execute(sql, *parameters)


@contextlib.contextmanager
def no_waiting() -> Iterator[None]:
    """Nothing waits for the disk inside; a check asks what the code does, not what the disk keeps."""
    connect = sqlite3.connect
    with (
        patch.object(os, "fsync", nothing),
        patch.object(sqlite3, "connect", lambda *args, **options: connect(*args, **options | {"factory": Quick})),
    ):
        yield


@dataclass
class Report:
    """What the checks of many states found.

    Attributes:
        violations: promises that were broken, each with its state; `violated` counts the states.
        litter: hidden files that a start left of what it settled itself, harmless and swept after a week.
        ends: how the attempts that were billed before a crash ended.
    """

    name: str
    states: int = 0
    violations: list[str] = field(default_factory=list)
    violated: int = 0
    litter: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        ends = ", ".join(f"{count} {end}" for end, count in sorted(self.ends.items()))
        return (
            f"{self.name}: {self.states} states, {self.violated} with violations, {len(self.litter)} littered ({ends})"
        )

    def kinds(self) -> Mapping[str, int]:
        """The promises that were broken, the most broken first."""
        return dict(Counter(line.partition(" [")[0] for line in self.violations).most_common())


class Rig:
    """One directory in which runs are recorded, and the states of their crashes are laid out and carried on.

    Args:
        place: an empty directory.
        jobs: pictures wanted by each run.
        absent: `out` or `home` is not there before the first run; everything else is, and durable.
        rival: somebody else puts a file under the first name while its picture is painted.
    """

    def __init__(self, place: Path, jobs: int = 1, *, absent: str = "", rival: bool = False) -> None:
        self.root = place / "disk"
        self.out = self.root / "out"
        self.rival = self.out / "car-1.png" if rival else None
        self.clock = ImpatientClock()
        self._studio, _ = a_studio(self.root / "home", clock=self.clock)
        assert isinstance(self._studio.ledger, SqliteLedger)
        self._ledger = self._studio.ledger.path
        self._copy = place / "copy" / self._ledger.name
        self._copy.parent.mkdir()
        self._spool = settings_for(self.root / "home").paths.state / "spool"
        self.quotes = [
            Priced(
                a_job(variant=number, stem=f"car-{number}", directory=self.out, size=Size(1, 1)), UPPER, UPPER, "rates"
            )
            for number in range(1, jobs + 1)
        ]
        self._rows: dict[bytes, dict[str, Record]] = {}
        self._runs = itertools.count(1)
        self._runner = asyncio.Runner()
        places = [place.relative_to(self.root) for place in (self.out, self._ledger.parent, self._spool)]
        there = {parent for place in places for parent in (place, *place.parents[:-1]) if place.parts[0] != absent}
        self.start = Crash(Tree(tuple(sorted(map(str, there)))))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._runner.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def record(self, start: Crash | None = None) -> Trace:
        """The trace of one run (preflight, recovery, pictures) on top of `start`, which is durable."""
        start = start or self.start
        return self._recorded(start).trace(start)

    def record_after(self, trace: Trace, killed_at: int) -> Trace:
        """The first `killed_at` events of `trace`, and those of a run that finds all they did, durable or not."""
        disk, crash = Disk(trace.names, trace.contents), trace.start
        for event in trace.events[:killed_at]:
            disk.apply(event)
            crash = crash.after(event)
        names, contents = disk.seen
        recorder = self._recorded(replace(crash, disk=tree(names, contents)), names)
        return replace(trace, events=(*trace.events[:killed_at], *recorder.events))

    def _recorded(self, start: Crash, known: Mapping[tuple[int, str], int] | None = None) -> Recorder:
        self._lay_out(start)
        recorder = Recorder(self.root, self._ledger, known)
        studio = self._open(Painter(recorder.tell, recorder.look, self._rival_comes))
        watched = replace(studio, ledger=cast("Ledger", WatchedLedger(studio.ledger, recorder)))
        with no_waiting(), recorder:
            self._runner.run(self._session(watched))
        return recorder

    def check(self, name: str, crashes: Iterable[Crash], *, enough: int | None = None) -> Report:
        """Carry on after each crash, and count what is broken then, until `enough` states have broken something."""
        report = Report(name)
        with no_waiting():
            for crash in crashes:
                if report.violated == enough:
                    break
                report.states += 1
                judge = self.aftermath(crash)
                report.ends += judge.ends
                report.violated += bool(judge.broken)
                report.violations += [f"{line} {crash}" for line in judge.broken]
                report.litter += [f"{name} {crash}" for name in judge.litter]
        return report

    def rows(self, ledger: bytes) -> Mapping[str, Record]:
        """The attempts in a copy of the ledger."""
        if not ledger:
            return {}
        if ledger not in self._rows:
            self._copy.write_bytes(ledger)
            self._rows[ledger] = self._runner.run(self._read(self._copy.parent))[0]
        return self._rows[ledger]

    def unfinished(self, crash: Crash) -> bool:
        """Whether recovery has something to do after `crash`."""
        return any(record.state in UNFINISHED for record in self.rows(crash.ledger).values())

    def wreck(self, trace: Trace, kind: str) -> Crash:
        """A state of `trace` in which recovery has to do what `WRECKS` names."""
        for crash in crashes(trace, Order.IN_TURN):
            if WRECKS[kind](crash, [record.state for record in self.rows(crash.ledger).values()]):
                return crash
        raise LookupError(f"no crash of this trace leaves a picture that is {kind}")

    def aftermath(self, crash: Crash) -> "Judge":
        """Run again after `crash`, and hold what is there then against the promises."""
        self._lay_out(crash)
        before = self.rows(crash.ledger) if self._ledger.exists() else {}
        seen = self._files()
        painter = Painter()
        studio = self._open(painter)
        try:
            outcomes = self._runner.run(self._session(studio))
            after, total = self._runner.run(self._read(self._ledger.parent))
        except Exception as error:  # noqa: BLE001 - whatever it is, the next start must not die of it
            judge = Judge(self, crash, before, {}, painter.bills)
            judge.broken.append(f"the next start dies of {error!r}")
            return judge
        judge = Judge(self, crash, before, after, painter.bills)
        judge.visible(seen)
        judge.visible(self._files())
        judge.money(total)
        judge.pictures()
        judge.outcomes(outcomes)
        judge.kept(seen, self._files())
        if strays := judge.strays(self._files()):
            self._runner.run(self._wait_a_week(strays))
            judge.cleaned(self._files())
        return judge

    def _lay_out(self, crash: Crash) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(parents=True)
        crash.disk.lay_out(self.root)
        # A ledger in a directory whose name did not survive is lost with it.
        if crash.ledger and self._ledger.parent.is_dir():
            self._ledger.write_bytes(crash.ledger)

    def _open(self, painter: Painter) -> Studio:
        provider = FakeProvider([painter.paint] * len(self.quotes))
        ledger, store = SqliteLedger(self._ledger.parent, self.clock), LocalStore(self._spool)
        return replace(self._studio, providers={"openai": provider}, ledger=ledger, store=store)

    async def _session(self, studio: Studio) -> list[Outcome]:
        """What `imgcli batch` does, in its order."""
        self.clock.slept.clear()
        try:
            run = Run(f"run-{next(self._runs)}", "batch", "alice", "host", 1)
            await studio.ledger.begin(run)
            await recover(studio, run, [self.out])
            await studio.store.prepare(self.out)
            pacers = {
                name: Pacer(self.clock, studio.board, "", stated=None, at_once=1, tell=nothing)
                for name in studio.providers
            }
            line = Line(run, studio, Stop(), pacers, resume=True, mend=lambda: recover(studio, run))
            outcomes = await make_all(self.quotes, line, at_once=1)
            await studio.ledger.end(run.id)
        finally:
            await studio.ledger.close()
        return outcomes

    async def _read(self, home: Path) -> tuple[dict[str, Record], int]:
        """The attempts of the ledger in `home`, and the nano-USD it counts for all of them."""
        ledger = SqliteLedger(home, self.clock)
        try:
            rows = {record.attempt: record for state in State for record in await ledger.records(state)}
            spending = await ledger.spending()
        finally:
            await ledger.close()
        return rows, spending.spent + spending.held + spending.uncertain

    def _rival_comes(self) -> None:
        if self.rival and not self.rival.exists():
            descriptor = os.open(self.rival, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            os.write(descriptor, RIVAL)
            os.fsync(descriptor)
            os.close(descriptor)

    async def _wait_a_week(self, strays: Sequence[str]) -> None:
        for name in strays:
            path = self.root / name
            then = path.stat().st_mtime - A_WEEK
            os.utime(path, (then, then))
        await LocalStore(self._spool).prepare(self.out)

    def _files(self) -> dict[str, bytes]:
        """Every file but the ledger, by its path below the root."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not str(path).startswith(str(self._ledger)) and path.parent.name != "runs"
        }


def _shown(crash: Crash, ending: str) -> bool:
    return any(name.endswith(ending) and not Path(name).name.startswith(".") for name, _, _ in crash.disk.files)


def _linked_twice(crash: Crash) -> bool:
    return any(count > 1 for count in Counter(link for _, _, link in crash.disk.files).values())


WRECKS: Mapping[str, Callable[[Crash, list[State]], bool]] = {
    "sealed and not received": lambda crash, states: bool(crash.sealed) and states == [State.SENT],
    "received without a name": lambda crash, states: states == [State.RECEIVED] and not _shown(crash, ".png"),
    "received under two names": lambda crash, states: states == [State.RECEIVED] and _linked_twice(crash),
    "saved without a sidecar": lambda crash, states: states == [State.SAVED] and not _shown(crash, ".json"),
}


class Judge:
    """The promises, one method each; `broken` lists what does not hold."""

    def __init__(
        self,
        rig: Rig,
        crash: Crash,
        before: Mapping[str, Record],
        after: Mapping[str, Record],
        bills: Sequence[Bill],
    ) -> None:
        self.broken: list[str] = []
        self.litter: list[str] = []
        self._rig = rig
        self._crash = crash
        self._before = before
        self._after = after
        self._bills = [*crash.bills, *bills]
        self._sent = {bill.attempt: bill.picture for bill in self._bills}

    @property
    def ends(self) -> Counter[str]:
        """How the attempts that were billed before the crash ended."""
        billed = (bill.attempt for bill in self._crash.bills)
        return Counter(self._after[attempt].state.value for attempt in billed if attempt in self._after)

    def visible(self, files: Mapping[str, bytes]) -> None:
        """A file under a name people see is whole: a picture as it was sent and recorded, or its sidecar."""
        made = {
            str((record.directory / record.name).relative_to(self._rig.root)): record
            for record in self._after.values()
            if record.state in PICTURED
        }
        for name, data in files.items():
            path = self._rig.root / name
            if not path.is_relative_to(self._rig.out) or path.name.startswith(".") or self._is_rival(path, data):
                continue
            if name.endswith(".json"):
                record = made.get(name.removesuffix(".json"))
                whole = record is not None and data == sidecar_bytes(record)
            else:
                record = made.get(name)
                whole = record is not None and data == self._sent.get(record.attempt)
            if not whole:
                self.broken.append(f"{name} is visible and not what was sent and recorded")

    def money(self, total: int) -> None:
        """Every bill has its row, no row of a bill is void, and no job is billed twice."""
        for bill in self._bills:
            for rows in (self._before,) if bill in self._crash.bills else ():
                if bill.attempt not in rows or rows[bill.attempt].state in UNPAID:
                    self.broken.append("a bill had no row when it was run up")
            if bill.attempt not in self._after or self._after[bill.attempt].state in UNPAID:
                self.broken.append("a bill has no row, or a void one")
        if total < PRICE * len(self._bills):
            self.broken.append(f"{total} in the ledger for {len(self._bills)} bills")
        for key, count in Counter(bill.key for bill in self._bills).items():
            if count > 1:
                self.broken.append(f"{key[:8]} was billed {count} times")

    def pictures(self) -> None:
        """What was safe at the crash is settled now, and what is settled is there, right and told of."""
        safe = {attempt for attempt, record in self._before.items() if record.state in PICTURED} | self._crash.sealed
        for attempt in safe:
            state = self._after[attempt].state if attempt in self._after else None
            if state is not State.SETTLED:
                self.broken.append(f"a picture that was safe is {state}")
        for attempt, record in self._after.items():
            if record.state not in PICTURED:
                continue
            path = record.directory / record.name
            sidecar = path.with_name(f"{record.name}.json")
            sent = self._sent.get(attempt, b"")
            if record.picture is None or record.picture.sha256 != sha256(sent).hexdigest():
                self.broken.append("the ledger has the hash of something that was not sent")
            if not path.is_file() or path.read_bytes() != sent:
                self.broken.append(f"the picture of a {record.state.value} attempt is not there as it was sent")
            if not sidecar.is_file() or sidecar.read_bytes() != sidecar_bytes(record):
                self.broken.append(f"the sidecar of a {record.state.value} attempt is not what the ledger says")

    def outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """Every job is made, reused, or left alone because its answer was lost; none of these is sent again."""
        new = {bill.key for bill in self._bills if bill not in self._crash.bills}
        for outcome in outcomes:
            match outcome:
                case Made() | Reused():
                    pass
                case Uncertain(job, attempt):
                    if job.key in new:
                        self.broken.append("an uncertain job was sent again")
                    if attempt in self._before and self._before[attempt].state not in {State.SENT, State.UNCERTAIN}:
                        self.broken.append("an attempt is uncertain that was not under way")
                case _:
                    self.broken.append(f"a job ended as {outcome}")

    def kept(self, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
        """Bytes of a billed picture are never thrown away before it is settled, and those of others never at all."""
        for name, data in before.items():
            if self._is_rival(self._rig.root / name, data) and after.get(name) != data:
                self.broken.append(f"{name} was somebody else's, and is changed")
        kept = {data.rstrip(b"\0") for data in after.values()}
        for bill in self._crash.bills:
            if bill.attempt in self._after and self._after[bill.attempt].state is State.SETTLED:
                continue
            for name, data in before.items():
                rest = data.rstrip(b"\0")
                if rest and bill.picture.startswith(rest) and rest not in kept:
                    self.broken.append(f"{name} held paid bytes and is gone")

    def strays(self, files: Mapping[str, bytes]) -> list[str]:
        """Hidden files of settled attempts; what this start settled should leave none, others may wait for the week."""
        found = []
        for attempt, record in self._after.items():
            left = [name for name in files if attempt in Path(name).name and record.state is State.SETTLED]
            if left and not (attempt in self._before and self._before[attempt].state is State.SETTLED):
                self.litter += left
            found += left
        return found

    def cleaned(self, files: Mapping[str, bytes]) -> None:
        """After a week nothing hidden of a settled attempt is there any more."""
        for attempt, record in self._after.items():
            for name in files:
                if attempt in Path(name).name and record.state is State.SETTLED:
                    self.broken.append(f"{name} is never taken away")

    def _is_rival(self, path: Path, data: bytes) -> bool:
        """Somebody else's file, perhaps torn by the same crash."""
        return path == self._rig.rival and RIVAL.startswith(data.rstrip(b"\0"))


# Sabotage, and repair.

Retelling = Callable[[Trace], Trace]


def as_it_is(trace: Trace) -> Trace:
    """Nothing changed."""
    return trace


def without_file_syncs(trace: Trace) -> Trace:
    """As if no file was ever synced."""
    return replace(trace, events=tuple(e for e in trace.events if not (isinstance(e, Sync) and not e.directory)))


def without_directory_syncs(trace: Trace) -> Trace:
    """As if no directory was ever synced."""
    return replace(trace, events=tuple(e for e in trace.events if not (isinstance(e, Sync) and e.directory)))


def ledger_first(trace: Trace) -> Trace:
    """As if the money was final before the bytes of its picture were synced."""
    events: list[Event] = []
    waiting: list[Event] = []
    for event in trace.events:
        if isinstance(event, Commit) and event.method == "receive":
            events += [event, *waiting]
            waiting = []
        elif waiting or (isinstance(event, Sync) and not event.directory and _open_bill(events)):
            waiting.append(event)
        else:
            events.append(event)
    return replace(trace, events=(*events, *waiting))


def _open_bill(events: Sequence[Event]) -> bool:
    """Whether a bill waits for its picture."""
    for event in reversed(events):
        if isinstance(event, Bill):
            return True
        if isinstance(event, Commit) and event.method == "receive":
            return False
    return False


CONTROLS: Mapping[str, Retelling] = {
    "no fsync of files": without_file_syncs,
    "no fsync of directories": without_directory_syncs,
    "ledger first": ledger_first,
}


def twice(rig: Rig, order: Order, retell: Retelling) -> Iterator[Crash]:
    """Every state in which a power cut may leave a start after a power cut at any moment of one run."""
    for first in list(crashes(retell(rig.record()), order)):
        if rig.unfinished(first):
            yield from crashes(retell(rig.record(first)), order)


def killed(rig: Rig, order: Order, retell: Retelling, *, only: tuple[type, ...] = ()) -> Iterator[Crash]:
    """Every state in which a power cut may leave a start after a kill at any moment of one run (or after some events)."""
    trace = rig.record()
    for moment, event in enumerate((None, *trace.events)):
        if not only or isinstance(event, only):
            # Told anew, the part before the kill may be longer: then some states without a kill come along.
            yield from crashes(retell(rig.record_after(trace, moment)), order, moment)


def main(most: int) -> None:
    """Print the figures of one to `most` pictures, of cut off recoveries, and of the controls."""

    def run(name: str, found: Callable[[Rig], Iterator[Crash]], **circumstances: Any) -> None:
        with tempfile.TemporaryDirectory() as place, Rig(Path(place), **circumstances) as rig:
            report = rig.check(name, found(rig))
            sys.stdout.write(f"{report}\n")
            sys.stdout.writelines(f"    {count:4} x {kind}\n" for kind, count in report.kinds().items())
            sys.stdout.flush()

    for order in Order:

        def once(rig: Rig, retell: Retelling = as_it_is, order: Order = order) -> Iterator[Crash]:
            return crashes(retell(rig.record()), order)

        for jobs in range(1, most + 1):
            run(f"{order.value}, {jobs} wanted", once, jobs=jobs)
        run(f"{order.value}, a rival", once, rival=True)
        run(f"{order.value}, no output directory before", once, absent="out")
        run(f"{order.value}, no home before", once, absent="home")
        run(f"{order.value}, power cut and cut again", partial(twice, order=order, retell=as_it_is))
        run(f"{order.value}, killed and cut", partial(killed, order=order, retell=as_it_is))
        for name, control in CONTROLS.items():
            run(f"{order.value}, control: {name}", partial(once, retell=control))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1)
