"""The corridor: the one-way path of a picture, job -> quote -> hold -> picture -> saved -> outcome.

The order of writes is the promise (see `docs/money.md`): the place is claimed and the money held before a byte
leaves; the money is final when the picture's bytes are synced; only then does it get its name.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from random import Random

from imgcli.before import already, rejected
from imgcli.engine.limits import REFUSED, Pacer
from imgcli.engine.retry import RetryRules
from imgcli.engine.run import run_each
from imgcli.engine.stop import Stop
from imgcli.errors import (
    PATIENCE,
    AccountError,
    AttemptError,
    BudgetError,
    Halt,
    ImgcliError,
    Money,
    Retry,
    StorageError,
)
from imgcli.model.attempt import Hold, Receipt, Record
from imgcli.model.events import AttemptBegan, JobEnded, MoneyMoved, Queued, Rejected, RunBegan, Told, Waiting
from imgcli.model.ids import uuid7
from imgcli.model.job import Job
from imgcli.model.outcome import (
    Failed,
    Listed,
    Made,
    Outcome,
    Refused,
    RefusedBy,
    Reused,
    SetAside,
    Uncertain,
    Unstarted,
)
from imgcli.model.picture import Painted, Picture, Saved
from imgcli.model.quote import Priced, Quote, likely_and_most
from imgcli.model.run import Run
from imgcli.model.verdict import Aside, Decision, Remarks, Stage, Verdict
from imgcli.ports import Guard, Shelf, Slot, Studio

LOOK_AGAIN = 1.0
"""Seconds between looks at pictures that another run is making."""


ENTERED = 1000
"""Jobs written down at once: all of a large batch as text would be the most memory that a run takes."""

AHEAD = 8
"""Pictures at most that are got ready, or put away, beside those that are asked for."""


async def _nothing_to_mend() -> None: ...


class Unguarded:
    """Satisfies `ports.Guard` where nothing is asked of any picture.

    One that an earlier run was to look at is not let through here: it is set aside until somebody does.
    """

    async def clear(self, job: Job) -> Sequence[Verdict]:  # noqa: ARG002 - nothing is looked at
        return ()

    async def inspect(self, job: Job, slot: Slot, picture: Picture, tried: int) -> Remarks:  # noqa: ARG002
        if not job.guard:
            return Remarks(tried=tried)
        unseen = Verdict(Stage.PICTURE, job.guard, Decision.UNAVAILABLE, "the run that was to look at it ended")
        return Remarks((unseen,), tried=tried, aside=Aside.QUARANTINE)

    def blind(self, job: Job) -> str:  # noqa: ARG002 - nothing is looked at
        return ""

    async def refused(self, job: Job, attempt: str, verdict: Verdict) -> None: ...


class Bare:
    """Satisfies `ports.Shelf` where nothing made elsewhere is looked for."""

    async def find(self, job: Job, guard: Guard) -> Reused | Refused | None: ...

    async def seen(self, job: Job, *, proves: bool = False) -> Reused | None: ...

    async def suggest(self, job: Job) -> str | None: ...

    async def keep(self, job: Job, saved: Saved, attempt: str) -> None: ...


@dataclass(slots=True)
class Line:
    """What the jobs of one run share while they are made.

    Attributes:
        resume: reuse what this batch has made already, leave alone what is uncertain, and make nothing that another
            run is making.
        pacers: provider -> its limiter.
        writers: provider -> the limiter of its text models.
        seats: as many as pictures may be asked for at once.
        paid_retries: how many more lost answers may be asked for again, each a possible second bill.
        guard: clears what is sent, and inspects what came.
        shelf: where the same picture may have been made before, in another place.
        mend: takes over what died while we wait for it.
        overrun: words cost more than they were held for.
        closed: (provider, tags) -> the least upper bound that found no room in a budget.
        gone: models that turned out not to exist, with the provider's words.
        listed: key -> where the lock file says that its picture is.
        entered: keys of the questions that the ledger knows to be of this run.
        turns: by the key of a question that came up while the run is under way, who of this run asks it.
        anew: keys of pictures that are made again even if they are there.
        planned_at: as `Script.planned_at`.
    """

    run: Run
    studio: Studio
    stop: Stop
    pacers: Mapping[str, Pacer]
    resume: bool
    paid_retries: int = 0
    writers: Mapping[str, Pacer] = field(default_factory=dict)
    guard: Guard = field(default_factory=Unguarded)
    shelf: Shelf = field(default_factory=Bare)
    mend: Callable[[], Awaitable[object]] = _nothing_to_mend
    rules: RetryRules = field(default_factory=RetryRules)
    luck: Random = field(default_factory=Random)
    under_way: int = 0
    spent: int = 0
    held: int = 0
    overrun: bool = False
    closed: dict[tuple[str, tuple[str, ...]], int] = field(default_factory=dict)
    gone: dict[tuple[str, str], str] = field(default_factory=dict)
    listed: Mapping[str, Listed] = field(default_factory=dict)
    anew: Collection[str] = ()
    planned_at: int | None = None
    entered: set[str] = field(default_factory=set)
    turns: dict[str, asyncio.Lock] = field(default_factory=dict)
    landed: asyncio.Event = field(default_factory=asyncio.Event)
    seats: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    def land(self) -> None:
        """An attempt is over: wake those who wait for room in a budget."""
        self.under_way -= 1
        # A fresh event each time: one that is set and cleared can be missed by a waiter in between.
        done, self.landed = self.landed, asyncio.Event()
        done.set()

    def risks_paying_again(self) -> bool:
        """Take one of the possible second bills that the user allowed."""
        if self.paid_retries <= 0 or self.stop.draining:
            return False
        self.paid_retries -= 1
        return True

    def tell_money(self) -> None:
        self.studio.observe(MoneyMoved(self.spent, self.held))


async def make_all(quotes: Sequence[Quote], line: Line, at_once: int, ended: Sequence[Outcome] = ()) -> list[Outcome]:
    """Make every picture, at most `at_once` at a time; an outcome for each, in their order, whatever happens to others.

    `ended` are told with them, and are over already.
    """
    studio = line.studio
    line.seats = asyncio.Semaphore(at_once)
    outcomes: dict[str, Outcome] = {}
    for start in range(0, len(quotes), ENTERED):
        await studio.ledger.enter(line.run.id, [quote.job for quote in quotes[start : start + ENTERED]])
    priced = [quote for quote in quotes if isinstance(quote, Priced)]
    expected, upper = sum(quote.expected for quote in priced), likely_and_most(quotes)[1]
    studio.observe(RunBegan(line.run.id, len(quotes) + len(ended), expected, upper, len(quotes) - len(priced)))
    for outcome in ended:
        studio.observe(JobEnded(outcome))

    elsewhere: list[Quote] = []
    bugs: list[Exception] = []

    async def work(quote: Quote) -> None:
        try:
            outcome = await make(quote, line)
        except ImgcliError as error:
            # A ledger or a disk that fails is no matter of one picture: start nothing more, lose nothing under way.
            line.stop.drain(str(error))
            outcome = Failed(quote.job, error)
        except Exception as error:  # noqa: BLE001 - raised below: a bug may not cut off what others have paid for
            line.stop.drain(f"a bug in imgcli ({type(error).__name__})")
            bugs.append(error)
            outcome = Failed(quote.job, ImgcliError(line.stop.reason))
        if outcome is None:
            elsewhere.append(quote)
            return
        outcomes[quote.job.key] = outcome
        studio.observe(JobEnded(outcome))

    await run_each(work, quotes, hands(at_once))
    if elsewhere:
        studio.observe(Told(f"another imgcli is making {len(elsewhere)} of these pictures; waiting for it"))
    while elsewhere:
        await line.stop.unless_draining(studio.clock.sleep(LOOK_AGAIN))
        await line.mend()
        again, elsewhere = elsewhere, []
        await run_each(work, again, hands(at_once))
    if bugs:
        raise bugs[0]
    return [*(outcomes[quote.job.key] for quote in quotes), *ended]


def hands(at_once: int) -> int:
    """How many pictures are worked on when `at_once` are asked for: the next is ready when a seat falls free."""
    return at_once + min(AHEAD, at_once - 1)


async def make(quote: Quote, line: Line) -> Outcome | None:
    """One job, from its quote to its outcome; None while another run makes it.

    A picture that is not what was expected is set aside, and another made as often as the job allows.
    """
    job = quote.job
    is_anew = job.key in line.anew or not line.resume
    number = 1 + (0 if is_anew else await rejected(job, line.studio))
    aside: SetAside | None = None
    while True:
        outcome = await _make(quote, line, number, is_first=aside is None)
        if aside and isinstance(outcome, Refused | Failed | Unstarted):
            why = outcome.error if isinstance(outcome, Failed) else outcome.reason
            return replace(aside, reason=f"{aside.reason}; no other was made: {why}", then=outcome)
        if not isinstance(outcome, SetAside) or outcome.aside is not Aside.REJECTED or number > job.tries:
            return outcome
        if line.stop.draining or outcome.before:
            return outcome
        if aside and aside.saved.picture.sha256 == outcome.saved.picture.sha256:
            return replace(outcome, reason=f"{outcome.reason}; the very same picture came again")
        number, aside = number + 1, outcome
        line.studio.observe(Rejected(outcome))


async def _make(quote: Quote, line: Line, number: int, *, is_first: bool) -> Outcome | None:
    """The `number`th picture of a job.

    What is certainly unpaid is sent again; what may be billed only as far as the user allowed with `paid_retries`.
    """
    job = quote.job
    resumes = line.resume and job.key not in line.anew
    tried = failed = 0
    lost: set[str] = set()
    while True:
        tried += 1
        known = await _known(quote, line, lost, is_first=is_first and tried == 1)
        if not isinstance(known, int):
            return known
        try:
            outcome = await attempt(quote, line, tried, known if resumes else None, number)
        except AttemptError as fault:
            if is_paced(fault, line.pacers[job.provider]):
                ended = _queue(job, fault, line)
            else:
                failed += 1
                ended = await _pause(job, fault, failed, line)
            if ended:
                return ended
            continue
        if outcome is None:
            continue
        if isinstance(outcome, Uncertain) and line.risks_paying_again():
            lost.add(outcome.attempt)
            line.studio.observe(Waiting(job, 0.0, f"{outcome.reason}; sent again, and may be billed twice"))
            continue
        return replace(outcome, lost=len(lost)) if isinstance(outcome, Made | SetAside) else outcome


async def _known(quote: Quote, line: Line, lost: set[str], *, is_first: bool) -> Outcome | int | None:
    """An outcome without an attempt, None while another run makes it; else how far the ledger was read, if it was.

    Only what is to be sent is cleared. What is there already stays: where it was made without being looked at, the
    summary says so.
    """
    job, seen = quote.job, 0
    if line.resume and job.key not in line.anew:
        found = await _already(quote, line, lost)
        if not isinstance(found, int):
            return found
        seen = found
    why = _shut(quote, line)
    if not is_first or isinstance(why, Unstarted):
        return why or seen
    if blocked := await _cleared(job, line):
        return blocked
    # What was made before costs nothing, so it is looked for also where no budget has room.
    elsewhere = None if job.key in line.anew else await line.shelf.find(job, line.guard)
    return elsewhere or why or seen


async def attempt(quote: Quote, line: Line, tried: int, since: int | None, number: int = 1) -> Outcome | None:
    """One request that may cost money, each step durable before the next; None when another run was quicker.

    It makes the `number`th picture of its job; those before are set aside.

    Raises:
        AttemptError: it brought nothing and is certainly not billed; its hold is released.
    """
    studio, job = line.studio, quote.job
    slot = await studio.store.open(job, name := uuid7(studio.clock.now(), secrets.token_bytes(10)))
    async with AsyncExitStack() as undo:
        undo.push_async_callback(slot.discard)
        hold = await _reserve(quote, line, name, slot, since)
        if not isinstance(hold, Hold):
            return hold or await _rival(job, line)
        undo.pop_all()
    line.under_way += 1
    line.held += hold.upper
    try:
        try:
            receipt = await _ask(hold, slot, line, AttemptBegan(hold.attempt, quote, tried))
            if receipt is None:
                return await _unsent(hold, slot, line)
        except (AttemptError, StorageError) as error:
            return await _close(hold, slot, error, line)
        posted = await studio.ledger.receive(hold, receipt)
        line.spent, line.held = line.spent + posted, line.held - hold.upper
    finally:
        line.land()
        line.tell_money()
    try:
        saved, remarks = await finish(studio, hold, slot, receipt.picture, guard=line.guard, number=number)
    except StorageError as error:
        line.stop.drain(str(error))
        return Failed(job, error, posted)
    overrun, cost = hold.priced and posted > hold.upper, posted if hold.priced else None
    if remarks.aside:
        return SetAside(job, saved, cost, remarks.aside, remarks.why, overrun)
    await line.shelf.keep(job, saved, hold.attempt)
    return Made(job, saved, cost, overrun, receipt.painted.notes)


async def finish(
    studio: Studio, hold: Hold, slot: Slot, picture: Picture, *, guard: Guard, number: int
) -> tuple[Saved, Remarks]:
    """From received to settled: inspected, final name, sidecar, and the hidden files away."""
    attempt_id, run = hold.attempt, hold.run
    remarks = await guard.inspect(hold.job, slot, picture, number)
    saved = await slot.publish(picture, lambda name: studio.ledger.rename(attempt_id, name), remarks.aside)
    record = await studio.ledger.save(attempt_id, run, remarks)
    await studio.store.tell(record)
    await studio.ledger.settle(attempt_id, run)
    await studio.store.sweep(record)
    return saved, remarks


async def _cleared(job: Job, line: Line) -> Refused | Unstarted | None:
    """The refusal of what may not be sent: nothing was, and nothing is billed."""
    stopping = [verdict for verdict in await line.guard.clear(job) if verdict.stops]
    if not stopping:
        return None
    if line.stop.draining and all(verdict.decision is Decision.UNAVAILABLE for verdict in stopping):
        return Unstarted(job, line.stop.reason)
    return Refused(job, RefusedBy.MODERATION, "; ".join(f"{each.layer}: {each.reason}" for each in stopping))


async def _already(quote: Quote, line: Line, lost: set[str]) -> Outcome | int | None:
    """As `already`, but None while another run makes it; where the user takes the risk, what was `lost` is made anew."""
    try:
        listed = line.listed.get(quote.job.key)
        found = await already(quote.job, line.studio, lost, listed)
        if isinstance(found, Uncertain) and line.risks_paying_again():
            lost.add(found.attempt)
            found = await already(quote.job, line.studio, lost, listed)
    except StorageError as error:
        return Failed(quote.job, error)  # one file that cannot be read stops none of the others
    if not isinstance(found, Record):
        return found
    if found.owner == line.run.id:
        words = f"attempt {found.attempt} of an interrupted run is paid and could not be finished yet; see above"
        return Failed(quote.job, StorageError(words))
    return Unstarted(quote.job, line.stop.reason) if line.stop.draining else None


async def _rival(job: Job, line: Line) -> Failed | None:
    """Why a reject is left to another run, which asked for another picture in its place since this one was planned."""
    if line.planned_at is None:
        return None
    others = [each for each in await line.studio.ledger.again_of([job.again]) if each.job.key != job.key]
    why = "another imgcli makes another picture in its place, and each reject is made again once"
    return Failed(job, AttemptError(why, money=Money.VOID, code="rival")) if others else None


def billed(studio: Studio, job: Job, painted: Painted) -> int | None:
    """Nano-USD of a picture by what its provider says it used; None when that cannot be told."""
    if painted.free:
        return 0
    return studio.pricer.actual(job, painted.usage)


def oddities(job: Job, picture: Picture) -> tuple[str, ...]:
    """Where the picture is not what was asked for."""
    found = []
    if picture.format != job.format:
        found.append(f"asked for {job.format}, got {picture.format}")
    if not job.size.is_auto and picture.width and (picture.width, picture.height) != (job.size.width, job.size.height):
        found.append(f"asked for {job.size}, got {picture.width}x{picture.height}")
    return tuple(found)


async def _reserve(
    quote: Quote, line: Line, name: str, slot: Slot, since: int | None
) -> Hold | Refused | Unstarted | None:
    """A hold; while others of this run are under way their unspent part may still make room."""
    while True:
        landed = line.landed
        try:
            return await line.studio.ledger.reserve(line.run.id, name, quote, slot, since, line.planned_at)
        except BudgetError as error:
            job = quote.job
            if not isinstance(quote, Priced):
                return Refused(job, RefusedBy.PRICE, str(error))
            if not line.under_way:
                line.closed[job.provider, job.tags] = quote.upper
                return Refused(job, RefusedBy.BUDGET, str(error))
            if await line.stop.unless_draining(landed.wait()) is None:
                return Unstarted(job, line.stop.reason)


async def _ask(hold: Hold, slot: Slot, line: Line, event: AttemptBegan) -> Receipt | None:
    """One request, as soon as there is a seat and its time has come; None if the run ends before.

    Whatever ends the run is known before the seat is free: whoever is ready for it would leave in that moment.
    """
    provider, stop = line.studio.providers[hold.job.provider], line.stop
    pacer = line.pacers[hold.job.provider]
    if await stop.unless_draining(line.seats.acquire()) is None:
        return None
    try:
        # Before its turn: else all that had one meanwhile would leave at once.
        await stop.unless_draining(provider.warm_up())
        if (began := await stop.unless_draining(pacer.start())) is None:
            return None
        fault: AttemptError | None = None
        try:
            if (hold.job.provider, hold.job.model) in line.gone or line.guard.blind(hold.job):
                return None
            await line.studio.ledger.send(hold)
            line.studio.observe(event)
            line.tell_money()
            painted = await _paint(hold, slot, line)
        except AttemptError as error:
            fault = error
            _halt(hold.job, error, line)
            raise
        finally:
            await pacer.end(began, fault, provider.allowance())
        picture = await slot.seal(painted)
        cost = billed(line.studio, hold.job, painted)
        if hold.priced and cost is not None and cost > hold.upper:
            stop.drain(f"{hold.job.model} billed more than its published maximum")
        painted = replace(painted, notes=(*painted.notes, *oddities(hold.job, picture)))
        return Receipt(picture, painted, cost, slot.is_spooled)
    finally:
        line.seats.release()


def _halt(job: Job, fault: AttemptError, line: Line) -> None:
    """What a fault says of the pictures that come after it."""
    if fault.halt is Halt.MODEL:
        line.gone[job.provider, job.model] = str(fault)
    if fault.halt is Halt.RUN:
        line.stop.drain(str(fault))


async def _unsent(hold: Hold, slot: Slot, line: Line) -> Unstarted:
    """Give back what was held for a picture that the run ended before."""
    reason = line.gone.get((hold.job.provider, hold.job.model)) or line.guard.blind(hold.job) or line.stop.reason
    await line.studio.ledger.fail(hold, AttemptError(f"not sent: {reason}", money=Money.VOID, code="unsent"))
    await slot.discard()
    line.held -= hold.upper
    return Unstarted(hold.job, reason)


async def _paint(hold: Hold, slot: Slot, line: Line) -> Painted:
    provider = line.studio.providers[hold.job.provider]
    try:
        return await line.stop.unless_aborting(provider.paint(hold, slot))
    except (AttemptError, StorageError):
        raise
    except (Exception, asyncio.CancelledError) as error:
        raise broken_off(provider.name, error) from error


def broken_off(provider: str, error: BaseException) -> AttemptError:
    """A provider with a bug cannot say whether it was billed, so it counts as if it was."""
    return AttemptError(f"{provider} broke off ({type(error).__name__}: {error})", money=Money.HOLD)


async def _close(hold: Hold, slot: Slot, error: AttemptError | StorageError, line: Line) -> Outcome:
    """Close an attempt that was sent and brought no picture.

    Raises:
        AttemptError: it is certainly not billed.
    """
    fault = error if isinstance(error, AttemptError) else AttemptError(str(error), money=Money.POST)
    await line.studio.ledger.fail(hold, fault)
    if fault.moderated:
        await line.guard.refused(hold.job, hold.attempt, refusal(fault))
    await slot.discard()
    if fault.money is not Money.HOLD:
        line.held -= hold.upper
    if fault.money is Money.VOID:
        raise fault
    if fault.money is Money.POST:
        line.spent += hold.upper
        return Failed(hold.job, error, hold.upper)
    if fault.moderated:
        return Refused(hold.job, RefusedBy.MODERATION, str(fault), hold.upper)
    return Uncertain(hold.job, hold.attempt, hold.upper, str(fault))


def refusal(fault: AttemptError) -> Verdict:
    """What the safety system of a provider said, as a layer like others; it tells categories and no scores."""
    stage = Stage.PICTURE if fault.stage == "output" else Stage.PROMPT
    return Verdict(stage, "refusal", Decision.BLOCKED, str(fault), tuple((name, 1.0) for name in fault.categories))


def is_paced(fault: AttemptError, pacer: Pacer) -> bool:
    """Whether it is only a matter of time: the pacer holds everybody, and that is no failure of the picture."""
    return fault.code in REFUSED and (fault.wait or 0.0) <= PATIENCE and not pacer.stalled()


def _queue(job: Job, fault: AttemptError, line: Line) -> Outcome | None:
    """A picture that was refused for its rate waits for its turn again; its outcome if the run ends."""
    line.studio.observe(Queued(job))
    return _ended(job, fault, line) if line.stop.draining else None


async def _pause(job: Job, fault: AttemptError, failed: int, line: Line) -> Outcome | None:
    """Wait until what is certainly unpaid may be sent again; its outcome if it may not."""
    # Refused for its rate and not paced: nothing passed for so long that asking on has no point.
    wait = None if fault.code in REFUSED else line.rules.wait(fault, failed, line.luck.random())
    if wait is None or line.stop.draining:
        return _ended(job, fault, line)
    line.studio.observe(Waiting(job, wait, str(fault)))
    await line.stop.unless_draining(line.studio.clock.sleep(wait))
    return None


def _ended(job: Job, fault: AttemptError, line: Line) -> Outcome:
    """The outcome of a job whose last attempt was not billed."""
    _halt(job, fault, line)
    if fault.retry is Retry.FREE and not line.stop.draining:
        line.stop.drain(str(fault))
    if fault.moderated:
        return Refused(job, RefusedBy.MODERATION, str(fault))
    return Failed(job, AccountError(str(fault)) if fault.account else fault)


def _shut(quote: Quote, line: Line) -> Outcome | None:
    """An outcome that is known before anything is tried."""
    job = quote.job
    if line.stop.draining:
        return Unstarted(job, line.stop.reason)
    if gone := line.gone.get((job.provider, job.model)):
        return Unstarted(job, gone)
    if blind := line.guard.blind(job):
        return Unstarted(job, blind)
    least = line.closed.get((job.provider, job.tags))
    if least is not None and isinstance(quote, Priced) and quote.upper >= least:
        return Refused(job, RefusedBy.BUDGET, "the budget had no room left for a picture of this price")
    return None
