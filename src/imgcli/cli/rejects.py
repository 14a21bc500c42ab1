"""The pictures that were rejected, and which of them one call means."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.model.mark import Marked
    from imgcli.model.pick import Pick
    from imgcli.model.query import Query
    from imgcli.ports import Catalog, Studio


async def meant(
    words: Sequence[str], query: "Query", studio: "Studio", catalog: "Catalog"
) -> "tuple[list[Marked], int]":
    """Those that were chosen, or else all below this directory; and how many are left alone for that.

    Raises:
        UsageError: none is.
    """
    from imgcli.model.mark import Mark
    from imgcli.model.query import Query
    from imgcli.picks import is_below, place_of

    every = await catalog.marked(Mark.REJECTED)
    meant, elsewhere = list(every), 0
    if query != Query():
        fitting = await _fitting(query, studio, catalog)
        meant = [each for each in every if each.attempt in fitting]
    if words or query == Query():
        # Another project's rejects are another project's money.
        places = [place_of(word) for word in words] or [Path.cwd()]
        near = [each for each in meant if any(is_below(each.path, place) for place in places)]
        elsewhere = 0 if words else len(meant) - len(near)
        meant = near
    if not meant:
        there = f"; {elsewhere:,} elsewhere (--search finds them anywhere)" if elsewhere else ""
        raise UsageError(f"nothing that was chosen is rejected{there}; reject with:  imgcli pick --reject FILE...")
    return meant, elsewhere


async def _fitting(query: "Query", studio: "Studio", catalog: "Catalog") -> set[str]:
    """The rejects that `query` finds."""
    from imgcli.model.mark import Mark
    from imgcli.searching import PAGE, freshen

    await freshen(studio.ledger, catalog)
    if query.run == "last":
        newest = await catalog.find(replace(query, run="", marks=(), tags=()), 1)
        records = await studio.ledger.records_of([each.attempt for each in newest])
        query = replace(query, run=records[0].run if records else "last")
    query = replace(query, marks=(*query.marks, Mark.REJECTED))
    found: set[str] = set()
    before: int | None = None
    while page := await catalog.find(query, PAGE, before):
        found |= {each.attempt for each in page}
        before = page[-1].number
    return found


async def recalled(marked: "Sequence[Marked]", studio: "Studio") -> "tuple[list[Pick], int]":
    """The pictures that were marked, and how many of them may not be shown or are nowhere."""
    from imgcli.picks import recall

    picks = []
    for each in marked:
        try:
            pick = await recall(each, studio.ledger, studio.store)
        except UsageError:
            continue
        if pick is not None and not pick.record.remarks.deleted:
            picks.append(pick)
    return picks, len(marked) - len(picks)
