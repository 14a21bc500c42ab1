"""Pictures that go along with a question, as `data:` URLs."""

import base64
from collections.abc import Sequence

from imgcli.errors import AttemptError, Money
from imgcli.model.input import Input
from imgcli.providers.reading import read

MOST_EACH = 20_000_000
MOST_ALL = 50_000_000
"""Bytes of a picture, and of all in one request (OpenAI's guide to vision)."""


def data_urls(images: Sequence[Input]) -> list[str]:
    """Each of `images` as it was when it was looked at, in order. Blocks while it reads.

    Raises:
        AttemptError: one is gone, changed or too large; nothing was sent.
    """
    for each in images:
        if each.size_bytes > MOST_EACH:
            raise _too_large(f"{each.name} has {each.size_bytes / 1e6:,.1f} MB, and a model looks at 20 MB at most")
    if sum(each.size_bytes for each in images) > MOST_ALL:
        raise _too_large(f"the {len(images)} pictures have more than 50 MB together")
    return [f"data:image/{each.format};base64,{base64.b64encode(read(each)).decode()}" for each in images]


def _too_large(why: str) -> AttemptError:
    return AttemptError(
        f"{why}; nothing was sent, nothing is billed; make it smaller", money=Money.VOID, code="too-large"
    )
