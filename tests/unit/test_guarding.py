"""The chain of guards: who is asked, who wins, and that nothing passes unseen."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from imgcli import guarding
from imgcli.guarding import Guards
from imgcli.model.job import Job
from imgcli.model.picture import Picture
from imgcli.model.verdict import UNREMARKED, Aside, Decision, Remarks, Stage, Verdict
from imgcli.ports import Slot
from tests.fakes.jobs import SOME_PAINTED, a_job
from tests.fakes.provider import PNG
from tests.fakes.store import FakeStore

CLEARED = Verdict(Stage.PROMPT, "words", Decision.CLEARED)
WARNED = Verdict(Stage.PROMPT, "words", Decision.WARNED, "damn")
BLOCKED = Verdict(Stage.PROMPT, "blocklist", Decision.BLOCKED, "gun")
SEEN = Verdict(Stage.PICTURE, "provider", Decision.CLEARED)
FLAGGED = Verdict(Stage.PICTURE, "provider", Decision.BLOCKED, "sexual 0.9")


@dataclass
class Scripted:
    """Satisfies `guarding.Part`."""

    words: Sequence[Verdict] = ()
    remarks: Remarks = UNREMARKED
    wants: bool = True
    blinded: str = ""
    cleared: int = 0
    inspected: list[bytes] = field(default_factory=list)

    def looks(self, job: Job) -> bool:  # noqa: ARG002 - by script
        return self.wants

    def blind(self, job: Job) -> str:  # noqa: ARG002 - by script
        return self.blinded

    async def clear(self, job: Job) -> Sequence[Verdict]:  # noqa: ARG002 - by script
        self.cleared += 1
        return self.words

    async def inspect(self, job: Job, data: bytes, picture: Picture, tried: int) -> Remarks:  # noqa: ARG002
        self.inspected.append(data)
        return self.remarks


@dataclass
class Notes:
    """Satisfies `guarding.Journal`."""

    lines: list[tuple[str, Sequence[Verdict]]] = field(default_factory=list)

    async def note(self, job: Job, attempt: str, verdicts: Sequence[Verdict]) -> None:  # noqa: ARG002
        self.lines.append((attempt, verdicts))


async def sealed(job: Job) -> tuple[Slot, Picture]:
    slot = await FakeStore().open(job, "attempt-1")
    await slot.write(PNG)
    return slot, await slot.seal(SOME_PAINTED)


def inspected(parts: Sequence[Scripted], notes: Notes | None = None, **changes: object) -> Remarks:
    async def story() -> Remarks:
        job = a_job(directory=Path("/out"), **changes)
        slot, picture = await sealed(job)
        guards = Guards(parts, notes)
        await guards.clear(job)
        return await guards.inspect(job, slot, picture, 2)

    return asyncio.run(story())


def test_verdicts_of_words_and_picture_stand_together_in_the_remarks() -> None:
    notes = Notes()
    found = inspected([Scripted([WARNED], Remarks((SEEN,))), Scripted((), Remarks(dhash="ab" * 8))], notes)
    assert found == Remarks((WARNED, SEEN), tried=2, dhash="ab" * 8)
    assert notes.lines == [("", [WARNED]), ("attempt-1", (SEEN,))]


def test_nobody_is_asked_after_one_that_stops() -> None:
    first, second = Scripted([BLOCKED]), Scripted([CLEARED])
    assert asyncio.run(Guards([first, second]).clear(a_job())) == [BLOCKED]
    assert second.cleared == 0


def test_quarantine_goes_before_rejection_and_ends_the_looking() -> None:
    rejected = Scripted((), Remarks(unmet=("size",), aside=Aside.REJECTED))
    flagged = Scripted((), Remarks((FLAGGED,), aside=Aside.QUARANTINE))
    last = Scripted()
    found = inspected([rejected, flagged, last])
    assert (found.aside, found.unmet, found.verdicts) == (Aside.QUARANTINE, ("size",), (FLAGGED,))
    assert last.inspected == []
    assert inspected([rejected, Scripted()]).aside is Aside.REJECTED


def test_the_bytes_are_read_only_for_a_part_that_looks() -> None:
    blind = Scripted(wants=False)
    assert inspected([blind]).aside is None
    assert blind.inspected == []
    seer = Scripted()
    inspected([blind, seer])
    assert seer.inspected == [PNG]


@pytest.mark.parametrize("parts", [[], [Scripted()], [Scripted(wants=False)]])
def test_a_picture_that_was_to_be_looked_at_is_not_let_through_unseen(parts: list[Scripted]) -> None:
    notes = Notes()
    found = inspected(parts, notes, guard="provider+local")
    assert found.aside is Aside.QUARANTINE
    assert [(each.layer, each.decision) for each in found.verdicts] == [
        ("provider", Decision.UNAVAILABLE),
        ("local", Decision.UNAVAILABLE),
    ]
    assert notes.lines[-1][0] == "attempt-1"


def test_of_two_layers_the_one_that_did_not_look_is_missed() -> None:
    found = inspected([Scripted((), Remarks((SEEN,)))], guard="provider+local")
    assert found.aside is Aside.QUARANTINE
    assert found.verdicts[-1].layer == "local"
    assert inspected([Scripted((), Remarks((SEEN,)))], guard="provider").aside is None


def test_one_too_large_to_be_looked_at_is_not_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "MOST_BYTES", 10)
    seer = Scripted((), Remarks((SEEN,)))
    assert inspected([seer], guard="provider").aside is Aside.QUARANTINE
    assert seer.inspected == []


def test_words_that_a_dead_run_sent_are_told_with_its_picture_and_hide_it_if_they_block() -> None:
    async def story(words: Verdict) -> Remarks:
        job = a_job(directory=Path("/out"))
        slot, picture = await sealed(job)
        return await Guards([Scripted([words], Remarks((SEEN,)))]).inspect(job, slot, picture, 1)

    assert asyncio.run(story(WARNED)).verdicts == (WARNED, SEEN)
    assert asyncio.run(story(BLOCKED)).aside is Aside.QUARANTINE


def test_one_part_that_can_look_no_more_blinds_the_chain() -> None:
    job = a_job(directory=Path("/out"))
    assert not Guards([Scripted(), Scripted()]).blind(job)
    assert Guards([Scripted(), Scripted(blinded="no key")]).blind(job) == "no key"
