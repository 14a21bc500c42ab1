"""`imgcli upscale`: a picture made anew in a higher resolution."""

import math
from pathlib import Path
from typing import Annotated

import typer

from imgcli.cli import options
from imgcli.errors import UsageError


async def upscale(  # noqa: PLR0917 - a command line is named, not positional
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="The picture (PNG, JPEG, WebP).")],
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="WxH", help="Its new size, of the same shape.", rich_help_panel=options.PICTURE),
    ] = None,
    by: Annotated[
        float | None,
        typer.Option(
            "--by",
            metavar="N",
            min=1,
            max=16,
            help="So many times as wide and high (default 2), or the nearest that the model makes.",
            rich_help_panel=options.PICTURE,
        ),
    ] = None,
    downscale: options.Downscale = False,
    convert: options.Convert = None,
    model: options.Model = None,
    provider: options.Provider = None,
    quality: options.Quality = None,
    image_format: options.Format = None,
    count: options.Count = 1,
    seed: options.Seed = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PATH",
            help="A directory/, a file name, or a name template. Default: here, as car-2048x2048 for car.png.",
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
    """Make a picture anew in a higher resolution.

    It is made again by a model that has it as reference, at high fidelity where there is a choice, and not enlarged pixel
    by pixel: fine detail is invented, and letters and faces may change. Examples:

      imgcli upscale car.png

      imgcli upscale car.png --to 2880x2880 --quality high
    """
    from imgcli.cli.inputs import Inputs, Ready, room_for
    from imgcli.cli.making import Wanted, make_pictures
    from imgcli.cli.reworking import card_for, directed, named_after, require_fixed, settled
    from imgcli.cli.show import Output
    from imgcli.cli.wishes import Wishes, place
    from imgcli.director.reworking import REMADE
    from imgcli.inputs.read import read_input
    from imgcli.model.size import Size
    from imgcli.reworking import enlarged

    if to is not None and by is not None:
        raise UsageError("--to and --by at once; choose one")
    if by is not None and not math.isfinite(by):  # nan is inside of any range
        raise UsageError(f"--by {by} is no number from 1 to 16")
    flags: dict[str, object] = {"model": model, "provider": provider, "quality": quality, "if_exists": if_exists}
    flags |= {"max_cost": max_cost, "assume_cost": assume_cost, "jobs": jobs, "ipm": ipm}
    flags["preview"] = options.previewing(wanted=preview)
    flags |= {"base_url": base_url, "paid_retries": paid_retries, "cache": reuse}
    flags |= {"policy": policy, "blocklist": blocklist, "moderate": moderate}
    settings = named_after(image, f"{{size}}{'-{n}' if count > 1 else ''}", settled(flags, out, image_format, profile))
    root, name = place(settings, count, 1)
    wishes = Wishes((), None, tag, None, quality, None, count, seed, False, refs=[image])
    (entry,) = wishes.entries([""], name)
    card, cards = card_for(entry, settings)
    wanted_size = None if to is None else Size(*require_fixed("--to", to))
    size = enlarged(read_input(image), wanted_size, by or 2, card, cards)
    fidelity = "high" if card.edits and "high" in card.edits.fidelities and not card.is_open else None
    entry = directed(entry, REMADE, id="upscale", where=image.name, size=str(size), fidelity=fidelity)
    with room_for(settings.paths, keeps=not dry_run) as cache:
        entries = Inputs(settings, cache, Ready(downscale, convert)).onto([entry])
        output = Output(json, quiet, not no_progress, template_out, opens)
        wanted = Wanted("upscale", entries, settings, root, resume=False, dry_run=dry_run, yes=yes, output=output)
        return await make_pictures(wanted)
