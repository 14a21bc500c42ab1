"""`imgcli batch --plan` and `--check`: the asset library of a batch file, looked at."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

from imgcli.batch.changes import Change, Changed, Due, Found, Missing, Modified, New, Orphaned, Unchanged, compare
from imgcli.cli import show
from imgcli.cli.closing import pictures
from imgcli.cli.reuse import mode_of, open_reuse
from imgcli.cli.safe import safe_text
from imgcli.errors import UsageError
from imgcli.model.money import exact_usd, format_usd
from imgcli.model.outcome import Reused
from imgcli.model.quote import Priced
from imgcli.model.verdict import Aside

if TYPE_CHECKING:
    from imgcli.cli.making import Wanted
    from imgcli.library import Library
    from imgcli.model.attempt import Record
    from imgcli.model.job import Job
    from imgcli.model.quote import Quote
    from imgcli.ports import Shelf as Reuse
    from imgcli.ports import Store, Studio

MOST_ROWS = 20
"""Pictures of a kind that are listed; the others are counted, by what changed."""

MOST_REASONS = 8
REASONS_KEPT = 1000
TAKEN = "copied from where it was made before"
HELD = "set aside"
ASIDE = "not in the batch file any more"

COLOURS = {"new": "green", "changed": "yellow", "missing": "red", "modified": "red", "found": "cyan", "orphaned": "dim"}
COLOURS |= {HELD: "magenta"}


class Task(Enum):
    """What a call of `batch` is to do."""

    MAKE = "--dry-run"
    PLAN = "--plan"
    CHECK = "--check"
    PRUNE = "--prune"


def task_of(
    given: Mapping[str, bool], *, again: bool, read_data: bool, from_stdin: bool, explains: bool = False
) -> Task:
    """The one task that is asked for.

    Raises:
        UsageError: two at once, or one that fits no option beside it.
    """
    asked = [name for name, is_on in given.items() if is_on]
    if sorted(asked) == ["--dry-run", "--prune"]:
        asked = ["--prune"]
    if len(asked) > 1:
        raise UsageError(f"{asked[0]} and {asked[1]} at once; choose one")
    task = Task(asked[0]) if asked else Task.MAKE
    if explains and task is not Task.MAKE:
        raise UsageError(f"--explain and {task.value} at once; choose one")
    if read_data and task not in {Task.PLAN, Task.CHECK}:
        raise UsageError("--read-data belongs to --plan or --check (or to imgcli verify)")
    if again and task in {Task.CHECK, Task.PRUNE}:
        raise UsageError(f"--again asks for new pictures, and {task.value} makes none; choose one")
    if from_stdin and task is not Task.MAKE:
        raise UsageError(f"{task.value} needs a batch file: what comes from stdin has no lock file")
    return task


async def survey(wanted: "Wanted", task: Task, *, read_data: bool) -> int:
    """Tell every change, and for `--check` the exit code 1 if there is any."""
    from imgcli.library import Library
    from imgcli.wiring import open_catalog, open_studio

    output, tally = wanted.output, _Tally()
    async with AsyncExitStack() as stack:
        studio = await stack.enter_async_context(
            open_studio(wanted.settings, os.environ, lambda _: None, wanted.beside)
        )
        library = Library(file_of(wanted), wanted.root, studio.store)
        catalog = open_catalog(wanted.settings.paths)
        stack.push_async_callback(catalog.close)
        # What is out of date does not depend on who would have to pay for it.
        mode = "off" if task is Task.CHECK else mode_of(wanted.settings, wanted.command, resume=wanted.resume)
        reuse = open_reuse(wanted.settings, studio, catalog, mode, near=wanted.near)
        aside = _AsidePictures(studio.store)
        for change, quote in await changes(wanted, studio, library, read_data=read_data):
            held = await aside.why(change, wanted)
            taken = None if held else await _taken(change, quote, reuse, wanted)
            due = None if held or taken else quote
            tally.add(change, due, file := _file(change, library), taken, held)
            if output.json and not isinstance(change, Unchanged):
                show.json_line(_line(change, due, file, taken) | ({"change": HELD, "reason": held} if held else {}))
    code = int(task is Task.CHECK and tally.is_stale)
    if output.json:
        show.json_line(_sums(tally, library) | {"exit_code": code})
        return code
    _tell(tally, library, task, output)
    return code


class _AsidePictures:
    """Pictures of a library that were set aside, which a run does not make again; each directory is read once."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._seen: dict[Path, dict[str, Record]] = {}

    async def why(self, change: Change, wanted: "Wanted") -> str:
        """Why a run would not make what is due, and what to type; empty where it would."""
        if not isinstance(change, New | Missing) or change.job.entry in wanted.anew or not wanted.resume:
            return ""
        job = change.job
        if job.directory not in self._seen:
            told = [found for aside in Aside for found in await self._store.told(job.directory / aside.value)]
            self._seen[job.directory] = dict(told)
        record = self._seen[job.directory].get(job.key)
        if record is None or record.remarks.settled:
            return ""
        if record.remarks.aside is Aside.QUARANTINE:
            return f"in quarantine, and not made again: imgcli quarantine show {record.attempt}"
        if record.remarks.tried <= job.tries:
            return ""
        return (
            f"rejected, as it is not as expected ({'; '.join(record.remarks.unmet)}); --again {job.entry} makes another"
        )


