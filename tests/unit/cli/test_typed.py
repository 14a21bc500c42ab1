"""A command is called with what Typer itself would call it with."""

import os
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.core import TyperCommand

from imgcli.cli.help import GroupedCommand


class Word(Enum):
    DAY = "day"
    RUN = "run"


def called(cls: type[TyperCommand], *words: str) -> dict[str, Any]:
    app = typer.Typer(add_completion=False)

    @app.command(cls=cls)
    def work(
        texts: Annotated[list[str] | None, typer.Argument()] = None,
        path: Annotated[Path | None, typer.Option()] = None,
        paths: Annotated[list[Path] | None, typer.Option()] = None,
        whole: Annotated[int, typer.Option(min=1, max=9)] = 3,
        least: Annotated[int | None, typer.Option(min=0)] = None,
        number: Annotated[float | None, typer.Option()] = None,
        word: Annotated[Word, typer.Option()] = Word.DAY,
        when: Annotated[datetime | None, typer.Option()] = None,
        flag: Annotated[bool, typer.Option("--flag")] = False,
    ) -> dict[str, Any]:
        return locals()

    given: dict[str, Any] = app(list(words), standalone_mode=False)
    return given


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("a", "b c", "-"),
        ("--path", "some/where", "--paths", "a", "--paths", "b"),
        ("--whole", "9", "--least", "0", "--number", "2.5", "--word", "run", "--flag"),
        ("--when", "2026-11-21"),
    ],
)
def test_values_are_what_typer_makes_of_them(words: tuple[str, ...]) -> None:
    assert called(GroupedCommand, *words) == called(TyperCommand, *words)


@pytest.mark.parametrize(
    ("option", "typed", "told"),
    [
        ("--whole", "0", "0 is not between 1 and 9"),
        ("--whole", "two", "'two' is not a whole number"),
        ("--least", "-1", "-1 is less than 0"),
        ("--number", "much", "'much' is not a number"),
        ("--word", "year", "'year' is not one of 'day', 'run'"),
    ],
)
def test_a_bad_value_is_told_with_its_option(option: str, typed: str, told: str) -> None:
    with pytest.raises(typer.BadParameter) as found:
        called(GroupedCommand, option, typed)
    assert found.value.message == told
    assert option in str(found.value.format_message())


def test_a_path_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may read all, so a file without permissions would prove nothing there.
    monkeypatch.setattr(os, "access", lambda _path, mode: mode == os.F_OK)
    with pytest.raises(typer.BadParameter, match="is not readable"):
        called(GroupedCommand, "--path", str(tmp_path))
