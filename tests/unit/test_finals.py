import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.errors import ModelError, UsageError
from imgcli.finals import Finals, Wish, plan_finals
from imgcli.model.attempt import Receipt, Record, State
from imgcli.model.entry import Entry
from imgcli.model.job import FAR, Job, Look
from imgcli.model.pick import Pick
from imgcli.model.quote import Priced
from imgcli.model.size import Size
from imgcli.plan import plan
from imgcli.storage.sidecar import parse_sidecar, sidecar_bytes
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_run
from tests.fakes.studio import a_studio, settings_for

A_CAR = Entry(
    prompt="a red car",
    id="car",
    where="prompts.toml:3",
    style=("cinematic",),
    no=("people",),
    size="2048x1152",
    quality="high",
    background="opaque",
    tags=("launch",),
    draft=True,
)


class Workshop:
    """A studio whose ledger is given settled pictures without painting them."""

    def __init__(self, home: Path) -> None:
        self.home, self.out = home, home / "out"
        self.studio, _ = a_studio(home)
        self.count = 0
        asyncio.run(self.studio.ledger.begin(a_run()))

    def drafts(self, *entries: Entry) -> list[Job]:
        return list(plan(entries, self.studio, settings_for(self.home), self.out).jobs)

    def made(self, job: Job, *, state: State = State.SETTLED) -> Record:
        """`job` in the ledger, as it would be after a run of its own."""

        async def story() -> Record:
            self.count += 1
            run, attempt = f"run-of-{self.count}", f"attempt-{self.count}"
            ledger = self.studio.ledger
            await ledger.begin(a_run(run))
            await ledger.enter(run, [job])

            class Place:
                directory, name = job.directory, f"{job.stem}.png"

            hold = await ledger.reserve(run, attempt, Priced(job, 10, 10, "r"), Place())
            assert hold is not None
            await ledger.send(hold)
            if state is State.SENT:
                (found,) = await ledger.begun(attempt, 2)
                return found
            await ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 10))
            record = await ledger.save(attempt, run)
            await ledger.settle(attempt, run)
            return record

        return asyncio.run(story())

    def pick(self, job: Job) -> Pick:
        record = self.made(job)
        return Pick(record, record.directory / record.name, job.key)

    def finals(self, picks: Sequence[Pick], wish: Wish | None = None) -> Finals:
        return asyncio.run(plan_finals(picks, wish or Wish(), self.studio))

    def final(self, pick: Pick, wish: Wish | None = None) -> Job:
        (job,) = self.finals([pick], wish).jobs
        return job


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    made = Workshop(tmp_path)
    yield made
    asyncio.run(made.studio.ledger.close())


def test_a_final_is_the_very_job_that_would_have_been_made_without_a_draft(shop: Workshop) -> None:
    """Key, words, name and place: so a batch without --draft finds it made."""
    (draft,) = shop.drafts(A_CAR)
    (real,) = shop.drafts(replace(A_CAR, draft=False))
    pick = shop.pick(draft)
    final = shop.final(pick)
    assert final == replace(real, draft=pick.record.attempt, renumber="")
    assert final.key == real.key
    assert final.prompt == draft.prompt


def test_another_look_may_be_wished_for(shop: Workshop) -> None:
    pick = shop.pick(shop.drafts(A_CAR)[0])
    wish = Wish(quality="max", size=Size(1024, 1024), out=shop.home / "else where")
    final = shop.final(pick, wish)
    assert (final.size, final.quality) == (Size(1024, 1024), "max")
    assert final.directory == shop.home / "else where"
    assert final.prompt == pick.record.job.prompt


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("car-1-draft.png", "car-1"),
        ("car-draft-2.png", "car-2"),
        ("car-draft-2-again-3.png", "car-2-again-3"),
        ("first-draft-of-a-car-draft.png", "first-draft-of-a-car"),
        ("first-draft-of-a-car.png", "first-draft-of-a-car"),
        ("renamed.png", "renamed"),
        ("{n}-draft.png", "{n}"),
        ("con-draft.png", "_con"),
    ],
)
def test_it_has_the_name_of_its_draft_without_the_word(shop: Workshop, name: str, stem: str) -> None:
    pick = shop.pick(shop.drafts(A_CAR)[0])
    assert shop.final(replace(pick, path=pick.path.with_name(name))).stem == stem


def test_what_is_no_draft_is_final_already_unless_another_look_is_wished_for(shop: Workshop) -> None:
    pick = shop.pick(shop.drafts(replace(A_CAR, draft=False))[0])
    done = shop.finals([pick])
    assert (done.jobs, done.final) == ((), (pick,))
    assert shop.finals([pick], Wish(quality="high")).final == (pick,)
    assert shop.final(pick, Wish(quality="max")).draft == pick.record.attempt


def test_a_final_that_was_made_is_the_same_job_again(shop: Workshop) -> None:
    pick = shop.pick(shop.drafts(A_CAR)[0])
    first = shop.final(pick)
    shop.made(first)
    assert shop.final(pick) == first


