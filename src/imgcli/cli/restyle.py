"""`imgcli restyle`: a picture in another style."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.director.restyling import Keep

KEEPS = ("composition", "subject", "palette")


async def restyle(  # noqa: PLR0917 - a command line is named, not positional
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="The picture (PNG, JPEG, WebP).")],
    style: Annotated[
        list[str],
        typer.Option(
            "--style",
            metavar="NAME",
            help="A style of the Director; give it again to blend several (imgcli styles list).",
            autocompletion=options.complete_style,
            rich_help_panel=options.PICTURE,
        ),
    ],
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep",
            metavar="WORD",
            help="What stays as it is: composition, subject, palette; repeatable. Default: composition and subject.",
            rich_help_panel=options.PICTURE,
        ),
    ] = None,
    describe: Annotated[
        bool,
        typer.Option(
            "--describe/--no-describe",
            help="Have a text model describe the picture first, for a fraction of a cent.",
            rich_help_panel=options.PICTURE,
        ),
    ] = True,
    again: options.Again = False,
    input_fidelity: options.InputFidelity = None,
    downscale: options.Downscale = False,
    convert: options.Convert = None,
    no: options.No = None,
    model: options.Model = None,
    provider: options.Provider = None,
    size: options.LikeInput = "input",
    aspect: options.Aspect = None,
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
            help="A directory/, a file name, or a name template. Default: here, as car-cinematic for car.png.",
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
    """Make a picture anew in another style.

    A text model describes it first, from a copy of at most 1024 pixels without metadata; what is kept is told to the
    image model, and the rest comes from the style. A description is paid once, and remembered. Examples:

      imgcli restyle car.png --style watercolor

      imgcli restyle car.png --style cinematic --keep subject --no people
    """
    from imgcli.cli.inputs import Inputs, Ready, room_for
    from imgcli.cli.making import Wanted, make_pictures
    from imgcli.cli.redressing import Redressing
    from imgcli.cli.reworking import named_after, settled
    from imgcli.cli.show import Output
    from imgcli.cli.wishes import Wishes, place

    kept = kept_of(keep)
    if again and not describe:
        raise UsageError("--again has the picture described anew; leave it or --no-describe out")
    if aspect:
        options.require_aspect(aspect)
    flags: dict[str, object] = {"model": model, "provider": provider, "quality": quality, "if_exists": if_exists}
    flags |= {"max_cost": max_cost, "assume_cost": assume_cost, "jobs": jobs, "ipm": ipm}
    flags["preview"] = options.previewing(wanted=preview)
    flags |= {"base_url": base_url, "paid_retries": paid_retries, "cache": reuse}
    flags |= {"policy": policy, "blocklist": blocklist, "moderate": moderate}
    settings = named_after(image, f"{{style}}{'-{n}' if count > 1 else ''}", settled(flags, out, image_format, profile))
    root, name = place(settings, count, 1)
    wishes = Wishes(
        style, no, tag, aspect or size, quality, None, count, seed, False, refs=[image], fidelity=input_fidelity
    )
    with room_for(settings.paths, keeps=not dry_run) as cache:
        (entry,) = Inputs(settings, cache, Ready(downscale, convert)).onto(wishes.entries([""], name))
        entry = replace(entry, id="restyle", where=image.name)
        write = Redressing(entry, kept, settings, root, cache, describes=describe, again=again).write
        output = Output(json, quiet, not no_progress, template_out, opens)
        wanted = Wanted(
            "restyle", (), settings, root, resume=False, dry_run=dry_run, yes=yes, output=output, write=write
        )
        return await make_pictures(wanted)


def kept_of(words: "list[str] | None") -> "tuple[Keep, ...]":
    """What `--keep` says; the usual where it is not said.

    Raises:
        UsageError: a word that is none.
    """
    from imgcli.director.restyling import USUALLY, Keep
    from imgcli.settings import guess

    for word in words or ():
        if word not in KEEPS:
            raise UsageError(f"--keep {word!r} is not one of {', '.join(KEEPS)}{guess(word, KEEPS)}")
    return tuple(Keep(word) for word in dict.fromkeys(words)) if words else USUALLY
