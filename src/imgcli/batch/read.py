"""A file of prompts as entries: `parse_batch` is the room's door."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice
from pathlib import PurePath
from typing import Any

from imgcli.batch.axes import Draw, Sets
from imgcli.batch.check import check_prompt
from imgcli.batch.cut import Scope
from imgcli.batch.draft import Draft, Place, shown
from imgcli.batch.matrix import check_unmultiplied, has_braces, make_grid
from imgcli.batch.neighbours import Nearby, Neighbours
from imgcli.batch.refs import confined, merged, placed
from imgcli.batch.rows import read_csv, read_jsonl, read_text
from imgcli.batch.schema import JOBS_LIMIT, PROMPT_KEYS, ROW_KEYS, SET_KEYS, Sample
from imgcli.batch.sources import Source, read_sources
from imgcli.batch.wildcards import Wildcards
from imgcli.errors import BatchFileError
from imgcli.model.entry import Entry

BYTES_LIMIT = 4 << 20
LINES_LIMIT = 1_000_000
CHARACTERS_LIMIT = 64_000_000
"""Characters of all texts with values in them together: they are made in memory before the first job starts."""


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


def parse_batch(text: str, kind: Kind, file: str, neighbours: Neighbours | None = None) -> Batch:
    """The entries of a batch file, its sets multiplied out; `file` is what messages call it.

    `neighbours` reads the files it includes and takes values from; None where there is no directory, as for stdin.

    Raises:
        BatchFileError: anything that is wrong, with file, line and key, and what to type instead.
    """
    if len(text) > BYTES_LIMIT or len(text.encode(errors="surrogatepass")) > BYTES_LIMIT:
        raise BatchFileError(file, "is larger than 4 MiB; split it")
    if text.count("\n") + text.count("\r") > LINES_LIMIT:
        raise BatchFileError(file, f"has over {LINES_LIMIT:,} lines; split it")
    tally = _Tally()
    entries: list[Entry] = []
    places: dict[str, Place] = {}
    known = PROMPT_KEYS if kind in {Kind.TOML, Kind.JSONL} else ROW_KEYS
    for source in _sources(text.removeprefix("\ufeff"), kind, file, Nearby(neighbours)):
        for number, draft in enumerate(_numbered(source.drafts), 1):
            base = {**source.defaults, "id": f"{source.prefix}-{number:03d}"}
            for entry in _entries(draft, known, base, tally, _scope(source, draft, kind), beside=source.beside):
                if other := places.get(entry.id):
                    raise draft.place.error(_twice(entry.id, draft.place, other, "id" in draft.keys), "id")
                places[entry.id] = draft.place
                entries.append(entry)
    if not entries:
        raise BatchFileError(file, f"holds no prompts; {_EMPTY[kind]}")
    return Batch(tuple(entries))


def _sources(text: str, kind: Kind, file: str, nearby: Nearby) -> list[Source]:
    if kind is Kind.TOML:
        return read_sources(text, file, nearby)
    read = {Kind.CSV: read_csv, Kind.JSONL: read_jsonl, Kind.TEXT: read_text}[kind]
    path = PurePath(file)
    wildcards = Wildcards(nearby, path.name, lambda inner: str(path.parent / inner))
    return [Source("row", read(text, file), {}, Scope(wildcard=wildcards.axis), live=False)]


def _numbered(drafts: Iterable[Draft]) -> list[Draft]:
    found = list(islice(drafts, JOBS_LIMIT + 1))
    if len(found) > JOBS_LIMIT:
        raise found[-1].place.error(f"is past the {JOBS_LIMIT:,} prompts that are allowed; split the file")
    return found


def _entries(
    draft: Draft, known: Collection[str], base: dict[str, Any], tally: "_Tally", scope: Scope | None, *, beside: str
) -> Iterator[Entry]:
    said = placed(check_prompt(draft, known), beside, draft.place)
    several = scope is not None and not SET_KEYS.isdisjoint(said)
    sets = Sets(said.pop("matrix", {}), said.pop("zip", {}), _draw(said.pop("sample", None))) if several else _ALONE
    entry = Entry(where=draft.place.label, **merged(base, said, draft.place))
    # Most entries of a file with [vars] use none of them.
    if scope is None or (not several and not has_braces(entry)):
        check_unmultiplied(entry, draft.place)
        tally.add(entry.n, 0, draft.place)
        yield confined(entry, draft.place)
        return
    grid = make_grid(entry, sets, draft.place, own_id="id" in said, scope=scope)
    tally.add(grid.count * entry.n, grid.count * grid.characters, draft.place)
    for each in grid.entries():
        yield confined(each, draft.place)


_ALONE = Sets()


def _scope(source: Source, draft: Draft, kind: Kind) -> Scope | None:
    """What braces mean in an entry; None where they are plain text."""
    if source.live or not SET_KEYS.isdisjoint(draft.keys):
        return source.scope
    prompt = draft.keys.get("prompt")
    if kind is Kind.TOML and isinstance(prompt, str) and "{@" in prompt:
        return replace(source.scope, why="; braces mean something here because the prompt has {@")
    return None


def _draw(sample: int | Sample | None) -> Draw | None:
    if isinstance(sample, Sample):
        return Draw(sample.count, sample.seed)
    return None if sample is None else Draw(sample, 0)


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
            raise place.error("its values make more than 64 million characters of prompts; split the file")


def _twice(name: str, here: Place, other: Place, typed: bool) -> str:
    where = f"line {other.line}" if other.line else other.path
    if here.file != other.file:
        where = other.label
    if typed:
        return f"{shown(name)} is already the id on {where}; choose another"
    return f"this entry would get the id {shown(name)}, which is already the id on {where}; give it an id of its own"