async def _taken(change: Change, quote: "Quote | None", reuse: "Reuse", wanted: "Wanted") -> "Reused | None":
    """What was made elsewhere and would be copied instead of being paid again."""
    if quote is None or not isinstance(change, Due) or change.job.entry in wanted.anew:
        return None
    return await reuse.seen(change.job)


async def changes(
    wanted: "Wanted", studio: "Studio", library: "Library", *, read_data: bool, must_know: bool = False
) -> "Iterator[tuple[Change, Quote | None]]":
    """Each change, with the quote of what has to be made; one by one, as all of them are many.

    Raises:
        UsageError: with `must_know`, where a text model is still to be asked.
    """
    from imgcli.batch.lock import expansions
    from imgcli.expansion import OFF
    from imgcli.plan import each_job
    from imgcli.script import write_script

    lock = library.read()
    seen = library.seen(lock)
    if read_data:
        seen = await library.proved(lock, seen)

    settings, entries = wanted.settings, wanted.entries
    planned: Iterable[Job | Reused] = each_job(entries, studio, settings, wanted.root, wanted.only)
    if settings.expand != OFF:
        # What a text model made of the prompts before is remembered by the lock, and by the ledger.
        script = await write_script(
            entries, studio, settings, wanted.root, wanted.ideas, only=wanted.only, listed=expansions(lock)
        )
        if script.questions and must_know:
            raise UsageError(
                "some prompts are still to be expanded, so nobody knows what is wanted; run imgcli batch first"
            )
        planned = [*script.planned.jobs, *script.planned.skipped]

    def jobs() -> "Iterator[Job]":
        for each in planned:
            yield each.job if isinstance(each, Reused) else each

    def again(job: "Job") -> str:
        if job.entry in wanted.anew:
            return "--again"
        return "" if wanted.resume else "--remake"

    def quoted() -> "Iterator[tuple[Change, Quote | None]]":
        for change in compare(jobs(), lock, seen, again, wanted.concerns):
            yield change, studio.pricer.quote(change.job) if isinstance(change, Due) else None

    return quoted()


def file_of(wanted: "Wanted") -> Path:
    if wanted.batch_file is None:
        raise AssertionError("asked for above")
    return wanted.batch_file


