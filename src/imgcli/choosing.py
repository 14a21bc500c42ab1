"""What a person points at -> the pictures that are meant: directories, files, ids, runs, tags, searches, picks."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from imgcli.errors import UsageError
from imgcli.model.attempt import Record
from imgcli.model.mark import Mark
from imgcli.model.opinion import UNSEEN, Opinion
from imgcli.model.pick import Pick
from imgcli.model.query import Query
from imgcli.picks import find_pictures, place_of
from imgcli.ports import Catalog, Ledger, Store
from imgcli.searching import freshen

MOST = 100_000
"""Pictures of one choice; who wants more says which."""

PAGE = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """What was pointed at.

    Attributes:
        what: directories, pictures, sidecars, or how ids of attempts begin; pictures in any of them are meant.
        query: what else must hold, or what is meant where `what` is empty.
        most: the newest so many.
        rejects: whether rejected pictures are meant that are neither pointed at by their own names nor looked for.
    """

    what: tuple[str, ...] = ()
    query: Query = field(default_factory=Query)
    most: int = MOST
    rejects: bool = True

    @property
    def leaves_out(self) -> bool:
        """Whether rejected pictures are left out."""
        return not self.rejects and Mark.REJECTED not in self.query.marks


@dataclass(frozen=True, slots=True)
class Chosen:
    """The pictures that are meant, oldest first, each there as a file now; and what people said of each.

    `gone` counts pictures that are known and not where they were, `rejected` those left out because they are.
    """

    picks: Sequence[Pick]
    opinions: Mapping[str, Opinion]
    gone: int = 0
    rejected: int = 0

    def opinion(self, pick: Pick) -> Opinion:
        return self.opinions.get(pick.record.attempt, UNSEEN)


async def choose(choice: Choice, ledger: Ledger, store: Store, catalog: Catalog) -> Chosen:
    """The pictures of a choice. What moderation keeps from being shown, and what a person deleted, is not among them.

    Directories are read by their sidecars, so that those of another machine work too; this machine's ledger is
    believed before them.

    Raises:
        UsageError: a word that means nothing.
    """
    if choice.what:
        picks, named = await _pointed_at(choice.what, ledger, store)
        if choice.query != Query():
            fitting = await _fitting(choice.query, [pick.record.attempt for pick in picks], ledger, catalog)
            picks = [pick for pick in picks if pick.record.attempt in fitting]
        shown, rejected = await _wanted(picks, catalog, named) if choice.leaves_out else (_shown(picks), 0)
        there = [pick for pick in shown if _is_there(pick.path)]
        gone = len(shown) - len(there)
    else:
        there, gone, rejected = await _found(choice, ledger, catalog)
    there = sorted(there, key=lambda pick: (pick.record.created_at, pick.record.attempt))[-choice.most :]
    opinions = await catalog.opinions([pick.record.attempt for pick in there])
    return Chosen(there, opinions, gone, rejected)


def _shown(picks: Sequence[Pick]) -> list[Pick]:
    return [pick for pick in picks if _may_be_shown(pick)]


async def _wanted(picks: Sequence[Pick], catalog: Catalog, named: Collection[Path] = ()) -> tuple[list[Pick], int]:
    """Those that may be shown and are `named` or not rejected; and how many are left out because they are, and there."""
    shown = _shown(picks)
    opinions = await catalog.opinions([pick.record.attempt for pick in shown])
    rejected = {attempt for attempt, opinion in opinions.items() if Mark.REJECTED in opinion.marks}
    out = {pick.path for pick in shown if pick.record.attempt in rejected and pick.path not in named}
    return [pick for pick in shown if pick.path not in out], sum(map(_is_there, out))


async def _found(choice: Choice, ledger: Ledger, catalog: Catalog) -> tuple[list[Pick], int, int]:
    """By the index alone, page by page: those that are meant and there, how many are gone, and how many rejected."""
    await freshen(ledger, catalog)
    picks: list[Pick] = []
    gone = rejected = 0
    before: int | None = None
    while len(picks) < choice.most:
        page = await catalog.find(choice.query, min(PAGE, choice.most - len(picks)), before)
        if not page:
            break
        some = [_pick(record) for record in await ledger.records_of([each.attempt for each in page])]
        # What is not shown takes no place among the newest that are wanted.
        kept, out = await _wanted(some, catalog) if choice.leaves_out else (_shown(some), 0)
        there = [pick for pick in kept if _is_there(pick.path)]
        picks += there
        gone, rejected = gone + len(kept) - len(there), rejected + out
        before = page[-1].number
    return picks, gone, rejected


async def _fitting(query: Query, attempts: Sequence[str], ledger: Ledger, catalog: Catalog) -> set[str]:
    """Those of `attempts` that `query` finds; one that this ledger does not know is found by nothing."""
    await freshen(ledger, catalog)
    wanted, fitting = set(attempts), set[str]()
    before: int | None = None
    while page := await catalog.find(query, PAGE, before):
        fitting |= wanted & {each.attempt for each in page}
        before = page[-1].number
    return fitting


async def _pointed_at(words: Sequence[str], ledger: Ledger, store: Store) -> tuple[list[Pick], set[Path]]:
    """The pictures, and where those are that were pointed at one by one."""
    found: dict[str, Pick] = {}
    named: set[Path] = set()
    for word in words:
        place = place_of(word)
        picks = await _below(place, ledger, store) if _is_directory(place) else None
        if picks is None:
            picks = await find_pictures([word], ledger, store)
            named |= {pick.path for pick in picks}
        elif not picks:
            raise UsageError(f"{word}: no picture in it has a sidecar, which tells how it was made")
        found |= {str(pick.path): pick for pick in picks}
    return list(found.values()), named


async def _below(directory: Path, ledger: Ledger, store: Store) -> list[Pick]:
    told = await store.told(directory)
    known: dict[str, Record] = {}
    attempts = [record.attempt for _, record in told]
    for start in range(0, len(attempts), PAGE):
        known |= {record.attempt: record for record in await ledger.records_of(attempts[start : start + PAGE])}
    picks = []
    for key, record in told:
        path = record.directory / record.name
        mine = known.get(record.attempt)
        # What the ledger says became of it counts, where the file is what the sidecar says.
        shown = replace(record, remarks=mine.remarks, job=mine.job) if mine else record
        picks.append(Pick(shown, path, key))
    return picks


def _pick(record: Record) -> Pick:
    return Pick(record, record.directory / record.name, record.job.key)


def _may_be_shown(pick: Pick) -> bool:
    return not (pick.record.remarks.hidden or pick.record.remarks.deleted)


def _is_there(path: Path) -> bool:
    # The words of os.path answer for any name, also one that no disk takes.
    return os.path.isfile(path)  # noqa: PTH113


def _is_directory(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - as above
