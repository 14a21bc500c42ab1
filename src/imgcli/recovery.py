"""After a crash: what a dead run left behind is finished, released or named uncertain, before anything new is sent."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from imgcli.errors import AttemptError, Money, StorageError
from imgcli.model.attempt import Hold, Receipt, Record, State
from imgcli.model.events import Recovered, Told
from imgcli.model.run import Run
from imgcli.pipeline import billed, finish, oddities
from imgcli.ports import Studio


async def recover(studio: Studio, run: Run, directories: Collection[Path] = ()) -> Recovered:
    """Take over every unfinished attempt of runs that are dead. May itself be killed: each step is a ledger edge.

    What is left over in `directories` of attempts that are finished is cleared away.
    """
    ends = [await _mend(studio, run, record) for record in await studio.ledger.orphans(run.id)]
    for directory in directories:
        await studio.store.clear(directory, studio.ledger.state_of)
    found = Recovered(ends.count("finished"), ends.count("voided"), ends.count("uncertain"), ends.count("gone"))
    if ends:
        studio.observe(found)
    return found


async def _mend(studio: Studio, run: Run, record: Record) -> str:
    hold = Hold(record.attempt, run.id, record.job, record.upper, priced=bool(record.rates))
    try:
        match record.state:
            case State.RESERVED:
                await studio.ledger.fail(hold, AttemptError("the run ended before it was sent", money=Money.VOID))
                await studio.store.sweep(record)
                return "voided"
            case State.SENT | State.RECEIVED:
                return await _adopt(studio, record, hold)
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


async def _adopt(studio: Studio, record: Record, hold: Hold) -> str:
    relic = await studio.store.relic(record)
    if relic is None:
        money = Money.HOLD if record.state is State.SENT else Money.POST
        why = "the run ended while the provider worked" if money is Money.HOLD else "its file was taken away"
        await studio.ledger.fail(hold, AttemptError(why, money=money))
        return "uncertain" if money is Money.HOLD else "gone"
    if record.state is State.SENT:
        notes = (*relic.painted.notes, *oddities(hold.job, relic.picture))
        painted = replace(relic.painted, notes=notes)
        actual = billed(studio, hold.job, painted)
        await studio.ledger.receive(hold, Receipt(relic.picture, painted, actual, relic.slot.is_spooled))
    await finish(studio, record.attempt, hold.run, relic.slot, relic.picture)
    return "finished"
