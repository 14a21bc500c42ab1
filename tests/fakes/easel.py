"""What every easel of a test has in common."""


class Keeps:
    """An easel's spool: `kept` is the last answer without a picture."""

    kept = b""

    async def keep(self, data: bytes) -> str:
        self.kept = data
        return "the spool"
