"""Paths of the pictures that an entry is made from: told from the directory of the batch file, and never out of it."""

import posixpath
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from imgcli.batch.draft import Place, shown
from imgcli.batch.neighbours import NeighbourError, inner_path
from imgcli.model.entry import Entry

KEYS = {"refs": "ref", "mask": "mask", "fidelity": "input_fidelity"}
"""Fields of an entry, and the keys of a batch file that say them."""


def placed(said: Mapping[str, Any], beside: str, place: Place) -> dict[str, Any]:
    """`said` with its paths told from the directory of the batch file; they were typed in `beside`, told from there.

    Raises:
        BatchFileError: the directory of an included file has braces in its name, which would mean something in a path.
    """
    whole = dict(said)
    if not beside or KEYS.keys().isdisjoint(whole):
        return whole
    if "{" in beside or "}" in beside:
        raise place.error(f"the directory {shown(beside)} has braces in its name; rename it", "ref")
    if whole.get("refs"):
        whole["refs"] = tuple(_joined(beside, each) for each in whole["refs"])
    if "mask" in whole:
        whole["mask"] = _joined(beside, whole["mask"])
    return whole


def merged(base: Mapping[str, Any], said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """What an entry inherits and says itself; of what it inherits only what goes with its pictures.

    Raises:
        BatchFileError: it says how to use pictures, and names none; or how often to try, and expects nothing.
    """
    whole = {**base, **said}
    if said.get("tries") is not None and not whole.get("expect"):
        raise place.error('goes with expect; add expect = "size", or leave tries out', "tries")
    if whole.get("refs"):
        return whole
    for field in ("mask", "fidelity"):
        if field in said:
            raise place.error('goes with a picture; add ref = "photo.png"', KEYS[field])
        whole.pop(field, None)
    return whole


def confined(entry: Entry, place: Place) -> Entry:
    """`entry` with its paths in their shortest form.

    Raises:
        BatchFileError: one leads out of the directory of the batch file, or nowhere on some OS.
    """
    if not entry.refs and entry.mask is None:
        return entry
    refs = tuple(_inner(each, place, "refs") for each in entry.refs)
    return replace(entry, refs=refs, mask=None if entry.mask is None else _inner(entry.mask, place, "mask"))


def _joined(beside: str, typed: str) -> str:
    # What is no relative path stays so, to be told as it was typed.
    return typed if typed.startswith(("/", "~")) or "\\" in typed else posixpath.join(beside, typed)


def _inner(typed: str, place: Place, field: str) -> str:
    problem, path = _path(typed)
    if problem:
        raise place.error(problem, KEYS[field])
    return path


@lru_cache(maxsize=1024)
def _path(typed: str) -> tuple[str, str]:
    """What is wrong with a path, or nothing; and its shortest form."""
    try:
        return "", inner_path("", typed)
    except NeighbourError as error:
        return str(error), ""
