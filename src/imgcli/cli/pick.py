"""`imgcli pick`: the pictures that are worth a final."""

import os
from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import completing, options, show
from imgcli.cli.places import near
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from imgcli.model.attempt import Record
    from imgcli.model.mark import Marked
    from imgcli.model.pick import Pick
    from imgcli.model.quote import Quote
    from imgcli.ports import Catalog, Ledger, Pricer, Store
    from imgcli.settings import Settings


async def pick(  # noqa: PLR0917 - a command line is named, not positional
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WHAT",
            help="Pictures, their sidecars, or ids of attempts (as they begin).",
            autocompletion=completing.complete_picture,
        ),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="What is picked, and what its finals will cost.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Let WHAT go again; no picture is touched.")] = False,
    reject: Annotated[
        bool, typer.Option("--reject", help="WHAT is not wanted; imgcli history again --rejected makes others.")
    ] = False,
    clear: Annotated[bool, typer.Option("--clear", help="Let all below this directory go.")] = False,
    profile: options.Profile = None,
    json: options.Json = False,
) -> int:
    """Choose drafts that are worth a final.

    It costs nothing and changes no picture. Examples:

      imgcli pick set/hero-1-draft.png set/tin-*.png

      imgcli pick --list

      imgcli final --picked
    """
    from imgcli.settings import load_settings

    named = undo or reject
    if sum((bool(what) and not named, listed, undo, reject, clear)) != 1 or (named and not what):
        raise UsageError(
            "name pictures to pick, like imgcli pick out/car-1-draft.png; or --list, --reject WHAT, --undo WHAT or --clear"
        )
    settings = load_settings(os.environ, {}, profile)
    async with _shelf(settings) as shelf:
        if listed:
            return await shelf.show_all(json=json)
        if clear:
            return await shelf.let_go(None, json=json)
        if undo:
            return await shelf.let_go(what, json=json)
        if reject:
            return await shelf.reject(what or [], json=json)
        return await shelf.pick(what or [], json=json)


@asynccontextmanager
async def _shelf(settings: "Settings") -> "AsyncIterator[Shelf]":
    from imgcli.wiring import open_catalog, open_ledger, open_pricer, open_store

    ledger, catalog = open_ledger(settings.paths), open_catalog(settings.paths)
    try:
        yield Shelf(ledger, open_store(settings.paths), catalog, open_pricer(settings))
    finally:
        await catalog.close()
        await ledger.close()


