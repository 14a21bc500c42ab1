"""Addresses that servers send, where a name decides: what a resolver says is checked, once, and each hop anew.

The spellings of inner addresses are in `tests/unit/providers/openai/test_fetch.py`; here is what needs a resolver.
"""

import asyncio
import socket
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

import httpx
import pytest

from imgcli.addresses import is_public, public_address
from imgcli.providers.openai import fetch as fetching
from imgcli.providers.openai.fetch import FetchError, _request, fetch
from tests.fakes.easel import Keeps
from tests.fakes.web import Web, said

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
ELSEWHERE = "https://api.example/v1"


class Paper(Keeps):
    """An easel."""


class Resolver:
    """Answers from a table, a list of answers one after the other; `asked` are the names, in order."""

    def __init__(self) -> None:
        self.table: dict[str, list[Sequence[str]]] = {}
        self.asked: list[str] = []
        self._real = socket.getaddrinfo

    def say(self, name: str, *answers: Sequence[str]) -> None:
        self.table[name] = list(answers)

    def __call__(self, host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in self.table:
            if name and name[-1].isdigit():
                return self._real(host, port, *rest, **more)
            raise socket.gaierror(socket.EAI_NONAME, f"nobody is called {name}")
        self.asked.append(name)
        answers = self.table[name]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in found
        ]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    made = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", made)
    return made


def done(story: Coroutine[Any, Any, Any]) -> Any:
    async def quickly() -> Any:
        async with asyncio.timeout(10):
            return await story

    return asyncio.run(quickly())


INNER = """
127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.20.0.1 192.168.1.1 169.254.169.254 100.64.0.1 100.100.100.200 192.0.0.192
198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255
::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::a00:1 2002:7f00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 fe80::1 fe80::1%1 fc00::1 fd00:ec2::254 ff02::1
2001:db8::1 ::ffff:0:127.0.0.1 100::1
"""


@pytest.mark.parametrize("address", [*INNER.split()])
def test_a_name_that_leads_inside_is_refused(resolver: Resolver, address: str) -> None:
    """Alone, first, last, or hidden among addresses of the open web."""
    for answer in ([address], [address, "8.8.8.8"], ["8.8.8.8", address], ["8.8.8.8", "2606:4700::1", address]):
        resolver.say("pictures.example", answer)
        with pytest.raises(FetchError, match="is not a public address"):
            done(fetch("https://pictures.example/x.png", ELSEWHERE, Paper()))
    assert not is_public(address)


@pytest.mark.parametrize("answer", [[], ["not an address"], ["8.8.8.8", "999.1.1.1"]])
def test_a_resolver_that_talks_nonsense_is_not_believed(resolver: Resolver, answer: list[str]) -> None:
    resolver.say("pictures.example", answer)
    with pytest.raises(FetchError, match="is not a public address"):
        done(fetch("https://pictures.example/x.png", ELSEWHERE, Paper()))


def test_a_name_is_asked_for_once_and_cannot_lead_elsewhere_a_moment_later(resolver: Resolver) -> None:
    """DNS rebinding: the first answer is public, every later one is not."""
    resolver.say("pictures.example", ["8.8.8.8", "1.1.1.1"], ["127.0.0.1"])

    async def story() -> httpx.Request:
        async with httpx.AsyncClient() as client:
            return await _request(client, httpx.URL("https://Pictures.Example:8443/x.png"), ELSEWHERE)

    request = done(story())
    assert resolver.asked == ["pictures.example"]
    assert request.url.host == "8.8.8.8"
    assert request.headers["host"] == "pictures.example:8443"
    assert request.extensions["sni_hostname"] == "pictures.example"


