"""`imgcli history export`: all pictures as rows for spreadsheets and programs."""

import os
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import chosen, show
from imgcli.cli.chosen import choice_of, open_desk
from imgcli.errors import StorageError, UsageError

if TYPE_CHECKING:
    from imgcli.pages import Shown

FORMATS = ("csv", "jsonl")
PARQUET = "parquet needs a library of 100 MB and more; DuckDB and pandas read the jsonl as it is"


async def export(  # noqa: PLR0917 - a command line is named, not positional
    form: Annotated[str | None, typer.Option("--format", metavar="csv|jsonl", help="As -o ends, or csv.")] = None,
    out: Annotated[str | None, typer.Option("--out", "-o", metavar="FILE", help="A new file; else stdout.")] = None,
    run: chosen.RunId = None,
    tag: chosen.Tagged = None,
    search: chosen.Search = None,
    picked: chosen.Picked = False,
    most: chosen.Most = None,
) -> int:
    """Write one row a picture, the newest first, as CSV that no spreadsheet runs or as JSON lines.

    Columns keep their names and order; new ones come last: attempt, asked_at, received_at (RFC 3339 UTC), run, path,
    sha256, bytes, format, width, height, provider, model, size, quality, background, seed, id, n, styles, tags,
    cost_usd, flags, draft (attempt of the draft), wanted_size, wanted_quality, inputs (SHA-256), key, prompt, directed,
    revised, negative, marks, stars. CSV is UTF-8; its lists have commas between, and a cell that would be a formula
    begins with '. Examples:

      imgcli history export -o pictures.csv

      imgcli history export --format jsonl --search 'since:2026-11-01' | jq .cost_usd
    """
    from imgcli.settings import load_settings

    kind = _format(form, out)
    choice = choice_of(None, run, tag, search, picked=picked)
    async with open_desk(load_settings(os.environ)) as desk:
        from imgcli.pages import everything

        query = await desk.meant(choice.query)
        rows = everything(query, most, desk.ledger, desk.catalog)
        if out is None:
            await _written(rows, kind, show.line)
            return 0
        path = _place(out)
        count = await _to_file(rows, kind, path)
    show.line(str(path))
    show.talk(f"{count:,} picture{'s' if count != 1 else ''}")
    return 0


def _place(out: str) -> Path:
    return Path(out).expanduser()


def _format(form: str | None, out: str | None) -> str:
    kind = form or (Path(out).suffix[1:].lower() if out else "") or "csv"
    if kind == "parquet":
        raise UsageError(f"--format parquet: {PARQUET}")
    if kind not in FORMATS:
        how = "--format" if form else "-o: a file that ends in"
        raise UsageError(f"{how} {kind}: there is csv and jsonl; say --format csv")
    return kind


async def _written(rows: "AsyncIterator[Shown]", kind: str, write: Callable[[str], object]) -> int:
    """Each row as it comes; returns how many."""
    from imgcli.cli.csv_safe import csv_text
    from imgcli.cli.safe import safe_json
    from imgcli.reports.history_rows import COLUMNS, flat, history_row

    if kind == "csv":
        write(csv_text([COLUMNS]).rstrip("\n"))
    count = 0
    async for row in rows:
        told: Mapping[str, Any] = history_row(row.record, row.opinion)
        write(csv_text([flat(told)]).rstrip("\n") if kind == "csv" else safe_json(told))
        count += 1
    return count


async def _to_file(rows: "AsyncIterator[Shown]", kind: str, path: Path) -> int:
    """Into a new file; what could not be written whole is taken away.

    Raises:
        UsageError: it is there.
        StorageError: the disk refuses.
    """
    from imgcli.durable import NEW_FILE
    from imgcli.machine import why

    try:
        descriptor = os.open(path, NEW_FILE, 0o666)
    except FileExistsError:
        raise UsageError(f"{path} is there already; choose another name") from None
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({why(error)})") from None
    is_whole = False
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            count = await _written(rows, kind, lambda line: file.write(f"{line}\n"))
        is_whole = True
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({why(error)})") from None
    finally:
        if not is_whole:
            os.unlink(path)  # noqa: PTH108 - it is ours, and new
    return count
