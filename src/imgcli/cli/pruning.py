"""`imgcli batch --prune`: pictures that a library has no use for any more are put aside, never deleted."""

import os
import sys
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.batch.changes import Found, Orphaned
from imgcli.cli import show
from imgcli.cli.closing import pictures
from imgcli.cli.consent import agreed
from imgcli.cli.library import ASIDE, MOST_ROWS, changes, file_of
from imgcli.errors import StorageError, UsageError
from imgcli.model.inspection import PRUNED

if TYPE_CHECKING:
    from imgcli.batch.lock import Lock, Locked
    from imgcli.cli.making import Wanted
    from imgcli.library import Library

Useless = tuple[str, str, int, str]
"""File, SHA-256, bytes, and why nobody needs it."""


async def prune_library(wanted: "Wanted") -> int:
    """Put aside what neither the batch file nor its lock needs any more."""
    from imgcli.library import Library
    from imgcli.wiring import open_studio

    async with open_studio(wanted.settings, os.environ, lambda _: None, wanted.beside) as studio:
        library = Library(file_of(wanted), wanted.root, studio.store)
        lock = library.read()
        orphans, kept = [], set()
        for change, _ in await changes(wanted, studio, library, read_data=False, must_know=True):
            if isinstance(change, Orphaned):
                orphans.append(change.line)
            elif isinstance(change, Found):
                kept.add(change.file)  # wanted again, though the lock does not say so yet
        ideas = _ideas_of(orphans, wanted)
        orphans = [line for line in orphans if line not in ideas]
        there = _useless(lock, orphans, wanted.concerns, library.seen(lock).gone | kept)
        others = library.of_others()
        shared = [each for each in there if each[1] in others]
        there = [each for each in there if each[1] not in others]
        if shared and wanted.output.talks:
            verb = "stays" if len(shared) == 1 else "stay"
            show.talk(f"{pictures(len(shared))} {verb}: another lock file beside this one tells of them")
        if ideas and wanted.output.talks:
            verb = "stays" if len(ideas) == 1 else "stay"
            show.talk(
                f"{pictures(len(ideas))} of --ideas {verb}: their prompts are in the file; with --prune too, --ideas N"
            )
        if there and _ask(there, wanted):
            return 0
        code = await _put_aside(there, library, wanted)
        if problem := library.forget([line.ident for line in orphans]):
            raise StorageError(problem)
    return code


def _ideas_of(orphans: "Sequence[Locked]", wanted: "Wanted") -> "list[Locked]":
    """Those that only seem to be wanted no more, because `--ideas` was not said again."""
    if wanted.ideas > 1:
        return []
    ids = {entry.id for entry in wanted.entries}
    return [line for line in orphans if line.asked and line.id.rpartition("-idea-")[0] in ids]


def _useless(
    lock: "Lock", orphans: "Sequence[Locked]", concerns: Callable[[str], bool], stay: Collection[str]
) -> list[Useless]:
    """Pictures of `orphans`, and those that were replaced; save the files that `stay`."""
    found = [(line.file, line.sha256, line.bytes, ASIDE) for line in orphans]
    found += [
        (old.file, old.sha256, old.bytes, f"replaced by {line.file}")
        for line in lock.lines.values()
        if concerns(line.id)
        for old in line.old
    ]
    return sorted(each for each in found if each[0] not in stay)


def _ask(there: Sequence[Useless], wanted: "Wanted") -> bool:
    """Show what would be moved, and have a person agree; True if it was only to be shown.

    Raises:
        UsageError: they did not, or there is nobody to ask.
    """
    output = wanted.output
    size = sum(each[2] for each in there) / 1e6
    if output.talks:
        rows = [(file, why, f"{size_bytes / 1e6:,.1f} MB") for file, _, size_bytes, why in there[:MOST_ROWS]]
        show.draw(show.table("", ("to be put aside", "why", ""), rows, right=(2,)))
        if len(there) > MOST_ROWS:
            show.talk(f"and {len(there) - MOST_ROWS:,} more")
    if wanted.dry_run:
        show.talk(f"{pictures(len(there))}, {size:,.1f} MB, would be moved into {PRUNED}; nothing was moved")
        return True
    if wanted.yes:
        return False
    if not sys.stdin.isatty() or not output.talks:
        raise UsageError(f"nothing was moved: --prune would put {pictures(len(there))} aside; add --yes if it may")
    show.talk(f"{pictures(len(there))}, {size:,.1f} MB, would be moved into {PRUNED}.")
    if not agreed():
        raise UsageError("nothing was moved (--yes skips the question)")
    return False


async def _put_aside(there: Sequence[Useless], library: "Library", wanted: "Wanted") -> int:
    """Move each picture below a new directory of the day; those that are not surely ours stay."""
    output, moved = wanted.output, 0
    target = _new_target(library.root)
    for file, _, _, _ in there:
        try:
            now = await library.put_aside(file, target)
        except StorageError as error:
            show.talk(f"{file} stays: {error}")
            continue
        moved += 1
        if output.json:
            show.json_line({"event": "moved", "from": str(library.base / file), "to": str(now)})
        else:
            show.line(str(now))
    left = len(there) - moved
    code = StorageError.exit_code if left else 0
    if output.json:
        show.json_line({"event": "end", "moved": moved, "left": left, "exit_code": code})
    elif output.talks:
        where = f", to {target}; delete it when nobody misses them" if moved else ""
        show.talk(f"{pictures(moved)} moved{where}" if there else "nothing to put aside")
    return code


def _new_target(root: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    number, target = 1, root / PRUNED / stamp
    while os.path.lexists(target):
        number += 1
        target = root / PRUNED / f"{stamp}-{number}"
    return target
