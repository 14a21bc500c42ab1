"""Runs command lines one after another in one process, as fast as they can be, for tests that look at all they left.

Started as a program, with a JSON list of steps on stdin. A step is {"words": [...], "env": {...}, "stdin": "...",
"bug": "module:name"}: with a bug the function of that name fails with the key in its message and in its locals.
"""

import importlib
import io
import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any


def break_at(place: str, key: str) -> tuple[Any, str, Any]:
    """What was there, so that it can be put back."""
    module, _, path = place.partition(":")
    *outer, name = path.split(".")
    holder: Any = importlib.import_module(module)
    for part in outer:
        holder = getattr(holder, part)
    whole = getattr(holder, name)

    def fails(*_args: Any, **_kwargs: Any) -> Any:
        local = f"a local with {key}"
        try:
            _ = dict[str, str]()[key]
        except KeyError as error:
            raise RuntimeError(f"nobody foresaw {key!r} nor {local} \x1b]52;c;ZXZpbA==\x07 \x9b2J \u202e") from error

    setattr(holder, name, fails)
    return holder, name, whole


class Hurry:
    """A clock on which waiting takes no time: a server may ask for a minute."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    async def sleep(self, seconds: float) -> None:
        self.ahead += seconds


def main() -> None:
    from imgcli import wiring  # noqa: PLC0415 - the key and the log level are in the environment by now
    from imgcli.cli.app import run  # noqa: PLC0415

    hurry = Hurry()
    wiring.SystemClock = lambda: hurry  # type: ignore[assignment, misc, return-value]
    for step in json.load(sys.stdin):
        os.environ.update(step.get("env", {}))
        sys.stdin = io.TextIOWrapper(io.BytesIO(step.get("stdin", "").encode()), "utf-8")
        mended = break_at(step["bug"], os.environ["OPENAI_API_KEY"]) if "bug" in step else None
        code = run(step["words"])
        if mended:
            setattr(*mended)
        sys.stdout.write(f"\n--- {code} {step['name']}\n")
        sys.stderr.write(f"\n--- {code} {step['name']}\n")
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    main()
