"""Addresses that servers send: fetched from their own origin or from the public web, never from inside our network."""

import asyncio
import itertools
from collections.abc import Coroutine
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.addresses import origin
from imgcli.errors import StorageError
from imgcli.providers.openai.fetch import MAX_BYTES, MAX_REDIRECTS, FetchError, _request, fetch
from tests.fakes.easel import Keeps
from tests.fakes.web import Said, Web, said

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
ELSEWHERE = "https://pictures.example/v1"
REFUSALS = (
    "is not a public address",
    "only plain https",
    "a name, a password or a backslash",
    "is not known",
    "InvalidURL",
    "ValueError",
    "UnicodeEncodeError",
    "Invalid URL in location",
)


class Paper(Keeps):
    """An easel; it can be full, or take for ever."""

    def __init__(self, *, full: bool = False, slow: bool = False) -> None:
        super().__init__()
        self.full, self.slow = full, slow

    async def write(self, data: bytes) -> None:
        if self.full:
            raise StorageError("no room")
        if self.slow:
            await asyncio.Event().wait()
        await super().write(data)


def done(story: Coroutine[Any, Any, Any]) -> Any:
    async def quickly() -> Any:
        async with asyncio.timeout(10):
            return await story

    return asyncio.run(quickly())


def get(*answers: Said, path: str = "/x.png") -> tuple[bytes, Web]:
    """What is fetched from a server that answers so, on its own origin."""

    async def story() -> tuple[bytes, Web]:
        paper = Paper()
        async with Web(*answers) as web:
            await fetch(web.url + path, web.url + "/v1", paper)
        return bytes(paper.data), web

    got: tuple[bytes, Web] = done(story())
    return got


IPV4 = """
127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 0177.0.0.1 017700000001 0177.1
0 0.0.0.0 0.1.2.3 127.0.0.1. 00000177.0.0.1 127.0.0.0x1
10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.257 0xc0a80001
169.254.169.254 169.254.170.2 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518
100.64.0.1 100.100.100.200 100.127.255.255
192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
"""
IPV6 = """
::1 :: 0:0:0:0:0:0:0:1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:169.254.169.254 ::ffff:10.0.0.1 ::ffff:100.64.0.1
::127.0.0.1 ::ffff:0:127.0.0.1 ::8.8.8.8 64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::a00:1
2002:7f00:1:: 2002:a9fe:a9fe::1 2002:808:808::1 2001:0:4136:e378:8000:63bf:3fff:fdd2
fe80::1 fe80::1%25eth0 fe80::1%lo ::1%25lo fc00::1 fd00:ec2::254 fec0::1 ff02::1 ff0e::1 2001:db8::1 100::1
5f00::1 4000::1 1::1
"""
NAMES = """
localhost LOCALHOST localhost. 127。0。0。1 127．0．0．1 ①②⑦.⓪.⓪.① ｌｏｃａｌｈｏｓｔ 127%2e0%2e0%2e1 %31%32%37.0.0.1 a..b .
"""
WRITTEN_ODDLY = [
    "https://pictures.example@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}@8.8.8.8/",
    "https://name:word@8.8.8.8/",
    "https://8.8.8.8\\@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\\@8.8.8.8/",
    "https://8.8.8.8\\.pictures.example/",
    "https:\\\\127.0.0.1:{port}\\x",
    "https:/127.0.0.1:{port}/x",
    "https:127.0.0.1:{port}/x",
    "//127.0.0.1:{port}/x",
    "/x.png",
    "x.png",
    "",
    " ",
    "https://",
    "https:///x.png",
    "https://:443/x.png",
    "https://[::1",
    "https://[x]/",
    "https://[127.0.0.1]:{port}/",
    "https://[::1]x:{port}/",
    "https://127.0.0.1:{port}#@8.8.8.8/",
    "https://127.0.0.1:{port}?@8.8.8.8/",
    "https://8.8.8.8:0/",
    "https://8.8.8.8:-1/",
    "https://8.8.8.8:65536/",
    "https://8.8.8.8:443443443443/",
    "https://8.8.8.8:http/",
    "https://127.0.0.1:{port}\t/x",
    "https://127.0.0.1\n:{port}/x",
    "https://8.8.8.8\x00.127.0.0.1/",
    " https://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/",
    "http://8.8.8.8/x.png",
    "HTTP://8.8.8.8/x.png",
    "ftp://8.8.8.8/x.png",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "ws://127.0.0.1:{port}/",
    "javascript:alert(1)",
    "data:image/png;base64,AAAA",
    "https://" + "a" * 70 + ".example/",
    "https://8.8.8.8/" + "a" * 70_000,
    "https://\ud800/",
]
SPELLINGS = [
    *(f"https://{host}:{{port}}/x.png" for host in f"{IPV4} {NAMES}".split()),
    *(f"https://[{host}]:{{port}}/x.png" for host in IPV6.split()),
    *WRITTEN_ODDLY,
]


