"""Opinions in memory."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from imgcli.catalog.scripts import spread
from imgcli.catalog.scripts import wanted as wanted_as
from imgcli.model.likeness import Likeness
from imgcli.model.mark import Mark, Marked
from imgcli.model.opinion import UNSEEN, Opinion
from imgcli.model.origin import Alike, Reuse, Savings
from imgcli.model.query import Found, Indexed, Query


class FakeCatalog:
    """Satisfies `ports.Catalog`."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, Mark], Marked] = {}
        self._seen: dict[str, Likeness] = {}
        self._reuses: dict[str, Reuse] = {}
        self._alike: dict[str, Alike] = {}
        self._vectors: dict[tuple[str, str], bytes] = {}
        self._read = 0
        self._stars: dict[str, int] = {}
        self._tags: dict[str, list[str]] = {}
        self._pictures: dict[str, Indexed] = {}
        self._indexed = 0
        self._awaited: list[str] = []

    async def mark(self, marked: Marked) -> bool:
        is_new = (marked.attempt, marked.mark) not in self._marks
        self._marks[marked.attempt, marked.mark] = marked
        return is_new

    async def unmark(self, attempt: str, mark: Mark) -> bool:
        return self._marks.pop((attempt, mark), None) is not None

    async def marked(self, mark: Mark) -> Sequence[Marked]:
        return [marked for marked in self._marks.values() if marked.mark is mark]

    async def remember(self, seen: Sequence[Likeness]) -> None:
        self._seen |= {each.sha256: each for each in seen}

    async def likenesses(self) -> Sequence[Likeness]:
        return list(self._seen.values())

    async def note_reuse(self, reuse: Reuse) -> None:
        self._reuses.setdefault(reuse.id, reuse)

    async def savings(self) -> Savings:
        costs = [reuse.origin.cost for reuse in self._reuses.values()]
        return Savings(len(costs), sum(cost or 0 for cost in costs), costs.count(None))

    async def reused(self) -> Sequence[Reuse]:
        return list(self._reuses.values())

    async def liken(self, alike: Sequence[Alike], read: int) -> None:
        self._alike |= {each.attempt: each for each in alike}
        self._read = read

    async def likened(self) -> int:
        return self._read

    async def alike(self, loose: str) -> Sequence[str]:
        return [each.attempt for each in reversed(self._alike.values()) if each.loose == loose]

    async def keep_vector(self, attempt: str, model: str, data: bytes) -> None:
        self._vectors[attempt, model] = data

    async def vectors(self, rest: str, model: str) -> Sequence[tuple[str, bytes]]:
        names = [each.attempt for each in reversed(self._alike.values()) if each.rest == rest]
        return [(name, self._vectors[name, model]) for name in names if (name, model) in self._vectors]

    async def rate(self, attempt: str, stars: int) -> None:
        self._stars[attempt] = stars

    async def tag(self, attempt: str, tag: str) -> bool:
        tags = self._tags.setdefault(attempt, [])
        return tag not in tags and not tags.append(tag)  # type: ignore[func-returns-value]

    async def untag(self, attempt: str, tag: str) -> bool:
        had = tag in self._tags.get(attempt, [])
        self._tags[attempt] = [each for each in self._tags.get(attempt, []) if each != tag]
        return had

    async def opinions(self, attempts: Collection[str]) -> Mapping[str, Opinion]:
        told = {name: self._opinion(name) for name in attempts}
        return {name: opinion for name, opinion in told.items() if opinion != UNSEEN}

    def _opinion(self, attempt: str) -> Opinion:
        marks = frozenset(mark for name, mark in self._marks if name == attempt)
        return Opinion(marks, self._stars.get(attempt, 0), tuple(self._tags.get(attempt, [])))

    async def index(
        self, pictures: Sequence[Indexed], read: int, awaited: Collection[str] = (), after: int = 0
    ) -> bool:
        if self._indexed < after:
            return False
        for each in pictures:
            self._pictures.setdefault(each.attempt, each)
        self._indexed, self._awaited = read, sorted(awaited)
        return True

    async def forget(self) -> None:
        self._pictures.clear()
        self._indexed, self._read, self._awaited = 0, 0, []

    async def awaited(self) -> Sequence[str]:
        return self._awaited

    async def indexed(self) -> int:
        return self._indexed

    async def find(self, query: Query, most: int, before: int | None = None) -> Sequence[Found]:
        numbered = list(enumerate(self._pictures.values(), 1))[::-1]
        found = [Found(number, each.attempt) for number, each in numbered if self._fits(each, query)]
        return [each for each in found if before is None or each.number < before][:most]

    async def count(self, query: Query, most: int | None = None) -> int:
        return len(await self.find(query, len(self._pictures) if most is None else most))

    async def number_of(self, attempt: str) -> int | None:
        return next((number for number, name in enumerate(self._pictures, 1) if name == attempt), None)

    async def copies_of(self, attempt: str) -> Sequence[Reuse]:
        return [reuse for reuse in self._reuses.values() if reuse.origin.attempt == attempt]

    async def known(self, kind: str) -> Sequence[str]:
        def has(each: Indexed) -> Sequence[str]:
            return getattr(each, f"{kind}s") if kind in {"style", "tag"} else (getattr(each, kind),)

        later = [tag for tags in self._tags.values() for tag in tags] if kind == "tag" else []
        return sorted({*later, *(value for each in self._pictures.values() for value in has(each))})

    def _fits(self, each: Indexed, query: Query) -> bool:
        opinion, texts = self._opinion(each.attempt), (each.typed, each.directed, each.revised)
        exact = (
            (query.styles, each.styles),
            (query.tags, (*each.tags, *opinion.tags)),
            (query.models, (each.model,)),
            (query.providers, (each.provider,)),
            (query.qualities, (each.quality,)),
            (query.kinds, (each.kind,)),
            (query.marks, opinion.marks),
            ((query.id,) if query.id else (), (each.id,)),
            ((query.sha256,) if query.sha256 else (), (each.sha256,)),
            ((query.source,) if query.source else (), each.sources),
        )
        return (
            all(any(_says(text, word) for text in texts) for word in query.words)
            and not any(_says(text, word) for text in texts for word in query.without)
            and all(set(wanted) <= set(there) for wanted, there in exact)
            and not set(query.unmarked) & opinion.marks
            and each.run.startswith(query.run)
            and (query.below is None or Path(each.directory).is_relative_to(query.below))
            and (query.least or 0) <= each.cost <= (each.cost if query.most is None else query.most)
            and each.created_at >= query.since
            and (not query.until or each.created_at < query.until)
            and opinion.stars >= query.stars
        )

    async def close(self) -> None:
        """Nothing is open."""


def _says(text: str, word: str) -> bool:
    """Whether the words of `word` stand in `text` one behind the other; the last may be a beginning."""
    stem, is_part = wanted_as(word.removesuffix("*"))
    wanted = " ".join(_words(stem))
    ends = "" if is_part or word.endswith("*") else " "
    return f" {wanted}{ends}" in f" {' '.join(_words(spread(text)))} "


def _words(text: str) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"\w+", bare.lower())
