"""What every easel of a test has in common."""

import base64


class Keeps:
    """An easel of bytes: `data` is what was written, `kept` the last answer without a picture."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self.kept = b""

    @property
    def data(self) -> bytes:
        return b"".join(self.blocks)

    async def write(self, data: bytes) -> None:
        self.blocks.append(data)

    async def keep(self, before: bytes, decoded: int, after: bytes) -> str:
        self.kept = before + base64.b64encode(self.data[:decoded]) + self.data[decoded:] + after
        return "the spool"
