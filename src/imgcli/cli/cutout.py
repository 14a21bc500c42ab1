"""`imgcli cutout`: the subject of a picture on a transparent background."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from imgcli.cli import options
from imgcli.errors import UsageError


async def cutout(  # noqa: PLR0917 - a command line is named, not positional
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="The picture (PNG, JPEG, WebP).")],
    input_fidelity: options.InputFidelity = None,
    downscale: options.Downscale = False,
    convert: options.Convert = None,
    model: options.Model = None,
    provider: options.Provider = None,
    size: options.LikeInput = "input",
    quality: options.Quality = None,
    image_format: options.Format = None,
    count: options.Count = 1,
    seed: options.Seed = None,
    tries: options.Tries = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PATH",
            help="A directory/, a file name, or a name template. Default: here, as car-cutout for car.png.",
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
    """Cut the subject of a picture out: its background becomes transparent.

    The model paints the subject anew on nothing, so it may differ a little; what comes back without transparency is set
    aside in rejected/. PNG or WebP only. Examples:

      imgcli cutout car.png

      imgcli cutout car.jpg --format webp -o out/
    """
    from imgcli.cli.inputs import Inputs, Ready, room_for
    from imgcli.cli.making import Wanted, make_pictures
    from imgcli.cli.reworking import card_for, directed, named_after, settled
    from imgcli.cli.show import Output
    from imgcli.cli.wishes import Wishes, place
    from imgcli.director.reworking import CUT_OUT
    from imgcli.reworking import require_transparency

    flags: dict[str, object] = {"model": model, "provider": provider, "quality": quality, "if_exists": if_exists}
    flags |= {"max_cost": max_cost, "assume_cost": assume_cost, "jobs": jobs, "ipm": ipm}
    flags["preview"] = options.previewing(wanted=preview)
    flags |= {"base_url": base_url, "paid_retries": paid_retries, "cache": reuse}
    flags |= {"policy": policy, "blocklist": blocklist, "moderate": moderate}
    asked = image_format or options.format_of(out)
    if asked == "jpeg":
        raise UsageError("jpeg has no transparency; use --format png or webp")
    settings = settled(flags, out, image_format, profile)
    if asked is None and settings.format == "jpeg":
        settings = replace(settings, format="png")
    settings = named_after(image, f"cutout{'-{n}' if count > 1 else ''}", settings)
    root, name = place(settings, count, 1)
    wishes = Wishes(
        (), None, tag, size, quality, "transparent", count, seed, False, ("alpha",), tries or 0, [image], input_fidelity
    )
    (entry,) = wishes.entries([""], name)
    require_transparency(*card_for(entry, settings))
    with room_for(settings.paths, keeps=not dry_run) as cache:
        entries = [
            directed(each, CUT_OUT, id="cutout", where=image.name)
            for each in Inputs(settings, cache, Ready(downscale, convert)).onto([entry])
        ]
        output = Output(json, quiet, not no_progress, template_out, opens)
        wanted = Wanted("cutout", entries, settings, root, resume=False, dry_run=dry_run, yes=yes, output=output)
        return await make_pictures(wanted)
