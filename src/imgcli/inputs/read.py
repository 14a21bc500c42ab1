"""Pictures of the user's that go into a job: looked at without decoding a pixel, before anything is sent."""

import difflib
import hashlib
import os
import stat
from collections.abc import Sequence
from io import BufferedReader
from pathlib import Path

from imgcli.errors import UsageError
from imgcli.header import foreign_format, is_animated, jpeg_orientation, read_header
from imgcli.machine import why
from imgcli.model.input import Edit, Input

MOST_BYTES = 50_000_000
"""Of a picture that is sent as it is, exclusive."""

MOST_TO_SHRINK = 500_000_000
"""Bytes of a picture that is made smaller first, exclusive."""

MOST_PIXELS = 150_000_000
"""More is a mistake or a bomb: the largest cameras of telephones and studios have about 100 million."""

MOST_INPUTS = 16
"""Of one job, whatever the model."""

EXTENSIONS = {"png": "png", "jpeg": "jpg", "webp": "webp"}
FORMATS = tuple(EXTENSIONS)
BLOCK = 1 << 20


def read_input(path: Path, name: str = "", *, within: Path | None = None, most_bytes: int = MOST_BYTES) -> Input:
    """What the file at `path` is, by its bytes and not by its name.

    Args:
        path: absolute, or relative to the current directory.
        name: what messages and the sidecar call it; as `path` is written if empty.
        within: the directory below which it must lie, with all links followed.
        most_bytes: exclusive.

    Raises:
        UsageError: it is no plain file with one whole picture of a known format inside the limits.
    """
    name = name or str(path)
    found = _place(path, name, within)
    with _opened(found, name) as file:
        size = _size(file, name, most_bytes)
        sha256 = _digest(file, name, size)
        header = read_header(file)
        if header is None or header.format not in FORMATS:
            file.seek(0)
            raise _wrong(name, f"is {_known(file.read(32))}; input pictures are png, jpeg or webp")
        if is_animated(file, header.format):
            raise _wrong(name, "is animated, and a model is sent one picture; save the frame you mean as a file")
    if not header.width or not header.height:
        raise _wrong(name, f"is a damaged {header.format}: its header tells no size")
    if header.width * header.height > MOST_PIXELS:
        raise _wrong(
            name,
            f"has {header.width * header.height:,} pixels ({header.width}x{header.height}); "
            f"{MOST_PIXELS:,} are the most; make it smaller",
        )
    return Input(found, sha256, size, header.format, header.width, header.height, name)


class Reader:
    """Reads each file once, however many jobs share it.

    Args:
        within: see `read_input`.
        most_bytes: ditto.
    """

    def __init__(self, within: Path | None = None, most_bytes: int = MOST_BYTES) -> None:
        self._within, self._most_bytes = within, most_bytes
        self._read: dict[str, Input] = {}

    def input(self, typed: str | Path) -> Input:
        """The picture at `typed`, from `within` where that is set.

        Raises:
            UsageError: see `read_input`.
        """
        name = str(typed)
        if name not in self._read:
            path = Path(os.path.expanduser(name)) if self._within is None else self._within / name  # noqa: PTH111 - never fails
            self._read[name] = read_input(path, name, within=self._within, most_bytes=self._most_bytes)
        return self._read[name]

    def edit(
        self,
        refs: Sequence[str | Path],
        mask: str | Path | None = None,
        fidelity: str | None = None,
        markup: str | Path | None = None,
    ) -> Edit:
        """See `read_edit`."""
        if len(refs) > MOST_INPUTS:
            raise UsageError(f"{len(refs):,} input pictures; {MOST_INPUTS} are the most")
        if not refs:
            raise UsageError("a mask, a markup or an input fidelity needs a picture to go with")
        return Edit(
            tuple(self.input(each) for each in refs),
            None if mask is None else self.input(mask),
            None if markup is None else self.input(markup),
            fidelity or "",
        )


