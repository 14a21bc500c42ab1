"""What a shell offers for ids and files: the newest ones, quickly, and nothing at all rather than an error."""

import os
from collections.abc import Sequence

MOST = 50
"""Offers of one kind."""

MOST_LOOKED_AT = 2000
"""Names of a directory that are looked at."""

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".avif")


def complete_picture(typed: str) -> list[str]:
    """Ids of pictures that may be shown, and picture files."""
    return [*_ids("pictures", typed), *_files(typed)]


def complete_flagged(typed: str) -> list[str]:
    """Ids of what is in quarantine."""
    return _ids("flagged", typed)


def complete_unresolved(typed: str) -> list[str]:
    """Ids of attempts that wait for a person's word."""
    return _ids("unresolved", typed)


def _ids(kind: str, typed: str) -> list[str]:
    if set(typed.lower()) - set("0123456789abcdef-"):
        return []
    try:
        from imgcli.settings import find_paths
        from imgcli.wiring import newest_ids

        return list(newest_ids(find_paths(os.environ), kind, typed.lower(), MOST))
    except Exception:  # noqa: BLE001 - whatever it is, a shell that completes is no place to say it
        return []


def _files(typed: str) -> Sequence[str]:
    directory, beginning = os.path.split(typed)
    found = []
    try:
        with os.scandir(os.path.expanduser(directory) or ".") as entries:  # noqa: PTH111 - as it was typed
            for _, entry in zip(range(MOST_LOOKED_AT), entries, strict=False):
                if entry.name.startswith(beginning) and (beginning or not entry.name.startswith(".")):
                    if entry.name.lower().endswith(PICTURES):
                        found.append(os.path.join(directory, entry.name))  # noqa: PTH118
                    elif entry.is_dir():
                        found.append(os.path.join(directory, entry.name, ""))  # noqa: PTH118
    except (OSError, ValueError):
        return []
    return sorted(found)[:MOST]
