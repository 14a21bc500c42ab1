"""As much of HTTP/1.1 as clients of an images API speak, and the ways a connection can end."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Json = dict[str, Any]

MOST_HEAD = 1 << 16
MOST_BODY = 1 << 26


class BadRequestError(Exception):
    """What came is not HTTP/1.1 as this module speaks it."""


class Ending(StrEnum):
    """What the connection does; the words stand in requests.jsonl."""

    ANSWERED = "answered"
    CUT = "cut"
    """Head, half the body, FIN."""
    FIN = "fin"
    """Not one byte, then FIN."""
    RST = "rst"
    """Not one byte, then RST."""


@dataclass(frozen=True, slots=True)
class Request:
    """`headers` have lower-case names; `path` is without its query."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """`pieces` are sent after `body`; `length` is what content-length says, by default the length of `body`.

    With pieces and no length the end of the connection ends the body.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Ending = Ending.ANSWERED
    pieces: AsyncIterator[bytes] | None = None
    length: int | None = None


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(value).encode(), headers or {})


class WatchedReader(asyncio.StreamReader):
    """Knows at once when its peer is gone, also while nobody reads."""

    def __init__(self) -> None:
        super().__init__(limit=MOST_HEAD)
        self.gone = asyncio.Event()

    def feed_eof(self) -> None:
        super().feed_eof()
        self.gone.set()

    def set_exception(self, exc: Exception) -> None:
        super().set_exception(exc)
        self.gone.set()


async def read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    """The next request of a connection; None when the peer closed it first.

    Raises:
        BadRequestError: the bytes make no request.
    """
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, headers = _head(head)
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await _body(reader, headers)
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError as error:
        raise BadRequestError("the head of the request has no end") from error
    url = urlsplit(target)
    return Request(method, url.path, dict(parse_qsl(url.query)), headers, body)


def _head(head: bytes) -> tuple[str, str, dict[str, str]]:
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in {"HTTP/1.1", "HTTP/1.0"}:
        raise BadRequestError(f"no request line: {first[:100]!r}")
    if any(":" not in line for line in lines):
        raise BadRequestError("a header without a colon")
    pairs = (line.split(":", 1) for line in lines)
    headers = {name.lower(): value.strip() for name, value in pairs}
    if words[2] == "HTTP/1.0":
        headers.setdefault("connection", "close")
    return words[0], words[1], headers


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(reader)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MOST_BODY:
        raise BadRequestError(f"content-length {length[:20]!r}")
    return await reader.readexactly(int(length))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while size := await _chunk_size(reader):
        if len(body) + size > MOST_BODY:
            raise BadRequestError("the body is too large")
        body += (await reader.readexactly(size + 2))[:size]
    while (await reader.readuntil(b"\r\n")) != b"\r\n":
        pass
    return bytes(body)


async def _chunk_size(reader: asyncio.StreamReader) -> int:
    digits = (await reader.readuntil(b"\r\n")).split(b";")[0].strip()
    try:
        return int(digits, 16)
    except ValueError:
        raise BadRequestError(f"chunk size {digits[:20]!r}") from None


async def send(writer: asyncio.StreamWriter, answer: Answer, *, keep: bool = True) -> bool:
    """Send `answer` to its end; True when the connection may carry another request."""
    if answer.ending is Ending.RST:
        reset(writer)
        return False
    if answer.ending is Ending.FIN:
        return False
    length = len(answer.body) if answer.length is None and answer.pieces is None else answer.length
    keep = keep and answer.ending is Ending.ANSWERED and length is not None
    headers = {"date": formatdate(usegmt=True), "content-type": "application/json", **answer.headers}
    if length is not None:
        headers["content-length"] = str(length)
    # A body that will be cut must not be announced: nobody would be surprised by the end.
    if not keep and answer.ending is Ending.ANSWERED:
        headers["connection"] = "close"
    half = answer.ending is Ending.CUT
    writer.write(_start(answer.status, headers) + (answer.body[: len(answer.body) // 2] if half else answer.body))
    await writer.drain()
    if answer.pieces is not None:
        async for piece in answer.pieces:
            writer.write(piece)
            await writer.drain()
    return keep


def _start(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {text}" for name, text in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def reset(writer: asyncio.StreamWriter) -> None:
    """RST instead of FIN: a socket that lingers for zero seconds throws away what it holds."""
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()
