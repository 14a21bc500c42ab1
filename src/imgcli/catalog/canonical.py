"""Prompts that ask for the same picture in other words, told by rules alone; where a rule could be wrong there is none.

A wrong match hands out the wrong picture, a missed one costs a few cents: so words keep their order, what tells numbers,
colours, negations, comparisons or places is never left out, only words of closed lists are made alike, and whatever is not
plain Latin text (emoji, other scripts, letters to be read) stays as it stands.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from imgcli.catalog.wordlists import (
    COLOURS,
    DIGITS,
    EPITHETS,
    KINDS,
    LETTERED,
    NAMES,
    OPENERS,
    READ,
    SPELLINGS,
    TAIL,
    VERBS,
)

_LETTER = "0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
PLAIN = re.compile(rf"[{_LETTER}]+(?:['.\-/][{_LETTER}]+)*")
"""A word that rules may be applied to, with the hyphens and apostrophes in it."""

OPENING = "("
CLOSING = ",;.:!?)"
"""Marks that are told from the word they stand at; all others belong to it."""

QUOTED = re.compile("[\"“”„‟«»‹›‘`「」『』]|^\\(?['’]")
"""In what stands between blanks: from here on letters may be read."""

ARTICLES = frozenset({"a", "an", "the"})
AMOUNTS = frozenset(
    {"few", "little", "lot", "bit", "couple", "dozen", "hundred", "thousand", "million", "pair", "number"}
)
"""After an article these are an amount: `a few trees` are not `few trees`."""

LEADS = tuple(
    tuple(text.split())
    for text in (
        *("please", "an image of", "a image of", "the image of", "image of", "a picture of", "picture of"),
        *("there is", "there are", "please draw me", "please draw", "please create", "please generate"),
    )
)
"""What begins a prompt and says nothing of the picture; a medium (photo, drawing, painting) does say something."""

JOINTS = (("who", "is"), ("who", "are"), ("which", "is"), ("which", "are"), ("that", "is"), ("that", "are"))
"""`a child who is holding` is `a child holding`."""


def canonical(prompt: str) -> str:
    """The form that prompts share which ask for the same picture; `|` stands between its parts, words by blanks.

    Laws: articles, blanks and a full stop at the end do not change it, nor does the case of the first word. A prompt with
    letters of another script than Latin is its own form, in everything but blanks and the way accents are composed.
    """
    text = unicodedata.normalize("NFC", prompt)
    if is_foreign(text):
        return " ".join(text.split())
    plain, read = _parted(text)
    whole = _without_lead(tuple(_tokens(plain, is_all=not read)))
    parts = [part for part in (_ordered(_plain(part)) for part in _parts(whole)) if part]
    subjects = [part for part in parts if not _is_of_all(part)]
    if len(subjects) == 1 and not read:
        # With one thing in it, what is said of the whole picture may stand anywhere; with two it may be of one of them.
        parts = [*subjects, *sorted(part for part in parts if _is_of_all(part))]
    form = " | ".join(" ".join(part) for part in parts)
    return f"{form} {_as_it_stands(read)}" if read else form


def is_foreign(prompt: str) -> bool:
    """Whether `prompt` holds letters of another script than Latin, of which nothing is known here."""
    return any(map(_is_foreign, unicodedata.normalize("NFC", prompt)))


def _is_foreign(letter: str) -> bool:
    if letter.isascii() or unicodedata.category(letter)[0] not in "LM":
        return False
    return not unicodedata.name(letter, "").startswith(("LATIN ", "COMBINING ", "VARIATION SELECTOR"))


def _parted(text: str) -> tuple[list[str], str]:
    """What rules are for, at its blanks, and the rest: from the first quotation mark or after a word like `says`."""
    chunks = list(re.finditer(r"\S+", text))
    for at, chunk in enumerate(chunks):
        if QUOTED.search(chunk[0]):
            return [each[0] for each in chunks[:at]], text[chunk.start() :].rstrip()
        if chunk[0].strip(OPENING + CLOSING).lower() in READ:
            return [each[0] for each in chunks[: at + 1]], text[chunk.end() :].strip()
    return [chunk[0] for chunk in chunks], ""


def _as_it_stands(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")


def _tokens(chunks: Sequence[str], *, is_all: bool) -> list[str]:
    """Words and marks; the full stop at the very end is none (`is_all`: nothing follows)."""
    if is_all and chunks and chunks[-1].endswith(".") and not chunks[-1].endswith(".."):
        chunks = [*chunks[:-1], chunks[-1][:-1]]
    found: list[str] = []
    for at, chunk in enumerate(chunks):
        follows = chunks[at + 1] if at + 1 < len(chunks) else ""
        found += _pieces(chunk, is_first=at == 0, is_named=_is_capital(follows))
    return found


def _pieces(chunk: str, *, is_first: bool, is_named: bool) -> Iterator[str]:
    """`(old,` as `(`, `old` and `,`."""
    core = chunk.rstrip(CLOSING)
    after = chunk[len(core) :]
    word = core.lstrip(OPENING)
    yield from core[: len(core) - len(word)]
    word = word.replace("’", "'")
    if PLAIN.fullmatch(word):
        yield _cased(word, is_first=is_first, is_named=is_named)
    elif word:
        yield SPELLINGS.get(word) or _as_it_stands(word)
    yield from after


def _is_capital(word: str) -> bool:
    return word.lstrip(OPENING)[:1].isupper()


def _cased(word: str, *, is_first: bool, is_named: bool) -> str:
    """In small letters at the beginning of a sentence only: elsewhere a capital letter makes a name of a word."""
    lower = word.lower()  # not casefold: `Maße` are no `Masse`
    if word != lower:
        is_simple = is_first and (word == "A" or word[1:].islower())
        if not is_simple or (lower not in ARTICLES and (is_named or lower in NAMES)):
            return word
    return SPELLINGS.get(lower) or DIGITS.get(lower) or lower


def _parts(tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
    found: list[list[str]] = [[]]
    for token in tokens:
        if token in {",", ";"}:
            found.append([])
        else:
            found[-1].append(token)
    return [tuple(part) for part in found]


def _plain(part: tuple[str, ...]) -> tuple[str, ...]:
    """Without articles and joints, but where they may be a part of a name; verbs in one form."""
    words: list[str] = []
    at = 0
    while at < len(part):
        word, after = part[at], part[at + 1] if at + 1 < len(part) else ""
        if (word, after) in JOINTS and not _is_capital("".join(part[at + 2 : at + 3])):
            at += 2
            continue
        is_needed = not after or after in AMOUNTS or _is_capital(after) or part[max(at - 1, 0)] in LETTERED
        if word not in ARTICLES or is_needed:
            words.append(VERBS.get(word, word))
        at += 1
    return tuple(words)


def _without_lead(part: tuple[str, ...]) -> tuple[str, ...]:
    """Without what says nothing; an order is one before `a` and `an` only (`draw the curtain`)."""
    fitting = [lead for lead in LEADS if part[: len(lead)] == lead and len(part) > len(lead)]
    for lead in sorted(fitting, key=len, reverse=True):
        if len(lead) == 1 or lead[0] != "please" or part[len(lead)] in {"a", "an"}:
            return _without_lead(part[len(lead) :])
    return part


def _ordered(part: tuple[str, ...]) -> tuple[str, ...]:
    """Epithets that stand together before a thing, by the alphabet; at the end of a part they may be things."""
    words: list[str] = []
    run: list[str] = []
    for word in part:
        if word in EPITHETS:
            run.append(word)
            continue
        is_whole = not words or words[-1] in OPENERS
        is_of_thing = word not in COLOURS and word.isalpha() and word not in {"and", "or", "to"}
        is_mixed = all(len(kind.intersection(run)) <= 1 for kind in KINDS) and len(set(run)) == len(run)
        words += [*(sorted(run) if is_whole and is_of_thing and is_mixed else run), word]
        run = []
    return (*words, *run)


def _is_of_all(part: tuple[str, ...]) -> bool:
    """Whether a part between commas says something of the whole picture."""
    return bool(part) and part[-1] in TAIL and len(part) <= 4
