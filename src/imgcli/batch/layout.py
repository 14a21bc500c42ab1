"""Where tables and keys of a TOML text stand, and whether parsing it would take too long; reads no values.

tomli needs time that grows with the square of the parts of a key, keeps no line numbers, and takes any table. A batch
file has few tables, so everything else can be refused before it is parsed.
"""

import re
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from imgcli.batch.draft import Place, shown
from imgcli.batch.keys import CONFIG_ONLY, meant
from imgcli.batch.schema import JOBS_LIMIT, PROMPT_KEYS, SET_KEYS

PARTS_LIMIT = 32
WORD_LIMIT = 400
EFFORT_LIMIT = 600_000
"""About microseconds of parsing: 100,000 prompts of one key come to 400,000, 4 MiB of ordinary ones to 500,000."""

_COSTS = {
    "=": 8,
    "{": 12,
    ",": 8,
    "[": 16,
    "[[prompts]]": -28,
    "\n": 2,
    "\\": 2,
}  # quarters of a microsecond, measured with tomli 2.5

DEFAULTS, VARS, PROMPTS = "defaults", "vars", "prompts"
_WITHIN = tuple(f"prompts.{key}" for key in PROMPT_KEYS if key in SET_KEYS)
_WRITTEN = {DEFAULTS: "[defaults]", VARS: "[vars]", PROMPTS: "[[prompts]]"} | {name: f"[{name}]" for name in _WITHIN}

_W = r"[A-Za-z0-9_-]"
_TEXT = r""""(?:[^"\\\n]|\\[^\n]|)*+"|'[^'\n]*+'"""
_PART = rf"(?:{_W}{{1,{WORD_LIMIT - 1}}}+(?!{_W})|{_TEXT})"
_DOT = r"[ \t]*+\.[ \t]*+"
_MORE = rf"{_DOT}{_PART}(?:{_DOT}{_PART}|)*+"
_LONG_TEXT = r""""{3}(?:[^"\\]++|\\[\s\S]|"(?!"")|)*+(?:"{3,5}+|\Z|\\)|'{3}(?:[^']++|'(?!'')|)*+(?:'{3,5}+|\Z)"""

# One match runs up to the next thing of interest. Every repeat is possessive, and an unclosed text ends with its line,
# so the time is linear in the text. A group that is repeated possessively ends in an empty alternative: before Python
# 3.11.5 one that fails halfway leaves the match where it failed (CPython issue 106052).
_NEXT = re.compile(
    rf"""
    (?:
      [^"'#\[A-Za-z0-9_=,-]++
     |[=,](?:[ \t]*+\[|)*+
     |\#[^\n]*+
     |{_LONG_TEXT}
     |{_PART}(?!{_DOT}{_PART})
     |{_PART}{_MORE}(?![ \t]*+=)
     |(?!{_PART})(?:"(?:[^"\\\n]|\\[^\n]|)*+|'[^'\n]*+)
     |
    )*+
    (?:(?P<head>\[\[?+)|(?P<dotted>{_PART}{_MORE})|(?P<word>{_W}{{{WORD_LIMIT}}})|\Z)
    """,
    re.VERBOSE,
)
_HEAD = re.compile(rf"(\[\[?)[ \t]*+({_PART}(?:{_DOT}{_PART}|)*+)[ \t]*+(\]\]?)")
_KEY = re.compile(
    rf"#[^\n]*+|{_LONG_TEXT}|^[ \t]*+(?P<key>{_PART})[ \t]*+(?:=|\.[ \t]*+(?P<inner>{_PART})?)|{_TEXT}", re.MULTILINE
)
_PARTS = re.compile(_PART)


@dataclass(slots=True)
class Effort:
    """About microseconds of parsing that a batch may still take, over all of its files."""

    left: int = EFFORT_LIMIT


class Section(NamedTuple):
    """A table's own text: from behind its header to the next one. `table` is "" above the first header."""

    table: str
    line: int
    start: int
    end: int


