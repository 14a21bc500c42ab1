"""The examples in the help of every command are commands: each is parsed as it would be run, and not run."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from imgcli.cli.app import _with_list, app
from imgcli.cli.options import with_bare_options

ROOT = typer.main.get_command(app)
PARAGRAPH = re.compile(r"\n\s*\n")


def commands(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        whole = f"{path} {name}".strip()
        if hasattr(command, "commands"):
            yield from commands(command, whole)
        else:
            yield whole, command


def examples(command: Any) -> list[str]:
    """The lines of its help that begin a command, or pipe into one."""
    paragraphs = [" ".join(text.split()) for text in PARAGRAPH.split(command.help or "")]
    return [text for text in paragraphs if text.startswith("imgcli ") or "| imgcli " in text]


def parsed(line: str) -> str:
    """The path of the command that a line would run; of a pipe, that of our part.

    Raises:
        typer.TyperException: it would not run.
    """
    (part,) = [part for part in line.split(" | ") if part.startswith("imgcli ")]
    words = shlex.split(part.partition(" > ")[0].partition(" < ")[0])
    rest: list[str] = with_bare_options(_with_list(words[1:]))
    group: Any = ROOT
    context = group.make_context("imgcli", list(rest))
    path = []
    while hasattr(group, "commands") and rest:
        name, group, rest = group.resolve_command(context, rest)
        path.append(name)
        context = group.make_context(name, list(rest), parent=context)
    return " ".join(path)


def test_every_command_has_examples_of_itself_that_parse() -> None:
    wrong = []
    for path, command in commands(ROOT):
        lines = examples(command)
        if not lines:
            wrong.append(f"imgcli {path} --help has no example")
        ran = set()
        for line in lines:
            try:
                ran.add(parsed(line))
            except typer.TyperException as error:
                wrong.append(f"{line}: {error}")
        if lines and path not in ran:
            wrong.append(f"imgcli {path} --help has examples of others only: {ran}")
    assert wrong == []


@pytest.mark.parametrize(
    "line", ["imgcli gen", "imgcli gen car --colour red", "imgcli budgte set 3", "imgcli budget set --per eon"]
)
def test_what_does_not_parse_is_found(line: str) -> None:
    with pytest.raises(typer.TyperException):
        parsed(line)


def test_examples_fit_the_width_of_the_help() -> None:
    """A line that the help wraps cannot be copied from it."""
    long = [line for _, command in commands(ROOT) for line in examples(command) if len(line) > 96]
    assert long == []
