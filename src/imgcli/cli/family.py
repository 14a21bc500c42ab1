"""Where a picture comes from and what became of it, as lines of a tree and as JSON."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from imgcli.cli import show
from imgcli.cli.places import near
from imgcli.errors import StorageError
from imgcli.model.attempt import State
from imgcli.model.opinion import UNSEEN, Opinion

if TYPE_CHECKING:
    from imgcli.cli.worded import Row
    from imgcli.lineage import Branch, Lineage
    from imgcli.model.attempt import Record
    from imgcli.settings import Paths

KEPT_BACK = "(set aside by moderation, or deleted)"
SOURCES = {"draft": "final of the draft", "input": "edit of", "again": "again after"}
MADE = {"final": "final", "edit": "edit", "again": "again"}


async def kin(record: "Record") -> "tuple[Lineage, Opinion]":
    """The lineage of a picture and what people said of it; of a sidecar alone where this machine has no ledger."""
    from imgcli.lineage import Lineage
    from imgcli.settings import find_paths

    paths = find_paths(os.environ)
    if record.job.is_text or record.state is not State.SETTLED or not (paths.data / "ledger.db").exists():
        return Lineage(origin=record.origin), UNSEEN
    try:
        return await _known_kin(record, paths)
    except StorageError as error:
        # The story of a picture is told without the catalog, too.
        show.talk(f"what it comes from and what was said of it cannot be told: {error}")
        return Lineage(origin=record.origin), UNSEEN


async def _known_kin(record: "Record", paths: "Paths") -> "tuple[Lineage, Opinion]":
    from imgcli.lineage import Genealogist, Lineage
    from imgcli.searching import freshen
    from imgcli.wiring import open_catalog, open_ledger

    ledger, catalog = open_ledger(paths), open_catalog(paths)
    try:
        await freshen(ledger, catalog)
        opinions = await catalog.opinions([record.attempt])
        # A sidecar does not tell of inputs all that the ledger does.
        known = await ledger.records_of([record.attempt])
        lineage = await Genealogist(ledger, catalog).lineage(known[0] if known else record)
        return Lineage(lineage.sources, lineage.made, lineage.copies, record.origin), opinions.get(
            record.attempt, UNSEEN
        )
    finally:
        await catalog.close()
        await ledger.close()


def family_rows(lineage: "Lineage", opinion: Opinion) -> "list[Row]":
    """Labels with their lines; nothing where there is nothing to tell."""
    from imgcli.reports.history_rows import marks_of

    origin = lineage.origin
    rows = [
        ("copy of", f"{origin.file}, attempt {origin.attempt}" if origin else ""),
        ("marks", ", ".join(marks_of(opinion))),
        ("stars", f"{opinion.stars} of 5" if opinion.stars else ""),
        ("tagged", ", ".join(opinion.tags)),
    ]
    copies = [f"copy   {near(each.path)}" for each in lineage.copies]
    for label, lines in (
        ("made from", list(_tree(lineage.sources, SOURCES))),
        ("made of it", [*_tree(lineage.made, MADE, more=bool(copies)), *_flat(copies)]),
    ):
        rows += [("" if number else label, line) for number, line in enumerate(lines)]
    return [row for row in rows if row[1]]


def _tree(branches: "Sequence[Branch]", words: dict[str, str], stem: str = "", *, more: bool = False) -> Iterator[str]:
    for number, branch in enumerate(branches):
        is_last = number == len(branches) - 1 and not more
        yield f"{stem}{'└─' if is_last else '├─'} {words[branch.relation]}  {_named(branch)}"
        yield from _tree(branch.branches, words, f"{stem}{'   ' if is_last else '│  '}")


def _flat(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"{'└─' if number == len(lines) - 1 else '├─'} {line}"


def _named(branch: "Branch") -> str:
    record = branch.record
    if record is None:
        return f"{branch.name} (not of this ledger)" if branch.name else KEPT_BACK
    state = "" if record.state is State.SETTLED else f", {record.state.value}"
    return f"{near(record.directory / record.name)}  {record.attempt}{state}"


def family_line(lineage: "Lineage", opinion: Opinion) -> dict[str, Any]:
    """The same for JSON."""
    from imgcli.reports.history_rows import marks_of

    origin = lineage.origin
    return {
        "marks": marks_of(opinion),
        "stars": opinion.stars,
        "tagged": list(opinion.tags),
        "made_from": [_branch(each) for each in lineage.sources],
        "made_of_it": [_branch(each) for each in lineage.made],
        "copies": [{"path": str(each.path), "at": each.at} for each in lineage.copies],
        "copy_of": {"file": origin.file, "attempt": origin.attempt} if origin else None,
    }


def _branch(branch: "Branch") -> dict[str, Any]:
    record = branch.record
    told: dict[str, Any] = {"relation": branch.relation, "attempt": record.attempt if record else None}
    told["path"] = str(record.directory / record.name) if record else branch.name or None
    return told | {"then": [_branch(each) for each in branch.branches]}
