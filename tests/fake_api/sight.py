"""Pictures that come with words: `data:` URLs taken apart, each proved to be the picture it says it is.

A text model bills one for each 32 by 32 pixels, as far as the level of detail lets it look, times 1.2; a picture of
64x48 costs 5 tokens.
"""

import base64
import binascii
import hashlib
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.fake_api.checks import RefusedError

MOST_BYTES = 20_000_000
MOST_PATCHES = {"low": 256, "high": 2_500, "original": 30_000, "auto": 30_000}
KINDS = ("png", "jpeg", "webp")
_HEAD, _BASE64 = "data:image/", ";base64,"


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture that came: its size in pixels, the colour of its first one, and whatever text its file holds."""

    sha256: str
    kind: str
    width: int
    height: int
    colour: str
    text: str
    tokens: int


def look(url: object, detail: object = "auto") -> Seen:
    """The picture in a `data:` URL.

    Raises:
        RefusedError: it is none, or not the one that it says it is.
    """
    if detail not in MOST_PATCHES:
        raise RefusedError("invalid_value", "detail", f"Invalid value: '{detail}'.")
    kind, data = _taken_apart(url)
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - for servers that are shown a picture

    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            true, (width, height) = (image.format or "").lower(), image.size
            first = image.convert("RGB").getpixel((0, 0))
            text = " ".join(value for value in image.info.values() if isinstance(value, str))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _bad("The image data you provided does not represent a valid image.") from error
    if true != kind:
        raise _bad(f"The image is {true} and says that it is {kind}.")
    assert isinstance(first, tuple)
    patches = min(math.ceil(width / 32) * math.ceil(height / 32), MOST_PATCHES[str(detail)])
    colour = "#" + bytes(int(part) for part in first).hex()
    return Seen(hashlib.sha256(data).hexdigest(), kind, width, height, colour, text, math.ceil(patches * 1.2))


def parts_of(content: object) -> tuple[str, list[Seen]]:
    """The words and the pictures of one message, in either API.

    Raises:
        RefusedError: a part that no message has.
    """
    if not isinstance(content, list):
        return (content, []) if isinstance(content, str) else ("", [])
    words, seen = "", []
    for part in content:
        match part:
            case {"type": "input_text" | "text", "text": str(text)}:
                words += text
            case {"type": "input_image", "image_url": url, "detail": detail}:
                seen.append(look(url, detail))
            case {"type": "image_url", "image_url": {"url": url, **more}} if more.keys() <= {"detail"}:
                seen.append(look(url, more.get("detail", "auto")))
            case _:
                raise _bad("A part of the content has a wrong form.")
    return words, seen


def told(value: object) -> object:
    """`value` as requests.jsonl has it: a picture in a `data:` URL by its SHA-256, `data:image/png;sha256,<hex>`."""
    if isinstance(value, dict):
        return {name: told(each) for name, each in value.items()}
    if isinstance(value, list):
        return [told(each) for each in value]
    if isinstance(value, str) and value.startswith(_HEAD):
        try:
            kind, data = _taken_apart(value)
        except RefusedError:
            return value[:2000]
        return f"{_HEAD}{kind};sha256,{hashlib.sha256(data).hexdigest()}"
    return value


def tokens(seen: Sequence[Seen]) -> int:
    return sum(each.tokens for each in seen)


def texts(seen: Sequence[Seen]) -> Iterator[str]:
    """What is written in the files of pictures."""
    return (each.text for each in seen)


def _taken_apart(url: object) -> tuple[str, bytes]:
    if not isinstance(url, str) or not url.startswith(_HEAD):
        raise _bad("This fake API looks at no address but data: URLs of pictures.")
    kind, separator, text = url.removeprefix(_HEAD).partition(_BASE64)
    if not separator or kind not in KINDS:
        raise _bad(f"Supported are {', '.join(KINDS)}.")
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise _bad("The image is not valid base64.") from error
    if len(data) > MOST_BYTES:
        raise RefusedError("image_too_large", "image_url", f"The image has {len(data)} bytes.")
    return kind, data


def _bad(message: str) -> RefusedError:
    return RefusedError("invalid_image", "image_url", message)
