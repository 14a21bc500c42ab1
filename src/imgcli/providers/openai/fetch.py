"""Fetching a picture that a server answered with an address for: at once, and never from inside our own network.

Rules (OWASP, server-side request forgery): https only, no credentials, the name is resolved once, every address must
be public, the connection goes to that very address, each redirect is checked anew. An address on the very origin the
user configured is trusted as that origin is.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from urllib.parse import urljoin, urlsplit

import httpx

MAX_BYTES = 60 * 1024 * 1024
MAX_REDIRECTS = 3
SECONDS = 60.0


class FetchError(Exception):
    """The address was refused or gave no bytes; the message is for the user."""


async def fetch(url: str, trusted_origin: str) -> AsyncIterator[bytes]:
    """The bytes at `url`, in blocks.

    Args:
        url: as the server sent it, untrusted.
        trusted_origin: `scheme://host:port` of the server itself.

    Raises:
        FetchError: refused, or not fetched.
    """
    try:
        async with (
            asyncio.timeout(SECONDS),
            httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=SECONDS) as client,
        ):
            for _ in range(MAX_REDIRECTS + 1):
                request = await _request(client, url, trusted_origin)
                response = await client.send(request, stream=True)
                try:
                    if response.is_redirect:
                        url = urljoin(url, response.headers.get("location", ""))
                        continue
                    if response.status_code != httpx.codes.OK:
                        raise FetchError(f"it answered {response.status_code}")
                    async for block in _bounded(response):
                        yield block
                    return
                finally:
                    await response.aclose()
            raise FetchError(f"it redirects more than {MAX_REDIRECTS} times")
    except (httpx.HTTPError, TimeoutError, httpx.InvalidURL) as error:
        raise FetchError(f"{type(error).__name__}: {error}") from error


def origin(url: str) -> str:
    """`scheme://host:port` in one spelling.

    Raises:
        FetchError: not a web address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise FetchError("it is not a web address") from None
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


async def _request(client: httpx.AsyncClient, url: str, trusted_origin: str) -> httpx.Request:
    parts = urlsplit(url)
    if origin(url) == trusted_origin:
        return client.build_request("GET", url)
    if parts.scheme != "https" or parts.username or parts.password or not parts.hostname or "\\" in url:
        raise FetchError("only plain https addresses are fetched")
    host = parts.hostname
    address = await public_address(host, parts.port or 443)
    pinned = httpx.URL(url).copy_with(host=address)
    # The certificate is still checked against the name, so a pinned address cannot be someone else.
    return client.build_request("GET", pinned, headers={"Host": parts.netloc}, extensions={"sni_hostname": host})


async def public_address(host: str, port: int) -> str:
    """The address to connect to, if every address of `host` is public.

    Raises:
        FetchError: one is not, or there is none.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise FetchError(f"{host} is not known ({error})") from error
    addresses = [entry[4][0] for entry in found]
    if not addresses or not all(is_public(str(address)) for address in addresses):
        raise FetchError(f"{host} is not a public address")
    return str(addresses[0])


def is_public(address: str) -> bool:
    """False for private, loopback, link-local, multicast, shared, reserved and translated addresses."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96") or ip in ipaddress.ip_network("64:ff9b:1::/48"):
            return False
    return ip.is_global and not ip.is_multicast


async def _bounded(response: httpx.Response) -> AsyncIterator[bytes]:
    total = 0
    async for block in response.aiter_bytes():
        total += len(block)
        if total > MAX_BYTES:
            raise FetchError(f"it is larger than {MAX_BYTES // 1024 // 1024} MiB")
        yield block
