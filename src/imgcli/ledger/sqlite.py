"""The ledger in one SQLite file: every method is one durable transaction, every state change a compare-and-swap."""

import functools
import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from imgcli import __version__
from imgcli.db.connect import Database, script
from imgcli.errors import AttemptError, LedgerError, UsageError
from imgcli.ledger import audit, codec, counters, events, rules
from imgcli.ledger.counters import Claimant
from imgcli.ledger.events import Story
from imgcli.ledger.locks import RunLocks
from imgcli.ledger.replay import Row
from imgcli.ledger.sql import SCRIPTS, SQL
from imgcli.model.attempt import Hold, LedgerEvent, Receipt, Record, Standing, State
from imgcli.model.budget import Balance, Budget, Spending
from imgcli.model.charge import Charge
from imgcli.model.finding import Finding, Level
from imgcli.model.job import Job
from imgcli.model.picture import Painted
from imgcli.model.query import Page
from imgcli.model.question import noun_of
from imgcli.model.quote import Priced, Quote
from imgcli.model.run import Run
from imgcli.model.verdict import UNREMARKED, Aside, Remarks
from imgcli.ports import Clock, Place


class SqliteLedger:
    """Satisfies `ports.Ledger`; `home` holds `ledger.db`, or a link to it; the run locks lie beside the file itself."""

    def __init__(self, home: Path, clock: Clock, *, any_filesystem: bool = False) -> None:
        self._db = Database(
            home / "ledger.db",
            (script(SCRIPTS[0]), self._tell_all, *(script(text) for text in SCRIPTS[2:])),
            any_filesystem=any_filesystem,
        )
        self.path = self._db.path
        self._clock = clock
        self._locks = RunLocks(self.path.parent / "runs")
        self._users: dict[str, str] = {}

    async def begin(self, run: Run) -> None:
        self._locks.take(run.id)

        def work(tx: sqlite3.Connection) -> None:
            _require_thawed(tx)
            story = self._resume(tx)
            row = {"id": run.id, "command": run.command, "user": run.user, "host": run.host, "pid": run.pid}
            tx.execute(SQL["enter_run"], row | {"at": story.at})
            story.append("", "run", dict(tx.execute(SQL["run"], {"id": run.id}).fetchone()))
            if run.usd is not None:
                counters.cap_run(story, run.id, run.usd)

        with ExitStack() as undo:
            undo.callback(self._locks.drop, run.id)
            await self._db.write(work)
            await self._db.set_ballast_aside()
            undo.pop_all()
        self._users[run.id] = run.user

    async def end(self, run: str) -> None:
        def work(tx: sqlite3.Connection) -> None:
            story = self._resume(tx)
            # An older ledger may have been put in place meanwhile: what it never knew has no end there.
            if tx.execute(SQL["end_run"], {"id": run, "at": story.at}).rowcount == 1:
                story.append("", "run-ended", {"id": run, "ended_at": story.at})

        await self._db.write(work)
        self._locks.drop(run)

    async def enter(self, run: str, jobs: Sequence[Job]) -> None:
        def work(tx: sqlite3.Connection) -> None:
            start = tx.execute(SQL["count_jobs"], {"run": run}).fetchone()[0]
            rows = [(job.key, start + index, codec.job_text(job)) for index, job in enumerate(jobs)]
            tx.executemany(SQL["enter_job"], [{"run": run, "key": k, "position": p, "body": b} for k, p, b in rows])
            sealed = events.digest(codec.canonical(rows))
            told = {"run": run, "start": start, "count": len(rows), "digest": sealed}
            self._resume(tx).append("", "jobs", told)

        await self._db.write(work)

    async def reserve(  # noqa: PLR0917 - what one hold is made of
        self, run: str, attempt: str, quote: Quote, slot: Place, since: int | None = None, planned: int | None = None
    ) -> Hold | None:
        job = quote.job
        upper, rates = (quote.upper, quote.rates) if isinstance(quote, Priced) else (0, "")
        priced, pictures = isinstance(quote, Priced), int(not job.is_text)
        what = noun_of(job)

        def work(tx: sqlite3.Connection) -> bool:
            _require_thawed(tx)
            place = {"key": job.key, "directory": str(slot.directory)}
            if since is not None and tx.execute(SQL["seen"], place).fetchone()[0] > since:
                return False
            if planned is not None and tx.execute(SQL["rival"], _rivals(job, planned)).fetchone():
                return False
            story = self._resume(tx)
            windows = rules.windows(story.at, run)
            user = self._users[run]
            claimant = Claimant(run, user, job.provider, job.tags, windows["day"], windows["month"])
            counters.hold(story, claimant, upper, priced=priced, pictures=pictures, what=what)
            row = {"id": attempt, "run": run, "key": job.key, "provider": job.provider, "user": user}
            row |= {"tags": codec.canonical(job.tags), "day": windows["day"], "month": windows["month"]}
            row |= {"directory": str(slot.directory), "name": slot.name, "at": story.at, "imgcli": __version__}
            price = {"upper": upper, "priced": int(priced), "rates": rates, "pictures": pictures}
            entered = _plain(tx.execute(SQL["enter_attempt"], row | price).fetchone())
            entered["job"] = events.digest(entered.pop("body"))
            story.append(attempt, "reserved", entered)
            return True

        return Hold(attempt, run, job, upper, priced) if await self._db.write(work) else None

    async def send(self, hold: Hold) -> None:
        await self._db.write(lambda tx: _step(self._resume(tx), hold.attempt, hold.run, State.SENT))

    async def receive(self, hold: Hold, receipt: Receipt) -> int:
        posted = hold.upper if receipt.actual is None else receipt.actual
        flags = [*_flags(hold, posted, receipt.actual), *(["unsaved"] if receipt.unsaved else [])]

        def work(tx: sqlite3.Connection) -> None:
            story = self._resume(tx)
            _step(
                story,
                hold.attempt,
                hold.run,
                State.RECEIVED,
                posted=posted,
                picture=codec.picture_text(receipt.picture),
                painted=codec.painted_text(receipt.painted),
                flags=json.dumps(flags),
                received_at=story.at,
            )

        await self._db.write_what_is_paid(work)
        return posted

    async def post(self, hold: Hold, painted: Painted, actual: int | None) -> int:
        posted = hold.upper if actual is None else actual
        flags = _flags(hold, posted, actual)

        def work(tx: sqlite3.Connection) -> None:
            story = self._resume(tx)
            _step(
                story,
                hold.attempt,
                hold.run,
                State.POSTED,
                posted=posted,
                painted=codec.painted_text(painted),
                flags=json.dumps(flags),
                received_at=story.at,
                decided=1,
            )

        await self._db.write_what_is_paid(work)
        return posted

    async def answered(self, key: str) -> Record | None:
        row = await self._db.read(lambda tx: tx.execute(SQL["answered"], {"key": key}).fetchone())
        return _record(row) if row else None

    async def rename(self, attempt: str, name: str) -> None:
        def work(tx: sqlite3.Connection) -> None:
            if tx.execute(SQL["rename"], {"id": attempt, "name": name}).rowcount != 1:
                raise LedgerError(f"attempt {attempt} is not waiting for its name; another imgcli took it over")
            self._resume(tx).append(attempt, "renamed", {"name": name})

        await self._db.write_what_is_paid(work)

    async def save(self, attempt: str, run: str, remarks: Remarks = UNREMARKED) -> Record:
        def work(tx: sqlite3.Connection) -> Record:
            return _record(_step(self._resume(tx), attempt, run, State.SAVED, remarks=codec.remarks_text(remarks)))

        return await self._db.write_what_is_paid(work)

    async def settle(self, attempt: str, run: str) -> None:
        await self._db.write_what_is_paid(lambda tx: _step(self._resume(tx), attempt, run, State.SETTLED))

    async def settle_aside(self, record: Record, name: str, remarks: Remarks) -> bool:
        change = {"name": name, "remarks": codec.remarks_text(remarks)}

        def work(tx: sqlite3.Connection) -> bool:
            before = _attempt(tx, record.attempt)
            # Compared as what they say: an older imgcli may have written the same in other words.
            if before["name"] != record.name or codec.parse_remarks(before["remarks"]) != record.remarks:
                return False
            if tx.execute(SQL["settle_aside"], change | {"id": record.attempt}).rowcount != 1:
                return False
            self._resume(tx).append(record.attempt, "settled-aside", change)
            return True

        return await self._db.write_what_is_paid(work)

    async def set_aside(self, aside: Aside) -> Sequence[Record]:
        place = {"aside": aside.value}
        return await self._db.read(lambda tx: [_record(row) for row in tx.execute(SQL["set_aside"], place)])

    async def fail(self, hold: Hold, fault: AttemptError) -> None:
        def work(tx: sqlite3.Connection) -> None:
            before = State(_attempt(tx, hold.attempt)["state"])
            if before in {State.MODERATED, State.POSTED, State.RECEIVED}:
                raise LedgerError(f"attempt {hold.attempt} has ended; only a person can say more of it")
            after = State.VOIDED if before is State.RESERVED else rules.ending(fault)
            posted = 0 if after is State.VOIDED else hold.upper
            reason = f"{fault} [request {fault.request_id}]" if fault.request_id else str(fault)
            _step(self._resume(tx), hold.attempt, hold.run, after, posted=posted, reason=reason)

        await self._db.write_what_is_paid(work)

    async def standing(self, key: str, directory: Path) -> Standing:
        place = {"key": key, "directory": str(directory)}

        def work(tx: sqlite3.Connection) -> Standing:
            seen = tx.execute(SQL["seen"], place).fetchone()[0]
            if not seen:
                return Standing(None, None, seen)
            made, open_ = (tx.execute(SQL[name], place).fetchone() for name in ("made", "open"))
            return Standing(_record(made) if made else None, _record(open_) if open_ else None, seen)

        return await self._db.read(work)

    async def of_key(self, key: str, most: int) -> Sequence[Record]:
        place = {"key": key, "most": most}
        return await self._db.read(lambda tx: [_record(row) for row in tx.execute(SQL["of_key"], place)])

    async def settled(self, after: int, most: int) -> tuple[Sequence[Record], int]:
        place = {"after": after, "most": most}

        def work(tx: sqlite3.Connection) -> tuple[list[Record], int]:
            rows = tx.execute(SQL["settled_after"], place).fetchall()
            seen = rows[-1]["number"] if rows else after
            first = tx.execute(SQL["first_unfinished"]).fetchone()[0]
            # What is under way has its number already, and will be told when it is settled.
            return [_record(row) for row in rows], seen if first is None else max(after, min(seen, first - 1))

        return await self._db.read(work)

    async def indexable(self, after: int, most: int, awaited: Collection[str] = ()) -> Page:
        place = {"after": after, "most": most, "awaited": json.dumps(list(awaited))}
        from imgcli.ledger import lean  # noqa: PLC0415 - its decoders are for those who search

        return await self._db.read(lambda tx: lean.page(tx, place))

    async def resolve(self, attempt: str, billed: int | None, reason: str) -> None:
        def work(tx: sqlite3.Connection) -> None:
            row = tx.execute(SQL["attempt"], {"id": attempt}).fetchone()
            if row is not None and row["decided"]:
                raise UsageError(f"attempt {attempt} is decided already: {row['state']}, {row['reason']}")
            state = State(row["state"]) if row is not None else None
            lost = state is State.RECEIVED and self._locks.is_dead(row["owner"])
            if state not in rules.UNRESOLVED and not lost:
                raise UsageError(f"no uncertain attempt has the id {attempt!r}; see imgcli budget uncertain")
            if lost and billed is None:
                raise UsageError(f"attempt {attempt} was billed: its picture came; say --billed USD")
            after = State.VOIDED if billed is None else State.POSTED
            # What a picture costs is final when it comes.
            posted = row["posted"] if lost else billed or 0
            _step(self._resume(tx), attempt, row["owner"], after, posted=posted, reason=reason, decided=1)

        await self._db.write(work)

    async def orphans(self, run: str) -> Sequence[Record]:
        def work(tx: sqlite3.Connection) -> list[Record]:
            story = self._resume(tx)
            found = []
            dead: dict[str, bool] = {}
            for row in tx.execute(SQL["unfinished"], {"owner": run}).fetchall():
                owner = row["owner"]
                if owner not in dead:
                    dead[owner] = self._locks.is_dead(owner)
                if dead[owner]:
                    tx.execute(SQL["claim"], {"id": row["id"], "owner": run, "before": owner})
                    story.append(row["id"], "claimed", {"owner": run})
                    found.append(replace(_record(row), owner=run))
            return found

        # Most starts find nothing; looking first keeps them from queueing for the write lock.
        if not await self._db.read(lambda tx: tx.execute(SQL["unfinished"], {"owner": run}).fetchone()):
            return []
        return await self._db.write(work)

    async def claim(self, record: Record, run: str) -> bool:
        def work(tx: sqlite3.Connection) -> bool:
            if not self._locks.is_dead(record.owner):
                return False
            claimed = tx.execute(SQL["claim"], {"id": record.attempt, "owner": run, "before": record.owner})
            if claimed.rowcount:
                self._resume(tx).append(record.attempt, "claimed", {"owner": run})
            return claimed.rowcount == 1

        return await self._db.write(work)

    async def state_of(self, attempt: str) -> State | None:
        row = await self._db.read(lambda tx: tx.execute(SQL["state_of"], {"id": attempt}).fetchone())
        return State(row["state"]) if row else None

    async def finals_of(self, drafts: Collection[str]) -> Sequence[Record]:
        wanted = {"drafts": json.dumps(list(drafts))}
        return await self._db.read(lambda tx: [_record(row) for row in tx.execute(SQL["finals_of"], wanted)])

    async def newest(self) -> int:
        return await self._db.read(lambda tx: int(tx.execute(SQL["last_attempt"]).fetchone()[0]))

    async def again_of(self, attempts: Collection[str]) -> Sequence[Record]:
        wanted = {"attempts": json.dumps(list(attempts))}
        return await self._db.read(lambda tx: [_record(row) for row in tx.execute(SQL["again_of"], wanted)])

    async def drafts_of(self, runs: Collection[str]) -> Sequence[Record]:
        wanted = {"runs": json.dumps(list(runs))}
        return await self._db.read(lambda tx: [_record(row) for row in tx.execute(SQL["drafts_of"], wanted)])

    async def records(self, state: State) -> Sequence[Record]:
        return await self._db.read(
            lambda tx: [_record(row) for row in tx.execute(SQL["in_state"], {"state": state.value})]
        )

    async def records_of(self, attempts: Collection[str]) -> Sequence[Record]:
        wanted = {"attempts": json.dumps(list(attempts))}
        return await self._db.read(lambda tx: [_record(row) for row in tx.execute(SQL["records_of"], wanted)])

    async def charges(self, since: str = "", until: str = "") -> Sequence[Charge]:
        days = {"since": since, "until": until}
        # All there ever was takes seconds where there are millions, and nobody is to wait for a report.
        read = self._db.read if since else self._db.read_at_leisure
        return await read(lambda tx: _charges(tx.execute(SQL["charges"], days)))

    async def in_vain(self, most: int, before: str = "", run: str = "") -> Sequence[Record]:
        place = {"most": most, "before": before, "run": run}
        return await self._db.read(lambda tx: [_record(row) for row in tx.execute(SQL["in_vain"], place)])

    async def short(self, attempts: Collection[str]) -> Mapping[str, str]:
        from imgcli.ledger import lean  # noqa: PLC0415 - as above

        return await self._db.read(lambda tx: {attempt: lean.short(tx, attempt) for attempt in attempts})

    async def begun(self, beginning: str, most: int) -> Sequence[Record]:
        place = {"beginning": beginning, "most": most}
        return await self._db.read(lambda tx: [_record(row) for row in tx.execute(SQL["begun"], place)])

    async def revised(self, after: int, most: int) -> Sequence[tuple[int, Record]]:
        place = {"after": after, "most": most}
        return await self._db.read(
            lambda tx: [(row["number"], _record(row)) for row in tx.execute(SQL["revised"], place)]
        )

    async def unresolved(self) -> Sequence[Record]:
        return await self._db.read(lambda tx: [_record(row) for row in tx.execute(SQL["unresolved"])])

    async def pictured(self, below: Path | None = None) -> Sequence[Record]:
        place: dict[str, str | None] = {"below": None, "inside": None}
        if below is not None:
            place = {"below": str(below), "inside": f"{str(below).rstrip(os.sep)}{os.sep}"}
        return await self._db.read(lambda tx: [_record(row) for row in tx.execute(SQL["pictured"], place)])

    async def daily(self, provider: str) -> Mapping[str, Spending]:
        rows = await self._db.read(lambda tx: tx.execute(SQL["daily"], {"provider": provider}).fetchall())
        return {row["day"]: Spending(row["spent"], row["held"], row["uncertain"], row["pictures"]) for row in rows}

    async def story(self, attempt: str | None = None) -> Sequence[LedgerEvent]:
        query = "events" if not attempt else "story"
        return await self._db.read(
            lambda tx: [LedgerEvent(**dict(row)) for row in tx.execute(SQL[query], {"attempt": attempt})]
        )

    async def audit(self) -> Sequence[Finding]:
        return await self._db.read_at_leisure(audit.findings)

    async def back_up(self, target: Path) -> None:
        try:
            await self._db.copy_to(target)
        except FileExistsError as error:
            raise UsageError(f"{target} is there already; choose another name") from error

    async def frozen(self) -> str:
        row = await self._db.read(lambda tx: tx.execute(SQL["frozen"]).fetchone())
        return str(row["reason"]) if row else ""

    async def adopt(self, reason: str) -> bool:
        def work(tx: sqlite3.Connection) -> bool:
            thawed = tx.execute(SQL["thaw"]).rowcount > 0
            if thawed:
                self._resume(tx).append("", "adopted", {"reason": reason})
            return thawed

        return await self._db.write(work)

    async def budgets(self) -> Sequence[Budget]:
        return await self._db.read(counters.budgets)

    async def set_budget(self, budget: Budget) -> None:
        def work(tx: sqlite3.Connection) -> None:
            row = _place(budget) | {"usd": budget.usd, "pictures": budget.pictures}
            tx.execute(SQL["set_budget"], row)
            # They are opened anew, with the new cap over the true sums, by the next hold.
            tx.execute(SQL["forget_counters"], _place(budget))
            self._resume(tx).append("", "budget-set", dict(row))

        await self._db.write(work)

    async def remove_budget(self, budget: Budget) -> bool:
        def work(tx: sqlite3.Connection) -> bool:
            tx.execute(SQL["forget_counters"], _place(budget))
            removed = tx.execute(SQL["remove_budget"], _place(budget)).rowcount == 1
            if removed:
                self._resume(tx).append("", "budget-removed", dict(_place(budget)))
            return removed

        return await self._db.write(work)

    async def balances(self) -> Sequence[Balance]:
        def work(tx: sqlite3.Connection) -> list[Balance]:
            keys = rules.windows(self._resume(tx).at, "")
            return counters.balances(tx, Claimant("", "", "", (), keys["day"], keys["month"]))

        return await self._db.read(work)

    async def spending(self, run: str | None = None) -> Spending:
        row = await self._db.read(lambda tx: tx.execute(SQL["spending"], {"run": run}).fetchone())
        return Spending(row["spent"], row["held"], row["uncertain"], row["pictures"])

    async def check(self) -> Finding:
        def work(tx: sqlite3.Connection) -> str:
            return str(tx.execute("PRAGMA quick_check(1)").fetchone()[0])

        try:
            await self._db.write(_touch)
            verdict = await self._db.read(work)
        except LedgerError as error:
            return Finding(Level.FAIL, "ledger", str(error))
        if verdict != "ok":
            advice = "restore a backup, then run imgcli ledger rebuild DIR"
            return Finding(Level.FAIL, "ledger", f"{self.path} is damaged ({verdict.splitlines()[-1]})", advice)
        if frozen := await self.frozen():
            advice = "look at imgcli budget show, then run imgcli ledger adopt --reason TEXT"
            return Finding(Level.WARN, "ledger", f"{self.path} is frozen: {frozen}", advice)
        return await self._clock_finding()

    async def _clock_finding(self) -> Finding:
        """Whether the ledger is ahead of the clock: days and months of budgets never go back."""
        last = await self._db.read(lambda tx: tx.execute(SQL["last_event"]).fetchone())
        ahead = self._clock.now() + timedelta(hours=1)
        if last and last["at"] > rules.timestamp(ahead, ""):
            seen = f"its last entry is of {last['at'][:16]} UTC, ahead of your clock; budgets count days from there"
            return Finding(Level.WARN, "ledger", seen, "set the clock; caps per day and month wait until it is reached")
        return Finding(Level.OK, "ledger", f"{self.path}, SQLite {sqlite3.sqlite_version}")

    async def close(self) -> None:
        await self._db.close()
        for run in list(self._users):
            self._locks.drop(run)

    def _resume(self, tx: sqlite3.Connection) -> Story:
        return events.resume(tx, self._clock.now())

    def _tell_all(self, tx: sqlite3.Connection) -> None:
        """The second migration: from here on events tell everything, so what is older is told now."""
        script(SCRIPTS[1])(tx)
        events.snapshot(self._resume(tx))


