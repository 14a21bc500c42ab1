"""`imgcli quarantine`: paid pictures that moderation flagged, and what a person decides of them."""

import os
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import completing, options, show
from imgcli.cli.places import near
from imgcli.errors import StorageError, UsageError
from imgcli.model.money import exact_usd, format_usd
from imgcli.model.verdict import DELETED, RELEASED, Aside, Remarks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from imgcli.model.attempt import Record
    from imgcli.ports import Ledger, Store
    from imgcli.settings import Settings

SHORTEST = 4
"""Characters of an id that say which."""

Which = Annotated[
    list[str],
    typer.Argument(
        metavar="ID",
        help="As imgcli quarantine list tells; the beginning is enough.",
        autocompletion=completing.complete_flagged,
    ),
]


async def list_pictures(
    every: Annotated[bool, typer.Option("--all", help="Also those that somebody let out or deleted.")] = False,
    json: options.Json = False,
) -> int:
    """List the pictures of this ledger that moderation flagged: scores, path and cost.

    They are paid, and nothing shows them until somebody lets them out. Examples:

      imgcli quarantine list

      imgcli quarantine list --all --json
    """
    async with _open() as ward:
        records = [record for record in await ward.everything() if every or not record.remarks.settled]
    if json:
        for record in records:
            show.json_line(_line(record))
        return 0
    if not records:
        show.talk("nothing is in quarantine")
        return 0
    rows = [
        (record.attempt, record.created_at[:10], near(record.directory / record.name), _why(record), _cost(record))
        for record in records
    ]
    show.draw_data(show.table("", ("id", "day", "picture", "why", "cost"), rows, right=(4,), whole=(0, 4)))
    show.talk("look at one with:  imgcli quarantine show ID;  let it out or away with:  release ID,  delete ID")
    return 0


async def show_picture(
    which: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="As imgcli quarantine list tells.", autocompletion=completing.complete_flagged
        ),
    ],
    json: options.Json = False,
) -> int:
    """Show why a picture was flagged, and where it is; it is not opened. Examples:

    imgcli quarantine show 019a9d2c-41

    imgcli quarantine show 019a9d2c-41 --json
    """
    async with _open() as ward:
        (record,) = await ward.find([which])
    if json:
        show.json_line(_line(record))
        return 0
    path = record.directory / record.name
    show.line(f"picture  {path}")
    show.line(f"prompt   {record.job.prompt.typed}")
    show.line(f"made     {record.created_at[:19].replace('T', ' ')} UTC by {record.job.model}, {_cost(record)}")
    for verdict in record.remarks.verdicts:
        reason = f": {verdict.reason}" if verdict.reason else ""
        show.line(f"{verdict.stage.value:8} {verdict.layer} {verdict.decision.value}{reason}")
        if verdict.scores:
            show.line(f"         {_scores(verdict.scores)}")
    if record.remarks.settled:
        show.line(f"settled  {record.remarks.settled}")
    if not record.remarks.deleted:
        show.talk("it is an ordinary picture file: open it with any viewer, if you want to see it")
    return 0


async def release(which: Which, profile: options.Profile = None, json: options.Json = False) -> int:
    """Let pictures out: they get their planned names among the others, replacing nothing.

    A batch then keeps them as if they had never been flagged. Their sidecars and the ledger say who let
    them out. Examples:

      imgcli quarantine release 019a9d2c-41

      imgcli quarantine release 019a9d2c-41 019a9d2d-07
    """
    async with _open(profile) as ward:
        for record in await ward.find(which):
            path = await ward.release(record)
            _tell(record, path, RELEASED, json=json)
    return 0


async def delete(
    which: Which, profile: options.Profile = None, yes: options.Yes = False, json: options.Json = False
) -> int:
    """Delete pictures for good. They stay paid; the ledger keeps what is known, and no batch in the same
    directory with the same ledger makes them anew. Examples:

    imgcli quarantine delete 019a9d2c-41

    imgcli quarantine delete 019a9d2c-41 --yes
    """
    async with _open(profile) as ward:
        records = await ward.find(which)
        _require_yes(records, yes=yes)
        for record in records:
            await ward.delete(record)
            _tell(record, None, DELETED, json=json)
    return 0


@asynccontextmanager
async def _open(profile: str | None = None) -> "AsyncIterator[Ward]":
    from imgcli.settings import load_settings
    from imgcli.wiring import open_ledger, open_store

    settings = load_settings(os.environ, {}, profile)
    ledger = open_ledger(settings.paths)
    try:
        yield Ward(ledger, open_store(settings.paths), settings)
    finally:
        await ledger.close()


