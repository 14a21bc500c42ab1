"""Answers that are numbers: what moderation says, and where words stand; each as the text that the ledger keeps."""

import base64
import binascii
import json
import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)
"""Of OpenAI's moderation; other servers may have others."""

TEXT, IMAGE = "text", "image"

MOST_CATEGORIES = 200
MOST_NAME = 100
"""Characters of a category."""

MOST_DIMENSIONS = 4096


@dataclass(frozen=True, slots=True)
class Screening:
    """What a moderation model says.

    Attributes:
        flagged: its own word over all categories.
        scores: category -> 0 to 1.
        applied: category -> what was looked at for its score, `text` or `image`; empty where a server does not tell.
    """

    flagged: bool
    scores: Mapping[str, float]
    applied: Mapping[str, tuple[str, ...]]

    @property
    def saw_image(self) -> bool | None:
        """Whether any score is of a picture; None where the server does not tell."""
        return any(IMAGE in kinds for kinds in self.applied.values()) if self.applied else None


def screening_of(flagged: object, scores: object, applied: object) -> Screening:
    """What a server said, once it makes sense.

    Raises:
        ValueError: it does not; says why.
    """
    if not isinstance(flagged, bool):
        raise ValueError("nothing says whether it is flagged")
    if not isinstance(scores, dict) or not 0 < len(scores) <= MOST_CATEGORIES:
        raise ValueError("there are no scores")
    if not isinstance(applied, dict) or len(applied) > MOST_CATEGORIES:
        raise ValueError("what was looked at is no list")
    for category in (*scores, *applied):
        if not 0 < len(category) <= MOST_NAME or not category.isprintable():
            raise ValueError("a category has no proper name")
    return Screening(
        flagged,
        {category: _score(category, score) for category, score in scores.items()},
        {category: _kinds(category, kinds) for category, kinds in applied.items()},
    )


def verdict_text(screening: Screening) -> str:
    """Canonical JSON: `{"applied": {category: ["text"]}, "flagged": bool, "scores": {category: number}}`."""
    applied = {category: list(kinds) for category, kinds in screening.applied.items()}
    told = {"flagged": screening.flagged, "scores": dict(screening.scores), "applied": applied}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def parse_verdict(text: str) -> Screening:
    """What `verdict_text` wrote.

    Raises:
        ValueError: it did not; an answer without words is one of these.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None  # where in its text it went wrong says nothing to people
    if not isinstance(told, dict):
        raise ValueError("the endpoint gave no verdict that makes sense")
    return screening_of(told.get("flagged"), told.get("scores"), told.get("applied"))


def vector_text(numbers: Iterable[float]) -> str:
    """`numbers` at length 1, as base64 of little-endian float32.

    Raises:
        ValueError: they have no direction, or are too many.
    """
    vector = tuple(numbers)
    if not 0 < len(vector) <= MOST_DIMENSIONS:
        raise ValueError(f"{len(vector)} numbers, not 1 to {MOST_DIMENSIONS}")
    if not all(math.isfinite(number) for number in vector):
        raise ValueError("not all of it is numbers")
    # hypot scales what it sums: no square of a large number overflows, none of a small one vanishes.
    length = math.hypot(*vector)
    if not 0 < length < math.inf:
        raise ValueError("it points nowhere")
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *(number / length for number in vector))).decode()


def parse_vector(text: str) -> tuple[float, ...]:
    """The numbers that `vector_text` wrote, of length 1 but for the last digits of float32.

    Raises:
        ValueError: it did not; an answer without words is one of these.
    """
    vector = floats_of(text)
    if not vector:
        raise ValueError("there is no vector")
    if not math.isclose(math.hypot(*vector), 1, abs_tol=1e-3):
        raise ValueError("the vector is not of length 1")
    return vector


def floats_of(text: str) -> tuple[float, ...]:
    """The numbers in base64 of little-endian float32, at most MOST_DIMENSIONS.

    Raises:
        ValueError: it is none.
    """
    if len(text) > 8 * MOST_DIMENSIONS:
        raise ValueError(f"more than {MOST_DIMENSIONS} numbers")
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"no base64: {error}") from None
    if len(data) % 4 or len(data) > 4 * MOST_DIMENSIONS:
        raise ValueError(f"{len(data)} bytes are no vector")
    vector: tuple[float, ...] = struct.unpack(f"<{len(data) // 4}f", data)
    if not all(math.isfinite(number) for number in vector):
        raise ValueError("not all of it is numbers")
    return vector


def _score(category: str, score: object) -> float:
    # `bool` is a number in Python, and none here.
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise ValueError(f"the score of {category} is no number from 0 to 1")
    return float(score)


def _kinds(category: str, kinds: object) -> tuple[str, ...]:
    if not isinstance(kinds, list) or not all(kind in (TEXT, IMAGE) for kind in kinds):
        raise ValueError(f"what was looked at for {category} is neither text nor image")
    return tuple(kinds)
