"""Where a picture may have been made before: by the very job, by the form of its words, by a model's opinion of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from imgcli.catalog.alike import loose_key, opposed, rest_key
from imgcli.catalog.near import Embedder, ranked, unpacked
from imgcli.catalog.pictures import Entry, PictureCache
from imgcli.model.attempt import Record, State
from imgcli.model.job import Job
from imgcli.model.origin import Alike, Match, Origin, Place
from imgcli.ports import Catalog, Ledger

MOST = 20
"""Pictures of one job that are tried; of more, the older ones are not."""

PAGE = 1000
NEAREST = 5
NEAR_ENOUGH = 0.9
"""Below, a model's opinion is not worth a line; where to take a picture unseen is for the user to say (`--near`)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A picture that may do, which nobody has looked at yet.

    Attributes:
        record: what its ledger, or its sidecar in the cache, tells of it.
        entry: its entry, if it lies in the cache directory.
        similarity: what the model says, of one that is near.
    """

    record: Record
    path: Path
    match: Match
    entry: Entry | None = None
    similarity: float = 1.0

    @property
    def origin(self) -> Origin:
        """Of a copy of a copy, the first of them."""
        record, job = self.record, self.record.job
        if record.origin is not None and self.match is Match.EXACT:
            return record.origin
        cost = None if "unpriced" in record.flags else record.cost
        words = {} if self.match is Match.EXACT else {"typed": job.prompt.typed, "directed": job.prompt.text}
        place = Place.CACHE if self.entry else Place.DIRECTORY
        name = Path(record.name).name
        return Origin(place, name, record.attempt, cost, self.match, **words)


@dataclass(slots=True)
class Finder:
    """Looks in the ledger first, then in the cache directory; what it yields has a file of the right size.

    Attributes:
        ledger: None where there is none yet.
        read_story: key of its job and record, of a sidecar; raises ValueError.
        embedder: tells where words stand; None where nobody is asked.
        is_read: the ledger was read for what is alike.
        fresh: attempts of this run by the form of their words.
    """

    ledger: Ledger | None
    catalog: Catalog
    pictures: PictureCache | None
    read_story: Callable[[bytes, Path], tuple[str, Record]]
    embedder: Embedder | None = None
    is_read: bool = False
    fresh: dict[str, list[str]] = field(default_factory=dict)

    async def exact(self, job: Job) -> AsyncIterator[Found]:
        for record in await self.ledger.of_key(job.key, MOST) if self.ledger else ():
            if found := _of_ledger(record, Match.EXACT):
                yield found
        entry = await asyncio.to_thread(self.pictures.find, job.key) if self.pictures else None
        if entry and (found := self._of_cache(entry, Match.EXACT)):
            yield found

    async def loose(self, job: Job) -> AsyncIterator[Found]:
        """Pictures of the same words in another form, all else being the same."""
        form = loose_key(job)
        await self.catch_up()
        for attempt in [*reversed(self.fresh.get(form, [])), *await self.catalog.alike(form)]:
            if found := await self._of_attempt(attempt, job, Match.LOOSE):
                yield found
        entry = await asyncio.to_thread(self.pictures.find_loose, form) if self.pictures else None
        if entry and (found := self._of_cache(entry, Match.LOOSE)):
            yield found

    async def near(self, job: Job, least: float) -> AsyncIterator[Found]:
        """Pictures whose words a model finds alike, all else being the same, and of which no rule says that they differ."""
        if self.embedder is None:
            return
        await self.catch_up()
        catalog, model = self.catalog, self.embedder.model
        rows = await catalog.vectors(rest_key(job), model)
        if not rows:
            return
        vector = await self.embedder.embed(job)
        close = ranked(vector, ((attempt, unpacked(data)) for attempt, data in rows), least, NEAREST)
        for attempt, similarity in close:
            found = await self._of_attempt(attempt, job, Match.NEAR)
            if found and not opposed(job.prompt.typed, found.record.job.prompt.typed):
                yield replace(found, similarity=similarity)

    async def at_home(self, found: Found) -> Found | None:
        """`found` where it was made, if it is there still; None for what the ledger knows to be set aside."""
        records: Sequence[Record] = await self.ledger.begun(found.record.attempt, 1) if self.ledger else ()
        record = next((each for each in records if each.attempt == found.record.attempt), None)
        if record is None:
            return found
        if record.remarks.aside and not record.remarks.settled.startswith("released"):
            return None
        home = _of_ledger(record, found.match)
        return replace(home, similarity=found.similarity) if home else found

    async def catch_up(self) -> None:
        """Read what the ledger has had since, once in a run."""
        if self.is_read or self.ledger is None:
            return
        self.is_read = True
        catalog = self.catalog
        read = await catalog.likened()
        while True:
            records, seen = await self.ledger.settled(read, PAGE)
            if not records:
                return
            await catalog.liken([_alike(record) for record in records], seen)
            if seen <= read or len(records) < PAGE:
                return
            read = seen

    async def _of_attempt(self, attempt: str, job: Job, match: Match) -> Found | None:
        records: Sequence[Record] = await self.ledger.begun(attempt, 1) if self.ledger else ()
        record = next((each for each in records if each.attempt == attempt), None)
        # The very job was looked for before.
        if record is None or record.state is not State.SETTLED or record.job.key == job.key:
            return None
        return _of_ledger(record, match)

    def _of_cache(self, entry: Entry, match: Match) -> Found | None:
        try:
            key, record = self.read_story(entry.facts.story.encode(), entry.path.parent)
        except ValueError:
            return None
        if key != entry.facts.key or record.picture is None or record.picture.sha256 != entry.facts.sha256:
            return None
        if record.remarks.aside and not record.remarks.settled.startswith("released"):
            return None
        return Found(record, entry.path, match, entry)


def _alike(record: Record) -> Alike:
    return Alike(record.attempt, rest_key(record.job), loose_key(record.job))


def _of_ledger(record: Record, match: Match) -> Found | None:
    """None for one that is set aside, or not there any more as it was saved."""
    path, picture, remarks = record.directory / record.name, record.picture, record.remarks
    if picture is None or (remarks.aside and not remarks.settled.startswith("released")):
        return None
    try:
        is_there = path.stat().st_size == picture.size_bytes
    except OSError:
        return None
    return Found(record, path, match) if is_there else None
