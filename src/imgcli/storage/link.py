"""Sidecars of drafts that are told of their finals: the one change that is ever made to a sidecar."""

import contextlib
import secrets
from pathlib import Path

import msgspec

from imgcli.durable import sync_directory
from imgcli.errors import StorageError
from imgcli.machine import why
from imgcli.model.attempt import Record
from imgcli.storage.disk import write_durably
from imgcli.storage.inspect import HIDDEN, read_sidecar
from imgcli.storage.sidecar import parse_sidecar, with_finals

TRIES = 10
"""Of several runs that tell at once, each looks again after another one was quicker."""


def told_of(picture: Path) -> tuple[str, Record] | None:
    """What the sidecar beside `picture` tells; None if there is none that can be believed."""
    try:
        return parse_sidecar(read_sidecar(_beside(picture)), picture.parent)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def link(picture: Path, finals: tuple[str, ...]) -> bool:
    """Tell `finals` in its sidecar, whole or not at all; False if it is none of ours any more.

    Raises:
        StorageError: it could not be written.
    """
    sidecar = _beside(picture)
    try:
        for _ in range(TRIES):
            data = read_sidecar(sidecar)
            told = with_finals(data, finals)
            if told is None or sidecar.is_symlink():
                return False
            if told == data or _replaced(sidecar, data, told):
                return True
    except OSError as error:
        raise StorageError(f"the sidecar {sidecar} could not be told of its final ({why(error)})") from error
    return False


def _replaced(sidecar: Path, data: bytes, told: bytes) -> bool:
    """Put `told` in the place of `data`; False if somebody wrote there meanwhile, who must not lose that.

    Raises:
        OSError: the disk takes no more.
    """
    draft = sidecar.with_name(f"{HIDDEN}{secrets.token_hex(8)}.json")
    try:
        write_durably(draft, [told], 0o644)
        if read_sidecar(sidecar) != data:
            return False
        draft.replace(sidecar)
        sync_directory(sidecar.parent)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
    return True


def _beside(picture: Path) -> Path:
    return picture.with_name(f"{picture.name}.json")
