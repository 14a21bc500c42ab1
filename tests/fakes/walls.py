"""Walls and small pictures in memory."""

from collections.abc import Iterable
from pathlib import Path

from imgcli.errors import UsageError


class FakeSmalls:
    """Satisfies `ports.Smalls`; `room` is how many it keeps."""

    def __init__(self, room: int = 100) -> None:
        self.room = room
        self._kept: dict[str, bytes] = {}

    def find(self, sha256: str) -> bytes | None:
        found = self._kept.pop(sha256, None)
        if found is not None:
            self._kept[sha256] = found
        return found

    def keep(self, sha256: str, data: bytes) -> None:
        self._kept[sha256] = data

    def make_room(self) -> None:
        for old in list(self._kept)[: -self.room]:
            del self._kept[old]


class FakeWall:
    """Satisfies `ports.Wall`. `taken` says that somebody else has the place; `files` is what hangs there."""

    def __init__(self, directory: Path, *, taken: bool = False) -> None:
        self._directory, self._taken = directory, taken
        self.files: dict[str, bytes] = {}

    @property
    def directory(self) -> Path:
        return self._directory

    def open(self) -> None:
        if self._taken:
            raise UsageError(f"{self._directory} holds something, and is no gallery of imgcli")

    def hang(self, sha256: str, data: bytes) -> None:
        self.files[f"thumbs/{sha256}.webp"] = data

    def copy(self, picture: Path, sha256: str) -> str:
        name = f"pictures/{picture.stem}-{sha256[:8]}{picture.suffix}"
        self.files[name] = picture.read_bytes()
        return name

    def show(self, page: Iterable[str], keep: Iterable[str] = ()) -> Path:
        text = "".join(page).encode()
        kept = {f"thumbs/{sha256}.webp" for sha256 in keep}
        self.files = {name: data for name, data in self.files.items() if name in kept or name.startswith("pictures/")}
        self.files["index.html"] = text
        return self._directory / "index.html"
