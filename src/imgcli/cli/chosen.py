"""Options by which commands take pictures that are there, worded once: `gallery`, `sheet`, `export`, `history`."""

import difflib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from imgcli.cli import show
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.choosing import Choice, Chosen
    from imgcli.model.query import Query
    from imgcli.ports import Catalog, Ledger, Store
    from imgcli.settings import Settings

WHICH = "Which pictures"
NOTHING = "no picture is made yet; start with imgcli gen"
TOLD_EACH = 50_000
"""Pictures that are read between two lines about it, where an index is made anew."""


What = Annotated[
    list[str] | None,
    typer.Argument(metavar="WHAT", help="Directories, pictures, their sidecars, or ids of attempts (as they begin)."),
]
RunId = Annotated[
    str | None,
    typer.Option(
        "--run", metavar="ID", help="Of one run, as its id begins; `last` is the newest.", rich_help_panel=WHICH
    ),
]
Tagged = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="WORD", help="With this tag; repeatable.", rich_help_panel=WHICH),
]
Search = Annotated[
    str | None,
    typer.Option(
        "--search",
        metavar="WORDS",
        help="What a search finds, like 'lighthouse style:cinematic cost>0.05' (imgcli history search).",
        rich_help_panel=WHICH,
    ),
]
Picked = Annotated[bool, typer.Option("--picked", help="Those that are picked.", rich_help_panel=WHICH)]
Most = Annotated[
    int | None,
    typer.Option("--most", metavar="N", min=1, help="The newest N of them.", rich_help_panel=WHICH),
]


@dataclass(frozen=True, slots=True)
class Desk:
    """What choosing needs, open."""

    settings: "Settings"
    ledger: "Ledger"
    store: "Store"
    catalog: "Catalog"

    async def chosen(self, choice: "Choice") -> "Chosen":
        """As `choosing.choose`, with `last` as the newest run; what is gone or left out is told.

        Raises:
            UsageError: nothing is meant.
        """
        from imgcli.choosing import choose

        if choice.query.run == "last":
            choice = replace(choice, query=replace(choice.query, run=await self.last_run()))
        chosen = await choose(choice, self.ledger, self.store, self.catalog)
        if chosen.gone:
            show.talk(f"{chosen.gone:,} more are known, and are not where they were (imgcli verify)")
        if not chosen.picks:
            await self._explain_none(choice, chosen.rejected)
        if chosen.rejected:
            left = f"{chosen.rejected:,} rejected {'is' if chosen.rejected == 1 else 'are'} left out"
            show.talk(f"{left}; --rejected prints {'it' if chosen.rejected == 1 else 'them'} too")
        return chosen

    async def _explain_none(self, choice: "Choice", rejected: int) -> NoReturn:
        from imgcli.model.query import Query

        if rejected:
            raise UsageError(f"all that is meant is rejected ({rejected:,}); --rejected prints it")
        if not choice.what and not await self.catalog.count(Query(), 1):
            raise UsageError(NOTHING)
        await self.require_known(choice.query)
        raise UsageError("no picture is meant by that; imgcli history list shows what there is")

    async def require_known(self, query: "Query") -> None:
        """Raises:
        UsageError: a style, tag or the like that no picture has.
        """
        terms = {"style": query.styles, "tag": query.tags, "model": query.models}
        terms |= {"provider": query.providers, "quality": query.qualities}
        for kind, wanted in terms.items():
            known = {value.casefold(): value for value in await self.catalog.known(kind)} if wanted else {}
            for value in wanted:
                if value.casefold() not in known:
                    near = difflib.get_close_matches(value.casefold(), known, n=1)
                    guess = f"; did you mean {kind}:{known[near[0]]}?" if near else ""
                    raise UsageError(f"no picture has {kind}:{value}{guess}")

    async def meant(self, query: "Query") -> "Query":
        """`query` with `last` as the newest run, and the index fresh for it; how far it is read is told."""
        await self.freshen()
        return replace(query, run=await self.last_run()) if query.run == "last" else query

    async def freshen(self) -> None:
        from imgcli.searching import freshen

        told = 0

        def tell(read: int) -> None:
            nonlocal told
            if read - told >= TOLD_EACH:
                told = read
                show.talk(f"reading the ledger for searches: {read:,} pictures so far")

        await freshen(self.ledger, self.catalog, tell)

    async def last_run(self) -> str:
        """Id of the run that made the newest picture.

        Raises:
            UsageError: none is made yet.
        """
        from imgcli.model.query import Query

        await self.freshen()
        newest = await self.catalog.find(Query(), 1)
        records = await self.ledger.records_of([each.attempt for each in newest])
        if not records:
            raise UsageError("--run last: no picture is made yet")
        return records[0].run


def choice_of(
    what: Sequence[str] | None,
    run: str | None,
    tag: Sequence[str] | None,
    search: str | None,
    *,
    picked: bool,
    most: int | None = None,
    rejects: bool = True,
) -> "Choice":
    """The options as one choice.

    Raises:
        UsageError: a search that cannot be read.
    """
    from imgcli.choosing import MOST, Choice
    from imgcli.model.mark import Mark
    from imgcli.model.names import plain_name
    from imgcli.searching import parse_query

    _require_said(what=what or (), run=[run], search=[search], tag=tag or ())
    query = parse_query(search or "")
    query = replace(query, run=(run or query.run).lower(), tags=(*query.tags, *map(plain_name, tag or ())))
    if picked:
        query = replace(query, marks=(*query.marks, Mark.PICKED))
    return Choice(tuple(what or ()), query, most or MOST, rejects)


def _require_said(**said: Sequence[str | None]) -> None:
    """Raises:
    UsageError: an empty word: a variable of a script that was not set would mean every picture.
    """
    for name, words in said.items():
        if any(word is not None and not word.strip() for word in words):
            option = "WHAT" if name == "what" else f"--{name}"
            raise UsageError(f"{option} is empty; say which pictures, or leave it out for all")


@asynccontextmanager
async def open_desk(settings: "Settings") -> AsyncIterator[Desk]:
    """Ledger, store and catalog of `settings`, closed at the end."""
    from imgcli.wiring import open_catalog, open_ledger, open_store

    ledger, catalog = open_ledger(settings.paths), open_catalog(settings.paths)
    try:
        yield Desk(settings, ledger, open_store(settings.paths), catalog)
    finally:
        await catalog.close()
        await ledger.close()
