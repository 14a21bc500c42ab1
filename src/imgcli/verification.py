"""Everything that was made and paid, held against what was written down; changes nothing."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

from imgcli.errors import LedgerError
from imgcli.model.finding import Finding, Level
from imgcli.model.inspection import Inspection, Verdict
from imgcli.ports import Ledger, Store


async def verify(
    ledger: Ledger, store: Store, below: Path | None = None, *, read_data: bool
) -> AsyncIterator[Finding | Inspection]:
    """Problems of the ledger, then every picture at or `below` a directory (None: wherever the ledger knows one).

    Foreign pictures and leftovers are looked for in `below`, or in the directories of the ledger's pictures.
    """
    problems = await ledger.audit()
    for problem in problems:
        yield problem
    if frozen := await ledger.frozen():
        yield Finding(Level.WARN, "ledger", f"frozen: {frozen}", "imgcli budget show, then imgcli ledger adopt")
    for path in await store.spooled():
        yield Finding(Level.WARN, "spool", f"{path} was paid and has no place yet", "see docs/reliability.md")
    if any(problem.subject == "ledger file" for problem in problems):
        return  # its rows may not even be readable
    try:
        records = await ledger.pictured(below)
    except LedgerError as error:
        yield Finding(Level.FAIL, "ledger rows", str(error))
        return
    # A name belongs to the newest picture that got it: an older one of that name was taken away before.
    newest = {record.directory / record.name: record for record in records}
    gone: Counter[Path] = Counter()
    for record in newest.values():
        inspection = await store.inspect(record, read_data=read_data)
        gone[record.directory] += inspection.verdict is Verdict.GONE
        yield inspection
    there = Counter(record.directory for record in newest.values())
    for directory in sorted(place for place in there if gone[place] == there[place]):
        seen = f"none of the {there[directory]} paid pictures of {directory} is there"
        yield Finding(Level.WARN, "pictures", seen, "connect its disk, if it has one of its own")
    strays = [
        stray
        for directory in ([below] if below else tops({record.directory for record in records}))
        for stray in await store.strays(directory, records, read_data=read_data)
    ]
    # A run beside us may have made them since.
    known = {record.directory / record.name for record in await ledger.pictured(below)} if strays else set()
    for stray in strays:
        if stray.path not in known:
            yield stray


def tops(directories: set[Path]) -> list[Path]:
    """Those that lie in none of the others."""
    return sorted(path for path in directories if not directories & set(path.parents))
