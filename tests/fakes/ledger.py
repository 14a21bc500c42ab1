"""A ledger in memory: the same rules, no disk."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from imgcli.errors import AttemptError, BudgetError, LedgerError, UsageError
from imgcli.ledger import rules
from imgcli.ledger.counters import Claimant
from imgcli.model.attempt import Hold, LedgerEvent, Receipt, Record, Standing, State
from imgcli.model.budget import EACH, Balance, Budget, Scope, Spending, Window
from imgcli.model.charge import Charge
from imgcli.model.finding import Finding, Level
from imgcli.model.job import Job
from imgcli.model.picture import Painted
from imgcli.model.query import Indexed, Page, kind_of
from imgcli.model.quote import Priced, Quote
from imgcli.model.run import Run
from imgcli.model.verdict import UNREMARKED, Aside, Remarks
from imgcli.ports import Clock, Place


class FakeLedger:
    """Satisfies `ports.Ledger`; `living` are the runs that have begun and not ended."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = ""
        self._runs: dict[str, Run] = {}
        self._rows: dict[str, Record] = {}
        self._claimants: dict[str, Claimant] = {}
        self._owners: dict[str, str] = {}
        self._budgets: dict[tuple[Scope, str, Window], Budget] = {}
        self._decided: set[str] = set()
        self._events: list[LedgerEvent] = []
        self._frozen = ""
        self.living: set[str] = set()

    async def begin(self, run: Run) -> None:
        self._runs[run.id] = run
        self.living.add(run.id)

    async def end(self, run: str) -> None:
        self.living.discard(run)

    async def enter(self, run: str, jobs: Sequence[Job]) -> None:
        """Jobs need no table here: attempts carry them."""

    async def reserve(
        self, run: str, attempt: str, quote: Quote, slot: Place, since: int | None = None, planned: int | None = None
    ) -> Hold | None:
        if self._frozen:
            raise LedgerError(f"the ledger is frozen ({self._frozen})")
        if since is not None and self._seen(quote.job.key, slot.directory) > since:
            return None
        if planned is not None and quote.job.again:
            rivals = [row for row in await self.again_of([quote.job.again]) if row.job.key != quote.job.key]
            if {row.attempt for row in rivals} & set([*self._rows][planned:]):
                return None
        job, priced = quote.job, isinstance(quote, Priced)
        upper, rates = (quote.upper, quote.rates) if isinstance(quote, Priced) else (0, "")
        at = self._now()
        spans = rules.windows(at, run)
        claimant = Claimant(run, self._runs[run].user, job.provider, job.tags, spans["day"], spans["month"])
        for budget, subject in self._covering(claimant):
            self._require_room(budget, subject, claimant, quote)
        self._claimants[attempt] = claimant
        self._owners[attempt] = run
        self._rows[attempt] = Record(
            *(attempt, run, State.RESERVED, job, upper, None, rates, slot.directory, slot.name, None, None),
            created_at=at,
            received_at="",
            owner=run,
        )
        self._tell(attempt, "reserved")
        return Hold(attempt, run, job, upper, priced)

    async def send(self, hold: Hold) -> None:
        self._step(hold.attempt, hold.run, State.SENT)

    async def receive(self, hold: Hold, receipt: Receipt) -> int:
        posted = hold.upper if receipt.actual is None else receipt.actual
        flags = ["unpriced"] if not hold.priced else ["usage_missing"] if receipt.actual is None else []
        flags += ["overrun"] if posted > hold.upper else []
        flags += ["unsaved"] if receipt.unsaved else []
        self._step(hold.attempt, hold.run, State.RECEIVED, cost=posted, received_at=self._now())
        self._rows[hold.attempt] = replace(
            self._rows[hold.attempt], picture=receipt.picture, painted=receipt.painted, flags=tuple(flags)
        )
        return posted

    async def post(self, hold: Hold, painted: Painted, actual: int | None) -> int:
        posted = hold.upper if actual is None else actual
        flags = ["unpriced"] if not hold.priced else ["usage_missing"] if actual is None else []
        flags += ["overrun"] if posted > hold.upper else []
        self._step(hold.attempt, hold.run, State.POSTED, cost=posted, received_at=self._now())
        self._rows[hold.attempt] = replace(self._rows[hold.attempt], painted=painted, flags=tuple(flags))
        self._decided.add(hold.attempt)
        return posted

    async def answered(self, key: str) -> Record | None:
        rows = [row for row in reversed(self._rows.values()) if row.job.key == key and row.job.is_text]
        told = [row for row in rows if row.painted]
        left = [row for row in rows if row.attempt not in self._decided and row.state is not State.VOIDED]
        return next(iter((*told, *left)), None)

    async def rename(self, attempt: str, name: str) -> None:
        if self._rows[attempt].state is not State.RECEIVED:
            raise LedgerError(f"attempt {attempt} is not waiting for its name")
        self._rows[attempt] = replace(self._rows[attempt], name=name)
        self._tell(attempt, "renamed")

    async def save(self, attempt: str, run: str, remarks: Remarks = UNREMARKED) -> Record:
        self._step(attempt, run, State.SAVED)
        self._rows[attempt] = replace(self._rows[attempt], remarks=remarks)
        return self._rows[attempt]

    async def settle_aside(self, record: Record, name: str, remarks: Remarks) -> bool:
        row = self._rows[record.attempt]
        if row.state is not State.SETTLED or (row.name, row.remarks) != (record.name, record.remarks):
            return False
        self._rows[record.attempt] = replace(row, name=name, remarks=remarks)
        self._tell(record.attempt, "settled-aside")
        return True

    async def set_aside(self, aside: Aside) -> Sequence[Record]:
        return [row for row in self._rows.values() if row.state is State.SETTLED and row.remarks.aside is aside]

    async def settle(self, attempt: str, run: str) -> None:
        self._step(attempt, run, State.SETTLED)

    async def fail(self, hold: Hold, fault: AttemptError) -> None:
        row = self._rows[hold.attempt]
        if row.state in {State.MODERATED, State.POSTED, State.RECEIVED}:
            raise LedgerError(f"attempt {hold.attempt} has ended")
        after = State.VOIDED if row.state is State.RESERVED else rules.ending(fault)
        cost = 0 if after is State.VOIDED else hold.upper
        reason = f"{fault} [request {fault.request_id}]" if fault.request_id else str(fault)
        self._step(hold.attempt, hold.run, after, cost=row.cost if row.cost is not None else cost, reason=reason)

    async def standing(self, key: str, directory: Path) -> Standing:
        made = self._newest(key, directory, {State.SETTLED})
        open_ = self._newest(key, directory, rules.UNFINISHED | rules.UNRESOLVED)
        return Standing(made, open_, self._seen(key, directory))

    async def of_key(self, key: str, most: int) -> Sequence[Record]:
        rows = [row for row in reversed(self._rows.values()) if row.job.key == key and row.state is State.SETTLED]
        return [row for row in rows if not row.job.is_text][:most]

    async def settled(self, after: int, most: int) -> tuple[Sequence[Record], int]:
        numbered = [(n, row) for n, row in enumerate(self._rows.values(), 1) if not row.job.is_text]
        found = [(n, row) for n, row in numbered if n > after and row.state is State.SETTLED][:most]
        seen = found[-1][0] if found else after
        under_way = [n - 1 for n, row in numbered if row.state in rules.UNFINISHED]
        return [row for _, row in found], max(after, min([seen, *under_way]))

    async def indexable(self, after: int, most: int, awaited: Collection[str] = ()) -> Page:
        numbered = [(n, row) for n, row in enumerate(self._rows.values(), 1) if not row.job.is_text]
        last = len(self._rows)
        if after > last:
            after, awaited = 0, ()
        above = [(n, row) for n, row in numbered if n > after and row.state is State.SETTLED][:most]
        done = len(above) < most
        seen = last if done else above[-1][0]
        late = [row for _, row in numbered if row.attempt in awaited and row.state is State.SETTLED]
        under_way = [
            row.attempt
            for n, row in numbered
            if row.state in rules.UNFINISHED and (after < n <= seen or row.attempt in awaited)
        ]
        return Page([indexed(row) for row in (*late, *(row for _, row in above))], seen, under_way, done)

    async def in_vain(self, most: int, before: str = "", run: str = "") -> Sequence[Record]:
        names = list(self._rows)
        last = names.index(before) if before in names else len(names)
        ended = {State.POSTED, State.VOIDED, State.MODERATED, State.UNCERTAIN}
        rows = [self._rows[name] for name in reversed(names[:last])]
        return [row for row in rows if row.state in ended and not row.job.is_text and row.run.startswith(run)][:most]

    async def short(self, attempts: Collection[str]) -> Mapping[str, str]:
        def least(name: str) -> str:
            lengths = range(13, len(name))
            alone = (n for n in lengths if sum(other.startswith(name[:n]) for other in self._rows) == 1)
            return name[: next(alone, len(name))]

        return {name: least(name) for name in attempts}

    async def resolve(self, attempt: str, billed: int | None, reason: str) -> None:
        row = self._rows.get(attempt)
        lost = row is not None and row.state is State.RECEIVED and self._owners[attempt] not in self.living
        if row is None or attempt in self._decided or (row.state not in rules.UNRESOLVED and not lost):
            raise UsageError(f"no uncertain attempt has the id {attempt!r}")
        if lost and billed is None:
            raise UsageError(f"attempt {attempt} was billed")
        after = State.VOIDED if billed is None else State.POSTED
        self._step(attempt, self._owners[attempt], after, cost=row.cost if lost else billed or 0, reason=reason)
        self._decided.add(attempt)

    async def orphans(self, run: str) -> Sequence[Record]:
        found = [
            row
            for row in self._rows.values()
            if row.state in rules.UNFINISHED and self._owners[row.attempt] not in self.living
        ]
        for row in found:
            self._owners[row.attempt] = run
            self._rows[row.attempt] = replace(row, owner=run)
            self._tell(row.attempt, "claimed")
        return [self._rows[row.attempt] for row in found]

    async def claim(self, record: Record, run: str) -> bool:
        if record.owner in self.living or self._owners[record.attempt] != record.owner:
            return False
        self._owners[record.attempt] = run
        self._rows[record.attempt] = replace(self._rows[record.attempt], owner=run)
        self._tell(record.attempt, "claimed")
        return True

    async def state_of(self, attempt: str) -> State | None:
        return self._rows[attempt].state if attempt in self._rows else None

    async def finals_of(self, drafts: Collection[str]) -> Sequence[Record]:
        rows = [row for row in self._rows.values() if row.job.draft in drafts and row.state is not State.VOIDED]
        return [row for row in rows if row.attempt not in self._decided]

    async def newest(self) -> int:
        return len(self._rows)

    async def again_of(self, attempts: Collection[str]) -> Sequence[Record]:
        rows = [row for row in self._rows.values() if row.job.again in attempts and row.state is not State.VOIDED]
        return [row for row in rows if row.attempt not in self._decided]

    async def drafts_of(self, runs: Collection[str]) -> Sequence[Record]:
        rows = [row for row in self._rows.values() if row.run in runs and row.job.wanted]
        return [row for row in rows if row.state is State.SETTLED]

    async def records(self, state: State) -> Sequence[Record]:
        return [row for row in self._rows.values() if row.state is state]

    async def records_of(self, attempts: Collection[str]) -> Sequence[Record]:
        return [self._rows[name] for name in attempts if name in self._rows]

    async def charges(self, since: str = "", until: str = "") -> Sequence[Charge]:
        found: dict[Charge, Charge] = {}
        for name, row in self._rows.items():
            claimant, job = self._claimants[name], row.job
            if claimant.day < since or (until and claimant.day >= until):
                continue
            kind = Charge(
                day=claimant.day,
                user=claimant.user,
                provider=job.provider,
                model=job.model,
                quality=job.quality,
                styles=job.prompt.styles,
                tags=claimant.tags,
                command=self._runs[row.run].command,
                directory=str(row.directory),
                is_text=job.is_text,
                is_draft=job.wanted is not None,
                state=row.state,
                decided=name in self._decided,
                attempts=0,
                posted=0,
                held=0,
            )
            held = row.upper if row.state in {State.RESERVED, State.SENT} else 0
            sums = found.get(kind, kind)
            found[kind] = replace(
                sums, attempts=sums.attempts + 1, posted=sums.posted + (row.cost or 0), held=sums.held + held
            )
        return sorted(found.values(), key=lambda each: (each.day, each.user, each.provider, each.model))

    async def begun(self, beginning: str, most: int) -> Sequence[Record]:
        return [self._rows[name] for name in sorted(self._rows, reverse=True) if name.startswith(beginning)][:most]

    async def revised(self, after: int, most: int) -> Sequence[tuple[int, Record]]:
        numbered = enumerate(self._rows.values(), 1)
        made = ((n, row) for n, row in numbered if n > after and not row.job.is_text)
        return [(n, row) for n, row in made if row.painted and row.painted.revised][:most]

    async def unresolved(self) -> Sequence[Record]:
        return [
            row for row in self._rows.values() if row.state in rules.UNRESOLVED and row.attempt not in self._decided
        ]

    async def pictured(self, below: Path | None = None) -> Sequence[Record]:
        return [
            row
            for row in self._rows.values()
            if row.state in {State.RECEIVED, State.SAVED, State.SETTLED}
            and (below is None or row.directory.is_relative_to(below))
        ]

    async def daily(self, provider: str) -> Mapping[str, Spending]:
        pictures = [c for name, c in self._claimants.items() if not self._rows[name].job.is_text]
        days = sorted({c.day for c in pictures if c.provider == provider})
        return {
            day: _sums(
                row
                for row in self._rows.values()
                if (self._claimants[row.attempt].day, row.job.provider) == (day, provider) and not row.job.is_text
            )
            for day in days
        }

    async def back_up(self, target: Path) -> None:
        if target.exists():
            raise UsageError(f"{target} is there already")
        target.write_text("memory")

    async def story(self, attempt: str | None = None) -> Sequence[LedgerEvent]:
        return [event for event in self._events if event.attempt.startswith(attempt or "")]

    async def audit(self) -> Sequence[Finding]:
        return []

    async def frozen(self) -> str:
        return self._frozen

    async def adopt(self, reason: str) -> bool:
        frozen, self._frozen = self._frozen, ""
        if frozen:
            self._tell("", f"adopted: {reason}")
        return bool(frozen)

    async def budgets(self) -> Sequence[Budget]:
        return list(self._budgets.values())

    async def set_budget(self, budget: Budget) -> None:
        self._budgets[budget.scope, budget.subject, budget.window] = budget

    async def remove_budget(self, budget: Budget) -> bool:
        return self._budgets.pop((budget.scope, budget.subject, budget.window), None) is not None

    async def balances(self) -> Sequence[Balance]:
        spans = rules.windows(self._now(), "")
        now = Claimant("", "", "", (), spans["day"], spans["month"])
        found = []
        for budget in self._budgets.values():
            key = now.window_key(budget.window)
            subjects = {s for c in self._claimants.values() for s in c.subjects(budget.scope)}
            for subject in sorted(subjects) if budget.subject == EACH and subjects else [budget.subject]:
                total = self._weigh(budget.scope, subject, budget.window, key)
                found.append(
                    Balance(
                        budget,
                        subject,
                        key,
                        total.held,
                        total.spent + total.overrun,
                        total.held_pictures,
                        total.spent_pictures,
                    )
                )
        return found

    async def spending(self, run: str | None = None) -> Spending:
        return _sums(row for row in self._rows.values() if run in {None, row.run})

    async def check(self) -> Finding:
        return Finding(Level.OK, "ledger", "in memory")

    async def close(self) -> None:
        self.living.clear()

    def _now(self) -> str:
        self._last = rules.timestamp(self._clock.now(), self._last)
        return self._last

    def _seen(self, key: str, directory: Path) -> int:
        return max(
            (
                number
                for number, row in enumerate(self._rows.values(), 1)
                if (row.job.key, row.directory) == (key, directory) and row.state is not State.VOIDED
            ),
            default=0,
        )

    def _newest(self, key: str, directory: Path, states: frozenset[State] | set[State]) -> Record | None:
        rows = [r for r in self._rows.values() if (r.job.key, r.directory) == (key, directory) and r.state in states]
        return next((row for row in reversed(rows) if row.attempt not in self._decided), None)

    def _tell(self, attempt: str, kind: str) -> None:
        self._events.append(LedgerEvent(len(self._events) + 1, self._now(), attempt, kind, "{}", ""))

    def _step(
        self, attempt: str, owner: str, after: State, cost: int | None = None, received_at: str = "", reason: str = ""
    ) -> Record:
        row = self._rows[attempt]
        rules.require_edge(row.state, after)
        if self._owners[attempt] != owner:
            raise LedgerError(f"attempt {attempt} was taken over")
        row = replace(
            row,
            state=after,
            cost=row.cost if cost is None else cost,
            received_at=received_at or row.received_at,
            reason=reason or row.reason,
        )
        self._rows[attempt] = row
        self._tell(attempt, after.value)
        return row

    def _covering(self, claimant: Claimant) -> list[tuple[Budget, str]]:
        cap = self._runs[claimant.run].usd
        own = [Budget(Scope.ALL, "", Window.RUN, cap, None)] if cap is not None else []
        return [
            (budget, subject)
            for budget in (*self._budgets.values(), *own)
            for subject in claimant.subjects(budget.scope)
            if budget.subject in {"", EACH, subject}
        ]

    def _require_room(self, budget: Budget, subject: str, claimant: Claimant, quote: Quote) -> None:
        total = self._weigh(budget.scope, subject, budget.window, claimant.window_key(budget.window))
        upper = quote.upper if isinstance(quote, Priced) else 0
        if budget.usd is not None and not isinstance(quote, Priced):
            raise BudgetError("the price is unknown; state one with --assume-cost")
        if budget.usd is not None and upper and total.held + total.spent + total.overrun + upper > budget.usd:
            raise BudgetError(f"budget for {budget}: no room for {upper}")
        if quote.job.is_text:
            return
        if budget.pictures is not None and total.held_pictures + total.spent_pictures >= budget.pictures:
            raise BudgetError(f"budget for {budget}: all {budget.pictures} pictures are made or under way")

    def _weigh(self, scope: Scope, subject: str, window: Window, key: str) -> rules.Weight:
        total = rules.Weight()
        for attempt, claimant in self._claimants.items():
            if claimant.counts_for(scope, subject) and claimant.window_key(window) == key:
                row = self._rows[attempt]
                total = total - (
                    rules.Weight() - rules.weight(row.state, row.upper, row.cost or 0, int(not row.job.is_text))
                )
        return total


