"""`imgcli styles sheet`: one prompt in many styles, on one labelled sheet."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options
from imgcli.errors import StyleError, UsageError

if TYPE_CHECKING:
    from imgcli.cli.axes import Spread
    from imgcli.cli.hanging import Filled
    from imgcli.model.prompt import Style
    from imgcli.reports.grid import Grid

MOST_STYLES = 240
OTHERS = "other styles"
"""Heads those of no family, where others have one."""


def complete_family(typed: str) -> list[str]:
    from imgcli.settings import find_paths
    from imgcli.wiring import load_styles

    families = {style.family for style in load_styles(find_paths(os.environ)).values()}
    return sorted(family for family in families if family and family.startswith(typed))


async def style_sheet(  # noqa: PLR0917 - a command line is named, not positional
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="What to paint in every style.")],
    family: Annotated[
        list[str] | None,
        typer.Option(
            "--family",
            metavar="NAME",
            help="All styles of a family; repeatable.",
            autocompletion=complete_family,
            rich_help_panel=options.PICTURE,
        ),
    ] = None,
    style: Annotated[
        list[str] | None,
        typer.Option(
            "--style",
            metavar="NAME",
            help="A style, or a blend like cinematic+neon-noir; repeatable.",
            autocompletion=options.complete_style,
            rich_help_panel=options.PICTURE,
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All styles there are.", rich_help_panel=options.PICTURE)
    ] = False,
    no: options.No = None,
    model: options.Model = None,
    provider: options.Provider = None,
    size: Annotated[
        str, typer.Option("--size", "-s", metavar="WxH", help="Of every picture.", rich_help_panel=options.PICTURE)
    ] = "square",
    aspect: options.Aspect = None,
    quality: options.Quality = None,
    image_format: options.Format = None,
    background: options.Background = None,
    seed: options.Seed = None,
    columns: Annotated[
        int | None,
        typer.Option(
            "--columns",
            metavar="N",
            min=1,
            max=10,
            help="Pictures side by side; by their number if not given.",
            rich_help_panel=options.WHERE,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="A directory. Default: here.", rich_help_panel=options.WHERE),
    ] = None,
    template: options.Template = None,
    if_exists: options.IfExists = None,
    tag: options.Tag = None,
    expand: options.Expand = None,
    no_expand: options.NoExpand = False,
    max_cost: options.MaxCost = None,
    assume_cost: options.AssumeCost = None,
    paid_retries: options.PaidRetries = None,
    jobs: options.Jobs = None,
    ipm: options.Ipm = None,
    base_url: options.BaseUrl = None,
    profile: options.Profile = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    no_progress: options.NoProgress = False,
    opens: options.Open = False,
) -> int:
    """Make one labelled sheet of a prompt in many styles, as a PNG and as a page, beside the pictures.

    The price is shown and asked for first. Examples:

      imgcli styles sheet "a car" --family cinema

      imgcli styles sheet "a car" --all --provider placeholder -o sheets/
    """
    from imgcli.cli.axes import Axis, named, spread
    from imgcli.cli.hanging import Sheets
    from imgcli.cli.making import Wanted, make_pictures
    from imgcli.cli.show import Output
    from imgcli.model.entry import Entry
    from imgcli.settings import load_settings
    from imgcli.wiring import load_styles

    if not prompt.strip():
        raise UsageError('no prompt: type what to paint, like imgcli styles sheet "a red car" --all')
    options.require_prompt(prompt)
    flags: dict[str, object] = {"model": model, "provider": provider, "quality": quality, "format": image_format}
    flags |= {"template": template, "if_exists": if_exists, "max_cost": max_cost, "assume_cost": assume_cost}
    flags |= {"jobs": jobs, "ipm": ipm, "base_url": base_url, "paid_retries": paid_retries}
    flags["expand"] = options.expansion(expand, 1, no_expand=no_expand)
    if aspect:
        options.require_aspect(aspect)
    settings = load_settings(os.environ, flags, profile)
    root = out or Path(settings.out or Path.cwd())
    options.require_text(root)
    styles = load_styles(settings.paths)
    groups = chosen(styles, family or (), style or (), every=every)
    axis = Axis("style", tuple(name for _, names in groups for name in names))
    entry = Entry(
        prompt=prompt,
        id="",
        where="the sheet",
        no=tuple(no or ()),
        size=aspect or size,
        quality=quality,
        background=background,
        seed=seed,
        tags=tuple(tag or ()),
    )

    def draw(cells: "Spread", filled: "Filled") -> "Grid":
        return draw_sheet(cells, filled, groups, styles, columns or 0)

    output = Output(json, quiet, not no_progress, opens=opens)
    spreads = named([spread(entry, (axis,))], settings.template)
    sheets = Sheets("sheet", spreads, draw, root, output)
    wanted = Wanted(
        "styles sheet",
        spreads[0].entries,
        settings,
        root,
        resume=False,
        dry_run=dry_run,
        yes=yes,
        output=output,
        asks=True,
        after=sheets.hang,
    )
    return await make_pictures(wanted)


def chosen(
    styles: "Mapping[str, Style]", families: Sequence[str], names: Sequence[str], *, every: bool
) -> list[tuple[str, list[str]]]:
    """Names of styles, or blends, by family: families in the order of the alphabet, those without one last.

    Styles that were only named one by one are one group, in the order they were typed.

    Raises:
        UsageError: nothing was chosen, too much, or what there is not.
    """
    from imgcli.cli.axes import AXES, NONE
    from imgcli.director.styles import find_style

    known = sorted({style.family for style in styles.values()} - {""})
    if not (families or names or every):
        more = f", --family ({', '.join(known)})" if known else ""
        raise UsageError(f"which styles? --all ({len(styles)}){more}, or --style for each (imgcli styles list)")
    for family in families:
        _require_family(family, known)
    picked = sorted(name for name, style in styles.items() if every or style.family in families)
    for name in names:
        try:
            blend = AXES["style"](name)
        except ValueError as error:
            raise UsageError(f"--style: {error}") from None
        for part in () if blend == NONE else blend.split("+"):
            find_style(part, styles)
        picked.append(blend)
    picked = list(dict.fromkeys(picked))
    if len(picked) > MOST_STYLES:
        raise UsageError(f"{len(picked)} styles on one sheet; {MOST_STYLES} are the most, so choose families")
    if not (families or every):
        # Single ones picked by hand are compared side by side; a family of one would only leave a gap.
        return [("", picked)]
    groups: dict[str, list[str]] = {family: [] for family in (*known, "")}
    for name in picked:
        groups[styles[name].family if name in styles else ""].append(name)
    return [(family, found) for family, found in groups.items() if found]


def draw_sheet(
    cells: "Spread",
    filled: "Filled",
    groups: Sequence[tuple[str, Sequence[str]]],
    styles: "Mapping[str, Style]",
    across: int,
) -> "Grid":
    """The sheet with a name and a description for each style."""
    from imgcli.cli.hanging import label_of
    from imgcli.reports.grid import Wish, sheet

    drawn = []
    for family, names in groups:
        wishes = [
            Wish(label_of("style", name), styles[name].description if name in styles else "", filled[name,])
            for name in names
        ]
        drawn.append((family.replace("-", " ") or (OTHERS if len(groups) > 1 else ""), wishes))
    return sheet(cells.prompt, "style", drawn, across)


def _require_family(family: str, known: Sequence[str]) -> None:
    from imgcli.settings import guess

    if family not in known:
        there = f"there are {', '.join(known)}" if known else "no style has one"
        raise StyleError(f"no family {family!r}{guess(family, list(known))}; {there}")
