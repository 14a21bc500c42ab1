"""Words as they are compared: without case, accents and invisible characters, and what a disguised one may stand for.

Whole words only: `tit` is neither in `title` nor in `great tits`. What a word may be read as beside what it is:

- digits and signs for letters: `gr3n4de`, `$hot`; not in what has one or two characters (`4k`, `3d`)
- letters of another script among Latin ones: a Cyrillic `а` between them
- letters with marks or blanks between: `g.u.n`, `g-un`, `g u n`; a word of five letters or more parted once: `gre nade`
- a letter said three times or more: `guuun`
- `*` for one letter: `g*n`
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MOST_LETTERS = 64
"""Of a word that is read in other ways than as it stands; a longer one disguises nothing."""

SPACED = 3
"""Single letters in a row, at least, that may be one word; and the characters of a word whose signs may be letters."""

LONGEST_SPACED = 20

BESIDE = 3
"""Words before and after a row of single letters that may make a phrase with it."""

LONG_ENOUGH = 5
"""Letters of a word that is known though a blank parts it."""

_LITTLE = frozenset(
    re.findall(
        r"\w+",
        "a an the in on at of to as or and is it its he she we me my be by do go if no so up us am are was for with has his "
        "her not but off out all one two you your i",
    )
)

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

_LOOKALIKES = str.maketrans("авекмнорстухіјѕԁһпгαβεηικνορτυχցսօհո", "abekmhopctyxijsdhnrabenikvoptuxguohn")
_VARIANTS = str.maketrans("ɡᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢɠǥɓđɗħɨıłøɵʉŧʋɑɩ℮", "gabcdefghijklmnopqrstuvwyzggbddhiilooutvaie")
"""Small capitals and letters with strokes and hooks, which Unicode does not count as forms of others."""

_BADGES = {first + i: chr(97 + i) for first in (0x1F150, 0x1F170, 0x1F1E6) for i in range(26)}
"""Letters on dark circles and squares, and of flags, which Unicode does not count as letters."""

_UNSEEN = dict.fromkeys(map(ord, "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"))
"""Characters without width that are not called so."""

_DROPS_MARKS = ("LATIN ", "GREEK ", "CYRILLIC ", "HEBREW ", "ARABIC ", "SYRIAC ")
"""Scripts that are read without their marks; in all others a mark is a letter (`หมี`, `หมู`)."""

_VOICED = "\u3099\u309a"
"""Named like accents, but other letters: か is not が."""


def _vowel_signs() -> str:
    """Marks that may be a part of a word once it is folded, as ranges of a regular expression."""
    codes = [code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)) in {"Mn", "Mc"}]
    rows = [[pair[1] for pair in row] for _, row in itertools.groupby(enumerate(codes), lambda pair: pair[1] - pair[0])]
    return "".join(f"{chr(row[0])}-{chr(row[-1])}" for row in rows)


_SIGNS_OF_VOWELS = _vowel_signs()
_WORD = re.compile(rf"(?:[^\W_][{_SIGNS_OF_VOWELS}]*)+")
_MARKS = re.compile(rf"[^\w@$€+!|*{_SIGNS_OF_VOWELS}]+|_+")
_EDGES = ".,;:-_/'\"()[]"
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
    apart = unicodedata.normalize("NFKD", visible(text).translate(_BADGES).casefold().translate(_VARIANTS))
    kept: list[str] = []
    base = ""
    for letter in apart:
        kind = unicodedata.category(letter)
        if kind == "Cf":
            continue
        if kind[0] != "M":
            base = letter
        elif kind == "Me" or not _is_letter_on(letter, base):
            continue
        kept.append(letter)
    return "".join(kept)


def _is_letter_on(mark: str, base: str) -> bool:
    """Whether `mark` makes another letter of `base`."""
    if not base.isalpha() or unicodedata.name(base, "").startswith(_DROPS_MARKS):
        return False
    return mark in _VOICED or not unicodedata.name(mark, "").startswith(("COMBINING ", "VARIATION "))


def is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M"


def plain_words(text: str) -> tuple[str, ...]:
    """The words of `text`, folded and read as they stand."""
    return tuple(_WORD.findall(folded(text)))


def words_of(text: str) -> list[Word]:
    """The words of `text` in order, each with its readings; then what its signs and marks may spell.

    Single letters in a row are told as a word beside the words before and after them; alone they are `spelt`. Each way to part the text is told one after the other, whole, so that words in a row are in a row in each.
    """
    chunks = folded(text).split()
    ways = [[Word(_readings(part)) for chunk in chunks for part in _WORD.findall(chunk)]]
    if any(not _WORD.fullmatch(chunk) for chunk in chunks):
        ways += [
            [word for chunk in chunks for word in _pieces(chunk)],
            [Word(_readings("".join(_WORD.findall(chunk)[: MOST_LETTERS + 1]))) for chunk in chunks],
        ]
    ways += _beside(chunks)
    return [word for way in ways for word in (GAP, *way)][1:]


def spelt(text: str) -> frozenset[str]:
    """What single letters in a row may spell, every stretch of them; each once, so that a long row costs little."""
    return frozenset(
        row[start:end]
        for _, row in _rows(folded(text).split())
        for start in range(len(row))
        for end in range(start + SPACED, min(len(row), start + LONGEST_SPACED) + 1)
    )


def parted(text: str) -> Iterator[str]:
    """Two words in a row as one, of `LONG_ENOUGH` letters at least, where neither is a common little word."""
    for one, other in itertools.pairwise(folded(text).split()):
        start, end = one.lstrip("(\"'"), other.rstrip(".,;:!?)\"'")
        if len(start) + len(end) >= LONG_ENOUGH and not _LITTLE & {start, end}:
            yield start + end


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
    if _WORD.fullmatch(piece) or len(piece) > MOST_LETTERS:
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


def _rows(chunks: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(where it begins, the letters) of each row of single letters, long enough to be a word."""
    row: list[str] = []
    for at, chunk in enumerate(itertools.chain(chunks, [""])):
        core = chunk.strip(_EDGES) or chunk
        if len(core) == 1:
            row.append(_lettered(core, "i"))
            continue
        if len(row) >= SPACED:
            yield at - len(row), "".join(row)
        row = []


def _beside(chunks: Sequence[str]) -> Iterator[list[Word]]:
    """The ends of each row of single letters as a word, with the words beside it: `a s s a u l t rifle`."""
    for at, row in _rows(chunks):
        after = [word for chunk in chunks[at + len(row) : at + len(row) + BESIDE] for word in _as_one(chunk)]
        before = [word for chunk in chunks[max(0, at - BESIDE) : at] for word in _as_one(chunk)]
        if len(row) <= LONGEST_SPACED:
            yield [*before, Word((row,)), *after]
        for length in range(SPACED, min(len(row), LONGEST_SPACED + 1)):
            yield [Word((row[-length:],)), *after]
            yield [*before, Word((row[:length],))]


def _as_one(chunk: str) -> tuple[Word, ...]:
    return tuple(Word(_readings(part)) for part in _WORD.findall(chunk[: MOST_LETTERS + 1])[:BESIDE])


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if _WORD.fullmatch(word)))
