"""`imgcli vary`: variations of a picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.model.entry import Entry
    from imgcli.settings import Settings

STRENGTHS = ("subtle", "medium", "strong")


async def vary(  # noqa: PLR0917 - a command line is named, not positional
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="The picture (PNG, JPEG, WebP).")],
    prompt: Annotated[
        str | None, typer.Argument(metavar="PROMPT", help="What is to be different in all of them.")
    ] = None,
    count: Annotated[
        int,
        typer.Option("--count", "-n", metavar="N", min=1, max=100, help="Variations.", rich_help_panel=options.PICTURE),
    ] = 4,
    strength: Annotated[
        str,
        typer.Option(
            "--strength",
            metavar="WORD",
            help="subtle: light, crop, angle; medium: viewpoint, time of day, palette, arrangement; "
            "strong: setting, composition, treatment.",
            rich_help_panel=options.PICTURE,
        ),
    ] = "medium",
    input_fidelity: options.InputFidelity = None,
    downscale: options.Downscale = False,
    convert: options.Convert = None,
    style: options.Style = None,
    no: options.No = None,
    model: options.Model = None,
    provider: options.Provider = None,
    size: options.LikeInput = "input",
    aspect: options.Aspect = None,
    quality: options.Quality = None,
    image_format: options.Format = None,
    background: options.Background = None,
    seed: options.Seed = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PATH",
            help="A directory/, a file name, or a name template. Default: here, as car-vary-1 for car.png.",
            rich_help_panel=options.WHERE,
        ),
    ] = None,
    if_exists: options.IfExists = None,
    tag: options.Tag = None,
    reuse: options.Cache = None,
    policy: options.Policy = None,
    blocklist: options.Blocklist = None,
    moderate: options.Moderate = None,
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
    template_out: options.Print = None,
    quiet: options.Quiet = False,
    preview: options.Preview = None,
    no_progress: options.NoProgress = False,
    opens: options.Open = False,
) -> int:
    """Make variations of a picture, each different in a way that is said.

    The API's own endpoint for variations is retired: these are edits, with the picture as reference and one directed
    change each, and billed as such. What your words or a style decide is never varied. Examples:

      imgcli vary car.png

      imgcli vary car.png "in red" -n 8 --strength subtle --no people

      imgcli vary car.png --strength strong --dry-run
    """
    from imgcli.cli.inputs import Inputs, Ready, room_for
    from imgcli.cli.making import Wanted, make_pictures
    from imgcli.cli.reworking import named_after, prompt_of, settled
    from imgcli.cli.show import Output
    from imgcli.cli.wishes import Wishes, place

    if strength not in STRENGTHS:
        from imgcli.settings import guess

        raise UsageError(f"--strength {strength!r} is not one of {', '.join(STRENGTHS)}{guess(strength, STRENGTHS)}")
    words = prompt_of(prompt, yes=yes)
    if aspect:
        options.require_aspect(aspect)
    flags: dict[str, object] = {"model": model, "provider": provider, "quality": quality, "if_exists": if_exists}
    flags |= {"max_cost": max_cost, "assume_cost": assume_cost, "jobs": jobs, "ipm": ipm}
    flags["preview"] = options.previewing(wanted=preview)
    flags |= {"base_url": base_url, "paid_retries": paid_retries, "cache": reuse}
    flags |= {"policy": policy, "blocklist": blocklist, "moderate": moderate}
    settings = named_after(image, "vary-{n}", settled(flags, out, image_format, profile), prompt=words)
    root, name = place(settings, count, 1)
    wishes = Wishes(
        style, no, tag, aspect or size, quality, background, 1, seed, False, refs=[image], fidelity=input_fidelity
    )
    with room_for(settings.paths, keeps=not dry_run) as cache:
        (entry,) = Inputs(settings, cache, Ready(downscale, convert)).onto(wishes.entries([words], name))
        entries = varied(entry, strength, count, settings)
        output = Output(json, quiet, not no_progress, template_out, opens)
        wanted = Wanted("vary", entries, settings, root, resume=False, dry_run=dry_run, yes=yes, output=output)
        return await make_pictures(wanted)


def varied(entry: "Entry", strength: str, count: int, settings: "Settings") -> "list[Entry]":
    """An entry for each variation of the picture of `entry`.

    Raises:
        UsageError: an unknown style, or fewer different variations than wanted.
    """
    from imgcli.cli.reworking import directed
    from imgcli.director.deltas import Strength
    from imgcli.director.styles import find_style
    from imgcli.director.variations import variations
    from imgcli.wiring import load_styles

    shelf = load_styles(settings.paths) if entry.style else {}
    styles = [find_style(name, shelf) for name in entry.style or ()]
    seed = entry.edit.inputs[0].sha256 if entry.edit else ""
    found = variations(entry.prompt, styles, entry.no or (), Strength(strength), count, seed=seed)
    return [
        directed(entry, one.words, id=f"vary-{number}", where=f"variation {number}", before=number - 1)
        for number, one in enumerate(found, 1)
    ]
