"""Pictures small in the terminal: how it can be shown one, and the only place that shows it."""

import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.cli.process import without_keys
from imgcli.cli.safe import safe_text
from imgcli.errors import StorageError

if TYPE_CHECKING:
    from PIL.Image import Image

    from imgcli.reports.inline import Depth, Way

Look = Callable[[Path, int], Awaitable[bytes]]
"""All bytes of a picture of at most so many, as `Store.look`."""

MOST_BYTES = 64 * 1024 * 1024
MOST = 4
"""Pictures side by side."""

WIDEST, HIGHEST = 36, 16
"""Cells of one picture at most."""

NARROWEST, FEWEST = 24, 16
"""Columns of one of several pictures at least: of letters, and of pixels."""

GAP = 2
CELL = (10, 20)
"""Width and height of a cell in pixels, where the terminal does not tell."""

MOST_PIXELS = 900
"""Width and height of what is sent to a terminal, in pixels, whatever it tells of its cells."""

STDERR = 2
"""The descriptor that is asked for its size."""

PATIENCE = 5.0
"""Seconds that `chafa` has."""

SIXELS = re.compile(rb"\x1bP[0-9;]*q[\"#!$0-9;?-~\n\r-]*\x1b\\")

KITTIES = frozenset({"ghostty", "kitty"})
ITERMS = frozenset({"iTerm.app", "WezTerm", "mintty"})
SIXEL_TERMS = ("foot", "mlterm", "contour", "yaft")
TRUE_COLOURS = KITTIES | ITERMS | {"vscode", "rio", "Hyper"}


@dataclass(frozen=True, slots=True)
class Screen:
    """A terminal: its size in cells, and that of a cell in pixels."""

    columns: int
    rows: int
    cell: tuple[int, int] = CELL


async def preview(paths: Sequence[Path], look: Look, wish: str, names: Sequence[str] = ()) -> None:
    """Show pictures small on the terminal of stderr, MOST side by side, each over its name; nothing elsewhere.

    `wish` is the setting `preview`. What cannot be read is left out: the command has told of it. Whoever calls has
    asked the ledger that none of them is hidden.
    """
    way = way_of(wish, os.environ) if sys.stderr.isatty() and _takes_letters() else None
    if way is None:
        return
    screen, depth = _screen(), depth_of(os.environ)
    if not paths:
        return
    named = list(zip(paths, names or [path.name for path in paths], strict=True))
    across, room = _laid_out(len(named), screen, way)
    if room.columns < FEWEST // 2:
        return
    show.talk("")
    for start in range(0, len(named), across):
        await _show_row(named[start : start + across], look, way, depth, room)


