"""`imgcli gen`: pictures from prompts on the command line."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imgcli.cli.axes import Axis
    from imgcli.cli.making import Wanted


async def gen(  # noqa: PLR0917 - a command line is named, not positional
    prompts: Annotated[
        list[str], typer.Argument(metavar="PROMPT", help="What to paint; several at once; - reads lines of stdin.")
    ],
    style: options.Style = None,
    no: options.No = None,
    model: options.Model = None,
    provider: options.Provider = None,
    size: options.Size = None,
    aspect: options.Aspect = None,
    quality: options.Quality = None,
    image_format: options.Format = None,
    background: options.Background = None,
    count: options.Count = 1,
    draft: options.Draft = False,
    seed: options.Seed = None,
    ref: options.Ref = None,
    input_fidelity: options.InputFidelity = None,
    downscale: options.Downscale = False,
    convert: options.Convert = None,
    vary: options.Vary = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PATH",
            help="A directory/, a file name, or a name template. Default: here.",
            rich_help_panel=options.WHERE,
        ),
    ] = None,
    template: options.Template = None,
    if_exists: options.IfExists = None,
    tag: options.Tag = None,
    expect: options.Expect = None,
    tries: options.Tries = None,
    distinct: options.Distinct = False,
    expand: options.Expand = None,
    no_expand: options.NoExpand = False,
    ideas: options.Ideas = 1,
    policy: options.Policy = None,
    blocklist: options.Blocklist = None,
    moderate: options.Moderate = None,
    max_cost: options.MaxCost = None,
    assume_cost: options.AssumeCost = None,
    paid_retries: options.PaidRetries = None,
    reuse: options.Cache = None,
    near: options.Near = None,
    jobs: options.Jobs = None,
    ipm: options.Ipm = None,
    base_url: options.BaseUrl = None,
    profile: options.Profile = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    explain: options.Explain = False,
    json: options.Json = False,
    template_out: options.Print = None,
    quiet: options.Quiet = False,
    preview: options.Preview = None,
    no_progress: options.NoProgress = False,
    opens: options.Open = False,
) -> int:
    """Make pictures from prompts.

    Every call makes new pictures and gives them new names; --cache use takes those that were made before. Examples:

      imgcli gen "a car" --style cinematic

      imgcli gen "a car" "a boat" -n 4 --no "text, people" -o out/

      imgcli gen "the same car at night" --ref car.png

      imgcli gen "a {colour} car" --vary colour=red,blue --vary style=glass,none

      cat prompts.txt | imgcli gen - --style watercolor --max-cost 2.50
    """
    from dataclasses import replace

    from imgcli.cli.axes import parse_axes
    from imgcli.cli.inputs import Inputs, Ready, room_for
    from imgcli.cli.making import Wanted, explain_plan, make_pictures
    from imgcli.cli.prompts import checked, stdin_lines, unquoted
    from imgcli.cli.show import Output, talk
    from imgcli.cli.wishes import Wishes, place
    from imgcli.settings import load_settings

    flags: dict[str, object] = {
        "model": model,
        "provider": provider,
        "quality": quality,
        "format": image_format,
        "out": out,
    }
    flags |= {"template": template, "if_exists": if_exists, "max_cost": max_cost, "assume_cost": assume_cost}
    flags |= {"jobs": jobs, "ipm": ipm, "cache": reuse, "base_url": base_url, "paid_retries": paid_retries}
    flags["preview"] = options.previewing(wanted=preview)
    flags["expand"] = options.expansion(expand, ideas, no_expand=no_expand)
    wishes = Wishes(style, no, tag, aspect or size, quality, background, count, seed, draft)
    wishes = replace(wishes, expect=options.expectations(expect, distinct=distinct, tries=tries), tries=tries)
    wishes = replace(wishes, refs=tuple(ref or ()), fidelity=input_fidelity)
    if aspect:
        options.require_aspect(aspect)
    if image_format is None:
        flags["format"] = options.format_of(out)
    flags |= {"policy": policy, "blocklist": blocklist, "moderate": moderate}
    settings = load_settings(os.environ, flags, profile)
    root, name = place(settings, count, len(prompts))
    words = checked(options.joined_prompts(prompts, stdin_lines() if "-" in prompts else []), yes=yes)
    if not quiet and (doubt := unquoted(prompts)):
        talk(f"warning: {doubt}")
    entries = wishes.entries(words, name)
    output = Output(json, quiet, not no_progress, template_out, opens)
    wanted = Wanted("gen", entries, settings, root, resume=False, dry_run=dry_run, yes=yes, ideas=ideas, output=output)
    wanted = replace(wanted, near=near)
    if vary and ideas > 1:
        raise UsageError("--vary and --ideas: a cell has one prompt; leave out one of them")
    if vary:
        given: dict[str, object] = {
            "style": style,
            "model": model,
            "provider": provider,
            "quality": quality,
            "size": size,
        }
        given |= {"aspect": aspect, "background": background, "seed": seed, "no": no}
        wanted = _over_axes(wanted, parse_axes(vary, words, given), name or settings.template)
    with room_for(settings.paths, keeps=not (dry_run or explain)) as cache:
        inputs = Inputs(settings, cache, Ready(downscale, convert))
        wanted = replace(wanted, entries=inputs.onto(wanted.entries))
        inputs.tell(output)
        if explain:
            return await explain_plan(wanted, frozenset({"size", "quality", "background"}))
        return await make_pictures(wanted)


def _over_axes(wanted: "Wanted", axes: "Sequence[Axis]", template: str) -> "Wanted":
    """`wanted` with each of its prompts spread over the cells of a grid, which is drawn in the end."""
    from dataclasses import replace

    from imgcli.cli.axes import named, spread
    from imgcli.cli.hanging import Sheets, draw_grid

    whole = wanted.entries
    # The values are all that a single prompt's cells need to be told apart by.
    spreads = named([spread(replace(one, id="") if len(whole) == 1 else one, axes) for one in whole], template)
    sheets = Sheets("grid", spreads, draw_grid, wanted.root, wanted.output)
    entries = [entry for grid in spreads for entry in grid.entries]
    return replace(wanted, entries=entries, asks=True, after=sheets.hang)
