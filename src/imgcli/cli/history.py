"""`imgcli history list` and `search`: what was made, found again."""

import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import chosen, completing, options, show
from imgcli.cli.chosen import NOTHING, WHICH, Desk, choice_of, open_desk
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.model.attempt import Record
    from imgcli.model.query import Query
    from imgcli.pages import Leaf, Shown
    from imgcli.reports.excerpt import Part

MOST = 20
"""Pictures of a page, if nobody says otherwise."""

COUNTED, COUNTED_BY_OPINION = 1000, 200
"""Found pictures that are counted; of more it is said that there are more. Those with marks are dearer to count."""

Page = Annotated[
    int,
    typer.Option("--most", metavar="N", min=1, max=10_000, help="Pictures of a page (20).", rich_help_panel=WHICH),
]
Before = Annotated[
    str | None,
    typer.Option(
        "--before",
        metavar="ID",
        help="The page behind this one: the last id of a page.",
        autocompletion=completing.complete_picture,
        rich_help_panel=WHICH,
    ),
]


Thumbnails = Annotated[
    bool,
    typer.Option(
        "--thumbnails",
        help="The pictures below their lines, each over its id, where a terminal shows them.",
        rich_help_panel=options.TALK,
    ),
]


async def list_pictures(  # noqa: PLR0917 - a command line is named, not positional
    run: chosen.RunId = None,
    tag: chosen.Tagged = None,
    search: chosen.Search = None,
    picked: chosen.Picked = False,
    most: Page = MOST,
    before: Before = None,
    failed: Annotated[
        bool,
        typer.Option(
            "--failed", help="Attempts that brought no picture, why, and what they cost.", rich_help_panel=WHICH
        ),
    ] = False,
    thumbnails: Thumbnails = False,
    json: options.Json = False,
) -> int:
    """List pictures, the newest first, with ids that all commands take.

    Marks: + picked, x rejected, e exported, o opened, 4* its stars; gone: its file is not where it was. Examples:

      imgcli history

      imgcli history list --run last --picked

      imgcli history list --failed --json
    """
    from imgcli.settings import load_settings

    if failed and (tag or search or picked or thumbnails):
        raise UsageError("--failed goes with --run, --most and --before only: what brought no picture is in no index")
    choice = choice_of(None, run, tag, search, picked=picked)
    async with open_desk(load_settings(os.environ)) as desk:
        if failed:
            from imgcli.cli.failures import show_failed

            return await show_failed(desk, choice.query.run, most, before, json=json)
        query = await desk.meant(choice.query)
        turned = Turned(desk=desk, query=query, most=most, thumbnails=thumbnails, json=json)
        return await turned.show(before, "imgcli history list")


async def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="What to look for; see above.")],
    most: Page = MOST,
    before: Before = None,
    thumbnails: Thumbnails = False,
    json: options.Json = False,
) -> int:
    """Search all prompts: typed, directed and revised.

    Every word must be there: car* finds beginnings, "old town" a phrase, -night leaves out. With them go
    style:cinematic, tag:hero, model:gpt-image-2, provider:openai, quality:high, id:hero-1, run:019ab3,
    cost>0.05, cost<=1, since:2026-11-01, until:2026-11-30, day:2026-11-21, stars>=4,
    is:picked, is:finished, is:rejected, is:opened, is:exported, not: with each of these,
    is:draft, is:final, is:edit, is:plain. Quote < and > for your shell. Examples:

      imgcli history search lighthouse -night style:cinematic

      imgcli history search '"old town" cost>0.05 since:2026-11-01 is:picked'

      imgcli history search 灯塔 tag:hero --json
    """
    from imgcli.searching import parse_query
    from imgcli.settings import load_settings

    query = parse_query(_joined(words))
    async with open_desk(load_settings(os.environ)) as desk:
        query = await desk.meant(query)
        turned = Turned(desk=desk, query=query, most=most, thumbnails=thumbnails, json=json)
        return await turned.show(before, "imgcli history search WORDS")


