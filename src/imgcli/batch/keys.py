"""Keys nobody knows: what they were meant to be, or where they belong."""

import re
from collections.abc import Collection
from difflib import get_close_matches

from imgcli.batch.draft import KEYS_SHOWN, shown
from imgcli.batch.schema import SETTING_AXES, TABLES

CONFIG_ONLY = frozenset(
    {
        "allow_path",
        "api_key",
        "base_url",
        "budget",
        "budgets",
        "cap",
        "config",
        "endpoint",
        "env",
        "headers",
        "key",
        "limits",
        "max_cost",
        "organization",
        "password",
        "plugin",
        "plugins",
        "price",
        "profile",
        "profiles",
        "project",
        "providers",
        "proxy",
        "rates",
        "s3",
        "secret",
        "timeout",
        "token",
        "url",
        "webhook",
        "webhooks",
    }
)
"""Keys a batch file may not set: it may come from a stranger, and the config file does not."""

MEANT = {
    "aspect": "size",
    "avoid": "no",
    "count": "n",
    "dir": "out",
    "directory": "out",
    "fidelity": "input_fidelity",
    "file": "name",
    "filename": "name",
    "folder": "out",
    "image": "ref",
    "images": "ref",
    "import": "include",
    "imports": "include",
    "includes": "include",
    "negative": "no",
    "negative_prompt": "no",
    "number": "n",
    "output": "out",
    "pairs": "zip",
    "preset": "style",
    "random": "sample",
    "reference": "ref",
    "references": "ref",
    "styles": "style",
    "text": "prompt",
    "title": "id",
    "variables": "matrix",
}
"""What other tools call our keys."""

NAMING_FIELDS = ("slug", "style", "n", "model", "seed", "id", "date", "quality", "size", "hash", "provider", "variant")
"""What a name may hold in braces besides the keys of a matrix: the fields of a name template."""


def unknown_key(key: str, known: Collection[str], word: str = "key") -> str:
    """The problem with a key that is not among `known`, with what to type instead."""
    typed = key.lower().replace("-", "_")
    if typed in CONFIG_ONLY and typed.removesuffix("s") not in known:
        return f"a batch file may not set {shown(key)}; it belongs in the config"
    if typed in TABLES:
        return f"{shown(key)} stands at the top of a TOML batch file, not in an entry"
    guess = meant(key, known)
    return f"unknown {word} {shown(key)}; " + (f"did you mean {guess!r}?" if guess else f"known: {', '.join(known)}")


def meant(key: str, known: Collection[str]) -> str:
    """The one of `known` that `key` was likely meant to be, or an empty string."""
    word = key[:KEYS_SHOWN].strip().lower()
    if MEANT.get(word) in known:
        return MEANT[word]
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.6)), "")


def matrix_key_problem(key: str) -> str:
    """Why `key` can neither stand in braces for the values of a matrix nor be set by it, or an empty string."""
    return "" if key in SETTING_AXES else word_problem(key, "matrix key")


def word_problem(key: str, word: str) -> str:
    """Why `key` cannot stand in braces for a value, or an empty string; `word` is what to call it."""
    if key in NAMING_FIELDS:
        return f"{word} {key!r} already means something in a name; call it 'my_{key}' or the like"
    if not re.fullmatch(r"[^\W\d][\w-]{0,39}", key):
        return f"{word} {shown(key)} must be one word of at most 40 letters, digits, - and _ that begins with a letter"
    return ""
