"""Untrusted text on its way to a terminal: prompts, model output, server bodies and file names all pass here."""

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def safe_text(text: str, limit: int = 2000) -> str:
    """`text` with everything invisible made visible and cut to `limit` characters; newlines become blanks.

    Control, format, surrogate and private characters could move the cursor, write the clipboard (OSC 52) or
    reverse the reading order (CWE-150).
    """
    shown = "".join(_visible(c) for c in text[: limit + 1])
    return shown[: limit - 1] + "…" if len(shown) > limit else shown


def _visible(character: str) -> str:
    if character in "\n\t\r":
        return " "
    if unicodedata.category(character) in _HIDDEN and character != "\u200d":
        return f"\\u{ord(character):04x}"
    return character
