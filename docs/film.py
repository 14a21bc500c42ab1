"""A terminal as an SVG, still or moving: plain text in the reader's own monospace font, and nothing fetched."""

import re
from collections.abc import Sequence
from html import escape
from itertools import groupby

from rich.cells import cell_len

from docs.terminal import Cell, Look

CELL, LINE, SIZE = 8.4, 19.0, 14
"""Pixels: the width of a column, the height of a row, the font."""
MARGIN, BAR = 18.0, 34.0
FONTS = "ui-monospace,'SF Mono','Cascadia Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace"
BACK, FRONT, FAINT = "#15191c", "#dfe3e0", "#7d8789"
NAMED = ("#15191c", "#e5736b", "#8fc380", "#d9b267", "#78a8dc", "#c193cc", "#6fc2bd", "#dfe3e0")
BRIGHT = ("#7d8789", "#f08b83", "#a6d898", "#efc97e", "#93bdec", "#d5abdf", "#88d8d2", "#ffffff")
DRAWN = {
    "━": (0.0, 0.45, 1.0, 0.12, 1.0),
    "╸": (0.0, 0.45, 0.5, 0.12, 1.0),
    "╺": (0.5, 0.45, 0.5, 0.12, 1.0),
    "─": (0.0, 0.48, 1.0, 0.05, 1.0),
    "█": (0.0, 0.08, 1.0, 0.84, 1.0),
    "▌": (0.0, 0.0, 0.5, 1.0, 1.0),
    "░": (0.0, 0.08, 1.0, 0.84, 0.22),
}
"""Lines and blocks as left, top, width, height and opacity, in parts of a cell: fonts leave gaps between them."""

STRETCH = re.compile(r"\S+(?: \S+)*")
Rows = Sequence[Sequence[Cell]]


def still(title: str, rows: Rows, columns: int) -> str:
    return film(title, [(0.0, rows)], columns, 0)


def film(title: str, frames: Sequence[tuple[float, Rows]], columns: int, hold: float) -> str:
    """Frames with the second each begins at; the last is shown for `hold` seconds, and alone where nothing may move."""
    high = max(len(rows) for _, rows in frames)
    width, height = columns * CELL + 2 * MARGIN, high * LINE + BAR + MARGIN
    kept: dict[str, str] = {}
    strip = "".join(_frame(rows, number * high * LINE, kept) for number, (_, rows) in enumerate(frames))
    defined = "".join(f'<g id="{name}">{drawn}</g>' for drawn, name in kept.items())
    label = escape(title, quote=True)
    dots = "".join(f'<circle cx="{22 + 18 * place}" cy="17" r="5"/>' for place in range(3))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="{label}"><title>{label}</title>\n'
        f"<style>.film{{font:{SIZE}px {FONTS}}}{_motion(frames, high, hold)}</style>\n"
        f'<rect width="{width:g}" height="{height:g}" rx="9" fill="{BACK}"/><g fill="#3a4347">{dots}</g>\n'
        f"<defs>{defined}</defs>\n"
        f'<svg x="{MARGIN:g}" y="{BAR:g}" width="{columns * CELL:g}" height="{high * LINE:g}">'
        f'<g class="film" fill="{FRONT}">{strip}</g></svg>\n</svg>\n'
    )


def _motion(frames: Sequence[tuple[float, Rows]], high: int, hold: float) -> str:
    last = f".film{{transform:translateY({-(len(frames) - 1) * high * LINE:g}px)}}"
    if len(frames) == 1:
        return last
    length = frames[-1][0] + hold
    steps = "".join(
        f"{100 * begin / length:.2f}%{{transform:translateY({-number * high * LINE:g}px)}}"
        for number, (begin, _) in enumerate(frames)
    )
    moving = f".film{{animation:film {length:.2f}s step-end infinite}}"
    return f"{last}@keyframes film{{{steps}}}@media(prefers-reduced-motion:no-preference){{{moving}}}"


def _frame(rows: Rows, top: float, kept: dict[str, str]) -> str:
    """A frame of the strip; rows that are drawn alike are defined once."""
    drawn = ((number, _row(row)) for number, row in enumerate(rows))
    return "".join(
        f'<use href="#{kept.setdefault(text, f"r{len(kept)}")}" y="{top + number * LINE:g}"/>'
        for number, text in drawn
        if text
    )


def _row(row: Sequence[Cell]) -> str:
    parts, across = [], 0
    for (look, drawn), group in groupby(row, key=lambda cell: (cell[1], cell[0] if cell[0] in DRAWN else "")):
        cells = list(group)
        text = "".join(character for character, _ in cells)
        if look.back is not None:
            parts.append(_box(across, len(cells), (0.0, 0.0, 1.0, 1.0, 1.0), _colour(look.back)))
        if drawn:
            parts.append(_box(across, len(cells), DRAWN[drawn], _front(look)))
        elif text.strip():
            parts.append(_words(text, across, look))
        across += len(cells)
    return "".join(parts)


def _words(text: str, across: int, look: Look) -> str:
    """Each stretch without two blanks in a row stands where its column is: a viewer may draw many blanks as one."""
    told = f' fill="{_front(look)}"' if look.front is not None or look.dim else ""
    told += ' font-weight="700"' if look.bold else ""
    told += ' font-style="italic"' if look.italic else ""
    return "".join(
        f'<text x="{(across + cell_len(text[: part.start()])) * CELL:g}" y="{LINE * 0.74:g}" '
        f'textLength="{cell_len(part[0]) * CELL:g}"{told}>{escape(part[0])}</text>'
        for part in STRETCH.finditer(text)
    )


def _box(across: int, cells: int, part: tuple[float, float, float, float, float], colour: str) -> str:
    left, top, width, height, opacity = part
    wide = cells * CELL if width == 1.0 else width * CELL
    faint = f' opacity="{opacity:g}"' if opacity < 1 else ""
    return (
        f'<rect x="{(across + left) * CELL:g}" y="{top * LINE:g}" width="{wide:g}" height="{height * LINE:g}" '
        f'fill="{colour}"{faint}/>'
    )


def _front(look: Look) -> str:
    if look.front is None:
        return FAINT if look.dim else FRONT
    return _colour(look.front)


def _colour(colour: int | str) -> str:
    if isinstance(colour, str):
        return colour
    if colour < 16:
        return (NAMED + BRIGHT)[colour]
    if colour >= 232:
        return "#{0:02x}{0:02x}{0:02x}".format(8 + 10 * (colour - 232))
    levels = (0, 95, 135, 175, 215, 255)
    rest = colour - 16
    return "#{:02x}{:02x}{:02x}".format(levels[rest // 36], levels[rest // 6 % 6], levels[rest % 6])
