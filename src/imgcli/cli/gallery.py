"""`imgcli gallery`: pictures as a page to look at, search and compare."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import chosen, options, show
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from imgcli.cli.chosen import Desk
    from imgcli.exhibiting import Exhibition

SERVED = "In the browser"

LONGEST = 200
"""Letters of a title."""

EVERY = 1000
"""Pictures after which it is told how far it is."""


async def gallery(  # noqa: PLR0917 - a command line is named, not positional
    what: chosen.What = None,
    run: chosen.RunId = None,
    tag: chosen.Tagged = None,
    search: chosen.Search = None,
    picked: chosen.Picked = False,
    most: chosen.Most = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Directory of the gallery. Default: ./gallery.",
            rich_help_panel=options.WHERE,
        ),
    ] = None,
    single: Annotated[
        Path | None,
        typer.Option(
            "--single",
            metavar="FILE.html",
            help="One file, with the small pictures in it, instead of a directory.",
            rich_help_panel=options.WHERE,
        ),
    ] = None,
    copy: Annotated[
        bool,
        typer.Option(
            "--copy",
            help="Copy the pictures into the directory, so that it can be sent or moved.",
            rich_help_panel=options.WHERE,
        ),
    ] = False,
    title: Annotated[
        str | None,
        typer.Option("--title", metavar="TEXT", help="Over the pictures.", rich_help_panel=options.WHERE),
    ] = None,
    serve: Annotated[
        bool,
        typer.Option(
            "--serve",
            help="Show it to browsers of this machine, where picks, rejects, stars and tags are kept.",
            rich_help_panel=SERVED,
        ),
    ] = False,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="N", min=0, max=65535, help="Default: a free one.", rich_help_panel=SERVED),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="The page grows with what is made, also by a batch elsewhere.", rich_help_panel=SERVED
        ),
    ] = False,
    opens: Annotated[bool, typer.Option("--open", help="Open it in the browser.", rich_help_panel=SERVED)] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Write a gallery: a page to look at pictures, search, compare and choose them, without a server.

    The pictures stay where they are and are linked from there. An earlier gallery in the same place is rebuilt;
    anything else there is left alone. Without WHAT all pictures are shown. Examples:

      imgcli gallery cars/ -o cars-gallery/

      imgcli gallery --search 'lighthouse style:cinematic' --single lighthouses.html

      imgcli gallery cars/ --serve --watch --open
    """
    from imgcli.settings import load_settings

    if serve:
        _require_served(out, single, copy=copy)
        choice = chosen.choice_of(what, run, tag, search, picked=picked, most=most)
        async with chosen.open_desk(load_settings(os.environ)) as desk:
            from imgcli.cli.serving import Service
            from imgcli.cli.serving import serve as serve_it

            head = (title if title is not None else _title(what, search))[:LONGEST]
            service = Service(head, port or 0, watches=watch, opens=opens, json=json, quiet=quiet)
            return await serve_it(desk, choice, service)
    if watch or port is not None or opens:
        raise UsageError("--watch, --port and --open are of a page that is served; add --serve")
    place = _place(out, single, copy=copy)
    choice = chosen.choice_of(what, run, tag, search, picked=picked, most=most)
    settings = load_settings(os.environ)
    async with chosen.open_desk(settings) as desk:
        found = await desk.chosen(choice)
        from imgcli.exhibiting import Exhibition

        head = title if title is not None else _title(what, search)
        shown = Exhibition(found.picks[::-1], found.opinion, head[:LONGEST], copies=copy, single=single is not None)
        page = await _hang(desk, shown, place, talks=not (quiet or json))
    if json:
        show.json_line({"event": "gallery", "path": str(page), "pictures": len(found.picks)})
    else:
        show.line(str(page))
    return 0


def _require_served(out: Path | None, single: Path | None, *, copy: bool) -> None:
    """Refuse what is said of files where none are written.

    Raises:
        UsageError: with what to leave out.
    """
    if odd := "-o" if out is not None else "--single" if single is not None else "--copy" if copy else "":
        raise UsageError(f"--serve writes no files; leave out {odd}")


async def _hang(desk: "Desk", shown: "Exhibition", place: Path, *, talks: bool) -> Path:
    from imgcli.exhibiting import Curator
    from imgcli.wiring import open_smalls, open_wall

    wall, smalls = open_wall(place, single=shown.single), open_smalls(desk.settings.paths)
    tell = _teller(len(shown.picks)) if talks else lambda _: None
    return await Curator(desk.ledger, desk.store, smalls, wall, tell).hang(shown)


def _teller(total: int) -> "Callable[[int], None]":
    """Tells every so many pictures; nothing of a few."""
    due = EVERY

    def tell(done: int) -> None:
        nonlocal due
        if total > EVERY and done >= min(due, total):
            show.talk(f"{done:,} of {total:,} pictures are ready")
            due += EVERY

    return tell


def _place(out: Path | None, single: Path | None, *, copy: bool) -> Path:
    """Where the gallery goes, absolute.

    Raises:
        UsageError: two places, or a file that is no page.
    """
    if single is None:
        place = out or Path("gallery")
    elif out is not None or copy:
        raise UsageError(
            f"--single is one file and nothing beside it; leave out {'-o' if out is not None else '--copy'}"
        )
    elif single.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"--single {single}: a page ends in .html")
    else:
        place = single
    options.require_text(place)
    return Path(os.path.abspath(place.expanduser()))  # noqa: PTH100 - `resolve` would follow a link


def _title(what: list[str] | None, search: str | None) -> str:
    if search:
        return search
    names = [Path(word).resolve().name or word for word in what or ()]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "") if names else "Pictures"
