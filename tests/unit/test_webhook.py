"""A server that is told of a run: only one on the open web, only once for all, and so that it can tell who says it."""

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli import webhook
from imgcli.model.secret import Secret
from imgcli.webhook import PAUSES, Message, WebhookError, deliver, headers, secrets_of, sign
from tests.fakes.hooks import NOW, World
from tests.fakes.web import Said, Web, said
from tests.rows import each_row

KEY = b"0123456789abcdef0123456789abcdef"
MESSAGE = Message("msg_1", b'{"type":"run.ended"}')


def done(story: Coroutine[Any, Any, Any]) -> Any:
    async def quickly() -> Any:
        async with asyncio.timeout(10):
            return await story

    return asyncio.run(quickly())


def delivered(*answers: Said, url: str = "https://hooks.example/in?x=1", keys: Any = (KEY,)) -> tuple[int, World, Web]:
    async def story() -> tuple[int, World, Web]:
        async with Web(*answers) as web:
            world = World(web.port)
            return await deliver(url, keys, MESSAGE, world.outside), world, web

    told: tuple[int, World, Web] = done(story())
    return told


def refused(
    *answers: Said, url: str = "https://hooks.example/in", addresses: tuple[str, ...] = ("8.8.8.8",), keys: Any = (KEY,)
) -> tuple[str, World, Web]:
    async def story() -> tuple[str, World, Web]:
        async with Web(*(answers or (said(200),))) as web:
            world = World(web.port, [*addresses])
            with pytest.raises(WebhookError) as caught:
                await deliver(url, keys, MESSAGE, world.outside)
            return str(caught.value), world, web

    told: tuple[str, World, Web] = done(story())
    return told


# Where it goes

INSIDE = """
127.0.0.1 127.1.2.3 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 100.64.0.1 100.127.255.255
192.0.0.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255
::1 :: fe80::1 fc00::1 fd00:ec2::254 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
64:ff9b::7f00:1 64:ff9b:1::a00:1 2002:7f00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1
"""


@each_row("address", INSIDE.split())
def test_a_name_that_leads_inside_is_not_called(address: str) -> None:
    """Alone, and hidden behind an address of the open web."""
    for addresses in ((address,), ("8.8.8.8", address)):
        told, world, web = refused(addresses=addresses)
        assert told == "hooks.example is not a public address"
        assert (web.connections, world.transport.asked) == (0, [])


@each_row(
    "url",
    [
        "http://hooks.example/in",
        "https://me:word@hooks.example/in",
        "https://me@hooks.example/in",
        "https://hooks.example\\@127.0.0.1/in",
        "https://hooks.example:0/in",
        "https://hooks.example:65536/in",
        "https:///in",
        "https://[::1",
        "file:///etc/passwd",
        "ftp://hooks.example/in",
        "//hooks.example/in",
        "",
    ],
)
def test_an_address_that_is_none_is_not_called(url: str) -> None:
    _, world, web = refused(url=url)
    assert (web.connections, world.transport.asked) == (0, [])


def test_the_name_is_resolved_once_and_every_try_goes_to_that_address() -> None:
    tries, world, _ = delivered(said(503), said(503), said(204))
    assert tries == 3
    assert world.names == ["hooks.example"]
    assert world.transport.asked == [("8.8.8.8", "hooks.example", "hooks.example")] * 3


def test_a_redirect_is_not_followed() -> None:
    for status in (301, 302, 303, 307, 308):
        told, _, web = refused(said(status, location="https://elsewhere.example/"))
        assert told == f"it answered {status}, and redirects are not followed"
        assert web.connections == 1