def _step(story: Story, attempt: str, owner: str, after: State, **facts: object) -> Row:
    """Take one edge: state, then money, then the event, all in the transaction of `story`; returns the attempt."""
    tx = story.tx
    row = _plain(_attempt(tx, attempt))
    before = State(row["state"])
    rules.require_edge(before, after)
    blank = dict.fromkeys(("posted", "received_at", "picture", "painted", "reason", "flags", "decided", "remarks"))
    change = {"id": attempt, "owner": owner, "before": before.value, "after": after.value}
    stepped = tx.execute(SQL["step"], blank | facts | change).fetchone()
    if stepped is None:
        raise LedgerError(f"attempt {attempt} was taken over by another imgcli")
    now = row | _plain(stepped)
    was = rules.weight(before, row["upper"], row["posted"] or 0, row["pictures"])
    shift = rules.weight(after, row["upper"], now["posted"] or 0, row["pictures"]) - was
    if shift != rules.Weight():
        counters.shift(tx, _claimant(row), shift)
    story.append(attempt, after.value, events.changed(row, now))
    return now


def _rivals(job: Job, planned: int) -> Row:
    return {"key": job.key, "again": job.again, "planned": planned}


def _flags(hold: Hold, posted: int, actual: int | None) -> list[str]:
    """What is odd about the money of an attempt that was billed."""
    flags = ["unpriced"] if not hold.priced else ["usage_missing"] if actual is None else []
    return [*flags, *(["overrun"] if posted > hold.upper else [])]


