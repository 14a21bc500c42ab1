"""What changed between two texts, word by word; pure.

Long texts are first parted at the words that each of them says once, as a person would line them up: comparing every word
with every other takes minutes where a prompt of 32,000 characters repeats itself.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from imgcli.model.prompt import TYPED, Piece

_WORDS = re.compile(r"\w+(?:['’‑-]\w+)*")
_TOKEN = re.compile(rf"(\s*)({_WORDS.pattern}|[^\w\s]|\Z)")
_WORD = re.compile(r"\w")

MOST_PAIRS = 40_000
"""Pairs of equal-or-not words that are compared outright."""

ISLAND = 2
"""Words that may be an island."""

DEEPEST = 12
"""Times a stretch is parted again."""


class Kind(Enum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is in both, or in one of them; `by` is who added it (`Piece.origin`), where that is known."""

    kind: Kind
    text: str
    by: str = ""


Block = tuple[int, int, int, int]
"""Tokens a[0]:a[1] of the one and b[2]:b[3] of the other."""


def diff(before: str, after: str) -> tuple[Run, ...]:
    """How `before` becomes `after`: SAME and REMOVED joined are the one, SAME and ADDED the other, to the letter.

    A word in another case, or with another quotation mark, is another word.
    """
    a, b = _tokens(before), _tokens(after)
    pairs = list(_matches([word for _, word in a], [word for _, word in b]))
    found: list[Run] = []
    i = j = 0
    for start, other in [*pairs, (len(a), len(b))]:
        removed = "".join(blank + word for blank, word in a[i:start])
        added = "".join(blank + word for blank, word in b[j:other])
        if start < len(a):
            (gap, word), (gap_after, _) = a[start], b[other]
            alike = gap == gap_after
            removed, added = (removed, added) if alike else (removed + gap, added + gap_after)
            found += _changed(removed, added)
            found.append(Run(Kind.SAME, gap + word if alike else word))
        else:
            found += _changed(removed, added)
        i, j = start + 1, other + 1
    return tuple(_joined(_without_islands(found)))


def told_by(pieces: Iterable[Piece], source: str = TYPED) -> tuple[Run, ...]:
    """The directed prompt as a diff from what was typed, or from another `source`, each addition with who made it."""
    runs = (Run(Kind.SAME if p.origin == TYPED else Kind.ADDED, p.text, p.origin or source) for p in pieces if p.text)
    return tuple(_joined(runs))


def kept_share(runs: Iterable[Run]) -> tuple[int, int, int]:
    """How many words are the same, added and removed."""
    counts = Counter(dict.fromkeys(Kind, 0))
    for run in runs:
        counts[run.kind] += len(words(run.text))
    return counts[Kind.SAME], counts[Kind.ADDED], counts[Kind.REMOVED]


def words(text: str) -> list[str]:
    """The words of `text` as they stand, without punctuation and blanks."""
    return _WORDS.findall(text)


def _tokens(text: str) -> list[tuple[str, str]]:
    """(the blanks before it, a word or a mark); the last may hold the blanks at the end alone."""
    return [(blank, word) for blank, word in _TOKEN.findall(text) if blank or word]


def _changed(removed: str, added: str) -> Iterator[Run]:
    if removed:
        yield Run(Kind.REMOVED, removed)
    if added:
        yield Run(Kind.ADDED, added)


def _without_islands(runs: Sequence[Run]) -> Iterator[Run]:
    """What little stayed between two large changes belongs to both: a reader wants no confetti."""
    now = _Change()
    for after in _in_changes(runs):
        if _is_island(now, after):
            now = _Change(now.removed + now.same + after.removed, now.added + now.same + after.added, after.same)
        else:
            yield from now.runs()
            now = after
    yield from now.runs()


class _Change(NamedTuple):
    """A change, and what stayed after it."""

    removed: str = ""
    added: str = ""
    same: str = ""

    @property
    def size(self) -> int:
        return max(len(self.removed), len(self.added))

    def runs(self) -> Iterator[Run]:
        yield from _changed(self.removed, self.added)
        if self.same:
            yield Run(Kind.SAME, self.same)


