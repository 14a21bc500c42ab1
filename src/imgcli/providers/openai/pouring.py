"""A body on its way from the socket to the easel: taken apart as it comes, never held whole."""

from collections.abc import AsyncIterator, Callable

from imgcli.ports import Easel
from imgcli.providers.openai.answer_stream import IMAGES, MAX_TEXT, AnswerStream, Form, TooLongError
from imgcli.providers.openai.flow import Flow

MAX_BODY = 90 * 1024 * 1024
"""Bytes of one answer: 60 MiB of picture in base64, with room for the rest."""

LONGEST_KEY = 512
"""Bytes held back of what is masked, as the next block may go on with a key."""

MIB = 1024 * 1024


class Pouring:
    """One answer. `mask` hides keys in what came as it stands; a picture's own bytes are never touched.

    Attributes:
        stream: what of the answer is no picture.
        excess: the limit that was exceeded, in words; empty if none was.
    """

    def __init__(self, easel: Easel, mask: Callable[[bytes], bytes], flow: Flow, form: Form = IMAGES) -> None:
        self.stream = AnswerStream(form)
        self.excess = ""
        self._easel = easel
        self._mask = mask
        self._flow = flow
        self._waiting: list[bytes] = []
        self._raw = b""
        self._poured = 0

    async def pour(self, blocks: AsyncIterator[bytes]) -> None:
        """Read the body to its end; what came is on the easel then, also when it breaks off."""
        size = 0
        with self._flow.body():
            try:
                async for block in blocks:
                    size += len(block)
                    if size > MAX_BODY:
                        self.excess = f"{MAX_BODY // MIB} MiB"
                        break
                    await self._put(self.stream.feed(block))
                await self._put(self.stream.close())
            except TooLongError:
                self.excess = f"{MAX_TEXT // MIB} MiB beside its picture"
            finally:
                await self._hand_over()
                if self._raw:
                    await self._easel.write(self._mask(self._raw))

    async def keep(self) -> str:
        """Have the easel keep the whole answer as evidence; returns where, or nothing."""
        before, decoded, after = self.stream.torn()
        if not before and not after and not self._poured:
            return ""
        return await self._easel.keep(self._mask(before), decoded, self._mask(after))

    async def _put(self, piece: bytes) -> None:
        left = self.stream.decoded - self._poured
        self._poured += len(piece)
        if self.stream.is_broken and left < len(piece):
            self._raw += piece[max(0, left) :]
            piece = piece[: max(0, left)]
        if piece:
            self._waiting.append(piece)
        if sum(map(len, self._waiting)) >= self._flow.block:
            await self._hand_over()
        if len(self._raw) >= self._flow.block:
            # Nothing of the picture comes any more, so the order of the two holds.
            await self._hand_over()
            masked = self._mask(self._raw)
            self._raw = masked[-LONGEST_KEY:]
            await self._easel.write(masked[:-LONGEST_KEY])

    async def _hand_over(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            await self._easel.write(b"".join(waiting))
