"""docs/tutorial.md followed as it is written: its files saved, its commands run, its outputs compared.

`python -m tests.cli.tutorial` writes what really comes into the page, where that is something else.
"""

import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from docs.terminal import Screen
from imgcli.cli.app import run
from tests.cli.grown import grow_once

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
COLUMNS = 80
FENCE = re.compile(r"^(?P<skip><!-- not run[^\n]*-->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"# (?P<name>[\w/.-]+\.(?:toml|txt))\n")
CODE = re.compile(r"#.*exit code (\d+)")
SHELL = re.compile(r"[|<>;&$`]")
END = b"\x00end of it\x00"
VARYING = (
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "ID"),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "HASH"),
    (re.compile(r"\b20\d\d-\d\d(?:-\d\d)?(?: \d\d:\d\d(?::\d\d)?)?\b"), "DATE"),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "TIME"),
    (re.compile(r"\b[\d,.]+ (?:bytes|kB|MB)\b"), "SIZE"),
    (re.compile(r"[ ─]+"), " "),
)
"""What no two runs have in common, and the width of columns that follows from it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A block of commands, and what the page shows below it; `place` is where that stands in the page."""

    commands: tuple[str, ...]
    shown: str | None
    place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Save:
    """A file that the reader is asked to save."""

    name: str
    text: str


def steps(page: str) -> list[Step | Save]:
    """What a reader does, in order; a block below `<!-- not run ... -->` is left out."""
    fences = list(FENCE.finditer(page))
    found: list[Step | Save] = []
    for fence, after in zip(fences, [*fences[1:], None], strict=True):
        if fence["skip"]:
            continue
        if fence["kind"] == "sh":
            commands = fence["text"].replace("\\\n", " ").splitlines()
            is_shown = after is not None and after["kind"] == "text"
            told = (after["text"], after.span("text")) if after and is_shown else (None, (0, 0))
            found.append(Step(tuple(line for line in commands if line and not line.startswith("#")), *told))
        elif saved := SAVED.match(fence["text"]):
            found.append(Save(saved["name"], fence["text"]))
    return found


def expected_code(line: str) -> int:
    code = CODE.search(line)
    return int(code[1]) if code else 0


class Terminal:
    """One of 80 columns for imgcli in this process, or for a shell."""

    def __init__(self) -> None:
        self.screen = Screen(COLUMNS)

    def type(self, line: str) -> int:
        """Exit code of a command line."""
        words = shlex.split(line, comments=True)
        with self._open() as side:
            if words[0] == "imgcli" and not SHELL.search(line.partition(" #")[0]):
                return self._here(words[1:], side)
            return subprocess.run(
                ["/bin/sh", "-c", line], stdin=subprocess.DEVNULL, stdout=side, stderr=side, check=False
            ).returncode

    def _here(self, words: list[str], side: int) -> int:
        with ExitStack() as stack:
            written = stack.enter_context(open(side, "w", encoding="utf-8", closefd=False))  # noqa: PTH123 - it is open
            stack.enter_context(redirect_stdout(written))
            stack.enter_context(redirect_stderr(written))
            return run(words)

    @contextmanager
    def _open(self) -> Iterator[int]:
        """The program's side of a terminal; what was written to it is on the screen when this ends."""
        master, side = pty.openpty()
        came = bytearray()
        reader = threading.Thread(target=_drain, args=(master, came))
        reader.start()
        try:
            yield side
        finally:
            # Its end is told, not waited for: workers that were forked meanwhile hold the terminal open.
            os.write(side, END)
            reader.join()
            os.close(side)
            os.close(master)
            self.screen.feed(came.decode())


def _drain(master: int, came: bytearray) -> None:
    while not came.endswith(END):
        came += os.read(master, 65_536)
    del came[-len(END) :]


def follow(page: str) -> Iterator[tuple[Step, list[int], list[str]]]:
    """Each block of commands with their exit codes and the lines that came, run in the current directory."""
    for step in steps(page):
        if isinstance(step, Save):
            place = Path(step.name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(step.text, "utf-8")
            continue
        terminal = Terminal()
        codes = [terminal.type(line) for line in step.commands]
        yield step, codes, terminal.screen.lines()


def is_as_shown(shown: str, came: list[str]) -> bool:
    """Whether the lines are those of the page, where `...` stands for any; times, ids and sizes are not compared."""
    pattern = "".join("(?:.*\n)*" if line == "..." else re.escape(even(line)) + "\n" for line in _inked(shown))
    return re.fullmatch(pattern, "".join(f"{even(line)}\n" for line in _inked("\n".join(came)))) is not None


def even(line: str) -> str:
    for what, name in VARYING:
        line = what.sub(name, line)
    return line.strip()


def _inked(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip(" ─")]


def _mend() -> None:
    page = PAGE.read_text("utf-8")
    places = []
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as work:
        os.environ |= {"IMGCLI_HOME": home, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color", "NO_COLOR": "1"}
        os.chdir(work)
        for step, codes, came in follow(page):
            sys.stdout.write(f"{codes} {'; '.join(step.commands)}\n")
            if step.shown is None:
                sys.stdout.write("".join(f"    {line}\n" for line in came))
            elif not is_as_shown(step.shown, came):
                places.append((step.place, "".join(f"{line}\n" for line in came)))
        os.chdir(PAGE.parent)
    for (start, end), text in reversed(places):
        page = page[:start] + text + page[end:]
    PAGE.write_text(page, "utf-8")


grow_once()

if __name__ == "__main__":
    _mend()
