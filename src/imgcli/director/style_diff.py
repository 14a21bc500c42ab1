"""Two styles, field by field and word by word, and what the difference does to a prompt."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import NamedTuple

from imgcli.director.direct import direct
from imgcli.model.card import Wording
from imgcli.model.prompt import Style

EXAMPLE = "a car"

_OWN = frozenset({"name", "source", "version", "keywords"})
"""Fields that differ without a word of difference, or are shown otherwise."""

_WORDS = re.compile(r"(?:[\w{}#'-]+|[^\w\s])\s*|^\s+")
_MOST_PAIRS = 1_000_000
"""Beyond these many pairs of words a comparison takes seconds; no prompt comes near."""


class Run(NamedTuple):
    """Words that both say (" "), only the first ("-") or only the second ("+")."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """A field in which two styles differ; `runs` joined without "+" are `before`, without "-" `after`."""

    field: str
    before: str
    after: str
    runs: tuple[Run, ...]


def diff_styles(before: Style, after: Style) -> tuple[FieldDiff, ...]:
    """Every field that differs, in the order of a style file; last the directed prompt of "a car", for each kind of model."""
    old, new = dict(_told(before)), dict(_told(after))
    return tuple(
        FieldDiff(field, one, other, word_diff(one, other))
        for field in dict.fromkeys([*old, *new])
        if (one := old.get(field, "")) != (other := new.get(field, ""))
    )


def word_diff(before: str, after: str) -> tuple[Run, ...]:
    """What was kept, taken out and put in, in runs of whole words."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) * len(new) > _MOST_PAIRS:
        return (Run("-", before), Run("+", after))
    blocks: list[tuple[bool, str, str]] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        one, other = "".join(old[i:j]), "".join(new[k:m])
        kept = kind == "equal" and any(map(str.isalnum, one))
        if blocks and not kept and not blocks[-1][0]:
            # A comma that stands between two changes is no island worth a line of its own.
            one, other = blocks[-1][1] + one, blocks[-1][2] + other
            blocks.pop()
        blocks.append((kept, one, other))
    return tuple(run for kept, one, other in blocks for run in _runs(one, other, kept=kept) if run.text)


def _runs(one: str, other: str, *, kept: bool) -> tuple[Run, ...]:
    return (Run(" ", one),) if kept or one == other else (Run("-", one), Run("+", other))


def _told(style: Style) -> Iterator[tuple[str, str]]:
    for field in fields(style):
        if field.name == "keywords":
            yield from ((f"keywords.{group}", ", ".join(terms)) for group, terms in style.keywords)
        elif field.name not in _OWN:
            value = getattr(style, field.name)
            yield field.name, ", ".join(value) if isinstance(value, tuple) else value or ""
    for wording in Wording:
        directed = direct(EXAMPLE, [style], (), wording)
        yield f'"{EXAMPLE}" in {wording.value}', directed.text
        if wording is Wording.KEYWORDS:
            yield f'"{EXAMPLE}" negative prompt', directed.negative
