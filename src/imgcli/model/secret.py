"""A key that does not show itself in tracebacks, logs or tables."""


class Secret:
    """Holds a key; only `reveal()` gives it away."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    @property
    def hint(self) -> str:
        """Its last four characters, enough to tell two keys apart."""
        return f"...{self._text[-4:]}" if len(self._text) >= 12 else "..."

    def __repr__(self) -> str:
        return f"Secret({self.hint})"

    __str__ = __repr__
