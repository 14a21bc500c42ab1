"""Fetching a picture that a server answered with an address for: at once, and never from inside our own network.

Rules (OWASP, server-side request forgery): https only, no credentials, the name is resolved once, every address must
be public, the connection goes to that very address, each redirect is checked anew. An address on the very origin the
user configured is trusted as that origin is. One parser reads an address for all of them: two could disagree on
where it leads.
"""

import asyncio
import ipaddress
import socket
import ssl
from functools import cache

import httpx

from imgcli.ports import Easel

MAX_BYTES = 60 * 1024 * 1024
MAX_REDIRECTS = 3
SECONDS = 60.0

UNICAST = ipaddress.IPv6Network("2000::/3")
"""The only part of IPv6 given out for hosts on the Internet (IANA, IPv6 address space)."""

SPECIAL = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("192.88.99.0/24"))
"""Protocol assignments and 6to4 relays (RFC 6890, RFC 7526), which Python 3.11 counts as global."""


class FetchError(Exception):
    """The address was refused or gave no bytes; the message is for the user."""


async def fetch(url: str, base_url: str, easel: Easel, seconds: float = SECONDS) -> None:
    """Write the bytes at `url` to `easel`, in blocks.

    Args:
        url: as the server sent it, untrusted.
        base_url: of the server itself; its origin is trusted.
        easel: where they go.
        seconds: for all of it.

    Raises:
        FetchError: refused, or not fetched.
    """
    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(verify=_tls(), follow_redirects=False, trust_env=False, timeout=seconds) as client,
        ):
            await _follow(client, httpx.URL(url), origin(httpx.URL(base_url)), easel)
    except TimeoutError as error:
        raise FetchError(f"it took more than {seconds:g} s") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"{type(error).__name__}: {error}") from error


@cache
def _tls() -> ssl.SSLContext:
    # Reading the certificates of the web takes longer than fetching many a picture.
    return httpx.create_ssl_context(trust_env=False)


def origin(url: httpx.URL) -> str:
    """`scheme://host:port` in one spelling."""
    return f"{url.scheme}://{_host(url)}:{_port(url)}"


async def _follow(client: httpx.AsyncClient, url: httpx.URL, trusted_origin: str, easel: Easel) -> None:
    for _ in range(MAX_REDIRECTS + 1):
        response = await client.send(await _request(client, url, trusted_origin), stream=True)
        try:
            if not response.has_redirect_location:
                await _copy(response, easel)
                return
            url = url.join(response.headers["location"])
        finally:
            await response.aclose()
    raise FetchError(f"it redirects more than {MAX_REDIRECTS} times")


async def _request(client: httpx.AsyncClient, url: httpx.URL, trusted_origin: str) -> httpx.Request:
    host, port, plain = _host(url), _port(url), {"Accept-Encoding": "identity"}
    if url.userinfo or "\\" in host:
        raise FetchError("an address with a name, a password or a backslash before its path is not fetched")
    if origin(url) == trusted_origin:
        return client.build_request("GET", url, headers=plain)
    if url.scheme != "https" or not host or not 0 < port < 65536:
        raise FetchError("only plain https addresses are fetched")
    address = await public_address(host, port)
    # The certificate is still checked against the name, so a pinned address cannot be someone else.
    return client.build_request(
        "GET",
        url.copy_with(host=address),
        headers=plain | {"Host": url.netloc.decode("ascii")},
        extensions={"sni_hostname": host},
    )


def _host(url: httpx.URL) -> str:
    """The host as it is resolved: ASCII, lower case."""
    return url.raw_host.decode("ascii").lower()


def _port(url: httpx.URL) -> int:
    return {"https": 443, "http": 80}.get(url.scheme, 0) if url.port is None else url.port


async def public_address(host: str, port: int) -> str:
    """The address to connect to, if every address of `host` is public.

    Raises:
        FetchError: one is not, or there is none.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{host} is not known ({error})") from error
    addresses = [entry[4][0] for entry in found]
    if not addresses or not all(is_public(str(address)) for address in addresses):
        raise FetchError(f"{host} is not a public address")
    return str(addresses[0])


def is_public(address: str) -> bool:
    """False for private, loopback, link-local, multicast, shared, reserved, tunnelled and translated addresses."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip not in UNICAST or ip.sixtofour is not None or ip.teredo is not None:
            return False
    elif any(ip in network for network in SPECIAL):
        return False
    return ip.is_global and not ip.is_multicast


async def _copy(response: httpx.Response, easel: Easel) -> None:
    if response.status_code != httpx.codes.OK:
        raise FetchError(f"it answered {response.status_code}")
    total = 0
    async for block in response.aiter_bytes():
        total += len(block)
        if total > MAX_BYTES:
            raise FetchError(f"it is larger than {MAX_BYTES // 1024 // 1024} MiB")
        await easel.write(block)