def test_the_whole_fetch_asks_once_too(resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the client that really connects: it is given an address, so there is nothing left to ask."""
    resolver.say("pictures.example", ["8.8.8.8"], ["127.0.0.1"])
    opened: list[str] = []

    async def connect(_self: Any, host: str, *_rest: Any, **_more: Any) -> Any:
        opened.append(host)
        raise OSError("no way out of here")

    monkeypatch.setattr("httpcore._backends.auto.AutoBackend.connect_tcp", connect)
    with pytest.raises((FetchError, OSError)):
        done(fetch("https://pictures.example/x.png", ELSEWHERE, Paper()))
    assert opened == ["8.8.8.8"]
    assert resolver.asked == ["pictures.example"]


DOTS = ["。", "．", "｡"]  # what IDNA reads as a dot
NAMES = [
    *(f"inner{dot}example" for dot in DOTS),
    "INNER.EXAMPLE",
    "ｉｎｎｅｒ.example",
    "ⅰnner.example",
    "inner.example.",
    "inner.ex\u00adample",
    "ınner.example",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_resolved_as_it_is_connected_to(resolver: Resolver, name: str) -> None:
    """However it is written, it is refused, or the very name that was asked for is the one in the certificate."""
    for known in ("inner.example", "inner.example.", "xn--nner-q4a.example"):
        resolver.say(known, ["127.0.0.1"])
    with pytest.raises(FetchError):
        done(fetch(f"https://{name}/x.png", ELSEWHERE, Paper()))
    assert all(asked.isascii() for asked in resolver.asked)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("hop", [1, 2, 3])
def test_a_name_behind_a_redirect_is_resolved_and_checked_too(resolver: Resolver, status: int, hop: int) -> None:
    async def story() -> None:
        async with Web(said(200, PICTURE)) as inner:
            resolver.say("inner.example", ["127.0.0.1"])
            away = said(status, location=f"https://inner.example:{inner.port}/x.png")
            on = [said(302, location=f"/{at}") for at in range(hop - 1)]
            async with Web(*on, away) as web:
                with pytest.raises(FetchError, match=r"inner\.example is not a public address"):
                    await fetch(f"{web.url}/x.png", f"{web.url}/v1", Paper())
                assert len(web.seen) == hop
            assert inner.connections == 0

    done(story())
    assert resolver.asked == ["inner.example"]


def test_the_configured_server_by_another_name_is_not_that_server(resolver: Resolver) -> None:
    """Its origin is trusted as it is written in the config, not wherever a stranger's name happens to lead."""

    async def story() -> None:
        async with Web(said(200, PICTURE)) as web:
            resolver.say("friend.example", ["127.0.0.1"])
            for url in (f"https://friend.example:{web.port}/x", f"http://friend.example:{web.port}/x"):
                with pytest.raises(FetchError):
                    await fetch(url, f"{web.url}/v1", Paper())
            assert web.connections == 0

    done(story())


def test_no_proxy_of_the_environment_sees_a_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> bytes:
        paper = Paper()
        async with Web(said(200, PICTURE)) as web, Web(said(200, b"the proxy's")) as proxy:
            for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
                monkeypatch.setenv(name, proxy.url)
            await fetch(f"{web.url}/x.png", f"{web.url}/v1", paper)
            assert proxy.connections == 0
        return paper.data

    assert done(story()) == PICTURE


def test_a_resolver_that_never_answers_has_an_end(resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_args: Any, **_more: Any) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(fetching, "public_address", never)
    with pytest.raises(FetchError, match=r"more than 0\.05 s"):
        done(fetch("https://pictures.example/x.png", ELSEWHERE, Paper(), seconds=0.05))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_name_is_let_through(resolver: Resolver, address: str) -> None:
    resolver.say("pictures.example", [address])
    assert done(public_address("pictures.example", 443)) == address


def spellings() -> Iterator[str]:
    """Every way to write three inner addresses as one, two, three or four numbers of three bases."""
    for a, b, c, d in ((127, 0, 0, 1), (169, 254, 169, 254), (10, 0, 0, 1)):
        for form in (
            str,
            hex,
            lambda number: f"0{number:o}",
            lambda number: f"0X{number:X}",
            lambda number: f"000{number:o}",
        ):
            last = [d, c << 8 | d, b << 16 | c << 8 | d, a << 24 | b << 16 | c << 8 | d]
            for count, end in enumerate(reversed(last), 0):
                yield ".".join(form(number) for number in (*(a, b, c, d)[:count], end))


def test_no_numeral_of_an_inner_address_is_fetched() -> None:
    """Sixty spellings more, by rule and not by hand."""

    async def story() -> None:
        async with Web(said(200, PICTURE)) as inner:
            for host in spellings():
                with pytest.raises(FetchError):
                    await fetch(f"https://{host}:{inner.port}/x.png", ELSEWHERE, Paper())
            assert inner.connections == 0

    assert len(set(spellings())) >= 50
    done(story())
