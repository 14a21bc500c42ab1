"""What counts as begun, and as sent."""

import asyncio
from types import SimpleNamespace

import pytest

from imgcli.providers.openai.sending import Sending


@pytest.mark.parametrize(("method", "counts"), [(b"POST", True), (b"CONNECT", False)])
def test_a_tunnel_carries_nothing_of_ours(method: bytes, counts: bool) -> None:
    sending, info = Sending(), {"request": SimpleNamespace(method=method)}
    asyncio.run(sending.trace("http11.send_request_headers.complete", info))
    assert (sending.begun, sending.sent) == (False, False)
    asyncio.run(sending.trace("http11.send_request_body.started", info))
    assert (sending.begun, sending.sent) == (counts, False)
    asyncio.run(sending.trace("http11.send_request_body.complete", info))
    assert (sending.begun, sending.sent) == (counts, counts)
