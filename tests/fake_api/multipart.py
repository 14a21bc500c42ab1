"""multipart/form-data taken apart to the byte, as strictly as RFC 7578 reads: no preamble, no epilogue, CRLF everywhere."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TYPE = re.compile(r"multipart/form-data; ?boundary=\"?([0-9A-Za-z'()+_,./:=?-]{1,70})\"?")
_DISPOSITION = re.compile(r'form-data; name="([^"\r\n]+)"(?:; filename="([^"\r\n]*)")?')


class FormError(ValueError):
    """The bytes are no form; says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part; `filename` is None and `content_type` empty where it has none."""

    name: str
    filename: str | None
    content_type: str
    data: bytes


def parse(body: bytes, content_type: str) -> list[Part]:
    """The parts in order.

    Raises:
        FormError: it is not one form and nothing else.
    """
    matched = _TYPE.fullmatch(content_type)
    if matched is None:
        raise FormError(f"content-type {content_type[:100]!r}")
    line = b"--" + matched[1].encode()
    if not body.startswith(line + b"\r\n") or not body.endswith(b"\r\n" + line + b"--\r\n"):
        raise FormError("it does not begin and end with its boundary")
    inner = body[len(line) + 2 : -len(line) - 6]
    return [_part(piece) for piece in inner.split(b"\r\n" + line + b"\r\n")]


def told(parts: Sequence[Part]) -> Mapping[str, Any]:
    """What the books have: the texts by name, as a JSON body would have them, and all parts with what they are."""
    texts = {part.name: part.data.decode("utf-8", "replace") for part in parts if part.filename is None}
    return texts | {
        "parts": [
            {
                "name": part.name,
                "filename": part.filename,
                "content_type": part.content_type,
                "sha256": hashlib.sha256(part.data).hexdigest(),
                "size": len(part.data),
            }
            for part in parts
        ]
    }


def _part(piece: bytes) -> Part:
    head, blank, data = piece.partition(b"\r\n\r\n")
    if not blank:
        raise FormError(f"a part without an end of its headers: {piece[:60]!r}")
    headers: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(": ")
        if not colon or name.lower() in headers:
            raise FormError(f"a part with the header {line[:60]!r}")
        headers[name.lower()] = value
    matched = _DISPOSITION.fullmatch(headers.pop("content-disposition", ""))
    kind = headers.pop("content-type", "")
    if matched is None or headers:
        raise FormError(f"a part with the headers {head[:200]!r}")
    return Part(matched[1], matched[2], kind, data)
