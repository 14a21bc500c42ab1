"""The command line run in this process, as a user would see it."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass

from imgcli.cli.app import run
from tests.cli.grown import grow_once

grow_once()


@dataclass(frozen=True)
class Seen:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@contextmanager
def _stdin(text: str) -> Iterator[None]:
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8")
    try:
        yield
    finally:
        sys.stdin = before


def imgcli(*arguments: str, stdin: str = "") -> Seen:
    """Exit code, stdout and stderr of `imgcli ARGUMENTS`."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), _stdin(stdin):
        code = run(arguments)
    return Seen(code, out.getvalue(), err.getvalue())
