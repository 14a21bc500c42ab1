"""Pictures and sidecars on disk, held against what the ledger recorded, or against each other."""

import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from imgcli.header import has_credentials, read_header
from imgcli.model.attempt import Record, State
from imgcli.model.inspection import Inspection, Verdict
from imgcli.model.picture import Picture
from imgcli.storage.disk import is_abandoned, open_regular
from imgcli.storage.sidecar import parse_sidecar, tells

LARGEST_SIDECAR = 4 * 1024 * 1024
"""Bytes; prompts are 32,000 characters at most."""

HIDDEN = ".imgcli-"

COPY = "copy"
"""What hidden files end with that hold a copy of a picture: nothing in them was paid."""

LEFT = (".part", ".meta", ".json", f".{COPY}")
"""What the hidden files of an attempt end with."""

PROBE = f"{HIDDEN}probe-"

SEALED = "a whole paid picture without a name; the next gen or batch finishes it, if this ledger waits for it"


class Marks(msgspec.Struct, frozen=True):
    """What a sidecar says of its picture's bytes; the rest of it is a story."""

    imgcli_sidecar: int
    file: str
    sha256: str
    bytes: int
    format: str
    width: int
    height: int
    attempt: str
    reused: dict[str, object] | None = None


def inspect_record(record: Record, *, read_data: bool) -> Inspection:
    """A recorded picture: its bytes, and its sidecar byte for byte.

    Without `read_data` only the size and the header of the picture are looked at.
    """
    path = record.directory / record.name
    sidecar = path.with_name(f"{path.name}.json")
    if record.state is not State.SETTLED or record.picture is None:
        return Inspection(path, Verdict.UNFINISHED, ("an interrupted run left it; the next gen or batch finishes it",))
    has_picture, has_sidecar = os.path.lexists(path), os.path.lexists(sidecar)
    if not has_picture and not has_sidecar:
        return Inspection(path, Verdict.GONE, ("picture and sidecar are both gone",))
    problems, credentials = _against(path, record.picture, read_data=read_data) if has_picture else ([GONE], False)
    if not has_sidecar:
        problems.append("its sidecar is missing; the next run of its batch writes it anew")
    elif not tells(read_sidecar(sidecar), record):
        problems.append("its sidecar was changed")
    verdict = Verdict.DAMAGED if problems else Verdict.SOUND
    return Inspection(path, verdict, tuple(problems), credentials)


GONE = "the picture is gone, and its sidecar is still there"


def inspect_strays(directory: Path, known: Collection[Path], *, read_data: bool) -> Iterator[Inspection]:
    """Sidecars below `directory` of which the ledger knows nothing, with their pictures; and hidden leftovers."""
    for folder, folders, names in os.walk(directory):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if name.startswith(HIDDEN):
                if is_leftover(name) and path not in known and not _is_in_use(path):
                    whole = name.endswith(".part") and is_sealed(path)
                    yield Inspection(path, Verdict.UNFINISHED, (SEALED if whole else "left by an interrupted run",))
            elif name.endswith(".json") and path.with_suffix("") not in known and (marks := _marks(path)) is not None:
                yield _stray(path, marks, read_data=read_data)


def is_leftover(name: str) -> bool:
    """Whether a hidden file is one that only a run at work needs; the marker of a gallery is none."""
    return name.startswith(PROBE) or (name.startswith(HIDDEN) and name.endswith(LEFT))


def is_sealed(left: Path) -> bool:
    """Whether a hidden file is of a whole picture: part and `.meta` are both there."""
    return left.with_suffix(".part").exists() and left.with_suffix(".meta").exists()


def _is_in_use(hidden: Path) -> bool:
    """Whether a living run is at work on this attempt, or ended while we looked."""
    held = (hidden.with_suffix(f".{kind}") for kind in ("part", COPY))
    try:
        with open_regular(next((path for path in held if path.exists()), hidden)) as file:
            return not is_abandoned(file.fileno())
    except FileNotFoundError:
        return True
    except OSError:
        return False


def told_records(directory: Path) -> Iterator[tuple[str, Record]]:
    """Every sidecar below `directory` as (key of its job, record), whether its picture is there or not."""
    for folder, folders, _ in os.walk(directory):
        folders.sort()
        yield from told_in(Path(folder))


def told_in(directory: Path, besides: Collection[str] = ()) -> Iterator[tuple[str, Record]]:
    """As `told_records`, of one directory alone; the sidecars of the pictures named `besides` are not read."""
    try:
        names = sorted(entry.name for entry in os.scandir(directory) if entry.name.endswith(".json"))
    except OSError:
        return
    for name in names:
        if not name.startswith(HIDDEN) and name.removesuffix(".json") not in besides:
            with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                yield parse_sidecar(read_sidecar(directory / name), directory)


def hidden_files(record: Record) -> set[Path]:
    """The leftovers that an unfinished attempt may have."""
    return {record.directory / f"{HIDDEN}{record.attempt}.{suffix}" for suffix in ("part", "meta", "json")}


def _stray(sidecar: Path, marks: Marks | str, *, read_data: bool) -> Inspection:
    path = sidecar.with_suffix("")
    if isinstance(marks, str):
        return Inspection(path, Verdict.DAMAGED, (marks,))
    if not path.exists():
        return Inspection(path, Verdict.DAMAGED, (GONE,))
    told = Picture(marks.sha256, marks.bytes, marks.format, marks.width, marks.height)
    problems, credentials = _against(path, told, read_data=read_data)
    if marks.file != path.name:
        problems.append(f"its sidecar is that of {marks.file!r}")
    if problems:
        return Inspection(path, Verdict.DAMAGED, tuple(problems), credentials)
    if marks.reused is not None:
        return Inspection(path, Verdict.SOUND, (), credentials)  # copies are in no ledger: they cost nothing
    return Inspection(path, Verdict.STRANGE, ("this ledger does not know it; made elsewhere?",), credentials)


def _against(path: Path, told: Picture, *, read_data: bool) -> tuple[list[str], bool]:
    """What is wrong with the bytes of a picture, and whether they hold credentials."""
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            header = read_header(file)
            credentials = header is not None and has_credentials(file, header.format)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest() if read_data else told.sha256
    except OSError as error:
        return [f"it cannot be read ({error.strerror or error})"], False
    if size != told.size_bytes:
        return [f"it has {size:,} bytes, {told.size_bytes:,} were saved"], credentials
    if header is None or (header.format, header.width, header.height) != (told.format, told.width, told.height):
        return ["its header is not that of the picture that was saved"], credentials
    if sha256 != told.sha256:
        return ["its bytes were changed (SHA-256)"], credentials
    return [], credentials


def _marks(sidecar: Path) -> Marks | str | None:
    """None for a JSON file of somebody else; words for a sidecar that cannot be believed."""
    data = read_sidecar(sidecar)
    beside = sidecar.with_suffix("").exists()
    try:
        return msgspec.json.decode(data, type=Marks)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "its sidecar cannot be read" if b'"imgcli_sidecar"' in data or (beside and b"imgcli" in data) else None


def read_sidecar(path: Path) -> bytes:
    """Its bytes; none if it cannot be read."""
    try:
        with open_regular(path) as file:
            return file.read(LARGEST_SIDECAR + 1)
    except OSError:
        return b""
