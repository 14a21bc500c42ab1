"""The audit log: a line of JSON for every verdict that was more than "cleared", and for what people decided since.

It is only ever added to, one whole line at a time, so that several runs may write at once.
"""

import errno
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from imgcli.errors import StorageError
from imgcli.machine import why

NAME = "moderation.jsonl"

SHOWN = 80
"""Characters of a prompt that are kept; all of it is known by its SHA-256."""

PERSON, REFUSAL = "person", "refusal"
"""The layers of what somebody decided, and of the safety system of a provider."""

MOST_CATEGORIES = 20
"""Of one line that are counted."""

LONGEST_LINE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Noted:
    """One line of the log.

    Attributes:
        at: RFC 3339, UTC.
        attempt: empty where there was none yet.
        layer: who says it; `person` where somebody decided, `refusal` for the safety system of a provider.
        decision: as in verdicts; of a person `released` or `deleted`.
        scores: (category, 0 to 1), or 1 where no number was told.
        by: the person.
    """

    at: str
    run: str
    key: str
    attempt: str
    stage: str
    layer: str
    decision: str
    reason: str
    scores: tuple[tuple[str, float], ...]
    prompt: str
    by: str = ""

    def line(self) -> bytes:
        told = {
            "at": self.at,
            "run": self.run,
            "key": self.key,
            "attempt": self.attempt,
            "stage": self.stage,
            "layer": self.layer,
            "decision": self.decision,
            "reason": self.reason[:500],
            "scores": dict(self.scores),
            "prompt_sha256": hashlib.sha256(self.prompt.encode()).hexdigest(),
            "prompt": self.prompt[:SHOWN],
            "by": self.by,
        }
        return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def note(data: Path, lines: Sequence[Noted]) -> None:
    """Add `lines` to the log in the directory `data`, synced.

    Raises:
        StorageError: the disk refuses.
    """
    if not lines:
        return
    path = data / NAME
    try:
        data.mkdir(parents=True, exist_ok=True)
        with _opened(path) as file:
            # One write for each: lines of several processes do not mix.
            for each in lines:
                _write(file, each.line())
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(f"the log {path} takes no more ({why(error)}); nothing goes on without it") from error


def _opened(path: Path) -> FileIO:
    binary = getattr(os, "O_BINARY", 0)
    return FileIO(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | binary, 0o600), "ab")


def _write(file: FileIO, line: bytes) -> None:
    if file.write(line) != len(line):
        with suppress(OSError):
            file.write(b"\n")  # what comes next is a line of its own
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def read_log(data: Path) -> Iterator[dict[str, Any]]:
    """The lines of the log, oldest first; torn and foreign ones are left out.

    Raises:
        StorageError: it cannot be read.
    """
    path = data / NAME
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                told = None
                with suppress(ValueError, RecursionError):
                    told = json.loads(line)
                if isinstance(told, dict):
                    yield told
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(f"{path} cannot be read ({why(error)})") from error


def counted(lines: Iterator[dict[str, Any]]) -> list[tuple[str, str, str, str, int]]:
    """(stage, layer, decision, category, how often); a line without scores counts under an empty category."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for told in lines:
        stage, layer, decision = (str(told.get(key, ""))[:100] for key in ("stage", "layer", "decision"))
        counts.update((stage, layer, decision, category) for category in _categories(told))
    return sorted((*key, count) for key, count in counts.items())


def _categories(told: dict[str, Any]) -> list[str]:
    """What a line is about: the scores that its reason names, or else the highest."""
    scores, reason = told.get("scores"), str(told.get("reason"))
    if not isinstance(scores, dict) or not scores:
        return [""]
    words = {str(category)[:100]: score for category, score in [*scores.items()][:MOST_CATEGORIES]}
    if told.get("layer") == REFUSAL:
        return list(words)
    named = [word for word, score in words.items() if isinstance(score, float) and f"{word} {score:.2f}" in reason]
    return named or list(words)[:1]
