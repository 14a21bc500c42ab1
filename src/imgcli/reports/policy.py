"""What a page lets in, as its Content-Security-Policy names it."""

import base64
import hashlib


def hashed(text: str) -> str:
    """A style or script, written out in the page, as the only one that is let in."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
