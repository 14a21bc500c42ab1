"""SQL as named text: `-- name --` headers, one statement under each."""

import re

HEADER = re.compile(r"^-- ([a-z_]+) --$", re.MULTILINE)


def named_queries(text: str) -> dict[str, str]:
    """Name -> statement.

    Raises:
        ValueError: a name stands twice or a statement is missing.
    """
    parts = HEADER.split(text)
    names, bodies = parts[1::2], [body.strip() for body in parts[2::2]]
    if len(set(names)) != len(names) or not all(bodies):
        raise ValueError("every query needs a name of its own and a statement")
    return dict(zip(names, bodies, strict=True))
