"""Colours as people type them."""

import re

from imgcli.errors import UsageError

_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")


def parse_colour(text: str) -> tuple[int, int, int]:
    """`#rrggbb` as red, green and blue.

    Raises:
        UsageError: anything else.
    """
    found = _COLOUR.fullmatch(text.strip())
    if not found:
        raise UsageError(f"the colour {text[:40]!r} is not like '#00ff00'")
    red, green, blue = bytes.fromhex(found[1])
    return red, green, blue
