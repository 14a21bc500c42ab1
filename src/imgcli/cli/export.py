"""`imgcli export`: derived files for use elsewhere, made from masters that are never touched."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import chosen, options
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imgcli.choosing import Choice
    from imgcli.cli.delivering import Target
    from imgcli.exports.wish import Wish

SHAPE = "How they are made"
DIRECTORY = "export"


def complete_set(typed: str) -> list[str]:
    from imgcli.exports.wish import SETS

    return [name for name in SETS if name.startswith(typed)]


async def export(  # noqa: PLR0917 - a command line is named, not positional
    what: chosen.What = None,
    run: chosen.RunId = None,
    tag: chosen.Tagged = None,
    search: chosen.Search = None,
    picked: chosen.Picked = False,
    most: chosen.Most = None,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME",
            help="web (@1x, 2x, 3x), favicon, apple, android or sprite (an atlas of all); several with commas. "
            "Default: web.",
            autocompletion=complete_set,
            rich_help_panel=SHAPE,
        ),
    ] = None,
    width: Annotated[
        int | None,
        typer.Option(
            "--width",
            metavar="N",
            min=1,
            max=16_383,
            help="Pixels of @1x, and of each picture in an atlas. Default: a third of the master, and all of it.",
            rich_help_panel=SHAPE,
        ),
    ] = None,
    forms: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="FORMATS",
            help="Of web: webp, avif, jpeg, png, several with commas (default webp); of sprite: png or webp (default png).",
            rich_help_panel=SHAPE,
        ),
    ] = None,
    quality: Annotated[
        int | None,
        typer.Option(
            "--quality",
            metavar="N",
            min=1,
            max=100,
            help="Of webp, avif and jpeg. Default: 80, 60 and 82.",
            rich_help_panel=SHAPE,
        ),
    ] = None,
    fit: Annotated[
        str | None,
        typer.Option(
            "--fit",
            metavar="contain|cover",
            help="Icons of pictures that are no squares: all of it with room beside it, or its middle. Default: cover.",
            rich_help_panel=SHAPE,
        ),
    ] = None,
    background: Annotated[
        str | None,
        typer.Option(
            "--background",
            metavar="COLOUR",
            help="Behind and beside the picture, like '#ffffff'. Default: clear, or white where that cannot be.",
            rich_help_panel=SHAPE,
        ),
    ] = None,
    upscale: Annotated[
        bool,
        typer.Option(
            "--upscale",
            help="Also files larger than their master; else they are left out, and told.",
            rich_help_panel=SHAPE,
        ),
    ] = False,
    padding: Annotated[
        int | None,
        typer.Option(
            "--padding",
            metavar="N",
            min=0,
            max=256,
            help="Pixels around each picture of an atlas. Default: 2.",
            rich_help_panel=SHAPE,
        ),
    ] = None,
    max_size: Annotated[
        int | None,
        typer.Option(
            "--max-size",
            metavar="N",
            min=16,
            max=8192,
            help="Pixels of a side of an atlas at most. Default: 4096.",
            rich_help_panel=SHAPE,
        ),
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(
            "--label",
            metavar="[prompt]",
            help="XMP in each file: made by a machine, from which master; with `prompt`, and the prompt.",
            rich_help_panel=SHAPE,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Default: ./export.", rich_help_panel=options.WHERE),
    ] = None,
    packed: Annotated[
        str | None,
        typer.Option(
            "--zip",
            metavar="FILE.zip",
            help="One ZIP instead of a directory; - is stdout.",
            rich_help_panel=options.WHERE,
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Tell what would be written; write nothing.", rich_help_panel=options.TALK),
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Make files for use elsewhere from pictures, which are never touched: for the web, as icons, as a sprite atlas.

    manifest.json and SHA256SUMS beside them say what each was made from. A picture that was changed since it was saved
    is refused, and so is a file that would take the place of another one. Files carry no metadata of their masters, and
    no Content Credentials. Examples:

      imgcli export car.png --set web --width 640 --as avif,webp,jpeg

      imgcli export logo.png --set favicon,apple,android -o icons/

      imgcli export --picked --set sprite --width 64 --zip sprites.zip
    """
    wish = _wish(sets, forms, fit, background, label, quality, width, upscale=upscale)
    wish = _sized(wish, padding, max_size)
    choice = chosen.choice_of(what, run, tag, search, picked=picked, most=most)
    _require_named(choice, most)
    target = _target(out, packed, dry_run=dry_run, json=json, quiet=quiet)
    from imgcli.cli.delivering import deliver
    from imgcli.settings import load_settings

    async with chosen.open_desk(load_settings(os.environ)) as desk:
        return await deliver(desk, (await desk.chosen(choice)).picks, wish, target)


