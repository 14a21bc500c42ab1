"""Options that more than one command takes, worded once, and the flags that are settings."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.model.size import Size as ImageSize

PICTURE = "The picture"
SOURCE = "What it is made from"
WHERE = "Where it goes"
MONEY = "Money and pace"
MODERATION = "Moderation"
TALK = "What is shown"
SETTINGS = "Settings"


def complete_style(typed: str) -> list[str]:
    from imgcli.settings import find_paths
    from imgcli.wiring import style_names

    return [name for name in style_names(find_paths(os.environ)) if name.startswith(typed)]


def complete_model(typed: str) -> list[str]:
    from imgcli.settings import load_settings
    from imgcli.wiring import open_providers

    providers = open_providers(load_settings(os.environ), os.environ).values()
    names = [card.name for provider in providers for card in provider.cards()]
    return [name for name in names if name.startswith(typed)]


def complete_provider(typed: str) -> list[str]:
    from imgcli.settings import load_settings
    from imgcli.wiring import open_providers

    return [name for name in open_providers(load_settings(os.environ), os.environ) if name.startswith(typed)]


Style = Annotated[
    list[str] | None,
    typer.Option(
        "--style",
        metavar="NAME",
        help="A style of the Director; give it again to blend several (imgcli styles list).",
        autocompletion=complete_style,
        rich_help_panel=PICTURE,
    ),
]
No = Annotated[
    list[str] | None,
    typer.Option(
        "--no", metavar="TEXT", help='What must not appear, like --no "text, logos".', rich_help_panel=PICTURE
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        metavar="NAME",
        help="The model (imgcli models).",
        autocompletion=complete_model,
        rich_help_panel=PICTURE,
    ),
]
Again = Annotated[
    bool,
    typer.Option("--again", help="Ask anew, also what was answered before; costs again.", rich_help_panel=PICTURE),
]
TextModel = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        metavar="NAME",
        help="The text model that is shown the pictures. Default: the setting text_model, or the provider's.",
        rich_help_panel=PICTURE,
    ),
]
Provider = Annotated[
    str | None,
    typer.Option(
        "--provider",
        metavar="NAME",
        help="openai, placeholder (free, no key), or one of your config.",
        autocompletion=complete_provider,
        rich_help_panel=PICTURE,
    ),
]
Size = Annotated[
    str | None,
    typer.Option(
        "--size",
        "-s",
        metavar="WxH",
        help="Like 1536x1024, or square, portrait, landscape, auto.",
        rich_help_panel=PICTURE,
    ),
]
LikeInput = Annotated[
    str,
    typer.Option(
        "--size",
        "-s",
        metavar="WxH",
        help="Like 1536x1024, or square, portrait, landscape, auto. Default: input, that of the picture, or the nearest "
        "that the model makes.",
        rich_help_panel=PICTURE,
    ),
]
Aspect = Annotated[
    str | None,
    typer.Option(
        "--aspect", "-a", metavar="W:H", help="Like 16:9: the model's best size for it.", rich_help_panel=PICTURE
    ),
]
Quality = Annotated[
    str | None,
    typer.Option(
        "--quality",
        "-q",
        metavar="WORD",
        help="low, medium, high; newer models also xhigh, max; or auto.",
        rich_help_panel=PICTURE,
    ),
]
Format = Annotated[
    str | None, typer.Option("--format", metavar="WORD", help="png, jpeg or webp.", rich_help_panel=PICTURE)
]
Background = Annotated[
    str | None,
    typer.Option(
        "--background",
        metavar="WORD",
        help="auto, opaque or transparent, where the model can.",
        rich_help_panel=PICTURE,
    ),
]
Draft = Annotated[
    bool,
    typer.Option(
        "--draft",
        help="Cheap drafts first, small and of low quality; then imgcli pick, and imgcli final.",
        rich_help_panel=PICTURE,
    ),
]
Count = Annotated[
    int,
    typer.Option(
        "--count", "-n", metavar="N", min=1, max=1000, help="Pictures of each prompt.", rich_help_panel=PICTURE
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", metavar="N", min=0, help="Repeatable results, where the model takes a seed.", rich_help_panel=PICTURE
    ),
]
Expect = Annotated[
    list[str] | None,
    typer.Option(
        "--expect",
        metavar="LIST",
        help="What pictures have to be: size, alpha, palette (of the style), not-blank, distinct. One that is not goes "
        "to rejected/, and another is made.",
        rich_help_panel=PICTURE,
    ),
]
Tries = Annotated[
    int | None,
    typer.Option(
        "--tries",
        metavar="N",
        min=0,
        max=10,
        help="With --expect: so many more pictures of one at most, each paid. Default: 2.",
        rich_help_panel=PICTURE,
    ),
]
Distinct = Annotated[
    bool,
    typer.Option(
        "--distinct",
        help="Make those anew that look like another of -n, or like one made before; the same as --expect distinct.",
        rich_help_panel=PICTURE,
    ),
]
Expand = Annotated[
    str | None,
    typer.Option(
        "--expand",
        metavar="[WORD]",
        help="Have prompts expanded first: by a text model, for a fraction of a cent, or local: by rules, free.",
        rich_help_panel=PICTURE,
    ),
]
NoExpand = Annotated[
    bool, typer.Option("--no-expand", help="Send prompts as typed, whatever the config says.", rich_help_panel=PICTURE)
]
Ideas = Annotated[
    int,
    typer.Option(
        "--ideas",
        metavar="N",
        min=1,
        max=10,
        help="As many different expansions of each prompt.",
        rich_help_panel=PICTURE,
    ),
]
Ref = Annotated[
    list[Path] | None,
    typer.Option(
        "--ref",
        metavar="FILE",
        help="A picture to go by (PNG, JPEG, WebP); give it again for up to 16. To change one: imgcli edit.",
        rich_help_panel=SOURCE,
    ),
]
InputFidelity = Annotated[
    str | None,
    typer.Option(
        "--input-fidelity",
        metavar="WORD",
        help="How close to keep to it: low or high, where the model has a choice.",
        rich_help_panel=SOURCE,
    ),
]
Downscale = Annotated[
    bool,
    typer.Option(
        "--downscale",
        help="Send a smaller copy of what is too large for the model. Without it that is refused.",
        rich_help_panel=SOURCE,
    ),
]
Convert = Annotated[
    str | None,
    typer.Option(
        "--convert",
        metavar="WORD",
        help="Send copies as png, jpeg or webp: upright, without place and camera. Without it files go as they are.",
        rich_help_panel=SOURCE,
    ),
]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="AXIS=V,V",
        help="A picture for each value, and a labelled grid of them; twice for a table. AXIS: style (a+b blends, none), "
        "model, provider, quality, size, aspect, background, seed, no, or a {word} of the prompt. Cells show the first of -n.",
        rich_help_panel=PICTURE,
    ),
]
Template = Annotated[
    str | None,
    typer.Option(
        "--template",
        metavar="TEXT",
        help="File names, like {slug}-{style}-{n}; also {id} {date} {model} {quality} {size} {seed} {hash} {provider}.",
        rich_help_panel=WHERE,
    ),
]
IfExists = Annotated[
    str | None,
    typer.Option(
        "--if-exists",
        metavar="WORD",
        help="When a name is taken: number (default), skip or error. Nothing is ever overwritten.",
        rich_help_panel=WHERE,
    ),
]
Tag = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="WORD", help="For budgets and finding; repeatable.", rich_help_panel=WHERE),
]
MaxCost = Annotated[
    str | None,
    typer.Option("--max-cost", metavar="USD", help="The most this run may cost, like 2.50.", rich_help_panel=MONEY),
]
AssumeCost = Annotated[
    str | None,
    typer.Option(
        "--assume-cost",
        metavar="USD",
        help="What a picture costs at most where no price is known.",
        rich_help_panel=MONEY,
    ),
]
PaidRetries = Annotated[
    int | None,
    typer.Option(
        "--paid-retries",
        metavar="N",
        min=0,
        max=1000,
        help="Ask again for at most N pictures whose answer was lost; each may be billed twice (default 0).",
        rich_help_panel=MONEY,
    ),
]
Cache = Annotated[
    str | None,
    typer.Option(
        "--cache",
        metavar="WORD",
        help="Pictures made before, anywhere: use takes the very same ones, loose also those of the same words in another "
        "form, refresh none (and keeps the new ones), off nothing at all. Default: use for batch and final, else off.",
        rich_help_panel=MONEY,
    ),
]
Near = Annotated[
    float | None,
    typer.Option(
        "--near",
        metavar="N",
        help="With --cache use: take a picture of like words, from this similarity on (0 to 1), unseen.",
        rich_help_panel=MONEY,
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=1,
        max=256,
        help="Pictures under way at once (default 8).",
        rich_help_panel=MONEY,
    ),
]
Ipm = Annotated[
    float | None,
    typer.Option(
        "--ipm",
        metavar="N",
        help="Pictures a minute the provider allows you; learned if not given.",
        rich_help_panel=MONEY,
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url", metavar="URL", help="A server that speaks the OpenAI Images API.", rich_help_panel=SETTINGS
    ),
]
Profile = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="A [profiles.NAME] table of your config.", rich_help_panel=SETTINGS),
]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Do not ask, whatever it costs within the budget.", rich_help_panel=MONEY)
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Show the directed prompts and the price; send nothing.", rich_help_panel=TALK),
]
Explain = Annotated[
    bool,
    typer.Option(
        "--explain",
        help="Show who said each part of the directed prompts, what was left out and why; send nothing.",
        rich_help_panel=TALK,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.", rich_help_panel=TALK)]
Print = Annotated[
    str | None,
    typer.Option(
        "--print",
        metavar="TEMPLATE",
        help="What stdout gets for each picture, like '{path} {cost}'; also {sidecar} {prompt} {model} {sha256} {id}.",
        rich_help_panel=TALK,
    ),
]
Policy = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="WORD",
        help="off, warn, on (what is flagged is not sent, or set aside), strict (rude words block too).",
        rich_help_panel=MODERATION,
    ),
]
Blocklist = Annotated[
    str | None,
    typer.Option(
        "--blocklist",
        metavar="FILE",
        help="Words, phrases and regular expressions that no prompt may hold; '' for none.",
        rich_help_panel=MODERATION,
    ),
]
Moderate = Annotated[
    str | None,
    typer.Option(
        "--moderate",
        metavar="WORDS",
        help="What the provider looks at: prompt,inputs,picture; local: a classifier on this machine; none.",
        rich_help_panel=MODERATION,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Only paths and errors.", rich_help_panel=TALK)]
Open = Annotated[
    bool,
    typer.Option(
        "--open",
        help="Show the picture when it is made, or the directory of several, as the system opens files.",
        rich_help_panel=TALK,
    ),
]
Preview = Annotated[
    bool | None,
    typer.Option(
        "--preview/--no-preview",
        help="Show the pictures small in the terminal, or not, whatever the config says.",
        rich_help_panel=TALK,
    ),
]
NoPreview = Annotated[
    bool, typer.Option("--no-preview", help="Do not show the pictures in the terminal.", rich_help_panel=TALK)
]
NoProgress = Annotated[
    bool, typer.Option("--no-progress", help="No live bars, no line for each picture.", rich_help_panel=TALK)
]


EXPANDS = ("model", "local", "off")
BARE = "model"
"""What `--expand` without a word means; `cli/app.py` fills it in, as Typer has no option with a value or without."""


DRAWS_PREVIEWS = "edit"
"""The command whose `--preview` takes a file; `--preview` of the others is about the terminal."""


def previewing(*, wanted: bool | None) -> str | None:
    """The setting `preview` as the command line says it; None if it says nothing."""
    return None if wanted is None else "auto" if wanted else "off"


def expansion(expand: str | None, ideas: int, *, no_expand: bool) -> str | None:
    """The setting `expand` as the command line says it; None if it says nothing.

    Raises:
        UsageError: both at once.
    """
    if no_expand and (expand is not None or ideas > 1):
        raise UsageError("--no-expand says that nothing is expanded; leave out --expand and --ideas")
    if no_expand:
        return "off"
    return BARE if expand is None and ideas > 1 else expand


def expectations(expect: Sequence[str] | None, *, distinct: bool, tries: int | None = None) -> tuple[str, ...] | None:
    """What the command line expects of every picture; None if it says nothing.

    Raises:
        UsageError: a word that means nothing, or `tries` where nothing is expected.
    """
    from imgcli.model.expectation import expected

    try:
        words = expected([*(expect or ()), *(["distinct"] if distinct else [])])
    except ValueError as error:
        raise UsageError(f"--expect: {error}") from None
    if tries is not None and not words:
        raise UsageError("--tries goes with --expect; add what pictures have to be, like --expect size,not-blank")
    return words or None


LABELS = ("origin", "prompt")
"""What may stand behind `--label` of `imgcli export`; a picture of one of these names is typed as ./prompt."""


def with_bare_options(words: Sequence[str]) -> list[str]:
    """`words` in which each `--expand`, `--preview`, and `--label` of an export, has a value."""
    whole = list(words)
    for at, word in enumerate(words):
        if word == "--":
            break
        following = [*words[at + 1 :], ""][0]
        if word == "--expand" and not _is_meant(following):
            whole[at] = f"--expand={BARE}"
        if word == "--preview" and words[0] == DRAWS_PREVIEWS and not _is_new_png(following):
            whole[at] = "--preview="
        if word == "--label" and words[0] == "export" and following.lower() not in LABELS:
            whole[at] = f"--label={LABELS[0]}"
    return whole


def _is_new_png(word: str) -> bool:
    """Whether a word behind `--preview` is the file to write, and no picture to edit."""
    return word.lower().endswith(".png") and not os.path.exists(word)  # noqa: PTH110 - answers for any name


def _is_meant(word: str) -> bool:
    """Whether a word behind `--expand` is its value, perhaps mistyped, and no prompt."""
    from difflib import get_close_matches

    return bool(get_close_matches(word.lower(), EXPANDS, n=1, cutoff=0.75))


def joined_prompts(prompts: Sequence[str], stdin: Sequence[str]) -> list[str]:
    """`-` stands for the lines of stdin, at its place."""
    return [line for prompt in prompts for line in (stdin if prompt == "-" else [prompt])]


def require_prompt(text: str) -> None:
    """Refuse a prompt that no model and no sidecar could be given.

    Raises:
        UsageError: it holds control characters or half a letter.
    """
    if any(ord(c) < 32 and c not in "\n\t" for c in text) or any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise UsageError(f"prompt {text[:40]!r} holds control characters or broken UTF-8; type it anew")


def require_aspect(text: str) -> None:
    """Refuse an aspect that is none, before it is taken for a size.

    Raises:
        UsageError: not like 16:9.
    """
    from imgcli.model.size import parse_aspect

    try:
        parse_aspect(text)
    except ValueError as error:
        raise UsageError(f"--aspect: {error}") from None


def size_of(text: str | None) -> "ImageSize | None":
    """`--size` as a size.

    Raises:
        UsageError: it is none.
    """
    from imgcli.model.size import parse_size

    try:
        return None if text is None else parse_size(text)
    except ValueError as error:
        raise UsageError(str(error)) from None


def real_directory(out: Path | None) -> Path | None:
    """`--out` as an absolute directory, following links.

    Raises:
        UsageError: its whole path is not UTF-8.
    """
    if out is None:
        return None
    require_text(out)
    return Path(os.path.realpath(out))


_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def require_plain(what: str, text: str) -> None:
    """Refuse control characters, which neither a model nor a terminal should be sent.

    Raises:
        UsageError: it holds one.
    """
    if _HIDDEN.search(text):
        raise UsageError(f"{what} {text[:40]!r} holds control characters or broken UTF-8; type it anew")


def require_text(root: Path) -> None:
    """Refuse an output directory whose name no ledger and no sidecar can hold, before anything is sent.

    Raises:
        UsageError: its whole path is not UTF-8, or it is a path of another system.
    """
    require_separators(str(root))
    place = os.path.realpath(root)
    if any("\ud800" <= letter <= "\udfff" for letter in place):
        raise UsageError(f"{place!r} is not UTF-8; choose another output directory with --out, or rename it")


_DRIVE = re.compile(r"([A-Za-z]):(?:[\\/]|$)")


def require_separators(out: str) -> None:
    r"""Refuse `C:\x` and `a\b` where a backslash is a letter like any other: they would become one strange name.

    Raises:
        UsageError: with the path as it is written here.
    """
    new = "" if os.sep == "\\" else _missing(Path(out))
    drive = _DRIVE.match(out) if _DRIVE.match(new) else None
    if "\\" not in new and drive is None:
        return
    here = out.replace("\\", "/")
    if drive or out.startswith("\\\\"):
        like = f"/mnt/{drive[1].lower()}/{here[3:]}" if drive else "/mnt/share"
        raise UsageError(f"--out {out} is a path of Windows, and this is none; write one of this system, like {like}")
    raise UsageError(f"--out {out}: directories are separated by / here; write {here}")


def _missing(path: Path) -> str:
    """The end of a path that is not there: what is there already may have any name."""
    parts: list[str] = []
    while path.name and not os.path.lexists(path):
        parts.insert(0, path.name)
        path = path.parent
    return "/".join(parts)


def format_of(out: str | None) -> str | None:
    """The format that the extension of a file name asks for.

    Raises:
        UsageError: a picture format that no model is asked for here.
    """
    suffix = Path(out).suffix.lower() if out and not out.endswith("/") else ""
    if suffix in {".gif", ".svg", ".bmp", ".tif", ".tiff", ".avif", ".heic"}:
        raise UsageError(f"--out {out}: pictures are asked for as png, jpeg or webp")
    return {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}.get(suffix)


def split_out(out: str | None, cwd: Path) -> tuple[Path, str | None]:
    """`--out` as (directory, name or template): a file name if it has an extension or `{}` and no `/` at its end."""
    if not out:
        return cwd, None
    require_separators(out)
    path = Path(out).expanduser()
    if out.endswith(("/", "\\")) or path.is_dir():
        return path, None
    if path.suffix.lower() in {".png", ".jpg", ".jpeg", ".webp"}:
        return path.parent, path.stem
    if "{" in path.name:
        return path.parent, path.name
    return path, None