class Shelf:
    """The picks, and what tells of them."""

    def __init__(self, ledger: "Ledger", store: "Store", catalog: "Catalog", pricer: "Pricer") -> None:
        self._ledger, self._store, self._catalog, self._pricer = ledger, store, catalog, pricer

    async def pick(self, words: Sequence[str], *, json: bool) -> int:
        from imgcli.model.mark import Mark, Marked
        from imgcli.picks import find_pictures

        chosen = await find_pictures(words, self._ledger, self._store)
        for each in chosen:
            is_new = await self._catalog.mark(Marked(each.record.attempt, Mark.PICKED, each.path))
            await self._catalog.unmark(each.record.attempt, Mark.REJECTED)
            _tell_one(each.record.attempt, each.path, "picked" if is_new else "picked before", json=json)
            if each.record.job.wanted is None and not json:
                show.talk(
                    f"{each.path.name} is final already; imgcli final makes it anew with --quality or --size only"
                )
        return await self._tell_sum(json=json)

    async def reject(self, words: Sequence[str], *, json: bool) -> int:
        from imgcli.model.mark import Mark, Marked
        from imgcli.picks import find_pictures

        for each in await find_pictures(words, self._ledger, self._store):
            is_new = await self._catalog.mark(Marked(each.record.attempt, Mark.REJECTED, each.path))
            await self._catalog.unmark(each.record.attempt, Mark.PICKED)
            _tell_one(each.record.attempt, each.path, "rejected" if is_new else "rejected before", json=json)
        if not json:
            show.talk("next:  imgcli history again --rejected")
        return 0

    async def let_go(self, words: Sequence[str] | None, *, json: bool) -> int:
        """Those that `words` mean, or all."""
        from imgcli.model.mark import Mark

        every = await self._catalog.marked(Mark.PICKED)
        for attempt, path in await self._meant(words, every):
            was = await self._catalog.unmark(attempt, Mark.PICKED)
            await self._catalog.unmark(attempt, Mark.FINISHED)
            was = (words is not None and await self._catalog.unmark(attempt, Mark.REJECTED)) or was
            _tell_one(attempt, path, "let go" if was else "not picked", json=json)
        return await self._tell_sum(json=json)

    async def _meant(self, words: Sequence[str] | None, every: "Sequence[Marked]") -> list[tuple[str, Path]]:
        """By the list of picks first: a picture that was taken away can be let go too."""
        from imgcli.picks import SHORTEST, find_pictures, is_below, place_of

        if words is None:
            return [(marked.attempt, marked.path) for marked in every if is_below(marked.path, Path.cwd())]
        meant: list[tuple[str, Path]] = []
        for word in words:
            path = place_of(word)
            known = [
                (m.attempt, m.path)
                for m in every
                if m.path == path or (len(word) >= SHORTEST and m.attempt.startswith(word))
            ]
            if len(known) > 1:
                raise UsageError(f"{word} means {len(known)} picks; type more of it")
            if not known:
                found = await find_pictures([word], self._ledger, self._store)
                known = [(each.record.attempt, each.path) for each in found]
            meant += known
        return meant

    async def _tell_sum(self, *, json: bool) -> int:
        from imgcli.model.mark import Mark

        picked = {marked.attempt for marked in await self._catalog.marked(Mark.PICKED)}
        finished = {marked.attempt for marked in await self._catalog.marked(Mark.FINISHED)} & picked
        if not json:
            done = f", {len(finished)} of them with a final" if finished else ""
            then = "; next:  imgcli final --picked" if await self._is_any_draft(picked - finished) else ""
            show.talk(f"{len(picked)} picked{done}{then}")
        return 0

    async def _is_any_draft(self, picked: "Collection[str]") -> bool:
        """Whether a final can be made of one; what this ledger does not know may be a draft."""
        records = await self._ledger.records_of(picked) if picked else ()
        return len(records) < len(picked) or any(record.job.wanted is not None for record in records)

    async def show_all(self, *, json: bool) -> int:
        """A row for each pick: what it is, and what its final costs or where it is."""
        from imgcli.model.mark import Mark
        from imgcli.picks import recall

        picked = await self._catalog.marked(Mark.PICKED)
        finished = {marked.attempt for marked in await self._catalog.marked(Mark.FINISHED)}
        finals: dict[str, list[Record]] = {}
        for record in await self._ledger.finals_of([marked.attempt for marked in picked]):
            finals.setdefault(record.job.draft, []).append(record)
        lines: list[Line] = []
        for marked in picked:
            known = await recall(marked, self._ledger, self._store)
            quote = self._price(known) if known else None
            places = [str(r.directory / r.name) for r in finals.get(marked.attempt, []) if r.picture]
            lines.append(Line(marked, known, quote, marked.attempt in finished, places))
        if json:
            for line in lines:
                show.json_line(line.plain())
        elif lines:
            columns = ("picture", "id", "style", "kind", "final")
            show.draw_data(show.table("", columns, [line.cells() for line in lines]))
            _tell_price(lines)
        return 0 if json or lines else await self._tell_sum(json=json)

    def _price(self, known: "Pick") -> "Quote | None":
        from dataclasses import replace

        job = known.record.job
        if job.wanted is None:
            return None
        return self._pricer.quote(replace(job, size=job.wanted.size, quality=job.wanted.quality))


class Line:
    """One pick as it is listed; `known` is None if neither ledger nor sidecar tells of it any more."""

    def __init__(
        self, marked: "Marked", known: "Pick | None", quote: "Quote | None", finished: bool, places: Sequence[str]
    ) -> None:
        self.marked, self.known, self.quote = marked, known, quote
        self.finished, self.places = finished, places

    def cells(self) -> tuple[str, ...]:
        from imgcli.cli.drafts import expected

        path = self.marked.path
        name = near(path) + ("" if path.exists() else " (gone)")
        if self.known is None:
            return name, "", "", "unknown", "its sidecar is gone; imgcli pick --undo lets it go"
        job = self.known.record.job
        final = "" if self.quote is None else expected([self.quote])
        if self.finished:
            final = ", ".join(near(Path(place)) for place in self.places) or "made"
        style = ", ".join(job.prompt.styles)
        return name, job.entry, style, "final" if job.wanted is None else "draft", final

    def plain(self) -> Mapping[str, object]:
        from imgcli.model.money import exact_usd
        from imgcli.model.quote import Priced
        from imgcli.reports.lines import job_line

        told: dict[str, Any] = {"event": "pick", "path": str(self.marked.path), "attempt": self.marked.attempt}
        told |= {"known": self.known is not None, "finished": self.finished, "finals": list(self.places)}
        told["expected_usd"] = exact_usd(self.quote.expected) if isinstance(self.quote, Priced) else None
        return told | (job_line(self.known.record.job) if self.known else {})


def _tell_price(lines: Sequence[Line]) -> None:
    from imgcli.cli.drafts import count, expected

    left = [line.quote for line in lines if line.quote is not None and not line.finished]
    if left:
        show.talk(f"{count(len(left), 'final')} to be made, {expected(left)}:  imgcli final --picked")


def _tell_one(attempt: str, path: Path, what: str, *, json: bool) -> None:
    if json:
        show.json_line({"event": what.replace(" ", "-"), "path": str(path), "attempt": attempt})
    else:
        show.talk(f"{what}: {near(path)}")
