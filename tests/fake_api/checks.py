"""What the real API refuses about a request before any work: a request that passes is an `Order`, fully decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fake_api import prices
from tests.fake_api.prices import Family
from tests.fake_api.wire import Json

KNOWN = frozenset(
    [
        "prompt",
        "model",
        "n",
        "size",
        "quality",
        "output_format",
        "output_compression",
        "background",
        "moderation",
        "user",
        "safety_identifier",
        "stream",
        "partial_images",
        "complexity",
        "frame_count",
        "frame_duration_ms",
        "svg",
    ]
)
MOST_PROMPT = 32_000
STEP, EDGE, RATIO, LEAST, MOST = 16, 3840, 3, 655_360, 8_294_400


class RefusedError(Exception):
    """A 4xx with the body that OpenAI sends; nothing is billed."""

    def __init__(self, code: str, param: str | None, message: str, status: int = 400) -> None:
        super().__init__(message)
        kind = "image_generation_user_error" if status == 400 else "invalid_request_error"
        self.status = status
        self.body: Json = {"error": {"message": message, "type": kind, "param": param, "code": code}}


@dataclass(frozen=True, slots=True)
class Order:
    """A request the API accepts, with every `auto` resolved; width and height in pixels, also of the pictures in it."""

    model: str
    family: Family
    prompt: str
    n: int
    width: int
    height: int
    quality: str
    output_format: str
    background: str
    inputs: tuple[tuple[int, int], ...] = ()
    overlays: tuple[tuple[int, int], ...] = ()
    fidelity: str = "low"

    @property
    def size(self) -> str:
        return f"{self.width}x{self.height}"


def check(body: Json, extra_models: Sequence[str] = ()) -> Order:
    """The order in `body`.

    Raises:
        RefusedError: with the status and body of the first thing wrong.
    """
    body = {param: value for param, value in body.items() if value is not None}
    if unknown := sorted(set(body) - KNOWN):
        raise RefusedError("unknown_parameter", unknown[0], f"Unknown parameter: '{unknown[0]}'.")
    prompt, family = _prompt(body), _family(body, extra_models)
    n, output_format = _whole(body, "n", 1, 1, 10), _one_of(body, "output_format", ("png", "webp", "jpeg"))
    width, height = _size(body, family)
    _leftovers(body, output_format)
    return Order(
        model=body["model"],
        family=family,
        prompt=prompt,
        n=n,
        width=width,
        height=height,
        quality=_quality(body, family),
        output_format=output_format,
        background=_background(body, family, output_format),
    )


def _prompt(body: Json) -> str:
    prompt = body.get("prompt")
    if not isinstance(prompt, str) or not prompt:
        raise RefusedError("missing_required_parameter", "prompt", "Missing required parameter: 'prompt'.")
    if len(prompt) > MOST_PROMPT:
        message = f"Invalid 'prompt': string too long. Expected at most {MOST_PROMPT}, got {len(prompt)}."
        raise RefusedError("string_above_max_length", "prompt", message)
    return prompt


def _family(body: Json, extra_models: Sequence[str]) -> Family:
    model = body.get("model")
    if not isinstance(model, str):
        raise RefusedError("missing_required_parameter", "model", "Missing required parameter: 'model'.")
    if model in extra_models:
        return prices.NEWEST_KNOWN
    if model in prices.RETIRED:
        raise RefusedError("invalid_value", "model", f"The model '{model}' does not exist.")
    if model not in prices.MODELS:
        raise RefusedError("model_not_found", "model", f"The model '{model}' does not exist.", 404)
    return prices.MODELS[model]


def _size(body: Json, family: Family) -> tuple[int, int]:
    size = body.get("size", "auto")
    if size == "auto":
        return _pixels(family.auto_size)
    width, height = _pixels(size)
    if family.sizes and size not in family.sizes:
        raise _bad_size(size, f"Supported sizes are {', '.join(family.sizes)} and auto.")
    if not family.sizes:
        _free_size(size, width, height)
    return width, height


def _pixels(size: Any) -> tuple[int, int]:
    parts = size.split("x") if isinstance(size, str) else []
    if len(parts) != 2 or not all(
        part.isascii() and part.isdecimal() and part[0] != "0" and len(part) < 7 for part in parts
    ):
        raise _bad_size(size, "Expected WIDTHxHEIGHT or auto.")
    return int(parts[0]), int(parts[1])


def _free_size(size: str, width: int, height: int) -> None:
    if width % STEP or height % STEP:
        raise _bad_size(size, f"Width and height must both be divisible by {STEP}.")
    if max(width, height) > RATIO * min(width, height):
        raise _bad_size(size, "The aspect ratio must be between 1:3 and 3:1.")
    if max(width, height) > EDGE:
        raise _bad_size(size, f"No edge may be longer than {EDGE}.")
    if width * height < LEAST:
        raise _bad_size(size, "Requested resolution is below the current minimum pixel budget.")
    if width * height > MOST:
        raise _bad_size(size, "Requested resolution is above the current maximum pixel budget.")


def _bad_size(size: Any, why: str) -> RefusedError:
    return RefusedError("invalid_value", "size", f"Invalid size '{size}'. {why}")


def _quality(body: Json, family: Family) -> str:
    quality = _one_of(body, "quality", ("auto", *family.qualities))
    return "high" if quality == "auto" else quality


def _background(body: Json, family: Family, output_format: str) -> str:
    background = _one_of(body, "background", ("auto", "opaque", "transparent"))
    if background == "transparent" and not family.transparent:
        raise RefusedError("invalid_value", "background", "Transparent background is not supported for this model")
    if background == "transparent" and output_format == "jpeg":
        raise RefusedError("invalid_value", "background", "Transparent background needs output_format png or webp.")
    return "opaque" if background == "auto" else background


def _leftovers(body: Json, output_format: str) -> None:
    _one_of(body, "moderation", ("auto", "low"))
    _one_of(body, "complexity", ("medium", "low", "high"))
    _whole(body, "partial_images", 0, 0, 3)
    _whole(body, "output_compression", 100, 0, 100)
    if "output_compression" in body and output_format == "png":
        raise RefusedError("invalid_value", "output_compression", "Compression is for output_format webp and jpeg.")
    if body.get("stream"):
        raise RefusedError("invalid_value", "stream", "This fake API does not stream.")
    for param in ("frame_count", "frame_duration_ms", "svg"):
        if param in body:
            raise RefusedError("invalid_value", param, f"'{param}' needs access to a preview.")
    for param in ("user", "safety_identifier"):
        if not isinstance(body.get(param, ""), str):
            raise RefusedError("invalid_type", param, f"Invalid type for '{param}': expected a string.")


def _one_of(body: Mapping[str, Any], param: str, allowed: Sequence[str]) -> str:
    """The value of `param`, by default the first that is allowed."""
    value = body.get(param, allowed[0])
    if value not in allowed:
        listed = ", ".join(f"'{word}'" for word in allowed)
        raise RefusedError("invalid_value", param, f"Invalid value: '{value}'. Supported values are: {listed}.")
    return str(value)


def _whole(body: Mapping[str, Any], param: str, default: int, least: int, most: int) -> int:
    value = body.get(param, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise RefusedError("invalid_value", param, f"Invalid '{param}': expected {least} to {most}, got {value!r}.")
    return value