def test_no_spelling_of_an_inner_address_is_fetched() -> None:
    """A server on loopback waits for any of them; it must not even see a connection."""

    async def story() -> list[str]:
        passed = []
        async with Web(said(200, PICTURE)) as inner:
            for spelling in SPELLINGS:
                url = spelling.replace("{port}", str(inner.port))
                try:
                    await fetch(url, ELSEWHERE, Paper())
                except FetchError as error:
                    if not any(part in str(error) for part in REFUSALS):
                        passed.append(f"{url[:80]!r}: {error}")
                else:
                    passed.append(url)
            assert inner.connections == 0
        return passed

    assert len(SPELLINGS) >= 120
    assert done(story()) == []


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """Resolved once and pinned, so that a name cannot point elsewhere a moment later; the certificate is the name's."""

    async def story() -> httpx.Request:
        async with httpx.AsyncClient() as client:
            return await _request(client, httpx.URL("https://134744072:8443/a.png?b=c"), ELSEWHERE)

    request = done(story())
    assert str(request.url) == "https://8.8.8.8:8443/a.png?b=c"
    assert request.headers["host"] == "134744072:8443"
    assert request.extensions["sni_hostname"] == "134744072"
    assert "authorization" not in request.headers
    assert "cookie" not in request.headers


@settings(max_examples=60)
@given(st.text(alphabet="[]:/@\\%?#.0\t \u3002\uff0f", max_size=20))
def test_a_strange_address_is_refused_and_is_no_bug(text: str) -> None:
    for url in (f"https://{text}", text):
        with pytest.raises(FetchError):
            done(fetch(url, ELSEWHERE, Paper()))


def test_a_picture_on_the_servers_own_origin() -> None:
    data, web = get(said(200, PICTURE))
    assert data == PICTURE
    head = web.seen[0].lower()
    assert head.startswith("get /x.png http/1.1")
    assert "accept-encoding: identity" in head
    assert "authorization" not in head


def test_a_path_of_windows_is_no_trick() -> None:
    data, web = get(said(200, PICTURE), path="/made\\x.png")
    assert data == PICTURE
    assert web.seen[0].startswith("GET /made")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://h:80/v1", "http://H/x", True),
        ("https://h/v1", "https://h:443/x", True),
        ("https://bücher.example/", "https://xn--bcher-kva.example/x", True),
        ("http://[::1]:5/v1", "http://[::1]:5/x", True),
        ("http://h/v1", "https://h/x", False),
        ("http://h:8080/v1", "http://h:8081/x", False),
        ("http://h/v1", "http://h.evil/x", False),
        ("http://127.0.0.1:8080/v1", "http://localhost:8080/x", False),
    ],
)
def test_origins(one: str, other: str, same: bool) -> None:
    assert (origin(httpx.URL(one)) == origin(httpx.URL(other))) is same


@pytest.mark.parametrize("trick", ["name@", "name:word@", "x\\@"])
def test_no_credentials_even_on_the_servers_own_origin(trick: str) -> None:
    async def story() -> None:
        async with Web(said(200, PICTURE)) as web:
            url = web.url.replace("//", f"//{trick}")
            with pytest.raises(FetchError, match="a name, a password or a backslash"):
                await fetch(f"{url}/x.png", web.url, Paper())
            assert web.connections == 0

    done(story())


