"""Style files: one TOML text -> one frozen Style, or one line that says what to mend.

A style file is data from strangers: nothing in it is executed, every size is bounded, and no control character gets
through to a terminal or a model.
"""

import difflib
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated

import msgspec
import tomli

from imgcli.errors import StyleError
from imgcli.model.plain import plain
from imgcli.model.prompt import Style
from imgcli.model.size import parse_size

MAX_BYTES = 64 * 1024
MAX_KEY_PARTS = 32
MAX_PROSE = 4000
COLOURS = (3, 6)
"""Fewest and most colours of a palette."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ABOUT = frozenset({"description", "source", "family", "extends", "version"})
"""Fields of a style that no picture depends on."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_BRACES = re.compile(r"\{\{|\}\}|\{prompt\}|[{}]")
# A string that is not closed counts to the end of its line, so that no text makes this search start over and over.
_STRING = re.compile(r'"(?:\\.|[^"\\])*"?|\'[^\']*\'?')
_PLAIN_WORDS = (("`str`", "text"), ("`object`", "a table"), ("`array`", "a list"), ("`int`", "a number"))

Line = Annotated[str, msgspec.Meta(max_length=300)]
Items = Annotated[tuple[Line, ...], msgspec.Meta(max_length=40)]


class KeywordGroups(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table `[keywords]`; its order is the order in which groups are spoken, medium first."""

    medium: Items = ()
    lighting: Items = ()
    camera: Items = ()
    palette: Items = ()
    mood: Items = ()


class StyleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a style file may say; `description` and `prose` must be there."""

    description: Line = ""
    family: Line = ""
    prose: Annotated[str, msgspec.Meta(max_length=MAX_PROSE)] = ""
    keywords: KeywordGroups = KeywordGroups()
    avoid: Items = ()
    colours: Items = ()
    size: Line | None = None
    quality: Line | None = None


GROUPS = KeywordGroups.__struct_fields__

TEMPLATE = '''\
# A style of imgcli. The name of this file, without .toml, is the name of the style.

# One line for `imgcli styles list`.
description = "What this style looks like"

# How the picture is made: medium, light, lens, composition, texture. {prompt} stands where the subject goes, exactly
# once, best in a short sentence of its own, so that any subject fits. For a brace that is meant, write it twice.
prose = """
A photograph by a north-facing window: {prompt}. Soft, cool light falls from one side and fades slowly into shadow.
A 50 mm lens keeps the subject sharp and lets the room behind it go quiet.
"""

# Things that spoil this style. What the user typed always wins over them.
avoid = ["harsh flash", "oversaturated colours"]

# 3 to 6 colours that evoke the style, the most important first; the placeholder provider paints with them.
colours = ["#dfe4e6", "#9aa7ad", "#5a6670", "#c9a27a"]

# What the style looks best at. Without these lines the settings decide.
# size = "1024x1536"
# quality = "medium"

# Short terms, mainly for models that follow keywords better than sentences. Leave out the groups you do not need.
[keywords]
medium = ["natural-light photograph"]
lighting = ["north window light", "soft shadows"]
camera = ["50 mm lens", "eye level"]
palette = ["cool greys", "one warm accent"]
mood = ["quiet"]
'''


def parse_style(text: str, name: str, source: str) -> Style:
    """The style `name` in the text of its file; `source` is its path, or `built-in`.

    Raises:
        StyleError: `file: key: problem`, in one line.
    """
    where = source if source.endswith(".toml") else f"{name}.toml"
    try:
        _check_name(name)
        file = _decode(text)
        style = Style(
            name=name,
            description=_line("description", file.description),
            prose=_prose(file.prose),
            keywords=tuple(_groups(file.keywords)),
            avoid=_items("avoid", file.avoid),
            colours=_colours(file.colours),
            size=_size(file.size),
            quality=None if file.quality is None else _line("quality", file.quality),
            source=source,
            family=_family(file.family),
        )
        return replace(style, version=style_version(style))
    except ValueError as error:
        raise StyleError(_printable(f"{where}: {error}")) from None


def style_version(style: Style) -> str:
    """The first 12 hex digits of a SHA-256 over all of a style that can change a picture."""
    told = {name: value for name, value in plain(style).items() if name not in _ABOUT}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]


def find_style(name: str, styles: Mapping[str, Style]) -> Style:
    """The style called `name`.

    Raises:
        StyleError: there is none; says which was probably meant.
    """
    if name in styles:
        return styles[name]
    raise StyleError(f"no style {name[:60]!r}{_guess(name, styles)} (imgcli styles list shows all)")


def render_new(name: str, description: str) -> str:
    """The starter text of a new style `name`, ready to be edited and already valid.

    Raises:
        StyleError: a name or a description that a style cannot have.
    """
    text = TEMPLATE.replace('"What this style looks like"', json.dumps(description.strip(), ensure_ascii=False), 1)
    parse_style(text, name, f"{name}.toml")
    return text


