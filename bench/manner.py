"""How the server of the benches behaves, and what it counted: the words both of its sides share."""

import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

MODEL = "gpt-image-2.5-flare"
QUALITY = "low"
CONTROL = "/_control"

TINY = "64x64"
"""A size of pictures that weigh next to nothing: 8 kB."""

REAL = "real"
BARE = "bare"
"""Ways to say 429: `real` names limit and wait in headers and words, as OpenAI does; `bare` says neither."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How answers come.

    Attributes:
        size: of all pictures, `WIDTHxHEIGHT`; another one is refused.
        latency: seconds until an answer leaves; the median where `sigma` is not 0.
        sigma: of a lognormal latency.
        seed: of the draws; every client meets the same ones, in the order its requests come.
        ipm: pictures a minute; 0 is no limit.
        bucket: pictures the limit allows at once after a pause.
        via: how a 429 speaks: real, bare, or one of the `via` of tests.fake_api.faults.rate_limit.
        gate: answers leave when this many wait, all at once; 0 is no gate.
    """

    size: str = "1024x1024"
    latency: float = 0.0
    sigma: float = 0.0
    seed: int = 1
    ipm: float = 0.0
    bucket: float = 10.0
    via: str = REAL
    gate: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width, height = map(int, self.size.split("x"))
        return width, height

    def latencies(self) -> Iterator[float]:
        """Seconds for each picture, in the order of arrival."""
        if not self.sigma:
            return itertools.repeat(self.latency)
        lots = random.Random(self.seed)
        return (lots.lognormvariate(math.log(self.latency), self.sigma) for _ in itertools.count())


@dataclass(slots=True)
class Tally:
    """Counts since the last reset.

    Attributes:
        requests: for pictures, refused ones included.
        refused: with a 429.
        answers: pictures whose last byte was taken by the kernel.
        peak: requests in flight at most.
        first: time.time() of the first request, 0.0 for none.
        last: the same, when the kernel took the last byte of the last answer.
        cpu: seconds of the server itself.
    """

    requests: int = 0
    refused: int = 0
    answers: int = 0
    peak: int = 0
    first: float = 0.0
    last: float = 0.0
    cpu: float = 0.0
