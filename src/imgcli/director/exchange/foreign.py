"""A style of another tool, and what can be wrong with one.

A1111 (stable-diffusion-webui), Fooocus and InvokeAI all keep a style as three texts: a name, a prompt that has
`{prompt}` where the subject goes or is put behind it, and a negative prompt.
"""

from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath
from typing import NamedTuple

from imgcli.director.style_file import MAX_PROSE, printable

MAX_ENTRIES = 5000
MAX_NAME = 200
SUBJECT = "{prompt}"
COLUMNS = ("name", "prompt", "negative_prompt")


class Tool(Enum):
    A1111 = "a1111"
    FOOOCUS = "fooocus"
    INVOKEAI = "invokeai"


@dataclass(frozen=True, slots=True)
class ForeignStyle:
    """The three texts, character for character as the file has them."""

    name: str
    prompt: str = ""
    negative: str = ""

    @property
    def is_silent(self) -> bool:
        """True for a row that only divides a list, such as `---- PHOTO ----,,`."""
        return not self.prompt.strip() and not self.negative.strip()


@dataclass(frozen=True, slots=True)
class Found:
    """A style, its place in the file as errors name it, and its number there: a line of CSV, an entry of JSON."""

    place: str
    number: int
    style: ForeignStyle


class Problem(NamedTuple):
    """Why an entry cannot be used: its number, and one line with its place."""

    number: int
    line: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read.

    Attributes:
        tool: whose file it is.
        found: the styles that can be used, in the order of the file.
        problems: one for each entry that cannot.
        notes: what was left out on purpose.
    """

    tool: Tool
    found: tuple[Found, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def problem_of(style: ForeignStyle) -> str:
    """What keeps a style from being used, or an empty text."""
    if not style.name.strip():
        return "it has no name"
    if len(style.name) > MAX_NAME:
        return f"its name is longer than {MAX_NAME} characters"
    for key, text in (("prompt", style.prompt), ("negative_prompt", style.negative)):
        if len(text) > MAX_PROSE:
            return f"its {key} has {len(text):,} characters; {MAX_PROSE:,} are allowed"
    if style.prompt.count(SUBJECT) > 1:
        return f"two {SUBJECT} in it; the subject goes in once, so remove one"
    for text in (style.name, style.prompt, style.negative):
        hidden = next((char for char in text if char not in "\r\n\t" and printable(char) != char), "")
        if hidden:
            return f"control characters such as {hidden!r} are not allowed"
    return ""


def sift(tool: Tool, entries: list[Found], problems: list[Problem], notes: list[str]) -> Reading:
    """The reading of a file: entries that are of no use go to the problems, dividers to the notes."""
    found = []
    for entry in entries:
        if problem := problem_of(entry.style):
            problems.append(Problem(entry.number, f"{entry.place}: {problem}"))
        elif entry.style.is_silent:
            notes.append(f"{entry.place}: {entry.style.name[:60]!r} has no words, only a name; left out")
        else:
            found.append(entry)
    return Reading(tool, tuple(found), tuple(problems), tuple(notes))


def shown_file(file: str) -> str:
    """The name of a file without its directories, fit to stand in a style file."""
    return printable(PurePath(file).name)[:MAX_NAME]
