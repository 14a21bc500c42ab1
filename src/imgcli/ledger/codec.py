"""Nouns as canonical JSON (sorted keys, no blanks), the form in which the ledger keeps them."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from imgcli.model.job import Job
from imgcli.model.picture import Painted, Picture, Usage
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def job_text(job: Job) -> str:
    plain = asdict(job) | {"directory": str(job.directory)}
    del plain["key"]
    return canonical(plain)


def parse_job(text: str) -> Job:
    plain: dict[str, Any] = json.loads(text)
    words = plain.pop("prompt")
    for name in ("styles", "constraints", "colours"):
        words[name] = tuple(words[name])
    size, directory, tags = plain.pop("size"), plain.pop("directory"), plain.pop("tags")
    return Job(
        prompt=DirectedPrompt(**words),
        size=Size(**size),
        directory=Path(directory),
        tags=tuple(tags),
        **plain,
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
    return canonical(asdict(picture))


def parse_picture(text: str) -> Picture | None:
    return Picture(**json.loads(text)) if text else None


def painted_text(painted: Painted) -> str:
    return canonical(asdict(painted))


def parse_painted(text: str) -> Painted | None:
    if not text:
        return None
    plain: dict[str, Any] = json.loads(text)
    usage, notes = plain.pop("usage"), plain.pop("notes")
    return Painted(usage=Usage(**usage) if usage else None, notes=tuple(notes), **plain)
