"""Derived files as one ZIP, the same bytes for the same files, whenever and wherever it is made."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from imgcli.exports.manifest import MANIFEST, SUMS

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first time that a ZIP can hold."""

TEXTS = (".json", ".xml", ".webmanifest", SUMS)
UNIX, PLAIN_FILE = 3, 0o100644 << 16


def write_zip(staging: Path, paths: Sequence[str], out: BinaryIO) -> None:
    """The files `paths` below `staging` as a ZIP: the manifest and the sums first, then by name. `out` need not be seekable.

    Raises:
        OSError: it cannot be written.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(paths, key=lambda each: (each not in {MANIFEST, SUMS}, each)):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.create_system, entry.external_attr = UNIX, PLAIN_FILE
            # Pictures are packed already.
            entry.compress_type = zipfile.ZIP_DEFLATED if path.endswith(TEXTS) else zipfile.ZIP_STORED
            entry.file_size = (staging / path).stat().st_size
            with (staging / path).open("rb") as file, packed.open(entry, "w") as target:
                while block := file.read(1 << 20):
                    target.write(block)
