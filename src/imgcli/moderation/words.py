"""A list of rude words that others keep: glin-profanity, in the extra `imgcli[words]`.

Every such list flags harmless prompts too ("nude lipstick", a cock at dawn), so what it finds is a warning, and blocks
under the strict policy alone.
"""

import threading
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

MODULE = "glin_profanity"
MISSING = "the list of rude words is not installed:  pip install 'imgcli[words]'"

_ALONE = threading.Lock()


def is_installed() -> bool:
    return find_spec(MODULE) is not None


def rude_words(text: str) -> list[str]:
    """The words of `text` that the list has, disguised ones as the list spells them; English alone.

    Takes half a millisecond for a sentence, and longer the first time.
    """
    with _ALONE:  # a filter keeps what it found last
        found: list[str] = _filter().check_profanity(text)["profane_words"]
    spelt = dict.fromkeys(word.casefold() for word in found)
    return sorted(spelt)


@cache
def _filter() -> Any:
    return import_module(MODULE).Filter({"languages": ["english"], "detect_leetspeak": True})
