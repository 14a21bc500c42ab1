"""`imgcli ledger`: for the bad day. Backup, rebuild from what is left, and taking up paid work again."""

import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import show
from imgcli.cli.safe import safe_text
from imgcli.errors import UsageError
from imgcli.model.money import format_usd

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from imgcli.ports import Ledger

MOST_NAMED = 100
"""Files that are named one by one."""


async def back_up(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A new file. Default: beside the ledger, with the time.")
    ] = None,
) -> int:
    """Copy the ledger, whole and consistent, also while imgcli is at work. Prints where.

    To restore it: end every imgcli, delete ledger.db-journal beside the ledger, copy the backup over ledger.db, and run
    imgcli ledger rebuild DIR for what was made since. Examples:

      imgcli ledger backup ledger-copy.db

      imgcli ledger backup /srv/backup/ledger.db
    """
    from imgcli.settings import find_paths

    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = (file or find_paths(os.environ).data / f"ledger-backup-{stamp}.db").absolute()
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} is no directory")
    async with _ledger() as ledger:
        await ledger.back_up(target)
    show.line(safe_text(str(target)))
    return 0


async def rebuild(
    directories: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DIR]...", help="Where pictures lie whose sidecars are to be read as well."),
    ] = None,
) -> int:
    """Make a new ledger from what is left of a damaged one, and from sidecars. The damaged file is kept.

    Where two sources differ the dearer counts, so no cap is loosened. Paid work waits until you adopt the sums. Example:

      imgcli ledger rebuild .

      imgcli ledger rebuild library/ campaign/
    """
    from imgcli.settings import find_paths
    from imgcli.wiring import rebuild_ledger

    for directory in directories or ():
        if not directory.is_dir():
            raise UsageError(f"{directory} is no directory")
    done = await rebuild_ledger(find_paths(os.environ), [directory.resolve() for directory in directories or ()])
    show.line(
        f"rebuilt: {done.from_events} attempts from events, {done.from_rows} from rows, "
        f"{done.from_sidecars} from sidecars" + (f"; {done.lost} could not be read" if done.lost else "")
    )
    if done.unknown:
        show.line(
            f"{done.unknown} pictures of unknown users (sidecars name none) count against every cap per user: "
            "--user NAME and --user each"
        )
    if done.unbelieved:
        show.talk(f"{len(done.unbelieved)} sidecars were not believed; what they tell is not counted:")
        _name(done.unbelieved)
    if done.nameless:
        show.talk(
            f"{len(done.nameless)} whole paid pictures that this ledger does not know, and does not count; "
            "copy them to a name of your own to keep them:"
        )
        _name([str(path) for path in done.nameless])
    if done.kept:
        show.line(f"the old file is kept as {safe_text(str(done.kept))}")
    await _tell_sums()
    show.talk("if these sums are right, take paid work up again with:  imgcli ledger adopt --reason TEXT")
    return 0


def _name(things: "Sequence[str]") -> None:
    for thing in things[:MOST_NAMED]:
        show.talk(f"  {thing}")
    if len(things) > MOST_NAMED:
        show.talk(f"  and {len(things) - MOST_NAMED} more")


async def adopt(
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="How you know; kept in the ledger.")],
) -> int:
    """Accept the sums of a rebuilt ledger, so that it pays again. Examples:

    imgcli ledger adopt --reason "agrees with the bill"

    imgcli ledger adopt --reason "what is missing was a test"
    """
    if not reason.strip():
        raise UsageError("--reason must say how you know; it is kept in the ledger")
    async with _ledger() as ledger:
        if not await ledger.adopt(reason):
            raise UsageError("the ledger is not frozen; there is nothing to adopt")
    await _tell_sums()
    return 0


async def _tell_sums() -> None:
    async with _ledger() as ledger:
        total = await ledger.spending()
        waiting = len(await ledger.unresolved())
    uncertain = f", {format_usd(total.uncertain)} uncertain in {waiting} attempts" if waiting else ""
    show.line(f"ever spent: {format_usd(total.spent)} for {total.pictures} pictures{uncertain}")


@asynccontextmanager
async def _ledger() -> "AsyncIterator[Ledger]":
    from imgcli.settings import find_paths
    from imgcli.wiring import open_ledger

    ledger = open_ledger(find_paths(os.environ))
    try:
        yield ledger
    finally:
        await ledger.close()
