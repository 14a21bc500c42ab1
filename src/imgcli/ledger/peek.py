"""A glance at the newest ids of a ledger, for a shell that completes: nothing is made, migrated or waited for."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

WAIT = 0.05
"""Seconds that a ledger which somebody writes is waited for."""

_OF: dict[str, str] = {
    "pictures": "state = 'settled' AND pictures > 0 AND remarks NOT LIKE '%quarantine%' AND remarks NOT LIKE '%deleted%'",
    "flagged": "state = 'settled' AND pictures > 0 AND remarks LIKE '%\"aside\":\"quarantine\"%'",
    "unresolved": "state IN ('uncertain', 'moderated', 'posted') AND decided = 0",
}


def newest(path: Path, kind: str, beginning: str, most: int) -> Sequence[str]:
    """Ids that begin so, the newest first; empty where there is no ledger or it cannot be read at once."""
    where = f"id >= :beginning AND id < :beginning || char(1114111) AND {_OF[kind]}"
    text = f"SELECT id FROM attempt WHERE {where} ORDER BY id DESC LIMIT :most"  # noqa: S608 - one of _OF
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=WAIT)
        try:
            return [row[0] for row in connection.execute(text, {"beginning": beginning, "most": most})]
        finally:
            connection.close()
    except sqlite3.Error:
        return []
