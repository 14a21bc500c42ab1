r"""`--vary AXIS=v1,v2`: the axes of a grid, and the entry of each of its cells.

In a value `\,` is a comma and `\\` a backslash; any other backslash is one.
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any

from imgcli.errors import UsageError
from imgcli.model.entry import Entry
from imgcli.model.size import parse_aspect, parse_size

MOST_CELLS = 100
MOST_AXES = 2
MOST_LETTERS = 1000
"""Letters of one value."""

SLUG_LETTERS = 50
"""Bytes of a prompt that its slug surely holds whole."""

NONE = "none"
"""No style, or nothing that must not appear."""

CELL = "{cell}"

_PART = re.compile(r"\\[\\,]|,|[^\\,]+|\\")
_WORD = re.compile(r"\{([^{}\s=]{1,40})\}")


def _size(text: str) -> str:
    return str(parse_size(text))


def _aspect(text: str) -> str:
    return "{}:{}".format(*parse_aspect(text))


def _seed(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ValueError(f"seed {text!r} is not a whole number from 0 up")
    return str(int(text))


def _style(text: str) -> str:
    names = [name.strip() for name in text.split("+")]
    if "" in names or len(set(names)) < len(names) or (NONE in names and len(names) > 1):
        raise ValueError(f"{text!r} is not like cinematic, cinematic+neon-noir or {NONE}")
    return "+".join(names)


AXES: Mapping[str, Callable[[str], str]] = {
    "style": _style,
    "model": str,
    "provider": str,
    "quality": str,
    "size": _size,
    "aspect": _aspect,
    "background": str,
    "seed": _seed,
    "no": str,
}
"""What can be varied beside the words of the prompt, and how a value is read; `no` is `none` or as for `--no`."""

NAMED = {"style": "{style}", "model": "{model}", "provider": "{provider}", "quality": "{quality}"}
NAMED |= {"size": "{size}", "aspect": "{size}", "seed": "{seed}"}
"""The field of a name template that tells a value already."""


@dataclass(frozen=True, slots=True)
class Axis:
    """`name` is one of AXES, or a word that stands in braces in the prompt; `values` are all different."""

    name: str
    values: tuple[str, ...]

    @property
    def is_word(self) -> bool:
        return self.name not in AXES


@dataclass(frozen=True, slots=True)
class Spread:
    """The entries of a grid, and the value that each has on every axis, by the id of the entry."""

    prompt: str
    axes: tuple[Axis, ...]
    entries: tuple[Entry, ...]
    values: Mapping[str, tuple[str, ...]]


def parse_axes(texts: Sequence[str], prompts: Sequence[str], given: Mapping[str, object]) -> tuple[Axis, ...]:
    """The axes of `--vary`, checked against the prompts and the other flags.

    Args:
        texts: as typed.
        prompts: a `{word}` that is varied stands in each of them.
        given: flag by the name of its axis; None or empty where it was not typed.

    Raises:
        UsageError: with the axis and what to type instead.
    """
    if len(texts) > MOST_AXES:
        raise UsageError(f"--vary {len(texts)} times; a grid has at most {MOST_AXES} axes")
    axes = tuple(parse_axis(text) for text in texts)
    for axis in axes:
        if axis.is_word:
            _require_word(axis.name, prompts)
        elif given.get(axis.name) is not None:
            raise UsageError(f"--vary {axis.name} and --{axis.name} both; leave out one of them")
    names = {"size" if axis.name == "aspect" else axis.name for axis in axes}
    if len(names) < len(axes):
        both = " and ".join(axis.name for axis in axes)
        raise UsageError(f"--vary {both}: an axis is varied once; put its values into one list")
    if "size" in names and (given.get("size") is not None or given.get("aspect") is not None):
        raise UsageError("--vary size or aspect, and --size or --aspect: a picture has one size; leave out one of them")
    cells = prod(len(axis.values) for axis in axes)
    if cells > MOST_CELLS:
        raise UsageError(f"{cells} cells in one grid; {MOST_CELLS} are the most, so vary fewer values")
    return axes


def parse_axis(text: str) -> Axis:
    """`style=cinematic,noir` as an axis, each value checked as far as it can be without its model.

    Raises:
        UsageError: no name, or a value that is empty, there twice or unusable.
    """
    name, equals, rest = text.partition("=")
    name = name.strip()
    bare = name.removeprefix("{").removesuffix("}")
    if name not in AXES and _WORD.fullmatch(f"{{{bare}}}"):
        name = bare
    if not equals or not name:
        raise UsageError(f"--vary {text[:60]!r} is not like style=cinematic,noir")
    values: list[str] = []
    for part in _split(rest):
        value = _value(name, part)
        if value in values:
            raise UsageError(f"--vary {name}: {value!r} is there twice")
        values.append(value)
    return Axis(name, tuple(values))


def format_axis(axis: Axis) -> str:
    """What to type for `axis`."""
    return f"{axis.name}=" + ",".join(value.replace("\\", "\\\\").replace(",", "\\,") for value in axis.values)


def spread(entry: Entry, axes: Sequence[Axis]) -> Spread:
    """`entry` once for each cell, the values of the last axis changing first; ids tell their values."""
    entries: list[Entry] = []
    found: dict[str, tuple[str, ...]] = {}
    for values in product(*(axis.values for axis in axes)):
        name = "/".join([*([entry.id] if entry.id else []), *(value[:40] for value in values)])
        while name in found:
            name += "/"
        found[name] = values
        told = ", ".join(f"{axis.name}={value}" for axis, value in zip(axes, values, strict=True))
        changed = replace(entry, id=name, where=f"{entry.where}, {told}")
        entries.append(_varied(changed, dict(zip(axes, values, strict=True))))
    return Spread(entry.prompt, tuple(axes), tuple(entries), found)


def with_cell(template: str) -> str:
    """A name template that tells the cells of a grid apart: `{cell}` before its number, or at its end."""
    if CELL in template or "{id}" in template or "{hash}" in template:
        return template
    return template.replace("-{n}", f"-{CELL}-{{n}}", 1) if "-{n}" in template else f"{template}-{CELL}"


def named(spreads: Sequence[Spread], template: str) -> tuple[Spread, ...]:
    """`spreads` with a name for each entry that tells its cell, and is another one's in none of them."""
    taken: set[tuple[str, ...]] = set()
    done = []
    for grid in spreads:
        entries = []
        for entry in grid.entries:
            values = grid.values[entry.id]
            told = _told(entry, grid.axes, values, template)
            # As much as a file name surely keeps of them; a number too many does no harm.
            key, number = (_words(entry.prompt)[:SLUG_LETTERS], *map(_words, values)), 1
            while (*key, str(number)) in taken:
                number += 1
            taken.add((*key, str(number)))
            told += [str(number)] if number > 1 else []
            entries.append(replace(entry, name=with_cell(template).replace(CELL, "-".join(told))))
        done.append(replace(grid, entries=tuple(entries)))
    return tuple(done)


