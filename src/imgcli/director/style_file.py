"""The grammar of a style file: TOML text -> what it says itself, checked, or one line that says what to mend.

A style file is data from strangers: nothing in it is executed, every size is bounded, and no control character gets
through to a terminal or a model.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
import tomli
from msgspec import UNSET, Meta, UnsetType

from imgcli.director.places import MAX_BYTES
from imgcli.errors import StyleError
from imgcli.model.size import parse_size

MAX_KEY_PARTS = 32
MAX_PROSE = 4000
MAX_AVOID = 40
MAX_PARENTS = 8
COLOURS = (3, 6)
"""Fewest and most colours of a swatch."""

PALETTE = 12
"""Most colours that a picture is held to."""

BACKGROUNDS = ("auto", "opaque", "transparent")

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_BRACES = re.compile(r"\{\{|\}\}|\{prompt\}|[{}]")
# A string that is not closed counts to the end of its line, so that no text makes this search start over and over.
_STRING = re.compile(r'"(?:\\.|[^"\\])*"?|\'[^\']*\'?')
_PLAIN_WORDS = (
    ("`str | array`", "text or a list"),
    ("`str`", "text"),
    ("`object`", "a table"),
    ("`array`", "a list"),
    ("`int`", "a number"),
)

Line = Annotated[str, Meta(max_length=300)]
Items = Annotated[tuple[Line, ...], Meta(max_length=40)]
Long = Annotated[str, Meta(max_length=MAX_PROSE)]
Hex = Annotated[str, Meta(max_length=300, extra_json_schema={"pattern": "^#[0-9a-fA-F]{6}$"})]


def _terms(description: str, *examples: str) -> Any:
    return Meta(description=description, examples=[list(examples)])


class KeywordGroups(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Short terms by group; their order is the order in which groups are spoken, medium first."""

    medium: Annotated[Items | UnsetType, _terms("What it is made as.", "film still", "fine grain")] = UNSET
    lighting: Annotated[Items | UnsetType, _terms("Light and shadow.", "soft side light")] = UNSET
    camera: Annotated[Items | UnsetType, _terms("Lens, view and composition.", "50 mm lens", "eye level")] = UNSET
    palette: Annotated[Items | UnsetType, _terms("Colours in words.", "teal shadows")] = UNSET
    mood: Annotated[Items | UnsetType, _terms("How it feels.", "quiet")] = UNSET