def _touch(tx: sqlite3.Connection) -> None:
    """Change nothing, but write a page and its journal as a run would; an empty transaction writes neither."""
    version = tx.execute("PRAGMA user_version").fetchone()[0]
    tx.execute(f"PRAGMA user_version={version:d}")


def _require_thawed(tx: sqlite3.Connection) -> None:
    if frozen := tx.execute(SQL["frozen"]).fetchone():
        raise LedgerError(
            f"the ledger is frozen ({frozen['reason']}); look at imgcli budget show, "
            "then take paid work up again with:  imgcli ledger adopt --reason TEXT"
        )


def _attempt(tx: sqlite3.Connection, attempt: str) -> sqlite3.Row:
    row: sqlite3.Row | None = tx.execute(SQL["attempt"], {"id": attempt}).fetchone()
    if row is None:
        raise LedgerError(f"attempt {attempt} is not in the ledger")
    return row


def _plain(row: sqlite3.Row) -> Row:
    """As `dict(row)`, which looks for each name among all of them."""
    return dict(zip(row.keys(), row, strict=True))


def _claimant(row: Row) -> Claimant:
    return Claimant(row["run"], row["user"], row["provider"], tuple(json.loads(row["tags"])), row["day"], row["month"])


def _place(budget: Budget) -> dict[str, str]:
    return {"scope": budget.scope.value, "subject": budget.subject, "span": budget.window.value}