def _joined(words: Sequence[str]) -> str:
    """Words as they were meant: what a shell took the quotes from is a phrase again; a single one is a whole search."""
    for word in words:
        # -night is a word that is left out, so that Typer lets all of them through here.
        if word.startswith("--"):
            near = difflib.get_close_matches(word, ("--json", "--most", "--before", "--thumbnails"), n=1)
            raise UsageError(f"there is no option {word[:40]}{f'; did you mean {near[0]}?' if near else ''}")
    if len(words) == 1:
        return words[0]
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    if " " not in word or '"' in word:
        return word
    key, colon, value = word.partition(":")
    return f'{key}:"{value}"' if colon and key.isalpha() and key.islower() and " " not in key else f'"{word}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """One page of what a query finds, on its way to the terminal."""

    desk: Desk
    query: "Query"
    most: int
    thumbnails: bool
    json: bool

    async def show(self, before: str | None, command: str) -> int:
        from imgcli.pages import turn_to

        desk = self.desk
        number = await self._number(before)
        leaf = await turn_to(self.query, self.most, number, desk.ledger, desk.catalog)
        if not leaf.rows and number is None:
            await desk.require_known(self.query)
        ids = await desk.ledger.short([row.record.attempt for row in leaf.rows])
        if self.json:
            for row in leaf.rows:
                show.json_line(_line(row, ids[row.record.attempt], _said(row.record, self.query.words)))
        elif leaf.rows:
            from imgcli.cli import listing

            said = {row.record.attempt: _parts(row.record, self.query.words) for row in leaf.rows}
            listing.draw(leaf.rows, ids, said)
            if self.thumbnails:
                await self._show(leaf.rows, ids)
        await self._end(leaf, ids, command)
        return 0

    async def _show(self, rows: "Sequence[Shown]", ids: Mapping[str, str]) -> None:
        """Each picture over its id, where somebody looks."""
        from imgcli.cli.inline import preview

        wish = self.desk.settings.preview
        paths = [row.record.directory / row.record.name for row in rows]
        names = [ids[row.record.attempt] for row in rows]
        await preview(paths, self.desk.store.look, "auto" if wish == "off" else wish, names)

    async def _number(self, before: str | None) -> int | None:
        if before is None:
            return None
        records = await self.desk.ledger.begun(before.lower(), 2)
        number = await self.desk.catalog.number_of(records[0].attempt) if len(records) == 1 else None
        if number is None:
            raise UsageError(
                f"--before {before[:40]}: no one picture has an id that begins so; see imgcli history list"
            )
        return number

    async def _end(self, leaf: "Leaf", ids: Mapping[str, str], command: str) -> None:
        from imgcli.model.query import Query

        by_opinion = bool(self.query.marks or self.query.stars or self.query.tags)
        most = None if self.query == Query() else COUNTED_BY_OPINION if by_opinion else COUNTED
        count = await self.desk.catalog.count(self.query, most)
        is_more = most is not None and count >= most
        last = ids[leaf.rows[-1].record.attempt] if leaf.rows and leaf.more else None
        if self.json:
            end = {"event": "end", "shown": len(leaf.rows), "found": count, "found_is_exact": not is_more}
            show.json_line(end | {"aside": leaf.aside, "before": last})
            return
        if not leaf.rows:
            show.talk("nothing is found" if self.query != Query() else NOTHING)
            self._doubt()
        else:
            found = f"{count:,}{'+' if is_more else ''}"
            show.talk(f"{len(leaf.rows):,} of {found} {'picture' if found == '1' else 'pictures'}")
        if leaf.aside:
            show.talk(f"{leaf.aside:,} counted among them may not be shown: set aside by moderation, or deleted")
        if last:
            show.talk(f"next page:  {command} --before {last}  (with the same filters)")

    def _doubt(self) -> None:
        """A key that is none was searched for as a word."""
        from imgcli.searching import KEYS, unknown_key

        if key := unknown_key(self.query):
            show.talk(f"there is no key {key[:40]}: and it was taken for a word; keys are {', '.join(KEYS)}")


def _line(row: "Shown", name: str, said: Sequence[dict[str, Any]]) -> dict[str, Any]:
    from imgcli.reports.history import record_line
    from imgcli.reports.history_rows import marks_of

    record = row.record
    told = {"event": "picture", "short": name} | record_line(record, record.job.key)
    told |= {"prompt": record.job.prompt.typed, "marks": marks_of(row.opinion), "stars": row.opinion.stars}
    told |= {"tagged": list(row.opinion.tags), "there": os.path.lexists(record.directory / record.name)}
    return told | ({"said": said} if said else {})


def _texts(record: "Record") -> list[tuple[str, str]]:
    from imgcli.reports.history import stages

    revised = record.painted.revised if record.painted else ""
    return [(stage.name, stage.text) for stage in stages(record.job.prompt, revised)]


def _said(record: "Record", words: Sequence[str]) -> list[dict[str, Any]]:
    """Where the words are, stage by stage."""
    from imgcli.reports.excerpt import found_in

    found = [(name, text, found_in(text, words)) for name, text in _texts(record)] if words else []
    return [
        {"stage": name, "words": [text[first:last] for first, last in spans]} for name, text, spans in found if spans
    ]


def _parts(record: "Record", words: Sequence[str]) -> "list[tuple[Part, ...]]":
    """The stage that says the most of the words, as much of it as a line takes."""
    from imgcli.cli.listing import width
    from imgcli.reports.excerpt import Part, excerpt, found_in

    if not words:
        return []
    name, text = max(_texts(record), key=lambda stage: len({w for w in words if found_in(stage[1], [w])}))
    parts = excerpt(text, words, max(20, width() - len(name) - 10))
    return [(Part(f"{name}: ", found=False), *parts)] if parts else []