class Imported(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a style was imported from; `imgcli styles export` gives its words back to the letter by it."""

    tool: Annotated[Line, Meta(description="a1111, fooocus or invokeai.")]
    file: Annotated[Line, Meta(description="The name of its file there.")]
    entry: Annotated[int, Meta(description="Its line or number in it, which orders an export.")]
    name: Annotated[Line, Meta(description="What it is called there.")]
    prompt: Annotated[Long | None, Meta(description="Its prompt, where keyword_prompt cannot hold it as it is.")] = None
    negative: Annotated[
        Long | None, Meta(description="Its negative prompt, where negative cannot hold it as it is.")
    ] = None


class StyleFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A style of imgcli: how a picture is made, whatever it shows."""

    description: Annotated[Line, Meta(description="One line for `imgcli styles list`.")] = ""
    family: Annotated[
        Line | UnsetType, Meta(description="What it stands under in lists.", examples=["photo", "cinema"])
    ] = UNSET
    extends: Annotated[
        Line | Annotated[tuple[Line, ...], Meta(max_length=MAX_PARENTS)] | UnsetType,
        Meta(description="The style it is built on, or several, the later over the earlier.", examples=["cinematic"]),
    ] = UNSET
    prose: Annotated[
        Long | UnsetType,
        Meta(
            description="How the picture is made, in sentences, with {prompt} where the subject goes, once. In a style "
            "that extends another: without {prompt}, sentences that are added to what the other says."
        ),
    ] = UNSET
    keyword_prompt: Annotated[
        Long | UnsetType,
        Meta(
            description="A whole prompt with {prompt} in it once, for models that read keywords.",
            examples=["{prompt}, 35 mm film still, (soft light:1.2)"],
        ),
    ] = UNSET
    negative: Annotated[
        Long | UnsetType,
        Meta(description="A negative prompt for models that have one, sent as it is.", examples=["blurry, lowres"]),
    ] = UNSET
    avoid: Annotated[
        Items | UnsetType,
        Meta(
            description="What spoils the style. In a style that extends another, -THING takes away what that avoids.",
            examples=[["harsh flash", "-film grain"]],
        ),
    ] = UNSET
    palette: Annotated[
        Annotated[tuple[Hex, ...], Meta(max_length=PALETTE)] | UnsetType,
        Meta(description="The only colours of the picture.", examples=[["#0b1d26", "#f2c879"]]),
    ] = UNSET
    colours: Annotated[
        tuple[Hex, ...] | UnsetType,
        Meta(
            description="3 to 6 colours for its swatch, the most important first.",
            examples=[["#0b1d26", "#d98b3a", "#f2c879"]],
        ),
    ] = UNSET
    size: Annotated[
        Line | UnsetType, Meta(description="The size it looks best at.", examples=["1536x1024", "portrait"])
    ] = UNSET
    quality: Annotated[Line | UnsetType, Meta(description="The quality it needs.", examples=["medium"])] = UNSET
    background: Annotated[
        Line | UnsetType,
        Meta(description="What is behind the subject.", extra_json_schema={"enum": list(BACKGROUNDS)}),
    ] = UNSET
    keywords: KeywordGroups | UnsetType = UNSET
    imported: Imported | UnsetType = UNSET


GROUPS = KeywordGroups.__struct_fields__
KEYS = StyleFile.__struct_fields__


@dataclass(frozen=True, slots=True)
class Draft:
    """What one style file says itself, checked.

    Attributes:
        where: the file, for messages.
        extends: the styles it is built on, in order.
        said: the fields of `Style` it gives, and no others. `keywords` are those of the groups it gives, an empty
            group being one taken away; an item of `avoid` that begins with `-` takes one away.
    """

    name: str
    source: str
    where: str
    description: str
    extends: tuple[str, ...]
    said: Mapping[str, Any]


def read_draft(text: str, name: str, source: str) -> Draft:
    """The text of the style `name`; `source` is the path of its file, or `built-in`.

    Raises:
        StyleError: `file: key: problem`, in one line.
    """
    where = place(name, source)
    try:
        _check_name(name)
        file = _decode(text)
        description = _line("description", file.description)
        extends = _extends(file.extends)
        said = {key: CHECKS[key](key, value) for key in CHECKS if (value := getattr(file, key)) is not UNSET}
        if not extends:
            _alone(said)
    except ValueError as error:
        raise StyleError(printable(f"{where}: {error}")) from None
    return Draft(name, source, where, description, extends, said)


def read_imported(text: str) -> Imported | None:
    """The table `[imported]` in the text of a style file that `read_draft` takes; no picture depends on it.

    Raises:
        ValueError: it is no style file.
    """
    told = _decode(text).imported
    return None if told is UNSET else told


def place(name: str, source: str) -> str:
    """What messages call the file of a style."""
    return source if source.endswith(".toml") else f"{name}.toml"


def style_json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a style file."""
    schema = msgspec.json.schema(StyleFile)
    table = schema["$defs"]["StyleFile"]
    del table["properties"]["description"]["default"]  # only there so that its absence is told in our words
    table |= {
        "required": ["description"],
        "anyOf": [{"required": ["prose"]}, {"required": ["extends"]}],
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "imgcli style", **schema}


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


def has_subject(prose: str) -> bool:
    """Whether `{prompt}` stands in it, and not only `{{prompt}}`."""
    return any(brace[0] == "{prompt}" for brace in _BRACES.finditer(prose))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean cinematic?`, or nothing."""
    # Of short words little can be wrong; of long ones half is no likeness.
    close = difflib.get_close_matches(word[:60].casefold(), known, n=1, cutoff=0.7 if len(word) > 4 else 0.6)
    return f"; did you mean {close[0]}?" if close else ""


def printable(message: str) -> str:
    """`message` with what could move a cursor written out."""
    return "".join(char.encode("unicode_escape").decode() if _is_control(char) else char for char in message)


def _check_name(name: str) -> None:
    """Refuse a name that is not 1 to 40 lower-case letters, digits and hyphens.

    Raises:
        ValueError: it is not.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"name: {name[:60]!r} is not 1 to 40 lower-case letters, digits and hyphens, like neon-noir")
    if name == "none":
        raise ValueError("name: 'none' means no style where styles are compared; choose another")


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
        _known("", told, KEYS)
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
            hint = did_you_mean(key, names) or f"; there are {', '.join(names)}"
            raise ValueError(f"{path}{key[:60]}: no such key{hint}")


def _reworded(message: str) -> str:
    """Msgspec's `Expected ... - at `$.avoid[2]`` as `avoid[2]: expected ...`."""
    problem, _, path = message.partition(" - at ")
    for term, word in _PLAIN_WORDS:
        problem = problem.replace(term, word)
    return f"{path.strip('`').removeprefix('$.')}: {problem[0].lower()}{problem[1:]}"


def _alone(said: Mapping[str, Any]) -> None:
    """Refuse what only a style that extends another may leave out or say."""
    if "prose" not in said:
        raise ValueError("prose: it is missing or empty")
    around("prose", said["prose"])
    for index, thing in enumerate(said.get("avoid", ())):
        if thing.startswith("-"):
            raise ValueError(f"avoid[{index}]: {thing!r} takes away what another style avoids, and there is no extends")


def around(key: str, text: str) -> str:
    """`text`, which has `{prompt}` in it once.

    Raises:
        ValueError: it has not; names the key.
    """
    try:
        around_subject(text)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None
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


def _extends(value: str | tuple[str, ...] | UnsetType) -> tuple[str, ...]:
    if value is UNSET:
        return ()
    names = (value,) if isinstance(value, str) else value
    for index, name in enumerate(names):
        _line("extends", name)
        if name in names[:index]:
            raise ValueError(f"extends: {name!r} stands in it twice")
    return names


def _name(key: str, text: str) -> str:
    if text and not _NAME.fullmatch(text):
        raise ValueError(f"{key}: {text[:60]!r} is not 1 to 40 lower-case letters, digits and hyphens, like cinema")
    return text


def _prose(key: str, text: str) -> str:
    # TOML's multi-line strings are how people write a paragraph: their line ends are blanks.
    prose = re.sub(r" {2,}", " ", _line(key, re.sub(r"[\n\t]", " ", text)))
    # Sentences for a parent's prose are checked for braces as if the subject stood before them.
    around(key, prose if has_subject(prose) else f"{{prompt}}{prose}")
    return prose


def _keyword_prompt(key: str, text: str) -> str:
    return around(key, words) if (words := _verbatim(key, text)) else ""


def _verbatim(key: str, text: str) -> str:
    """A prompt for machines: its line ends and blanks stay as they are, and an empty one is one taken away."""
    if text.strip():
        _line(key, re.sub(r"[\n\t]", " ", text))
    return text.strip()


def _items(key: str, items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_line(f"{key}[{index}]", item) for index, item in enumerate(items))


def _avoid(key: str, items: tuple[str, ...]) -> tuple[str, ...]:
    things = _items(key, items)
    for index, thing in enumerate(things):
        if not thing.strip("- "):
            raise ValueError(f"{key}[{index}]: {thing!r} names no thing")
    return things


def _groups(key: str, keywords: KeywordGroups) -> dict[str, tuple[str, ...]]:
    told = {group: getattr(keywords, group) for group in GROUPS}
    return {group: _items(f"{key}.{group}", items) for group, items in told.items() if items is not UNSET}


def _colours(key: str, items: tuple[str, ...]) -> tuple[str, ...]:
    colours = _hex(key, items)
    if colours and not COLOURS[0] <= len(colours) <= COLOURS[1]:
        raise ValueError(f"{key}: there are {len(colours)}; a swatch has {COLOURS[0]} to {COLOURS[1]}")
    return colours


def _hex(key: str, items: tuple[str, ...]) -> tuple[str, ...]:
    colours = tuple(item.strip().lower() for item in items)
    for index, colour in enumerate(colours):
        if not _COLOUR.fullmatch(colour):
            raise ValueError(f"{key}[{index}]: {items[index]!r} is not a colour like #1f4e5f")
    return tuple(dict.fromkeys(colours))


def _size(key: str, text: str) -> str:
    try:
        return str(parse_size(text))
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None


def _background(key: str, text: str) -> str:
    if text not in BACKGROUNDS:
        raise ValueError(f"{key}: {text[:60]!r} is not auto, opaque or transparent{did_you_mean(text, BACKGROUNDS)}")
    return text


CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "family": _name,
    "prose": _prose,
    "keyword_prompt": _keyword_prompt,
    "negative": _verbatim,
    "avoid": _avoid,
    "palette": _hex,
    "colours": _colours,
    "size": _size,
    "quality": _line,
    "background": _background,
    "keywords": _groups,
}
"""What each key must be, apart from `description` and `extends`: (key, value) -> the value as a style has it."""
