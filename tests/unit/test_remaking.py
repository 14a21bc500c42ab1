import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgcli.errors import AttemptError, Money, UsageError
from imgcli.inputs.read import Reader
from imgcli.model.attempt import Hold, State
from imgcli.model.entry import Entry
from imgcli.model.pick import Pick
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size
from imgcli.remaking import Again, Change, Remakes, Wish, plan_again, plan_remakes
from imgcli.storage.sidecar import parse_sidecar, sidecar_bytes
from tests.fakes.inputs import a_photo
from tests.fakes.studio import settings_for
from tests.rows import each_row
from tests.unit.test_finals import A_CAR, Workshop

CAR = replace(A_CAR, draft=False)


class Bench(Workshop):
    def again(self, *picks: Pick, count: int = 1, place: Path | None = None, **said: Any) -> list[Again]:
        wish = Wish(said, count, place)
        return asyncio.run(plan_again(picks, wish, self.studio, settings_for(self.home)))

    def one(self, pick: Pick, **said: Any) -> Again:
        (found,) = self.again(pick, **said)
        return found

    def remakes(self, rejects: Sequence[Pick], **said: Any) -> Remakes:
        return asyncio.run(plan_remakes(rejects, Wish(said), self.studio, settings_for(self.home)))

    def car(self, entry: Entry = CAR) -> Pick:
        return self.pick(self.drafts(entry)[0])


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    asyncio.run(made.studio.ledger.close())


def test_what_does_not_change_is_sent_to_the_letter(shop: Bench) -> None:
    (job,) = shop.drafts(CAR)
    # As another version would have directed it.
    old = replace(job, prompt=replace(job.prompt, text="A red car, as it was worded then.", styles=("cinematic",)))
    pick = shop.pick(old)
    found = shop.one(pick)
    assert (found.job.prompt, found.directed, found.changes) == (old.prompt, False, ())
    assert found.job.key != old.key
    assert replace(found.job, variant=1, again="", stem=old.stem, renumber=old.renumber) == old
    assert (found.job.again, found.job.stem) == (pick.record.attempt, f"{old.stem}-again")
    finer = shop.one(pick, quality="low", size="1024x1024")
    assert finer.job.prompt == old.prompt
    assert (finer.job.quality, finer.job.size, finer.job.variant) == ("low", Size(1024, 1024), 1)
    assert finer.changes == (Change("size", "2048x1152", "1024x1024"), Change("quality", "high", "low"))


def test_other_words_are_directed_anew(shop: Bench) -> None:
    pick = shop.car()
    styled = shop.one(pick, style=("film-noir",))
    assert styled.directed
    assert styled.job.prompt == shop.drafts(replace(CAR, style=("film-noir",)))[0].prompt
    assert styled.job.prompt.constraints == ("people",)
    worded = shop.one(pick, prompt="a blue boat", no=())
    assert "a blue boat" in worded.job.prompt.text
    assert worded.job.prompt == shop.drafts(replace(CAR, prompt="a blue boat", no=()))[0].prompt
    assert [change.what for change in worded.changes] == ["prompt", "no"]
    # Said, and the same.
    same = shop.one(pick, prompt="a red car", style=("cinematic",))
    assert (same.directed, same.changes) == (False, ())


def test_an_expansion_goes_with_its_prompt(shop: Bench) -> None:
    pick = shop.car(replace(CAR, expanded="a red car on a wet street"))
    assert "wet street" in shop.one(pick, style=("film-noir",)).job.prompt.text
    other = shop.one(pick, prompt="a boat").job.prompt
    assert ("wet street" in other.text, other.expanded) == (False, "")


def test_styles_that_are_gone_are_asked_only_for_new_words(shop: Bench) -> None:
    (job,) = shop.drafts(CAR)
    pick = shop.pick(
        replace(job, prompt=DirectedPrompt("a car", "A car, as ever.", styles=("of-old",), versions=("1",)))
    )
    assert shop.one(pick, quality="low").job.prompt == pick.record.job.prompt
    with pytest.raises(UsageError, match="of-old"):
        shop.one(pick, prompt="a boat")


def test_words_are_too_long_for_a_model_that_takes_fewer(shop: Bench) -> None:
    (job,) = shop.drafts(CAR)
    pick = shop.pick(replace(job, prompt=replace(job.prompt, text="x" * 40_000)))
    with pytest.raises(UsageError, match="the directed prompt has 40,000 characters"):
        shop.one(pick, quality="low")


def test_a_seed_goes_on_unless_it_is_said(shop: Bench) -> None:
    pick = shop.car(replace(CAR, seed=7))
    assert [each.job.seed for each in shop.again(pick, count=3)] == [8, 9, 10]
    assert [each.job.seed for each in shop.again(pick, count=2, seed=40)] == [40, 41]
    assert shop.one(pick, seed=None).job.seed is None
    assert len({each.job.key for each in shop.again(pick, count=20)}) == 20
    # Said a second time it is what was said, in another picture.
    shop.made((first := shop.one(pick, seed=40)).job)
    assert (shop.one(pick, seed=40).job.seed, shop.one(pick, seed=40).job.key != first.job.key) == (40, True)


def test_what_was_made_again_before_is_another_picture(shop: Bench) -> None:
    pick = shop.car()
    first = shop.one(pick)
    shop.made(first.job)
    second = shop.one(pick)
    assert second.job.key not in {pick.key, first.job.key}
    finer = shop.one(pick, quality="low")
    shop.made(finer.job)
    assert shop.one(pick, quality="low").job.key != finer.job.key


