"""`imgcli styles`: the presets of the Director."""

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import options, show
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.model.prompt import Style

Name = Annotated[str, typer.Argument(metavar="NAME", help="The style.", autocompletion=options.complete_style)]


FIRST = "cinematic"
"""Heads the list: the one most people try."""


def list_styles(json: options.Json = False) -> int:
    """List all styles: built-in ones and yours."""
    styles = dict(sorted(_styles().items(), key=lambda item: (item[0] != FIRST, item[0])))
    if json:
        for style in styles.values():
            show.json_line({"name": style.name, "description": style.description, "source": style.source})
        return 0
    rows = [(_swatch(style), style.name, style.description, style.source) for style in styles.values()]
    yours = any(style.source != "built-in" for style in styles.values())
    columns = ("", "style", "what it does", "from")
    show.draw_data(show.table("", columns if yours else columns[:3], rows if yours else [row[:3] for row in rows]))
    show.talk('try one free:  imgcli gen "a car" --style cinematic --provider placeholder')
    return 0


def show_style(name: Name, json: options.Json = False) -> int:
    """Show a style: its wording, keywords, what it avoids, and a directed example."""
    from dataclasses import fields

    from imgcli.director.direct import direct
    from imgcli.director.styles import find_style
    from imgcli.model.card import Wording

    style = find_style(name, _styles())
    example = direct("a car", [style], (), Wording.PROSE).text
    if json:
        plain = {field.name: getattr(style, field.name) for field in fields(style)}
        show.json_line(plain | {"keywords": dict(style.keywords), "example": example})
        return 0
    rows: list[tuple[Any, Any]] = [("description", style.description), ("wording", style.prose)]
    rows += [(group, ", ".join(words)) for group, words in style.keywords]
    rows += [("avoid", ", ".join(style.avoid)), ("colours", _swatch(style, named=True))]
    rows += [(name, value) for name, value in (("size", style.size), ("quality", style.quality)) if value]
    rows += [("from", style.source), ("example", example)]
    show.draw_data(show.table(style.name, ("", ""), [row for row in rows if row[1]]))
    return 0


def new_style(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits and hyphens.")],
    description: Annotated[
        str, typer.Option("--description", metavar="TEXT", help="One line for the list.")
    ] = "describe your style in one line",
) -> int:
    """Start a style of your own from a commented template."""
    from imgcli.director.styles import parse_style, render_new
    from imgcli.settings import find_paths

    path = find_paths(os.environ).styles / f"{name}.toml"
    text = render_new(name, description)
    parse_style(text, name, str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} exists; edit it, or choose another name") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
    show.line(str(path))
    show.talk(f"edit it, then:  imgcli styles show {name}")
    return 0


def _styles() -> "dict[str, Style]":
    from imgcli.settings import find_paths
    from imgcli.wiring import load_styles

    return dict(load_styles(find_paths(os.environ)))


def _swatch(style: "Style", *, named: bool = False) -> Any:
    """The style's colours as blocks on a terminal."""
    from rich.text import Text

    drawn = Text()
    for colour in style.colours:
        drawn.append("██" if not named else "██ ", style=colour)
        if named:
            drawn.append(f"{colour}  ")
    return drawn
