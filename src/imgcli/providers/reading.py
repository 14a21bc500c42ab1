"""The bytes of an input picture, if they are still those that its job was made of."""

import errno
import hashlib
import os
import stat
from pathlib import Path

from imgcli.errors import AttemptError, Money
from imgcli.machine import why
from imgcli.model.input import Input


def read(source: Input) -> bytes:
    """The very bytes that were looked at. They go by their hash: a file that only was touched is the same picture.

    Raises:
        AttemptError: they are gone, or others; nothing was sent.
    """
    try:
        data = _beginning(source.path, source.size_bytes + 1)
    except OSError as error:
        raise AttemptError(
            f"{source.name} cannot be read any more ({why(error)}); nothing was sent, nothing is billed; put it back "
            "and run the same command again",
            money=Money.VOID,
            code="input-gone",
        ) from error
    if len(data) != source.size_bytes or hashlib.sha256(data).hexdigest() != source.sha256:
        raise AttemptError(
            f"{source.name} has changed since it was looked at; nothing was sent, nothing is billed; run the command "
            "again to use it as it is now",
            money=Money.VOID,
            code="input-changed",
        )
    return data


def _beginning(path: Path, most: int) -> bytes:
    # A pipe would hang, a device never end: neither is opened to be waited for.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "is no plain file")
        return file.read(most)
