"""Identifiers that sort by time."""

import uuid
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def uuid7(now: datetime, noise: bytes) -> str:
    """A version 7 UUID (RFC 9562): 48 bits of milliseconds, then 74 of the 80 bits of `noise`."""
    value = (now - EPOCH) // timedelta(milliseconds=1) << 80 | int.from_bytes(noise[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def time_of(name: str) -> datetime:
    """When a version 7 UUID was made."""
    return EPOCH + timedelta(milliseconds=uuid.UUID(name).int >> 80)
