"""Input pictures of jobs that were told of before: whether they are still there, the same to the bit."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from imgcli.errors import UsageError
from imgcli.inputs.read import EXTENSIONS, read_input
from imgcli.model.input import Edit, Input


def found_again(edit: Edit, near: Sequence[Path], made: Path | None = None) -> Edit:
    """`edit` with the places where its pictures are now.

    Args:
        edit: from a ledger, which tells where they were, or from a sidecar, which tells their names alone.
        near: directories in which they are looked for by name.
        made: the directory of what was made from input pictures.

    Raises:
        UsageError: one of them is nowhere with the same bytes.
    """

    def at(picture: Input) -> Input:
        return _found(picture, near, made)

    mask, markup = (part and at(part) for part in (edit.mask, edit.markup))
    return replace(edit, inputs=tuple(map(at, edit.inputs)), mask=mask, markup=markup)


def _found(picture: Input, near: Sequence[Path], made: Path | None) -> Input:
    places = [picture.path] if picture.path.is_absolute() else []
    # A name of a sidecar's may be a whole path; only its last part is looked for elsewhere.
    places += [place for each in near for place in (each / picture.name, each / Path(picture.name).name)]
    places += [made / f"{picture.sha256}.{EXTENSIONS[picture.format]}"] if made else []
    for place in dict.fromkeys(places):
        try:
            seen = read_input(place, picture.name)
        except UsageError:
            continue
        if seen.sha256 == picture.sha256:
            return replace(seen, origin=picture.origin)
    where = picture.path if picture.path.is_absolute() else f"{picture.name} in this directory"
    raise UsageError(
        f"it was made from {picture.name} (SHA-256 {picture.sha256[:12]}...), which is not there any more with the same "
        f"bytes; put it back as {where}"
    )
