"""What every picture passes on its way: a chain of parts that clear what is sent and inspect what came.

A picture that was to be looked at is never let through unseen: not by a later run without that part, nor by one that
takes over what a dead run left behind.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from imgcli.model.job import Job
from imgcli.model.picture import Picture
from imgcli.model.verdict import Aside, Decision, Remarks, Stage, Verdict
from imgcli.ports import Slot

MOST_BYTES = 256 * 1024 * 1024
"""Bytes of a picture that are read to be looked at; a larger one is not let through where moderation is asked."""

ASIDE = (Aside.QUARANTINE, Aside.REJECTED)
"""Where more than one part sets a picture aside, the first of these is where it goes."""


class Part(Protocol):
    """One thing that is looked for: moderation, or what a picture is expected to be."""

    def looks(self, job: Job) -> bool:
        """Whether it would look at the picture of `job`."""
        ...

    def blind(self, job: Job) -> str:
        """Why it can look at no picture like that of `job` any more, where it should; else empty."""
        ...

    async def clear(self, job: Job) -> Sequence[Verdict]:
        """What it says of the words and inputs of `job`, before money is held for it."""
        ...

    async def inspect(self, job: Job, data: bytes, picture: Picture, tried: int) -> Remarks:
        """What it finds of the bytes of a paid picture, the `tried`th of its job; `aside` where it is not let through."""
        ...


class Journal(Protocol):
    """Where it is written down what was said; verdicts that clear are left out of it."""

    async def note(self, job: Job, attempt: str, verdicts: Sequence[Verdict]) -> None:
        """Keep them, before anything goes on; `attempt` is empty where there was none yet.

        Raises:
            StorageError: nobody would know of them later.
        """
        ...


class Guards:
    """Satisfies `ports.Guard`: its parts in order, each asked only while none before it stops."""

    def __init__(self, parts: Sequence[Part], journal: Journal | None = None) -> None:
        self._parts = tuple(parts)
        self._journal = journal
        self._cleared: dict[str, tuple[Verdict, ...]] = {}

    async def clear(self, job: Job) -> Sequence[Verdict]:
        said: list[Verdict] = []
        for part in self._parts:
            said += await part.clear(job)
            if any(verdict.stops for verdict in said):
                break
        else:
            self._cleared[job.key] = tuple(said)
        await self._note(job, "", said)
        return said

    async def inspect(self, job: Job, slot: Slot, picture: Picture, tried: int) -> Remarks:
        said = await self._said_before(job)
        # Words that an earlier run sent and that would not be sent now: whatever became of them is not shown.
        blocked = any(verdict.decision is Decision.BLOCKED for verdict in said)
        found = Remarks(said, tried=tried, aside=Aside.QUARANTINE if blocked else None)
        parts = [] if blocked else [part for part in self._parts if part.looks(job)]
        if parts and picture.size_bytes <= MOST_BYTES:
            data = await slot.look(MOST_BYTES)
            for part in parts:
                found = merged(found, await part.inspect(job, data, picture, tried))
                if found.aside is Aside.QUARANTINE:
                    break  # nobody is to see it, so nothing more is asked of it
        found = _unless_seen(job, found)
        await self._note(job, slot.attempt, found.verdicts[len(said) :])
        return found

    def blind(self, job: Job) -> str:
        return next(filter(None, (part.blind(job) for part in self._parts)), "")

    async def refused(self, job: Job, attempt: str, verdict: Verdict) -> None:
        await self._note(job, attempt, [verdict])

    async def _note(self, job: Job, attempt: str, verdicts: Sequence[Verdict]) -> None:
        if self._journal is not None and verdicts:
            await self._journal.note(job, attempt, verdicts)

    async def _said_before(self, job: Job) -> tuple[Verdict, ...]:
        """What was said of its words, also where it was an earlier run that sent them."""
        said = self._cleared.pop(job.key, None)
        return tuple(await self.clear(job)) if said is None else said


def merged(one: Remarks, other: Remarks) -> Remarks:
    """What both say; quarantine goes before all else."""
    asides = {one.aside, other.aside}
    return replace(
        one,
        verdicts=(*one.verdicts, *other.verdicts),
        unmet=(*one.unmet, *other.unmet),
        dhash=other.dhash or one.dhash,
        aside=next((aside for aside in ASIDE if aside in asides), None),
    )


def _unless_seen(job: Job, found: Remarks) -> Remarks:
    """`found`, in quarantine where a layer that was asked of this job did not look at the picture."""
    if found.aside is Aside.QUARANTINE or not job.guard:
        return found
    looked = {verdict.layer for verdict in found.verdicts if verdict.stage is Stage.PICTURE}
    unseen = [layer for layer in job.guard.split("+") if layer not in looked]
    if not unseen:
        return found
    why = "nobody looked at the picture: this run does not ask it"
    verdicts = tuple(Verdict(Stage.PICTURE, layer, Decision.UNAVAILABLE, why) for layer in unseen)
    return merged(found, Remarks(verdicts, aside=Aside.QUARANTINE))
