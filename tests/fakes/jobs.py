"""Jobs and their neighbours, made in one line."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from imgcli.model.input import Edit, Input
from imgcli.model.job import Job
from imgcli.model.picture import Painted, Picture, Usage
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.quote import Priced
from imgcli.model.run import Run
from imgcli.model.size import Size

A_JOB = Job(
    provider="openai",
    model="gpt-image-2.5-flare",
    prompt=DirectedPrompt(typed="a car", text="a car"),
    size=Size(1024, 1024),
    quality="medium",
    format="png",
    seed=None,
    variant=1,
    entry="prompt-001",
    tags=(),
    directory=Path("/nowhere"),
    stem="a-car-1",
)
A_PICTURE = Picture(sha256="ab" * 32, size_bytes=1234, format="png", width=1024, height=1024)
SOME_PAINTED = Painted(usage=Usage(18, 0, 439), request_id="req_1", raw_usage='{"output_tokens":439}')


def a_job(**changes: Any) -> Job:
    return replace(A_JOB, **changes)


def an_input(width: int = 1024, height: int = 1024, **changes: Any) -> Input:
    """A picture nobody can read: its path is nowhere."""
    return replace(Input(Path("/nowhere/in.png"), "cd" * 32, 1234, "png", width, height, "in.png"), **changes)


def an_edit(*sizes: tuple[int, int], **changes: Any) -> Edit:
    return replace(Edit(tuple(an_input(*size) for size in sizes or [(1024, 1024)])), **changes)


def a_file(path: Path, data: bytes, width: int = 64, height: int = 48, **changes: Any) -> Input:
    """A picture that is there; its format goes by the end of its name."""
    path.write_bytes(data)
    kind = {"jpg": "jpeg"}.get(path.suffix[1:], path.suffix[1:])
    told = Input(path, hashlib.sha256(data).hexdigest(), len(data), kind, width, height, path.name)
    return replace(told, **changes)


def a_quote(upper: int = 100, expected: int | None = None, **changes: Any) -> Priced:
    return Priced(a_job(**changes), upper if expected is None else expected, upper, "2026-11-21")


def a_run(name: str = "run-1", usd: int | None = None, user: str = "alice") -> Run:
    return Run(name, "gen", user, "host", 1, usd)
