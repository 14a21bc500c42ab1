"""Everything that was made and paid, held against what was written down; changes nothing."""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from imgcli.errors import LedgerError
from imgcli.model.attempt import Record
from imgcli.model.finding import Finding, Level
from imgcli.model.inspection import PRUNED, Inspection, Verdict
from imgcli.ports import Ledger, Store


async def verify(
    ledger: Ledger, store: Store, below: Path | None = None, *, read_data: bool, copied: Collection[Path] = ()
) -> AsyncIterator[Finding | Inspection]:
    """Problems of the ledger, then every picture at or `below` a directory (None: wherever the ledger knows one).

    `copied` are directories of copies, which no ledger knows.

    Foreign pictures and leftovers are looked for in `below`, or in the directories of the ledger's pictures.
    """
    problems = await ledger.audit()
    for finding in (*problems, *await _around(ledger, store)):
        yield finding
    if any(problem.subject == "ledger file" for problem in problems):
        return  # its rows may not even be readable
    try:
        records = await ledger.pictured(below)
    except LedgerError as error:
        yield Finding(Level.FAIL, "ledger rows", str(error))
        return
    # A name belongs to the newest picture that got it: an older one of that name was taken away before.
    # What a person took away is missing nowhere.
    newest = {record.directory / record.name: record for record in records if not record.remarks.deleted}
    missing: dict[str, Inspection] = {}
    for record in newest.values():
        inspection = await _inspected(record, store, read_data=read_data)
        if inspection.verdict is Verdict.GONE:
            missing[record.attempt] = inspection
        else:
            yield inspection
    strays = [
        stray
        for directory in ([below] if below else tops({*(record.directory for record in records), *copied}))
        for stray in await store.strays(directory, records, read_data=read_data)
    ]
    aside = await _put_aside(strays, store) if missing else {}
    for attempt, inspection in missing.items():
        yield aside.get(attempt, inspection)
    strays = [stray for stray in strays if stray.path not in {found.path for found in aside.values()}]
    for warning in _emptied(newest.values(), missing.keys() - aside.keys()):
        yield warning
    # A run beside us may have made them since.
    known = {record.directory / record.name for record in await ledger.pictured(below)} if strays else set()
    for stray in strays:
        if stray.path not in known:
            yield stray


async def _inspected(record: Record, store: Store, *, read_data: bool) -> Inspection:
    inspection = await store.inspect(record, read_data=read_data)
    return replace(inspection, hidden=True) if record.remarks.hidden else inspection


async def _around(ledger: Ledger, store: Store) -> list[Finding]:
    """What a person should know beside the pictures."""
    found = []
    if frozen := await ledger.frozen():
        found.append(Finding(Level.WARN, "ledger", f"frozen: {frozen}", "imgcli budget show, then imgcli ledger adopt"))
    for path in await store.spooled():
        seen = f"{path} was paid and has no place yet"
        found.append(Finding(Level.WARN, "spool", seen, "see docs/reliability.md"))
    return found


def _emptied(records: Collection[Record], missing: Collection[str]) -> Iterator[Finding]:
    """A line for each directory none of whose pictures is there: it may be a disk that is not connected."""
    there = Counter(record.directory for record in records)
    gone = Counter(record.directory for record in records if record.attempt in missing)
    for directory in sorted(place for place in there if gone[place] == there[place]):
        seen = f"none of the {there[directory]} paid pictures of {directory} is there"
        yield Finding(Level.WARN, "pictures", seen, "connect its disk, if it has one of its own")


async def _put_aside(strays: Sequence[Inspection], store: Store) -> dict[str, Inspection]:
    """What `--prune` moved away, by the attempt that its sidecar tells; a damaged one is not among them."""
    found: dict[str, Inspection] = {}
    for stray in strays:
        if stray.verdict is Verdict.STRANGE and PRUNED in stray.path.parts:
            told = await store.told_of(stray.path)
            if told is not None:
                words = ("put aside by --prune",)
                found[told[1].attempt] = Inspection(stray.path, Verdict.ASIDE, words, stray.credentials)
    return found


def tops(directories: set[Path]) -> list[Path]:
    """Those that lie in none of the others."""
    return sorted(path for path in directories if not directories & set(path.parents))
