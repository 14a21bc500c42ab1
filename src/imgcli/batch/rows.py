"""CSV, JSON lines and plain text as drafts: one entry a row, and no defaults."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, NoReturn

from imgcli.batch.draft import Draft, Place, shown
from imgcli.batch.keys import unknown_key
from imgcli.batch.schema import ROW_KEYS, SET_KEYS

LISTS = ("style", "no", "tags", "expect", "ref")
NUMBERS = ("n", "seed", "tries")


def read_csv(text: str, file: str) -> Iterator[Draft]:
    """One draft a row under a header of our keys; cells of lists are parted by `;`, empty cells say nothing.

    Raises:
        BatchFileError: no CSV, an unknown column, or more cells than columns.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] = []
    line = 1
    try:
        for cells in reader:
            began, line = line, reader.line_num + 1
            if not cells or not "".join(cells).strip():
                continue
            place = Place(file, began)
            if not columns:
                columns = _header(cells, place)
                continue
            if len(cells) > len(columns):
                raise place.error(
                    f'has {len(cells):,} cells, but the header has {len(columns)}; put text with commas in "quotes"'
                )
            row = zip(columns, (cell.strip() for cell in cells), strict=False)
            yield Draft(place, {key: _cell(key, cell) for key, cell in row if cell})
    except csv.Error as error:
        raise Place(file, line).error(
            f'not valid CSV: {error}; put text with commas or lines in "quotes", and write "" for a quote in it'
        ) from None


def read_jsonl(text: str, file: str) -> Iterator[Draft]:
    """One draft a line, each a JSON object with our keys; null says nothing.

    Raises:
        BatchFileError: a line that is no JSON object, or has a key twice.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = Place(file, number)
        value = _json(line, place)
        if not isinstance(value, dict):
            raise place.error(f'must be an object such as {{"prompt": "a car"}}, one a line, not {shown(value)}')
        yield Draft(place, {key: found for key, found in value.items() if found is not None})


def read_text(text: str, file: str) -> Iterator[Draft]:
    """One prompt a line; lines that are blank or begin with `#` say nothing."""
    for number, line in enumerate(text.split("\n"), 1):
        prompt = line.strip()
        if prompt and not prompt.startswith("#"):
            yield Draft(Place(file, number), {"prompt": prompt})


def _header(cells: list[str], place: Place) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(columns) == 1 and sign in columns[0]:
            raise place.error(f"the columns are parted by {name}; save the file with commas")
    for at, column in enumerate(columns, 1):
        if not column:
            raise place.error(f"column {at} has no name; name it or remove it")
        if column in SET_KEYS:
            raise place.error(f"a {column} needs a TOML or JSONL file", column)
        if column not in ROW_KEYS:
            raise place.error(unknown_key(column, ROW_KEYS, "column"))
        if column in columns[: at - 1]:
            raise place.error(f"column {column!r} stands twice; remove one")
    if "prompt" not in columns:
        raise place.error("there is no column 'prompt'; the first row must name the columns, such as prompt,style,size")
    return columns


def _cell(key: str, cell: str) -> object:
    if key in LISTS:
        return [part for part in map(str.strip, cell.split(";")) if part]
    if key in NUMBERS and cell.isascii() and cell.isdigit() and len(cell) < 20:
        return int(cell)
    return cell


def _json(line: str, place: Place) -> Any:
    try:
        return _DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise place.error(f"not valid JSON: {error.msg} (column {error.colno}); write one object a line") from None
    except RecursionError:
        raise place.error("lists or objects are nested too deeply; no key needs more than two levels") from None
    except ValueError as error:
        ours = isinstance(error, _JsonError)
        raise place.error(str(error) if ours else "a number is too long") from None


class _JsonError(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _JsonError(f"key {shown(key)} stands twice; remove one")
        found[key] = value
    return found


def _constant(name: str) -> NoReturn:
    raise _JsonError(f"{name} is no number; write a number or leave the key out")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
