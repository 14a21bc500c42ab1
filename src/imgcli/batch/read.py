"""A file of prompts as entries: `parse_batch` is the room's door."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from pathlib import PurePath
from typing import Any

from imgcli.batch.check import check_defaults, check_prompt
from imgcli.batch.draft import Draft, Place, shown
from imgcli.batch.matrix import check_unmultiplied, make_grid
from imgcli.batch.rows import read_csv, read_jsonl, read_text
from imgcli.batch.schema import JOBS_LIMIT, PROMPT_KEYS, ROW_KEYS
from imgcli.batch.toml_file import read_toml
from imgcli.errors import BatchFileError
from imgcli.model.entry import Entry

BYTES_LIMIT = 4 << 20
LINES_LIMIT = 1_000_000
CHARACTERS_LIMIT = 64_000_000
"""Characters of all prompts of matrices together: they are made in memory before the first job starts."""


class Kind(Enum):
    """How a batch file is written."""

    TOML = "toml"
    CSV = "csv"
    JSONL = "jsonl"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Batch:
    """The entries of a file in order, its defaults folded in; None where nothing was said."""

    entries: tuple[Entry, ...]


_EXTENSIONS = {
    ".toml": Kind.TOML,
    ".csv": Kind.CSV,
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".txt": Kind.TEXT,
}
_EMPTY = {
    Kind.TOML: 'add [[prompts]] and below it prompt = "a car"',
    Kind.CSV: "add a row below a header such as prompt,style,size",
    Kind.JSONL: 'add a line such as {"prompt": "a car"}',
    Kind.TEXT: "write one prompt a line",
}


def kind_of(file_name: str) -> Kind:
    """The kind of a file by its extension.

    Raises:
        BatchFileError: another extension, or none.
    """
    extension = PurePath(file_name).suffix.lower()
    if kind := _EXTENSIONS.get(extension):
        return kind
    if extension == ".json":
        raise BatchFileError(file_name, "write one JSON object a line and name the file .jsonl")
    raise BatchFileError(file_name, "is no batch file; name it .toml, .csv, .jsonl, .ndjson or .txt for what it holds")


def parse_batch(text: str, kind: Kind, file: str) -> Batch:
    """The entries of a batch file, matrices multiplied out; `file` is what messages call it.

    Raises:
        BatchFileError: anything that is wrong, with file, line and key, and what to type instead.
    """
    if len(text) > BYTES_LIMIT or len(text.encode(errors="surrogatepass")) > BYTES_LIMIT:
        raise BatchFileError(file, "is larger than 4 MiB; split it")
    if text.count("\n") + text.count("\r") > LINES_LIMIT:
        raise BatchFileError(file, f"has over {LINES_LIMIT:,} lines; split it")
    defaults, drafts = _drafts(text.removeprefix("\ufeff"), kind, file)
    tally = _Tally()
    entries: list[Entry] = []
    lines: dict[str, Place] = {}
    prefix = "prompt" if kind is Kind.TOML else "row"
    known = PROMPT_KEYS if kind in {Kind.TOML, Kind.JSONL} else ROW_KEYS
    for number, draft in enumerate(_numbered(drafts), 1):
        base = {**defaults, "id": f"{prefix}-{number:03d}"}
        for entry in _entries(draft, known, base, tally):
            if other := lines.get(entry.id):
                raise draft.place.error(_twice(entry.id, other, "id" in draft.keys), "id")
            lines[entry.id] = draft.place
            entries.append(entry)
    if not entries:
        raise BatchFileError(file, f"holds no prompts; {_EMPTY[kind]}")
    return Batch(tuple(entries))


def _drafts(text: str, kind: Kind, file: str) -> tuple[dict[str, Any], Iterator[Draft]]:
    match kind:
        case Kind.TOML:
            defaults, drafts = read_toml(text, file)
            return check_defaults(defaults) if defaults else {}, drafts
        case Kind.CSV:
            return {}, read_csv(text, file)
        case Kind.JSONL:
            return {}, read_jsonl(text, file)
        case Kind.TEXT:
            return {}, read_text(text, file)


def _numbered(drafts: Iterator[Draft]) -> list[Draft]:
    found = list(islice(drafts, JOBS_LIMIT + 1))
    if len(found) > JOBS_LIMIT:
        raise found[-1].place.error(f"is past the {JOBS_LIMIT:,} prompts that are allowed; split the file")
    return found


def _entries(draft: Draft, known: Collection[str], base: dict[str, Any], tally: "_Tally") -> Iterator[Entry]:
    said = check_prompt(draft, known)
    matrix = said.pop("matrix", None)
    entry = Entry(where=draft.place.label, **(base | said))
    if matrix is None:
        check_unmultiplied(entry, draft.place)
        tally.add(entry.n, 0, draft.place)
        yield entry
        return
    grid = make_grid(entry, matrix, draft.place, own_id="id" in said)
    tally.add(grid.count * entry.n, grid.count * grid.longest, draft.place)
    yield from grid.entries()


@dataclass(slots=True)
class _Tally:
    """Counts before anything is multiplied out."""

    jobs: int = 0
    characters: int = 0

    def add(self, jobs: int, characters: int, place: Place) -> None:
        self.jobs += jobs
        self.characters += characters
        if self.jobs > JOBS_LIMIT:
            raise place.error(f"brings the file to {self.jobs:,} pictures; {JOBS_LIMIT:,} are allowed, so split it")
        if self.characters > CHARACTERS_LIMIT:
            raise place.error("its matrices make more than 64 million characters of prompts; split the file")


def _twice(name: str, other: Place, typed: bool) -> str:
    where = f"line {other.line}" if other.line else other.path
    if typed:
        return f"{shown(name)} is already the id on {where}; choose another"
    return f"this entry would get the id {shown(name)}, which is already the id on {where}; give it an id of its own"
