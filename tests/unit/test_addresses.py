"""Which addresses may be called; spellings of inner ones are tried in `providers/openai/test_fetch.py`."""

import asyncio
import ipaddress
import socket
import threading
import time
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.addresses import AddressError, is_public, pinned, public_address, require_callable, resolved
from tests.rows import each_row

INSIDE = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
::/8 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
"""
INNER = [ipaddress.ip_network(text) for text in INSIDE.split()]


@each_row("network", INNER, ids=str)
def test_inner_networks_from_their_first_to_their_last_address(network: Any) -> None:
    for address in (network[0], network[1], network[network.num_addresses // 2], network[-1]):
        public_inside = address.version == 6 and address.ipv4_mapped and is_public(str(address.ipv4_mapped))
        assert not is_public(str(address)) or public_inside
        if address.version == 4:
            assert not is_public(f"::ffff:{address}")


@settings(max_examples=300)
@given(st.ip_addresses())
def test_what_counts_as_public_lies_in_no_inner_network(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if is_public(str(address)) and not (isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped):
        assert not any(address in network for network in INNER if network.version == address.version)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.0.0.1", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8"]
)
def test_the_public_web_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "8.8.8", "8.8.8.8/24", "08.8.8.8", "[::1]", "x"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)


def answering(*addresses: str) -> Any:
    async def resolve(_host: str, _port: int) -> list[str]:
        return list(addresses)

    return resolve


@each_row(
    "addresses",
    [(), ("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("fd00::1", "8.8.8.8"), ("nonsense",), ("64:ff9b::a00:1",)],
)
def test_a_name_is_public_if_all_its_addresses_are(addresses: tuple[str, ...]) -> None:
    with pytest.raises(AddressError, match=r"hooks\.example is not a public address"):
        asyncio.run(public_address("hooks.example", 443, answering(*addresses)))
    assert asyncio.run(public_address("hooks.example", 443, answering("8.8.8.8", "1.1.1.1"))) == "8.8.8.8"


def test_a_resolver_that_hangs_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop closes at once, though the thread that asks never comes back."""
    asked, never = threading.Event(), threading.Event()

    def hangs(*_args: Any, **_more: Any) -> Any:
        asked.set()
        never.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hangs)

    async def story() -> None:
        waiting = asyncio.ensure_future(resolved("hooks.example", 443))
        await asyncio.to_thread(asked.wait)
        waiting.cancel()
        await asyncio.wait({waiting})
        assert waiting.cancelled()

    began = time.monotonic()
    asyncio.run(story())
    assert time.monotonic() - began < 10
    never.set()


def test_a_name_that_nobody_has_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: Any, **_more: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(AddressError, match=r"hooks\.example is not known"):
        asyncio.run(resolved("hooks.example", 443))


@each_row(
    "url",
    ["http://8.8.8.8/", "https:///x", "https://8.8.8.8:0/", "https://me@8.8.8.8/", "https://me:word@8.8.8.8/", "/x"],
)
def test_only_plain_https_is_called(url: str) -> None:
    with pytest.raises(AddressError):
        require_callable(httpx.URL(url))


def test_the_name_stays_in_the_request_that_goes_to_an_address() -> None:
    async def story() -> httpx.Request:
        async with httpx.AsyncClient() as client:
            return pinned(client, "POST", httpx.URL("https://Hooks.Example:8443/a?b=c"), "8.8.8.8", {"x": "y"}, b"z")

    request = asyncio.run(story())
    assert str(request.url) == "https://8.8.8.8:8443/a?b=c"
    assert (request.headers["host"], request.headers["x"]) == ("hooks.example:8443", "y")
    assert request.extensions["sni_hostname"] == "hooks.example"
