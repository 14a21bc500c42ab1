"""What stands beside derived files: what each is, what it was made from, and sums by which it is checked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imgcli.exports.plan import Skipped
from imgcli.exports.wish import Master

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
VERSION = 1
NOTE = (
    "All files are derived from the masters named with them. The Content Credentials (C2PA) and other metadata of the "
    "masters are not carried over: they vouch for the bytes of the masters alone."
)


@dataclass(frozen=True, slots=True)
class Made:
    """A derived file.

    Attributes:
        path: relative, with slashes.
        format: png, jpeg, webp, avif, ico, json, xml or webmanifest.
        width, height: pixels; 0 of a file of text.
        done: what was done to the master, in order.
        labelled: it tells in its own XMP where it is from.
    """

    path: str
    set: str
    sha256: str
    size_bytes: int
    format: str
    width: int
    height: int
    done: tuple[str, ...]
    labelled: bool
    masters: tuple[Master, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A master of which nothing is made, with why."""

    name: str
    attempt: str
    why: str


def manifest(
    made: Sequence[Made], skipped: Sequence[Skipped], refused: Sequence[Refused], sets: Sequence[str], tool: str
) -> bytes:
    """The manifest as JSON; the same for the same files, whenever it is written."""
    told = {
        "version": VERSION,
        "made_by": tool,
        "note": NOTE,
        "sets": list(sets),
        "files": [file_row(each) for each in sorted(made, key=lambda one: one.path)],
        "skipped": [{"path": each.path, "master": each.master.name, "why": each.why} for each in skipped],
        "refused": [{"master": each.name, "attempt": each.attempt, "why": each.why} for each in refused],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def file_row(made: Made) -> dict[str, Any]:
    """A file as programs read it."""
    return {
        "path": made.path,
        "set": made.set,
        "sha256": made.sha256,
        "bytes": made.size_bytes,
        "format": made.format,
        "width": made.width or None,
        "height": made.height or None,
        "done": list(made.done),
        "labelled": made.labelled,
        "masters": [{"name": each.name, "sha256": each.sha256, "attempt": each.attempt} for each in made.masters],
    }


def sums(hashes: Sequence[tuple[str, str]]) -> bytes:
    """(path, SHA-256) as `sha256sum -c` reads them."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes)).encode()
