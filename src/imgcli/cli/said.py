"""`--with key=value`: what is to be different about a picture, by the keys of a batch file."""

from collections.abc import Sequence
from typing import Any

from imgcli.errors import UsageError

PLACE = "--with"
LISTS = ("style", "no", "ref", "expect", "tags")
NUMBERS = ("seed", "tries")
KEYS = (
    *("prompt", "style", "no", "provider", "model", "size", "quality", "format", "background", "seed"),
    *("ref", "mask", "input_fidelity", "expect", "tries", "tags", "name", "out"),
)
MAY_BE_EMPTY = frozenset({*LISTS, "seed", "mask", "input_fidelity"})
"""Keys whose empty value takes away what was asked for."""


def read_changes(words: Sequence[str]) -> dict[str, Any]:
    """What `words` say, by the fields of `Entry`; lists are parted by `;`, or said several times.

    Raises:
        UsageError: no such key, or a value that no picture could have.
    """
    from imgcli.batch.check import check_prompt
    from imgcli.batch.draft import Draft, Place
    from imgcli.batch.keys import unknown_key

    keys: dict[str, Any] = {}
    nothing: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        key, value = key.strip().lower().replace("-", "_"), value.strip()
        if not equals:
            raise UsageError(f"{PLACE} {word[:60]!r}: write key=value, like {PLACE} quality=high")
        if key == "n":
            raise UsageError(f"{PLACE} n: how many are made is said with -n, like -n 3")
        if key not in KEYS:
            raise UsageError(f"{PLACE} {unknown_key(key, KEYS)}")
        if key in LISTS:
            keys[key] = [*keys.get(key, []), *filter(None, map(str.strip, value.split(";")))]
        elif key in keys or key in nothing:
            raise UsageError(f"{PLACE} {key}: is said twice; leave one out")
        elif value or key not in MAY_BE_EMPTY:
            keys[key] = int(value) if key in NUMBERS and _is_number(value) else value
        else:
            nothing[_FIELDS.get(key, key)] = None
    nothing |= {_FIELDS.get(key, key): () for key in LISTS if keys.get(key) == []}
    given = {key: value for key, value in keys.items() if value != []}
    # A draft without a prompt is none, so it gets one where nothing is to change about that.
    said = check_prompt(Draft(Place(PLACE), {"prompt": "-", **given}), KEYS)
    return {name: value for name, value in said.items() if name != "prompt" or "prompt" in given} | nothing


_FIELDS = {"ref": "refs", "input_fidelity": "fidelity"}


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 20
