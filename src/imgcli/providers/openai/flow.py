"""How much of the bodies that arrive at once is held in memory: a bounded sum, however many there are."""

from collections.abc import Iterator
from contextlib import contextmanager

SUM = 4 * 1024 * 1024
"""Bytes of all bodies that wait to be handed to the disk."""

LEAST, MOST = 64 * 1024, 512 * 1024
"""Bytes of one body handed over at once: each hand-over costs a change of threads."""


class Flow:
    """Bodies under way. None waits for another: a server whose answer is not taken may give it up."""

    def __init__(self) -> None:
        self._bodies = 0

    @property
    def block(self) -> int:
        """Bytes of one body to hand over at once."""
        return min(MOST, max(LEAST, SUM // max(1, self._bodies)))

    @contextmanager
    def body(self) -> Iterator[None]:
        self._bodies += 1
        try:
            yield
        finally:
            self._bodies -= 1
