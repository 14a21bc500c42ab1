"""What of a prompt can be set in type, and where its lines may break."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from imgcli.typeset import glyphs

LONGEST = 600
"""Letters of a prompt that are looked at; five lines hold far fewer."""

LONGEST_ENDING = 8

NEVER_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾ々ー—…‥）］｝〕〉》」』】〙〗ぁぃぅぇぉっゃゅょァィゥェォッャュョ%)]},.:;!?"
)
NEVER_LAST = frozenset("（［｛〔〈《「『【〘〖([{")


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that stay on one line; `spaced` when a space stands before them."""

    text: str
    spaced: bool


def clean(text: str) -> str:
    """`text` in one line, composed (NFC), without control characters, doubled spaces and letters that no font has."""
    composed = unicodedata.normalize("NFC", text[:LONGEST])
    kept = "".join(letter if _is_written(letter) else " " if letter.isspace() else "" for letter in composed)
    drawn = "".join(run.text for run in glyphs.split(kept, glyphs.SANS))
    line = " ".join(drawn.split())
    return line if any(unicodedata.category(letter)[0] in "LN" for letter in line) else ""


def symbol_names(text: str) -> str:
    """The Unicode names of up to three pictographs, in small letters: what an emoji says in words."""
    symbols = [letter for letter in dict.fromkeys(text[:LONGEST]) if unicodedata.category(letter) == "So"]
    names = [unicodedata.name(letter, "").lower() for letter in symbols]
    return ", ".join([name for name in names if name][:3])


def pieces(text: str) -> list[Piece]:
    found: list[Piece] = []
    for word in text.split():
        for place, part in enumerate(_parts(word)):
            found.append(Piece(part, spaced=place == 0))
    return found


def clusters(text: str) -> list[str]:
    """Letters with the marks that belong to them, for words too long for a line."""
    found: list[str] = []
    for letter in text:
        if found and unicodedata.category(letter)[0] == "M":
            found[-1] += letter
        else:
            found.append(letter)
    return found


def is_ideographic(letter: str) -> bool:
    """Whether a line may break beside it; Korean parts its words by spaces."""
    return unicodedata.east_asian_width(letter) in "WF" and not "\uac00" <= letter <= "\ud7a3"


def join(line: Sequence[Piece]) -> str:
    return "".join((" " if piece.spaced else "") + piece.text for piece in line).strip()


def _is_written(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cc", "Cf", "Co", "Cs", "Cn"} or letter in "\u200c\u200d"


def _parts(word: str) -> list[str]:
    """`word` cut where a line may break inside it: beside ideographs, and after hyphens and slashes."""
    parts = [""]
    for letter in word:
        last = parts[-1][-1:]
        breaks = last and (is_ideographic(last) or is_ideographic(letter) or (last in "-/–—" and len(parts[-1]) > 2))
        kept = letter in NEVER_FIRST or last in NEVER_LAST or _is_mark(letter)
        # Japanese endings and particles are written in hiragana, and stay with the word before them.
        kept = kept or ("\u3041" <= letter <= "\u309f" and len(parts[-1]) < LONGEST_ENDING)
        if breaks and not kept:
            parts.append(letter)
        else:
            parts[-1] += letter
    return parts


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M"
