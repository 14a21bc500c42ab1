"""The Embeddings API of the fake server: words point somewhere, and a text points where its words do together.

Which words there are counts, not their order, their case, a plural s or the small ones between them: the same words
give the same vector, one of two words changed gives a cosine of about one half, other words one of about zero. A test
may tell a text its vector, which zeros make up to its length. Its price is $0.02 for a million tokens.
"""

import base64
import hashlib
import math
import random
import re
import struct
from collections.abc import Mapping, Sequence

from tests.fake_api.checks import RefusedError
from tests.fake_api.wire import Json

ROUTE = "/v1/embeddings"
NUMBERS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
OTHER = 768
"""Numbers of the vectors of any model that OpenAI has not."""

IN = 20
"""Nano-USD per token."""

_SMALL = frozenset(
    ["a", "an", "and", "at", "by", "for", "from", "in", "into", "is", "its", "of", "on", "or", "the", "to", "with"]
)


def check(body: Json) -> tuple[list[str], int]:
    """The texts, and how many numbers each is to have.

    Raises:
        RefusedError: with the status and body of the first thing wrong.
    """
    if unknown := sorted(set(body) - {"model", "input", "dimensions", "encoding_format", "user"}):
        raise RefusedError("unknown_parameter", unknown[0], f"Unknown parameter: '{unknown[0]}'.")
    model, asked = body.get("model"), body.get("input")
    if not isinstance(model, str) or model.startswith("gpt-image"):
        raise RefusedError("model_not_found", "model", f"The model '{model}' does not exist.", 404)
    texts = [asked] if isinstance(asked, str) else asked
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise RefusedError("invalid_value", "input", "'$.input' is invalid.")
    most = NUMBERS.get(model, OTHER)
    wanted = body.get("dimensions", most)
    if "dimensions" in body and not model.startswith("text-embedding-3"):
        raise RefusedError("invalid_value", "dimensions", "This model does not support specifying dimensions.")
    if type(wanted) is not int or not 0 < wanted <= most:
        raise RefusedError("invalid_value", "dimensions", f"Invalid value for 'dimensions' = {wanted}.")
    if body.get("encoding_format", "float") not in ("float", "base64"):
        raise RefusedError("invalid_value", "encoding_format", "Supported values are: 'float' and 'base64'.")
    return texts, wanted


def usage(texts: Sequence[str]) -> Json:
    """Tokens by their own names: one for four bytes."""
    return {"in": sum(len(text.encode("utf-8", "surrogatepass")) // 4 + 1 for text in texts), "out": 0}


def cost(used: Mapping[str, int]) -> int:
    return used["in"] * IN


def told(body: Json, vectors: Sequence[Sequence[float]], used: Mapping[str, int]) -> Json:
    """The body of an answer."""
    packed = body.get("encoding_format") == "base64"
    return {
        "object": "list",
        "model": body["model"],
        "data": [
            {"object": "embedding", "index": index, "embedding": _packed(vector) if packed else list(vector)}
            for index, vector in enumerate(vectors)
        ],
        "usage": {"prompt_tokens": used["in"], "total_tokens": used["in"]},
    }


def vector(text: str, numbers: int, scripted: Mapping[str, Sequence[float]]) -> list[float]:
    """Where `text` points, at length 1 unless a test says otherwise."""
    if text in scripted:
        return [*scripted[text], *[0.0] * numbers][:numbers]
    total = [0.0] * numbers
    for word in canonical(text) or [text]:
        place = random.Random(hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest())  # noqa: S311 - a test's
        total = [sum(pair) for pair in zip(total, (place.gauss(0, 1) for _ in range(numbers)), strict=True)]
    length = math.hypot(*total)
    return [number / length for number in total]


def canonical(text: str) -> list[str]:
    """The words that count, each once."""
    words = {word.removesuffix("s") for word in re.findall(r"\w+", text.casefold()) if word not in _SMALL}
    return sorted(words)


def _packed(numbers: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()