@dataclass(slots=True)
class _Tally:
    """What a survey comes to: everything is counted, and little of it kept. Money in nano-USD."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    wanted: int = 0
    taken: int = 0
    expected: int = 0
    upper: int = 0
    unpriced: int = 0
    old: int = 0

    @property
    def is_stale(self) -> bool:
        return any(count for name, count in self.counts.items() if name != "unchanged")

    def add(
        self, change: Change, quote: "Quote | None", file: str, taken: "Reused | None" = None, held: str = ""
    ) -> None:
        name = HELD if held else _verdict(change)
        self.counts[name] += 1
        self.taken += taken is not None
        self.wanted += quote is not None
        if isinstance(quote, Priced):
            self.expected += quote.expected
            self.upper += quote.upper
        self.unpriced += quote is not None and not isinstance(quote, Priced)
        if not isinstance(change, New | Found):
            self.old += len(change.line.old)
        if isinstance(change, Unchanged):
            return
        why = "; ".join(part for part in (_why(change), TAKEN if taken else "", held) if part)
        if self.counts[name] <= MOST_ROWS:
            self.rows.append((name, _name(change), file, why, "free" if taken else _price(quote)))
        elif (name, why) in self.reasons or len(self.reasons) < REASONS_KEPT:
            self.reasons[name, why] += 1
        else:
            self.reasons[name, "..."] += 1


def _verdict(change: Change) -> str:
    return type(change).__name__.lower()


def _why(change: Change) -> str:
    match change:
        case New() | Unchanged():
            return ""
        case Changed():
            return ", ".join(change.inputs)
        case Missing():
            return "its file is gone"
        case Modified():
            return "somebody changed its file; a new one is made beside it"
        case Found(line=None):
            return "there already, as its sidecar tells"
        case Found(line=line) if line is not None and line.ident != (change.job.entry, change.job.variant):
            return f"there already, as {line.id}"
        case Found():
            return "there already, from before"
        case Orphaned():
            return ASIDE
        case _:
            assert_never(change)


def _name(change: Change) -> str:
    entry, number = _ident(change)
    return entry if number == 1 else f"{entry} {number}"


def _ident(change: Change) -> tuple[str, int]:
    return change.line.ident if isinstance(change, Orphaned) else (change.job.entry, change.job.variant)


def _file(change: Change, library: "Library") -> str:
    """Where its picture is; of a new one, where it is to go, the extension left open."""
    match change:
        case New():
            return library.file(change.job.directory / change.job.stem)
        case Found():
            return change.file
        case _:
            return change.line.file


def _price(quote: "Quote | None") -> str:
    if quote is None:
        return ""
    return format_usd(quote.expected) if isinstance(quote, Priced) else "unknown"


def _tell(tally: _Tally, library: "Library", task: Task, output: show.Output) -> None:
    if tally.rows:
        show.draw_data(_table(tally))
    # What the table has no room for, by what changed.
    for (name, why), count in sorted(tally.reasons.items(), key=lambda item: -item[1])[:MOST_REASONS]:
        show.line(f"and {count:,} more {name}{f': {why}' if why else ''}")
    if len(tally.reasons) > MOST_REASONS:
        show.line("and others, for other reasons; --json tells all")
    show.line(", ".join(f"{tally.counts[name]:,} {name}" for name in _NAMES if tally.counts[name]) or "no pictures")
    if output.talks:
        _talk(tally, library, task)


def _talk(tally: _Tally, library: "Library", task: Task) -> None:
    if tally.wanted:
        unknown = f", {tally.unpriced:,} of unknown price" if tally.unpriced else ""
        show.talk(
            f"to make: {pictures(tally.wanted)}, about {format_usd(tally.expected)}, "
            f"at most {format_usd(tally.upper)}{unknown}; nothing was sent"
        )
    if tally.taken:
        show.talk(f"reused from where they were made before: {pictures(tally.taken)}, free")
    if (replaced := tally.counts["changed"] + tally.counts["modified"]) and task is Task.PLAN:
        verb, them = ("stays where it is", "it") if replaced == 1 else ("stay where they are", "them")
        show.talk(f"nothing is overwritten: {pictures(replaced)} {verb} until --prune moves {them} aside")
    if tally.old and task is Task.PLAN:
        show.talk(f"also there: {pictures(tally.old)} that newer ones replaced (--prune moves them aside)")
    if not tally.is_stale:
        show.talk(f"{library.label} is up to date")
    elif task is Task.CHECK:
        show.talk(
            f"{library.label} is out of date: --plan tells what imgcli batch would make of it, --prune takes orphans away"
        )


_NAMES = ("new", "changed", "missing", "modified", HELD, "found", "unchanged", "orphaned")


def _table(tally: _Tally) -> Any:
    from rich.text import Text

    rows = sorted(tally.rows, key=lambda row: _NAMES.index(row[0]))
    drawn = [(Text(safe_text(row[0]), style=COLOURS[row[0]]), *row[1:]) for row in rows]
    return show.table("", ("", "picture", "file", "why", "each"), drawn, right=(4,), whole=(0, 4))


def _line(change: Change, quote: "Quote | None", file: str, taken: "Reused | None" = None) -> dict[str, Any]:
    entry, number = _ident(change)
    told: dict[str, Any] = {"event": "change", "change": _verdict(change), "id": entry, "n": number}
    told["file"] = file
    told["inputs"] = list(change.inputs) if isinstance(change, Changed) else []
    told["key"] = change.line.key if isinstance(change, Orphaned) else change.job.key
    priced = isinstance(quote, Priced)
    told["expected_usd"] = exact_usd(quote.expected) if priced else None  # type: ignore[union-attr]
    told["upper_usd"] = exact_usd(quote.upper) if priced else None  # type: ignore[union-attr]
    if taken is not None:
        told |= {"expected_usd": "0.00", "upper_usd": "0.00", "reused": str(taken.path)}
    return told


def _sums(tally: _Tally, library: "Library") -> dict[str, Any]:
    return {
        "event": "end",
        **{name.replace(" ", "_"): tally.counts[name] for name in _NAMES},
        "old": tally.old,
        "to_make": tally.wanted,
        "to_reuse": tally.taken,
        "expected_usd": exact_usd(tally.expected),
        "upper_usd": exact_usd(tally.upper),
        "unpriced": tally.unpriced,
        "lock": library.label,
    }
