"""`imgcli styles`: the presets of the Director."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options, show
from imgcli.cli.safe import safe_text
from imgcli.errors import StyleError, UsageError

if TYPE_CHECKING:
    from imgcli.director.shelf import Shelf
    from imgcli.director.style_lint import Warned
    from imgcli.model.card import Wording

Names = Annotated[
    list[str],
    typer.Argument(metavar="NAME", help="The style, or several to blend.", autocompletion=options.complete_style),
]

SUBJECT = "a car"
"""What the examples show."""


def list_styles(
    family: Annotated[str | None, typer.Option("--family", metavar="NAME", help="Those of one family only.")] = None,
    json: options.Json = False,
) -> int:
    """List all styles by family: built-in ones and yours. Examples:

    imgcli styles list

    imgcli styles list --json
    """
    from imgcli.cli.style_tables import families_of, listing, of_family
    from imgcli.settings import find_paths

    families = families_of(_shelf().values())
    if family is not None:
        families = {family: of_family(family, families)}
    if json:
        for style in (style for styles in families.values() for style in styles):
            show.json_line({name: getattr(style, name) for name in _LISTED})
        return 0
    show.draw_data(listing(families, show.out_console(0).width))
    if any(style.source != "built-in" for styles in families.values() for style in styles):
        show.talk(f"yours are in {find_paths(os.environ).styles}")
    show.talk('try one free:  imgcli gen "a car" --style cinematic --provider placeholder')
    return 0


def show_style(
    names: Names,
    wording: Annotated[
        str, typer.Option("--wording", metavar="WORD", help="The example for models that read prose or keywords.")
    ] = "prose",
    json: options.Json = False,
) -> int:
    """Show a style: its wording, keywords, what it avoids, and a directed example; or how several blend. Examples:

    imgcli styles show cinematic

    imgcli styles show cinematic film-noir
    """
    from imgcli.cli.style_tables import blend, facts, plain_style, whole
    from imgcli.director.conflicts import conflicts
    from imgcli.director.direct import direct
    from imgcli.director.styles import find_style

    shelf, kind = _shelf(), _wording(wording)
    styles = list({name: find_style(name, shelf) for name in names}.values())
    made = direct(SUBJECT, styles, (), kind)
    told = {"wording": kind.value, "example": made.text, "negative_example": made.negative}
    quarrels = conflicts(styles, kind)
    if json:
        several = {"styles": [plain_style(style) for style in styles], **told, "conflicts": quarrels}
        show.json_line(several if len(styles) > 1 else plain_style(styles[0]) | told)
        return 0
    rows = blend(styles, quarrels) if len(styles) > 1 else facts(styles[0])
    rows += [("example", whole(made.text)), ("negative", whole(made.negative))]
    show.draw_data(show.table(" + ".join(style.name for style in styles), ("", ""), [row for row in rows if row[1]]))
    return 0


def new_style(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits and hyphens.")],
    description: Annotated[
        str, typer.Option("--description", metavar="TEXT", help="One line for the list.")
    ] = "describe your style in one line",
    extends: Annotated[
        list[str] | None,
        typer.Option(
            "--extends",
            metavar="NAME",
            help="Build it on this style, which may have the same name; repeatable.",
            autocompletion=options.complete_style,
        ),
    ] = None,
) -> int:
    """Start a style of your own from a commented template. Examples:

    imgcli styles new ours --extends cinematic

    imgcli styles new house-icons
    """
    from imgcli.director.places import presets
    from imgcli.director.style_new import render_new
    from imgcli.settings import find_paths

    path = find_paths(os.environ).styles / f"{name}.toml"
    text = render_new(name, description, extends or ())
    # As it will be read: what it extends is there, and goes round in no circle.
    _ = _shelf().holding(name, text, str(path))[name]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} exists; edit it, or choose another name") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
    show.line(str(path))
    if name in presets() and name not in (extends or ()):
        show.talk(
            f"it stands before the built-in {name}, and has nothing of it; --extends {name} would build on that one"
        )
    show.talk(f"edit it, then:  imgcli styles show {name}")
    return 0


def lint_styles(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Default: all.", autocompletion=options.complete_style),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 where there is something to mend.")] = False,
    json: options.Json = False,
) -> int:
    """Look for what makes styles fail or fall short. Exit code 2: one cannot be used. Examples:

    imgcli styles lint

    imgcli styles lint ours --strict
    """
    shelf = _shelf()
    errors: dict[str, str] = {}
    warnings: list[Warned] = []
    wanted = list(dict.fromkeys(names or sorted(shelf)))
    for name in wanted:
        try:
            warnings += _linted(name, shelf)
        except StyleError as error:
            errors[name] = str(error)
    for name, message in errors.items():
        _tell("error", name, "", message, json=json)
    for style, rule, message in warnings:
        _tell("warning", style, rule, message, json=json)
    show.talk(f"{len(wanted)} looked at: {_count(len(errors), 'error')}, {_count(len(warnings), 'warning')}")
    return 2 if errors else int(strict and bool(warnings))


def print_schema() -> int:
    """Print the JSON Schema of a style file, for editors. Examples:

    imgcli styles schema

    imgcli styles schema > style.schema.json
    """
    from json import dumps

    from imgcli.director.style_file import style_json_schema

    show.line(dumps(style_json_schema(), indent=2))
    return 0


_LISTED = ("name", "family", "description", "version", "extends", "source")


def _shelf() -> "Shelf":
    from imgcli.settings import find_paths
    from imgcli.wiring import style_shelf

    return style_shelf(find_paths(os.environ))


def _linted(name: str, shelf: "Shelf") -> "list[Warned]":
    from imgcli.director.style_lint import Looked, lint
    from imgcli.director.styles import find_style
    from imgcli.wiring import openai_cards

    style = find_style(name, shelf)
    return lint(Looked(style, openai_cards(), shelf.draft(name), shelf.parents(name)))


def _tell(level: str, style: str, rule: str, message: str, *, json: bool) -> None:
    if json:
        show.json_line({"level": level, "style": style, "rule": rule, "message": message})
    else:
        show.line(safe_text(f"{level}: {message}" if level == "error" else f"{level}: {style}: {message}"))


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _wording(word: str) -> "Wording":
    from imgcli.model.card import Wording
    from imgcli.settings import guess

    kinds = [kind.value for kind in Wording]
    if word not in kinds:
        raise UsageError(f"--wording {word!r}: it is {' or '.join(kinds)}{guess(word, kinds)}")
    return Wording(word)
