"""Nouns as canonical JSON (sorted keys, no blanks), the form in which the ledger keeps them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imgcli.model.job import Job, Look
from imgcli.model.picture import Painted, Picture, Usage
from imgcli.model.plain import plain
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
"""Made once: `json.dumps` makes one for each call, which takes as long as a small text itself."""


def canonical(value: object) -> str:
    return _ENCODER.encode(value)


def job_text(job: Job) -> str:
    told = plain(job) | {"directory": str(job.directory)}
    del told["key"]
    if job.wanted is None:
        del told["wanted"]  # most are no drafts
    return canonical(told)


def parse_job(text: str) -> Job:
    told: dict[str, Any] = json.loads(text)
    words = told.pop("prompt")
    for name in ("styles", "constraints", "colours", "versions"):
        words[name] = tuple(words.get(name, ()))
    size, directory, tags = told.pop("size"), told.pop("directory"), told.pop("tags")
    if look := told.pop("wanted", None):
        told["wanted"] = Look(Size(**look["size"]), look["quality"])
    return Job(
        prompt=DirectedPrompt(**words),
        size=Size(**size),
        directory=Path(directory),
        tags=tuple(tags),
        **told,
    )


def lost_job_text(row: Mapping[str, Any]) -> str:
    """A stand-in for the job of an attempt (a row of the ledger) whose own cannot be read any more."""
    words = DirectedPrompt(typed="(lost)", text="(lost)")
    stem = Path(row["name"]).stem
    job = Job(
        row["provider"], "(lost)", words, Size(0, 0), "auto", "png", None, 1, "", (), Path(row["directory"]), stem
    )
    return job_text(job)


def picture_text(picture: Picture) -> str:
    return canonical(plain(picture))


def parse_picture(text: str) -> Picture | None:
    return Picture(**json.loads(text)) if text else None


def painted_text(painted: Painted) -> str:
    return canonical(plain(painted))


def parse_painted(text: str) -> Painted | None:
    if not text:
        return None
    told: dict[str, Any] = json.loads(text)
    usage, notes = told.pop("usage"), told.pop("notes")
    return Painted(usage=Usage(**usage) if usage else None, notes=tuple(notes), **told)
