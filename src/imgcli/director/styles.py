"""From what style files say to styles: inheritance, versions, and finding one by its name."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from imgcli.director.places import MAX_BYTES
from imgcli.director.style_file import (
    COLOURS,
    GROUPS,
    MAX_AVOID,
    MAX_PROSE,
    Draft,
    around,
    around_subject,
    did_you_mean,
    has_subject,
    printable,
    read_draft,
)
from imgcli.errors import StyleError
from imgcli.model.plain import plain
from imgcli.model.prompt import Style

__all__ = [
    "COLOURS",
    "GROUPS",
    "MAX_BYTES",
    "around_subject",
    "find_style",
    "inherit",
    "parse_style",
    "style_version",
]

_ABOUT = frozenset({"description", "source", "family", "extends", "version"})
"""Fields of a style that no picture depends on."""

_OWN = frozenset({"name", "description", "source", "extends", "version"})
"""Fields that no style gets from another."""


def parse_style(text: str, name: str, source: str, parents: Sequence[Style] | None = None) -> Style:
    """The style `name` in the text of its file; `source` is its path, or `built-in`.

    `parents` are the styles it extends, in the order of its file; a `Shelf` finds them.

    Raises:
        StyleError: `file: key: problem`, in one line.
    """
    draft = read_draft(text, name, source)
    if draft.extends and parents is None:
        raise StyleError(f"{draft.where}: extends: it cannot be read apart from {', '.join(draft.extends)}")
    return inherit(draft, parents or ())


def inherit(draft: Draft, parents: Sequence[Style]) -> Style:
    """The style that a file makes of the styles it extends.

    The rule, which `docs/styles.md` tells designers:

    1. Parents are laid over one another from left to right, and the file over them all, each time by the lines below.
    2. A single value that is given replaces the one there is: family, size, quality, background, keyword_prompt,
       negative. So do colours and palette, as a whole. An empty text or list takes away what there is.
    3. A prose with {prompt} replaces; one without is added as further sentences.
    4. A keyword group that is given replaces that group; an empty one takes it away.
    5. What is avoided is added, without repeats; "-blur" takes blur away again.
    6. Name and description are always the file's own.

    Raises:
        StyleError: `file: key: problem`: too much of it together.
    """
    style = Style(draft.name, draft.description, "", source=draft.source, extends=draft.extends)
    try:
        for parent in parents:
            style = _over(style, _said(parent))
        style = _over(style, draft.said)
        _fits(style)
    except ValueError as error:
        raise StyleError(printable(f"{draft.where}: {error}")) from None
    return replace(style, version=style_version(style))


def style_version(style: Style) -> str:
    """The first 12 hex digits of a SHA-256 over all of a style that can change a picture."""
    told = {name: value for name, value in plain(style).items() if name not in _ABOUT}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]


def find_style(name: str, styles: Mapping[str, Style]) -> Style:
    """The style called `name`.

    Raises:
        StyleError: there is none; says which was probably meant. Or its file, or one it extends, has a mistake.
    """
    if name in styles:
        return styles[name]
    raise StyleError(f"no style {name[:60]!r}{did_you_mean(name, styles)} (imgcli styles list shows all)")


def _said(style: Style) -> dict[str, Any]:
    """A whole style, as if a file said it."""
    told = {key: value for key in style.__dataclass_fields__ if key not in _OWN and (value := getattr(style, key))}
    return told | {"keywords": dict(style.keywords)}


def _over(style: Style, said: Mapping[str, Any]) -> Style:
    """`style` with what is said laid over it."""
    changes = dict(said)
    if "prose" in said:
        changes["prose"] = _prose(style.prose, said["prose"])
    if "keywords" in said:
        groups = {**dict(style.keywords), **said["keywords"]}
        changes["keywords"] = tuple((group, groups[group]) for group in GROUPS if groups.get(group))
    if "avoid" in said:
        changes["avoid"] = _avoid(style.avoid, said["avoid"])
    return replace(style, **changes)


def _prose(there: str, said: str) -> str:
    if not there or has_subject(said):
        return said
    return f"{there if there.endswith(('.', '!', '?')) else f'{there}.'} {said}"


def _avoid(there: Iterable[str], said: Iterable[str]) -> tuple[str, ...]:
    things = {thing.casefold(): thing for thing in there}
    for thing in said:
        if thing.startswith("-"):
            things.pop(thing[1:].strip().casefold(), None)
        else:
            things.setdefault(thing.casefold(), thing)
    return tuple(things.values())


def _fits(style: Style) -> None:
    around("prose", style.prose)
    if len(style.prose) > MAX_PROSE:
        raise ValueError(f"prose: with what it extends it has {len(style.prose):,} characters; {MAX_PROSE:,} are most")
    if len(style.avoid) > MAX_AVOID:
        raise ValueError(f"avoid: with what it extends there are {len(style.avoid)} things; {MAX_AVOID} are the most")
