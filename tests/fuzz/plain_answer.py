"""An answer with a picture read the plain way, the whole body at once: what the reader of streams must agree with."""

import base64
import binascii
import json

from imgcli.providers.openai.answer import Found, read_answer
from imgcli.providers.openai.answer_stream import IMAGES, TOOL, AnswerStream, Form
from imgcli.providers.openai.drawing import read_drawn

MODEL = "gpt-image-2.5-flare"
"""What is asked for where an answer tells it."""


def plain_answer(body: bytes, request_id: str, content_type: str, form: Form = IMAGES) -> tuple[bytes, Found]:
    """The picture and what is said of it.

    Raises:
        AttemptError: as `read_answer` and `read_drawn` do.
    """
    told = AnswerStream(form)
    try:
        text = body.decode(json.detect_encoding(body), "surrogatepass")
    except UnicodeDecodeError:
        text = "\0"
    told.text += text.encode(errors="surrogatepass")
    told.at, picture = _first_drawn(text) if form is TOOL else (0, _first_picture(text))
    data = None if picture is None else _decoded(picture)
    told.has_picture, told.is_broken = picture is not None, picture is not None and data is None
    return data or b"", _read(told, request_id, content_type, form)


def streamed_answer(
    body: bytes, sizes: list[int], request_id: str, content_type: str, form: Form = IMAGES
) -> tuple[bytes, Found]:
    """The same from a stream, in blocks of `sizes`, again and again.

    Raises:
        AttemptError: as `read_answer` and `read_drawn` do.
    """
    stream, data, at, turn = AnswerStream(form), bytearray(), 0, 0
    while at < len(body):
        size = sizes[turn % len(sizes)]
        data += stream.feed(body[at : at + size])
        at, turn = at + size, turn + 1
    data += stream.close()
    return bytes(data), _read(stream, request_id, content_type, form)


def _read(stream: AnswerStream, request_id: str, content_type: str, form: Form) -> Found:
    if form is TOOL:
        return Found("", read_drawn(stream, request_id, content_type, MODEL))
    return read_answer(stream, request_id, content_type)


def _first_drawn(text: str) -> tuple[int, str | None]:
    """The first picture of a call of the image tool, and the index of its item.

    Where an item says its type after its result, that is taken for a picture; what is none is refused later.
    """
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return 0, None
    items = answer.get("output") if isinstance(answer, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else []):
        kind = ""
        for key, value in item.items() if isinstance(item, dict) else ():
            if key == "type" and isinstance(value, str):
                kind = value
            if key == "result" and isinstance(value, str) and value and kind in {"", "image_generation_call"}:
                return index, value
    return 0, None


def _first_picture(text: str) -> str | None:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(items, list) or not items or not isinstance(items[0], dict):
        return None
    for key, value in items[0].items():
        if key in IMAGES.keys and isinstance(value, str) and value and (key == "b64_json" or _is_data_url(value)):
            return value
    return None


def _is_data_url(text: str) -> bool:
    return text[:5].lower() == "data:"


def _decoded(encoded: str) -> bytes | None:
    """The bytes of base64, bare or in a data URL; line breaks are MIME's custom, anything else in it is junk."""
    if _is_data_url(encoded):
        head, comma, encoded = encoded.partition(",")
        if not comma or not head.isascii():
            return None
    encoded = encoded.replace("\r", "").replace("\n", "")
    try:
        # Without validate=True the decoder skips junk; with it, it still lets `AAAA=` pass.
        return base64.b64decode(encoded, validate=True) if len(encoded) % 4 == 0 else None
    except (binascii.Error, ValueError):
        return None