def _in_changes(runs: Sequence[Run]) -> Iterator[_Change]:
    now = _Change()
    for run in runs:
        if run.kind is Kind.SAME:
            now = now._replace(same=now.same + run.text)
            continue
        if now.same:
            yield now
            now = _Change()
        if run.kind is Kind.REMOVED:
            now = now._replace(removed=now.removed + run.text)
        else:
            now = now._replace(added=now.added + run.text)
    yield now


def _is_island(before: _Change, after: _Change) -> bool:
    if not _WORD.search(before.same):
        return bool(before.removed and before.added and after.size)
    stays = before.same.strip()
    return len(stays.split()) <= ISLAND and 2 * len(stays) <= min(before.size, after.size)


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours of one kind as one run."""
    last: Run | None = None
    for run in runs:
        if last is not None and (last.kind, last.by) == (run.kind, run.by):
            last = Run(last.kind, last.text + run.text, last.by)
        else:
            if last is not None and last.text:
                yield last
            last = run
    if last is not None and last.text:
        yield last


def _matches(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(i, j) of tokens that stayed, rising in both."""
    yield from sorted(pair for block in _parted(a, b) for pair in _within(a, b, block))


def _parted(a: Sequence[str], b: Sequence[str]) -> Iterator[Block]:
    """Stretches to be compared each for itself: small ones, and tokens that certainly belong together."""
    waiting: list[tuple[Block, int]] = [((0, len(a), 0, len(b)), 0)]
    while waiting:
        (a0, a1, b0, b1), depth = waiting.pop()
        start = 0
        while a0 + start < a1 and b0 + start < b1 and a[a0 + start] == b[b0 + start]:
            start += 1
        yield from _alike(a0, b0, start)
        a0, b0 = a0 + start, b0 + start
        end = 0
        while a0 < a1 - end and b0 < b1 - end and a[a1 - 1 - end] == b[b1 - 1 - end]:
            end += 1
        a1, b1 = a1 - end, b1 - end
        yield from _alike(a1, b1, end)
        if (a1 - a0) * (b1 - b0) <= MOST_PAIRS:
            yield a0, a1, b0, b1
        elif depth < DEEPEST and (anchors := _anchors(a, b, (a0, a1, b0, b1))):
            ends = [(a0 - 1, b0 - 1), *anchors, (a1, b1)]
            yield from ((i, i + 1, j, j + 1) for i, j in anchors)
            waiting += [
                ((i + 1, k, j + 1, m), depth + 1) for (i, j), (k, m) in pairwise(ends) if k > i + 1 and m > j + 1
            ]


def _alike(i: int, j: int, count: int) -> Iterator[Block]:
    yield from ((i + step, i + step + 1, j + step, j + step + 1) for step in range(count))


def _within(a: Sequence[str], b: Sequence[str], block: Block) -> Iterator[tuple[int, int]]:
    a0, a1, b0, b1 = block
    if a1 - a0 == b1 - b0 == 1:
        if a[a0] == b[b0]:
            yield a0, b0
        return
    for i, j, size in SequenceMatcher(None, a[a0:a1], b[b0:b1], autojunk=False).get_matching_blocks():
        yield from ((a0 + i + step, b0 + j + step) for step in range(size))


def _anchors(a: Sequence[str], b: Sequence[str], block: Block) -> list[tuple[int, int]]:
    """Tokens that each side says once, as many of them as stand in one order in both."""
    a0, a1, b0, b1 = block
    often = Counter(a[a0:a1]), Counter(b[b0:b1])
    place = {word: j for j, word in enumerate(b[b0:b1], b0) if often[0][word] == often[1][word] == 1}
    common = [(i, place[word]) for i, word in enumerate(a[a0:a1], a0) if word in place]
    # The longest rising subsequence of the places in b, by patience sorting.
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(common):
        pile = bisect_left(tops, j)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(j)
            piles.append(index)
        else:
            tops[pile], piles[pile] = j, index
    chain = []
    index = piles[-1] if piles else -1
    while index >= 0:
        chain.append(common[index])
        index = before[index]
    return chain[::-1]
