"""`imgcli gallery --serve`: the page behind a small server, for browsers of this machine, until Ctrl-C."""

import asyncio
import html
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.choosing import Choice
    from imgcli.cli.chosen import Desk
    from imgcli.following import Follower, Shown
    from imgcli.model.pick import Pick
    from imgcli.ports import Clock

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Service:
    """How a gallery is served.

    Attributes:
        port: 0 takes a free one.
        watches: whether it grows with what is made.
        opens: whether a browser is started.
    """

    title: str
    port: int = 0
    watches: bool = False
    opens: bool = False
    json: bool = False
    quiet: bool = False


async def serve(desk: "Desk", choice: "Choice", service: Service) -> int:
    """Serve what is chosen until a signal comes. Returns the exit code.

    Raises:
        UsageError: nothing is meant, or the port is taken.
    """
    from imgcli.cli.process import handled
    from imgcli.exhibiting import Shrinker
    from imgcli.following import Shown
    from imgcli.serving.door import Door
    from imgcli.showing import Exhibit, Gallery
    from imgcli.wiring import SystemClock, open_smalls

    over: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    follower = None
    if service.watches:
        shown, follower = await watched(desk, choice, SystemClock())
    else:
        shown = Shown((await desk.chosen(choice)).picks)
    shrinker, token = Shrinker(open_smalls(desk.settings.paths)), secrets.token_urlsafe(TOKEN_BYTES)
    exhibit = Exhibit(shown, desk.ledger, desk.store, desk.catalog, shrinker, service.title, token, follower)
    gallery = Gallery(exhibit)
    door = Door(gallery, _tell)
    try:
        with handled({"SIGINT": lambda: _end(over, 0), "SIGTERM": lambda: _end(over, 143)}):
            gallery.port = await door.open(service.port)
            url = f"http://127.0.0.1:{gallery.port}/{token}/"
            _announce(url, gallery.port, len(shown.picks), service)
            with _launched(url, desk.settings.paths.state) if service.opens else _nothing():
                return await over
    finally:
        await door.close()
        await shrinker.close()


def _end(over: "asyncio.Future[int]", code: int) -> None:
    if not over.done():
        over.set_result(code)


def _tell(error: Exception) -> None:
    show.error(f"a request failed ({type(error).__name__}: {error}); the gallery goes on")


def _announce(url: str, port: int, pictures: int, service: Service) -> None:
    if service.json:
        show.json_line({"event": "serving", "url": url, "port": port, "pictures": pictures})
        return
    show.line(url)
    if not service.quiet:
        few = "1 picture" if pictures == 1 else f"{pictures:,} pictures"
        grows = ", and those that are made meanwhile" if service.watches else ""
        show.talk(f"{few}{grows}, for browsers of this machine that have the whole address; Ctrl-C ends it")


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _launched(url: str, state: Path) -> Iterator[None]:
    """A browser that was sent there by a file of the user's own: command lines are read by everybody on a machine."""
    from imgcli.cli.opening import open_path

    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = state / f"gallery-{secrets.token_hex(8)}.html"
    page = f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={html.escape(url)}">\n'
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(page)
    try:
        open_path(path)
    except UsageError as error:
        show.error(str(error))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


async def watched(desk: "Desk", choice: "Choice", clock: "Clock") -> "tuple[Shown, Follower]":
    """What there is of it now, which may be nothing, and what adds the rest."""
    from imgcli.following import Follower, Shown
    from imgcli.model.query import Query
    from imgcli.picks import place_of
    from imgcli.searching import freshen

    await freshen(desk.ledger, desk.catalog)
    after, awaited = await desk.catalog.indexed(), await desk.catalog.awaited()
    since, query = "", choice.query
    if query.run == "last":
        newest = await desk.catalog.find(Query(), 1)
        records = await desk.ledger.records_of([each.attempt for each in newest])
        since = records[0].run if records else ""
        query = replace(query, run="")
        choice = replace(choice, query=replace(query, run=since))
    picks = await _there_now(desk, choice)
    shown = Shown(sorted(picks, key=lambda pick: (pick.record.created_at, pick.record.attempt)))
    places = [place for word in choice.what if not (place := place_of(word)).is_file()]
    follower = Follower(
        shown,
        desk.ledger,
        desk.catalog,
        clock,
        places=places,
        query=replace(query, run=""),
        run=query.run,
        since=since,
        after=after,
        awaited=awaited,
    )
    return shown, follower


async def _there_now(desk: "Desk", choice: "Choice") -> "list[Pick]":
    """The pictures of a choice; a directory may be empty, or be made later.

    Raises:
        UsageError: a word that means neither pictures nor a directory that may come.
    """
    from imgcli.choosing import choose

    parts = [replace(choice, what=(word,)) for word in choice.what] or [choice]
    picks: list[Pick] = []
    for part in parts:
        try:
            picks += (await choose(part, desk.ledger, desk.store, desk.catalog)).picks
        except UsageError:
            if not _may_come(part.what):
                raise
    return picks


def _may_come(words: Sequence[str]) -> bool:
    """Whether a word that means nothing now is a directory, or may be one soon; what looks like an id or a file is not."""
    from imgcli.picks import place_of

    place = place_of(words[0]) if words else Path()
    if place.exists() or not words:
        return place.is_dir()
    is_id = not set(words[0]) - set("0123456789abcdef-")
    return not (is_id or place.suffix) and place.parent.is_dir()
