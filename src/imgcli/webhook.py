"""Telling a server of the user's that a run has ended: signed, bounded, and never inside our own network.

The headers and the signature are those of Standard Webhooks: `webhook-id` is the same for every try, so that whoever
gets it twice knows; `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, one for each
secret. The address comes from the config or the environment alone, and keeps to the rules of `addresses.py`.
"""

import asyncio
import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx

from imgcli.addresses import AddressError, Resolve, pinned, public_address, require_callable, resolved, tls
from imgcli.model.secret import Secret

PAUSES = (1.0, 4.0)
"""Seconds between the tries."""

SECONDS_EACH = 5.0
SECONDS = 20.0
"""For one try, and for all of it: nobody waits longer for his prompt to come back."""

LEAST_SECRET = 24
"""Bytes, as Standard Webhooks asks for."""

MARK = "whsec_"
"""What a secret begins with whose rest is base64."""

AGAIN_LATER = frozenset({408, 425, 429})
"""Answers below 500 after which the same message may be taken."""


class WebhookError(Exception):
    """The message was not delivered, or cannot be; the text is for the user and holds neither path nor secret."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is delivered: an `id` that stays the same however often it is sent, and JSON."""

    id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Outside:
    """What a delivery has of the world.

    Attributes:
        now: seconds since 1970.
        pause: waits so many seconds.
        resolve: the addresses of a name.
        transport: how it connects; None for the web.
    """

    now: Callable[[], float]
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    resolve: Resolve = resolved
    transport: httpx.AsyncBaseTransport | None = None


def secrets_of(text: Secret) -> list[bytes]:
    """The keys in a secret: one, or two with a comma between them while receivers change from one to the other.

    Raises:
        WebhookError: one is none.
    """
    parts = [part.strip() for part in text.reveal().split(",") if part.strip()]
    if len(parts) > 2:
        raise WebhookError("the secret is more than two; give the new one and the old one")
    return [_key(part) for part in parts]


def _key(text: str) -> bytes:
    if text.startswith(MARK):
        try:
            key = base64.b64decode(text.removeprefix(MARK), validate=True)
        except (binascii.Error, ValueError):
            raise WebhookError(f"the secret begins with {MARK} and is not base64 behind it") from None
    else:
        key = text.encode()
    if len(key) < LEAST_SECRET:
        raise WebhookError(f"the secret is shorter than {LEAST_SECRET} bytes; make one with  openssl rand -base64 32")
    return key


def sign(keys: Sequence[bytes], message: Message, timestamp: int) -> str:
    """The header `webhook-signature`: a signature for each key, blanks between them."""
    signed = b".".join((message.id.encode(), str(timestamp).encode(), message.body))
    return " ".join(f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}" for key in keys)


def headers(keys: Sequence[bytes], message: Message, timestamp: int) -> Mapping[str, str]:
    return {
        "content-type": "application/json",
        "user-agent": "imgcli",
        "accept-encoding": "identity",
        "webhook-id": message.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(keys, message, timestamp),
    }


async def deliver(url: str, keys: Sequence[bytes], message: Message, outside: Outside) -> int:
    """Send `message` until it is taken, a few times at most. Returns how many tries it took.

    The name is resolved once, for all tries. No redirect is followed, no proxy asked, and no answer read.

    Raises:
        WebhookError: it was not taken, or is not sent there.
    """
    if not keys:
        raise WebhookError("it has no secret to sign with; type  imgcli config set-key webhook")
    try:
        async with asyncio.timeout(SECONDS):
            return await _deliver(httpx.URL(url), keys, message, outside)
    except TimeoutError as error:
        raise WebhookError(f"it took more than {SECONDS:g} s") from error
    except (httpx.InvalidURL, AddressError, ValueError) as error:
        raise WebhookError(str(error)) from error


async def _deliver(url: httpx.URL, keys: Sequence[bytes], message: Message, outside: Outside) -> int:
    address = await public_address(*require_callable(url), outside.resolve)
    problem = ""
    async with httpx.AsyncClient(
        verify=tls() if outside.transport is None else True,
        follow_redirects=False,
        trust_env=False,
        timeout=SECONDS_EACH,
        transport=outside.transport,
    ) as client:
        for tries, pause in enumerate((*PAUSES, None), 1):
            stamped = headers(keys, message, int(outside.now()))
            request = pinned(client, "POST", url, address, stamped, message.body)
            problem = await _try(client, request)
            if not problem:
                return tries
            if pause is not None:
                await outside.pause(pause)
    raise WebhookError(f"{problem}, {len(PAUSES) + 1} times")


async def _try(client: httpx.AsyncClient, request: httpx.Request) -> str:
    """Why it was not taken, and may be the next time; empty if it was.

    Raises:
        WebhookError: it would not be taken the next time either.
    """
    try:
        async with asyncio.timeout(SECONDS_EACH):
            response = await client.send(request, stream=True)
    except (TimeoutError, httpx.TimeoutException):
        return f"no answer within {SECONDS_EACH:g} s"
    except httpx.HTTPError as error:
        return type(error).__name__
    await response.aclose()
    if response.is_success:
        return ""
    told = f"it answered {response.status_code}"
    if response.is_server_error or response.status_code in AGAIN_LATER:
        return told
    raise WebhookError(f"{told}{', and redirects are not followed' if response.is_redirect else ''}")
