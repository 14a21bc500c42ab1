"""Pictures that go along with a question: their bytes as they were when they were looked at, or nothing is sent."""

import base64
import hashlib
import os
import stat
from collections.abc import Sequence

from imgcli.errors import AttemptError, Money
from imgcli.model.input import Input

MOST_EACH = 20_000_000
MOST_ALL = 50_000_000
"""Bytes of a picture, and of all in one request (OpenAI's guide to vision)."""


def data_urls(images: Sequence[Input]) -> list[str]:
    """Each of `images` as a `data:` URL, in order. Blocks while it reads.

    Raises:
        AttemptError: one is gone, changed or too large; nothing was sent.
    """
    if sum(each.size_bytes for each in images) > MOST_ALL:
        raise _unsent(f"the pictures have more than {MOST_ALL / 1e6:g} MB together; make them smaller", "too-large")
    return [_data_url(each) for each in images]


def _data_url(image: Input) -> str:
    if image.size_bytes > MOST_EACH:
        size = f"{image.size_bytes / 1e6:,.1f} MB"
        raise _unsent(f"{image.name} has {size}, and models look at {MOST_EACH / 1e6:g} MB at most", "too-large")
    try:
        data = _read(image)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise _unsent(f"{image.name} cannot be read any more ({why})", "input-gone") from error
    if hashlib.sha256(data).hexdigest() != image.sha256:
        raise _unsent(f"{image.name} is not the picture any more that it was when it was looked at", "input-changed")
    return f"data:image/{image.format};base64,{base64.b64encode(data).decode()}"


def _read(image: Input) -> bytes:
    """No more than the picture had, and one byte that gives a longer one away."""
    # A pipe that took its place would be waited for.
    descriptor = os.open(image.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "it is no plain file")
        return file.read(image.size_bytes + 1)


def _unsent(why: str, code: str) -> AttemptError:
    return AttemptError(f"{why}; nothing was sent, nothing is billed", money=Money.VOID, code=code)
