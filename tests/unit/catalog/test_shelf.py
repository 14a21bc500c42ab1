"""What was made before is handed out once it is proved, and whatever goes wrong is a miss."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgcli.catalog.finding import Finder
from imgcli.catalog.pictures import PictureCache
from imgcli.catalog.shelf import Mode, PictureShelf, Wish
from imgcli.catalog.sqlite import SqliteCatalog
from imgcli.errors import LedgerError
from imgcli.model.attempt import Receipt, Record
from imgcli.model.events import Event, Told
from imgcli.model.job import Job
from imgcli.model.origin import Match, Place
from imgcli.model.outcome import Refused, RefusedBy, Reused
from imgcli.model.picture import Picture, Saved
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.quote import Priced
from imgcli.model.verdict import UNREMARKED, Aside, Decision, Remarks, Stage, Verdict
from imgcli.pipeline import Unguarded
from imgcli.ports import Slot
from imgcli.storage.sidecar import parse_sidecar, sidecar_bytes
from imgcli.storage.story import parse_story
from tests.fake_api import pictures
from tests.fakes.catalog import FakeCatalog
from tests.fakes.jobs import SOME_PAINTED, a_job, a_run
from tests.fakes.studio import a_studio

PNG = pictures.png(16, 16, 1)
COST = 13_210_000


class Strict:
    """A guard that lets nothing pass."""

    def __init__(self, decision: Decision = Decision.BLOCKED) -> None:
        self.decision = decision

    async def clear(self, job: Job) -> Sequence[Verdict]:  # noqa: ARG002
        raise AssertionError("asked before")

    async def inspect(self, job: Job, slot: Slot, picture: Picture, tried: int) -> Remarks:  # noqa: ARG002
        assert hashlib.sha256(await slot.look(10**6)).hexdigest() == picture.sha256
        return Remarks((Verdict(Stage.PICTURE, "local", self.decision, "x"),), aside=Aside.QUARANTINE)

    def blind(self, job: Job) -> str:  # noqa: ARG002
        return ""

    async def refused(self, job: Job, attempt: str, verdict: Verdict) -> None:
        """Nothing is sent here."""


class Words:
    """A model of words that finds two prompts alike by the letters they share."""

    model = "letters 1"

    def __init__(self, *, is_free: bool = True) -> None:
        self.is_free = is_free
        self.asked: list[str] = []

    async def embed(self, job: Job) -> Sequence[float]:
        text = job.prompt.typed
        self.asked.append(text)
        counts = [text.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz "]
        length = sum(count * count for count in counts) ** 0.5
        return [count / length for count in counts]


class Desk:
    """A studio with a cache directory, pictures made in it, and shelves over both."""

    def __init__(self, tmp_path: Path) -> None:
        self.out, self.tmp = tmp_path / "out", tmp_path
        self.studio, self.events = a_studio(tmp_path / "home")
        self.pictures = PictureCache(tmp_path / "cache", 10**8)
        self.catalog = FakeCatalog()
        self.made = 0
        self.words: Words | None = None

    def job(self, typed: str = "a car", **changes: Any) -> Job:
        prompt = DirectedPrompt(typed, f"Ink: {typed.strip().rstrip('.')}. On paper.")
        return a_job(**{"prompt": prompt, "directory": self.out, "stem": "car", **changes})

    def shelf(self, mode: Mode = Mode.USE, *, ledger: bool = True, cache: bool = True, **wish: Any) -> PictureShelf:
        finder = Finder(
            self.studio.ledger if ledger else None,
            self.catalog,
            self.pictures if cache else None,
            parse_story,
            self.words,
        )
        clock, observe = self.studio.clock, self.studio.observe
        return PictureShelf(
            Wish(mode, "run-9", **wish),
            finder,
            store=self.studio.store,
            clock=clock,
            observe=observe,
            write_story=sidecar_bytes,
        )

    async def make(self, job: Job, data: bytes = PNG, remarks: Remarks = UNREMARKED) -> tuple[Saved, Record]:
        """As the corridor does."""
        self.made += 1
        run, name = a_run(f"run-{self.made}"), f"01a1fd1f-666b-756c-9d44-{self.made:012d}"
        await self.studio.ledger.begin(run)
        await self.studio.ledger.enter(run.id, [job])
        slot = await self.studio.store.open(job, name)
        hold = await self.studio.ledger.reserve(run.id, name, Priced(job, COST, COST, "r"), slot)
        assert hold is not None
        await self.studio.ledger.send(hold)
        await slot.write(data)
        picture = await slot.seal(SOME_PAINTED)
        await self.studio.ledger.receive(hold, Receipt(picture, SOME_PAINTED, COST))

        async def rename(new: str) -> None:
            await self.studio.ledger.rename(name, new)

        saved = await slot.publish(picture, rename, remarks.aside)
        record = await self.studio.ledger.save(name, run.id, remarks)
        await self.studio.store.tell(record)
        await self.studio.ledger.settle(name, run.id)
        await self.studio.store.sweep(record)
        await self.studio.ledger.end(run.id)
        return saved, record

    async def kept(self, job: Job, data: bytes = PNG) -> tuple[Saved, Record]:
        saved, record = await self.make(job, data)
        await self.shelf().keep(job, saved, record.attempt)
        return saved, record

    def told(self) -> list[str]:
        events: list[Event] = self.events
        return [event.text for event in events if isinstance(event, Told)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    asyncio.run(made.studio.ledger.close())


async def find(shelf: PictureShelf, job: Job) -> Reused | None:
    found = await shelf.find(job, Unguarded())
    assert not isinstance(found, Refused)
    return found


def test_the_very_job_is_a_new_file_in_its_own_place(desk: Desk) -> None:
    async def story() -> None:
        saved, record = await desk.make(desk.job(tags=("old",)))
        wanted = desk.job(directory=desk.tmp / "there", stem="mine", tags=("new",), entry="e7")
        taken = await find(desk.shelf(), wanted)
        assert taken is not None
        assert taken.path == desk.tmp / "there" / "mine.png"
        assert taken.path.read_bytes() == PNG
        assert taken.origin is not None
        assert (taken.origin.place, taken.origin.attempt, taken.origin.cost, taken.origin.match) == (
            *(Place.DIRECTORY, record.attempt, COST),
            Match.EXACT,
        )
        key, told = parse_sidecar((desk.tmp / "there" / "mine.png.json").read_bytes(), desk.tmp / "there")
        assert (key, told.job.tags, told.job.entry, told.run, told.cost) == (wanted.key, ("new",), "e7", "run-9", 0)
        assert told.attempt != record.attempt
        assert (await desk.studio.ledger.spending()).spent == COST
        assert await desk.catalog.savings() == (1, COST, 0)
        assert saved.path.read_bytes() == PNG

    asyncio.run(story())


def test_from_the_cache_where_no_ledger_knows_it(desk: Desk) -> None:
    async def story() -> None:
        saved, record = await desk.kept(desk.job())
        saved.path.unlink()
        saved.sidecar.unlink()
        taken = await find(desk.shelf(ledger=False), desk.job(directory=desk.tmp / "there"))
        assert taken is not None
        assert taken.origin is not None
        assert (taken.origin.place, taken.origin.attempt) == (Place.CACHE, record.attempt)
        assert taken.path.stat().st_nlink == 1, "an edit of it must not reach the cache"
        assert await find(desk.shelf(ledger=False, cache=False), desk.job(directory=desk.tmp / "x")) is None

    asyncio.run(story())


def test_another_variant_seed_or_model_is_another_picture(desk: Desk) -> None:
    async def story() -> None:
        await desk.kept(desk.job())
        for changes in ({"variant": 2}, {"seed": 3}, {"model": "gpt-image-2"}, {"quality": "high"}):
            assert await find(desk.shelf(), desk.job(**changes)) is None
            assert await find(desk.shelf(Mode.LOOSE), desk.job(**changes)) is None

    asyncio.run(story())


@pytest.mark.parametrize("mode", [Mode.REFRESH, Mode.OFF])
def test_nothing_is_taken_where_nobody_wants_it(desk: Desk, mode: Mode) -> None:
    async def story() -> None:
        saved, record = await desk.make(desk.job())
        shelf = desk.shelf(mode)
        await shelf.keep(desk.job(), saved, record.attempt)
        assert (await shelf.seen(desk.job()), await find(shelf, desk.job())) == (None, None)
        assert (desk.pictures.find(desk.job().key) is None) == (mode is Mode.OFF)

    asyncio.run(story())


def test_refresh_puts_the_new_one_in_the_place_of_the_old(desk: Desk) -> None:
    async def story() -> None:
        newer = pictures.png(16, 16, 2)
        await desk.kept(desk.job())
        saved, record = await desk.make(desk.job(stem="again"), newer)
        await desk.shelf(Mode.REFRESH).keep(desk.job(), saved, record.attempt)
        found = desk.pictures.find(desk.job().key)
        assert found is not None
        assert found.path.read_bytes() == newer

    asyncio.run(story())


def test_what_is_damaged_is_never_handed_out_and_the_cache_loses_it(desk: Desk) -> None:
    async def story() -> None:
        saved, _ = await desk.kept(desk.job())
        saved.path.write_bytes(PNG[:-1] + b"!")  # in place: the cache has a second name of the same file
        there = desk.tmp / "there"
        assert await find(desk.shelf(), desk.job(directory=there)) is None
        assert list(there.iterdir()) == []
        assert desk.pictures.find(desk.job().key) is None
        assert ["damaged" in text for text in desk.told()] == [True]
        assert saved.path.read_bytes() == PNG[:-1] + b"!"

    asyncio.run(story())


@pytest.mark.parametrize("aside", list(Aside))
def test_what_is_set_aside_is_neither_found_nor_kept_until_it_is_released(desk: Desk, aside: Aside) -> None:
    async def story() -> None:
        flagged = Remarks(aside=aside)
        _, record = await desk.make(desk.job(), remarks=flagged)
        for mode in (Mode.USE, Mode.LOOSE):
            assert await find(desk.shelf(mode), desk.job(directory=desk.tmp / "x")) is None
            assert await desk.shelf(mode).seen(desk.job(directory=desk.tmp / "x")) is None
        told = sidecar_bytes(replace(record, remarks=flagged))
        assert desk.shelf()._finder.read_story(told, desk.out)[1].remarks.aside is aside
        released = Remarks(aside=aside, settled="released 2026-11-21")
        (desk.out / aside.value / "car.png").rename(desk.out / "car.png")
        assert await desk.studio.ledger.settle_aside(record, "car.png", released)
        assert await find(desk.shelf(), desk.job(directory=desk.tmp / "x")) is not None

    asyncio.run(story())


@pytest.mark.parametrize("decision", [Decision.BLOCKED, Decision.UNAVAILABLE])
def test_a_copy_that_moderation_does_not_let_through_is_refused_and_not_bought(desk: Desk, decision: Decision) -> None:
    async def story() -> None:
        await desk.kept(desk.job())
        there = desk.tmp / "there"
        refused = await desk.shelf().find(desk.job(directory=there), Strict(decision))
        assert isinstance(refused, Refused)
        assert refused.by is RefusedBy.MODERATION
        assert "does not let it through (local: x); nothing was bought; --cache refresh" in refused.reason
        assert list(there.iterdir()) == []

    asyncio.run(story())


def test_a_copy_that_is_only_not_what_is_expected_is_none(desk: Desk) -> None:
    class Picky(Unguarded):
        async def inspect(self, job: Job, slot: Slot, picture: Picture, tried: int) -> Remarks:  # noqa: ARG002
            return Remarks(unmet=("alpha: none",), aside=Aside.REJECTED)

    async def story() -> None:
        await desk.kept(desk.job())
        assert await desk.shelf().find(desk.job(directory=desk.tmp / "there"), Picky()) is None

    asyncio.run(story())


def test_a_copy_is_expected_to_be_all_but_distinct(desk: Desk) -> None:
    """It looks like the picture it is of."""

    class Noted(Unguarded):
        async def inspect(self, job: Job, slot: Slot, picture: Picture, tried: int) -> Remarks:  # noqa: ARG002
            expected.append(job.expect)
            return Remarks()

    expected: list[tuple[str, ...]] = []

    async def story() -> None:
        await desk.make(desk.job())
        taken = await desk.shelf().find(desk.job(stem="x", expect=("alpha", "distinct")), Noted())
        assert taken is not None
        assert taken.job.expect == ("alpha", "distinct")
        assert expected == [("alpha",)]

    asyncio.run(story())


def test_a_plan_sees_what_a_run_takes_and_makes_nothing(desk: Desk) -> None:
    async def story() -> None:
        shelf, wanted = desk.shelf(), desk.job(directory=desk.tmp / "there")
        assert await shelf.seen(wanted) is None
        saved, _ = await desk.kept(desk.job())
        seen = await shelf.seen(wanted)
        assert seen is not None
        assert (seen.path, seen.sha256) == (saved.path, saved.picture.sha256)
        assert not (desk.tmp / "there").exists()
        saved.path.unlink()
        elsewhere = await shelf.seen(wanted)
        assert elsewhere is not None
        assert elsewhere.path.is_relative_to(desk.pictures.directory)

    asyncio.run(story())


def test_what_is_damaged_or_may_be_rejected_is_not_counted_on(desk: Desk) -> None:
    async def story() -> None:
        shelf, wanted = desk.shelf(cache=False), desk.job(directory=desk.tmp / "there")
        saved, _ = await desk.make(desk.job())
        assert await shelf.seen(wanted, proves=True) is not None
        picky = desk.job(directory=desk.tmp / "there", expect=("alpha",))
        assert await shelf.seen(picky) is not None
        assert await shelf.seen(picky, proves=True) is None
        saved.path.write_bytes(PNG[:-1] + b"x")
        assert await shelf.seen(wanted) is not None
        assert await shelf.seen(wanted, proves=True) is None

    asyncio.run(story())


def test_words_of_one_form_are_told_and_taken_only_where_that_is_asked(desk: Desk) -> None:
    async def story() -> None:
        _, record = await desk.kept(desk.job("A grey car."))
        wanted = desk.job("the gray car", directory=desk.tmp / "there", stem="mine")
        assert await find(desk.shelf(), wanted) is None
        line = await desk.shelf().suggest(wanted)
        assert line is not None
        assert "you made something like this" in line
        assert "--cache loose takes it" in line
        taken = await find(desk.shelf(Mode.LOOSE), wanted)
        assert taken is not None
        assert taken.origin is not None
        assert (taken.origin.match, taken.origin.typed) == (Match.LOOSE, "A grey car.")
        key, told = parse_sidecar(taken.path.with_name("mine.png.json").read_bytes(), desk.tmp / "there")
        assert (key, told.job.prompt.typed, told.origin) == (wanted.key, "the gray car", taken.origin)
        assert await find(desk.shelf(Mode.LOOSE), desk.job("two gray cars")) is None
        assert record.attempt == taken.origin.attempt

    asyncio.run(story())


def test_loose_looks_into_a_cache_that_others_share(desk: Desk) -> None:
    async def story() -> None:
        await desk.kept(desk.job("A grey car."))
        assert await find(desk.shelf(Mode.LOOSE, ledger=False), desk.job("a gray car", stem="x")) is not None
        assert await find(desk.shelf(Mode.LOOSE, ledger=False), desk.job("a gray cart", stem="x")) is None

    asyncio.run(story())


def test_loose_finds_what_this_very_run_made(desk: Desk) -> None:
    async def story() -> None:
        shelf = desk.shelf(Mode.LOOSE, cache=False)
        assert await find(shelf, desk.job("A grey car.")) is None
        saved, record = await desk.make(desk.job("A grey car."))
        await shelf.keep(desk.job("A grey car."), saved, record.attempt)
        assert await find(shelf, desk.job("a gray car", stem="other")) is not None

    asyncio.run(story())


def test_near_is_told_and_taken_from_a_threshold_on_unless_numbers_colours_or_negations_differ(desk: Desk) -> None:
    async def story() -> None:
        desk.words = Words()
        shelf = desk.shelf()
        saved, record = await desk.make(desk.job("two bicycles against a wall"))
        await shelf.keep(desk.job("two bicycles against a wall"), saved, record.attempt)
        near = desk.job("two bicycles against the wall here", stem="near")
        line = await desk.shelf().suggest(near)
        assert line is not None
        assert "--near 0.9" in line
        assert await find(desk.shelf(), near) is None
        assert await find(desk.shelf(near=0.999), near) is None
        taken = await find(desk.shelf(near=0.9), near)
        assert taken is not None
        assert taken.origin is not None
        assert taken.origin.match is Match.NEAR
        for typed in ("three bicycles against a wall", "two bicycles against a red wall", "no bicycles against a wall"):
            assert await find(desk.shelf(near=0.5), desk.job(typed, stem="no")) is None
        asked = len(desk.words.asked)
        assert await find(desk.shelf(near=0.95), desk.job("two bicycles by a wall", model="gpt-image-2")) is None
        assert len(desk.words.asked) == asked, "nothing there is to be compared with"

    asyncio.run(story())


def test_what_is_suggested_is_named_where_it_was_made(desk: Desk) -> None:
    async def story() -> None:
        saved, _ = await desk.kept(desk.job("A grey car."))
        wanted = desk.job("the gray car", directory=desk.tmp / "there")
        cached = [each async for each in desk.shelf()._finder.loose(wanted) if each.entry]
        home = await desk.shelf()._finder.at_home(cached[0])
        assert home is not None
        assert home.path == saved.path
        saved.path.unlink()
        line = await desk.shelf().suggest(wanted)
        assert line is not None
        assert str(desk.pictures.directory) in line

    asyncio.run(story())


def test_neither_the_very_job_nor_what_was_just_rejected_is_suggested(desk: Desk) -> None:
    class Picky(Unguarded):
        async def inspect(self, job: Job, slot: Slot, picture: Picture, tried: int) -> Remarks:  # noqa: ARG002
            return Remarks(unmet=("alpha: none",), aside=Aside.REJECTED)

    async def story() -> None:
        saved, _ = await desk.kept(desk.job("A grey car."))
        saved.path.unlink()
        same = desk.job("A grey car.", directory=desk.tmp / "there")
        assert await desk.shelf().suggest(same) is None
        shelf = desk.shelf()
        assert await shelf.find(same, Picky()) is None
        assert await shelf.suggest(desk.job("the gray car", directory=desk.tmp / "there")) is None
        assert desk.told() == []

    asyncio.run(story())


def test_a_model_that_costs_money_is_not_asked_by_a_plan(desk: Desk) -> None:
    async def story() -> None:
        desk.words = Words(is_free=False)
        saved, record = await desk.make(desk.job("two bicycles against a wall"))
        await desk.shelf().keep(desk.job("two bicycles against a wall"), saved, record.attempt)
        before, wanted = len(desk.words.asked), desk.job("two bicycles against the wall", variant=1)
        wanted = desk.job("two bicycles against that wall")
        assert await desk.shelf().suggest(wanted) is None
        assert await desk.shelf(near=0.9).seen(wanted) is None
        assert len(desk.words.asked) == before
        assert await find(desk.shelf(), wanted) is None
        assert any("you made something like this" in text for text in desk.told())

    asyncio.run(story())


def test_a_cache_that_is_broken_is_a_miss_told_once(desk: Desk) -> None:
    async def story() -> None:
        saved, record = await desk.make(desk.job())
        desk.pictures.directory.write_bytes(b"no directory")
        shelf = desk.shelf()
        for _ in range(3):
            await shelf.keep(desk.job(), saved, record.attempt)
        assert len(desk.told()) == 1
        assert "pictures are made without it" in desk.told()[0]
        assert await find(desk.shelf(ledger=False), desk.job(stem="x")) is None

    asyncio.run(story())


def test_a_catalog_that_is_broken_costs_no_picture(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.make(desk.job())
        (tmp_path / "broken").mkdir()
        (tmp_path / "broken" / "catalog.db").write_bytes(b"no database" * 500)
        desk.catalog = SqliteCatalog(tmp_path / "broken")  # type: ignore[assignment]
        taken = await find(desk.shelf(), desk.job(directory=desk.tmp / "there"))
        assert taken is not None
        assert taken.path.read_bytes() == PNG
        assert await find(desk.shelf(Mode.LOOSE), desk.job("an other car")) is None
        assert all("cannot be used" in text for text in desk.told())
        await desk.catalog.close()

    asyncio.run(story())


def test_a_place_that_takes_nothing_is_a_miss(desk: Desk) -> None:
    """Where there is no room for a copy, the corridor finds that there is none for a picture, before it is paid."""

    async def story() -> None:
        await desk.kept(desk.job())
        (desk.tmp / "file").write_bytes(b"")
        assert await find(desk.shelf(), desk.job(directory=desk.tmp / "file")) is None
        assert len(desk.told()) == 1

    asyncio.run(story())


def test_a_ledger_that_fails_is_no_miss(desk: Desk) -> None:
    async def story() -> None:
        ledger = desk.tmp / "home" / "data" / "ledger.db"
        ledger.parent.mkdir(parents=True, exist_ok=True)
        ledger.write_bytes(b"no ledger" * 1000)
        with pytest.raises(LedgerError):
            await find(desk.shelf(), desk.job())

    asyncio.run(story())
