"""Pictures enclosed with a request, in memory for no longer than they need to leave.

They are compared with what was looked at and then sent from memory, for a file could change between the two. What
bounds them is `MOST` for all requests together, or the pictures of a single one that has more (16 of 50 MB): such a
one leaves alone. The answer, which may take minutes, is waited for without them.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from imgcli.model.input import Edit, Input
from imgcli.providers.openai.options import ALPHA
from imgcli.providers.reading import read

MOST = 256_000_000
"""Bytes of pictures on their way."""

ENDINGS = {"jpeg": "jpg"}
"""Of file names, where they are not the format."""


class Enclosures:
    """`mask` is what marks the pixels that may change, for the server they go to (see `options`)."""

    def __init__(self, mask: str = ALPHA, most: int = MOST) -> None:
        self._mask = mask
        self._room = _Room(most)

    @asynccontextmanager
    async def of(self, edit: Edit) -> AsyncIterator[dict[str, Any]]:
        """The parameters of `images.edit` that are files: names that tell nothing of this machine, bytes, types.

        Raises:
            AttemptError: a picture is gone or changed; nothing was sent.
        """
        rest = sum(each.size_bytes for each in edit.everything)
        await self._room.take(rest)
        parts: list[_Part] = []

        async def file(source: Input, name: str, *, is_mask: bool = False) -> tuple[str, io.BytesIO, str]:
            nonlocal rest
            data = await asyncio.to_thread(self._data, source, is_mask=is_mask)
            parts.append(_Part(data, partial(self._room.give, source.size_bytes)))
            rest -= source.size_bytes
            return f"{name}.{ENDINGS.get(source.format, source.format)}", parts[-1], f"image/{source.format}"

        try:
            images = [await file(each, f"input-{number}") for number, each in enumerate(edit.inputs, 1)]
            files: dict[str, Any] = {"image": images if len(images) > 1 else images[0]}
            if edit.mask is not None:
                files["mask"] = await file(edit.mask, "mask", is_mask=True)
            if edit.markup is not None:
                files["markup"] = await file(edit.markup, "markup")
            yield files
        finally:
            for part in parts:
                part.close()
            self._room.give(rest)

    def _data(self, source: Input, *, is_mask: bool) -> bytes:
        data = read(source)
        if not is_mask or self._mask == ALPHA:
            return data
        from imgcli.providers.openai.masking import converted  # noqa: PLC0415 - Pillow, for the few that need it

        return converted(data, source.name, self._mask)


class _Part(io.BytesIO):
    """The bytes of one picture, read once: at their end they are let go, and `gone` is called."""

    def __init__(self, data: bytes, gone: Callable[[], None]) -> None:
        super().__init__(data)
        self._gone = gone

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        if not block:
            self.close()
        return block

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._gone()


class _Room:
    """Bytes that may be held at once. First come, first served: many small requests do not keep a large one waiting."""

    def __init__(self, most: int) -> None:
        self._most = self._free = most
        self._turn = asyncio.Lock()
        self._given = asyncio.Event()

    async def take(self, size: int) -> None:
        async with self._turn:
            while self._free < min(size, self._most):
                self._given.clear()
                await self._given.wait()
            self._free -= size

    def give(self, size: int) -> None:
        self._free += size
        self._given.set()