def _id(row: Record) -> str:
    return row.attempt


def _sums(rows: Iterable[Record]) -> Spending:
    rows = list(rows)
    unsure = {State.UNCERTAIN, State.MODERATED}
    made = {State.RECEIVED, State.SAVED, State.SETTLED}
    return Spending(
        spent=sum(row.cost or 0 for row in rows if row.state not in unsure),
        held=sum(row.upper for row in rows if row.state in {State.RESERVED, State.SENT}),
        uncertain=sum(row.cost or 0 for row in rows if row.state in unsure),
        pictures=sum(row.state in made for row in rows),
    )


def indexed(record: Record) -> Indexed:
    """What the picture of a settled attempt is found by."""
    job = record.job
    return Indexed(
        attempt=record.attempt,
        created_at=record.created_at,
        run=record.run,
        directory=str(record.directory),
        id=job.entry,
        provider=job.provider,
        model=job.model,
        quality=job.quality,
        kind=kind_of(record),
        cost=record.cost or 0,
        typed=job.prompt.typed,
        directed=job.prompt.text,
        revised=record.painted.revised if record.painted else "",
        styles=job.prompt.styles,
        tags=job.tags,
        sha256=record.picture.sha256 if record.picture else "",
        sources=(
            *(attempt for attempt in (job.draft, job.again) if attempt),
            *(each.sha256 for each in (job.edit.inputs if job.edit else ())),
        ),
    )
