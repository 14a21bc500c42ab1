"""The text of a lock file: `Lock` to lines and back, with one line for whatever is wrong with a file of strangers."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from sys import intern
from typing import Any

import msgspec

from imgcli.batch.check import id_problem
from imgcli.batch.draft import Place, shown
from imgcli.batch.lock import BELOW_OUT, BESIDE, Ident, Lock, Locked
from imgcli.batch.schema import ID_LIMIT
from imgcli.errors import BatchFileError

VERSION = 1
BYTES_LIMIT = 128 << 20
"""100,000 pictures take about 45 MB."""

LINE_LIMIT = 1 << 20
NOTE = "written by imgcli batch; commit it, and leave its lines as they are"
MEND = "take it from version control, or delete it: imgcli batch finds the pictures again by their sidecars (expanded prompts: by the ledger)"

_CONFLICT = re.compile(rb"(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)( |\r?\n|$)")
_HEX = re.compile(r"[0-9a-f]{64}")
_SHORT = re.compile(r"[0-9a-f]{16}")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    imgcli_lock: int
    note: str
    files_below: str


def parse_lock(lines: Iterable[bytes], label: str) -> Lock:
    """The lock in the lines of its file; `label` is what messages call it.

    Raises:
        BatchFileError: it is no lock of this version, or was changed by hand; with the line and what to do.
    """
    numbered = enumerate(lines, 1)
    _, first = next(numbered, (1, b""))
    found: dict[Ident, Locked] = {}
    files: dict[str, int] = {}
    header = _header(first, label)
    decode = msgspec.json.Decoder(Locked).decode
    for number, raw in numbered:
        if not raw.strip():
            continue
        line = _line(raw, decode, Place(label, number))
        if line.ident in found:
            raise _mended(Place(label, number), f"{shown(line.id)} with n = {line.n} stands twice")
        found[line.ident] = _shared(line)
        for file in (line.file, *(old.file for old in line.old)):
            if files.setdefault(file, number) != number:
                raise _mended(Place(label, number), f"{shown(file)} is the file of line {files[file]} already")
    return Lock(header.files_below, found)


def lock_lines(lock: Lock) -> Iterator[bytes]:
    """The text of `lock`, line by line, each with its end; UTF-8."""
    yield _encoded(Header(VERSION, NOTE, lock.files_below))
    for ident in sorted(lock.lines):
        yield _encoded(lock.lines[ident])


def _encoded(line: Header | Locked) -> bytes:
    return msgspec.json.encode(line) + b"\n"


def _header(raw: bytes, label: str) -> Header:
    place = Place(label, 1)
    _require_no_conflict(raw, place)
    try:
        told = msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _mended(place, "is not the first line of a lock file") from None
    version = told.get("imgcli_lock")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        raise BatchFileError(label, f"was made by a newer imgcli (lock version {version}); update imgcli to use it")
    try:
        header = msgspec.convert(told, Header)
    except msgspec.ValidationError:
        raise _mended(place, "is not the first line of a lock file") from None
    if header.imgcli_lock != VERSION or header.files_below not in {BESIDE, BELOW_OUT}:
        raise _mended(place, "is not the first line of a lock file")
    return header


def _line(raw: bytes, decode: Callable[[bytes], Locked], place: Place) -> Locked:
    _require_no_conflict(raw, place)
    if len(raw) > LINE_LIMIT:
        raise _mended(place, "is longer than any line of a lock file")
    try:
        line = decode(raw)
    except msgspec.ValidationError as error:
        raise _mended(place, f"was changed by hand ({_short(error)})") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _mended(place, "is no whole line of a lock file") from None
    if problem := _problem(line):
        raise _mended(place, f"was changed by hand ({problem})")
    return line


def _require_no_conflict(raw: bytes, place: Place) -> None:
    if _CONFLICT.match(raw):
        raise place.error(
            "holds the marks of a merge conflict; keep either side whole (git checkout --ours or --theirs, with this "
            "file), then run imgcli batch: the pictures of the other side are found again by their sidecars (expanded prompts: by the ledger)"
        )


def _problem(line: Locked) -> str:
    """What no imgcli writes, or an empty string."""
    for file, sha256, key in (
        (line.file, line.sha256, line.key),
        *((old.file, old.sha256, old.key) for old in line.old),
    ):
        if not _HEX.fullmatch(sha256):
            return "sha256 is not 64 hex digits"
        if not _HEX.fullmatch(key):
            return "key is not 64 hex digits"
        if problem := _file_problem(file):
            return f"file {problem}"
    if not _SHORT.fullmatch(line.prompt) or (line.no and not _SHORT.fullmatch(line.no)):
        return "prompt or no is not 16 hex digits"
    if line.asked and not _HEX.fullmatch(line.asked):
        return "asked is not 64 hex digits"
    if _HIDDEN.search(line.expanded):
        return "expanded holds a control character"
    # Most ids are printable, and saying so is far quicker than looking at each of their characters.
    if (not line.id.isprintable() or not 0 < len(line.id) <= ID_LIMIT) and (problem := id_problem(line.id)):
        return f"id {problem}"
    return ""


def line_problem(line: Locked) -> str:
    """Why `line` would not be read again, or an empty string: a directory may have any name."""
    try:
        return _problem(msgspec.json.decode(_encoded(line), type=Locked))
    except msgspec.ValidationError as error:
        return _short(error)


def _file_problem(file: str) -> str:
    """Why `file` cannot be one below a directory, or an empty string."""
    above, _, name = file.rpartition("/")
    if not name or name in {".", ".."} or not file.isprintable() or set(name) & set('\\:*?"<>|'):
        return "is no file name"
    return _place_problem(above)


@lru_cache(maxsize=1024)
def _place_problem(above: str) -> str:
    if not above:
        return ""
    if above.startswith(("/", "~")) or "\\" in above or re.match(r"[A-Za-z]:", above):
        return "must be told from the directory of the lock file"
    return "leads out of its directory" if ".." in above.split("/") or "" in above.split("/") else ""


def _short(error: msgspec.ValidationError) -> str:
    text = re.sub(r"\s+", " ", str(error))
    return shown(text)[1:-1] if len(text) > 120 or not text.isprintable() else text


def _mended(place: Place, problem: str) -> BatchFileError:
    return place.error(f"{problem}; {MEND}")


def _shared(line: Locked) -> Locked:
    """`line` with its words in memory once for all lines: 100,000 pictures have few models and styles."""
    for name in ("provider", "model", "size", "quality", "format", "no", "background", "through"):
        msgspec.structs.force_setattr(line, name, intern(getattr(line, name)))
    if line.inputs:
        msgspec.structs.force_setattr(line, "inputs", _same_words(line.inputs))
    if line.styles:
        msgspec.structs.force_setattr(line, "styles", _same_words(line.styles))
    return line


@lru_cache(maxsize=1024)
def _same_words(words: tuple[str, ...]) -> tuple[str, ...]:
    return words
