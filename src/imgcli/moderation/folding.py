"""Words as they are compared: without case, accents and invisible characters, and what a disguised one may stand for.

Whole words only: `tit` is neither in `title` nor in `great tits`. What a word may be read as beside what it is:

- digits and signs for letters: `gr3n4de`, `$hot`; not in what has one or two characters (`4k`, `3d`)
- letters of another script among Latin ones: a Cyrillic `а` between them
- letters with marks or blanks between: `g.u.n`, `g-un`, `g u n`
- a letter said three times or more: `guuun`
- `*` for one letter: `g*n`
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_LETTERS = 64
"""Of a word that is read in other ways than as it stands; a longer one disguises nothing."""

SPACED = 3
"""Single letters in a row, at least, that may be one word; and the characters of a word whose signs may be letters."""

LONGEST_SPACED = 20

_SIGNS = {
    "0": "o",
    "3": "e",
    "4": "a",
    "5": "s",
    "6": "g",
    "7": "t",
    "8": "b",
    "9": "g",
    "@": "a",
    "$": "s",
    "€": "e",
    "+": "t",
}
_EITHER = "1!|"
"""Signs that may be an `i` or an `l`."""

_LOOKALIKES = str.maketrans("авекмнорстухіјѕԁһαβεηικνορτυχ", "abekmhopctyxijsdhabenikvoptux")
_BADGES = {first + i: chr(97 + i) for first in (0x1F150, 0x1F170, 0x1F1E6) for i in range(26)}
"""Letters on dark circles and squares, and of flags, which Unicode does not count as letters."""

_UNSEEN = dict.fromkeys(map(ord, "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"))
"""Characters without width that are not called so."""

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"[^\w@$€+!|*]+|_+")
_THRICE = re.compile(r"(.)\1\1")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: `readings` are what it may be, the first what it is; `masked` has `*` for letters, or nothing."""

    readings: tuple[str, ...]
    masked: str = ""

    @property
    def stretched(self) -> Iterator[str]:
        """Readings with a letter said three times or more."""
        return (reading for reading in self.readings if _THRICE.search(reading))


GAP = Word(())
"""Between words that do not follow each other."""


def visible(text: str) -> str:
    """`text` as it is read: in its compatible form (NFKC), without what has no width."""
    whole = unicodedata.normalize("NFKC", text.translate(_UNSEEN))
    return "".join(letter for letter in whole if unicodedata.category(letter) != "Cf").translate(_UNSEEN)


def folded(text: str) -> str:
    """`text` without case, accents and what has no width."""
    apart = unicodedata.normalize("NFKD", visible(text).translate(_BADGES).casefold())
    return "".join(letter for letter in apart if unicodedata.category(letter) not in {"Mn", "Me", "Cf"})


def plain_words(text: str) -> tuple[str, ...]:
    """The words of `text`, folded and read as they stand."""
    return tuple(_WORD.findall(folded(text)))


def words_of(text: str) -> list[Word]:
    """The words of `text` in order, each with its readings; then what its signs, marks and single letters may spell.

    Each way to part the text is told one after the other, whole, so that words in a row are in a row in each.
    """
    chunks = folded(text).split()
    ways = [[Word(_readings(part)) for chunk in chunks for part in _WORD.findall(chunk)]]
    if any(not chunk.isalnum() for chunk in chunks):
        ways += [
            [word for chunk in chunks for word in _pieces(chunk)],
            [Word(_readings("".join(_WORD.findall(chunk)[: MOST_LETTERS + 1]))) for chunk in chunks],
        ]
    ways += [[Word((spelt,))] for spelt in _spelt(chunks)]
    return [word for way in ways for word in (GAP, *way)][1:]


def runs(word: str) -> tuple[tuple[str, int], ...]:
    """`guun` as (g, 1), (u, 2), (n, 1)."""
    return tuple((letter, len(list(same))) for letter, same in itertools.groupby(word))


def _pieces(chunk: str) -> list[Word]:
    """The words between two blanks, with the signs in them read as letters."""
    pieces = [piece for piece in _MARKS.split(chunk) if piece]
    return [
        Word(_distinct([*_readings("".join(_WORD.findall(piece))), *_signed(piece)]), _masked(piece))
        for piece in pieces
    ]


def _signed(piece: str) -> tuple[str, ...]:
    """What a word with signs in it may be: with each sign, and without those at its end, where a sentence ends."""
    if piece.isalnum() or len(piece) > MOST_LETTERS:
        return ()
    letters = piece.replace("*", "")
    return _distinct(reading for each in (letters, letters.strip("!|+")) for reading in _readings(each))


def _readings(word: str) -> tuple[str, ...]:
    """What `word` is, and what it is with letters for its signs and for the letters of another script."""
    if (word.isascii() and word.isalpha()) or len(word) > MOST_LETTERS:
        return (word,)
    found = [word]
    latin = word.translate(_LOOKALIKES)
    if latin != word and any("a" <= letter <= "z" for letter in word):
        found.append(latin)
    if len(word) >= SPACED and any(letter.isalpha() for letter in word) and not word.isalpha():
        found += [_lettered(base, either) for base in tuple(found) for either in "il"]
    return _distinct(found)


def _lettered(word: str, either: str) -> str:
    return "".join(either if letter in _EITHER else _SIGNS.get(letter, letter) for letter in word)


def _masked(piece: str) -> str:
    """`piece` if stars hide some of its letters and two at least are seen."""
    hides = "*" in piece and len(piece) <= MOST_LETTERS and all(letter.isalnum() or letter == "*" for letter in piece)
    return piece if hides and len(piece) - piece.count("*") > 1 else ""


def _spelt(chunks: Iterable[str]) -> Iterator[str]:
    """What single letters in a row spell, every stretch of them."""
    row: list[str] = []
    for chunk in itertools.chain(chunks, [""]):
        core = chunk.strip(".,;:-_/'\"()[]") or chunk
        if len(core) == 1:
            row.append(_lettered(core, "i"))
            continue
        for start in range(len(row)):
            longest = min(len(row), start + LONGEST_SPACED)
            yield from ("".join(row[start:end]) for end in range(start + SPACED, longest + 1))
        row = []


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word.isalnum()))
