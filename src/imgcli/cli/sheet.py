"""`imgcli sheet`: pictures on paper, labelled."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import chosen, options, show
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.choosing import Chosen
    from imgcli.printing import Press, Printed
    from imgcli.reports.paper.plan import Print, Sheet

PAPER = "The paper"
LONGEST = 200
"""Letters of a title."""

MOST = 5000
"""Pictures of a sheet; those of a PDF are all in memory at their printed size when it is written."""

MOST_LINES = 4
MOST_TOLD = 5
"""Pictures that are named when they cannot be drawn."""


async def sheet(  # noqa: PLR0917 - a command line is named, not positional
    what: chosen.What = None,
    run: chosen.RunId = None,
    tag: chosen.Tagged = None,
    search: chosen.Search = None,
    picked: chosen.Picked = False,
    most: chosen.Most = None,
    rejected: Annotated[
        bool,
        typer.Option(
            "--rejected",
            help="Rejected ones too, which are left out unless named themselves.",
            rich_help_panel=chosen.WHICH,
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="A name that ends in .pdf, or in .png for a file of each page. Default: sheet.pdf; never overwritten.",
            rich_help_panel=options.WHERE,
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="Heads every page.", rich_help_panel=PAPER)
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            metavar="TEMPLATE",
            help="A line below each picture, like '{n} {file}'; repeatable, '' for none. Also {stem} {id} {entry} {style} "
            "{model} {provider} {size} {quality} {seed} {cost} {date} {prompt} {tags}. Default: '{file}' and "
            "'{style} · {cost}'.",
            rich_help_panel=PAPER,
        ),
    ] = None,
    columns: Annotated[
        int | None,
        typer.Option(
            "--columns",
            metavar="N",
            min=1,
            max=12,
            help="Pictures side by side; by their number if not given.",
            rich_help_panel=PAPER,
        ),
    ] = None,
    paper: Annotated[
        str,
        typer.Option("--paper", metavar="NAME", help="a3, a4, a5, letter, legal or tabloid.", rich_help_panel=PAPER),
    ] = "a4",
    landscape: Annotated[
        bool, typer.Option("--landscape/--portrait", help="The paper lying, or standing.", rich_help_panel=PAPER)
    ] = False,
    margin: Annotated[
        float,
        typer.Option("--margin", metavar="MM", min=0, max=100, help="On all sides.", rich_help_panel=PAPER),
    ] = 14,
    dpi: Annotated[
        int,
        typer.Option(
            "--dpi", metavar="N", min=36, max=1200, help="Pixels an inch of the pictures.", rich_help_panel=PAPER
        ),
    ] = 300,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Print pictures as a contact sheet: labelled, with margins, as a PDF or as PNGs.

    The text of a PDF can be searched and copied. Without WHAT all pictures are on it. Examples:

      imgcli sheet cars/ --title "Cars, second round" -o cars.pdf

      imgcli sheet --picked --paper a3 --landscape --label '{n}  {file}' --label '{prompt}'
    """
    from imgcli.settings import load_settings

    size = _paper(paper, landscape=landscape)
    place = _place(out)
    choice = chosen.choice_of(what, run, tag, search, picked=picked, most=most, rejects=rejected)
    async with chosen.open_desk(load_settings(os.environ)) as desk:
        found = await desk.chosen(choice)
        from imgcli.printing import Press
        from imgcli.reports.paper.plan import Sheet
        from imgcli.reports.paper.wording import facts

        head = (title if title is not None else _title(what, search))[:LONGEST]
        wanted = Sheet(head, facts(found.picks), _foot(), _prints(found, label), size, margin, columns or 0)
        press = Press(desk.store, place.parent, place.stem, dpi, _now())
        printed = await _print(press, wanted, pdf=place.suffix.lower() == ".pdf")
    _tell(printed, len(found.picks), json=json, quiet=quiet)
    return 1 if printed.blank else 0


async def _print(press: "Press", wanted: "Sheet", *, pdf: bool) -> "Printed":
    return await (press.pdf(wanted) if pdf else press.pngs(wanted))


def _prints(found: "Chosen", label: Sequence[str] | None) -> "list[Print]":
    """The pictures with the lines of their labels.

    Raises:
        UsageError: too many, or a template with a field that there is not.
    """
    from imgcli.reports.paper.plan import Print
    from imgcli.reports.paper.wording import DEFAULT, FIELDS, fields_of, joined

    if len(found.picks) > MOST:
        raise UsageError(f"{len(found.picks):,} pictures are too many for a sheet; {MOST:,} are the most (--most)")
    templates = DEFAULT if label is None else [each for each in label if each]
    if len(templates) > MOST_LINES:
        raise UsageError(f"--label: {len(templates)} lines; {MOST_LINES} are the most")
    for template in templates:
        show.fill(template, dict.fromkeys(FIELDS, ""), "--label")
    prints = []
    for number, pick in enumerate(found.picks, 1):
        picture = pick.record.picture
        shape = (picture.width or 0, picture.height or 0) if picture else (0, 0)
        fields = dict(fields_of(pick, number, found.opinion(pick).tags))
        lines = [joined(show.fill(template, fields, "--label")) for template in templates]
        prints.append(Print(pick.path, shape, tuple(lines)))
    return prints


def _tell(printed: "Printed", count: int, *, json: bool, quiet: bool) -> None:
    for path, why in printed.blank[:MOST_TOLD]:
        show.error(f"{path.name} is blank: {why}")
    if len(printed.blank) > MOST_TOLD:
        show.error(f"and {len(printed.blank) - MOST_TOLD} more are blank")
    paths = [str(path) for path in printed.paths]
    if json:
        blank = [str(path) for path, _ in printed.blank]
        show.json_line({"event": "sheet", "paths": paths, "pages": printed.pages, "pictures": count, "blank": blank})
        return
    for made in paths:
        show.line(made)
    if not quiet:
        pages = f"{printed.pages} page{'s' * (printed.pages != 1)}"
        show.talk(f"{count:,} picture{'s' * (count != 1)} on {pages}")


def _paper(name: str, *, landscape: bool) -> tuple[float, float]:
    """Width and height in millimetres.

    Raises:
        UsageError: there is no such paper.
    """
    from imgcli.reports.paper.plan import PAPERS
    from imgcli.settings import guess

    if name.lower() not in PAPERS:
        raise UsageError(f"--paper {name!r}: there is {', '.join(PAPERS)}{guess(name.lower(), list(PAPERS))}")
    width, height = PAPERS[name.lower()]
    return (height, width) if landscape else (width, height)


def _place(out: Path | None) -> Path:
    """The file, absolute.

    Raises:
        UsageError: neither PDF nor PNG, or a directory that is not there.
    """
    place = Path(os.path.abspath((out or Path("sheet.pdf")).expanduser()))  # noqa: PTH100 - `resolve` would follow a link
    if place.suffix.lower() not in {".pdf", ".png"}:
        raise UsageError(f"--out {out}: write a name that ends in .pdf or .png")
    options.require_text(place)
    if not place.parent.is_dir():
        raise UsageError(f"--out {out}: there is no directory {place.parent}")
    return place


def _title(what: Sequence[str] | None, search: str | None) -> str:
    if search:
        return search
    names = [Path(word).resolve().name or word for word in what or ()]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "") if names else "Pictures"


def _foot() -> str:
    from imgcli.reports.paper.wording import span

    today = _now().date()
    return f"Contact sheet of {span(today, today)}"


def _now() -> datetime:
    return datetime.now(UTC)
