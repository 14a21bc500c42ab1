"""Styles of other tools as style files of ours, and back.

The law: what was imported and left as it is goes back character for character. `keyword_prompt` and `negative` hold
the words wherever they can; where they cannot (there was no `{prompt}`, a blank at an edge, a line end of Windows), the table
`[imported]` keeps them to the letter, for as long as the two keys still say what was made of them.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from imgcli.director.direct import direct
from imgcli.director.exchange.foreign import SUBJECT, ForeignStyle, Found, Tool, shown_file
from imgcli.director.exchange.rewrite import avoided_of, prose_of
from imgcli.director.style_file import Imported
from imgcli.director.styles import parse_style
from imgcli.model.card import Wording
from imgcli.model.prompt import Style

NAME_LENGTH = 40
JOINTS: Mapping[str, str] = {Tool.A1111.value: ", ", Tool.FOOOCUS.value: ", ", Tool.INVOKEAI.value: " "}
"""What each tool puts between the subject and a prompt without `{prompt}`. Fooocus encodes both apart and adds them."""

TITLES: Mapping[str, str] = {"a1111": "A1111", "fooocus": "Fooocus", "invokeai": "InvokeAI"}
HEAD = """\
# A style of {tool}. keyword_prompt and negative are its own words, for models that follow keywords; prose and avoid
# were made of them for models that read sentences, and gain most from an edit by hand.
"""
TAIL = """
# For the way back: imgcli styles export gives the words of {tool} back to the letter while the two keys above stay.
[imported]
"""


@dataclass(frozen=True, slots=True)
class Written:
    """A style file that is to be written; its text does not depend on its name."""

    name: str
    text: str


def slug(name: str, prefix: str = "", instead: str = "style") -> str:
    """`name` as one of ours: a to z, 0 to 9 and hyphens, at most 40; `instead` where no letter of it is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or instead
    return f"{prefix}{words}"[:NAME_LENGTH].strip("-")


def numbered(name: str, number: int) -> str:
    """`noir`, `noir-2`, `noir-3`, never longer than a name may be."""
    mark = f"-{number}" if number > 1 else ""
    return name[: NAME_LENGTH - len(mark)].rstrip("-") + mark


def style_file(found: Found, file: str, tool: Tool, name: str, family: str = "") -> Written:
    """The style file `name` for a style found in `file`; parsed again, so that what is written can be read.

    Raises:
        StyleError: it cannot be one of ours, in one line.
    """
    file = shown_file(file)
    told = Imported(tool.value, file, found.number, found.style.name)
    text = _rendered(found.style, told, file, family)
    style = parse_style(text, name, f"{name}.toml")
    back = foreign_of(style, told)
    if back != found.style:
        kept = found.style
        told = Imported(
            *(told.tool, told.file, told.entry, told.name),
            prompt=None if back.prompt == kept.prompt else kept.prompt,
            negative=None if back.negative == kept.negative else kept.negative,
        )
        text = _rendered(found.style, told, file, family)
        parse_style(text, name, f"{name}.toml")
    return Written(name, text)


def foreign_of(style: Style, imported: Imported | None = None) -> ForeignStyle:
    """A style for another tool: what it was imported from, as far as nobody edited it, else what a model gets of it.

    The keyword form of a style is the directed prompt for a model that reads keywords, with `{prompt}` for its subject.
    """
    directed = direct(SUBJECT, [style], (), Wording.KEYWORDS)
    prompt, negative = directed.text, directed.negative
    if imported is None:
        return ForeignStyle(style.name, prompt, negative)
    if imported.prompt is not None and _alike(keyword_prompt(imported.prompt, imported.tool), style.keyword_prompt):
        prompt = imported.prompt
    if imported.negative is not None and _alike(negative_of(imported.negative), style.negative):
        negative = imported.negative
    return ForeignStyle(imported.name, prompt, negative)


def keyword_prompt(prompt: str, tool: str) -> str:
    """A prompt of `tool` as our `keyword_prompt`: the subject where the tool would put it."""
    text = _plain(prompt)
    if SUBJECT not in text:
        joint = JOINTS.get(tool, ", ")
        text = f"{SUBJECT}{joint}{text}" if text else SUBJECT
    before, _, after = text.partition(SUBJECT)
    return f"{_doubled(before)}{SUBJECT}{_doubled(after)}"


def negative_of(negative: str) -> str:
    """A negative prompt without the place where A1111 and InvokeAI put what the user excludes."""
    if SUBJECT in negative:
        negative = re.sub(rf"[\s,]*{re.escape(SUBJECT)}[\s,]*", ", ", negative).strip(", ")
    return _plain(negative)


def _rendered(style: ForeignStyle, told: Imported, file: str, family: str) -> str:
    name = " ".join(style.name.split())
    lines = {
        "description": f"{name} (imported from {file})"[:300],
        "family": family,
        "prose": prose_of(style.prompt if SUBJECT in style.prompt else f"{SUBJECT}, {style.prompt}"),
        "avoid": list(avoided_of(style.negative)),
        "keyword_prompt": keyword_prompt(style.prompt, told.tool),
        "negative": negative_of(style.negative),
    }
    back = {key: value for key in Imported.__struct_fields__ if (value := getattr(told, key)) is not None}
    said = {key: value for key, value in lines.items() if value}
    return f"{HEAD.format(tool=TITLES[told.tool])}{_keys(said)}{TAIL.format(tool=TITLES[told.tool])}{_keys(back)}"


def _keys(table: Mapping[str, object]) -> str:
    # A string of JSON is one of TOML too, as no control characters come this far that only TOML forbids.
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())


def _plain(text: str) -> str:
    """`text` with the line ends that a style file keeps, and none at its edges."""
    return re.sub(r"\r\n?", "\n", text).strip()


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _alike(one: str, other: str) -> bool:
    """Whether only blanks tell them apart, which a style file does not keep."""
    return one.split() == other.split()
