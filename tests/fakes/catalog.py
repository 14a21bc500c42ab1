"""Opinions in memory."""

from collections.abc import Sequence

from imgcli.model.likeness import Likeness
from imgcli.model.mark import Mark, Marked
from imgcli.model.origin import Alike, Reuse, Savings


class FakeCatalog:
    """Satisfies `ports.Catalog`."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, Mark], Marked] = {}
        self._seen: dict[str, Likeness] = {}
        self._reuses: dict[str, Reuse] = {}
        self._alike: dict[str, Alike] = {}
        self._vectors: dict[tuple[str, str], bytes] = {}
        self._read = 0

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

    async def close(self) -> None:
        """Nothing is open."""