def _charges(rows: Iterable[sqlite3.Row]) -> list[Charge]:
    """Rows of attempts, summed where they are alike: SQLite would sort them all first, three times as slowly."""
    sums: dict[tuple[Any, ...], list[int]] = {}
    for *alike, posted, held in rows:
        found = sums.setdefault(tuple(alike), [0, 0, 0])
        found[0] += 1
        found[1] += posted
        found[2] += held
    # Few looks and sets of tags are in use, and to parse each again takes longer than all the rest.
    parsed = functools.cache(json.loads)
    charges = [_charge(alike, *totals, parsed=parsed) for alike, totals in sums.items()]
    return sorted(charges, key=lambda each: (each.day, each.user, each.provider, each.model))


def _charge(alike: tuple[Any, ...], attempts: int, posted: int, held: int, *, parsed: Callable[[str], Any]) -> Charge:
    day, user, provider, look, tags, command, directory, pictures, state, decided = alike
    model, quality, styles, wanted = parsed(look)
    return Charge(
        day=day,
        user=user,
        provider=provider,
        model=model,
        quality=quality,
        styles=tuple(styles or ()),
        tags=tuple(parsed(tags or "[]")),
        command=command,
        directory=directory,
        is_text=not pictures,
        is_draft=wanted is not None,
        state=State(state),
        decided=bool(decided),
        attempts=attempts,
        posted=posted,
        held=held,
    )


def _record(row: sqlite3.Row | Row) -> Record:
    """The attempt of a row.

    Raises:
        LedgerError: somebody or something changed it.
    """
    try:
        return _parsed(row)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(f"attempt {row['id']!r} in the ledger cannot be read; run imgcli verify") from error


def _parsed(row: sqlite3.Row | Row) -> Record:
    job = codec.parse_job(row["body"])
    return Record(
        attempt=row["id"],
        run=row["run"],
        state=State(row["state"]),
        job=job,
        upper=row["upper"],
        cost=row["posted"],
        rates=row["rates"],
        directory=Path(row["directory"]),
        name=row["name"],
        picture=codec.parse_picture(row["picture"]),
        painted=codec.parse_painted(row["painted"]),
        created_at=row["created_at"],
        received_at=row["received_at"],
        reason=row["reason"],
        flags=tuple(json.loads(row["flags"])),
        imgcli=row["imgcli"],
        owner=row["owner"],
        remarks=codec.parse_remarks(row["remarks"]),
    )
