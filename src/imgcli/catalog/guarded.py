"""What two prompts say of numbers, colours, persons, and what is not there: told from English words, one by one."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from imgcli.catalog.wordlists import AMOUNTS, COLOURS, NEGATIONS, PERSONS, PLURALS, SPELLINGS

_TOKEN = re.compile(
    r"\d+(?:[.,:/]\d+)*[a-z]*|[^\W\d_]+(?:'[^\W\d_]+)?\d*|[^\w\s,;.!?\"“”„«»()\[\]{}'‘’\-–—:/&]", re.IGNORECASE
)
"""A number with its unit, a word, or a sign that may mean something; hyphens part words."""

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_NTH = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES = {word: value for value, word in enumerate(_SMALL.split())}
_VALUES |= {word: value * 10 for value, word in enumerate(_TENS.split(), 2)} | {"fourty": 40}
_ORDINALS = {word: value for value, word in enumerate(_NTH.split())}
_ORDINALS |= {f"{word[:-1]}ieth": value * 10 for value, word in enumerate(_TENS.split(), 2)} | {"hundredth": 100}
_DECADES = frozenset(f"{word[:-1]}ies" for word in _TENS.split())
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def told(text: str) -> list[str]:
    """The words and signs of a prompt in order, each in one spelling; Roman numerals as `roman:XIV`."""
    words = _TOKEN.findall(unicodedata.normalize("NFC", text).replace("’", "'"))
    return [_spelt(words, at) for at in range(len(words))]


def numbers(words: Sequence[str]) -> list[str]:
    """Every number and amount, `twenty-three` as 23 and `fourth` as 4th, in their order."""
    found: list[str] = []
    value: int | None = None
    for at, word in enumerate(words):
        if word in _VALUES or (word == "hundred" and (value or 1) < 10):
            if word == "hundred":
                value = (value or 1) * 100
            elif value is not None and _fits(value, _VALUES[word]):
                value += _VALUES[word]
            else:
                found += _said(value)
                value = _VALUES[word]
        elif word in _ORDINALS:
            is_end = value is not None and _fits(value, _ORDINALS[word])
            found += [] if is_end else _said(value)
            found.append(f"{(value or 0) * is_end + _ORDINALS[word]}th")
            value = None
        elif not (word == "and" and value is not None and value % 100 == 0 and set(words[at + 1 : at + 2]) & _COUNTED):
            found += _said(value)
            value = None
            found += [_figure(word)] if _is_amount(word) else []
    return [*found, *_said(value)]


def colours(words: Iterable[str]) -> list[str]:
    return [word for word in words if word in COLOURS or _ish(word) in COLOURS]


def negations(words: Iterable[str]) -> list[str]:
    """`isn't` as `not`, `hatless` as `without`."""
    return [said for word in words if (said := _negation(word))]


def persons(words: Iterable[str]) -> list[str]:
    return sorted({one for word in words if (one := one_of(word)) in PERSONS})


def signs(words: Iterable[str]) -> list[str]:
    """Emoji, arrows and all else that is no word."""
    return [word for word in words if not word[0].isalnum()]


def one_of(word: str) -> str:
    """`word`, or of what it may be the plural."""
    if word in PLURALS:
        return PLURALS[word]
    if word.endswith("men") and len(word) < 12:
        return f"{word[:-3]}man"
    for many, one in (
        ("ies", "y"),
        ("ves", "f"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("xes", "x"),
        ("sses", "ss"),
        ("oes", "o"),
    ):
        if word.endswith(many) and len(word) > len(many) + 1:
            return word.removesuffix(many) + one
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 2 else word


_COUNTED = frozenset(_VALUES) | frozenset(_ORDINALS)


def _spelt(words: Sequence[str], at: int) -> str:
    word = words[at]
    before, after = "".join(words[at - 1 : at]), "".join(words[at + 1 : at + 2]).lower()
    is_named = (
        before[:1].isupper() or after.startswith("centur") or before.lower() in {"part", "chapter", "act", "volume"}
    )
    upper = word.upper() if is_named and after.startswith("centur") else word
    if _ROMAN.fullmatch(upper) and (len(word) > 1 or is_named):
        return f"roman:{upper}"
    lower = word.lower().removesuffix("'s")
    return SPELLINGS.get(lower, lower)


def _fits(value: int, more: int) -> bool:
    """Whether `more` may be said after `value` within one number."""
    return 0 < more < (100 if value and value % 100 == 0 else 10 if value % 10 == 0 and value % 100 > 10 else 0)


def _said(value: int | None) -> list[str]:
    return [] if value is None else [str(value)]


def _is_amount(word: str) -> bool:
    return word in AMOUNTS or word in _DECADES or word.startswith("roman:") or any(sign.isnumeric() for sign in word)


def _figure(word: str) -> str:
    return re.sub(r"(?<=\d)(?:st|nd|rd)$", "th", word)


def _ish(word: str) -> str:
    stem = word.removesuffix("ish")
    return "" if stem == word else next((each for each in (stem, stem[:-1], f"{stem}e") if each in COLOURS), "")


def _negation(word: str) -> str:
    if word in {"cannot", "can't", "cant", "dont", "doesnt", "isnt", "arent", "wasnt", "wont"} or word.endswith("n't"):
        return "not"
    if word.endswith("less") and len(word) > 5 and word not in {"unless", "nevertheless", "regardless"}:
        return "without"
    return word if word in NEGATIONS else ""


def order(words: Iterable[str]) -> Iterator[str]:
    """The words whose order counts: all but articles."""
    return (word for word in words if word not in {"a", "an", "the"})
