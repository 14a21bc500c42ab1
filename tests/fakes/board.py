"""Notes in memory."""

from collections.abc import Callable


class FakeBoard:
    """Satisfies `ports.Board`."""

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}

    async def change(self, name: str, work: Callable[[str], str]) -> str:
        self.notes[name] = work(self.notes.get(name, ""))
        return self.notes[name]

    def close(self) -> None:
        self.notes.clear()
