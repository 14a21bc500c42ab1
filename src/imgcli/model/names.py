"""Names that budgets go by."""

import unicodedata


def plain_name(typed: str) -> str:
    """A tag or user as it is compared: a cap on `café` holds however its accent is encoded, and for ` café `."""
    return unicodedata.normalize("NFC", typed).strip()
