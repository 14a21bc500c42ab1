"""Choices that are the same on every machine and every version of Python.

`random.choice` and friends may change between versions; the bytes of SHAKE-256 (FIPS 202) never do.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

BLOCK = 1024
"""Bytes drawn from the hash at a time."""


class Chance:
    """An endless stream of choices that depends on `seed` alone."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._words = self._stream()

    def real(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number from `low` up to, but not including, `high`."""
        return low + (high - low) * next(self._words) / 2**32

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.real() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        return options[self.whole(0, len(options) - 1)]

    def likely(self, odds: float) -> bool:
        return self.real() < odds

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """`options` in another order (Fisher and Yates)."""
        left = list(options)
        for last in range(len(left) - 1, 0, -1):
            other = self.whole(0, last)
            left[last], left[other] = left[other], left[last]
        return left

    def noise(self, count: int) -> bytes:
        """`count` bytes, evenly spread, apart from the stream of choices."""
        return hashlib.shake_256(b"noise" + self._seed).digest(count)

    def _stream(self) -> Iterator[int]:
        block = 0
        while True:
            digest = hashlib.shake_256(block.to_bytes(4, "big") + self._seed).digest(BLOCK)
            for start in range(0, BLOCK, 4):
                yield int.from_bytes(digest[start : start + 4], "big")
            block += 1
