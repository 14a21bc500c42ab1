"""Pictures behind a link, and the links that a careful client must survive."""

import asyncio
from collections.abc import AsyncIterator

from tests.fake_api.wire import Answer

FOLDER = "/files/"


class Files:
    """NAME is served at /files/NAME; at /files/redirect/, /files/endless/ and /files/slow/ it is made hard to get."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, bytes]] = {}

    def keep(self, kind: str, picture: bytes) -> str:
        """The path of a new file."""
        name = f"{len(self._kept) + 1}.{kind}"
        self._kept[name] = (kind, picture)
        return f"{FOLDER}{name}"

    def answer(self, path: str, drip: float) -> Answer:
        """What is at `path`; the slow folder gives a byte every `drip` seconds."""
        *folder, name = path.removeprefix(FOLDER).split("/")
        if name not in self._kept:
            return _missing()
        kind, picture = self._kept[name]
        headers = {"content-type": f"image/{kind}"}
        match folder:
            case []:
                return Answer(200, picture, headers)
            case ["redirect"]:
                return Answer(302, headers={"location": f"{FOLDER}{name}"})
            case ["endless"]:
                return Answer(200, picture, headers, pieces=_endless())
            case ["slow"]:
                return Answer(200, b"", headers, pieces=_slow(picture, drip), length=len(picture))
            case _:
                return _missing()


def _missing() -> Answer:
    return Answer(404, b"no such file", {"content-type": "text/plain"})


async def _endless() -> AsyncIterator[bytes]:
    while True:
        yield bytes(1 << 16)
        # drain() returns at once while the buffer has room: others must get their turn.
        await asyncio.sleep(0)


async def _slow(content: bytes, seconds: float) -> AsyncIterator[bytes]:
    for byte in content:
        await asyncio.sleep(seconds)
        yield bytes([byte])
