"""A style file in the editor of the user."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.errors import StyleError, UsageError

if TYPE_CHECKING:
    from imgcli.settings import Paths


def own_file(name: str, paths: "Paths") -> tuple[Path, bool]:
    """(the file of a style of the user's, True if it is a new copy of a built-in one).

    Raises:
        StyleError: there is no style of that name.
        UsageError: the copy cannot be written.
    """
    from imgcli.cli.own_styles import write_new
    from imgcli.director.places import names, presets
    from imgcli.director.style_file import did_you_mean

    known = names([paths.styles])
    if name not in known:
        raise StyleError(f"no style {name[:60]!r}{did_you_mean(name, known)} (imgcli styles list shows all)")
    path = paths.styles / f"{name}.toml"
    if os.path.lexists(path):
        return path, False
    write_new(path, presets()[name].read_text("utf-8"))
    show.talk(f"{name} is built in; this is a copy that is yours and stands before it: {path}")
    return path, True


def editor_words(env: Mapping[str, str]) -> list[str]:
    """The editor of the user as words.

    Raises:
        UsageError: none is set, or what is set is no command.
    """
    name = "VISUAL" if env.get("VISUAL", "").strip() else "EDITOR"
    try:
        words = shlex.split(env.get(name, ""), posix=os.name != "nt")
    except ValueError as error:
        raise UsageError(f"{name} is no command: {error}") from None
    if not words:
        raise UsageError("no editor is set; say which with VISUAL or EDITOR, like EDITOR=nano")
    return words


def run_editor(words: list[str], path: Path) -> None:
    """Open `path` in the editor and wait until it closes.

    Raises:
        UsageError: it cannot be started, or ended with a failure.
    """
    # Ctrl-C is the editor's while it runs; a handler, as what is ignored here would be ignored there too.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        code = subprocess.run([*words, str(path)], check=False).returncode  # noqa: S603 - the user's own editor
    except OSError as error:
        raise UsageError(f"the editor {words[0]!r} cannot be started: {error.strerror or error}") from None
    finally:
        signal.signal(signal.SIGINT, before)
    if code:
        raise UsageError(f"the editor {words[0]!r} ended with code {code}; {path} was not looked at")


def problem_of(path: Path, paths: "Paths") -> str:
    """What is wrong with a style file, or with what it extends, in one line, or an empty text.

    Raises:
        UsageError: the file is gone.
    """
    from imgcli.director.places import read_text
    from imgcli.wiring import style_shelf

    if not os.path.lexists(path):
        raise UsageError(f"{path} is gone")
    try:
        style_shelf(paths).holding(path.stem, read_text(path), str(path))[path.stem]
    except StyleError as error:
        return str(error)
    return ""


def holds(path: Path, data: bytes) -> bool:
    """Whether a file has just these bytes."""
    from imgcli.cli.own_styles import read_bytes

    try:
        return read_bytes(path) == data
    except UsageError:
        return False


def ask_to_edit_again(name: str, problem: str) -> None:
    """Ask a person at a terminal whether to mend it now.

    Raises:
        StyleError: they said no, or nobody is there; what they wrote stays.
    """
    if sys.stdin.isatty() and sys.stderr.isatty():
        show.error(problem)
        sys.stderr.write("Edit it again? [Y/n] ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() in {"", "y", "yes"}:
            return
    raise StyleError(f"{problem}; your text is kept: imgcli styles edit {name}")