def _check_name(name: str) -> None:
    """Refuse a name that is not 1 to 40 lower-case letters, digits and hyphens.

    Raises:
        ValueError: it is not.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"name: {name[:60]!r} is not 1 to 40 lower-case letters, digits and hyphens, like neon-noir")


def around_subject(prose: str) -> tuple[str, str]:
    """What stands before and after `{prompt}`, with `{{` and `}}` read as braces.

    Raises:
        ValueError: not exactly one `{prompt}`, or a single brace.
    """
    before: list[str] = []
    after: list[str] | None = None
    start = 0
    for brace in _BRACES.finditer(prose):
        words = before if after is None else after
        words.append(prose[start : brace.start()])
        start = brace.end()
        if len(brace[0]) == 1:
            found = prose[brace.start() :][:20]
            raise ValueError(f"at {found!r}: only {{prompt}} is filled in; double a brace that is meant")
        if brace[0] != "{prompt}":
            words.append(brace[0][0])
        elif after is None:
            after = []
        else:
            raise ValueError("{prompt} stands in it twice; the subject goes in once")
    if after is None:
        raise ValueError("it needs {prompt} where the subject goes")
    return "".join(before), "".join([*after, prose[start:]])


def _decode(text: str) -> StyleFile:
    text = text.removeprefix("\ufeff")
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise ValueError(f"the file is larger than {MAX_BYTES // 1024} KiB")
    for number, line in enumerate(text.split("\n"), 1):
        # A key of thousands of parts keeps a TOML parser busy for seconds; no honest file has one.
        if any(part.count(".") >= MAX_KEY_PARTS for part in _STRING.sub("", line).split("=")):
            raise ValueError(f"line {number}: a key of more than {MAX_KEY_PARTS} parts; break a long text into lines")
    try:
        told = tomli.loads(text)
        _known("", told, StyleFile.__struct_fields__)
        if isinstance(told.get("keywords"), dict):
            _known("keywords.", told["keywords"], GROUPS)
        return msgspec.convert(told, StyleFile)
    except tomli.TOMLDecodeError as error:
        raise ValueError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except msgspec.ValidationError as error:
        raise ValueError(_reworded(str(error))) from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _known(path: str, table: Iterable[str], names: tuple[str, ...]) -> None:
    for key in table:
        if key not in names:
            hint = _guess(key, names) or f"; there are {', '.join(names)}"
            raise ValueError(f"{path}{key[:60]}: no such key{hint}")


def _guess(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word[:60].casefold(), known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _reworded(message: str) -> str:
    """Msgspec's `Expected ... - at `$.avoid[2]`` as `avoid[2]: expected ...`."""
    problem, _, path = message.partition(" - at ")
    for term, word in _PLAIN_WORDS:
        problem = problem.replace(term, word)
    return f"{path.strip('`').removeprefix('$.')}: {problem[0].lower()}{problem[1:]}"


def _family(text: str) -> str:
    if text and not _NAME.fullmatch(text):
        raise ValueError(f"family: {text[:60]!r} is not 1 to 40 lower-case letters, digits and hyphens, like cinema")
    return text


def _line(key: str, text: str) -> str:
    # What is printable has none of them, and saying so is far quicker than looking at each character.
    if not text.isprintable() and (hidden := next((char for char in text if _is_control(char)), "")):
        raise ValueError(f"{key}: control characters such as {hidden!r} are not allowed")
    if not text.strip():
        raise ValueError(f"{key}: it is missing or empty")
    return text.strip()


def _is_control(char: str) -> bool:
    """True for control characters, line separators, lone surrogates and marks that turn the direction of writing."""
    category = unicodedata.category(char)
    return category in {"Cc", "Cs", "Zl", "Zp"} or "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"


def _prose(text: str) -> str:
    # TOML's multi-line strings are how people write a paragraph: their line ends are blanks.
    prose = re.sub(r" {2,}", " ", _line("prose", re.sub(r"[\n\t]", " ", text)))
    try:
        around_subject(prose)
    except ValueError as error:
        raise ValueError(f"prose: {error}") from None
    return prose


def _items(key: str, items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_line(f"{key}[{index}]", item) for index, item in enumerate(items))


def _groups(keywords: KeywordGroups) -> Iterator[tuple[str, tuple[str, ...]]]:
    for group in GROUPS:
        if items := _items(f"keywords.{group}", getattr(keywords, group)):
            yield group, items


def _colours(items: tuple[str, ...]) -> tuple[str, ...]:
    colours = tuple(item.lower() for item in items)
    for index, colour in enumerate(colours):
        if not _COLOUR.fullmatch(colour):
            raise ValueError(f"colours[{index}]: {items[index]!r} is not a colour like #1f4e5f")
    if colours and not COLOURS[0] <= len(colours) <= COLOURS[1]:
        raise ValueError(f"colours: there are {len(colours)}; a palette has {COLOURS[0]} to {COLOURS[1]}")
    return colours


def _size(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return str(parse_size(text))
    except ValueError as error:
        raise ValueError(f"size: {error}") from None


def _printable(message: str) -> str:
    return "".join(char.encode("unicode_escape").decode() if _is_control(char) else char for char in message)
