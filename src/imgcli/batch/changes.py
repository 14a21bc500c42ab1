"""What has to be done to a library: the jobs of a batch file against its lock and against what lies on the disk. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from imgcli.batch.lock import Ident, Lock, Locked, Old, inputs_of, mark, mark_of_all, styles_of
from imgcli.model.input import Edit
from imgcli.model.job import Job

"""Stands among the inputs of a picture that the user wants anew."""

WORDING = "the Director's wording"
"""Stands for what neither the user nor a style changed: another imgcli words it otherwise."""


@dataclass(frozen=True, slots=True)
class New:
    """A job that the lock does not know."""

    job: Job


@dataclass(frozen=True, slots=True)
class Changed:
    """A job whose picture was made of other `inputs`, each told as `size 1024x1024 -> 1536x1024`."""

    job: Job
    line: Locked
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A job whose picture is in the lock and not on the disk."""

    job: Job
    line: Locked


@dataclass(frozen=True, slots=True)
class Modified:
    """A job whose file has other bytes than the lock tells; it is nobody's to overwrite."""

    job: Job
    line: Locked


@dataclass(frozen=True, slots=True)
class Found:
    """A job whose very picture is there as `file`, and the lock does not say so: renamed, moved back, never locked.

    `line` has it now, under this or another id, with its `sha256` and bytes; None where a sidecar alone tells of it.
    Nothing has to be made.
    """

    job: Job
    file: str
    sha256: str = ""
    size_bytes: int = 0
    line: Locked | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    job: Job
    line: Locked


@dataclass(frozen=True, slots=True)
class Orphaned:
    """A line of the lock that no job of the batch file wants."""

    line: Locked


Due = New | Changed | Missing | Modified
"""What a provider has to be asked for."""

Change = Due | Found | Unchanged | Orphaned


@dataclass(frozen=True, slots=True)
class Seen:
    """What is on the disk, files as the lock tells them.

    Attributes:
        place: a directory as the lock tells it.
        gone: files of the lock that are not there.
        other: files of the lock that have another size or SHA-256.
        told: the pictures of a directory that only their sidecars tell of: key -> file.
    """

    place: Callable[[Path], str]
    gone: AbstractSet[str] = frozenset()
    other: AbstractSet[str] = frozenset()
    told: Callable[[Path], Mapping[str, str]] = lambda _: {}


def compare(
    jobs: Iterable[Job],
    lock: Lock,
    seen: Seen,
    again: Callable[[Job], str] = lambda _: "",
    only: Callable[[str], bool] = lambda _: True,
) -> Iterator[Change]:
    """One change for each job in order, then one for each line that no job has or found.

    Args:
        jobs: of the batch file, all of those whose ids are wanted.
        lock: of the library.
        seen: on the disk.
        again: why a job is to be made anew in any case, or nothing.
        only: whether the lines of an id are asked about.
    """
    finder = _Finder(lock, seen)
    settled: set[Ident] = set()
    for job in jobs:
        line = lock.lines.get((job.entry, job.variant))
        if line is not None:
            settled.add(line.ident)
        change = _anew(job, line, why) if (why := again(job)) else _verdict(job, line, finder)
        if isinstance(change, Found) and change.line is not None and change.file == change.line.file:
            settled.add(change.line.ident)
        yield change
    for ident, line in lock.lines.items():
        if ident not in settled and only(line.id):
            yield Orphaned(line)


def differences(line: Locked, job: Job, place: str) -> tuple[str, ...]:
    """The inputs in which the picture of `line` differs from `job`, which is to lie in `place`."""
    found = [
        f"{name} {was} -> {now}"
        for name, was, now in (
            ("provider", line.provider, job.provider),
            ("model", line.model, job.model),
            ("size", line.size, str(job.size)),
            ("quality", line.quality, job.quality),
            ("format", line.format, job.format),
            ("background", line.background, job.background),
            ("through", line.through or "the model itself", job.through or "the model itself"),
            ("seed", _or_none(line.seed), _or_none(job.seed)),
            ("out", line.place or ".", place or "."),
        )
        if was != now
    ]
    found += _of_styles(line.styles, styles_of(job.prompt))
    found += _of_inputs(line.inputs, job.edit)
    if line.no != mark_of_all(job.prompt.constraints):
        found.append("--no")
    if line.prompt != mark(job.prompt.typed):
        found.append("prompt")
    return tuple(found) or (WORDING,)