def sections(text: str, file: str, effort: Effort | None = None) -> list[Section]:
    """The tables of a batch file in order; `[prompts.matrix]` and its like belong to the prompt above them.

    What comes behind a surely wrong line may be missing: the parser stops there.

    Raises:
        BatchFileError: a table no batch file has, or more keys than a batch file could need.
    """
    effort = effort or Effort()
    alone = effort.left == EFFORT_LIMIT
    effort.left -= sum(text.count(sign) * cost for sign, cost in _COSTS.items()) // 4
    found: list[Section] = []
    table, line, at, began, behind = "", 1, 0, 1, 0
    for token in _NEXT.finditer(text) if effort.left >= 0 else ():
        kind = token.lastgroup
        if kind is None:
            break
        start = token.start(kind)
        line += text.count("\n", at, start)
        at = start
        if kind != "head":
            effort.left -= _effort(token, Place(file, line))
        elif not _begins_line(text, start):
            break
        else:
            name, end = _head(text, start, file, line)
            if name not in _WITHIN:
                found.append(Section(table, began, behind, start))
                table, began, behind = name, line, end
        if effort.left < 0 or len(found) > JOBS_LIMIT + 3:
            break
    if effort.left < 0 or len(found) > JOBS_LIMIT + 3:
        advice = "split it into several files" if alone else "make several batches of the files that are included"
        raise Place(file).error(f"holds too many prompts, keys or values; {advice}")
    return [*found, Section(table, began, behind, len(text))]


def find_key(text: str, section: Section, key: str) -> int:
    """The line of `key` (`size`, `style[2]`, `matrix.colour`) in its section, or 0."""
    *_, outer, name = ("", *(re.sub(r"\[\d+\]$", "", part) for part in key.split(".")))
    where = -1
    for found in _KEY.finditer(text, section.start, section.end):
        this = (found["key"] or "").strip("\"'")
        inner = (found["inner"] or "").strip("\"'")
        if this == name or (this and (this, inner) == (outer, name)):
            where = found.start("key")
            break
        if this and this == outer and where < 0:
            where = found.start("key")
    return 0 if where < 0 else section.line + text.count("\n", section.start, where)


def place_of(text: str, file: str, section: Section, path: str) -> Place:
    return Place(file, section.line, path, partial(find_key, text, section))


def _effort(token: re.Match[str], place: Place) -> int:
    if token["word"]:
        raise place.error(f"a key or number is over {WORD_LIMIT - 1} characters; put text in quotes")
    parts = len(_PARTS.findall(token["dotted"]))
    if parts > PARTS_LIMIT:
        raise place.error(f"a key has {parts:,} parts; no key of a batch file has more than 3")
    return parts * parts - parts


def _begins_line(text: str, start: int) -> bool:
    return not text[text.rfind("\n", 0, start) + 1 : start].strip(" \t")


def _head(text: str, start: int, file: str, line: int) -> tuple[str, int]:
    """The name of the table and where its header ends."""
    if text.startswith("[[prompts]]", start):
        return PROMPTS, start + 11
    found = _HEAD.match(text, start)
    name = ".".join(part.strip("\"'") for part in _PARTS.findall(found[2])) if found else ""
    if not found or f"{found[1]}{name}{found[3]}" != _WRITTEN.get(name):
        typed = text[start : start + 60].split("\n", maxsplit=1)[0].strip()
        raise Place(file, line).error(_head_problem(name, typed))
    return name, found.end()


def _head_problem(name: str, typed: str) -> str:
    first = name.split(".", maxsplit=1)[0]
    if name in _WITHIN:
        return f"write {_WRITTEN[name]} with one bracket on each side, below its [[prompts]]"
    if name in _WRITTEN:
        two = "two brackets on each side, once for every prompt"
        return f"write {_WRITTEN[name]} with {two if name == PROMPTS else 'one bracket on each side'}"
    if first.lower().replace("-", "_") in CONFIG_ONLY:
        return f"a batch file may not set {shown(typed)}; it belongs in the config"
    guesses = {name.removeprefix("prompts."): written for name, written in _WRITTEN.items()}
    guess = meant(first, (*guesses, "include")) if "." not in name else ""
    if guess == "include":
        return f'{shown(typed)} is no table; write include = ["more.toml"] above the first table'
    if guess:
        return f"unknown table {shown(typed)}; did you mean {guesses[guess]}?"
    *some, last = _WRITTEN.values()
    return f"{shown(typed)} is no table of a batch file; there is {', '.join(some)} and {last}"
