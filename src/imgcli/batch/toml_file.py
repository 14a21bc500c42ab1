"""A TOML batch file as drafts: `[defaults]`, `[vars]`, and one `[[prompts]]` for each entry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tomli

from imgcli.batch.draft import Draft, Place, shown
from imgcli.batch.keys import unknown_key
from imgcli.batch.layout import DEFAULTS, PROMPTS, VARS, Effort, Section, find_key, place_of, sections
from imgcli.batch.schema import INCLUDES_LIMIT, JOBS_LIMIT, PROMPT_KEYS, TABLES

_ADVICE = (
    ("Invalid value", 'text goes in quotes, such as size = "1536x1024"'),
    ("Unescaped", "write \\\\ for a backslash, or put the text in 'single quotes'"),
    ("Invalid hex value", "write \\\\ for a backslash, or put the text in 'single quotes'"),
    ("Escaped character", "write \\\\ for a backslash, or put the text in 'single quotes'"),
    ("Illegal character", 'text over several lines goes between """ and """'),
    ("Unterminated string", "close the text with the quote it began with"),
    ("Expected \"'", "close the text with the quote it began with"),
    ("Expected '='", 'write key = "value"'),
    ("Cannot overwrite", "the key is set twice; a new prompt begins with [[prompts]]"),
    ("Cannot declare", "the table stands twice; put its keys together"),
    ("Unclosed array", "put a comma between two items, and ] after the last"),
    ("Unclosed inline table", "put a comma between two keys, and } after the last"),
    ("Expected newline", "put each key on a line of its own"),
    ("Duplicate inline", "the key is set twice; remove one"),
)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What stands in one file.

    Attributes:
        place: of what stands above the first table.
        include: paths and patterns as typed.
        defaults, vars: None where there is no such table.
        prompts: to be read once.
    """

    place: Place
    include: tuple[str, ...]
    defaults: Draft | None
    vars: Draft | None
    prompts: Iterator[Draft]


def read_toml(text: str, file: str, effort: Effort | None = None) -> TomlFile:
    """The tables of a batch file; with `effort`, as far as the other files of the batch left some.

    Raises:
        BatchFileError: no valid TOML, or not the tables of a batch file.
    """
    text = text.replace("\r\n", "\n")
    found = sections(text, file, effort)
    data = _parsed(text, file)
    place = place_of(text, file, found[0], "")
    for key in data:
        if key not in TABLES:
            raise Place(file, find_key(text, found[0], key)).error(_stray(key))
    return TomlFile(
        place,
        _include(data.get("include", []), place),
        _table(data, DEFAULTS, text, file, found),
        _table(data, VARS, text, file, found),
        _prompts(data, text, file, found),
    )


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        advice = next((advice for start, advice in _ADVICE if error.msg.startswith(start)), "")
        said = re.sub(r"\s+", " ", error.msg)[:100]
        problem = f"not valid TOML: {said} (column {error.colno}){'; ' if advice else ''}{advice}"
        raise Place(file, error.lineno).error(problem) from None
    except RecursionError:
        raise Place(file).error("lists or tables are nested too deeply; no key needs more than two levels") from None
    except ValueError:  # Python refuses to read whole numbers of more than 4,300 digits
        raise Place(file).error("a number is too long") from None


def _stray(key: str) -> str:
    if key in PROMPT_KEYS:
        return f"{key!r} stands above the first table; put it below [defaults] or a [[prompts]]"
    return unknown_key(key, TABLES)


def _include(said: object, place: Place) -> tuple[str, ...]:
    paths = [said] if isinstance(said, str) else said
    if not isinstance(paths, list):
        raise place.error(f'must be a list of files such as ["sets/tins.toml"], not {shown(said)}', "include")
    if len(paths) > INCLUDES_LIMIT:
        raise place.error(f"names {len(paths):,} files; {INCLUDES_LIMIT} are allowed", "include")
    for path in paths:
        if not isinstance(path, str):
            raise place.error(f'must be texts such as "sets/tins.toml", not {shown(path)}', "include")
    return tuple(paths)


def _table(data: dict[str, Any], name: str, text: str, file: str, found: list[Section]) -> Draft | None:
    if name not in data:
        return None
    section = next((section for section in found if section.table == name), None)
    place = place_of(text, file, section or found[0], name)
    if not isinstance(data[name], dict):
        raise place.error(f"must be a table: write [{name}] on a line of its own, not {shown(data[name])}")
    return Draft(place, data[name])


def _prompts(data: dict[str, Any], text: str, file: str, found: list[Section]) -> Iterator[Draft]:
    prompts = data.get("prompts", [])
    if not isinstance(prompts, list):
        place = Place(file, find_key(text, found[0], "prompts"), "prompts")
        raise place.error('must be a list of tables: write [[prompts]] and below it prompt = "a car"')
    if len(prompts) > JOBS_LIMIT:
        raise Place(file).error(f"holds {len(prompts):,} prompts; {JOBS_LIMIT:,} are allowed, so split it")
    own = [section for section in found if section.table == PROMPTS]
    for number, keys in enumerate(prompts, 1):
        path = f"prompts[{number}]"
        place = place_of(text, file, own[number - 1], path) if len(own) == len(prompts) else Place(file, 0, path)
        if not isinstance(keys, dict):
            raise place.error(f'must be a table: write [[prompts]] and below it prompt = "a car", not {shown(keys)}')
        yield Draft(place, keys)