def _told(entry: Entry, axes: Sequence[Axis], values: Sequence[str], template: str) -> list[str]:
    """The words of the values that no other field of the template tells."""
    told = []
    for axis, value in zip(axes, values, strict=True):
        in_slug = axis.is_word and len(entry.prompt.encode()) <= SLUG_LETTERS
        says = NAMED.get(axis.name, "{slug}" if in_slug else CELL)
        if says == CELL or says not in template:
            told.append(_words(f"no-{value}" if axis.name == "no" and value != NONE else value))
    return told


def _words(text: str) -> str:
    """What of `text` may stand in a file name and in a template."""
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")[:SLUG_LETTERS]


def _varied(entry: Entry, values: Mapping[Axis, str]) -> Entry:
    words = {axis.name: value for axis, value in values.items() if axis.is_word}
    changed: dict[str, Any] = {"prompt": _WORD.sub(lambda found: words.get(found[1], found[0]), entry.prompt)}
    for axis, value in values.items():
        match axis.name:
            case "style":
                changed["style"] = () if value == NONE else tuple(value.split("+"))
            case "no":
                changed["no"] = () if value == NONE else (value,)
            case "seed":
                changed["seed"] = int(value)
            case "aspect":
                changed["size"] = value
            case name:
                changed |= {} if axis.is_word else {name: value}
    return replace(entry, **changed)


def _value(name: str, part: str) -> str:
    value = part.strip()
    if not value:
        raise UsageError(f"--vary {name} has an empty value" + (f"; write {NONE}" if name in {"style", "no"} else ""))
    if len(value) > MOST_LETTERS:
        raise UsageError(f"--vary {name}: a value has {len(value):,} letters; {MOST_LETTERS:,} are the most")
    if any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in value):
        raise UsageError(f"--vary {name}: {value[:40]!r} holds control characters; type it anew")
    try:
        return AXES.get(name, str)(value)
    except ValueError as error:
        raise UsageError(f"--vary {name}: {error}") from None


def _split(text: str) -> list[str]:
    parts = [""]
    for found in _PART.findall(text):
        if found == ",":
            parts.append("")
        else:
            parts[-1] += found[1] if len(found) == 2 and found[0] == "\\" else found
    return parts


def _require_word(name: str, prompts: Sequence[str]) -> None:
    """Refuse an axis that is neither one of ours nor a word of every prompt.

    Raises:
        UsageError: with the nearest one there is.
    """
    words = [set(_WORD.findall(prompt)) for prompt in prompts]
    missing = next((place for place, found in enumerate(words, 1) if name not in found), 0)
    if not missing:
        return
    if any(name in found for found in words):
        raise UsageError(f"--vary {name}: prompt {missing} has no {{{name}}}; put it in, or make its grid apart")
    near = difflib.get_close_matches(name, [*AXES, *sorted(set().union(*words))], 1)
    meant = f"; did you mean {near[0]}?" if near else f"; there is {', '.join(AXES)}, or any {{word}} of the prompt"
    raise UsageError(f"--vary {name}: no such axis, and no {{{name}}} in the prompt{meant}")
