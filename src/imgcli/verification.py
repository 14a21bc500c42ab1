"""Everything that was made and paid, held against what was written down; changes nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

from imgcli.errors import LedgerError
from imgcli.model.finding import Finding, Level
from imgcli.model.inspection import Inspection
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
    for record in newest.values():
        yield await store.inspect(record, read_data=read_data)
    for directory in [below] if below else tops({record.directory for record in records}):
        for stray in await store.strays(directory, records, read_data=read_data):
            yield stray


def tops(directories: set[Path]) -> list[Path]:
    """Those that lie in none of the others."""
    return sorted(path for path in directories if not directories & set(path.parents))
