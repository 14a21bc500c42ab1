"""File names from untrusted words: the same rule on every OS, at most 180 bytes, never leaving their directory."""

import functools
import hashlib
import re
import string
import unicodedata
from collections.abc import Mapping

from imgcli.errors import UsageError

MAX_BYTES = 180
"""Bytes of UTF-8 in a stem: leaves room below 255 for an extension, a sidecar and a hidden attempt id."""

SLUG_BYTES = 60
FIELDS = ("slug", "style", "n", "model", "seed", "id", "date", "quality", "size", "hash", "provider", "variant")
"""What a name template may hold."""

_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
)
_UNSAFE = re.compile(r'[<>:"/\\|?*]')
_HYPHENS = re.compile(r"-{2,}")
_BLANKS = re.compile(r"\s+")
_VARIATION = {*range(0xFE00, 0xFE10), 0x34F}
"""Marks that only choose how a sign is drawn, and are nothing without it."""

_NO_WORD = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})
"""What of ASCII is neither letter nor digit; most names are ASCII, and looked up at once."""

_FORMATTER = string.Formatter()


@functools.lru_cache(maxsize=64)
def slug(text: str, limit: int = SLUG_BYTES) -> str:
    """`text` as lower-case words joined by hyphens, whole words within `limit` bytes where possible."""
    plain = unicodedata.normalize("NFC", text).casefold()
    # Marks belong to their letters: without them the words of Hindi, Thai and others fall to pieces.
    is_plain = plain.isascii()
    words = (plain.translate(_NO_WORD) if is_plain else "".join(c if _is_of_a_word(c) else " " for c in plain)).split()
    kept = ""
    for word in words:
        longer = f"{kept}-{word}" if kept else word
        if len(longer.encode()) > limit:
            break
        kept = longer
    return kept or _cut("-".join(words), limit)


def safe_stem(name: str) -> str:
    """`name` as a stem that every OS takes: NFC, nothing invisible, no reserved device, no dots or blanks at its ends.

    Idempotent. A name that had to be cut ends in 8 hex digits of its hash, so that two long names stay two.
    """
    is_plain = name.isascii() and name.isprintable()
    visible = name if is_plain else "".join(c for c in name if unicodedata.category(c)[0] != "C")
    stem = _tidy(_UNSAFE.sub("-", unicodedata.normalize("NFC", visible)))
    if not stem:
        return "picture"
    if stem.split(".")[0].strip().casefold() in _RESERVED:
        stem = f"_{stem}"
    if len(stem.encode()) > MAX_BYTES:
        mark = hashlib.sha256(stem.encode()).hexdigest()[:8]
        stem = f"{_tidy(_cut(stem, MAX_BYTES - 9))}-{mark}"
    return stem


def render(template: str, fields: Mapping[str, str]) -> str:
    """`template` with `{field}` filled, made safe; `slug` and `id` become slugs, empty fields leave no double hyphen.

    Raises:
        UsageError: an unknown field, a stray brace or a separator.
    """
    parts = []
    for literal, field, is_plain in _parsed(template):
        parts.append(literal)
        if field is None:
            continue
        if not is_plain or field not in fields:
            known = " ".join(f"{{{name}}}" for name in FIELDS)
            raise UsageError(f"name template {template!r} has no field {field!r}; there are {known}")
        parts.append(slug(fields[field]) if field in {"slug", "id"} else fields[field])
    return safe_stem(_HYPHENS.sub("-", "".join(parts)))


@functools.lru_cache(maxsize=64)
def _parsed(template: str) -> tuple[tuple[str, str | None, bool], ...]:
    """(literal, field after it or None, whether it is a field and nothing more).

    Raises:
        UsageError: a stray brace or a separator.
    """
    if "/" in template or "\\" in template:
        raise UsageError(f"name template {template!r} has a path separator; use --out or `out` for directories")
    try:
        return tuple(
            (literal, field, not spec and not conversion)
            for literal, field, spec, conversion in _FORMATTER.parse(template)
        )
    except ValueError as error:
        raise UsageError(f"name template {template!r}: {error}; write {{{{ for a brace") from None


def _is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM" and ord(character) not in _VARIATION


def _tidy(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" .-")


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")
