"""Write the generated docs, or with --check say which are out of date.

cli.md from the help of every command; the JSON Schemas from the types that read and write the files.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from imgcli.batch.schema import batch_json_schema
from imgcli.storage.sidecar import sidecar_schema

DOCS = Path(__file__).resolve().parent
ENVIRONMENT = os.environ | {"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}
GROUPS = {"styles": ("list", "show", "new"), "config": ("show", "path", "set", "set-key")}
GROUPS |= {"budget": ("show", "set", "remove", "uncertain", "resolve", "log", "reconcile")}
GROUPS |= {"ledger": ("backup", "rebuild", "adopt")}
COMMANDS = ("gen", "batch", "styles", "models", "budget", "verify", "ledger", "config", "doctor")


def command_lines() -> Iterator[tuple[str, ...]]:
    yield ()
    for name in COMMANDS:
        yield (name,)
        yield from ((name, part) for part in GROUPS.get(name, ()))


def help_of(words: tuple[str, ...]) -> str:
    """The help as a user of a 100-column terminal sees it."""
    command = [sys.executable, "-m", "imgcli", *words, "--help"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    return done.stdout.strip()


def cli_page() -> str:
    parts = ["# The command line\n\nWritten by `python3 dev.py docs` from the program's own help.\n"]
    parts += [f"## {' '.join(('imgcli', *words))}\n\n```text\n{help_of(words)}\n```\n" for words in command_lines()]
    return "\n".join(parts)


def pages() -> dict[str, str]:
    return {
        "cli.md": cli_page(),
        "sidecar.schema.json": json.dumps(sidecar_schema(), indent=2) + "\n",
        "batch.schema.json": json.dumps(batch_json_schema(), indent=2) + "\n",
    }


def main() -> int:
    stale = [name for name, text in pages().items() if not _is(DOCS / name, text)]
    if "--check" not in sys.argv:
        for name, text in pages().items():
            (DOCS / name).write_text(text, "utf-8")
        return 0
    for name in stale:
        sys.stderr.write(f"docs/{name} is out of date: run python3 dev.py docs\n")
    return 1 if stale else 0


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
