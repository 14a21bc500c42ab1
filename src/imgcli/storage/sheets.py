"""Files that stand beside the pictures and show them: written under names of their own, never in place of another."""

import contextlib
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from imgcli.durable import sync_directory
from imgcli.errors import StorageError
from imgcli.machine import why
from imgcli.storage.disk import open_regular, write_durably


def read_picture(path: Path, most: int) -> bytes:
    """All bytes of a picture.

    Raises:
        StorageError: it cannot be read, or has more than `most`.
    """
    try:
        with open_regular(path) as file:
            data = file.read(most + 1)
    except OSError as error:
        raise StorageError(f"{path} cannot be read ({why(error)})") from error
    if len(data) > most:
        raise StorageError(f"{path} has more than {most:,} bytes")
    return data


def write_together(directory: Path, stem: str, files: Mapping[str, bytes], mode: int) -> list[Path]:
    """New files `stem.EXTENSION`, or `stem-2.EXTENSION` and so on where one of them is taken: all under one number.

    Raises:
        StorageError: the disk refuses; none of them is left.
    """
    for number in count(1):
        name = stem if number == 1 else f"{stem}-{number}"
        made: list[Path] = []
        try:
            for extension, data in files.items():
                path = directory / f"{name}.{extension}"
                write_durably(path, [data], mode)
                made.append(path)
            sync_directory(directory)
        except FileExistsError:
            _take_back(made)
        except OSError as error:
            _take_back(made)
            raise StorageError(f"{directory / name} cannot be written ({why(error)})") from error
        else:
            return made
    raise AssertionError


def _take_back(made: list[Path]) -> None:
    for path in made:
        with contextlib.suppress(OSError):
            path.unlink()
