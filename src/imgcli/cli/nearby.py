"""Styles that lie nearby, beside a picture or here, and are none that `gen` would take."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.errors import StyleError

if TYPE_CHECKING:
    from imgcli.model.attempt import Record
    from imgcli.model.prompt import Style

LONGEST = 100
"""Characters of a style's name that may be a file's."""


def styles_of(record: "Record", known: "Mapping[str, Style]") -> "Mapping[str, Style]":
    """The styles of a picture, to tell its story: those of the version that its sidecar pins, wherever they are found.

    Looked for among `known`, then in `styles/` here, beside the picture and up to two directories above it, where
    batch files keep theirs; one that is found in another version only is that one.
    """
    words = record.job.prompt
    pinned = dict(zip(words.styles, (*words.versions, *("" for _ in words.styles)), strict=False))
    found: dict[str, Style] = {}
    same: set[str] = set()
    for shelf in _shelves(record, known):
        for name in pinned.keys() - same:
            style = _style(name, shelf)
            if style is not None and style.version == pinned[name]:
                same.add(name)
                found[name] = style
            elif style is not None:
                found.setdefault(name, style)
        if same == pinned.keys():
            break
    return found


def _shelves(record: "Record", known: "Mapping[str, Style]") -> "Iterator[Mapping[str, Style]]":
    from imgcli.settings import find_paths
    from imgcli.wiring import style_shelf

    yield known
    for place in dict.fromkeys((Path.cwd(), record.directory, *list(record.directory.parents)[:2])):
        yield style_shelf(find_paths(os.environ), place)


def _style(name: str, shelf: "Mapping[str, Style]") -> "Style | None":
    try:
        return shelf.get(name)
    except StyleError:
        return None  # a file that lies nearby is perhaps nobody's


def unseen_here(names: Iterable[str], known: "Mapping[str, Style]") -> str:
    """What to say where one of `names` is no style, and a file of `styles/` here would be it; else empty."""
    from imgcli.settings import find_paths

    for name in names:
        if name in known or Path(name).name != name or len(name) > LONGEST:
            continue
        if (file := Path("styles", f"{name}.toml")).is_file():
            target = find_paths(os.environ).styles
            return f"{file} counts beside a batch file only; for other commands copy it to {target}{os.sep}"
    return ""
