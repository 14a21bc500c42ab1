"""Untrusted text on its way to a terminal: prompts, model output, server bodies and file names all pass here."""

import json
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def safe_text(text: str, limit: int = 2000) -> str:
    """`text` with everything invisible made visible and cut to `limit` characters; newlines become blanks.

    Control, format, surrogate and private characters could move the cursor, write the clipboard (OSC 52) or
    reverse the reading order (CWE-150).
    """
    start = text[: limit + 1]
    # Most text is printable, and saying so is far quicker than looking at each of its characters.
    shown = start if start.isprintable() else "".join(map(_visible, start))
    return shown[: limit - 1] + "…" if len(shown) > limit else shown


def safe_lines(text: str) -> str:
    """`text` with everything invisible made visible, whole; its line ends and tabs stay."""
    return text if text.isprintable() else "".join(c if c in "\n\t" else _visible(c) for c in text)


def safe_json(value: object) -> str:
    """`value` as JSON on one line, everything invisible in it escaped, so that it loses nothing."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else "".join(json.dumps(c)[1:-1] if _is_hidden(c) else c for c in text)


def _visible(character: str) -> str:
    if character in "\n\t\r":
        return " "
    if _is_hidden(character) and character != "\u200d":
        return f"\\u{ord(character):04x}"
    return character


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN
