"""The proof of how far a request got."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any


class Sending:
    """Follows one request down to the socket: whether its first byte may have left, and whether its last may have."""

    def __init__(self) -> None:
        self.begun = False
        self.sent = False

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """The trace of httpx2, around what it does."""
        if event.endswith("send_request_body.started"):
            # A tunnel through a proxy is opened by a request of its own, which carries nothing of ours.
            self.begun = info["request"].method != b"CONNECT"
        elif event.endswith("send_request_body.complete"):
            self.sent = self.begun


SENDING: ContextVar[Sending] = ContextVar("sending")
"""Who follows the request that this task makes."""
