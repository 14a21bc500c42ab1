"""Where a picture comes from and what was made of it: drafts and finals, inputs and edits, copies."""

from collections.abc import Sequence
from dataclasses import dataclass

from imgcli.model.attempt import Record
from imgcli.model.input import Input
from imgcli.model.origin import Origin, Reuse
from imgcli.model.query import Query
from imgcli.ports import Catalog, Ledger

DEEPEST = 6
"""Steps that are followed, back and on."""

MOST = 20
"""Pictures made of one that are told; of more, the newest."""

DRAFT, INPUT, FINAL, EDIT, AGAIN = "draft", "input", "final", "edit", "again"


@dataclass(frozen=True, slots=True)
class Branch:
    """A picture beside another one in its story.

    Attributes:
        relation: what it is to the other: its draft or input, a final or edit of it, or made again after it.
        record: None for a file that this ledger did not make, or that may not be shown.
        name: what such a one is called; empty where it may not be shown.
        branches: its own, further on in the same direction.
    """

    relation: str
    record: Record | None
    name: str = ""
    branches: tuple["Branch", ...] = ()


@dataclass(frozen=True, slots=True)
class Lineage:
    """`sources` lead back, `made` on; `copies` were taken instead of making it anew, and it is a copy itself of `origin`."""

    sources: tuple[Branch, ...] = ()
    made: tuple[Branch, ...] = ()
    copies: Sequence[Reuse] = ()
    origin: Origin | None = None


@dataclass(slots=True)
class Genealogist:
    """Follows pictures through an index that is fresh; each is told once."""

    ledger: Ledger
    catalog: Catalog

    async def lineage(self, record: Record) -> Lineage:
        copies = await self.catalog.copies_of(record.attempt)
        sources = await self._sources(record, {record.attempt}, DEEPEST)
        made = await self._made(record, {record.attempt}, DEEPEST)
        return Lineage(tuple(sources), tuple(made), copies, record.origin)

    async def _sources(self, record: Record, seen: set[str], deep: int) -> list[Branch]:
        if not deep:
            return []
        found: list[Branch] = []
        for relation, attempt in ((DRAFT, record.job.draft), (AGAIN, record.job.again)):
            if attempt:
                records = await self.ledger.records_of([attempt])
                found.append(await self._source(relation, records[0] if records else None, attempt, seen, deep))
        inputs = record.job.edit.inputs if record.job.edit else ()
        return found + [
            await self._source(INPUT, await self._of_bytes(each, record), str(each.path), seen, deep) for each in inputs
        ]

    async def _source(self, relation: str, record: Record | None, name: str, seen: set[str], deep: int) -> Branch:
        if record is None:
            return Branch(relation, None, name)
        if _is_kept_back(record):
            return Branch(relation, None)
        if record.attempt in seen:
            return Branch(relation, record)
        seen.add(record.attempt)
        return Branch(relation, record, branches=tuple(await self._sources(record, seen, deep - 1)))

    async def _of_bytes(self, given: Input, made: Record) -> Record | None:
        """The older picture of ours that an input is: of several with its bytes the one at its place, or the first."""
        records = [record for record in await self._found(Query(sha256=given.sha256)) if _age(record) < _age(made)]
        there = [record for record in records if record.directory / record.name == given.path]
        return next(iter(there or records), None)

    async def _made(self, record: Record, seen: set[str], deep: int) -> list[Branch]:
        if not deep:
            return []
        named = await self._found(Query(source=record.attempt))
        edits = await self._found(Query(source=record.picture.sha256)) if record.picture else []
        made: list[Branch] = []
        related = [(FINAL if one.job.draft == record.attempt else AGAIN, one) for one in named]
        for relation, each in [*related, *((EDIT, one) for one in edits)]:
            if each.attempt in seen or _age(each) < _age(record):
                continue
            seen.add(each.attempt)
            if _is_kept_back(each):
                made.append(Branch(relation, None))
            else:
                made.append(Branch(relation, each, branches=tuple(await self._made(each, seen, deep - 1))))
        return made

    async def _found(self, query: Query) -> list[Record]:
        """The oldest first."""
        found = await self.catalog.find(query, MOST)
        return sorted(await self.ledger.records_of([each.attempt for each in found]), key=_age)


def _age(record: Record) -> tuple[str, str]:
    return record.created_at, record.attempt


def _is_kept_back(record: Record) -> bool:
    return record.remarks.hidden or record.remarks.deleted