def _wish(  # noqa: PLR0917 - in the order of the options
    sets: "Sequence[str] | None",
    forms: str | None,
    fit: str | None,
    background: str | None,
    label: str | None,
    quality: int | None,
    width: int | None,
    *,
    upscale: bool,
) -> "Wish":
    from imgcli.exports.wish import FORMATS, SETS, SPRITE_FORMATS, Fit, Label, Wish
    from imgcli.inputs.colours import parse_colour

    names = _words("--set", ",".join(sets or ("web",)), SETS)
    formats = _words("--as", forms, FORMATS) if forms else ()
    atlas_alone = "sprite" in names and "web" not in names
    if forms and not {"web", "sprite"} & set(names):
        raise UsageError("--as is of web and sprite; icons have the formats that their systems take")
    if forms and atlas_alone and (odd := [each for each in formats if each not in SPRITE_FORMATS]):
        raise UsageError(f"--as {odd[0]}: an atlas is png or webp, which give each pixel back")
    if width and not {"web", "sprite"} & set(names):
        raise UsageError("--width is of web and sprite; icons have the sizes that their systems take")
    if quality and not ("web" in names and formats != ("png",)):
        raise UsageError("--quality is of webp, avif and jpeg in --set web; all others give each pixel back")
    if fit and not {"favicon", "apple", "android"} & set(names):
        raise UsageError("--fit is of icons; web and sprite keep the shape of the picture")
    return Wish(
        tuple(name for name in SETS if name in names),
        width,
        formats,
        quality,
        Fit(_words("--fit", fit, [each.value for each in Fit])[0]) if fit else Fit.COVER,
        parse_colour(background) if background is not None else None,
        upscale,
        label=Label(_words("--label", label, ("origin", "prompt"))[0]) if label else Label.NONE,
    )


def _sized(wish: "Wish", padding: int | None, max_size: int | None) -> "Wish":
    from dataclasses import replace

    if "sprite" not in wish.sets and (padding is not None or max_size is not None):
        raise UsageError("--padding and --max-size are of an atlas; add --set sprite")
    wish = wish if padding is None else replace(wish, padding=padding)
    return wish if max_size is None else replace(wish, max_size=max_size)


def _words(option: str, typed: str, known: "Sequence[str]") -> tuple[str, ...]:
    """Words with commas between, each of `known`, each once.

    Raises:
        UsageError: one is none of them.
    """
    from imgcli.settings import guess

    words = [word.strip().lower() for word in typed.split(",")]
    words = ["jpeg" if word == "jpg" and "jpeg" in known else word for word in words]
    for word in words:
        if word not in known:
            raise UsageError(f"{option} {word[:40]!r}{guess(word, list(known))}; there are {', '.join(known)}")
    return tuple(dict.fromkeys(words))


def _require_named(choice: "Choice", most: int | None) -> None:
    """Refuse an export of everything that was ever made, which nobody means by saying nothing.

    Raises:
        UsageError: nothing is named.
    """
    from imgcli.model.query import Query

    if not choice.what and choice.query == Query() and most is None:
        raise UsageError("which pictures? name files or directories, or say --picked, --run last, --tag or --search")


def _target(out: Path | None, packed: str | None, *, dry_run: bool, json: bool, quiet: bool) -> "Target":
    """Where the files go, absolute.

    Raises:
        UsageError: two places, or stdout where it is wanted for something else.
    """
    import sys

    from imgcli.cli.delivering import Target

    if out is not None and packed is not None:
        raise UsageError("-o is a directory and --zip one file; leave out one of them")
    if packed == "-" and json and not dry_run:
        raise UsageError("--zip - and --json both want stdout; name a file for the ZIP")
    if packed == "-" and not dry_run and sys.stdout.isatty():
        raise UsageError("--zip - writes a ZIP to stdout, which is a terminal; pipe it, or name a file")
    if packed is not None and packed != "-" and not packed.lower().endswith(".zip"):
        raise UsageError(f"--zip {packed}: a ZIP ends in .zip")
    place = out or Path(packed or DIRECTORY)
    options.require_text(place)
    whole = Path(os.path.abspath(place.expanduser()))  # noqa: PTH100 - `resolve` would follow a link
    return Target(None if packed == "-" else whole, packed is not None, dry_run, json, quiet)
