"""Pages of the documentation followed as they are written: their files saved, their commands run, what they show compared.

A block of `sh` is typed line by line, a block of `text` below it is what the terminal shows then, a block of `toml` or
`text` that begins with `# NAME` is a file to save. `<!-- not run ... -->` above a block leaves it out,
`<!-- exit codes: 0 3 -->` says what to expect instead of zeros; a code host shows neither.

`python -m tests.cli.followed` writes what really comes into the pages, where that is something else.
"""

import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from docs.terminal import Screen
from imgcli.cli.app import run
from tests.cli.grown import grow_once

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("tutorial.md", "designers.md", "scripts.md", "ci.md")
COLUMNS = 80
FENCE = re.compile(r"^(?:<!-- (?P<note>[^\n]*) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"# (?P<name>[\w/.-]+\.(?:toml|txt))\n")
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
    """A block of commands with their exit codes, and what the page shows below it; `place` is where in the page."""

    commands: tuple[str, ...]
    codes: tuple[int, ...]
    shown: str | None
    place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Save:
    """A file that the reader is asked to save."""

    name: str
    text: str


def steps(page: str) -> list[Step | Save]:
    """What a reader does, in order."""
    fences = list(FENCE.finditer(page))
    found: list[Step | Save] = []
    for fence, after in zip(fences, [*fences[1:], None], strict=True):
        note = fence["note"] or ""
        if note.startswith("not run"):
            continue
        if saved := SAVED.match(fence["text"]):
            found.append(Save(saved["name"], fence["text"]))
        elif fence["kind"] == "sh":
            commands = tuple(line for line in fence["text"].replace("\\\n", " ").splitlines() if line.strip())
            codes = [int(code) for code in re.findall(r"\d+", note)] or [0] * len(commands)
            is_shown = after is not None and after["kind"] == "text" and not SAVED.match(after["text"])
            told = (after["text"], after.span("text")) if after and is_shown else (None, (0, 0))
            found.append(Step(commands, tuple(codes), *told))
    return found


class Terminal:
    """One of 80 columns for imgcli in this process, or for a shell."""

    def __init__(self) -> None:
        self.screen = Screen(COLUMNS)

    def type(self, line: str) -> int:
        """Exit code of a command line."""
        words = shlex.split(line)
        with self._open() as side:
            if words[0] == "imgcli" and not SHELL.search(line):
                return self._here(words[1:], side)
            return subprocess.run(
                ["/bin/sh", "-c", line], stdin=subprocess.DEVNULL, stdout=side, stderr=side, check=False
            ).returncode

    def _here(self, words: list[str], side: int) -> int:
        with ExitStack() as stack:
            written = stack.enter_context(open(side, "w", encoding="utf-8", closefd=False))
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


def _mend(page: Path) -> None:
    text = page.read_text("utf-8")
    places = []
    for step, codes, came in follow(text):
        if list(step.codes) != codes:
            sys.stdout.write(f"{page.name}: {codes} of {'; '.join(step.commands)}\n" + "\n".join(came))
        if step.shown is not None and not is_as_shown(step.shown, came):
            places.append((step.place, "".join(f"{line}\n" for line in came)))
    for (start, end), shown in reversed(places):
        text = text[:start] + shown + text[end:]
    page.write_text(text, "utf-8")


def mend() -> None:
    """All pages, each in a directory and a home of its own."""
    with tempfile.TemporaryDirectory() as place:
        prepare(Path(place), os.environ)
        for name in PAGES:
            os.environ["IMGCLI_HOME"] = f"{place}/home-{name}"
            (work := Path(place, name)).mkdir()
            os.chdir(work)
            _mend(DOCS / name)
        os.chdir(DOCS)


def prepare(place: Path, environment: MutableMapping[str, str]) -> None:
    """A terminal of 80 columns without colours, and `imgcli` for the shell."""
    environment |= {"COLUMNS": str(COLUMNS), "TERM": "xterm-256color", "NO_COLOR": "1"}
    command = place / "bin" / "imgcli"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m imgcli "$@"\n')
    command.chmod(0o755)
    environment["PATH"] = f"{command.parent}{os.pathsep}{environment['PATH']}"


grow_once()

if __name__ == "__main__":
    mend()
