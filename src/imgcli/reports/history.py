"""One attempt as a story: the stages of its prompt with what each changed, and its facts as a plain dictionary; pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from imgcli.model.attempt import Record, State
from imgcli.model.money import exact_usd
from imgcli.model.prompt import DirectedPrompt, Piece
from imgcli.reports.words import Kind, Run, diff, told_by

TYPED, EXPANDED, DIRECTED, REVISED = "typed", "expanded", "directed", "revised"


class Stage(NamedTuple):
    """The prompt at one step of its way: typed, directed, revised, and what may come between."""

    name: str
    text: str


def stages(words: DirectedPrompt, revised: str = "") -> tuple[Stage, ...]:
    """In order; without those that were not: a prompt need not be expanded, nor the model tell a revised one."""
    told = (TYPED, words.typed), (EXPANDED, words.expanded), (DIRECTED, words.text), (REVISED, revised)
    return tuple(Stage(name, text) for name, text in told if text or name in {TYPED, DIRECTED})


def exchange(record: Record) -> tuple[Stage, ...]:
    """What was asked of a text model about a prompt, and what it answered."""
    asked = (Stage(TYPED, record.job.prompt.typed), Stage("asked", record.job.prompt.text))
    return (*asked, Stage("answered", record.painted.revised)) if record.painted else asked


def changes(way: Sequence[Stage], pieces: Sequence[Piece]) -> list[tuple[Stage, tuple[Run, ...]]]:
    """Each stage as a diff from the one before; the directed prompt by its `pieces`, where they are known."""
    found = []
    before = way[0] if way else Stage(TYPED, "")
    for stage in way:
        if stage.name == DIRECTED and pieces:
            runs = told_by(pieces, "" if before.name == TYPED else before.name)
        else:
            runs = diff(before.text, stage.text)
        found.append((stage, runs))
        before = stage
    return found


def stage_lines(way: Sequence[Stage], pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """`changes` for JSON; the first stage changed nothing and has no runs."""
    return [
        {"name": stage.name, "text": stage.text} | ({"runs": [_run_line(run) for run in runs]} if number else {})
        for number, (stage, runs) in enumerate(changes(way, pieces))
    ]


def _run_line(run: Run) -> dict[str, Any]:
    line = {"kind": run.kind.value, "text": run.text}
    return line | ({"by": run.by} if run.kind is Kind.ADDED and run.by else {})


def record_line(record: Record, key: str) -> dict[str, Any]:
    """What the ledger or a sidecar knows of an attempt, flat, without its prompt; `key` is that of its job."""
    job, picture = record.job, record.picture
    line: dict[str, Any] = {
        "attempt": record.attempt,
        "run": record.run,
        "key": key,
        "state": record.state.value,
        "path": str(record.directory / record.name) if has_picture(record) else None,
        "id": job.entry,
        "n": job.variant,
        "tags": list(job.tags),
        "styles": list(job.prompt.styles),
        "style_versions": list(job.prompt.versions),
        "provider": job.provider,
        "model": job.model,
        "through": job.through,
        "size": str(job.size),
        "quality": job.quality,
        "format": job.format,
        "background": job.background,
        "seed": job.seed,
        "draft": job.draft,
        "again": job.again,
        "cost_usd": exact_usd(record.cost) if record.cost is not None and "unpriced" not in record.flags else None,
        "upper_usd": exact_usd(record.upper),
        "flags": list(record.flags),
        "reason": record.reason,
        "asked_at": record.created_at,
        "received_at": record.received_at or None,
        "notes": list(record.painted.notes) if record.painted else [],
    }
    if picture is not None:
        line |= {"width": picture.width, "height": picture.height, "bytes": picture.size_bytes}
        line |= {"sha256": picture.sha256}
    return line


def has_picture(record: Record) -> bool:
    """Whether its file has its final name, as far as is recorded."""
    return record.state in {State.SAVED, State.SETTLED}
