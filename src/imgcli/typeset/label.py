"""Labels: text in a width that is given, smaller or shortened in its middle where it must be, and never too wide."""

import unicodedata
from dataclasses import dataclass

from imgcli.typeset import setting, wording

LEAST = 0.8
"""How small a label is set before letters are left out, against the size wished for."""


@dataclass(frozen=True, slots=True)
class Label:
    """Lines set at `size` pixels, their baselines `leading` apart."""

    lines: tuple[str, ...]
    font: str
    size: float
    leading: float

    @property
    def height(self) -> float:
        """From the top of the tallest letters to the last baseline."""
        return self.size * 0.74 + self.leading * (len(self.lines) - 1)


def fit(text: str, font: str, size: float, width: float) -> Label:
    """`text` on one line of `width` pixels."""
    line = legible(text)
    wanted = setting.measure(line, font) * size
    if wanted > width:
        size = max(size * LEAST, size * width / wanted)
        line = shorten_middle(line, font, width / size)
    return Label((line,), font, size, size * 1.3)


def cut(text: str, font: str, size: float, width: float) -> Label:
    """`text` on one line of `width` pixels, never smaller: labels that stand side by side are of one size."""
    return Label((shorten_middle(legible(text), font, width / size),), font, size, size * 1.3)


def wrap(text: str, font: str, sizes: tuple[float, float], width: float, most: int) -> Label:
    """`text` on at most `most` lines of `width` pixels, as large as `sizes` (least, most) allow, cut at its end."""
    line = legible(text)
    size = sizes[1]
    title = setting.set_title(line, font, (width, size * 0.75 + size * 1.36 * (most - 1)), sizes)
    return Label(title.lines[:most], font, title.size, title.leading)


def legible(text: str) -> str:
    """`text` in letters that some font has; signs alone by their names."""
    return wording.clean(text) or wording.symbol_names(text) or "?"


def is_whole(text: str) -> bool:
    """Whether `legible` leaves out nothing that can be seen."""
    return "".join(wording.clean(text).split()) == "".join(_seen(text).split())


MOST_LETTERS = 160


def shorten_middle(text: str, font: str, width: float) -> str:
    """`text`, or its ends with an ellipsis between them, in `width` em; both ends tell names apart."""
    if setting.measure(text, font) <= width:
        return text
    letters = wording.clusters(text)
    # No label has room for more, and measuring is slow.
    letters = (
        letters if len(letters) <= MOST_LETTERS else [*letters[: MOST_LETTERS // 2], *letters[-MOST_LETTERS // 2 :]]
    )
    for kept in range(len(letters) - 1, 0, -1):
        head = (kept + 1) // 2
        short = (
            "".join(letters[:head]).rstrip()
            + setting.ELLIPSIS
            + "".join(letters[len(letters) - kept + head :]).lstrip()
        )
        if setting.measure(short, font) <= width:
            return short
    return setting.ELLIPSIS if setting.measure(setting.ELLIPSIS, font) <= width else ""


def _seen(text: str) -> str:
    composed = unicodedata.normalize("NFC", text[: wording.LONGEST])
    return "".join(
        letter for letter in composed if unicodedata.category(letter) not in {"Cc", "Cf"} or letter.isspace()
    )
