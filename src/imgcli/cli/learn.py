"""`imgcli styles learn`: a style distilled from pictures."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options, show
from imgcli.errors import ImgcliError, StyleError, UsageError
from imgcli.model.money import format_usd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imgcli.cli.show import Output
    from imgcli.model.input import Input
    from imgcli.model.quote import Quote
    from imgcli.ports import Studio
    from imgcli.settings import Settings


async def learn_style(  # noqa: PLR0917 - a command line is named, not positional
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="1 to 8 pictures of one look.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Lower-case letters, digits and hyphens.")],
    family: Annotated[
        str | None, typer.Option("--family", metavar="NAME", help="What it stands under in lists.")
    ] = None,
    again: options.Again = False,
    provider: options.Provider = None,
    model: options.TextModel = None,
    max_cost: options.MaxCost = None,
    assume_cost: options.AssumeCost = None,
    base_url: options.BaseUrl = None,
    profile: options.Profile = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Distil a style of your own from pictures.

    A text model is shown copies of at most 1024 pixels, without metadata, and says how they are made and not what they
    show; the colours are measured here. The same pictures are paid for once. Examples:

      imgcli styles learn a.png b.png c.png --name our-look

      imgcli styles learn brand/*.jpg --name brand --family ours --dry-run
    """
    from imgcli.cli.show import Output
    from imgcli.cli.viewing import ASK_AGAIN, settled
    from imgcli.director.distilling import MOST_PICTURES
    from imgcli.inputs.read import Reader
    from imgcli.reports.summary import most_urgent
    from imgcli.wiring import open_studio

    if len(images) > MOST_PICTURES:
        raise UsageError(f"{len(images):,} pictures; {MOST_PICTURES} are the most that a style is learned from")
    flags: dict[str, object] = {"provider": provider, "text_model": model, "max_cost": max_cost}
    settings = settled(flags | {"assume_cost": assume_cost, "base_url": base_url}, profile)
    path = free_path(name, family, settings)
    reader = Reader()
    pictures = [reader.input(image) for image in images]
    output = Output(json, quiet)
    async with open_studio(settings, os.environ, lambda _: None) as studio:
        answer, code = await _answer(pictures, studio, settings, output, again=again, yes=yes, dry_run=dry_run)
    if answer is None:
        return code
    try:
        _write(answer.text, path, family or "", pictures, output, dry_run=dry_run)
    except ImgcliError as error:
        # What is paid is no mistake in what was typed, and whoever was billed too much must hear of it.
        show.error(f"{error} (the answer cost {answer.cost}; {ASK_AGAIN})")
        return code or most_urgent([error.exit_code])
    return code


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the text model said, and what that cost, for people."""

    text: str
    cost: str


def free_path(name: str, family: str | None, settings: "Settings") -> Path:
    """Where the style will be, before anything is paid for it.

    Raises:
        UsageError: the name or the family is none, or taken.
    """
    from imgcli.director.distilling import Look, style_text

    style_text(Look("", ("Soft light.",)), name, (), 1, family or "")
    path = settings.paths.styles / f"{name}.toml"
    if os.path.lexists(path):
        raise UsageError(f"{path} exists; nothing is ever overwritten, so choose another name")
    return path


async def _answer(
    pictures: "Sequence[Input]",
    studio: "Studio",
    settings: "Settings",
    output: "Output",
    *,
    again: bool,
    yes: bool,
    dry_run: bool,
) -> tuple[_Answer | None, int]:
    """What the text model says, or said before; None where it was not asked now."""
    from imgcli.cli import asked
    from imgcli.cli.inputs import room_for
    from imgcli.describing import require_provider, take_of, viewer
    from imgcli.director.description import LOOKED_AT
    from imgcli.director.distilling import is_look, question_about
    from imgcli.inputs.prepare import Workshop

    seen = viewer(require_provider(studio, settings), settings)
    if not seen.model:
        raise UsageError(f"{seen.why}, and a style is not learned by measuring; use another --provider")
    with room_for(settings.paths, keeps=not dry_run) as cache:
        copies = [Workshop(cache).smaller(picture, LOOKED_AT) for picture in pictures]
        question = question_about(copies, provider=seen.provider, model=seen.model)
        take = await take_of(question, "learn", studio, settings, is_look, again=again)
        quote = take.quote
        if take.painted is not None:
            return await _kept(quote, studio), 0
        if dry_run:
            await asked.dry_run([quote], studio, settings, output)
            return None, 0
        if output.talks:
            show.talk(asked.told_first([quote])[0])
        failed, code = await asked.ask_only("styles learn", [quote], studio, settings, output, yes=yes)
    if failed:
        raise failed[quote.job.key]
    return await _kept(quote, studio), code


async def _kept(quote: "Quote", studio: "Studio") -> _Answer | None:
    """What the ledger has of an answer."""
    found = await studio.ledger.answered(quote.job.key)
    if found is None or found.painted is None:
        return None
    return _Answer(found.painted.revised, "an unknown amount" if found.cost is None else format_usd(found.cost))


def _write(
    answer: str, path: Path, family: str, pictures: "Sequence[Input]", output: "Output", *, dry_run: bool
) -> None:
    """Write the style, show it, and tell what the lint finds.

    Raises:
        StyleError: the answer makes no style.
        UsageError: its name was taken meanwhile, the disk does not take it, or a picture was changed.
    """
    from imgcli.cli.own_styles import write_new
    from imgcli.director.distilling import read_look, style_text
    from imgcli.director.places import presets
    from imgcli.director.style_lint import Looked, lint
    from imgcli.director.styles import parse_style
    from imgcli.inputs.measured import colours_of
    from imgcli.wiring import openai_cards

    look = read_look(answer)
    if look is None:
        raise StyleError("the text model named no look that these pictures share; nothing was written")
    text = style_text(look, path.stem, [colour.hex for colour in colours_of(pictures)], len(pictures), family)
    warned = lint(Looked(parse_style(text, path.stem, str(path)), openai_cards()))
    if not dry_run:
        write_new(path, text)
    if output.json:
        warnings = [{"rule": one.rule, "message": one.message} for one in warned]
        show.json_line({"path": str(path), "written": not dry_run, "text": text, "warnings": warnings})
        return
    if dry_run:
        show.data(text)
    else:
        show.line(str(path))
    if not output.talks:
        return
    for line in text.splitlines() if not dry_run else ():
        show.talk(f"+ {line}")
    for one in warned:
        show.talk(f"warning: {one.message}")
    if path.stem in presets():
        show.talk(f"it {'would stand' if dry_run else 'stands'} before the built-in {path.stem}")
    show.talk(
        f'try it free:  imgcli gen "a car" --style {path.stem} --provider placeholder'
        if not dry_run
        else "nothing was written"
    )
