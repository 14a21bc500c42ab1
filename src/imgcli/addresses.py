"""Which addresses of the web may be called, for all who call one that is not a provider's own.

Rules (OWASP, server-side request forgery): https only, no credentials, the name is resolved once, every address must
be public, and the connection goes to that very address. One parser reads an address for all of them: two could
disagree on where it leads.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import cache
from threading import Thread

import httpx

UNICAST = ipaddress.IPv6Network("2000::/3")
"""The only part of IPv6 given out for hosts on the Internet (IANA, IPv6 address space)."""

SPECIAL = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("192.88.99.0/24"))
"""Protocol assignments and 6to4 relays (RFC 6890, RFC 7526), which Python 3.11 counts as global."""

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""(host, port) -> all addresses of the host, as text."""


class AddressError(Exception):
    """An address that is not called; the message is for the user."""


async def resolved(host: str, port: int) -> list[str]:
    """All addresses of `host`.

    Raises:
        AddressError: nobody has that name.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str] | None, error: Exception | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(found or [])

    def ask() -> None:
        found, problem = None, None
        try:
            found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError) as error:
            problem = AddressError(f"{host} is not known ({error})")
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, found, problem)

    # The loop's own pool is waited for when it closes, and a resolver may take half a minute to give up.
    Thread(target=ask, name="resolver", daemon=True).start()
    return await answer


async def public_address(host: str, port: int, resolve: Resolve = resolved) -> str:
    """The address to connect to, if every address of `host` is public.

    Raises:
        AddressError: one is not, or there is none.
    """
    addresses = await resolve(host, port)
    if not addresses or not all(is_public(address) for address in addresses):
        raise AddressError(f"{host} is not a public address")
    return addresses[0]


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


def require_one_reading(url: httpx.URL) -> None:
    """Refuse an address written so that two readers could disagree on where it leads.

    Raises:
        AddressError: it is.
    """
    if url.userinfo or "\\" in host_of(url):
        raise AddressError("an address with a name, a password or a backslash before its path is not fetched")


def require_callable(url: httpx.URL) -> tuple[str, int]:
    """(host, port) of an address that may be called if it is public.

    Raises:
        AddressError: not https, or not plain.
    """
    require_one_reading(url)
    host, port = host_of(url), port_of(url)
    if url.scheme != "https" or not host or not 0 < port < 65536:
        raise AddressError("only plain https addresses are fetched")
    return host, port


def pinned(  # noqa: PLR0917 - one request
    client: httpx.AsyncClient,
    method: str,
    url: httpx.URL,
    address: str,
    headers: Mapping[str, str],
    content: bytes | None = None,
) -> httpx.Request:
    """A request for `url` to the very `address` that was checked."""
    # The certificate is still checked against the name, so a pinned address cannot be someone else.
    return client.build_request(
        method,
        url.copy_with(host=address),
        headers={**headers, "Host": url.netloc.decode("ascii")},
        content=content,
        extensions={"sni_hostname": host_of(url)},
    )


@cache
def tls() -> ssl.SSLContext:
    """The certificates of the web, read once: that takes longer than fetching many a picture."""
    return httpx.create_ssl_context(trust_env=False)


def origin(url: httpx.URL) -> str:
    """`scheme://host:port` in one spelling."""
    return f"{url.scheme}://{host_of(url)}:{port_of(url)}"


def host_of(url: httpx.URL) -> str:
    """The host as it is resolved: ASCII, lower case."""
    return url.raw_host.decode("ascii").lower()


def port_of(url: httpx.URL) -> int:
    return {"https": 443, "http": 80}.get(url.scheme, 0) if url.port is None else url.port
