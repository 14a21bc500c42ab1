"""What was made, page by page: found by the index, and shown as the ledger knows it now."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from imgcli.model.attempt import Record
from imgcli.model.opinion import UNSEEN, Opinion
from imgcli.model.query import Query
from imgcli.ports import Catalog, Ledger

LEAST = 20
"""Pictures that are asked for at once, however few are wanted still."""

AT_ONCE = 500
"""Pictures in memory while all are gone through."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture that may be shown."""

    record: Record
    opinion: Opinion


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page, the newest first.

    Attributes:
        aside: pictures that would stand on it, and are set aside by moderation, deleted, or of another ledger.
        more: whether there is a page behind it.
    """

    rows: Sequence[Shown]
    aside: int
    more: bool


async def turn_to(query: Query, most: int, before: int | None, ledger: Ledger, catalog: Catalog) -> Leaf:
    """The newest `most` pictures of `query` below the number `before`; those that may not be shown take no place.

    The index must be fresh (`searching.freshen`).
    """
    rows: list[Record] = []
    aside, cursor = 0, before
    while len(rows) <= most:
        found = await catalog.find(query, max(LEAST, most + 1 - len(rows)), cursor)
        if not found:
            break
        known = {record.attempt: record for record in await ledger.records_of([each.attempt for each in found])}
        for each in found:
            record = known.get(each.attempt)
            if record is None or record.remarks.hidden or record.remarks.deleted:
                aside += 1
                continue
            rows.append(record)
            if len(rows) > most:
                break
        cursor = found[-1].number
    return Leaf(await _with_opinions(rows[:most], catalog), aside, len(rows) > most)


async def everything(query: Query, most: int | None, ledger: Ledger, catalog: Catalog) -> AsyncIterator[Shown]:
    """All that `query` finds, the newest first, in little memory; at most `most`."""
    cursor: int | None = None
    left = most
    while left is None or left > 0:
        found = await catalog.find(query, AT_ONCE, cursor)
        if not found:
            return
        known = {record.attempt: record for record in await ledger.records_of([each.attempt for each in found])}
        records = [known[each.attempt] for each in found if each.attempt in known]
        shown = [record for record in records if not (record.remarks.hidden or record.remarks.deleted)]
        for row in await _with_opinions(shown[:left], catalog):
            yield row
        left = None if left is None else left - len(shown)
        cursor = found[-1].number


async def _with_opinions(records: Sequence[Record], catalog: Catalog) -> list[Shown]:
    opinions = await catalog.opinions([record.attempt for record in records])
    return [Shown(record, opinions.get(record.attempt, UNSEEN)) for record in records]
