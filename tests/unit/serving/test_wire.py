from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.serving.wire import MOST_BODY, MOST_HEADERS, RefusedError, Response, head_of, read_head, refusal
from tests.rows import each_row

HOST = b"Host: 127.0.0.1:80\r\n"


def head(first: bytes = b"GET / HTTP/1.1", more: bytes = b"", host: bytes = HOST) -> bytes:
    return first + b"\r\n" + host + more + b"\r\n"


def test_a_request_is_read() -> None:
    found = read_head(head(b"POST /a/b.c_d-9?x=%41 HTTP/1.1", b"Content-Length:  12 \r\nX-Thing:\ttea\r\n"))
    assert (found.method, found.path, found.query, found.length) == ("POST", "/a/b.c_d-9", "x=%41", 12)
    assert (found.header("x-thing"), found.header("nothing"), found.lasts) == ("tea", "", True)
    assert not read_head(head(more=b"Connection: Close\r\n")).lasts


@each_row(
    ("what", "status"),
    [
        (b"\r\n\r\n", 400),
        (head(b"GET /"), 400),
        (head(b"GET  / HTTP/1.1"), 400),
        (head(b"GET / HTTP/1.0"), 400),
        (head(b"GET / HTTP/2.0"), 400),
        (head(b"GET / HTTP/1.2"), 400),
        (head(b"GET / http/1.1"), 400),
        (head(b"G\x00T / HTTP/1.1"), 400),
        (head(b"GET / HTTP/1.1 "), 400),
        (head(b"GET /a b HTTP/1.1"), 400),
        (head(b"GET /\xc3\xa9 HTTP/1.1"), 400),
        (head(b"GET http://127.0.0.1/ HTTP/1.1"), 400),
        (head(b"GET * HTTP/1.1"), 400),
        (head(b"GET /%2e%2e HTTP/1.1"), 404),
        (head(b"GET /a\\b HTTP/1.1"), 404),
        (head(b"GET /a#b HTTP/1.1"), 404),
        (head(b"GET /" + b"a" * 3000 + b" HTTP/1.1"), 414),
        (head(host=b""), 400),
        (head(more=HOST), 400),
        (head(more=b" folded\r\n"), 400),
        (head(more=b"No colon\r\n"), 400),
        (head(more=b"Blank : x\r\n"), 400),
        (head(more=b": x\r\n"), 400),
        (head(more=b"X: a\x00b\r\n"), 400),
        (head(more=b"X: a\nY: b\r\n"), 400),
        (head(more=b"X: a\r\n" * 2), 400),
        (head(more=b"".join(b"X%d: a\r\n" % n for n in range(MOST_HEADERS))), 431),
        (head(more=b"Content-Length: -1\r\n"), 400),
        (head(more=b"Content-Length: 1, 1\r\n"), 400),
        (head(more=b"Content-Length: \xb2\r\n"), 400),
        (head(more=b"Content-Length: 1\r\nContent-Length: 1\r\n"), 400),
        (head(more=b"Content-Length: %d\r\n" % (MOST_BODY + 1)), 413),
        (head(more=b"Content-Length: 9999999999\r\n"), 400),
        (head(more=b"Transfer-Encoding: chunked\r\n"), 501),
        (head(more=b"Expect: 100-continue\r\n"), 417),
    ],
)
def test_what_is_none_of_ours_is_refused(what: bytes, status: int) -> None:
    with pytest.raises(RefusedError) as refused:
        read_head(what)
    assert refused.value.status == status


@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_or_refused(data: bytes) -> None:
    for whole in (data + b"\r\n\r\n", head(more=data + b"\r\n"), head(b"GET /" + data + b" HTTP/1.1")):
        try:
            found = read_head(whole)
        except RefusedError:
            continue
        assert set(found.path) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-")
        assert found.length <= MOST_BODY


def test_an_answer_lets_nobody_else_read_it_and_nothing_in_it_run() -> None:
    told = head_of(Response(body=b"ok", headers={"Cache-Control": "private"}), closes=True).decode()
    assert told.startswith("HTTP/1.1 200 OK\r\n")
    for line in ("nosniff", "default-src 'none'", "no-referrer", "Content-Length: 2", "Connection: close", "private"):
        assert line in told
    assert "no-store" not in told
    assert "Access-Control" not in told
    assert refusal(HTTPStatus.NOT_FOUND).body == b"404 Not Found\n"
