"""A history written by hand: what was bought when, and what became of it, in any ledger and catalog."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from imgcli.errors import AttemptError, Money
from imgcli.model.attempt import Receipt
from imgcli.model.job import Job
from imgcli.model.mark import Mark, Marked
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.quote import Priced, Quote, Unpriced
from imgcli.model.run import Run
from imgcli.model.verdict import UNREMARKED, Remarks
from imgcli.ports import Catalog, Ledger
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_job

CENT = 10_000_000
"""Nano-USD."""


@dataclass(frozen=True, slots=True)
class _Place:
    directory: Path
    name: str


def asked(prompt: str, **changes: Any) -> Job:
    """A job for `prompt`, in /out."""
    return a_job(**{"prompt": DirectedPrompt(prompt, prompt), "directory": Path("/out")} | changes)


@dataclass(slots=True)
class Past:
    """`clock` is that of `ledger`; names of attempts are told by the caller."""

    ledger: Ledger
    catalog: Catalog
    clock: FakeClock
    _runs: set[str] = field(default_factory=set)

    async def buy(
        self,
        attempt: str,
        job: Job,
        cents: float | None,
        at: str = "2026-11-10T10:00",
        run: str = "run-1",
        user: str = "alice",
        quoted: float | None = None,
        remarks: Remarks = UNREMARKED,
        marks: Sequence[Mark] = (),
    ) -> None:
        """A saved picture that was asked for `at` (UTC) and cost so much, None if nobody knows what."""
        hold = await self._hold(attempt, job, cents, at, run, user, quoted)
        picture = replace(A_PICTURE, sha256=attempt.encode().hex().ljust(64, "0")[:64])
        await self.ledger.receive(hold, Receipt(picture, SOME_PAINTED, None if cents is None else round(cents * CENT)))
        await self.ledger.save(attempt, run, remarks)
        await self.ledger.settle(attempt, run)
        for mark in marks:
            await self.catalog.mark(Marked(attempt, mark, job.directory / f"{attempt}.png"))

    async def lose(
        self,
        attempt: str,
        job: Job,
        cents: float,
        at: str,
        money: Money,
        *,
        moderated: bool = False,
        run: str = "run-1",
    ) -> None:
        """An attempt that brought no picture."""
        hold = await self._hold(attempt, job, cents, at, run, "alice", None)
        await self.ledger.fail(hold, AttemptError("lost", money=money, moderated=moderated))

    async def ask(self, attempt: str, job: Job, cents: float, at: str) -> None:
        """Words of a text model, which came."""
        hold = await self._hold(attempt, job, cents, at, "run-1", "alice", None)
        await self.ledger.post(hold, replace(SOME_PAINTED, revised="words"), round(cents * CENT))

    async def _hold(
        self, attempt: str, job: Job, cents: float | None, at: str, run: str, user: str, quoted: float | None
    ) -> Any:
        self.clock.set(datetime.fromisoformat(at).replace(tzinfo=UTC))
        if run not in self._runs:
            self._runs.add(run)
            await self.ledger.begin(Run(run, "gen", user, "host", 1))
        if cents is None:
            quote: Quote = Unpriced(job, "nobody knows")
        else:
            upper = round((cents if quoted is None else quoted) * CENT)
            quote = Priced(job, upper, upper, "2026-11-21")
        await self.ledger.enter(run, [job] if (run, job.key) not in self._entered else [])
        self._entered.add((run, job.key))
        hold = await self.ledger.reserve(run, attempt, quote, _Place(job.directory, f"{attempt}.png"))
        assert hold is not None
        await self.ledger.send(hold)
        return hold

    _entered: set[tuple[str, str]] = field(default_factory=set)
