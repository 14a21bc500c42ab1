"""What models make of directed prompts, summed over many revised ones; pure.

Memory stays flat however many are added: words and phrases that are rare are forgotten once there are too many of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from imgcli.model.prompt import DirectedPrompt, Style
from imgcli.reports.words import words

MOST_COUNTED = 50_000
"""Different words or phrases that are counted; beyond, the rarest four fifths start anew."""

# Words that say nothing of what a model adds.
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "has",
        "have",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "over",
        "that",
        "the",
        "their",
        "them",
        "there",
        "these",
        "they",
        "this",
        "to",
        "under",
        "up",
        "was",
        "while",
        "with",
        "without",
        "which",
        "who",
        "whose",
        "through",
        "across",
        "between",
        "around",
        "against",
        "also",
        "not",
        "no",
    ]
)


class Judge(Protocol):
    """How texts are read; the Director's own reading, so that a report counts what the Director means."""

    def things(self, no: Sequence[str]) -> Sequence[str]:
        """The single things of `--no`."""
        ...

    def says(self, text: str, phrase: str) -> bool:
        """Whether a text speaks of a phrase."""
        ...

    def fate(self, text: str, thing: str) -> str:
        """What a text makes of a thing that must not appear: kept, lost or inverted."""
        ...


@dataclass(frozen=True, slots=True)
class StyleRow:
    """`said` counts the style's own keywords and avoided things in directed prompts, `survived` those still in force.

    `known` is False for a style that is not there any more: what it said nobody knows.
    """

    style: str
    pictures: int
    said: int
    survived: int
    known: bool = True


@dataclass(frozen=True, slots=True)
class ConstraintRow:
    """A thing of `--no`, and in how many pictures the revised prompt kept it out, forgot it, or asked for it."""

    thing: str
    kept: int
    lost: int
    inverted: int

    @property
    def pictures(self) -> int:
        return self.kept + self.lost + self.inverted


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """A phrase of a style, and in how many of the pictures that were sent it the model dropped it."""

    phrase: str
    style: str
    said: int
    dropped: int


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A word, and in how many pictures the model added it."""

    word: str
    pictures: int


@dataclass(frozen=True, slots=True)
class PromptReport:
    """Rows, the most frequent first; `pictures` have a revised prompt."""

    pictures: int
    styles: tuple[StyleRow, ...] = ()
    constraints: tuple[ConstraintRow, ...] = ()
    dropped: tuple[DroppedRow, ...] = ()
    added: tuple[AddedRow, ...] = ()


class Tally:
    """Counts revised prompts, one after the other; `styles` are those whose own terms are followed."""

    def __init__(self, styles: Mapping[str, Style], judge: Judge, only: str | None = None) -> None:
        self._styles, self._judge, self._only = styles, judge, only
        self._pictures: Counter[str] = Counter()
        self._said: Counter[tuple[str, str]] = Counter()
        self._dropped: Counter[tuple[str, str]] = Counter()
        self._fates: dict[str, Counter[tuple[str, ...]]] = {name: Counter() for name in ("kept", "lost", "inverted")}
        self._added: Counter[str] = Counter()
        self.count = 0

    def add(self, prompt: DirectedPrompt, revised: str) -> None:
        self.count += 1
        for name in dict.fromkeys(prompt.styles):
            if self._only in {None, name}:
                self._pictures[name] += 1
                self._follow(name, prompt.text, revised)
        for thing in self._judge.things(prompt.constraints):
            fates = self._fates[self._judge.fate(revised, thing)]
            fates[(thing.casefold(),)] += 1
            _forget(fates)
        self._added.update(set(words(revised.casefold())) - set(words(prompt.text.casefold())) - _SMALL)
        _forget(self._added)

    def report(self, most: int) -> PromptReport:
        """The sums, with at most `most` rows of constraints, dropped phrases and added words."""
        styles = [self._style_row(name, count) for name, count in self._pictures.most_common()]
        things = {thing for fates in self._fates.values() for (thing,) in fates}
        kept, lost, inverted = (self._fates[name] for name in ("kept", "lost", "inverted"))
        constraints = [ConstraintRow(t, kept[(t,)], lost[(t,)], inverted[(t,)]) for t in things]
        constraints.sort(key=lambda row: (-row.pictures, row.thing))
        dropped = [DroppedRow(p, style, self._said[style, p], n) for (style, p), n in self._dropped.items()]
        dropped.sort(key=lambda row: (-row.dropped, row.said, row.phrase, row.style))
        added = sorted(self._added.items(), key=lambda item: (-item[1], item[0]))
        return PromptReport(
            self.count,
            tuple(styles),
            tuple(constraints[:most]),
            tuple(dropped[:most]),
            tuple(AddedRow(word, count) for word, count in added[:most]),
        )

    def _follow(self, name: str, directed: str, revised: str) -> None:
        style = self._styles.get(name)
        if style is None:
            return
        judge = self._judge
        for term, survives in _terms(style, judge, revised):
            # Only what was sent can be dropped: the Director leaves things out itself.
            if judge.says(directed, term):
                self._said[name, term] += 1
                if not survives(term):
                    self._dropped[name, term] += 1

    def _style_row(self, name: str, pictures: int) -> StyleRow:
        said = sum(count for (style, _), count in self._said.items() if style == name)
        dropped = sum(count for (style, _), count in self._dropped.items() if style == name)
        return StyleRow(name, pictures, said, said - dropped, name in self._styles)


def _terms(style: Style, judge: Judge, revised: str) -> Iterable[tuple[str, Callable[[str], bool]]]:
    """Each term of a style once, with how to tell whether it survived."""
    keywords = dict.fromkeys(term for _, terms in style.keywords for term in terms)
    yield from ((term, lambda term: judge.says(revised, term)) for term in keywords)
    yield from (
        (thing, lambda thing: judge.fate(revised, thing) == "kept") for thing in style.avoid if thing not in keywords
    )


def _forget(counts: "Counter[str] | Counter[tuple[str, ...]]") -> None:
    if len(counts) > MOST_COUNTED:
        kept = dict(counts.most_common(MOST_COUNTED // 5))
        counts.clear()
        counts.update(kept)  # type: ignore[arg-type]