def test_the_web_is_called_at_that_address_and_no_proxy_of_the_environment_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the client that really connects: the guard of the tests says where it wants to go."""

    async def story() -> None:
        async with Web(said(200)) as proxy:
            for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY"):
                monkeypatch.setenv(name, proxy.url)
            outside = replace(World(proxy.port).outside, transport=None)
            with pytest.raises(ExceptionGroup) as caught:
                await deliver("https://hooks.example/in", [KEY], MESSAGE, outside)
            assert caught.group_contains(RuntimeError, match=r"do not connect to 8\.8\.8\.8")
            assert proxy.connections == 0

    done(story())


# How often


def test_it_is_sent_again_with_the_same_id_a_few_times_at_most() -> None:
    told, world, web = refused(said(500))
    assert told == "it answered 500, 3 times"
    assert world.pauses == [*PAUSES]
    heads = [head(seen) for seen in web.seen]
    assert [one["webhook-id"] for one in heads] == ["msg_1"] * 3
    assert len({one["webhook-timestamp"] for one in heads}) == 3, "each try says when it was made"
    for one, body in zip(heads, web.bodies, strict=True):
        assert one["webhook-signature"] == sign([KEY], Message("msg_1", body), int(one["webhook-timestamp"]))


@each_row("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_be_taken_later_is_sent_again(status: int) -> None:
    assert delivered(said(status), said(200))[0] == 2


@each_row("status", [400, 401, 403, 404, 405, 410, 413, 422])
def test_what_will_never_be_taken_is_not(status: int) -> None:
    told, _, web = refused(said(status))
    assert (told, web.connections) == (f"it answered {status}", 1)


@each_row("answer", [b"", b"SSH-2.0-OpenSSH_9.9\r\n", b"HTTP/1.1 999999 no\r\n\r\n"])
def test_nonsense_is_tried_again_and_told(answer: bytes) -> None:
    told, _, web = refused(answer)
    assert "Error, 3 times" in told
    assert web.connections == 3


def test_silence_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS_EACH", 0.05)
    assert refused(None)[0] == "no answer within 0.05 s, 3 times"
    monkeypatch.setattr(webhook, "SECONDS", 0.02)
    assert refused(None)[0] == "it took more than 0.02 s"


def test_an_answer_is_not_read() -> None:
    """A server that pours for ever is left after its head."""
    assert delivered(b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\nand so on")[0] == 1


# Who says it


def test_the_example_of_the_standard() -> None:
    """As the libraries of Standard Webhooks test themselves."""
    (key,) = secrets_of(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    message = Message("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}')
    assert sign([key], message, 1614265330) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_headers_are_those_of_the_standard() -> None:
    _, _, web = delivered(said(200))
    got = head(web.seen[0])
    assert web.seen[0].startswith("POST /in?x=1 HTTP/1.1\r\n")
    assert got["webhook-id"] == "msg_1"
    assert got["webhook-timestamp"] == str(int(NOW))
    assert got["content-type"] == "application/json"
    signed = b"msg_1." + str(int(NOW)).encode() + b"." + MESSAGE.body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert got["webhook-signature"] == f"v1,{expected}"
    assert web.bodies == [MESSAGE.body]
    assert not {"cookie", "authorization"} & set(got)


def test_two_secrets_sign_both() -> None:
    keys = secrets_of(Secret("a-new-secret-0123456789-0123,an-old-secret-0123456789-012"))
    both = sign(keys, MESSAGE, 1).split(" ")
    assert both == [sign([key], MESSAGE, 1) for key in keys]
    assert len(set(both)) == 2


@given(
    st.tuples(st.text(min_size=1), st.integers(0, 2**40), st.binary()),
    st.tuples(st.text(min_size=1), st.integers(0, 2**40), st.binary()),
)
def test_another_id_time_or_body_has_another_signature(
    one: tuple[str, int, bytes], two: tuple[str, int, bytes]
) -> None:
    def signature(id_: str, at: int, body: bytes, key: bytes = KEY) -> str:
        # The id is ours and holds no dot; without that rule one could be split into two.
        return sign([key], Message(id_.replace(".", "_").encode(errors="replace").decode(), body), at)

    same = (one[0].replace(".", "_").encode(errors="replace"), *one[1:]) == (
        two[0].replace(".", "_").encode(errors="replace"),
        *two[1:],
    )
    assert (signature(*one) == signature(*two)) is same
    assert signature(*one) != signature(*one, key=KEY[::-1])


@each_row(
    ("text", "told"),
    [
        ("a-word", "shorter than 24 bytes"),
        ("whsec_c2hvcnQ=", "shorter than 24 bytes"),
        ("whsec_not base64!", "is not base64"),
        ("a-good-secret-0123456789-0123,short", "shorter than 24 bytes"),
        (",".join(["a-good-secret-0123456789-0123"] * 3), "more than two"),
    ],
)
def test_a_secret_that_is_none_is_refused_and_not_repeated(text: str, told: str) -> None:
    with pytest.raises(WebhookError, match=told) as caught:
        secrets_of(Secret(text))
    assert text not in str(caught.value)


def test_nothing_goes_out_unsigned() -> None:
    told, world, web = refused(keys=())
    assert "no secret" in told
    assert (web.connections, world.names) == (0, [])


def head(request: str) -> dict[str, str]:
    lines = request.split("\r\n\r\n", maxsplit=1)[0].split("\r\n")[1:]
    return {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines)}


def test_the_receiver_of_the_docs_believes_it_and_nobody_else() -> None:
    """The Python of docs/notify.md, word for word."""
    page = (Path(__file__).parents[2] / "docs" / "notify.md").read_text("utf-8")
    program = page.partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {}
    exec(compile(program, "docs/notify.md", "exec"), names)  # noqa: S102 - our own page
    is_ours, now = names["is_ours"], int(time.time())
    given = dict(headers([KEY, b"the old one 0123456789 0123"], MESSAGE, now))
    assert is_ours(KEY, given, MESSAGE.body)
    assert is_ours(b"the old one 0123456789 0123", given, MESSAGE.body)
    assert not is_ours(KEY, given, MESSAGE.body + b" ")
    assert not is_ours(KEY[::-1], given, MESSAGE.body)
    assert not is_ours(KEY, given | {"webhook-id": "msg_2"}, MESSAGE.body)
    assert not is_ours(KEY, given | {"webhook-timestamp": str(now + 1)}, MESSAGE.body)
    for seconds in (-301, 301):
        assert not is_ours(KEY, dict(headers([KEY], MESSAGE, now + seconds)), MESSAGE.body), "a replay"
    assert is_ours(KEY, dict(headers([KEY], MESSAGE, now - 290)), MESSAGE.body)
