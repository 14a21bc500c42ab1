r"""Text with live braces: `{key}`, `{@wildcard}` and `{one|another}`, filled once for every combination.

Every text can be written: `{{` and `}}` are literal braces, and inside `{one|another}` a backslash before `|`, `{`, `}`
or another backslash makes that character plain. A backslash anywhere else is itself.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from imgcli.batch.draft import shown
from imgcli.batch.keys import meant

PLACES_LIMIT = 64
"""Most `{key}` in one text: a prompt of nothing but those would take minutes to fill 100,000 times."""

_TOKEN = re.compile(r"\{\{|\}\}|\{((?:\\[{}|\\]|[^{}]|)*+)\}|[{}]")
_PIECE = re.compile(r"\||(?:\\[{}|\\]|[^|])(?:\\[{}|\\]|[^|]|)*+")
_ESCAPED = re.compile(r"\\([{}|\\])")


class TemplateError(ValueError):
    """What is wrong with a template, and what to type instead."""


class StrayBraceError(TemplateError):
    """A brace that may have been meant as plain text."""


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


@dataclass(frozen=True, slots=True)
class Words:
    """What may stand in the braces of one text.

    Attributes:
        keys: names that are filled later, one value for every combination.
        passed: names another template will fill; those and doubled braces stay as they are.
        constants: names and the text that stands for them.
        wildcard: the key of `@colours:2`, `@` and all; raises TemplateError. None where there are no wildcards.
        options: the key of the texts of `{one|another}`. None where alternatives make no sense.
    """

    keys: Collection[str] = ()
    passed: Collection[str] = ()
    constants: Mapping[str, str] | None = None
    wildcard: Callable[[str], str] | None = None
    options: Callable[[tuple[str, ...]], str] | None = None


def parse_template(text: str, words: Words) -> Template:
    """`text` cut at each `{key}`; `{{` and `}}` become braces.

    Raises:
        TemplateError: a stray brace, an unknown key, or too many of them.
    """
    literals, found, literal, at = [], [], "", 0
    for token in _TOKEN.finditer(text):
        literal += text[at : token.start()]
        at = token.end()
        body = token[1]
        if body is None:
            literal += _brace(token[0], doubled=bool(words.passed))
        elif body in words.passed:
            literal += token[0]
        elif words.constants and body in words.constants and body not in words.keys:
            literal += words.constants[body]
        else:
            literals.append(literal)
            found.append(_key(body, words))
            literal = ""
    if len(found) > PLACES_LIMIT:
        raise TemplateError(f"uses {len(found):,} values in braces; {PLACES_LIMIT} are allowed")
    return Template((*literals, literal + text[at:]), tuple(found))


def escape(text: str) -> str:
    """`text` for a place where braces are live, so that it means itself."""
    return text.replace("{", "{{").replace("}", "}}")


def escape_option(text: str) -> str:
    """`text` as one of the texts of `{one|another}`, so that it means itself."""
    return re.sub(r"[{}|\\]", r"\\\g<0>", text)


def _key(body: str, words: Words) -> str:
    if body in words.keys:
        return body
    options = tuple(_ESCAPED.sub(r"\1", option) for option in _options(body))
    if len(options) > 1:
        if not words.options:
            raise TemplateError(
                f"has alternatives {shown(f'{{{body}}}')}, which only a prompt may have; name them in a matrix"
            )
        return words.options(options)
    if body.startswith("@"):
        if not words.wildcard:
            raise TemplateError(f"has a wildcard {shown(f'{{{body}}}')}, which cannot be read here")
        return words.wildcard(body)
    raise StrayBraceError(_unknown(body, [*words.keys, *(words.constants or ()), *words.passed]))


def _options(body: str) -> list[str]:
    found = [""]
    for piece in _PIECE.finditer(body):
        if piece[0] == "|":
            found.append("")
        else:
            found[-1] = piece[0]
    return found


def _brace(token: str, *, doubled: bool) -> str:
    if len(token) == 1:
        raise StrayBraceError(f"has a single {token!r}; write {token * 2} for the character, or {{key}} for a value")
    return token if doubled else token[0]


def _unknown(key: str, known: Collection[str]) -> str:
    close = meant(key, known)
    field = shown(f"{{{key}}}")
    if close:
        return f"unknown field {field}; did you mean '{{{close}}}'?"
    fields = " ".join(f"{{{name}}}" for name in [*known][:20])
    if not fields:
        return f"unknown field {field}; no name is known here, so write {{{{ and }}}} for literal braces"
    return f"unknown field {field}; there is {fields}, and {{{{ }}}} for literal braces"