class _Finder:
    """Pictures by what they are made of, looked up only where a job has none under its own id."""

    def __init__(self, lock: Lock, seen: Seen) -> None:
        self._lock = lock
        self.seen = seen

    def find(self, job: Job) -> Found | None:
        """The very same picture in the same directory."""
        place = self.seen.place(job.directory)
        if (line := self._by_key.get((job.key, place))) is not None:
            each = next(
                each
                for each in _pictures(line)
                if (each.key, each.file.rpartition("/")[0]) == (job.key, place) and self.is_whole(each.file)
            )
            return Found(job, each.file, each.sha256, each.bytes, line)
        file = self.seen.told(job.directory).get(job.key)
        return None if file is None else Found(job, file)

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, str], Locked]:
        return {
            (each.key, each.file.rpartition("/")[0]): line
            for line in self._lock.lines.values()
            for each in reversed(_pictures(line))
            if self.is_whole(each.file)
        }

    def is_whole(self, file: str) -> bool:
        return file not in self.seen.gone and file not in self.seen.other


def _pictures(line: Locked) -> tuple[Old, ...]:
    """All pictures a line tells of, its own first and then the latest of the others: numbers only grow."""
    old = sorted(line.old, key=lambda each: (len(each.file), each.file), reverse=True)
    return (Old(line.file, line.sha256, line.bytes, line.key), *old)


def _anew(job: Job, line: Locked | None, why: str) -> Change:
    return New(job) if line is None else Changed(job, line, (why,))


def _verdict(job: Job, line: Locked | None, finder: _Finder) -> Change:
    place = finder.seen.place(job.directory)
    is_same = line is not None and line.key == job.key and line.place == place
    if is_same and line is not None and finder.is_whole(line.file):
        return Unchanged(job, line)
    if (found := finder.find(job)) is not None:
        return found
    if line is None:
        return New(job)
    if not is_same:
        return Changed(job, line, differences(line, job, place))
    return Missing(job, line) if line.file in finder.seen.gone else Modified(job, line)


def _or_none(seed: int | None) -> str:
    return "none" if seed is None else str(seed)


@lru_cache(maxsize=1024)
def _of_styles(was: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, ...]:
    if was == now:
        return ()
    before, after = [name.partition("@") for name in was], [name.partition("@") for name in now]
    if [name for name, _, _ in before] != [name for name, _, _ in after]:
        return (f"style {_joined(before)} -> {_joined(after)}",)
    return tuple(
        f"style {name} {old[:6] or 'unknown'} -> {new[:6] or 'unknown'}"
        for (name, _, old), (_, _, new) in zip(before, after, strict=True)
        if old != new
    )


def _of_inputs(was: tuple[str, ...], edit: Edit | None) -> list[str]:
    """The pictures that are others than they were: by name where it is their bytes that changed."""
    now = inputs_of(edit) if edit else ()
    if was == now:
        return []
    roles = [[told.partition(" ")[0] for told in some] for some in (was, now)]
    if edit is None or roles[0] != roles[1]:
        return [f"inputs {_counted(roles[0])} -> {_counted(roles[1])}"]
    names = [*(each.name for each in edit.everything), "input fidelity"]
    return [
        f"{name} {old.partition(' ')[2][:6]} -> {new.partition(' ')[2][:6]}"
        for name, old, new in zip(names, was, now, strict=False)
        if old != new
    ]


def _counted(roles: list[str]) -> str:
    return " + ".join(f"{count} {role}s" if count > 1 else role for role, count in Counter(roles).items()) or "none"


def _joined(styles: list[tuple[str, str, str]]) -> str:
    return "+".join(name for name, _, _ in styles) or "none"
