"""`imgcli verify`: every picture against its sidecar and the ledger."""

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import options, show
from imgcli.cli.places import near
from imgcli.errors import LedgerError, StorageError, UsageError
from imgcli.model.finding import Finding, Level
from imgcli.model.inspection import Inspection, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imgcli.settings import Paths

COLOURS = {Verdict.DAMAGED: "red", Verdict.GONE: "yellow", Verdict.UNFINISHED: "yellow", Verdict.STRANGE: "cyan"}


async def verify(
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Only pictures in and below it. Default: all the ledger knows."),
    ] = None,
    read_data: Annotated[
        bool, typer.Option("--read-data", help="Read every picture whole and compare its SHA-256.")
    ] = False,
    json: options.Json = False,
) -> int:
    """Prove pictures, sidecars and ledger against each other. Changes and spends nothing.

    Exit code 0: nothing is damaged; 7: a picture or sidecar is damaged; 8: the ledger is. Examples:

      imgcli verify

      imgcli verify library/ --read-data
    """
    from imgcli.settings import find_paths
    from imgcli.verification import verify as examine
    from imgcli.wiring import open_ledger, open_store

    if directory is not None and not directory.is_dir():
        raise UsageError(f"{directory} is no directory")
    paths = find_paths(os.environ)
    ledger = open_ledger(paths)
    findings: list[Finding] = []
    inspections: list[Inspection] = []
    try:
        below = directory.resolve() if directory else None
        copied = await _copied(paths)
        async for found in examine(ledger, open_store(paths), below, read_data=read_data, copied=copied):
            if isinstance(found, Finding):
                findings.append(found)
            else:
                inspections.append(found)
            if json:
                show.json_line(_plain(found))
    finally:
        await ledger.close()
    counts = Counter(inspection.verdict for inspection in inspections)
    code = _exit_code(findings, counts)
    if json:
        show.json_line(_sums(counts, inspections, findings) | {"exit_code": code})
    else:
        _tell(findings, inspections, counts, read_data=read_data)
    return code


async def _copied(paths: "Paths") -> set[Path]:
    """Directories that copies were made into; none where the catalog cannot be asked."""
    from imgcli.wiring import open_catalog

    if not (paths.data / "catalog.db").exists():
        return set()
    catalog = open_catalog(paths)
    try:
        return {reuse.path.parent for reuse in await catalog.reused()}
    except StorageError:
        return set()  # what is lost with it are opinions; the pictures are looked at all the same
    finally:
        await catalog.close()


def _exit_code(findings: "Sequence[Finding]", counts: "Counter[Verdict]") -> int:
    if any(finding.level is Level.FAIL for finding in findings):
        return LedgerError.exit_code
    return StorageError.exit_code if counts[Verdict.DAMAGED] else 0


def _tell(
    findings: "Sequence[Finding]", inspections: "Sequence[Inspection]", counts: "Counter[Verdict]", *, read_data: bool
) -> None:
    from rich.text import Text

    rows: list[tuple[Any, ...]] = [
        (Text(finding.level.value, style="red" if finding.level is Level.FAIL else "yellow"), finding.subject, seen)
        for finding in findings
        if (seen := f"{finding.seen}; {finding.advice}" if finding.advice else finding.seen)
    ]
    rows += [
        (Text(seen.verdict.value, style=COLOURS[seen.verdict]), near(seen.path), "; ".join(seen.problems))
        for seen in inspections
        if seen.verdict not in {Verdict.SOUND, Verdict.ASIDE}
    ]
    if rows:
        show.draw_data(show.table("", ("", "what", "why"), rows))
    told = [f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict]] or ["no picture is known"]
    signed = sum(inspection.credentials for inspection in inspections)
    credentials = f"; {signed} with Content Credentials" if signed else ""
    how = "every byte read" if read_data else "sizes and headers (--read-data reads every byte)"
    show.line(f"{', '.join(told)}{credentials}; {how}")
    ledger = sum(finding.level is Level.FAIL for finding in findings)
    show.line(f"the ledger has {ledger} problems" if ledger else "the ledger is sound: its chain and its sums hold")


def _plain(found: Finding | Inspection) -> dict[str, Any]:
    if isinstance(found, Finding):
        plain = {"event": "finding", "level": found.level.value, "subject": found.subject}
        return plain | {"seen": found.seen, "advice": found.advice}
    return {
        "event": "picture",
        # What nobody is to be shown is told by its name only where something is wrong with it.
        "path": None if found.hidden and found.verdict is Verdict.SOUND else str(found.path),
        "verdict": found.verdict.value,
        "problems": list(found.problems),
        "content_credentials": found.credentials,
    }


def _sums(
    counts: "Counter[Verdict]", inspections: "Sequence[Inspection]", findings: "Sequence[Finding]"
) -> dict[str, Any]:
    sums: dict[str, Any] = {"event": "end"} | {verdict.value: counts[verdict] for verdict in Verdict}
    sums["content_credentials"] = sum(inspection.credentials for inspection in inspections)
    return sums | {"ledger_problems": sum(finding.level is Level.FAIL for finding in findings)}
