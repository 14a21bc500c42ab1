"""Pictures shown small in the terminal, in the best way it has: kitty's or iTerm2's protocol, sixels, else half blocks."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.cli.process import without_keys

if TYPE_CHECKING:
    from PIL import Image

    from imgcli.reports.inline import Depth, Way

MOST = 4
"""Pictures that are shown after a run; more is a gallery."""

MOST_BYTES = 64 * 1024 * 1024
WIDEST, TALLEST = 40, 20
"""Columns and rows of one picture."""

GAP = 2
"""Columns between pictures."""

CELL = (10, 20)
"""Pixels of a cell, about, where a protocol scales what it is given."""

SECONDS = 10.0
"""After which chafa is given up."""

SIXELS = re.compile(r"\s*(?:\x1b\[\?[0-9;]*[hl])*(\x1bP[0-9;]*q[ -~\s]*\x1b\\)(?:\x1b\[\?[0-9;]*[hl])*\s*")
SIXEL_TERMINALS = ("foot", "mlterm", "contour", "xterm-sixel", "yaft")


def way_of(wish: str, env: Mapping[str, str] = os.environ) -> "Way | None":
    """How pictures are shown as the setting `inline` wishes; None for not at all. What a terminal can is told by `env`."""
    from imgcli.reports.inline import Way

    if wish == "off" or env.get("TERM", "") in {"", "dumb"}:
        return None
    if wish != "auto":
        return Way(wish)
    if "TMUX" in env or "STY" in env or env.get("TERM", "").startswith(("screen", "tmux")):
        # They pass no picture on unless they are told to, and nobody tells whether they are.
        return Way.BLOCKS
    program = env.get("TERM_PROGRAM", "")
    if env.get("KITTY_WINDOW_ID") or env.get("TERM") in {"xterm-kitty", "xterm-ghostty"} or program == "ghostty":
        return Way.KITTY
    if program in {"iTerm.app", "WezTerm", "mintty"} or env.get("LC_TERMINAL") == "iTerm2":
        return Way.ITERM2
    if env.get("TERM", "").startswith(SIXEL_TERMINALS) and _chafa(env):
        return Way.SIXEL
    return Way.BLOCKS


def depth_of(env: Mapping[str, str] = os.environ) -> "Depth":
    """The colours that letters may have: none with NO_COLOR, all where the terminal says so."""
    from imgcli.reports.inline import Depth

    if env.get("NO_COLOR"):
        return Depth.NONE
    return Depth.TRUE if env.get("COLORTERM") in {"truecolor", "24bit"} else Depth.INDEXED


def show_inline(
    paths: Sequence[Path], wish: str, *, most: int = MOST, widest: int = WIDEST, data: bool = False
) -> None:
    """Draw the first pictures of `paths` side by side on stderr, or on stdout as `data`; nothing where nobody looks.

    A picture that cannot be read is passed by: it is told elsewhere.
    """
    stream = sys.stdout if data else sys.stderr
    way = way_of(wish) if stream.isatty() else None
    if way is None or not paths:
        return
    text = drawn(paths[:most], way, depth_of(), shutil.get_terminal_size(), widest)
    if text:
        show.drawing(text if data else f"\n{text}", data=data)


def drawn(paths: Sequence[Path], way: "Way", depth: "Depth", room: os.terminal_size, widest: int = WIDEST) -> str:
    """Pictures as what the terminal draws them from, side by side within `room`; empty if none can be read."""
    from imgcli.reports.inline import Depth, Way, cells_of, pixels

    columns = min(widest, (room.columns - GAP) // len(paths) - GAP)
    rows = min(TALLEST, max(2, room.lines // 2))
    if columns < 2:
        return ""
    is_letters = way is Way.BLOCKS
    cells = depth if is_letters else Depth.TRUE
    width, height = pixels(columns, rows, cells)
    across, down = (1, 1) if is_letters else (CELL[0], CELL[1] // 2)
    small = [image for path in paths if (image := _small(path, width * across, height * down))]
    if is_letters:
        return _beside(small, depth)
    shapes = [cells_of(image.resize((-(-image.width // across), -(-image.height // down))), cells) for image in small]
    return _placed(small, shapes, way)


def _small(path: Path, width: int, height: int) -> "Image.Image | None":
    from imgcli.reports.thumbnail import UnreadableError, thumbnail

    try:
        with path.open("rb") as file:
            return thumbnail(file.read(MOST_BYTES), width, height)
    except (OSError, UnreadableError):
        return None


def _beside(images: "Sequence[Image.Image]", depth: "Depth") -> str:
    from imgcli.reports.inline import cells_of, letters

    blocks = [(cells_of(image, depth), letters(image, depth)) for image in images]
    tallest = max((rows for (_, rows), _ in blocks), default=0)
    lines = []
    for row in range(tallest):
        parts = [lines_[row] if row < rows else " " * columns for (columns, rows), lines_ in blocks]
        lines.append(" " * GAP + (" " * GAP).join(parts).rstrip())
    return "\n".join(lines)


def _placed(images: "Sequence[Image.Image]", shapes: Sequence[tuple[int, int]], way: "Way") -> str:
    from imgcli.reports.inline import Way, iterm2, kitty, side_by_side

    placed, column = [], GAP
    for image, (columns, rows) in zip(images, shapes, strict=True):
        match way:
            case Way.KITTY:
                sequence = kitty(image, columns, rows)
            case Way.ITERM2:
                sequence = iterm2(image, columns, rows)
            case _:
                sequence = _sixels(image, columns, rows)
        if sequence:
            placed.append((column, sequence))
        column += columns + GAP
    return side_by_side(placed, max(rows for _, rows in shapes)) if placed else ""


def _chafa(env: Mapping[str, str] = os.environ) -> str | None:
    return shutil.which("chafa", path=env.get("PATH", os.defpath))


def _sixels(image: "Image.Image", columns: int, rows: int) -> str:
    """By the program chafa, which is given pixels of our own making; what is no sixel picture goes nowhere."""
    from imgcli.reports.inline import png

    program = _chafa()
    if program is None:
        return ""
    words = [program, "--format=sixels", "--animate=off", f"--size={columns}x{rows}", "-"]
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system, no shell
            words,
            input=png(image),
            capture_output=True,
            env=without_keys(os.environ),
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = SIXELS.fullmatch(done.stdout.decode("ascii", "replace"))
    return found[1] if found else ""
