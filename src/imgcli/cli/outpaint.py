"""`imgcli outpaint`: a picture continued beyond its edges."""

from pathlib import Path
from typing import Annotated

import typer

from imgcli.cli import options


async def outpaint(  # noqa: PLR0917 - a command line is named, not positional
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="The picture (PNG, JPEG, WebP).")],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="WxH",
            help="The size of all of it; the picture must fit in.",
            rich_help_panel=options.PICTURE,
        ),
    ],
    prompt: Annotated[str | None, typer.Argument(metavar="PROMPT", help="What is to be seen in the new area.")] = None,
    anchor: Annotated[
        str,
        typer.Option(
            "--anchor",
            metavar="WORD",
            help="Where the picture lies in it: center, left, right, top, bottom, top-left, top-right, bottom-left or "
            "bottom-right.",
            rich_help_panel=options.PICTURE,
        ),
    ] = "center",
    no: options.No = None,
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
            help="A directory/, a file name, or a name template. Default: here, as car-1536x1024 for car.png.",
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
    """Continue a picture beyond its edges.

    The picture is laid on a larger canvas, and the model fills what is around it: an edit with a mask. Models take a mask
    as a hint, and may redraw the rest a little. Examples:

      imgcli outpaint car.png --to 1536x1024

      imgcli outpaint car.png "a wide beach" --to 2048x1152 --anchor left
    """
    from imgcli.cli.inputs import room_for
    from imgcli.cli.making import Wanted, make_pictures
    from imgcli.cli.reworking import card_for, directed, named_after, prompt_of, require_fixed, settled
    from imgcli.cli.show import Output
    from imgcli.cli.wishes import Wishes, place
    from imgcli.director.reworking import continued
    from imgcli.inputs.prepare import Workshop
    from imgcli.inputs.read import read_input
    from imgcli.model.input import Edit
    from imgcli.model.size import Size
    from imgcli.reworking import require_masks

    width, height = require_fixed("--to", to)
    words = prompt_of(prompt, yes=yes)
    flags: dict[str, object] = {"model": model, "provider": provider, "quality": quality, "if_exists": if_exists}
    flags |= {"max_cost": max_cost, "assume_cost": assume_cost, "jobs": jobs, "ipm": ipm}
    flags["preview"] = options.previewing(wanted=preview)
    flags |= {"base_url": base_url, "paid_retries": paid_retries, "cache": reuse}
    flags |= {"policy": policy, "blocklist": blocklist, "moderate": moderate}
    what = f"{width}x{height}{'-{n}' if count > 1 else ''}"
    settings = named_after(image, what, settled(flags, out, image_format, profile), prompt=words)
    root, name = place(settings, count, 1)
    (entry,) = Wishes((), no, tag, f"{width}x{height}", quality, None, count, seed, False).entries([words], name)
    require_masks(*card_for(entry, settings), Size(width, height))
    with room_for(settings.paths, keeps=not dry_run) as cache:
        canvas, mask = Workshop(cache).canvas(read_input(image), width, height, anchor)
        entries = [directed(entry, continued(words), id="outpaint", where=image.name, edit=Edit((canvas,), mask))]
        output = Output(json, quiet, not no_progress, template_out, opens)
        wanted = Wanted("outpaint", entries, settings, root, resume=False, dry_run=dry_run, yes=yes, output=output)
        return await make_pictures(wanted)
