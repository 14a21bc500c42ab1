"""`imgcli edit`: pictures changed as a prompt says."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imgcli.cli.inputs import Ready
    from imgcli.model.input import Edit
    from imgcli.settings import Settings

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic")


async def edit(  # noqa: PLR0917 - a command line is named, not positional
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="IMAGE... PROMPT",
            help="Up to 16 pictures (PNG, JPEG, WebP), and last what to make of them; - reads prompts from stdin.",
        ),
    ],
    mask: Annotated[
        Path | None,
        typer.Option(
            "--mask",
            metavar="FILE",
            help="Change only where it is transparent; black and white does too, with white for what may change.",
            rich_help_panel=options.SOURCE,
        ),
    ] = None,
    mask_box: Annotated[
        list[str] | None,
        typer.Option(
            "--mask-box",
            metavar="X,Y,W,H",
            help="Change only this rectangle of the first picture, in pixels or percent; repeatable.",
            rich_help_panel=options.SOURCE,
        ),
    ] = None,
    mask_color: Annotated[
        str | None,
        typer.Option(
            "--mask-color",
            metavar="'#RRGGBB'",
            help="Change only what has this colour in the first picture.",
            rich_help_panel=options.SOURCE,
        ),
    ] = None,
    mask_tolerance: Annotated[
        int | None,
        typer.Option(
            "--mask-tolerance",
            metavar="N",
            min=0,
            max=255,
            help="How much red, green and blue may differ from --mask-color (default 16).",
            rich_help_panel=options.SOURCE,
        ),
    ] = None,
    markup: Annotated[
        Path | None,
        typer.Option(
            "--markup",
            metavar="FILE",
            help="A PNG to lay over the first picture, with marks that show what is meant, where the model takes one.",
            rich_help_panel=options.SOURCE,
        ),
    ] = None,
    input_fidelity: options.InputFidelity = None,
    downscale: options.Downscale = False,
    convert: options.Convert = None,
    style: options.Style = None,
    no: options.No = None,
    model: options.Model = None,
    provider: options.Provider = None,
    size: Annotated[
        str,
        typer.Option(
            "--size",
            "-s",
            metavar="WxH",
            help="Like 1536x1024, or square, portrait, landscape, auto. Default: input, that of the first picture, or "
            "the nearest that the model makes.",
            rich_help_panel=options.PICTURE,
        ),
    ] = "input",
    aspect: options.Aspect = None,
    quality: options.Quality = None,
    image_format: options.Format = None,
    background: options.Background = None,
    count: options.Count = 1,
    draft: options.Draft = False,
    seed: options.Seed = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PATH",
            help="A directory/, a file name, or a name template. Default: here, as photo-edit-1 for photo.jpg.",
            rich_help_panel=options.WHERE,
        ),
    ] = None,
    template: options.Template = None,
    if_exists: options.IfExists = None,
    tag: options.Tag = None,
    expect: options.Expect = None,
    tries: options.Tries = None,
    distinct: options.Distinct = False,
    policy: options.Policy = None,
    blocklist: options.Blocklist = None,
    moderate: options.Moderate = None,
    max_cost: options.MaxCost = None,
    assume_cost: options.AssumeCost = None,
    paid_retries: options.PaidRetries = None,
    reuse: options.Cache = None,
    jobs: options.Jobs = None,
    ipm: options.Ipm = None,
    base_url: options.BaseUrl = None,
    profile: options.Profile = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    preview: Annotated[
        str | None,
        typer.Option(
            "--preview",
            metavar="[FILE]",
            help="With --dry-run: draw what may change over the first picture, as photo-preview.png or FILE.",
            rich_help_panel=options.TALK,
        ),
    ] = None,
    explain: options.Explain = False,
    json: options.Json = False,
    template_out: options.Print = None,
    quiet: options.Quiet = False,
    no_preview: options.NoPreview = False,
    no_progress: options.NoProgress = False,
    opens: options.Open = False,
) -> int:
    """Make new pictures of pictures, as a prompt says.

    The pictures stay as they are. Styles dress the prompt as in gen; it is never expanded. A mask lies over the first
    picture; models take it as a hint, and may redraw the rest a little. Examples:

      imgcli edit photo.jpg "make it night"

      imgcli edit room.png chair.png "add the chair" --mask-box 40%,50%,30%,40%

      imgcli edit photo.jpg "a stormy sky" --mask sky.png --dry-run --preview
    """
    from dataclasses import replace

    from imgcli.cli.inputs import Inputs, room_for
    from imgcli.cli.making import Wanted, explain_plan, make_pictures
    from imgcli.cli.prompts import checked, stdin_lines
    from imgcli.cli.show import Output
    from imgcli.cli.wishes import Wishes, place
    from imgcli.settings import load_settings

    pictures, prompt = _parted(what, yes=yes)
    if preview is not None and not dry_run:
        raise UsageError("--preview goes with --dry-run")
    ready = _ready(mask, mask_box, mask_color, mask_tolerance, markup)
    flags: dict[str, object] = {"model": model, "provider": provider, "quality": quality, "format": image_format}
    flags |= {"template": template, "if_exists": if_exists, "max_cost": max_cost, "assume_cost": assume_cost}
    flags |= {"cache": reuse}
    flags |= {"jobs": jobs, "ipm": ipm, "base_url": base_url, "paid_retries": paid_retries, "out": out, "expand": "off"}
    flags["preview"] = options.previewing(wanted=False if no_preview else None)
    if aspect:
        options.require_aspect(aspect)
    if image_format is None:
        flags["format"] = options.format_of(out)
    flags |= {"policy": policy, "blocklist": blocklist, "moderate": moderate}
    settings = load_settings(os.environ, flags, profile)
    prompts = checked(options.joined_prompts([prompt], stdin_lines() if prompt == "-" else []), yes=yes)
    settings = _named_after(pictures[0], settings, len(prompts))
    root, name = place(settings, count, len(prompts))
    wishes = Wishes(style, no, tag, aspect or size, quality, background, count, seed, draft)
    wishes = replace(wishes, expect=options.expectations(expect, distinct=distinct, tries=tries), tries=tries)
    wishes = replace(wishes, refs=pictures, fidelity=input_fidelity)
    output = Output(json, quiet, not no_progress, template_out, opens)
    with room_for(settings.paths, keeps=not (dry_run or explain)) as cache:
        inputs = Inputs(settings, cache, replace(ready, downscale=downscale, convert=convert))
        entries = inputs.onto(wishes.entries(prompts, name))
        inputs.tell(output)
        wanted = Wanted("edit", entries, settings, root, resume=False, dry_run=dry_run, yes=yes, output=output)
        if explain:
            return await explain_plan(wanted, frozenset({"size", "quality", "background"}))
        code = await make_pictures(wanted)
        if preview is not None and entries[0].edit is not None:
            _draw_preview(entries[0].edit, cache, preview, output.json)
        return code


def _parted(what: "Sequence[str]", *, yes: bool) -> tuple[list[Path], str]:
    """The pictures and the prompt.

    Raises:
        UsageError: one of them is missing.
    """
    *pictures, prompt = what
    is_file = " " not in prompt and prompt.lower().endswith(PICTURES)
    if is_file and not yes:
        raise UsageError(f'{prompt!r} looks like a picture; say last what to make of it, like "make it night"')
    if not pictures:
        raise UsageError(f"{prompt[:60]!r} is the prompt; name a picture before it, or use imgcli gen to make one")
    return [Path(each) for each in pictures], prompt


def _ready(
    mask: Path | None,
    boxes: "Sequence[str] | None",
    colour: str | None,
    tolerance: int | None,
    markup: Path | None,
) -> "Ready":
    """What lies over the first picture.

    Raises:
        UsageError: two masks at once, or one that is mistyped.
    """
    from imgcli.cli.inputs import TOLERANCE, Ready
    from imgcli.inputs.boxes import parse_box
    from imgcli.inputs.colours import parse_colour

    given = {"--mask": mask, "--mask-box": boxes, "--mask-color": colour, "--markup": markup}
    said = [name for name, value in given.items() if value]
    if len(said) > 1:
        raise UsageError(f"{said[0]} and {said[1]} at once; choose one")
    if tolerance is not None and colour is None:
        raise UsageError("--mask-tolerance goes with --mask-color")
    if colour is not None:
        parse_colour(colour)
    parsed = [parse_box(each) for each in boxes or ()]
    return Ready(
        mask=mask,
        boxes=parsed,
        colour=colour,
        tolerance=TOLERANCE if tolerance is None else tolerance,
        markup=markup,
    )


def _named_after(picture: Path, settings: "Settings", prompts: int) -> "Settings":
    """`settings` whose names begin with that of the picture, where nobody chose others."""
    from dataclasses import replace

    if settings.sources.get("template") != "default":
        return settings
    stem = picture.stem.replace("{", "{{").replace("}", "}}")
    # Still nobody's choice: two of one name are numbered instead of refused.
    return replace(settings, template=f"{stem}-edit-{{n}}" if prompts == 1 else f"{stem}-{{slug}}-{{n}}")


def _draw_preview(edit: "Edit", cache: Path, typed: str, json: bool) -> None:
    """Write what may change of the first picture, and tell where."""
    from imgcli.cli import show
    from imgcli.cli.previews import write_preview
    from imgcli.inputs.prepare import Workshop

    path = write_preview(Workshop(cache).preview(edit), typed, edit.inputs[0].name)
    if json:
        show.json_line({"event": "preview", "path": str(path)})
    else:
        show.line(str(path))
