import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus

import pytest

from imgcli.errors import UsageError
from imgcli.serving.door import Door, Limits
from imgcli.serving.wire import MOST_HEAD, RefusedError, Request, Response
from tests.rigs.loopback import PATIENCE, Loopback, body, loopback, said, status

GET = b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n"


BUSY, GATE = threading.Semaphore(0), asyncio.Event()
"""Of requests that are under way until they are let go."""


async def answer(request: Request) -> Response:
    match request.path:
        case "/poured":
            return Response(body=_poured())
        case "/torn":
            return Response(body=_torn())
        case "/refused":
            raise RefusedError(HTTPStatus.FORBIDDEN)
        case "/held":
            BUSY.release()
            await GATE.wait()
            return Response()
        case "/broken":
            raise ValueError("of somebody")
        case _:
            return Response(body=request.path.encode() + request.body)


async def _poured() -> AsyncIterator[bytes]:
    for _ in range(3):
        yield b"x" * 100_000


async def _torn() -> AsyncIterator[bytes]:
    yield b"half"
    raise ValueError("torn")


@pytest.fixture(scope="module")
def served() -> Iterator[Loopback]:
    with loopback(Limits(connections=8, request=0.3, idle=5.0, block=5.0)) as made:
        made.open(answer)
        yield made


def port_of(served: Loopback) -> int:
    assert served.door is not None
    return served.door.port


def test_requests_of_one_connection_are_answered_in_turn(served: Loopback) -> None:
    post = b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n123"
    told = said(port_of(served), GET % b"a" + post + GET % b"c")
    assert [part for part in (b"/a", b"/b123", b"/c") if part in told] == [b"/a", b"/b123", b"/c"]
    assert told.count(b"HTTP/1.1 200 OK") == 3
    # After one that is refused nothing that came with it is looked at.
    told = said(port_of(served), b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n" + GET % b"a")
    assert (status(told), told.count(b"HTTP/1.1")) == (404, 1)


def test_a_head_is_answered_without_its_body(served: Loopback) -> None:
    told = said(port_of(served), b"HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (status(told), body(told)) == (200, b"")
    assert b"Content-Length: 4" in told
    assert body(said(port_of(served), b"HEAD /poured HTTP/1.1\r\nHost: x\r\n\r\n")) == b""


def test_what_is_poured_out_is_whole_or_torn_for_all_to_see(served: Loopback) -> None:
    whole = body(said(port_of(served), GET % b"poured" + GET % b"a"))
    assert whole.startswith((b"%x\r\n" % 100_000 + b"x" * 100_000 + b"\r\n") * 3 + b"0\r\n\r\nHTTP/1.1 200 OK")
    told = body(said(port_of(served), GET % b"torn", hangs_up=False))
    assert told == b"4\r\nhalf\r\n"
    assert str(served.told[-1]) == "torn"


def test_one_request_that_fails_ends_nothing(served: Loopback) -> None:
    assert status(said(port_of(served), GET % b"broken")) == 500
    assert str(served.told[-1]) == "of somebody"
    assert status(said(port_of(served), GET % b"refused")) == 403
    assert status(said(port_of(served), GET % b"a")) == 200


def test_who_says_too_much_or_too_slowly_is_hung_up_on(served: Loopback) -> None:
    port = port_of(served)
    assert status(said(port, b"GET / HTTP/1.1\r\nX: " + b"a" * (2 * MOST_HEAD) + b"\r\n\r\n")) == 431
    assert status(said(port, b"GET / HTTP/1.1\r\nHost: x\r\n", hangs_up=False)) == 408
    slow = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12"
    assert status(said(port, slow, hangs_up=False)) == 408
    # Cut off in the middle, nobody is answered.
    assert said(port, b"GET / HT") == b""
    assert said(port, slow) == b""
    assert said(port) == b""


def test_connections_are_counted_and_let_go(served: Loopback) -> None:
    port = port_of(served)
    held = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(8)]
    for client in held:
        client.sendall(GET % b"held")
        assert BUSY.acquire(timeout=PATIENCE)
    assert said(port, GET % b"a") == b""
    served.loop.call_soon_threadsafe(GATE.set)
    for client in held:
        assert client.recv(9) == b"HTTP/1.1 "
    # A client that is killed leaves its place to another.
    for client in held:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        client.close()
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(status(_again(port)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 8


def test_who_says_nothing_keeps_nobody_out(served: Loopback) -> None:
    port = port_of(served)
    silent = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(8)]
    for client in silent[1:]:
        client.sendall(GET % b"a")
        assert client.recv(9) == b"HTTP/1.1 "
    silent[0].sendall(b"G")
    for _ in range(20):
        assert status(said(port, GET % b"a")) == 200
    assert silent[0].recv(1) == b""
    for client in silent:
        client.close()


def _again(port: int) -> bytes:
    """Until there is room: who was killed is not seen at once."""
    while not (told := said(port, GET % b"a")):
        pass
    return told


def test_both_loopback_addresses_answer_and_no_other(served: Loopback) -> None:
    port = port_of(served)
    assert status(said(port, GET % b"a", host="::1")) == 200
    assert served.door is not None
    bound = {sock.getsockname()[0] for server in served.door._servers for sock in server.sockets}
    assert bound == {"127.0.0.1", "::1"}


def test_a_port_that_is_taken_is_told_in_one_line(served: Loopback) -> None:
    port = port_of(served)

    async def second() -> None:
        door = Door(answer)
        try:
            await door.open(port)
        finally:
            await door.close()

    with pytest.raises(UsageError, match=f"port {port} is taken by another program; leave out --port"):
        asyncio.run(second())
