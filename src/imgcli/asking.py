"""The corridor of words: question -> quote -> hold -> answer -> posted; the ledger itself is their shelf.

As with pictures the money is held before a byte leaves. What the answer says is kept in the transaction that makes the
money final, so that it is there whenever it was paid, and the same question is never paid for again.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from imgcli.before import UNDER_WAY
from imgcli.engine.run import run_each
from imgcli.errors import (
    AccountError,
    AttemptError,
    BudgetError,
    Halt,
    ImgcliError,
    Money,
    Retry,
    UncertainError,
    UnsafeError,
)
from imgcli.model.attempt import Hold, Record, State
from imgcli.model.events import Told
from imgcli.model.ids import uuid7
from imgcli.model.job import Job
from imgcli.model.picture import Painted
from imgcli.model.question import Kind, question_of
from imgcli.model.quote import Quote
from imgcli.pipeline import LOOK_AGAIN, Line, billed, broken_off, is_paced


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """Satisfies `ports.Place`: words go into the ledger, and `directory` is what keeps two runs apart there."""

    directory: Path
    name: str = ""


async def ask_all(quotes: Sequence[Quote], line: Line, at_once: int) -> Mapping[str, ImgcliError]:
    """Ask what was not answered before; by the key of its job why a question got no answer. Every answer is kept.

    Raises:
        ImgcliError: what would end every question and picture alike, once those under way are over.
    """
    failed: dict[str, ImgcliError] = {}
    fatal: list[ImgcliError] = []
    asked: set[str] = set()
    distinct = {quote.job.key: quote for quote in quotes}
    line.seats = asyncio.Semaphore(at_once)

    async def work(quote: Quote) -> None:
        try:
            if not line.stop.draining:
                await ask(quote, line)
                asked.add(quote.job.key)
        except ImgcliError as error:
            if _is_of_one(error) and not line.stop.draining:
                failed[quote.job.key] = error
                return
            fatal.append(error)
            line.stop.drain(str(error))

    line.entered |= distinct.keys()
    await line.studio.ledger.enter(line.run.id, [quote.job for quote in distinct.values()])
    await run_each(work, distinct.values(), at_once)
    if fatal:
        raise fatal[0]
    if line.stop.draining and not line.overrun and len(asked) < len(distinct):
        raise ImgcliError(f"{line.stop.reason}; no picture was asked for, and expansions that came are kept")
    return failed


def _is_of_one(error: ImgcliError) -> bool:
    """Whether other questions may fare better."""
    if isinstance(error, AttemptError):
        return error.halt is Halt.JOB and error.retry is not Retry.FREE
    return isinstance(error, BudgetError | UncertainError | UnsafeError)


async def ask_now(quote: Quote, line: Line) -> Painted:
    """As `ask`, for a question that came up while the run is under way; many may ask the same one at once.

    Raises:
        ImgcliError: as `ask`.
    """
    async with line.turns.setdefault(quote.job.key, asyncio.Lock()):
        if quote.job.key not in line.entered:
            line.entered.add(quote.job.key)
            await line.studio.ledger.enter(line.run.id, [quote.job])
        return await ask(quote, line)


async def ask(quote: Quote, line: Line) -> Painted:
    """The answer to one question, from the ledger or from its model; certainly unpaid tries are repeated.

    Raises:
        ImgcliError: there is none; its exit code says why.
    """
    ledger, job = line.studio.ledger, quote.job
    tried = 0
    while True:
        seen = (await ledger.standing(job.key, job.directory)).seen
        found = _of_worth(await ledger.answered(job.key))
        if found is not None and found.painted is not None:
            return found.painted
        if found is not None:
            await _wait_for(found, line)
            continue
        name = uuid7(line.studio.clock.now(), secrets.token_bytes(10))
        hold = await _reserve(quote, line, name, seen)
        if hold is None:
            continue
        try:
            return await _attempt(hold, line)
        except AttemptError as fault:
            tried += not is_paced(fault, line.writers[job.provider])
            await _again(fault, tried, hold, line)


def _of_worth(found: Record | None) -> Record | None:
    """None for an answer that says nothing and cost nothing: only what was paid is never asked again for all that."""
    painted = found.painted if found else None
    return None if painted and painted.free and not painted.revised else found


async def _reserve(quote: Quote, line: Line, name: str, seen: int) -> Hold | None:
    """A hold, or None where another run was quicker; the unspent part of what is under way may make room for it.

    Raises:
        BudgetError: there is no room.
    """
    while True:
        landed = line.landed
        try:
            return await line.studio.ledger.reserve(line.run.id, name, quote, _Nowhere(quote.job.directory), seen)
        except BudgetError:
            if not line.under_way or await line.stop.unless_draining(landed.wait()) is None:
                raise


async def _wait_for(found: Record, line: Line) -> None:
    """Until another run has its answer.

    Raises:
        ImgcliError: nobody is asking any more, and a person has to decide what became of the money.
    """
    if found.state not in UNDER_WAY or found.owner == line.run.id:
        is_billed = found.state is State.POSTED
        words = "was billed and brought no answer" if is_billed else "may be billed, and its answer was lost"
        verdict = "--billed USD" if is_billed else "--billed USD or --not-billed"
        what = _what(found.job)
        other = ",  or go on with --expand local" if what == Kind.EXPANSION.value else ""
        raise UncertainError(
            f"{what} of {found.job.prompt.typed[:60]!r} {words} ({found.reason}); decide with  "
            f"imgcli budget resolve {found.attempt} {verdict} --reason TEXT{other}",
            found.attempt,
        )
    await line.stop.unless_draining(line.studio.clock.sleep(LOOK_AGAIN))
    await line.mend()
    if line.stop.draining:
        raise ImgcliError(line.stop.reason)


async def _attempt(hold: Hold, line: Line) -> Painted:
    """One request that may cost money.

    Raises:
        AttemptError: it is certainly not billed, and its hold is given back.
        ImgcliError: it is, or may be, and brought nothing.
    """
    line.held += hold.upper
    line.under_way += 1
    try:
        return await _answered(hold, line)
    finally:
        line.land()
        line.tell_money()


async def _answered(hold: Hold, line: Line) -> Painted:
    ledger = line.studio.ledger
    try:
        painted = await _sent(hold, line)
    except AttemptError as told:
        fault = told.at_no_cost() if hold.priced and not hold.upper else told
        await ledger.fail(hold, fault)
        if fault.money is not Money.HOLD:
            line.held -= hold.upper
        if fault.money is Money.VOID:
            raise fault from told.__cause__
        if fault.money is Money.POST:
            line.spent += hold.upper
        if fault.moderated:
            raise UnsafeError(f"{fault}; its upper bound is held") from fault
        doubt = "was billed and brought nothing" if fault.money is Money.POST else "may be billed"
        raise UncertainError(
            f"{_what(hold.job)} {doubt}: {fault}; see  imgcli budget uncertain", hold.attempt
        ) from fault
    posted = await ledger.post(hold, painted, billed(line.studio, hold.job, painted))
    line.spent, line.held = line.spent + posted, line.held - hold.upper
    if hold.priced and posted > hold.upper:
        line.overrun = True
        line.stop.drain(f"{hold.job.model} billed more than its published maximum")
    return painted


async def _sent(hold: Hold, line: Line) -> Painted:
    """What the model answers, asked for as soon as there is a seat and its time has come."""
    stop, provider, pacer = line.stop, line.studio.providers[hold.job.provider], line.writers[hold.job.provider]
    if await stop.unless_draining(line.seats.acquire()) is None:
        raise _unsent(stop.reason)
    try:
        await stop.unless_draining(provider.warm_up())
        if (began := await stop.unless_draining(pacer.start())) is None:
            raise _unsent(stop.reason)
        fault: AttemptError | None = None
        try:
            await line.studio.ledger.send(hold)
            return await stop.unless_aborting(provider.answer(hold))
        except AttemptError as error:
            fault = error
            raise
        except (Exception, asyncio.CancelledError) as error:
            raise broken_off(provider.name, error) from error
        finally:
            await pacer.end(began, fault, provider.allowance())
    finally:
        line.seats.release()


async def _again(fault: AttemptError, tried: int, hold: Hold, line: Line) -> None:
    """Wait until what is certainly unpaid may be asked again.

    Raises:
        ImgcliError: it may not.
    """
    if line.stop.draining:
        raise fault
    if is_paced(fault, line.writers[hold.job.provider]):
        return
    wait = line.rules.wait(fault, tried, line.luck.random())
    if wait is None:
        raise AccountError(str(fault)) if fault.account else UnsafeError(str(fault)) if fault.moderated else fault
    line.studio.observe(Told(f"{_what(hold.job)} waits {wait:.0f} s: {fault}"))
    await line.stop.unless_draining(line.studio.clock.sleep(wait))


def _what(job: Job) -> str:
    """What was asked for, for people."""
    return question_of(job).kind.value


def _unsent(reason: str) -> AttemptError:
    return AttemptError(f"not sent: {reason}", money=Money.VOID, code="unsent")
