"""The only printer: data to stdout, talk to stderr."""

import os
import string
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TextIO

from imgcli.cli.safe import safe_json, safe_lines, safe_text
from imgcli.credentials import hidden
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


@dataclass(frozen=True, slots=True)
class Output:
    """How the user wants to be talked to; `opens`: what was made is shown in the program the system has for it."""

    json: bool = False
    quiet: bool = False
    progress: bool = True
    template: str | None = None
    opens: bool = False

    @property
    def talks(self) -> bool:
        return not self.quiet and not self.json

    @property
    def is_live(self) -> bool:
        return self.talks and self.progress and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def prints_paths(self) -> bool:
        """On a terminal the closing table has them; a pipe gets one a line."""
        return not self.json and (self.template is not None or not (sys.stdout.isatty() and self.is_live))


class Streams:
    """stdout and stderr, each let go for good once it takes no more: no output is worth a picture under way."""

    lost = ""
    """Why stdout took no more, unless its reader simply went away."""

    @classmethod
    def open(cls) -> None:
        """A closed stream (`>&-`) is None in Python; it gets one that takes all."""
        for name in ("stdout", "stderr"):
            if getattr(sys, name) is None:
                setattr(sys, name, _nowhere())

    @classmethod
    def let_go(cls, name: str, error: Exception) -> None:
        if name == "stdout" and not isinstance(error, BrokenPipeError):
            cls.lost = str(error)
        setattr(sys, name, _nowhere())


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - for the rest of the process


def line(text: str) -> None:
    """One line of data on stdout, word for word to a program and made safe for a terminal.

    A reader that went away, or one that cannot take some letter, never breaks what is under way.
    """
    try:
        if sys.stdout.isatty():
            text = safe_lines(text)
        try:
            sys.stdout.write(text + "\n")
        except UnicodeEncodeError:
            sys.stdout.write(text.encode("ascii", "backslashreplace").decode("ascii") + "\n")
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        Streams.let_go("stdout", error)


def data(text: str) -> None:
    """A whole file on stdout: to a program letter for letter, with line ends of its own, and made safe for a terminal."""
    try:
        if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
            sys.stdout.write(safe_lines(text) if sys.stdout.isatty() else text)
        else:
            sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        Streams.let_go("stdout", error)


def pipe() -> BinaryIO:
    """Where stdout takes a file of bytes; only where it is no terminal."""
    return sys.stdout.buffer


def json_line(value: object) -> None:
    line(safe_json(value))


def talk(text: str) -> None:
    """A line for people, or a few, on stderr: made safe here, and without keys."""
    _write(safe_lines(hidden(text)))


def prose(text: str) -> None:
    """A sentence for people on stderr, as `talk`, broken at blanks where a terminal is too narrow for it.

    What is to be copied, as a command or a path, belongs to `talk`: a terminal that breaks a line copies it whole.
    """
    for each in folded(text, sys.stderr):
        talk(each)


def folded(text: str, stream: TextIO) -> list[str]:
    """`text` as lines that fit the terminal of `stream`; a pipe gets it whole."""
    if not stream.isatty():
        return [text]
    import textwrap

    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        width = 80
    # Some terminals do not know how wide they are.
    return textwrap.wrap(text, width or 80, break_long_words=False, break_on_hyphens=False) or [text]


def escapes(text: str, *, data: bool = False) -> None:
    """What carries escapes of our own, unaltered: a picture of `reports/inline.py` on stderr, words made safe on stdout."""
    name = "stdout" if data else "stderr"
    try:
        stream = getattr(sys, name)
        try:
            stream.write(text)
        except UnicodeEncodeError:
            stream.write(text.encode("ascii", "backslashreplace").decode("ascii"))
        stream.flush()
    except (OSError, ValueError) as error:
        Streams.let_go(name, error)


def _write(text: str) -> None:
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except (OSError, ValueError) as error:
        Streams.let_go("stderr", error)


def error(message: str) -> None:
    label = "error:"
    if colours(sys.stderr):
        label = f"\x1b[1;31m{label}\x1b[0m"
    _write(f"{label} {safe_text(hidden(message))}")


def colours(stream: TextIO) -> bool:
    """Whether a stream gets colours: NO_COLOR, then FORCE_COLOR, say so if they are not empty; else it is a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def _palette(stream: TextIO) -> 'Literal["auto", "standard"] | None':
    """For rich, which gives a dumb terminal none that FORCE_COLOR asks for, and a pipe bold ones that NO_COLOR does not."""
    if stream.isatty() and os.environ.get("TERM") != "dumb":
        return "auto"
    return "standard" if colours(stream) else None


def bug(problem: BaseException) -> None:
    """What nobody foresaw, as a report needs it: the lines it came through, without values, keys or escapes."""
    import traceback

    talk("".join(traceback.format_exception(problem)).rstrip())
    error("this is a bug in imgcli; the lines above say where. Money and pictures: imgcli budget show")


def console() -> "Console":
    """The console of stderr; a pipe gets 120 columns so that nothing is cut at 80."""
    from rich.console import Console

    width = None if sys.stderr.isatty() else 120
    return Console(stderr=True, highlight=False, width=width, emoji=False, color_system=_palette(sys.stderr))


def out_console(least: int) -> "Console":
    from rich.console import Console

    width = None if sys.stdout.isatty() else 120
    drawn = Console(highlight=False, width=width, emoji=False, color_system=_palette(sys.stdout))
    # Wider than the terminal wraps, which is ugly; narrower would drop digits, which is untrue.
    drawn.width = max(drawn.width, least)
    return drawn


def draw(renderable: "RenderableType") -> None:
    try:
        console().print(renderable)
    except (OSError, ValueError) as error:
        Streams.let_go("stderr", error)


def draw_data(renderable: "RenderableType", least: int = 0) -> None:
    """A table that is the answer of a command, on stdout; `least` columns wide, whatever the terminal."""
    try:
        out_console(least).print(renderable)
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        Streams.let_go("stdout", error)


def fill(template: str, fields: dict[str, str], option: str = "--print") -> str:
    r"""`--print`, or another option, with its fields filled; `\t` and `\\n` as shells leave them are honoured.

    Raises:
        UsageError: an unknown field.
    """
    try:
        parts = list(string.Formatter().parse(template.replace("\\t", "\t").replace("\\n", "\n")))
    except ValueError as problem:
        raise UsageError(f"{option} {template!r}: {problem}; write {{{{ for a brace") from None
    for _, name, spec, conversion in parts:
        if name is not None and (name not in fields or spec or conversion):
            known = " ".join(f"{{{field}}}" for field in fields)
            raise UsageError(f"{option} {template!r}: no field {{{name}}}; there are {known}")
    return "".join(literal + (fields[name] if name is not None else "") for literal, name, _, _ in parts)


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    right: Sequence[int] = (),
    whole: Sequence[int] = (),
) -> Any:
    """A quiet table: no box but a rule under the head. Cells are text, made safe here, or renderables.

    Where the terminal is too narrow for it, each row stands by itself. `right` and `whole` are the columns set flush right, and those never broken.
    """
    from rich import box
    from rich.text import Text

    from imgcli.cli.narrow import NarrowTable

    # A bare string would be read as markup.
    head = Text(safe_text(title)) if title else None
    drawn = NarrowTable(title=head, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, title_style="bold")
    for index, name in enumerate(columns):
        drawn.add_column(name, justify="right" if index in right else "left", overflow="fold", no_wrap=index in whole)
    for row in rows:
        drawn.add_row(*(Text(safe_text(cell)) if isinstance(cell, str) else cell for cell in row))
    return drawn