def read_edit(
    refs: Sequence[str | Path],
    mask: str | Path | None,
    fidelity: str | None,
    *,
    markup: str | Path | None = None,
    within: Path | None = None,
) -> Edit:
    """What a picture is to be made from, its files looked at; paths are as typed, and from `within` where that is set.

    Raises:
        UsageError: see `read_input`; or there are too many pictures, or none.
    """
    return Reader(within).edit(refs, mask, fidelity, markup)


def is_turned(picture: Input) -> bool:
    """Whether a JPEG lies on its side or head, and only a note of its camera tells how it is to be seen.

    Raises:
        UsageError: it is gone.
    """
    if picture.format != "jpeg":
        return False
    with _opened(picture.path, picture.name) as file:
        return jpeg_orientation(file) != 1


def opened_again(picture: Input) -> bytes:
    """The bytes of `picture`, which are still those that were looked at.

    Raises:
        UsageError: they are not, or it is gone.
    """
    with _opened(picture.path, picture.name) as file:
        data = file.read(picture.size_bytes + 1)
    if hashlib.sha256(data).hexdigest() != picture.sha256:
        raise _wrong(picture.name, "was changed since it was looked at; nothing was sent, so try again")
    return data


def _place(path: Path, name: str, within: Path | None) -> Path:
    try:
        found = os.path.realpath(path, strict=True)
        if within is not None and not Path(found).is_relative_to(os.path.realpath(within)):
            raise _wrong(
                name,
                "lies outside of the directory of the batch file, and only what is in it is read; put a copy there",
            )
    except FileNotFoundError:
        if path.is_symlink():
            raise _wrong(name, f"is a link to {str(path.readlink())!r}, which is not there") from None
        raise _wrong(name, f"there is no such file{_guess(path)}") from None
    except OSError as error:
        raise _wrong(name, f"cannot be read: {why(error)}") from None
    except ValueError:
        raise _wrong(name, "no file can have that name") from None
    if any("\ud800" <= letter <= "\udfff" for letter in found):
        raise _wrong(name, "its path is not UTF-8, so no ledger could keep it; rename it")
    return Path(found)


def _guess(path: Path) -> str:
    try:
        near = [entry.name for entry in os.scandir(path.parent)][:1000]
    except OSError:
        return ""
    close = difflib.get_close_matches(path.name, near, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _opened(path: Path, name: str) -> BufferedReader:
    # A pipe would hang, a device never end: neither is opened to be waited for.
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise _wrong(name, f"cannot be read: {why(error)}") from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise _wrong(name, "is a directory; name a picture in it" if stat.S_ISDIR(mode) else "is no plain file")
    return os.fdopen(descriptor, "rb")


def _size(file: BufferedReader, name: str, most_bytes: int) -> int:
    size = os.fstat(file.fileno()).st_size
    if not size:
        raise _wrong(name, "is empty (0 bytes)")
    if size >= most_bytes:
        raise _wrong(
            name,
            f"has {size / 1e6:,.1f} MB, and input pictures are below {most_bytes / 1e6:g} MB; "
            "make it smaller, or have it made smaller with --downscale",
        )
    return size


def _digest(file: BufferedReader, name: str, size: int) -> str:
    """Of the `size` bytes that it had; a file that grows for ever is not followed."""
    digest, left = hashlib.sha256(), size + 1
    while left and (block := file.read(min(BLOCK, left))):
        digest.update(block)
        left -= len(block)
    if left != 1:
        raise _wrong(name, "is still being written; try again when it is whole")
    return digest.hexdigest()


def _known(head: bytes) -> str:
    what = foreign_format(head)
    return (
        f"{'an' if what[0] in 'AEIOUaeiou' or what.startswith('SVG') else 'a'} {what}"
        if what
        else "no picture that imgcli knows"
    )


def _wrong(name: str, problem: str) -> UsageError:
    return UsageError(f"{name}: {problem}")
