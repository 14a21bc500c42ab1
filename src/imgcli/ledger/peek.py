"""A glance at the newest ids of a ledger, for a shell that completes: nothing is made, migrated or waited for."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

WAIT = 0.05
"""Seconds that a ledger which somebody writes is waited for."""

LOOKED_AT = 5000
"""The newest attempts, among which others are looked for: more would take longer than a shell may."""

_BEGINS = "id >= :beginning AND id < :beginning || char(1114111)"
_NEWEST = f"SELECT id, state, pictures, remarks FROM attempt WHERE {_BEGINS} ORDER BY id DESC LIMIT :looked"  # noqa: S608
# As the index of attempts that brought none is defined, so that it is used; not all of these wait.
_IN_VAIN = (
    "SELECT id, state, decided FROM attempt WHERE pictures = 1"
    " AND state IN ('posted', 'voided', 'moderated', 'uncertain') ORDER BY rowid DESC LIMIT :looked"
)
_SHOWN = "remarks NOT LIKE '%quarantine%' AND remarks NOT LIKE '%deleted%'"
_OF: dict[str, str] = {
    "pictures": f"({_NEWEST}) WHERE state = 'settled' AND pictures > 0 AND {_SHOWN}",
    "flagged": f"({_NEWEST}) WHERE state = 'settled' AND remarks LIKE '%\"aside\":\"quarantine\"%'",
    "unresolved": f"({_IN_VAIN}) WHERE state <> 'voided' AND decided = 0 AND {_BEGINS}",
}


def newest(path: Path, kind: str, beginning: str, most: int) -> Sequence[str]:
    """Ids that begin so, the newest first; empty where there is no ledger or it cannot be read at once."""
    # The rows come in the order of the inner SELECT, so that no more are looked at than are offered.
    text = f"SELECT id FROM {_OF[kind]} LIMIT :most"  # noqa: S608 - one of _OF
    values = {"beginning": beginning, "most": most, "looked": LOOKED_AT}
    # What is no file may never open: SQLite would wait at a pipe for ever.
    if not path.is_file():
        return []
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=WAIT)
        try:
            return [row[0] for row in connection.execute(text, values)]
        finally:
            connection.close()
    except sqlite3.Error:
        return []
