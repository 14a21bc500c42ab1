"""Words on a command line -> the pictures they mean."""

import difflib
import os
from collections.abc import Sequence
from pathlib import Path

from imgcli.errors import UsageError
from imgcli.model.attempt import Record, State
from imgcli.model.mark import Marked
from imgcli.model.pick import Pick
from imgcli.ports import Ledger, Store

LONGEST = 200
"""Characters of a word that is none, as it is told."""

SHORTEST = 4
"""Characters of an attempt's id at least; with fewer a word is surely meant as a file."""


async def find_pictures(words: Sequence[str], ledger: Ledger, store: Store) -> list[Pick]:
    """The pictures that `words` mean, each once: files, their sidecars, or beginnings of the ids of attempts.

    Raises:
        UsageError: a word that means none, or several; all are looked at before anything is done with one.
    """
    found = [_shown(await _find(word, ledger, store)) for word in words]
    return [*{pick.record.attempt: pick for pick in found}.values()]


async def recall(marked: Marked, ledger: Ledger, store: Store) -> Pick | None:
    """A picture that was marked before, wherever it still is known; None if it is nowhere.

    Raises:
        UsageError: it is in quarantine.
    """
    if (record := await _known(marked.attempt, ledger)) is not None:
        return _shown(Pick(record, marked.path, record.job.key))
    told = await store.told_of(marked.path)
    if told is None or told[1].attempt != marked.attempt:
        return None
    return Pick(told[1], marked.path, told[0])


def _shown(pick: Pick) -> Pick:
    """`pick`, unless moderation keeps it from being shown.

    Raises:
        UsageError: it does, until a person decides.
    """
    if pick.record.remarks.hidden:
        raise UsageError(
            f"{pick.record.attempt} is in quarantine, and nothing is made of it until it is let out:  "
            f"imgcli quarantine show {pick.record.attempt}"
        )
    return pick


async def _find(word: str, ledger: Ledger, store: Store) -> Pick:
    path = place_of(word)
    if _is_file(word, path):
        return await _of_file(word, path, ledger, store)
    if len(word) >= SHORTEST and not set(word) - set("0123456789abcdef-"):
        return await _of_id(word, ledger)
    near = difflib.get_close_matches(path.name, _names(path.parent), n=1)
    guess = f"; did you mean {path.parent.joinpath(near[0]).name!r}?" if near else ""
    raise UsageError(f"{word[:LONGEST]}: there is no such file, and it is no attempt's id{guess}")


def is_below(path: Path, directory: Path) -> bool:
    """Whether `path` lies in `directory` or below it, by name or behind links."""
    return path.is_relative_to(directory) or Path(os.path.realpath(path)).is_relative_to(os.path.realpath(directory))


def place_of(word: str) -> Path:
    """The absolute path that `word` would be: the name as it was typed, also of a link."""
    return Path(os.path.abspath(word))  # noqa: PTH100 - `resolve` would follow it


def _is_file(word: str, path: Path) -> bool:
    # The words of os.path answer for any name, also one that no disk takes.
    if os.path.isdir(path):  # noqa: PTH112
        raise UsageError(f"{word} is a directory; name its pictures, like {word.rstrip(os.sep)}{os.sep}*.png")
    return os.path.exists(path)  # noqa: PTH110


async def _of_file(word: str, path: Path, ledger: Ledger, store: Store) -> Pick:
    """By its sidecar, which is all that other machines know of it; this one's ledger is believed before it."""
    picture = path.with_suffix("") if path.suffix == ".json" else path
    told = await store.told_of(picture)
    if told is None:
        raise UsageError(
            f"{word}: no sidecar {picture.name}.json beside it tells how it was made; imgcli knows only its own pictures"
        )
    key, record = told
    known = await _known(record.attempt, ledger)
    return Pick(known, picture, known.job.key) if known else Pick(record, picture, key)


async def _of_id(word: str, ledger: Ledger) -> Pick:
    records = await ledger.begun(word, 2)
    if not records:
        raise UsageError(f"no attempt has an id that begins with {word}; name a file, or see its sidecar for the id")
    if len(records) > 1:
        raise UsageError(f"several attempts have ids that begin with {word}; type more of it")
    (record,) = records
    if record.job.is_text or record.state is not State.SETTLED:
        what = "words" if record.job.is_text else f"no picture ({record.state.value})"
        raise UsageError(f"attempt {record.attempt} brought {what}, so there is nothing to pick")
    return Pick(record, record.directory / record.name, record.job.key)


async def _known(attempt: str, ledger: Ledger) -> Record | None:
    """The settled picture of an attempt, if this ledger has it."""
    records = await ledger.begun(attempt, 2)
    return next((r for r in records if r.attempt == attempt and r.state is State.SETTLED), None)


def _names(directory: Path) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(directory) if not entry.name.endswith(".json")][:1000]
    except OSError:
        return []
