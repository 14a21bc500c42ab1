"""Opinions in memory."""

from collections.abc import Sequence

from imgcli.model.likeness import Likeness
from imgcli.model.mark import Mark, Marked


class FakeCatalog:
    """Satisfies `ports.Catalog`."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, Mark], Marked] = {}
        self._seen: dict[str, Likeness] = {}

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

    async def close(self) -> None:
        """Nothing is open."""
