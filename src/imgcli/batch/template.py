"""Text with `{key}` in it, filled from a matrix."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from imgcli.batch.draft import shown
from imgcli.batch.keys import meant

PLACES_LIMIT = 64
"""Most `{key}` in one text: a prompt of nothing but those would take minutes to fill 100,000 times."""

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class TemplateError(ValueError):
    """What is wrong with a template, and what to type instead."""


@dataclass(frozen=True, slots=True)
class Template:
    """`literals[0]` + value of `keys[0]` + `literals[1]` ...: one literal more than keys."""

    literals: tuple[str, ...]
    keys: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> str:
        parts = [self.literals[0]]
        for key, literal in zip(self.keys, self.literals[1:], strict=True):
            parts += (values[key], literal)
        return "".join(parts)

    def longest(self, lengths: Mapping[str, int]) -> int:
        """Characters of the longest text it can make, given the longest value of each key."""
        return sum(map(len, self.literals)) + sum(lengths[key] for key in self.keys)


def parse_template(text: str, keys: Collection[str], passed: Collection[str] = ()) -> Template:
    """`text` cut at each `{key}`; `{{` and `}}` become braces.

    With `passed`, the names another template will fill later, those and doubled braces stay as they are.

    Raises:
        TemplateError: a stray brace, an unknown key, or too many of them.
    """
    literals, found, literal, at = [], [], "", 0
    for token in _TOKEN.finditer(text):
        literal += text[at : token.start()]
        at = token.end()
        key = token[1]
        if key is None:
            literal += _brace(token[0], doubled=bool(passed))
        elif key in keys:
            literals.append(literal)
            found.append(key)
            literal = ""
        elif key in passed:
            literal += token[0]
        else:
            raise TemplateError(_unknown(key, [*keys, *passed]))
    if len(found) > PLACES_LIMIT:
        raise TemplateError(f"uses {len(found):,} matrix values; {PLACES_LIMIT} are allowed")
    return Template((*literals, literal + text[at:]), tuple(found))


def _brace(token: str, *, doubled: bool) -> str:
    if len(token) == 1:
        raise TemplateError(
            f"has a single {token!r}; write {token * 2} for the character, or {{key}} for a matrix value"
        )
    return token if doubled else token[0]


def _unknown(key: str, known: Collection[str]) -> str:
    close = meant(key, known)
    field = shown(f"{{{key}}}")
    if close:
        return f"unknown field {field}; did you mean '{{{close}}}'?"
    fields = " ".join(f"{{{name}}}" for name in known)
    return f"unknown field {field}; there is {fields}, and {{{{ }}}} for literal braces"
