"""Small pictures in the cache directory, by the SHA-256 of the pictures they were made from.

Nothing here is worth anything: what is wrong is a miss, and what is old makes room. Nothing is ever touched that is
not named as only this module names files.
"""

import os
import re
import secrets
import stat
import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from imgcli.durable import NEW_FILE
from imgcli.header import read_header
from imgcli.storage.disk import open_regular

MOST = 1024 * 1024 * 1024
"""Bytes that are kept of all."""

ROOM = 0.9
"""Of that, what is left after old ones made room."""

LARGEST = 1024 * 1024
"""Bytes of one."""

LONGEST = 1024
"""Pixels of a side of one."""

LEFT_OVER = 3600.0
"""Seconds after which what a dead process had begun is taken away."""

NAME = re.compile(r"[0-9a-f]{64}\.webp")
_DRAFT = re.compile(r"\.[0-9a-f]{64}\.[0-9a-f]{16}\.new")
_HASH = re.compile(r"[0-9a-f]{64}")


class SmallCache:
    """Satisfies `ports.Smalls`. Blocking; a directory that cannot be used keeps nothing, and nobody hears of it."""

    def __init__(self, directory: Path, most: int = MOST) -> None:
        self.directory = directory
        self.most = most

    def find(self, sha256: str) -> bytes | None:
        path = self.directory / f"{sha256}.webp"
        if not _HASH.fullmatch(sha256):
            return None
        try:
            with open_regular(path) as file:
                data = file.read(LARGEST + 1)
            if not is_small(data):
                return None
            os.utime(path)  # the last that was of use makes room last
        except OSError:
            return None
        return data

    def keep(self, sha256: str, data: bytes) -> None:
        if not (_HASH.fullmatch(sha256) and is_small(data)):
            return
        with suppress(OSError):
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace(self.directory / f"{sha256}.webp", data, 0o600)

    def make_room(self) -> None:
        with suppress(OSError):
            there = [(entry, entry.stat(follow_symlinks=False)) for entry in os.scandir(self.directory)]
            too_old = time.time() - LEFT_OVER
            for entry, told in there:
                if _DRAFT.fullmatch(entry.name) and told.st_mtime < too_old:
                    Path(entry.path).unlink(missing_ok=True)
            ours = [(e, s) for e, s in there if NAME.fullmatch(e.name) and stat.S_ISREG(s.st_mode)]
            over = sum(told.st_size for _, told in ours)
            if over <= self.most:
                return
            for entry, told in sorted(ours, key=lambda each: each[1].st_mtime):
                if over <= self.most * ROOM:
                    return
                Path(entry.path).unlink(missing_ok=True)
                over -= told.st_size


def is_small(data: bytes) -> bool:
    """Whether these are the bytes of a whole small WebP, as far as its header tells."""
    if not 30 <= len(data) <= LARGEST or int.from_bytes(data[4:8], "little") + 8 != len(data):
        return False
    header = read_header(BytesIO(data))
    if header is None or header.format != "webp":
        return False
    return 0 < header.width <= LONGEST and 0 < header.height <= LONGEST


def replace(target: Path, data: bytes, mode: int) -> None:
    """Put `data` in the place of a file of ours, whole or not at all. It is not synced: it can be made again.

    Raises:
        OSError: `target` is as it was.
    """
    draft = target.with_name(f".{target.stem}.{secrets.token_hex(8)}.new")
    try:
        with os.fdopen(os.open(draft, NEW_FILE, mode), "wb") as file:
            file.write(data)
        draft.replace(target)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
