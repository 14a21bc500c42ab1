"""Style files of the user on disk: read with a bound, written exclusively, found by name."""

import os
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.errors import StyleError, UsageError

if TYPE_CHECKING:
    from imgcli.director.exchange.placing import Taken
    from imgcli.director.shelf import Shelf
    from imgcli.director.style_file import Imported
    from imgcli.model.prompt import Style
    from imgcli.settings import Paths

MAX_BYTES = 4 * 1024 * 1024


def label_of(file: Path) -> str:
    """What messages call a file of another tool; `-` is stdin."""
    return "stdin" if str(file) == "-" else str(file)


def read_file(file: Path) -> str:
    """The text of a file of another tool; `-` reads stdin.

    Raises:
        UsageError: it is not there, too large, or no UTF-8 text.
    """
    data = _stdin() if str(file) == "-" else read_bytes(file)
    if len(data) > MAX_BYTES:
        raise UsageError(f"{label_of(file)}: is larger than {MAX_BYTES // 1024 // 1024} MiB; split it")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{label_of(file)}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def _stdin() -> bytes:
    if (stream := getattr(sys.stdin, "buffer", None)) is None:
        raise UsageError("stdin is closed; name a file")
    data: bytes = stream.read(MAX_BYTES + 1)
    return data


def read_bytes(file: Path) -> bytes:
    """The bytes of a plain file, one more than `MAX_BYTES` at most.

    Raises:
        UsageError: it is none, or cannot be read.
    """
    try:
        # A pipe would hang, a device never end: neither is opened to be waited for.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UsageError(f"{file}: is no plain file")
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror or error}") from None


def write_new(path: Path, text: str) -> None:
    """A new file with `text`, whole under its name or not there at all; what has the name already stays.

    Raises:
        UsageError: the name is taken, or the disk does not take it.
    """
    from imgcli.durable import NEW_FILE, make_directory, move_without_replacing

    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        make_directory(path.parent)
        descriptor = os.open(aside, NEW_FILE, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(descriptor)
            move_without_replacing(aside, path)
        finally:
            aside.unlink(missing_ok=True)
    except FileExistsError:
        raise UsageError(f"{path} exists; nothing is ever overwritten") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None


def taken_in(directory: Path) -> "Callable[[str], Taken | None]":
    """Who has a name already: a style in `directory`, or a built-in one, which a file there would stand before."""
    from imgcli.director.exchange.convert import foreign_of
    from imgcli.director.exchange.placing import Taken
    from imgcli.director.places import BUILT_IN
    from imgcli.director.shelf import open_shelf

    shelf = open_shelf([directory])

    def taken(name: str) -> Taken | None:
        if name not in shelf:
            return None
        try:
            style = shelf[name]
            where = "the built-in styles" if style.source == BUILT_IN else style.source
            return Taken(where, foreign_of(style, _origin(style)))
        except StyleError:
            return Taken(str(directory / f"{name}.toml"), None)

    return taken


def side(typed: str, shelf: "Shelf") -> "Style":
    """A style by its name, or in a file by its path, which sees the styles of the shelf.

    Raises:
        StyleError: there is none, or it cannot be used.
    """
    from imgcli.director.places import read_text
    from imgcli.director.styles import find_style

    if typed.endswith(".toml") or "/" in typed or os.sep in typed:
        path = Path(typed)
        return shelf.holding(path.stem, read_text(path), str(path))[path.stem]
    return find_style(typed, shelf)


def chosen(
    names: "Sequence[str]", family: str | None, paths: "Paths", *, everything: bool
) -> "list[tuple[Style, Imported | None]]":
    """The styles to export, each with where it came from: as named, or by name and then in the order of their file.

    Raises:
        UsageError: none was named, one that is not there, or both ways at once.
    """
    from imgcli.director.styles import find_style
    from imgcli.wiring import style_shelf

    styles = style_shelf(paths)
    if bool(names) == (everything or family is not None):
        raise UsageError("name the styles to export, or say --all or --family NAME")
    if names:
        return [(style, _origin(style)) for style in (find_style(name, styles) for name in dict.fromkeys(names))]
    families = sorted({style.family for style in styles.values() if style.family})
    if family is not None and family not in families:
        raise UsageError(f"no style is in the family {family[:60]!r}; there are {', '.join(families) or 'none yet'}")
    found = [(style, _origin(style)) for style in styles.values() if family in {None, style.family}]
    return sorted(found, key=lambda pair: (pair[1].file, pair[1].entry, "") if pair[1] else ("", 0, pair[0].name))


def _origin(style: "Style") -> "Imported | None":
    from imgcli.director.places import BUILT_IN, read_text
    from imgcli.director.style_file import read_imported

    return None if style.source == BUILT_IN else read_imported(read_text(Path(style.source)))


def text_of(style: "Style") -> str:
    """The file of a style as it is."""
    from imgcli.director.places import BUILT_IN, presets, read_text

    return presets()[style.name].read_text("utf-8") if style.source == BUILT_IN else read_text(Path(style.source))
