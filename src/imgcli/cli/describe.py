"""`imgcli describe`: what pictures show."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options, show
from imgcli.cli.safe import safe_text
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from imgcli.cli.viewing import Viewed

WIDE = 16
"""Letters of the first column: the longest word and two blanks."""


async def describe(  # noqa: PLR0917 - a command line is named, not positional
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Pictures (PNG, JPEG, WebP).")],
    local: Annotated[
        bool,
        typer.Option(
            "--local",
            help="Measure them here instead, free: shape, colours, light, contrast, transparency.",
            rich_help_panel=options.PICTURE,
        ),
    ] = False,
    again: options.Again = False,
    provider: options.Provider = None,
    model: options.TextModel = None,
    max_cost: options.MaxCost = None,
    assume_cost: options.AssumeCost = None,
    jobs: options.Jobs = None,
    base_url: options.BaseUrl = None,
    profile: options.Profile = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Say what pictures show: subject, composition, light, palette, medium, and the words in them.

    A text model is shown a copy of each, of at most 1024 pixels and without metadata; a picture is paid for once, and
    its description remembered. --again has it described anew. Examples:

      imgcli describe car.png

      imgcli describe *.jpg --json --max-cost 0.05

      imgcli describe car.png --local
    """
    from imgcli.cli.show import Output
    from imgcli.cli.viewing import described, settled

    if local and again:
        raise UsageError("--local measures and asks nobody; leave --again out")
    settings = settled(
        {"provider": provider, "text_model": model, "max_cost": max_cost, "assume_cost": assume_cost}
        | {"jobs": jobs, "base_url": base_url},
        profile,
    )
    output = Output(json, quiet)
    found, code = await described(images, settings, output, local=local, again=again, yes=yes, dry_run=dry_run)
    for one in found:
        _tell(one, json=json)
    return code


def _tell(one: "Viewed", *, json: bool) -> None:
    if json:
        show.json_line(one.plain())
        return
    if one.problem:
        show.error(f"{one.name}: {one.problem}")
        return
    show.line(safe_text(f"{one.name} ({one.by})"))
    for part, text in _rows(one.plain()):
        show.line(safe_text(f"  {part:<{WIDE}}{text}"))


def _rows(plain: "Mapping[str, object]") -> "Sequence[tuple[str, str]]":
    """What is known of it in words, part by part."""
    rows = [("size", f"{plain['width']}x{plain['height']}")] if "width" in plain else []
    for part, value in plain.items():
        if part in {"path", "sha256", "by", "width", "height", "has_alpha"} or value in ("", [], 0.0):
            continue
        if part == "colours" and isinstance(value, list):
            text = ", ".join(f"{c['name']} {c['hex']} {c['share']:.0%}" for c in value)
        elif isinstance(value, list):
            text = ", ".join(f'"{item}"' for item in value)
        else:
            text = f"{value:.0%}" if isinstance(value, float) else str(value)
        rows.append((part, text))
    return rows