def test_one_that_was_made_elsewhere_is_found_there(shop: Workshop) -> None:
    pick = shop.pick(shop.drafts(A_CAR)[0])
    shop.made(shop.final(pick, Wish(out=shop.home / "elsewhere")))
    assert shop.final(pick).directory == shop.home / "elsewhere"
    assert shop.final(pick, Wish(out=shop.home / "third")).directory == shop.home / "third"


def test_more_finals_of_one_are_jobs_of_their_own_and_stay_so(shop: Workshop) -> None:
    pick = shop.pick(shop.drafts(replace(A_CAR, seed=7))[0])
    three = shop.finals([pick], Wish(count=3)).jobs
    assert len({job.key for job in three}) == 3
    assert [job.variant for job in three] == [1, 1 + FAR, 1 + 2 * FAR]
    assert [job.seed for job in three] == [7, 8, 9]
    shop.made(three[0])
    shop.made(three[1])
    assert shop.finals([pick], Wish(count=3)).jobs == three
    assert shop.finals([pick]).jobs == three[:1]


def test_two_drafts_of_one_prompt_become_two_pictures(shop: Workshop) -> None:
    """`gen` twice: the requests are equal, and each of the two was chosen."""
    (draft,) = shop.drafts(A_CAR)
    one, two = shop.pick(draft), shop.pick(draft)
    both = shop.finals([one, two])
    assert len({job.key for job in both.jobs}) == 2
    assert {job.draft for job in both.jobs} == {one.record.attempt, two.record.attempt}
    assert {key: [p.record.attempt for p in picks] for key, picks in both.picks.items()} == {
        job.key: [job.draft] for job in both.jobs
    }


def test_they_keep_theirs_in_whatever_order_they_are_asked_for(shop: Workshop) -> None:
    (draft,) = shop.drafts(A_CAR)
    one, two = shop.pick(draft), shop.pick(draft)
    first = shop.final(one)
    shop.made(first)
    second = shop.final(two)
    assert second.key != first.key
    shop.made(second)
    for picks in ([one, two], [two, one]):
        assert {job.draft: job.key for job in shop.finals(picks).jobs} == {
            one.record.attempt: first.key,
            two.record.attempt: second.key,
        }


def test_equal_drafts_of_two_libraries_do_not_take_each_others_finals(shop: Workshop) -> None:
    """A run holds a job once, wherever it goes; who has a final already keeps its number."""
    (draft,) = shop.drafts(A_CAR)
    one, two = shop.pick(draft), shop.pick(replace(draft, directory=shop.home / "copy"))
    made = shop.final(two)
    shop.made(made)
    both = {job.draft: job for job in shop.finals([one, two]).jobs}
    assert both[two.record.attempt] == made
    assert both[one.record.attempt].directory == draft.directory
    assert both[one.record.attempt].key != made.key


def test_one_whose_answer_is_still_out_is_the_same_job_again(shop: Workshop) -> None:
    pick = shop.pick(shop.drafts(A_CAR)[0])
    first = shop.final(pick)
    shop.made(first, state=State.SENT)
    assert shop.final(pick) == first


def test_with_a_seed_two_equal_drafts_have_one_final(shop: Workshop) -> None:
    (draft,) = shop.drafts(replace(A_CAR, seed=7))
    one, two = shop.pick(draft), shop.pick(draft)
    both = shop.finals([one, two])
    (job,) = both.jobs
    assert job.seed == 7
    assert both.picks[job.key] == (one, two)


def test_a_draft_of_another_machine_has_the_final_it_would_have_had_there(shop: Workshop) -> None:
    """Its sidecar does not tell the colours of its styles; its key proves that they are still the same."""
    pick = shop.pick(shop.drafts(A_CAR)[0])
    here = shop.final(pick)
    key, told = parse_sidecar(sidecar_bytes(pick.record), pick.record.directory)
    assert told.job.prompt.colours == ()
    assert shop.final(Pick(told, pick.path, key)).key == here.key
    assert shop.final(Pick(told, pick.path, "another")).prompt == told.job.prompt


@pytest.mark.parametrize(
    ("change", "wish", "kind", "message"),
    [
        ({}, Wish(quality="ultra"), ModelError, "no quality 'ultra'"),
        ({}, Wish(size=Size(100, 100)), ModelError, "cannot make 100x100"),
        ({"model": "dall-e-3"}, Wish(), ModelError, "retired on 2026-05-12"),
        ({"provider": "opnai"}, Wish(), UsageError, "no provider 'opnai'; did you mean 'openai'?"),
        ({"wanted": Look(Size(2048, 1152), "ultra")}, Wish(), ModelError, "no quality 'ultra'"),
    ],
)
def test_what_cannot_be_made_any_more_names_the_picture(
    shop: Workshop, change: dict[str, object], wish: Wish, kind: type[UsageError], message: str
) -> None:
    pick = shop.pick(shop.drafts(A_CAR)[0])
    job = replace(pick.record.job, **change)  # type: ignore[arg-type]
    with pytest.raises(kind) as caught:
        shop.finals([Pick(replace(pick.record, job=job), pick.path, job.key)], wish)
    assert str(caught.value).startswith("a-red-car-cinematic-1-draft.png: ")
    assert message in str(caught.value)