def _laid_out(count: int, screen: Screen, way: "Way") -> tuple[int, Screen]:
    """Pictures side by side, and the room of each: as large as it goes, a few of them in a part of the screen."""
    from imgcli.reports.inline import Way

    if count > MOST:
        least = NARROWEST if way is Way.BLOCKS else FEWEST
        across = max(1, min(MOST, screen.columns // (least + GAP)))
        return across, _room(across, screen.rows // 2, screen)
    tried = [
        (across, _room(across, screen.rows * 3 // 5 // -(-count // across), screen)) for across in range(count, 0, -1)
    ]
    return max(tried, key=lambda each: min(each[1].columns, 2 * each[1].rows))


def _room(across: int, lines: int, screen: Screen) -> Screen:
    """The room of one of so many side by side, which share so many `lines` with their names."""
    columns = min(WIDEST, (screen.columns - 1) // across - GAP)
    return Screen(columns, max(1, min(HIGHEST, lines - 1)), screen.cell)


def way_of(wish: str, env: Mapping[str, str]) -> "Way | None":
    """How the terminal that `env` tells of is shown pictures; None for not at all.

    Inside tmux, screen and zellij the protocols of the terminal around them do not pass: letters do, and the sixels
    of those who ask for them.
    """
    from imgcli.reports.inline import Way

    term, program = env.get("TERM", ""), env.get("TERM_PROGRAM", "")
    if wish == "off" or term == "dumb" or (os.name == "nt" and not env.get("WT_SESSION") and not program):
        return None
    asked = _known(term, program, env) if wish == "auto" else Way(wish)
    is_inside = any(env.get(name) for name in ("TMUX", "STY", "ZELLIJ")) or term.startswith(("tmux", "screen"))
    if is_inside and not (wish == asked == Way.SIXEL):
        asked = Way.BLOCKS
    return Way.BLOCKS if asked is Way.SIXEL and not _chafa(env) else asked


def _known(term: str, program: str, env: Mapping[str, str]) -> "Way":
    from imgcli.reports.inline import Way

    # A variable of a terminal outlives it in what was started from it: the name of the program comes first.
    if program:
        return Way.KITTY if program in KITTIES else Way.ITERM2 if program in ITERMS else Way.BLOCKS
    if term in {"xterm-kitty", "xterm-ghostty"} or env.get("KITTY_WINDOW_ID"):
        return Way.KITTY
    if env.get("WEZTERM_PANE") or env.get("LC_TERMINAL") == "iTerm2":
        return Way.ITERM2
    return Way.SIXEL if term.startswith(SIXEL_TERMS) else Way.BLOCKS


def depth_of(env: Mapping[str, str]) -> "Depth":
    """The colours that letters may have."""
    from imgcli.reports.inline import Depth

    term = env.get("TERM", "")
    if env.get("NO_COLOR") or term.startswith("vt"):
        return Depth.NONE
    is_true = env.get("COLORTERM", "").lower() in {"truecolor", "24bit"} or "direct" in term or env.get("WT_SESSION")
    return Depth.TRUE if is_true or env.get("TERM_PROGRAM") in TRUE_COLOURS else Depth.INDEXED


async def _show_row(row: Sequence[tuple[Path, str]], look: Look, way: "Way", depth: "Depth", room: Screen) -> None:
    """Pictures side by side, each in so much `room`."""
    from imgcli.reports.inline import Way

    drawn: list[tuple[Image, str]] = []
    for path, name in row:
        if (image := await _small(path, look, way, depth, room)) is not None:
            drawn.append((image, name))
    if not drawn:
        return
    if way is Way.BLOCKS:
        show.escapes(_letters(drawn, depth, room.columns))
    else:
        show.escapes(await _protocol(drawn, way, room))
    show.talk(_names([name for _, name in drawn], room.columns))


async def _small(path: Path, look: Look, way: "Way", depth: "Depth", room: Screen) -> "Image | None":
    from imgcli.reports.inline import Way, pixels
    from imgcli.reports.thumbnail import UnreadableError, thumbnail

    size = pixels(room.columns, room.rows, depth)
    if way is not Way.BLOCKS:
        size = min(MOST_PIXELS, room.columns * room.cell[0]), min(MOST_PIXELS, room.rows * room.cell[1])
    check = 2 if way is Way.BLOCKS else max(4, room.cell[0])
    try:
        return await asyncio.to_thread(thumbnail, await look(path, MOST_BYTES), *size, check)
    except (StorageError, UnreadableError):
        return None


def _letters(drawn: "Sequence[tuple[Image, str]]", depth: "Depth", columns: int) -> str:
    from itertools import zip_longest

    from imgcli.reports.inline import cells_of, letters

    is_light = os.environ.get("COLORFGBG", "").rpartition(";")[2] in {"7", "15"}
    blocks = []
    for image, _ in drawn:
        beside = " " * (columns + GAP - cells_of(image, depth)[0])
        blocks.append([line + beside for line in letters(image, depth, on_light=is_light)])
    empty = " " * (columns + GAP)
    return "".join("".join(cells).rstrip(" ") + "\n" for cells in zip_longest(*blocks, fillvalue=empty))


async def _protocol(drawn: "Sequence[tuple[Image, str]]", way: "Way", room: Screen) -> str:
    from imgcli.reports.inline import Way, iterm2, kitty, side_by_side

    placed, most = [], 1
    for at, (image, _) in enumerate(drawn):
        # As many cells as its shape fills, so that no protocol stretches it.
        columns = max(1, min(room.columns, round(image.width / room.cell[0])))
        rows = max(1, min(room.rows, round(image.height / room.cell[1])))
        most = max(most, rows)
        match way:
            case Way.KITTY:
                sequence = kitty(image, columns, rows)
            case Way.ITERM2:
                sequence = iterm2(image, columns, rows)
            case _:
                sequence = await _sixels(image, columns, rows)
        placed.append((at * (room.columns + GAP), sequence))
    return side_by_side(placed, most)


async def _sixels(image: "Image", columns: int, rows: int) -> str:
    """What `chafa` makes of a picture, of which nothing but sixels is let through; empty if it fails."""
    from imgcli.reports.inline import png

    words = ["--format=sixels", f"--size={columns}x{rows}", "--animate=off", "-"]
    try:
        made = await asyncio.create_subprocess_exec(
            _chafa(os.environ),
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=without_keys(os.environ),
        )
    except OSError:
        return ""
    try:
        out, _ = await asyncio.wait_for(made.communicate(png(image)), PATIENCE)
    except TimeoutError:
        made.kill()
        await made.wait()
        return ""
    found = SIXELS.search(out)
    return found[0].decode() if found else ""


def _chafa(env: Mapping[str, str]) -> str:
    """The program on the PATH, whole; empty if it is not there."""
    import shutil

    found = shutil.which("chafa", path=env.get("PATH", ""))
    return found if found and os.path.isabs(found) else ""  # noqa: PTH117 - a string


def _names(names: Sequence[str], columns: int) -> str:
    """The names below their pictures, each cut in its middle to the width of its own."""
    from rich.cells import cell_len

    line = ""
    for at, name in enumerate(names):
        shown = _cut(safe_text(name), columns)
        line += " " * max(0, at * (columns + GAP) - cell_len(line)) + shown
    return line


def _cut(name: str, columns: int) -> str:
    from rich.cells import cell_len

    if cell_len(name) <= columns:
        return name
    kept = min(len(name), columns - 1)
    while kept > 1:
        short = f"{name[: (kept + 1) // 2]}…{name[len(name) - kept // 2 :]}"
        if cell_len(short) <= columns:
            return short
        kept -= 1
    return "…"


def _takes_letters() -> bool:
    return "utf" in (getattr(sys.stderr, "encoding", "") or "").lower()


def _screen() -> Screen:
    """The terminal of stderr."""
    try:
        size = os.get_terminal_size(STDERR)
    except (OSError, ValueError):
        return Screen(80, 24)
    columns, rows = size.columns or 80, size.lines or 24
    return Screen(columns, rows, _cell(columns, rows))


def _cell(columns: int, rows: int) -> tuple[int, int]:
    """Pixels of a cell, which terminals that draw pictures tell."""
    try:
        import fcntl
        import struct
        import termios

        told = fcntl.ioctl(STDERR, termios.TIOCGWINSZ, b"\0" * 8)
        _, _, width, height = struct.unpack("HHHH", told)
    except (ImportError, OSError, ValueError):
        return CELL
    across, down = width // columns, height // rows
    return (across, down) if 4 <= across <= 100 and 4 <= down <= 200 else CELL