class Ward:
    """What is in quarantine. Each step of a decision can be done again: whoever was cut off types the same once more."""

    def __init__(self, ledger: "Ledger", store: "Store", settings: "Settings") -> None:
        self._ledger, self._store, self._settings = ledger, store, settings

    async def everything(self) -> "Sequence[Record]":
        return await self._ledger.set_aside(Aside.QUARANTINE)

    async def find(self, words: Sequence[str]) -> "list[Record]":
        """The pictures whose ids begin so, each once.

        Raises:
            UsageError: none or several do; all are looked at before anything is done with one.
        """
        there = await self.everything()
        return list({record.attempt: record for record in [_one(word, there) for word in words]}.values())

    async def release(self, record: "Record") -> Path:
        """Let it out; where it is now.

        Raises:
            UsageError: it is deleted.
            StorageError: it is gone, or the disk refuses.
        """
        async with self._store.alone(record):
            record = await self._now(record)
            if not record.remarks.settled:
                record = await self._let_out(record)
            if record.remarks.deleted:
                raise UsageError(f"{record.attempt} was {record.remarks.settled}; there is nothing to let out")
            path = record.directory / record.name
            if record.picture and not await self._store.holds(path, record.picture.sha256):
                raise UsageError(f"{record.attempt} was {record.remarks.settled} as {path}, and is not there any more")
            await self._store.tell(record)
            await self._take_away(record)
            return path

    async def _let_out(self, record: "Record") -> "Record":
        """As it is once somebody decided on it: whoever was first."""
        remarks = self._settled(record, RELEASED)
        now, refused = record, list[StorageError]()

        async def settle(name: str) -> bool:
            nonlocal now
            # Only once it has its name, so that what fails is not told of; and before it is settled, so that nothing is
            # let out that the log does not tell of.
            try:
                self._note(record, RELEASED)
            except StorageError as error:
                refused.append(error)
                return False
            await self._ledger.settle_aside(record, name, remarks)
            now = await self._now(record)
            return now.name == name and not now.remarks.deleted

        await self._store.let_out(record, settle)
        if refused:
            raise refused[0]
        return now

    async def delete(self, record: "Record") -> None:
        """Take it away for good.

        Raises:
            UsageError: it is let out, and no business of ours any more.
            StorageError: the disk refuses; typed again it goes on.
        """
        async with self._store.alone(record):
            record = await self._now(record)
            if not record.remarks.settled:
                self._note(record, DELETED)
                # The ledger first: a picture that is gone and was not deleted would be made anew.
                await self._ledger.settle_aside(record, record.name, self._settled(record, DELETED))
                record = await self._now(record)
            if not record.remarks.deleted:
                raise UsageError(
                    f"{record.attempt} was {record.remarks.settled}: it is {near(record.directory / record.name)}, and yours to delete"
                )
            await self._take_away(record)

    async def _now(self, record: "Record") -> "Record":
        """As the ledger has it by now."""
        return next((each for each in await self.everything() if each.attempt == record.attempt), record)

    async def _take_away(self, record: "Record") -> None:
        others = [
            each.name
            for each in await self.everything()
            if each.directory == record.directory and each.attempt != record.attempt
        ]
        if not await self._store.take_away(record, others):
            show.talk(f"{record.directory / Aside.QUARANTINE.value}: what lies there now is not that picture; it stays")

    def _settled(self, record: "Record", what: str) -> Remarks:
        return replace(record.remarks, settled=f"{what} {datetime.now(UTC):%Y-%m-%d} by {self._settings.user}")

    def _note(self, record: "Record", what: str) -> None:
        """In the audit log, or nothing more is done."""
        from imgcli.moderation.log import PERSON, Noted, note

        worst = next((verdict for verdict in record.remarks.verdicts if verdict.stops), None)
        told = Noted(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            run=record.run,
            key=record.job.key,
            attempt=record.attempt,
            stage="picture",
            layer=PERSON,
            decision=what,
            reason=f"{worst.layer}: {worst.reason}" if worst else "",
            scores=worst.scores if worst else (),
            prompt=record.job.prompt.typed,
            by=self._settings.user,
        )
        note(self._settings.paths.data, [told])


def _one(word: str, there: "Sequence[Record]") -> "Record":
    if len(word) < SHORTEST:
        raise UsageError(f"the id {word!r} is too short; type at least {SHORTEST} letters of it")
    found = [record for record in there if record.attempt.startswith(word)]
    if len(found) > 1:
        raise UsageError(f"{len(found)} pictures in quarantine have ids that begin with {word!r}; type more of it")
    if not found:
        raise UsageError(
            f"no picture in quarantine has an id that begins with {word[:40]!r}; see  imgcli quarantine list"
        )
    return found[0]


def _require_yes(records: "Sequence[Record]", *, yes: bool) -> None:
    import sys

    from imgcli.cli.closing import pictures
    from imgcli.cli.consent import agreed

    if yes:
        return
    what = f"{pictures(len(records))}, paid with {format_usd(sum(record.cost or 0 for record in records))}"
    if not sys.stdin.isatty():
        raise UsageError(f"{what}: nobody can be asked here, so add --yes to delete for good; nothing was changed")
    show.talk(f"{what}, will be deleted for good.")
    if not agreed():
        raise UsageError("nothing was deleted")


def _tell(record: "Record", path: Path | None, what: str, *, json: bool) -> None:
    if json:
        show.json_line({"event": what, "attempt": record.attempt, "path": None if path is None else str(path)})
    elif path is not None:
        show.line(str(path))
    else:
        show.talk(f"deleted {near(record.directory / record.name)}")


def _line(record: "Record") -> dict[str, Any]:
    remarks = record.remarks
    return {
        "event": "quarantined",
        "attempt": record.attempt,
        "path": None if remarks.deleted else str(record.directory / record.name),
        "prompt": record.job.prompt.typed,
        "provider": record.job.provider,
        "model": record.job.model,
        "cost_usd": None if "unpriced" in record.flags else exact_usd(record.cost or 0),
        "sha256": record.picture.sha256 if record.picture else "",
        "made_at": record.created_at,
        "settled": remarks.settled,
        "verdicts": [
            {"stage": v.stage.value, "layer": v.layer, "decision": v.decision.value, "reason": v.reason}
            | {"scores": dict(v.scores)}
            for v in remarks.verdicts
        ],
    }


def _why(record: "Record") -> str:
    why = record.remarks.why
    return f"{why}; {record.remarks.settled}" if record.remarks.settled else why


def _scores(scores: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{category} {score:.2f}" for category, score in scores)


def _cost(record: "Record") -> str:
    return "unknown" if "unpriced" in record.flags else format_usd(record.cost or 0)
