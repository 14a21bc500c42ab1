"""As much of an attempt as the index wants, read without the rest: a million of them are read when it is made."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

import msgspec

from imgcli.errors import LedgerError
from imgcli.ledger.sql import SQL
from imgcli.model.query import Indexed, Kind, Page


class _Words(msgspec.Struct, gc=False):
    typed: str = ""
    text: str = ""
    styles: tuple[str, ...] = ()


class _Input(msgspec.Struct, gc=False):
    sha256: str


class _Edit(msgspec.Struct, gc=False):
    inputs: tuple[_Input, ...] = ()


class _Job(msgspec.Struct, gc=False):
    model: str
    quality: str
    entry: str
    prompt: _Words
    tags: tuple[str, ...] = ()
    draft: str = ""
    again: str = ""
    wanted: dict[str, Any] | None = None
    edit: _Edit | None = None


class _Painted(msgspec.Struct, gc=False):
    revised: str = ""


class _Picture(msgspec.Struct, gc=False):
    sha256: str = ""


SHORTEST = 13
"""Characters of an id that are told at least: its millisecond, so that no later picture makes them ambiguous."""

_PICTURE = msgspec.json.Decoder(_Picture)
_JOB, _PAINTED = msgspec.json.Decoder(_Job), msgspec.json.Decoder(_Painted)


def page(tx: sqlite3.Connection, place: Mapping[str, Any]) -> Page:
    """As `ports.Ledger.indexable`, for `after`, `most` and `awaited` (a JSON list).

    Raises:
        LedgerError: somebody or something changed an attempt.
    """
    last = int(tx.execute(SQL["last_attempt"]).fetchone()[0])
    if place["after"] > last:
        # Of another ledger, or of this one before an older one took its place.
        place = {**place, "after": 0, "awaited": "[]"}
    rows = tx.execute(SQL["indexable"], place).fetchall()
    done = len(rows) < place["most"]
    seen = last if done else int(rows[-1]["number"])
    late = tx.execute(SQL["indexable_of"], place).fetchall() if json.loads(place["awaited"]) else []
    under_way = [row["id"] for row in tx.execute(SQL["under_way"], {**place, "seen": seen})]
    return Page([_indexed(row) for row in (*late, *rows)], seen, under_way, done)


def _indexed(row: sqlite3.Row) -> Indexed:
    try:
        job = _JOB.decode(row["body"])
        revised = _PAINTED.decode(row["painted"]).revised if row["painted"] else ""
        picture = _PICTURE.decode(row["picture"]) if row["picture"] else _Picture()
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise LedgerError(f"attempt {row['id']!r} in the ledger cannot be read; run imgcli verify") from error
    return Indexed(
        attempt=row["id"],
        created_at=row["created_at"],
        run=row["run"],
        directory=row["directory"],
        id=job.entry,
        provider=row["provider"],
        model=job.model,
        quality=job.quality,
        kind=_kind(job),
        cost=row["posted"] or 0,
        typed=job.prompt.typed,
        directed=job.prompt.text,
        revised=revised,
        styles=job.prompt.styles,
        tags=job.tags,
        sha256=picture.sha256,
        sources=(
            *(attempt for attempt in (job.draft, job.again) if attempt),
            *(each.sha256 for each in (job.edit.inputs if job.edit else ())),
        ),
    )


def _kind(job: _Job) -> Kind:
    if job.wanted is not None:
        return Kind.DRAFT
    if job.draft:
        return Kind.FINAL
    return Kind.EDIT if job.edit is not None else Kind.PLAIN


def short(tx: sqlite3.Connection, attempt: str) -> str:
    """As `ports.Ledger.short`, for one."""
    beside = [tx.execute(SQL[side], {"id": attempt}).fetchone()[0] for side in ("before", "behind")]
    alike = [_alike(attempt, other) for other in beside if other]
    length = max([SHORTEST - 1, *alike]) + 1
    return attempt[:length]


def _alike(one: str, other: str) -> int:
    """Characters with which both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (mine, yours) in pairs if mine != yours), min(len(one), len(other)))
