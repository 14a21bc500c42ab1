"""Fetching a picture that a server answered with an address for: at once, and never from inside our own network.

The rules are those of `addresses.py`; each redirect is checked anew. An address on the very origin the user configured
is trusted as that origin is.
"""

import asyncio

import httpx

from imgcli.addresses import AddressError, origin, pinned, public_address, require_callable, require_one_reading, tls
from imgcli.ports import Easel

MAX_BYTES = 60 * 1024 * 1024
MAX_REDIRECTS = 3
SECONDS = 60.0


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
            httpx.AsyncClient(verify=tls(), follow_redirects=False, trust_env=False, timeout=seconds) as client,
        ):
            await _follow(client, httpx.URL(url), origin(httpx.URL(base_url)), easel)
    except TimeoutError as error:
        raise FetchError(f"it took more than {seconds:g} s") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"{type(error).__name__}: {error}") from error


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
    plain = {"Accept-Encoding": "identity"}
    try:
        require_one_reading(url)
        if origin(url) == trusted_origin:
            return client.build_request("GET", url, headers=plain)
        address = await public_address(*require_callable(url))
    except AddressError as error:
        raise FetchError(str(error)) from error
    return pinned(client, "GET", url, address, plain)


async def _copy(response: httpx.Response, easel: Easel) -> None:
    if response.status_code != httpx.codes.OK:
        raise FetchError(f"it answered {response.status_code}")
    total = 0
    async for block in response.aiter_bytes():
        total += len(block)
        if total > MAX_BYTES:
            raise FetchError(f"it is larger than {MAX_BYTES // 1024 // 1024} MiB")
        await easel.write(block)
