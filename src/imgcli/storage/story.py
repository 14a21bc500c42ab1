"""One sidecar by its own name or its picture's: a story to be told without the ledger, also of another machine's picture."""

import os
from pathlib import Path

import msgspec

from imgcli.errors import UsageError
from imgcli.model.attempt import Record
from imgcli.storage.disk import open_regular
from imgcli.storage.inspect import LARGEST_SIDECAR
from imgcli.storage.sidecar import parse_sidecar


def read_story(named: Path) -> tuple[str, Record]:
    """The key of its job and the record that the sidecar `named` tells, or the one beside the picture `named`.

    Raises:
        UsageError: there is none, or it is no sidecar; says what to do.
    """
    # The words of os.path answer for any name, also one that no disk takes.
    if os.path.isdir(named):  # noqa: PTH112
        raise UsageError(f"{named} is a directory; name a picture in it, or its sidecar")
    sidecar = named if named.name.endswith(".json") else Path(f"{named}.json")
    try:
        with open_regular(sidecar) as file:
            data = file.read(LARGEST_SIDECAR + 1)
    except FileNotFoundError:
        if not os.path.lexists(named):
            beside = "" if sidecar == named else f", and no sidecar {sidecar.name}"
            raise UsageError(f"{named}: there is no such file{beside}") from None
        raise UsageError(
            f"{named} has no sidecar beside it ({sidecar.name}); fetch it from where the picture came, "
            "or give the id of its attempt (imgcli budget log)"
        ) from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{sidecar}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > LARGEST_SIDECAR:
        raise UsageError(f"{sidecar}: is larger than {LARGEST_SIDECAR // 1024 // 1024} MiB, which no sidecar is")
    try:
        return parse_sidecar(data, sidecar.parent.absolute())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{sidecar}: is no sidecar of imgcli: {error}") from None


def parse_story(data: bytes, directory: Path) -> tuple[str, Record]:
    """As `parse_sidecar`, for those who read sidecars that lie beside no picture.

    Raises:
        ValueError: it is none.
    """
    try:
        return parse_sidecar(data, directory)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None