def test_another_port_of_the_same_host_is_another_origin() -> None:
    async def story() -> None:
        async with Web(said(200, PICTURE)) as web, Web(said(200, PICTURE)) as other:
            with pytest.raises(FetchError, match="only plain https"):
                await fetch(f"{other.url}/x.png", f"{web.url}/v1", Paper())
            assert other.connections == 0

    done(story())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_on_the_origin_are_followed(status: int) -> None:
    data, web = get(said(status, b"not this", location="/y/../z.png"), said(200, PICTURE))
    assert data == PICTURE
    assert web.seen[1].startswith("GET /z.png")


def test_redirects_have_an_end() -> None:
    away = said(302, location="/again")
    assert get(*[away] * MAX_REDIRECTS, said(200, PICTURE))[0] == PICTURE
    with pytest.raises(FetchError, match="redirects more than 3 times"):
        get(away)


@pytest.mark.parametrize(
    "location",
    [
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "http://127.0.0.1:{port}/",
        "http://8.8.8.8/",
        "//127.0.0.1:{port}/x",
        "https://name@8.8.8.8/",
        "file:///etc/passwd",
        "https://[bad/",
        "http://[::1",
        "https://8.8.8.8:99999/",
        "https://\xff\xfe/",
    ],
)
def test_each_redirect_is_checked_anew(location: str) -> None:
    async def story() -> None:
        async with Web(said(200, PICTURE)) as inner:
            away = said(302, location=location.replace("{port}", str(inner.port)))
            async with Web(said(302, location="/once"), away) as web:
                with pytest.raises(FetchError) as caught:
                    await fetch(f"{web.url}/x.png", f"{web.url}/v1", Paper())
            assert any(part in str(caught.value) for part in REFUSALS), caught.value
            assert inner.connections == 0

    done(story())


@pytest.mark.parametrize("status", [201, 204, 206, 300, 302, 304, 400, 403, 404, 410, 500, 503])
def test_only_a_200_is_a_picture(status: int) -> None:
    body = b"" if status in {204, 304} else PICTURE
    with pytest.raises(FetchError, match=f"it answered {status}"):
        get(said(status, body))


def test_an_answer_without_end_is_cut_at_the_limit() -> None:
    block = bytes(1 << 20)
    head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"
    with pytest.raises(FetchError, match="larger than 60 MiB"):
        get(itertools.chain([head], itertools.repeat(block)))
    whole = itertools.chain([head], itertools.repeat(block, MAX_BYTES >> 20))
    assert len(get(whole)[0]) == MAX_BYTES


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        said(200, b"not gzip", content_encoding="gzip"),
    ],
)
def test_answers_that_are_none(answer: bytes) -> None:
    with pytest.raises(FetchError):
        get(answer)


def test_silence_has_an_end() -> None:
    async def story() -> None:
        async with Web(None) as web:
            with pytest.raises(FetchError):
                await fetch(f"{web.url}/x.png", web.url, Paper(), seconds=0.1)

    done(story())


def test_the_time_covers_an_easel_that_takes_for_ever() -> None:
    async def story() -> None:
        async with Web(said(200, PICTURE)) as web:
            with pytest.raises(FetchError, match=r"more than 0\.1 s"):
                await fetch(f"{web.url}/x.png", web.url, Paper(slow=True), seconds=0.1)

    done(story())


def test_a_full_disk_is_the_disks_fault_and_hangs_up() -> None:
    async def story() -> None:
        async with Web(said(200, PICTURE)) as web:
            with pytest.raises(StorageError, match="no room"):
                await fetch(f"{web.url}/x.png", web.url, Paper(full=True))

    done(story())


def test_nobody_there() -> None:
    async def story() -> None:
        async with Web(said(200)) as web:
            url = web.url
        with pytest.raises(FetchError, match="ConnectError"):
            await fetch(f"{url}/x.png", url, Paper())

    done(story())
