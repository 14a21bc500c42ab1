"""HTTP/1.1 as bytes: what a browser sends, read strictly, and what it is answered; pure, and knows no domain.

Nothing is guessed and nothing decoded: a request that is not exactly one of ours is refused, and its connection closed.
"""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

MOST_HEAD = 32 * 1024
"""Bytes of a request's first line and headers together; cookies of other programs of this machine come along."""

MOST_HEADERS = 64

MOST_TARGET = 2048
"""Characters of what is asked for."""

MOST_BODY = 8 * 1024
"""Bytes; an opinion takes a few hundred."""

END = b"\r\n\r\n"

_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}) ([\x21-\x7e]+) HTTP/1\.1")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_PATH = re.compile(r"/[0-9A-Za-z._/-]*")
_LENGTH = re.compile(r"[0-9]{1,9}")

Body = bytes | AsyncIterator[bytes]


class RefusedError(Exception):
    """What is answered instead, before the connection is closed."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    """One request; names of `headers` are in lower case.

    Attributes:
        path: of plain letters, digits, `.`, `_`, `-` and `/`; there is no other, so nothing has to be decoded.
        query: what follows `?`, as it came.
        length: bytes of the body that follows.
        lasts: whether the client keeps its connection.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    length: int = 0
    lasts: bool = True
    body: bytes = b""

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, whole or poured out piece by piece."""

    status: HTTPStatus = HTTPStatus.OK
    body: Body = b""
    kind: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    closes: bool = False


def read_head(data: bytes) -> Request:
    """The request whose head `data` is, with the empty line that ends it.

    Raises:
        RefusedError: it is none of ours.
    """
    first, *lines = data.removesuffix(END).split(b"\r\n")
    found = _LINE.fullmatch(first)
    if found is None:
        raise RefusedError(HTTPStatus.BAD_REQUEST)
    method, target = found[1].decode(), found[2].decode()
    if len(target) > MOST_TARGET:
        raise RefusedError(HTTPStatus.REQUEST_URI_TOO_LONG)
    if len(lines) > MOST_HEADERS:
        raise RefusedError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
    headers = _headers(lines)
    path, _, query = target.partition("?")
    if _PATH.fullmatch(path) is None:
        # Whole addresses, `*`, fragments and everything percent-encoded: no page of ours asks so.
        raise RefusedError(HTTPStatus.BAD_REQUEST if not path.startswith("/") else HTTPStatus.NOT_FOUND)
    if "host" not in headers:
        raise RefusedError(HTTPStatus.BAD_REQUEST)
    lasts = "close" not in headers.get("connection", "").lower()
    return Request(method, path, query, headers, _length(headers), lasts)


def _headers(lines: list[bytes]) -> dict[str, str]:
    """Each once; a line that goes on the one before it is none of ours.

    Raises:
        RefusedError: one of them is malformed, or said twice.
    """
    found: dict[str, str] = {}
    for line in lines:
        typed, colon, value = line.partition(b":")
        if not colon or _NAME.fullmatch(typed) is None or _VALUE.fullmatch(value) is None:
            raise RefusedError(HTTPStatus.BAD_REQUEST)
        name = typed.decode().lower()
        if name in found:
            raise RefusedError(HTTPStatus.BAD_REQUEST)
        found[name] = value.decode("latin-1").strip(" \t")
    return found


def _length(headers: Mapping[str, str]) -> int:
    """Bytes of the body.

    Raises:
        RefusedError: they are too many, or nobody says how many they are.
    """
    if "transfer-encoding" in headers:
        raise RefusedError(HTTPStatus.NOT_IMPLEMENTED)
    if "expect" in headers:
        raise RefusedError(HTTPStatus.EXPECTATION_FAILED)
    told = headers.get("content-length", "0")
    if _LENGTH.fullmatch(told) is None:
        raise RefusedError(HTTPStatus.BAD_REQUEST)
    if int(told) > MOST_BODY:
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return int(told)


ALWAYS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Of every answer, where it does not say otherwise; no answer ever lets another origin read it."""


def head_of(response: Response, *, closes: bool) -> bytes:
    """The first line and the headers of an answer, with the empty line."""
    whole = {**ALWAYS, "Content-Type": response.kind, **response.headers}
    if isinstance(response.body, bytes):
        whole["Content-Length"] = str(len(response.body))
    else:
        whole["Transfer-Encoding"] = "chunked"
    if closes:
        whole["Connection"] = "close"
    lines = [f"HTTP/1.1 {response.status.value} {response.status.phrase}", *(f"{n}: {v}" for n, v in whole.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def chunk(piece: bytes) -> bytes:
    """A piece of an answer that is poured out; the empty one ends it, and a client that missed it knows."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def refusal(status: HTTPStatus) -> Response:
    """An answer that says nothing but its status."""
    return Response(status, f"{status.value} {status.phrase}\n".encode(), closes=True)
