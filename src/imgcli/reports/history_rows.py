"""Pictures as rows for other programs: columns that keep their names and their order; pure."""

from collections.abc import Mapping
from typing import Any

from imgcli.model.attempt import Record
from imgcli.model.mark import Mark
from imgcli.model.money import exact_usd
from imgcli.model.opinion import Opinion

COLUMNS = (
    *("attempt", "asked_at", "received_at", "run", "path", "sha256", "bytes", "format", "width", "height"),
    *("provider", "model", "size", "quality", "background", "seed", "id", "n", "styles", "tags"),
    *("cost_usd", "flags", "draft", "wanted_size", "wanted_quality", "inputs", "key"),
    *("prompt", "directed", "revised", "negative", "marks", "stars"),
)
"""New ones come behind these."""


def history_row(record: Record, opinion: Opinion) -> Mapping[str, Any]:
    """One picture by COLUMNS; `tags` are those it was made with and those put on later, each once."""
    job, picture, words = record.job, record.picture, record.job.prompt
    return {
        "attempt": record.attempt,
        "asked_at": record.created_at,
        "received_at": record.received_at,
        "run": record.run,
        "path": str(record.directory / record.name),
        "sha256": picture.sha256 if picture else None,
        "bytes": picture.size_bytes if picture else None,
        "format": picture.format if picture else None,
        "width": picture.width if picture else None,
        "height": picture.height if picture else None,
        "provider": job.provider,
        "model": job.model,
        "size": str(job.size),
        "quality": job.quality,
        "background": job.background,
        "seed": job.seed,
        "id": job.entry,
        "n": job.variant,
        "styles": list(words.styles),
        "tags": list(dict.fromkeys((*job.tags, *opinion.tags))),
        "cost_usd": exact_usd(record.cost) if record.cost is not None and "unpriced" not in record.flags else None,
        "flags": list(record.flags),
        "draft": job.draft or None,
        "wanted_size": str(job.wanted.size) if job.wanted else None,
        "wanted_quality": job.wanted.quality if job.wanted else None,
        "inputs": [each.sha256 for each in job.edit.everything] if job.edit else [],
        "key": job.key,
        "prompt": words.typed,
        "directed": words.text,
        "revised": record.painted.revised if record.painted else "",
        "negative": words.negative,
        "marks": marks_of(opinion),
        "stars": opinion.stars or None,
    }


def marks_of(opinion: Opinion) -> list[str]:
    return [mark.value for mark in Mark if mark in opinion.marks]


def flat(row: Mapping[str, Any]) -> list[object]:
    """A row for CSV: lists as words with a comma between."""
    return [",".join(value) if isinstance(value, list) else value for value in row.values()]
