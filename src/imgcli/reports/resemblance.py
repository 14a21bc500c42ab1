"""Prompts that say nearly the same: the same words in another order or form, or with a word or two more.

Nobody compares each with each. A prompt is looked up under what is left of it without one or two of its words, so that a
hundred thousand take seconds. A word put in the place of another makes another subject (a fox, a hare), and is no likeness.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from imgcli.reports.bought import Words

LEAST_SHARED = 0.8
"""Of the words of the longer prompt, the shorter has at least so many."""

MOST_MORE = 2
"""Words that the longer may have more."""

LONGEST_PAIRS = 24
"""Words of a prompt of which any two may be left out; of a longer one only any one."""


def alike(prompts: Mapping[str, Words]) -> Sequence[Sequence[str]]:
    """Groups of at least two of `prompts`, each prompt in one group at most, in the order in which they are given.

    Numbers, colours and negations have to be the same in all of a group.
    """
    sets = _Sets()
    root: dict[str, str] = {}
    first_of: dict[object, str] = {}
    for prompt, words in prompts.items():
        root[prompt] = prompt
        if not words.stems:
            continue
        for same in ((words.form, words.pinned) if words.form else None, (words.stems, words.pinned)):
            if same is not None:
                _join(root, first_of.setdefault(same, prompt), prompt)
        sets.add(words)
    for words in sets.all:
        for smaller in sets.within(words):
            _join(root, first_of[smaller.stems, smaller.pinned], first_of[words.stems, words.pinned])
    groups: dict[str, list[str]] = {}
    for prompt in prompts:
        groups.setdefault(_root(root, prompt), []).append(prompt)
    return [group for group in groups.values() if len(group) > 1]


def is_small_change(one: Words, other: Words) -> bool:
    """Whether at least half of the words of two prompts are the same."""
    shared = len(one.stems & other.stems)
    return shared > 0 and 2 * shared >= len(one.stems | other.stems)


class _Sets:
    """Sets of words, found by the sum of the numbers of their words."""

    def __init__(self) -> None:
        self.all: list[Words] = []
        self._numbers: dict[str, int] = {}
        self._known: set[tuple[frozenset[str], frozenset[str]]] = set()
        self._by_sum: dict[int, list[Words]] = {}
        self._random = random.Random(0)  # noqa: S311 - numbers that are unlike, not secret

    def add(self, words: Words) -> None:
        if (words.stems, words.pinned) not in self._known:
            self._known.add((words.stems, words.pinned))
            self.all.append(words)
            self._by_sum.setdefault(sum(self._of(words)), []).append(words)

    def within(self, words: Words) -> Iterator[Words]:
        """Those that lack one or two words of `words`, and no number, colour or negation."""
        numbers = self._of(words)
        whole, count = sum(numbers), len(numbers)
        for more in range(1, MOST_MORE + 1):
            if (count - more) < LEAST_SHARED * count or (more > 1 and count > LONGEST_PAIRS):
                return
            for left_out in combinations(numbers, more):
                for smaller in self._by_sum.get(whole - sum(left_out), ()):
                    # Two sums may be the same by chance.
                    if smaller.pinned == words.pinned and smaller.stems < words.stems:
                        yield smaller

    def _of(self, words: Words) -> list[int]:
        numbers = self._numbers
        for stem in words.stems:
            if stem not in numbers:
                numbers[stem] = self._random.getrandbits(62)
        return [numbers[stem] for stem in words.stems]


def _root(root: dict[str, str], prompt: str) -> str:
    while root[prompt] != prompt:
        root[prompt] = root[root[prompt]]
        prompt = root[prompt]
    return prompt


def _join(root: dict[str, str], one: str, other: str) -> None:
    root[_root(root, other)] = _root(root, one)
