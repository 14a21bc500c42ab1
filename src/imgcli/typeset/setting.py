"""Type setting: how large, on how many lines, and where each line ends.

Everything is measured once at a reference size and scaled, as the fonts are not hinted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from imgcli.typeset import glyphs, wording
from imgcli.typeset.wording import Piece

MOST_LINES = 5
SHRINK = 0.95
LONG_WORD = 1.7
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Title:
    """Set lines: font size and distance of the baselines in pixels."""

    lines: tuple[str, ...]
    font: str
    size: float
    leading: float

    @property
    def height(self) -> float:
        """From the top of the tallest letters to the last baseline."""
        return self.size * 0.74 + self.leading * (len(self.lines) - 1)


def set_title(text: str, font: str, room: tuple[float, float], sizes: tuple[float, float]) -> Title:
    """`text` as large as `sizes` (least, most) and the `room` (width, height) allow, cut with an ellipsis if it must."""
    least, size = sizes
    found = wording.pieces(text)
    air = _air(text, font)
    while True:
        width, lines = room[0] / size, _fitting_lines(room[1], size, air)
        # A word too long for a line makes the type smaller only so far; then it is cut.
        if size <= least or not _is_crowded(found, font, width, lines, cut=size <= least * LONG_WORD):
            break
        size = max(least, size * SHRINK)
    rows = _wrap(_cut_long(found, font, width), font, width)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], _cut(rows[lines - 1], font, width)]
    else:
        rows = _balanced(rows, font, width)
    lines_set = tuple(wording.join(row) for row in rows)
    # Words were measured one by one; a blank between two typefaces may be set a hair wider than either thinks.
    widest = max(measure(line, font) for line in lines_set)
    if widest * size > room[0]:
        size = room[0] / widest
    return Title(lines_set, font, size, size * air)


@lru_cache(maxsize=4096)
def measure(text: str, font: str) -> float:
    """Width of `text` in em."""
    return sum(glyphs.reference(run.font).getlength(run.text) for run in glyphs.split(text, font)) / glyphs.REFERENCE


def shorten(text: str, font: str, width: float) -> str:
    """`text`, or as much of it as `width` em hold with an ellipsis."""
    if measure(text, font) <= width:
        return text
    while text and measure(text + ELLIPSIS, font) > width:
        text = text[:-1].rstrip(" ,.;:-·")
    return text + ELLIPSIS if text else ""


def _air(text: str, font: str) -> float:
    """Leading in em: scripts with tall letters or marks need more."""
    used = {run.font for run in glyphs.split(text, font)}
    if used <= {glyphs.SERIF}:
        return 1.04
    return 1.1 if used <= {glyphs.SERIF, glyphs.SANS} else 1.34


def _fitting_lines(height: float, size: float, air: float) -> int:
    return max(1, min(MOST_LINES, 1 + int((height - size * 0.74) / (size * air))))


def _is_crowded(found: Sequence[Piece], font: str, width: float, lines: int, *, cut: bool) -> bool:
    parts = _cut_long(found, font, width) if cut else found
    return any(measure(piece.text, font) > width for piece in parts) or len(_wrap(parts, font, width)) > lines


def _wrap(found: Sequence[Piece], font: str, width: float) -> list[list[Piece]]:
    """First fit: every line takes what still fits."""
    space = measure("n n", font) - 2 * measure("n", font)
    rows: list[list[Piece]] = []
    used = 0.0
    for piece in found:
        own = measure(piece.text, font)
        gap = space if piece.spaced and rows else 0.0
        if rows and used + gap + own <= width:
            rows[-1].append(piece)
            used += gap + own
        else:
            rows.append([piece])
            used = own
    return rows


def _balanced(rows: list[list[Piece]], font: str, width: float) -> list[list[Piece]]:
    """The same number of lines, set as narrow as it goes, so that no word is left alone at the end."""
    found = [piece for row in rows for piece in row]
    narrow, wide = width * 0.4, width
    for _ in range(10):
        middle = (narrow + wide) / 2
        tried = _wrap(found, font, middle)
        if len(tried) <= len(rows) and all(measure(piece.text, font) <= middle for piece in found):
            rows, wide = tried, middle
        else:
            narrow = middle
    return rows


def _cut_long(found: Sequence[Piece], font: str, width: float) -> list[Piece]:
    """Words wider than a line are cut between letters."""
    kept: list[Piece] = []
    for piece in found:
        parts = [""]
        for cluster in wording.clusters(piece.text) if measure(piece.text, font) > width else [piece.text]:
            if parts[-1] and measure(parts[-1] + cluster, font) > width:
                parts.append("")
            parts[-1] += cluster
        kept += [Piece(part, spaced=piece.spaced and not place) for place, part in enumerate(parts)]
    return kept


def _cut(row: Sequence[Piece], font: str, width: float) -> list[Piece]:
    text = wording.join(row)
    while text and measure(text + ELLIPSIS, font) > width:
        text = text[:-1]
    return [Piece(text.rstrip(" ,.;:-") + ELLIPSIS, spaced=False)]
