"""Nouns as canonical JSON (sorted keys, no blanks), the form in which the ledger keeps them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imgcli.model.input import Edit, Input
from imgcli.model.job import Job, Look
from imgcli.model.picture import Painted, Picture, Usage
from imgcli.model.plain import plain
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size
from imgcli.model.verdict import Aside, Decision, Remarks, Stage, Verdict

_RARE: dict[str, object] = {"edit": None, "expect": (), "tries": 0, "guard": "", "again": ""}
"""What most jobs do not have, and jobs written before it could be said."""

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
"""Made once: `json.dumps` makes one for each call, which takes as long as a small text itself."""


def canonical(value: object) -> str:
    return _ENCODER.encode(value)


def job_text(job: Job) -> str:
    told = plain(job) | {"directory": str(job.directory)}
    del told["key"]
    if job.wanted is None:
        del told["wanted"]  # most are no drafts
    told["edit"] = _edit_told(job.edit) if job.edit else None
    for name, nothing in _RARE.items():
        if told[name] == nothing:
            del told[name]
    return canonical(told)


def parse_job(text: str) -> Job:
    told: dict[str, Any] = json.loads(text)
    words = told.pop("prompt")
    for name in ("styles", "constraints", "colours", "versions"):
        words[name] = tuple(words.get(name, ()))
    size, directory, tags = told.pop("size"), told.pop("directory"), told.pop("tags")
    if look := told.pop("wanted", None):
        told["wanted"] = Look(Size(**look["size"]), look["quality"])
    if edit := told.pop("edit", None):
        told["edit"] = _parse_edit(edit)
    told["expect"] = tuple(told.get("expect", ()))
    return Job(
        prompt=DirectedPrompt(**words),
        size=Size(**size),
        directory=Path(directory),
        tags=tuple(tags),
        **told,
    )


def _edit_told(edit: Edit) -> dict[str, object]:
    def put(each: Input | None) -> dict[str, object] | None:
        return plain(each) | {"path": str(each.path)} if each else None

    told: dict[str, object] = {"inputs": [put(each) for each in edit.inputs], "fidelity": edit.fidelity}
    return told | {"mask": put(edit.mask), "markup": put(edit.markup)}


def _parse_edit(told: Mapping[str, Any]) -> Edit:
    def get(each: Mapping[str, Any] | None) -> Input | None:
        return Input(**{**each, "path": Path(each["path"])}) if each else None

    inputs = tuple(found for each in told["inputs"] if (found := get(each)))
    return Edit(inputs, get(told["mask"]), get(told["markup"]), told["fidelity"])


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


def remarks_text(remarks: Remarks) -> str:
    """Empty where nothing was looked for, as for all pictures of before there were remarks."""
    if remarks == Remarks():
        return ""
    told = plain(remarks) | {"aside": remarks.aside.value if remarks.aside else None}
    told["verdicts"] = [
        plain(each) | {"stage": each.stage.value, "decision": each.decision.value} for each in remarks.verdicts
    ]
    return canonical(told)


def parse_remarks(text: str) -> Remarks:
    if not text:
        return Remarks()
    told: dict[str, Any] = json.loads(text)
    verdicts = [
        Verdict(
            Stage(each["stage"]),
            each["layer"],
            Decision(each["decision"]),
            each["reason"],
            tuple((category, score) for category, score in each["scores"]),
        )
        for each in told.pop("verdicts")
    ]
    unmet, aside = tuple(told.pop("unmet")), told.pop("aside")
    return Remarks(verdicts=tuple(verdicts), unmet=unmet, aside=Aside(aside) if aside else None, **told)
