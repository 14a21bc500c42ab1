"""imgcli with all it promises (`on`), or with every sync switched off and nothing else (`off`).

The last line of stderr has the seconds of the run, without what was imported before.
"""

import importlib
import os
import sqlite3
import sys
import time
from contextlib import suppress


class Careless(sqlite3.Connection):
    """Looks as if it synced when it is asked."""

    def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
        cursor = super().execute(sql, *args)  # type: ignore[arg-type]
        if sql == "PRAGMA synchronous":
            super().execute("PRAGMA synchronous=OFF")
        return cursor


def _forget_durability() -> None:
    real = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: real(*args, **{"factory": Careless, **kwargs})
    os.fsync = os.fdatasync = lambda _descriptor: None  # type: ignore[assignment]


def main(arm: str, argv: list[str]) -> int:
    from imgcli.cli.app import run

    # Imported when it is first asked for.
    with suppress(ImportError):
        _ = importlib.import_module("openai").AsyncOpenAI(api_key="none").images
    if arm == "off":
        _forget_durability()
    began = time.monotonic()
    code = run(argv)
    sys.stderr.write(f"{time.monotonic() - began:.6f}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
