"""Derived files put where they are wanted, and told: the second half of `imgcli export`."""

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.errors import StorageError

if TYPE_CHECKING:
    from imgcli.cli.chosen import Desk
    from imgcli.exporting import Exported, Looked, Plan
    from imgcli.exports.manifest import Refused
    from imgcli.exports.plan import Skipped
    from imgcli.exports.wish import Wish
    from imgcli.model.pick import Pick

EVERY = 100
"""Pictures after which it is told how far it is."""

TOLD = 10
"""Files left out that are told one by one."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an export goes and how it is told; `place` is None for stdout."""

    place: Path | None
    packed: bool
    dry_run: bool
    json: bool
    quiet: bool


async def deliver(desk: "Desk", picks: "Sequence[Pick]", wish: "Wish", target: Target) -> int:
    """The exit code of an export: 1 if nothing came of some picture."""
    from imgcli.exporting import look_at, make, plan

    looked = await look_at(picks, lambda stem: desk.store.stem("{n}", {"n": stem}))
    planned = plan(looked.masters, wish)
    if target.dry_run:
        return _foretell(planned, looked, wish, target)
    if not planned.files:
        _tell_missing(looked.refused, planned.skipped, wish, target)
        return 1
    with _staging(target) as staging:
        made = await make(planned, looked, wish, staging, _teller(len(looked.masters), target))
        if made.made:
            fresh = await asyncio.to_thread(_publish, staging, made, target)
            await _mark(desk, picks, made)
            _tell(made, fresh, target)
    _tell_missing(made.refused, made.skipped, wish, target)
    return 1 if _left_out(picks, made) else 0


@contextmanager
def _staging(target: Target) -> Iterator[Path]:
    """Where files lie until all are made: on the disk they go to, or where temporary files are."""
    from imgcli.exports.place import staged

    if target.place is None:
        with tempfile.TemporaryDirectory(prefix="imgcli-export-") as made:
            yield Path(made)
    else:
        with staged(target.place.parent if target.packed else target.place) as made_there:
            yield made_there


def _publish(staging: Path, made: "Exported", target: Target) -> frozenset[str]:
    """The paths that are new.

    Raises:
        UsageError: something else has one of the names.
        StorageError: the disk refuses.
    """
    from imgcli.exports.place import publish
    from imgcli.exports.zipped import write_zip
    from imgcli.machine import why

    if not target.packed:
        assert target.place is not None  # noqa: S101 - only a ZIP goes to stdout
        return publish(staging, target.place, made.paths)
    if target.place is None:
        return _pipe(staging, made)
    try:
        # Not among the files that go into it.
        packed = staging / "packed"
        packed.mkdir()
        with (packed / target.place.name).open("xb") as file:
            write_zip(staging, made.paths, file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(f"{target.place} cannot be written ({why(error)})") from None
    return publish(packed, target.place.parent, [target.place.name])


def _pipe(staging: Path, made: "Exported") -> frozenset[str]:
    from imgcli.exports.zipped import write_zip
    from imgcli.machine import why

    try:
        write_zip(staging, made.paths, out := show.pipe())
        out.flush()
    except OSError as error:
        show.Streams.let_go("stdout", error)
        raise StorageError(f"stdout took no more ({why(error)})") from None
    return frozenset(made.paths)


async def _mark(desk: "Desk", picks: "Sequence[Pick]", made: "Exported") -> None:
    """What was exported is no waste."""
    from imgcli.model.mark import Mark, Marked

    used = {master.attempt for each in made.made for master in each.masters}
    for pick in picks:
        if pick.record.attempt in used:
            await desk.catalog.mark(Marked(pick.record.attempt, Mark.EXPORTED, pick.path))


def _left_out(picks: "Sequence[Pick]", made: "Exported") -> bool:
    used = {str(master.path) for each in made.made for master in each.masters}
    return any(str(pick.path) not in used for pick in picks)


def _teller(total: int, target: Target) -> Callable[[int], None]:
    due = EVERY

    def tell(done: int) -> None:
        nonlocal due
        if total > EVERY and done >= min(due, total) and not (target.quiet or target.json):
            show.talk(f"{done:,} of {total:,} pictures are done")
            due += EVERY

    return tell


def _tell(made: "Exported", fresh: frozenset[str], target: Target) -> None:
    from imgcli.exports.manifest import file_row

    place = target.place
    count, pictures = len(made.made), len({master.path for each in made.made for master in each.masters})
    if place is None:
        pass
    elif target.packed and not target.json:
        show.line(str(place))
    else:
        rows = {each.path: file_row(each) for each in made.made}
        for path in made.paths:
            whole = str(place) if target.packed else str(place / path)
            is_new = bool(fresh) if target.packed else path in fresh
            if target.json:
                inside = {"inside": path} if target.packed else {}
                told = {"event": "exported", **rows.get(path, {}), "path": whole, **inside, "new": is_new}
                show.json_line(told)
            else:
                show.line(whole)
    if target.quiet or target.json:
        return
    there = 0 if target.packed and fresh else len(made.paths) - len(fresh)
    state = "already there" if not fresh else f"{there:,} of them already there" if there and not target.packed else ""
    show.talk(
        f"{count:,} file{'s' if count != 1 else ''} of {pictures:,} picture{'s' if pictures != 1 else ''}"
        f"{f', {state}' if state else ''}; manifest.json says what each was made from"
    )
    show.talk("Content Credentials (C2PA) of the masters are not in them: those vouch for the masters' own bytes")


def _tell_missing(refused: "Sequence[Refused]", skipped: "Sequence[Skipped]", wish: "Wish", target: Target) -> None:
    for each in refused:
        if target.json:
            show.json_line({"event": "refused", "master": each.name, "attempt": each.attempt, "why": each.why})
        show.error(f"{each.name}: {each.why}")
    for one in skipped if target.json else ():
        show.json_line({"event": "skipped", "path": one.path, "master": one.master.name, "why": one.why})
    if not (target.quiet or target.json):
        for one in skipped[:TOLD]:
            show.talk(f"left out {one.path}: {one.why}")
        if len(skipped) > TOLD:
            advice = "" if wish.upscale else " (--upscale makes them all the same)"
            show.talk(f"and {len(skipped) - TOLD:,} more that were left out{advice}")


def _foretell(planned: "Plan", looked: "Looked", wish: "Wish", target: Target) -> int:
    from imgcli.exporting import foreseen

    for path, width, height in foreseen(planned, wish):
        if target.json:
            show.json_line({"event": "planned", "path": path, "width": width or None, "height": height or None})
        else:
            show.line(f"{path}  {width}x{height}" if width else path)
    _tell_missing(looked.refused, planned.skipped, wish, target)
    made_of = {file.master.path for file in planned.files}
    return 1 if looked.refused or any(master.path not in made_of for master in looked.masters) else 0
