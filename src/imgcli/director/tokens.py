"""Text as words that can be compared: without regard to case, number, hyphens, and British or American spelling."""

import functools
import re
import unicodedata
from typing import NamedTuple

JOINED, BLANK, COMMA, STOP = range(4)
"""What stands between a word and the one before: a hyphen, a blank, a comma, or the end of a clause or sentence."""

_WORD = re.compile(r"[^\W_]+(?:['’](?:s|t|re|ve|ll|d|m)\b)?", re.IGNORECASE)
_ENDS = re.compile(r"[.;:!?…\n()\[\]{}—。！？；：|]")
_BRITISH = re.compile(r"(col|harb|arm|neighb|flav|fav|hon|vap|hum|behavi|glam|parl)our")

# fmt: off
_SPELT = {
    "grey": "gray", "greyscale": "grayscale", "centre": "center", "centred": "centered", "theatre": "theater", "metre": "meter", "litre": "liter",
    "fibre": "fiber", "jewellery": "jewelry", "aeroplane": "airplane", "tyre": "tire", "moustache": "mustache",
    "doughnut": "donut", "mould": "mold", "plough": "plow", "pyjamas": "pajamas", "storey": "story",
    "photograph": "photo", "bike": "bicycle", "inches": "inch", "feet": "foot",
    "people": "person", "men": "man", "women": "woman", "children": "child", "mice": "mouse", "geese": "goose",
    "teeth": "tooth", "leaves": "leaf", "wolves": "wolf", "knives": "knife", "loaves": "loaf", "shelves": "shelf",
    "scarves": "scarf", "oxen": "ox", "halves": "half", "wives": "wife", "thieves": "thief", "elves": "elf",
    "golden": "gold", "snowy": "snow", "snowing": "snow", "rainy": "rain", "raining": "rain",
    "foggy": "fog", "misty": "mist", "stormy": "storm", "cloudy": "cloud", "windy": "wind",
}
_WHOLE = frozenset((
    "evening", "morning", "wedding", "ceiling", "clothing", "lightning", "sibling", "nothing", "something",
    "glasses", "lens", "canvas", "christmas", "bus", "gas", "iris", "cactus", "octopus", "venus", "texas", "paris",
    "species", "series", "always", "bokeh", "circus", "campus", "chess", "during", "bed", "dress", "moss", "news",
    "ceilings", "railing", "earring",
))
# fmt: on

NUMBERS = {
    word: value
    for words, value in (
        ("zero", 0),
        ("one single lone solitary sole", 1),
        ("two pair couple twin dual zwei dos deux", 2),
        ("three trio triplet drei tres trois", 3),
        ("four quartet vier cuatro quatre", 4),
        ("five quintet fünf cinco cinq", 5),
        ("six sechs seis", 6),
        ("seven sieben siete sept", 7),
        ("eight acht ocho huit", 8),
        ("nine neun nueve neuf", 9),
        ("ten zehn diez dix", 10),
        ("eleven", 11),
        ("twelve dozen zwölf doce", 12),
        ("thirteen", 13),
        ("fourteen", 14),
        ("fifteen", 15),
        ("sixteen", 16),
        ("seventeen", 17),
        ("eighteen", 18),
        ("nineteen", 19),
        ("twenty zwanzig veinte", 20),
        ("thirty", 30),
        ("forty", 40),
        ("fifty", 50),
        ("sixty", 60),
        ("seventy", 70),
        ("eighty", 80),
        ("ninety", 90),
        ("hundred hundert cien", 100),
    )
    for word in words.split()
}


class Token(NamedTuple):
    """A word: as typed but in lower case, its stem, where it stands, and what stands before it (JOINED to STOP)."""

    word: str
    stem: str
    at: int
    end: int
    gap: int
    is_capital: bool


def tokens_of(text: str) -> list[Token]:
    """All words of `text`, in order."""
    found: list[Token] = []
    end = 0
    for match in _WORD.finditer(text):
        typed = match[0]
        word = typed.lower() if typed.isascii() else unicodedata.normalize("NFKC", typed).casefold()
        between = text[end : match.start()]
        end = match.end()
        found.append(Token(word, stem(word), match.start(), end, _gap(between) if found else STOP, typed[0].isupper()))
    return found


def numbers_of(tokens: list[Token]) -> dict[int, tuple[int, int]]:
    """Index of a word -> the whole number that begins there, and how many words it has."""
    found: dict[int, tuple[int, int]] = {}
    end = 0
    for index, token in enumerate(tokens):
        if index >= end and (token.word in NUMBERS or token.word == "half" or token.word.isdecimal()):
            value, words = _number_at(tokens, index)
            if words:
                found[index] = (value, words)
            end = index + max(words, 1)
    return found


def _number_at(tokens: list[Token], index: int) -> tuple[int, int]:
    word = tokens[index].word
    if word.isdecimal():
        # The longest number anybody counts with; Python would refuse to read one of thousands of digits.
        return (int(word), 1) if len(word) < 10 else (0, 0)
    if word == "half":
        then = [other.word for other in tokens[index + 1 : index + 3]]
        if then[:1] == ["dozen"]:
            return 6, 2
        return (6, 3) if then == ["a", "dozen"] else (0, 0)
    value = NUMBERS[word]
    if index + 1 < len(tokens) and tokens[index + 1].gap <= BLANK:
        after = tokens[index + 1].word
        following = NUMBERS.get(after, 0)
        if 20 <= value < 100 and 0 < following < 10:
            return value + following, 2
        if after in {"hundred", "dozen"} and 0 < value < 20:
            return value * following, 2
    return value, 1


@functools.lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """What `word` shares with its plural, its other spelling and its forms in -ing and -ed."""
    word = re.sub(r"['’](?:s|t|re|ve|ll|d|m)?$", "", word) if not word.endswith(("n't", "n’t")) else word
    word = _SPELT.get(word, word)
    if word in _WHOLE or not word.isalpha() or len(word) > 40:
        return word
    word = _BRITISH.sub(r"\1or", word)
    word = _singular(word)
    word = _SPELT.get(word, word)
    if word in _WHOLE:
        return word
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) >= len(ending) + 4:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _singular(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y" if len(word) > 4 else word[:-1]
    if word.endswith(("ches", "shes", "xes", "sses", "oes")):
        return word[:-2]
    return word[:-1]


def _gap(between: str) -> int:
    if between == " ":
        return BLANK
    if _ENDS.search(between):
        return STOP
    if "," in between or "、" in between or "," in between:
        return COMMA
    if between in {"-", "‐", "‑", "–"}:
        return JOINED
    return COMMA if between.strip() and not between.isspace() and set(between.strip()) & set("/+–") else BLANK
