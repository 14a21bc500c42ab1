"""Where a picture is looked for, and in which order; proved in test_shelf.py by what is handed out."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.catalog.finding import Finder, Found
from imgcli.model.job import Job
from imgcli.model.origin import Match, Origin, Place
from imgcli.storage.story import parse_story
from tests.fake_api import pictures
from tests.unit.catalog.test_shelf import Desk


def finder(desk: Desk) -> Finder:
    return Finder(desk.studio.ledger, desk.catalog, desk.pictures, parse_story)


async def exact(desk: Desk, job: Job) -> list[Found]:
    return [found async for found in finder(desk).exact(job)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_newest_of_the_ledger_first_and_the_cache_last(desk: Desk) -> None:
    async def story() -> None:
        older, _ = await desk.kept(desk.job())
        newer, _ = await desk.make(desk.job(directory=desk.tmp / "b"), pictures.png(16, 16, 2))
        found = await exact(desk, desk.job())
        assert [each.path for each in found[:2]] == [newer.path, older.path]
        assert [each.origin.place for each in found] == [Place.DIRECTORY, Place.DIRECTORY, Place.CACHE]
        await desk.studio.ledger.close()

    asyncio.run(story())


def test_what_has_another_size_or_is_gone_is_not_tried(desk: Desk) -> None:
    async def story() -> None:
        saved, _ = await desk.make(desk.job())
        saved.path.write_bytes(saved.path.read_bytes() + b"!")
        assert await exact(desk, desk.job()) == []
        saved.path.unlink()
        assert await exact(desk, desk.job()) == []
        await desk.studio.ledger.close()

    asyncio.run(story())


def test_an_entry_whose_sidecar_is_of_another_picture_is_none(desk: Desk) -> None:
    async def story() -> None:
        _, record = await desk.kept(desk.job())
        entry = desk.pictures.find(desk.job().key)
        assert entry is not None
        for facts in (
            entry.facts._replace(story="{}"),
            entry.facts._replace(sha256="00" * 32),
            entry.facts._replace(story=entry.facts.story.replace(desk.job().key, "00" * 32)),
        ):
            desk.pictures.put(facts, record.directory / record.name)
            alone = Finder(None, desk.catalog, desk.pictures, parse_story)
            assert [found async for found in alone.exact(desk.job())] == []
        await desk.studio.ledger.close()

    asyncio.run(story())


def test_the_ledger_is_read_once_and_from_where_it_was_left(desk: Desk) -> None:
    async def story() -> None:
        await desk.make(desk.job("A grey car."))
        first = finder(desk)
        await first.catch_up()
        assert await desk.catalog.likened() == 1
        await desk.make(desk.job("A grey bus."))
        await first.catch_up()
        assert await desk.catalog.likened() == 1, "once in a run"
        await finder(desk).catch_up()
        assert await desk.catalog.likened() == 2
        await desk.studio.ledger.close()

    asyncio.run(story())


def test_a_copy_of_a_copy_tells_of_the_first(desk: Desk) -> None:
    async def story() -> None:
        _, record = await desk.make(desk.job())
        first = Origin(Place.CACHE, "first.png", "a-1", 7)
        copied = Found(replace(record, origin=first), Path("/x.png"), Match.EXACT)
        assert copied.origin == first
        await desk.studio.ledger.close()

    asyncio.run(story())
