"""The entry of a picture in the cache directory: its sidecar, and a hash over all of it."""

import hashlib
import json
from typing import NamedTuple

EXTENSIONS = ("png", "jpg", "webp", "gif")


class Facts(NamedTuple):
    """What an entry tells of its picture.

    Attributes:
        key: of its job.
        extension: of its file.
        loose: the key that jobs share whose words have the same form; empty if none is to find it.
        story: its sidecar.
    """

    key: str
    extension: str
    sha256: str
    size_bytes: int
    loose: str
    story: str


def entry_text(facts: Facts) -> bytes:
    """One line of JSON."""
    body = json.dumps(facts, ensure_ascii=True, separators=(",", ":"))
    check = hashlib.sha256(body.encode()).hexdigest()
    return f'{{"imgcli_cache":1,"check":"{check}","entry":{body}}}\n'.encode()


def parse_entry(text: bytes, key: str) -> Facts | None:
    """The opposite; None for what is not, to the bit, the text that was written for `key`."""
    try:
        told = json.loads(text)["entry"]
        if [type(each) for each in told] != [str, str, str, int, str, str]:
            return None
        facts = Facts(*told)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    # Written again it must be the same, byte by byte: no bit of it may have turned.
    return facts if text == entry_text(facts) and facts.key == key and facts.extension in EXTENSIONS else None
