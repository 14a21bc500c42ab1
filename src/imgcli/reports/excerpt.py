"""The words of a search where they stand in a prompt; pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

CONTEXT = 30
"""Letters before the first word that was found."""


class Part(NamedTuple):
    """A piece of a text; `found` if it is one of the words that were looked for."""

    text: str
    found: bool


def excerpt(text: str, words: Sequence[str], width: int) -> tuple[Part, ...]:
    """As much of `text` as `width` letters around the first of `words`; empty if none of them is in it."""
    spans = found_in(text, words)
    if not spans:
        return ()
    start = max(0, min(spans[0][0] - CONTEXT, len(text) - width))
    end = min(len(text), start + width)
    parts = [Part("…", found=False)] if start else []
    at = start
    for first, last in spans:
        if first >= end:
            break
        parts += [Part(text[at : max(at, first)], found=False), Part(text[max(at, first) : min(last, end)], found=True)]
        at = max(at, min(last, end))
    parts += [Part(text[at:end], found=False), *([Part("…", found=False)] if end < len(text) else [])]
    return tuple(part for part in parts if part.text)


def found_in(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where `words` stand in `text`, in order and apart: words or phrases, with `*` at the end also beginnings."""
    there = [(match.start(), match.end(), _folded(match[0])) for match in re.finditer(r"\w+", text)]
    spans = sorted(span for word in words for span in _spans(there, word))
    apart: list[tuple[int, int]] = []
    for first, last in spans:
        if apart and first < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        else:
            apart.append((first, last))
    return apart


def _spans(there: Sequence[tuple[int, int, str]], word: str) -> Iterator[tuple[int, int]]:
    stem = word.removesuffix("*")
    wanted = [_folded(part) for part in re.findall(r"\w+", stem)]
    if not wanted:
        return
    if not stem.isascii() and len(wanted) == 1:
        # Of scripts without blanks a part of a word is found too.
        for first, last, said in there:
            at = said.find(wanted[0])
            if at >= 0 and len(said) == last - first:
                yield first + at, first + at + len(wanted[0])
            elif at >= 0:
                yield first, last
        return
    for number in range(len(there) - len(wanted) + 1):
        row = [each[2] for each in there[number : number + len(wanted)]]
        ends = row[-1].startswith(wanted[-1]) if word.endswith("*") else row[-1] == wanted[-1]
        if ends and row[:-1] == wanted[:-1]:
            yield there[number][0], there[number + len(wanted) - 1][1]


def _folded(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return bare.casefold()
