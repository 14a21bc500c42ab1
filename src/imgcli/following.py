"""The pictures of a gallery that is served, and those that are added to them while somebody looks."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

from imgcli.model.attempt import Record
from imgcli.model.pick import Pick
from imgcli.model.query import Query
from imgcli.model.verdict import Aside
from imgcli.picks import is_below
from imgcli.ports import Catalog, Clock, Ledger
from imgcli.searching import freshen

PAGE = 500

PAUSE = 1.0
"""Seconds between two looks into the ledger, however many browsers ask."""


class Shown:
    """Pictures in the order in which they came, each attempt once; what is there stays, and has its number."""

    def __init__(self, picks: Sequence[Pick] = ()) -> None:
        self.picks: list[Pick] = []
        self.by_attempt: dict[str, Pick] = {}
        self.by_sha: dict[str, list[str]] = {}
        for pick in picks:
            self.add(pick)

    def add(self, pick: Pick) -> None:
        if pick.record.attempt in self.by_attempt:
            return
        self.picks.append(pick)
        self.by_attempt[pick.record.attempt] = pick
        if pick.record.picture:
            self.by_sha.setdefault(pick.record.picture.sha256, []).append(pick.record.attempt)

    async def pages(self, ledger: Ledger) -> AsyncIterator[list[Pick]]:
        """All that may be shown now, some at once."""
        for start in range(0, len(self.picks), PAGE):
            yield await self.visible(self.picks[start : start + PAGE], ledger)

    async def visible(self, picks: Sequence[Pick], ledger: Ledger) -> list[Pick]:
        """Those of `picks` that may be shown: the ledger is asked each time, as a person may decide meanwhile."""
        known = {record.attempt: record for record in await ledger.records_of([pick.record.attempt for pick in picks])}
        return [pick for pick in picks if not _is_kept_back(known.get(pick.record.attempt, pick.record))]


def _is_kept_back(record: Record) -> bool:
    return record.remarks.hidden or record.remarks.deleted


class Follower:
    """Adds to `shown` what the ledger settles from now on, where it is one of those that are meant.

    Args:
        places: directories (absolute) in which they are, or below; none where the query alone decides.
        query: what must hold, but for its run.
        run: how the ids of their runs begin.
        since: an id of a run; those of it and of all later ones are meant.
        after, awaited: how far the ledger was read for `shown`, and what was under way up to there (`model.query.Page`).
    """

    def __init__(
        self,
        shown: Shown,
        ledger: Ledger,
        catalog: Catalog,
        clock: Clock,
        *,
        places: Sequence[Path] = (),
        query: Query | None = None,
        run: str = "",
        since: str = "",
        after: int = 0,
        awaited: Sequence[str] = (),
    ) -> None:
        self._shown, self._ledger, self._catalog, self._clock = shown, ledger, catalog, clock
        self._places, self._query, self._run, self._since, self._after = places, query or Query(), run, since, after
        self._awaited, self._waiting = awaited, set[str]()
        self._is_new = True
        self._lock = asyncio.Lock()
        self._looked = float("-inf")

    async def look(self) -> None:
        """See what is new, at most once in a PAUSE."""
        async with self._lock:
            if self._clock.monotonic() - self._looked < PAUSE:
                return
            if self._is_new:
                self._wait_for(await self._ledger.set_aside(Aside.QUARANTINE))
                self._is_new = False
            new = await self._settled()
            self._wait_for(new)
            # One that a person lets out of quarantine was settled long ago.
            await self._take([*await self._ledger.records_of(self._waiting), *new])
            self._looked = self._clock.monotonic()

    def _wait_for(self, records: Sequence[Record]) -> None:
        self._waiting |= {record.attempt for record in records if record.remarks.hidden}

    async def _settled(self) -> list[Record]:
        found: list[Record] = []
        while True:
            page = await self._ledger.indexable(self._after, PAGE, self._awaited)
            found += await self._ledger.records_of([each.attempt for each in page.pictures])
            self._after, self._awaited = page.seen, page.awaited
            if page.done:
                return sorted(found, key=lambda record: (record.created_at, record.attempt))

    async def _take(self, records: Sequence[Record]) -> None:
        new = [record for record in records if self._is_meant(record)]
        if new and self._query != Query():
            fitting = await self._fitting(new)
            new = [record for record in new if record.attempt in fitting]
        for record in new:
            path = record.directory / record.name
            if await asyncio.to_thread(os.path.isfile, path):
                self._shown.add(Pick(record, path, record.job.key))

    def _is_meant(self, record: Record) -> bool:
        if record.attempt in self._shown.by_attempt or record.job.is_text or _is_kept_back(record):
            return False
        if not record.run.startswith(self._run) or record.run < self._since:
            return False
        return not self._places or any(is_below(record.directory, place) for place in self._places)

    async def _fitting(self, records: Sequence[Record]) -> set[str]:
        """Those of `records` that the query finds, looked for among pictures of their age."""
        await freshen(self._ledger, self._catalog)
        oldest = min(record.created_at for record in records)
        query = replace(self._query, since=max(self._query.since, oldest))
        found: set[str] = set()
        before: int | None = None
        while page := await self._catalog.find(query, PAGE, before):
            found |= {each.attempt for each in page}
            before = page[-1].number
        return found
