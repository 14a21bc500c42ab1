"""What moderation asks of whom, around a scripted endpoint and real rooms."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from imgcli.cli.screening import open_screening
from imgcli.director.direct import direct
from imgcli.engine.stop import Stop
from imgcli.errors import AttemptError, Halt, Money
from imgcli.inputs.read import read_input
from imgcli.model.attempt import Hold
from imgcli.model.card import Wording
from imgcli.model.events import Told
from imgcli.model.input import Edit
from imgcli.model.job import Job
from imgcli.model.numbers import Screening, verdict_text
from imgcli.model.picture import Painted, Picture
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.question import question_of
from imgcli.model.verdict import Aside, Decision, Remarks, Stage, Verdict
from imgcli.moderating import BLIND_AFTER, LONGEST, Journal, Moderation
from imgcli.moderation import local
from imgcli.moderation.log import read_log
from imgcli.wiring import open_pricer
from tests.fake_api import pictures
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_job, a_run
from tests.fakes.provider import FakeProvider
from tests.fakes.studio import a_studio, settings_for

Answer = Callable[[Hold], Awaitable[Painted]]
DIRTY = pictures.png(2000, 900, 1)


def says(flagged: bool = False, *, image: bool = True, **scores: float) -> Answer:
    async def answer(hold: Hold) -> Painted:
        kind = "image" if question_of(hold.job).images and image else "text"
        known = {"sexual": 0.0} | scores
        return Painted(revised=verdict_text(Screening(flagged, known, dict.fromkeys(known, (kind,)))), free=True)

    return answer


async def nonsense(_: Hold) -> Painted:
    return Painted(revised="<html>", request_id="r")


async def breaks(hold: Hold) -> Painted:
    raise AttemptError("no such address", money=Money.VOID)


class Bench:
    """A studio whose one provider paints and moderates as scripted."""

    def __init__(self, tmp_path: Path, **flags: object) -> None:
        self.provider = FakeProvider(moderation_model="judge", answers=[])
        self.home, self.out = tmp_path / "home", tmp_path / "out"
        self.studio, self.events = a_studio(self.home, {"openai": self.provider})
        self.stop = Stop()
        settings = settings_for(self.home, assume_cost="0", **flags)
        self.studio = replace(self.studio, pricer=open_pricer(settings))
        self.screening = open_screening(settings)
        self.run = a_run()

    def answers(self, *answers: Answer) -> None:
        self.provider.answers = list(answers)

    async def part(self) -> Moderation:
        await self.studio.ledger.begin(self.run)
        return self.screening.part(self.studio, self.run, self.stop, 4)

    def does(self, work: Callable[[Moderation], Awaitable[object]]) -> object:
        async def story() -> object:
            part = await self.part()
            try:
                return await work(part)
            finally:
                await part.close()
                await self.studio.ledger.close()

        return asyncio.run(story())

    def clears(self, job: Job) -> list[tuple[str, str, str]]:
        said = self.does(lambda part: part.clear(job))
        assert isinstance(said, list)
        return [(each.stage.value, each.layer, each.decision.value) for each in said]

    def inspects(self, data: bytes = DIRTY, **changes: object) -> Remarks:
        found = self.does(lambda part: part.inspect(a_job(directory=self.out, **changes), data, a_picture(data), 1))
        assert isinstance(found, Remarks)
        return found

    @property
    def told(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Told)]


def a_picture(data: bytes) -> Picture:
    return Picture(hashlib.sha256(data).hexdigest(), len(data), "png", 2000, 900)


def worded(typed: str, text: str = "", **changes: object) -> Job:
    return a_job(prompt=DirectedPrompt(typed, text or typed, **changes))  # type: ignore[arg-type]


def test_off_asks_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    assert bench.clears(worded("a naked gun, fuck")) == []
    assert bench.provider.calls == []


def test_lists_go_first_and_what_they_block_does_not_leave(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("gun\n/kni(fe|ves)/\n")
    bench = Bench(tmp_path, policy="strict", blocklist=str(tmp_path / "b.txt"))
    assert bench.clears(worded("two Knives")) == [("prompt", "blocklist", "blocked"), ("prompt", "words", "cleared")]
    assert bench.provider.calls == []


@pytest.mark.parametrize("where", ["typed", "expanded", "text"])
def test_all_that_was_written_for_a_picture_is_read(tmp_path: Path, where: str) -> None:
    (tmp_path / "b.txt").write_text("gun\n")
    bench = Bench(tmp_path, blocklist=str(tmp_path / "b.txt"))
    words = {"typed": "a car", "text": "a car", "expanded": "", where: "a gun"}
    prompt = DirectedPrompt(words["typed"], words["text"], expanded=words["expanded"])
    assert bench.clears(a_job(prompt=prompt)) == [("prompt", "blocklist", "blocked")]


def test_what_is_excluded_is_not_held_against_a_prompt(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("guns\n")
    bench = Bench(tmp_path, blocklist=str(tmp_path / "b.txt"))
    words = direct("a car", [bench.studio.styles["cinematic"]], ["guns"], Wording.PROSE)
    assert "guns" in words.text
    assert bench.clears(a_job(prompt=words)) == [("prompt", "blocklist", "cleared")]
    assert Bench(tmp_path / "typed", blocklist=str(tmp_path / "b.txt")).clears(
        a_job(prompt=replace(words, typed="guns"))
    ) == [("prompt", "blocklist", "blocked")]


def test_the_endpoint_is_asked_about_the_directed_prompt_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path, policy="on")
    bench.answers(says(sexual=0.9))

    async def story(part: Moderation) -> list[Sequence[Verdict]]:
        jobs = [a_job(prompt=DirectedPrompt("a car", "A film still of a car."), variant=i) for i in (1, 2, 3)]
        return await asyncio.gather(*(part.clear(job) for job in jobs))

    said = bench.does(story)
    assert isinstance(said, list)
    assert [verdicts[-1].decision for verdicts in said] == [Decision.BLOCKED] * 3
    assert [question_of(hold.job).words for hold in bench.provider.calls] == ["A film still of a car."]


@pytest.mark.parametrize(
    ("policy", "answer", "decision"),
    [
        ("on", breaks, "unavailable"),
        ("warn", breaks, "warned"),
        ("on", says(sexual=0.4), "cleared"),
        ("on", says(True, sexual=0.4), "warned"),
        ("warn", says(sexual=0.9), "warned"),
    ],
)
def test_what_the_endpoint_says_or_does_not(tmp_path: Path, policy: str, answer: Answer, decision: str) -> None:
    bench = Bench(tmp_path, policy=policy)
    bench.answers(answer)
    assert bench.clears(worded("a car"))[-1] == ("prompt", "provider", decision)


def test_a_warning_is_told_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path, policy="on", moderate="none")

    async def story(part: Moderation) -> None:
        for typed in ("a porn car", "a porn boat", "a shit car"):
            await part.clear(worded(typed))

    bench.does(story)
    assert bench.told == [
        "warning, words: porn (the prompt of a-car-1)",
        "warning, words: shit (the prompt of a-car-1)",
    ]


def test_each_input_picture_is_looked_at_as_a_smaller_copy(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(DIRTY)
    bench = Bench(tmp_path, policy="on", moderate="inputs")
    bench.answers(says(violence=0.8))
    job = replace(worded("a car"), edit=Edit((read_input(tmp_path / "a.png", "a.png"),)))
    said = bench.does(lambda part: part.clear(job))
    assert isinstance(said, list)
    assert (said[-1].stage, said[-1].decision, said[-1].reason) == (
        Stage.INPUT,
        Decision.BLOCKED,
        "a.png: violence 0.80",
    )
    (image,) = question_of(bench.provider.calls[0].job).images
    assert (image.width, image.format) == (LONGEST, "jpeg")
    assert not image.path.exists()
    assert list((bench.home / "cache" / "moderation").iterdir()) == []


@pytest.mark.parametrize(
    ("policy", "answer", "aside", "decision"),
    [
        ("on", says(sexual=0.9), Aside.QUARANTINE, "blocked"),
        ("on", says(), None, "cleared"),
        ("on", breaks, Aside.QUARANTINE, "unavailable"),
        ("on", says(image=False), Aside.QUARANTINE, "unavailable"),
        ("warn", says(sexual=0.9), None, "warned"),
        ("warn", breaks, None, "warned"),
    ],
)
def test_a_picture_that_came_is_looked_at(
    tmp_path: Path, policy: str, answer: Answer, aside: Aside | None, decision: str
) -> None:
    bench = Bench(tmp_path, policy=policy)
    bench.answers(answer)
    found = bench.inspects()
    assert (found.aside, found.verdicts[-1].decision.value) == (aside, decision)
    assert list((bench.home / "cache" / "moderation").iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "pictures_seen"),
    [
        (AttemptError("no key", money=Money.VOID, halt=Halt.RUN, account=True), 1),
        (AttemptError("no such model", money=Money.VOID, halt=Halt.MODEL), 1),
        (AttemptError("no such address", money=Money.VOID), BLIND_AFTER),
    ],
)
def test_once_nobody_can_look_the_rest_of_the_run_is_told_so(
    tmp_path: Path, fault: AttemptError, pictures_seen: int
) -> None:
    async def fails(hold: Hold) -> Painted:
        raise fault

    bench, job = Bench(tmp_path, policy="on", moderate="picture"), a_job(directory=tmp_path)

    async def story(part: Moderation) -> None:
        for number in range(pictures_seen):
            assert not part.blind(job)
            bench.answers(fails)
            data = pictures.png(2000, 900, number + 1)
            await part.inspect(job, data, a_picture(data), 1)
        assert str(fault) in part.blind(job)
        assert not part.blind(a_job(provider="placeholder"))

    bench.does(story)


def test_under_a_policy_that_only_warns_nobody_has_to_look(tmp_path: Path) -> None:
    bench = Bench(tmp_path, policy="warn")
    bench.answers(says(image=False))

    async def story(part: Moderation) -> None:
        await part.inspect(a_job(directory=tmp_path), DIRTY, a_picture(DIRTY), 1)
        assert not part.blind(a_job(directory=tmp_path))

    bench.does(story)


def test_a_picture_of_a_run_that_asked_is_looked_at_whatever_this_one_asks(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.answers(says(sexual=0.9))
    assert bench.inspects(guard="provider").aside is Aside.QUARANTINE
    assert Bench(tmp_path / "b").inspects().aside is None


def test_a_picture_that_cannot_be_decoded_is_not_let_through(tmp_path: Path) -> None:
    bench = Bench(tmp_path, policy="on")
    found = bench.inspects(DIRTY[:300])
    assert (found.aside, found.verdicts[-1].decision) == (Aside.QUARANTINE, Decision.UNAVAILABLE)
    assert bench.provider.calls == []


def test_the_local_classifier_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = "class NSFWClassifier:\n    def __init__(self, providers): ...\n"
    stand_in += "    def classify(self, data):\n        return type('P', (), {'nsfw': 0.9})\n"
    (tmp_path / "stand_in_classifier.py").write_text(stand_in)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(local, "MODULE", "stand_in_classifier")
    local._classifier.cache_clear()
    bench = Bench(tmp_path, policy="on", moderate="picture,local")
    found = bench.inspects()
    assert [(each.layer, each.reason) for each in found.verdicts] == [("local", "nsfw 0.90")]
    assert bench.provider.calls == []
    local._classifier.cache_clear()


def test_nothing_new_is_asked_once_the_run_ends_but_what_came_is_looked_at(tmp_path: Path) -> None:
    bench = Bench(tmp_path, policy="on")
    bench.answers(says())
    bench.stop.drain("interrupted")

    async def story(part: Moderation) -> None:
        said = await part.clear(worded("a car"))
        assert (said[-1].decision, said[-1].reason) == (Decision.UNAVAILABLE, "interrupted")
        found = await part.inspect(a_job(directory=bench.out), DIRTY, a_picture(DIRTY), 1)
        assert found.aside is None

    bench.does(story)
    assert len(bench.provider.calls) == 1


def test_typed_words_are_cleared_before_a_text_model_gets_them(tmp_path: Path) -> None:
    bench = Bench(tmp_path, policy="on")
    bench.answers(says(sexual=0.9))
    said = bench.does(lambda part: part.clear_question(worded("a naked car", '["instructions"]')))
    assert isinstance(said, list)
    assert said[-1].decision is Decision.BLOCKED
    assert question_of(bench.provider.calls[0].job).words == "a naked car"


def test_the_pictures_of_a_question_are_looked_at_instead_of_our_own_words(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(DIRTY)
    bench = Bench(tmp_path, policy="strict")
    bench.answers(says(violence=0.8))
    job = replace(worded("picture 1234", '["instructions"]'), edit=Edit((read_input(tmp_path / "a.png", "a.png"),)))
    (said,) = cast("list[Verdict]", bench.does(lambda part: part.clear_question(job)))
    assert (said.stage, said.decision) == (Stage.INPUT, Decision.BLOCKED)
    assert question_of(bench.provider.calls[0].job).words == ""


def test_an_answer_that_is_nonsense_is_told_in_words(tmp_path: Path) -> None:
    bench = Bench(tmp_path, policy="on", moderate="prompt")
    bench.answers(nonsense)
    said = bench.does(lambda part: part.clear(worded("a car")))
    assert cast("list[Verdict]", said)[-1].reason == "the endpoint gave no verdict that makes sense"


def test_the_journal_has_a_line_for_each_verdict_that_says_something(tmp_path: Path) -> None:
    async def story() -> None:
        journal = Journal("run-1", FakeClock(), tmp_path)
        cleared = Verdict(Stage.PROMPT, "words", Decision.CLEARED)
        await journal.note(a_job(), "", [cleared])
        await journal.note(a_job(), "att", [cleared, Verdict(Stage.PICTURE, "local", Decision.BLOCKED, "nsfw 0.90")])

    asyncio.run(story())
    (told,) = read_log(tmp_path)
    assert (told["run"], told["attempt"], told["stage"], told["decision"]) == ("run-1", "att", "picture", "blocked")
