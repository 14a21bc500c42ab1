"""What the real API refuses about pictures that are sent along, before any work."""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.fake_api import checks
from tests.fake_api.checks import Order, RefusedError
from tests.fake_api.multipart import FormError, Part, parse
from tests.fake_api.wire import Json, Request

ROUTE = "/v1/images/edits"
KNOWN = (checks.KNOWN - {"moderation"}) | {"input_fidelity"}
IMAGES = ("image", "image[]")
FILES = (*IMAGES, "mask", "markup")
NUMBERS = ("n", "partial_images", "output_compression", "frame_count", "frame_duration_ms")
MOST_IMAGES = 16
MOST_IMAGE = 50_000_000
MOST_MASK = 4_000_000
MAGIC = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"))


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture as the server sees it; width and height in pixels."""

    kind: str
    width: int
    height: int


def prompt_of(request: Request) -> str:
    """The prompt, or nothing."""
    try:
        parts = parse(request.body, request.headers.get("content-type", ""))
    except FormError:
        return ""
    return next((part.data.decode("utf-8", "replace") for part in parts if part.name == "prompt"), "")


def check_edit(request: Request, extra_models: Sequence[str] = ()) -> Order:
    """The order in a form.

    Raises:
        RefusedError: with the status and body of the first thing wrong.
    """
    try:
        parts = parse(request.body, request.headers.get("content-type", ""))
    except FormError as error:
        raise RefusedError("invalid_form", None, f"Could not parse multipart form: {error}") from None
    files = [part for part in parts if part.name in FILES]
    body = _texts([part for part in parts if part.name not in FILES])
    fidelity = body.pop("input_fidelity", None)
    order = checks.check(body, extra_models)
    inputs = _inputs([part for part in files if part.name in IMAGES])
    overlays = _overlays([part for part in files if part.name not in IMAGES], inputs[0], order)
    return replace(
        order,
        inputs=tuple((seen.width, seen.height) for seen in inputs),
        overlays=tuple((seen.width, seen.height) for seen in overlays),
        fidelity=_fidelity(fidelity, order),
    )


def _texts(parts: Sequence[Part]) -> Json:
    body: Json = {}
    for part in parts:
        if part.name not in KNOWN:
            raise RefusedError("unknown_parameter", part.name, f"Unknown parameter: '{part.name}'.")
        if part.filename is not None or part.name in body:
            raise RefusedError("invalid_value", part.name, f"Expected one text for '{part.name}'.")
        text = part.data.decode("utf-8", "replace")
        body[part.name] = int(text) if part.name in NUMBERS and text.isdecimal() else text
    return body


def _inputs(parts: Sequence[Part]) -> list[Seen]:
    if not parts:
        raise RefusedError("missing_required_parameter", "image", "Missing required parameter: 'image'.")
    if len(parts) > 1 and any(part.name == "image" for part in parts):
        message = "Duplicate parameter: 'image'. If you want to provide a list of values, use 'image[]'."
        raise RefusedError("duplicate_parameter", "image", message)
    if len(parts) > MOST_IMAGES:
        raise RefusedError("invalid_value", "image", f"Invalid 'image': at most {MOST_IMAGES}, got {len(parts)}.")
    return [_seen(part, ("png", "jpeg", "webp"), MOST_IMAGE) for part in parts]


def _seen(part: Part, kinds: Sequence[str], most: int) -> Seen:
    param = part.name.removesuffix("[]")
    if not part.filename:
        raise RefusedError("invalid_image_file", param, f"Invalid file '{param}': expected a file with a name.")
    if part.content_type not in {f"image/{kind}" for kind in kinds}:
        message = f"Invalid file '{param}': unsupported mimetype ('{part.content_type}')."
        raise RefusedError("unsupported_file_mimetype", param, message)
    if len(part.data) >= most:
        raise RefusedError("invalid_image_file", param, f"Invalid file '{param}': larger than {most} bytes.")
    seen = look(part.data)
    if seen is None or f"image/{seen.kind}" != part.content_type:
        raise RefusedError(
            "invalid_image_file", param, "Invalid image file or mode for image 1, please check your image file."
        )
    return seen


def look(data: bytes) -> Seen | None:
    """The true format by its magic bytes, and the size; None for what is no picture."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - most servers never see a picture

    kind = next((kind for magic, kind in MAGIC if data.startswith(magic)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "webp"
    if kind is None:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=(kind.upper(),)) as opened:
            return Seen(kind, *opened.size)
    except (UnidentifiedImageError, OSError, SyntaxError, struct.error):
        return None


def _overlays(parts: Sequence[Part], first: Seen, order: Order) -> list[Seen]:
    names = [part.name for part in parts]
    if len(names) > 1:
        raise RefusedError("invalid_value", names[-1], "One of 'mask' and 'markup' can be provided, once.")
    return [_overlay(part, first, order) for part in parts]


def _overlay(part: Part, first: Seen, order: Order) -> Seen:
    seen = _seen(part, ("png",), MOST_MASK if part.name == "mask" else MOST_IMAGE)
    if part.name == "markup" and not order.family.markup:
        raise RefusedError("invalid_value", "markup", f"The model '{order.model}' does not support 'markup'.")
    if (seen.width, seen.height) != (first.width, first.height):
        message = f"Invalid {part.name} image format - {part.name} size does not match image size"
        raise RefusedError("invalid_image_file", part.name, message)
    if not _has_alpha(part.data):
        message = f"Invalid {part.name} image format - {part.name} image missing alpha channel"
        raise RefusedError("invalid_image_file", part.name, message)
    if part.name == "markup" and not _is_seen_through(part.data):
        raise RefusedError("invalid_image_file", "markup", "The markup must contain transparent pixels.")
    return seen


def _has_alpha(png: bytes) -> bool:
    return png[25] in {4, 6} or b"tRNS" in png


def _is_seen_through(png: bytes) -> bool:
    from PIL import Image  # noqa: PLC0415 - as in `look`

    with Image.open(io.BytesIO(png)) as opened:
        lowest, _ = opened.convert("RGBA").getchannel("A").getextrema()
    return int(str(lowest)) == 0


def _fidelity(fidelity: str | None, order: Order) -> str:
    if fidelity is None:
        return "low"
    if fidelity not in order.family.fidelities:
        message = f"The model '{order.model}' does not support the 'input_fidelity' parameter with '{fidelity}'."
        raise RefusedError("invalid_input_fidelity_model", "input_fidelity", message)
    return fidelity
