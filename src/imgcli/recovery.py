"""After a crash: what a dead run left behind is finished, released or named uncertain, before anything new is sent."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from imgcli.before import rejected
from imgcli.errors import AttemptError, LedgerError, Money, StorageError
from imgcli.model.attempt import Hold, Receipt, Record, State
from imgcli.model.events import Recovered, Told
from imgcli.model.money import exact_usd
from imgcli.model.run import Run
from imgcli.pipeline import Unguarded, billed, finish, oddities
from imgcli.ports import Guard, Relic, Studio


async def recover(
    studio: Studio, run: Run, directories: Collection[Path] = (), guard: Guard | None = None
) -> Recovered:
    """Take over every unfinished attempt of runs that are dead. May itself be killed: each step is a ledger edge.

    Attempts without a picture are looked at again: their disk may not have been connected, or full. What is left
    over in `directories` of attempts that are finished is cleared away. Pictures pass the `guard` as if they had come
    in this run.
    """
    guard = guard or Unguarded()
    ends = [await _mend(studio, run, record, guard) for record in await studio.ledger.orphans(run.id)]
    open_ = await studio.ledger.unresolved()
    unsure = [record for record in open_ if record.state is not State.MODERATED and not record.job.is_text]
    ends += [await _look_again(studio, run, record, guard) for record in unsure]
    for directory in directories:
        await studio.store.clear(directory, studio.ledger.state_of)
    found = Recovered(ends.count("finished"), ends.count("voided"), ends.count("uncertain"))
    if any(ends):
        studio.observe(found)
    return found


async def _mend(studio: Studio, run: Run, record: Record, guard: Guard) -> str:
    hold = _hold(record, run)
    try:
        match record.state:
            case State.RESERVED:
                await studio.ledger.fail(hold, AttemptError("the run ended before it was sent", money=Money.VOID))
                if not record.job.is_text:
                    await studio.store.sweep(record)
                return "voided"
            case State.SENT | State.RECEIVED:
                return await _adopt(studio, record, hold, guard)
            case State.SAVED:
                await studio.store.tell(record)
                await studio.ledger.settle(record.attempt, run.id)
                await studio.store.sweep(record)
                return "finished"
            case _:
                return ""
    except StorageError as error:
        studio.observe(Told(f"an interrupted picture is still not finished: {error}"))
        return ""
    except (LedgerError, asyncio.CancelledError):
        raise
    except Exception as error:  # noqa: BLE001 - one odd picture may not keep every run after it from starting
        why = f"a bug in imgcli ({type(error).__name__}: {error})"
        studio.observe(Told(f"the interrupted picture {record.name} is paid and still not finished: {why}"))
        return ""


async def _adopt(studio: Studio, record: Record, hold: Hold, guard: Guard) -> str:
    relic = None if record.job.is_text else await studio.store.relic(record)
    if relic is not None and _waits(record, guard):
        return ""
    if relic is not None:
        await _finish(studio, record, hold, relic, guard)
        return "finished"
    if record.state is State.RECEIVED:
        # It was whole and synced, so somebody took it away, or its disk: nothing here can tell which.
        raise StorageError(
            f"{record.name} is paid and no longer in {record.directory}: connect its disk; if it is gone for good:  "
            f"imgcli budget resolve {record.attempt} --billed {exact_usd(record.cost or 0)} --reason TEXT"
        )
    if record.job.is_text and hold.priced and hold.upper == 0:
        # As moderation: there is nothing to be uncertain about, and nobody should have to decide.
        await studio.ledger.fail(hold, AttemptError("the run ended before its answer; it is free", money=Money.VOID))
        return "voided"
    await studio.ledger.fail(hold, AttemptError("the run ended while the provider worked", money=Money.HOLD))
    return "uncertain"


def _waits(record: Record, guard: Guard) -> bool:
    """Whether a picture is for another run to finish: one that looks at pictures, as was wanted of this one."""
    return isinstance(guard, Unguarded) and bool(record.job.guard or record.job.expect)


async def _look_again(studio: Studio, run: Run, record: Record, guard: Guard) -> str:
    """An attempt whose whole picture can be seen after all is finished; all others stay as they are."""
    try:
        relic = await studio.store.relic(record)
        if _waits(record, guard):
            return ""
        if relic is None or not await studio.ledger.claim(record, run.id):
            return ""
        await _finish(studio, record, _hold(record, run), relic, guard)
    except StorageError:
        return ""  # what may be there cannot be seen now
    return "finished"


async def _finish(studio: Studio, record: Record, hold: Hold, relic: Relic, guard: Guard) -> None:
    if record.state is not State.RECEIVED:
        notes = (*relic.painted.notes, *oddities(hold.job, relic.picture))
        painted = replace(relic.painted, notes=notes)
        actual = billed(studio, hold.job, painted)
        await studio.ledger.receive(hold, Receipt(relic.picture, painted, actual, relic.slot.is_spooled))
    number = 1 + await rejected(hold.job, studio)
    await finish(studio, hold, relic.slot, relic.picture, guard=guard, number=number)


def _hold(record: Record, run: Run) -> Hold:
    return Hold(record.attempt, run.id, record.job, record.upper, priced=bool(record.rates))
