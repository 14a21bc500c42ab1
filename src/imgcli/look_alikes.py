"""Which pictures of a run look alike, and which look like one that was made before."""

import asyncio
import os
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from imgcli.errors import LedgerError, StorageError
from imgcli.measure.dhash import Alike
from imgcli.measure.workers import Workers
from imgcli.model.events import Event, JobEnded
from imgcli.model.job import Job
from imgcli.model.likeness import Likeness
from imgcli.model.outcome import Made
from imgcli.ports import Catalog, Ledger

MOST_TOLD = 5
"""Lines; more of them say the same of other prompts."""


class Lookout:
    """Hashes every new picture beside the run, and tells at its end what looks alike; nothing here costs a picture."""

    def __init__(self, workers: Workers, catalog: Catalog) -> None:
        self._workers, self._catalog = workers, catalog
        self._under_way: list[asyncio.Task[None]] = []
        self._seen: dict[Hashable, list[Likeness]] = {}
        self._edits: set[str] = set()
        self._sources: dict[str, frozenset[str]] = {}

    def observe(self, event: Event) -> None:
        if isinstance(event, JobEnded) and isinstance(event.outcome, Made):
            self._under_way.append(asyncio.ensure_future(self._look(event.outcome)))

    async def tell(self, ledger: Ledger) -> list[str]:
        """What is worth telling, once all is hashed; what the pictures look like is remembered.

        A final is to look like its draft, and a picture made again like the one before: of those nothing is told.
        """
        await asyncio.gather(*self._under_way, return_exceptions=True)
        fresh = {each.sha256 for group in self._seen.values() for each in group}
        new = [each for group in self._seen.values() for each in group]
        if not new:
            return []
        try:
            before = await self._catalog.likenesses()
            await self._catalog.remember(new)
        except StorageError as error:
            return [f"what the new pictures look like was not remembered: {error}"]
        # One that is gone may have left its very name to a new one.
        taken = {each.path for each in new}
        known = [each for each in before if each.sha256 not in fresh and each.path not in taken]
        looked = [each for each in new if each.sha256 not in self._edits]
        lines = [*within(self._seen), *against(looked, known, await self._kin(ledger))]
        more = [f"and {len(lines) - MOST_TOLD} more like these"] if len(lines) > MOST_TOLD else []
        return [*lines[:MOST_TOLD], *more]

    async def _kin(self, ledger: Ledger) -> Mapping[str, frozenset[str]]:
        """SHA-256 of a new picture -> those of the draft and of the picture it is made from."""
        attempts = frozenset().union(*self._sources.values())
        try:
            records = await ledger.records_of(attempts) if attempts else ()
        except LedgerError:
            records = ()  # one line too many is told then
        known = {record.attempt: record.picture.sha256 for record in records if record.picture}
        return {
            sha256: frozenset(known[attempt] for attempt in sources if attempt in known)
            for sha256, sources in self._sources.items()
        }

    async def _look(self, made: Made) -> None:
        path = made.saved.path
        try:
            found = await self._workers.measure(path, hash_only=True)
        except ValueError:
            return  # an SVG, or taken away meanwhile
        if made.job.edit is not None:
            self._edits.add(made.saved.picture.sha256)  # it is to look like what it was made from
        if sources := frozenset(filter(None, (made.job.draft, made.job.again))):
            self._sources[made.saved.picture.sha256] = sources
        self._seen.setdefault(group_of(made.job), []).append(Likeness(made.saved.picture.sha256, found.dhash, path))


def group_of(job: Job) -> Hashable:
    """What pictures have in common that should differ all the same: what was typed and asked for, but for their words.

    The variations of a picture and the ideas of one prompt are entries of their own, and yet of one group.
    """
    inputs = tuple(each.sha256 for each in job.edit.inputs) if job.edit else ()
    asked = (job.provider, job.model, job.size, job.quality, job.background)
    return (job.directory, job.prompt.typed, job.prompt.styles, inputs, asked)


def within(groups: Mapping[Hashable, Sequence[Likeness]]) -> list[str]:
    """`3 of 4 look alike: car-1.png, car-2.png, car-4.png`, for every prompt of which that is so."""
    lines = []
    for group in groups.values():
        every = Alike((each.dhash, str(each.path)) for each in group)
        alike = [each.path.name for each in group if len(every.of(each.dhash)) > 1]
        if alike:
            lines.append(f"{len(alike)} of {len(group)} look alike: {', '.join(sorted(alike))}")
    return lines


def against(
    new: Sequence[Likeness], before: Sequence[Likeness], kin: Mapping[str, frozenset[str]] = MappingProxyType({})
) -> list[str]:
    """What looks like a picture that was made before and is still there; `kin`: those that each is to look like."""
    known, paths = Alike((each.dhash, each.sha256) for each in before), {each.sha256: each.path for each in before}
    lines = []
    for each in new:
        others = (paths[other] for other in known.of(each.dhash) if other not in kin.get(each.sha256, ()))
        older = next((path for path in others if path.exists()), None)
        if older is not None:
            lines.append(f"{each.path.name} looks like {_short(older)}, made before")
    return lines


def _short(path: Path) -> str:
    """`path` as it is typed here, unless it is shorter whole."""
    try:
        return min(os.path.relpath(path), str(path), key=len)
    except (OSError, ValueError):
        return str(path)  # on another drive, or the current directory is gone
