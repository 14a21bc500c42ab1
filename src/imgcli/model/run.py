"""One invocation that may spend."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """`id` is a UUIDv7; `usd` caps this run in nano-USD (`--max-cost`), None for no cap."""

    id: str
    command: str
    user: str
    host: str
    pid: int
    usd: int | None = None