def test_a_draft_stays_one_while_its_look_does(shop: Bench) -> None:
    pick = shop.pick(shop.drafts(A_CAR)[0])
    assert pick.record.job.wanted is not None
    same, whole = shop.one(pick, prompt="a boat").job, shop.one(pick, quality="high").job
    assert (same.wanted, same.stem.endswith("-draft-again")) == (pick.record.job.wanted, True)
    assert (whole.wanted, "-draft" in whole.stem) == (None, False)
    final = shop.pick(replace(pick.record.job, wanted=None, draft=pick.record.attempt, variant=9))
    assert shop.one(final).job.draft == pick.record.attempt
    assert shop.one(final, prompt="a boat").job.draft == ""


def test_it_stands_beside_the_old_one_or_where_it_is_wanted(shop: Bench) -> None:
    pick = shop.car()
    assert shop.one(pick).job.directory == pick.record.directory
    assert shop.again(pick, place=shop.home / "else")[0].job.directory == shop.home / "else"
    named = shop.one(pick, name="boat-{n}", out="below").job
    assert (named.stem, named.directory) == ("boat-1", pick.record.directory / "below")
    aside = replace(pick.record, name=f"rejected/{pick.record.name}")
    lying = Pick(aside, aside.directory / aside.name, pick.key)
    assert shop.one(lying).job.directory == pick.record.directory


def test_its_inputs_are_those_that_it_had_to_the_bit(shop: Bench, tmp_path: Path) -> None:
    photo, other = a_photo(tmp_path / "photo.png").path, a_photo(tmp_path / "other.png", (32, 32)).path
    pick = shop.car(replace(CAR, edit=Reader(None, 10**6).edit([photo])))
    assert shop.one(pick).job.edit == pick.record.job.edit
    again = shop.one(pick, refs=(str(other),)).job.edit
    assert again is not None
    assert again.inputs[0].path == other
    assert shop.one(pick, refs=()).job.edit is None
    photo.write_bytes(photo.read_bytes() + b"\0")
    with pytest.raises(UsageError, match="not there any more with the same bytes"):
        shop.one(pick)


def test_a_sidecar_of_another_machine_is_enough(shop: Bench, tmp_path: Path) -> None:
    pick = shop.car()
    key, told = parse_sidecar(sidecar_bytes(pick.record), tmp_path)
    found = shop.one(Pick(told, tmp_path / told.name, key))
    assert found.job.prompt == pick.record.job.prompt
    assert found.job.key not in {key, pick.key}


@each_row(
    ("said", "told"),
    [
        ({"quality": "hihg"}, "no quality 'hihg'"),
        ({"size": "10x10"}, "cannot make 10x10"),
        ({"provider": "opnai"}, "no provider 'opnai'"),
        ({"model": "gpt-image-1-mni"}, "gpt-image-1-m"),
        ({"style": ("cinemtic",)}, "cinematic"),
        ({"refs": ("nowhere.png",)}, "there is no such file"),
        ({"mask": "nowhere.png"}, "needs a picture to go with"),
        ({"out": "../.."}, ".."),
    ],
)
def test_what_cannot_be_made_is_told_of_the_picture(said: dict[str, Any], told: str, shop: Bench) -> None:
    pick = shop.car()
    with pytest.raises(UsageError) as error:
        shop.one(pick, **said)
    assert told in str(error.value)
    assert str(error.value).startswith(pick.path.name)


def test_each_reject_gets_one_of_its_own(shop: Bench) -> None:
    (job,) = shop.drafts(CAR)
    # `gen` twice: two pictures of one job.
    rejects = [shop.pick(job), shop.pick(job), shop.pick(replace(job, variant=2))]
    found = shop.remakes(rejects)
    keys = [each.job.key for each in found.due]
    assert len({*keys, *(pick.key for pick in rejects)}) == 5
    assert [each.job.again for each in found.due] == [pick.record.attempt for pick in rejects]
    # Planned again, by this process or another, they are the same jobs.
    assert [each.job.key for each in shop.remakes(rejects).due] == keys


def test_a_reject_that_has_a_new_one_is_left_alone_whatever_is_said(shop: Bench) -> None:
    rejects = [shop.car(), shop.car(replace(CAR, prompt="a boat"))]
    first = shop.remakes(rejects)
    shop.made(first.due[0].job)
    for said in ({}, {"quality": "low"}, {"prompt": "another"}):
        found = shop.remakes(rejects, **said)
        assert ([each.pick for each in found.due], list(found.done)) == ([rejects[1]], [rejects[0]])


def test_a_run_that_was_cut_off_is_carried_on_whatever_is_said(shop: Bench) -> None:
    """Its request may be billed: another job beside it would be paid a second time."""
    reject = shop.car()
    (begun,) = shop.remakes([reject]).due
    shop.made(begun.job, state=State.SENT)
    for said in ({}, {"quality": "low"}):
        assert [each.job.key for each in shop.remakes([reject], **said).due] == [begun.job.key]


def test_a_reject_is_no_other_rejects_new_picture(shop: Bench) -> None:
    """One that was made in place of another, and is rejected too, gets one of its own."""
    reject = shop.car()
    (first,) = shop.remakes([reject]).due
    second = shop.pick(first.job)
    (found,) = shop.remakes([reject, second]).due
    assert (found.pick, found.job.again) == (second, second.record.attempt)
    assert found.job.key not in {reject.key, first.job.key}


def test_one_whose_request_was_never_billed_is_due(shop: Bench) -> None:
    reject = shop.car()
    (begun,) = shop.remakes([reject]).due
    attempt = shop.made(begun.job, state=State.SENT).attempt

    async def fail() -> None:
        hold = Hold(attempt, "run-of-2", begun.job, 10, priced=True)
        await shop.studio.ledger.fail(hold, AttemptError("refused", money=Money.VOID))

    asyncio.run(fail())
    assert [each.job.key for each in shop.remakes([reject]).due] == [begun.job.key]
