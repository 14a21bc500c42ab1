import asyncio

import pytest

from imgcli import searching
from imgcli.errors import UsageError
from imgcli.model.job import Look
from imgcli.model.mark import Mark
from imgcli.model.query import Kind, Query
from imgcli.model.size import Size
from imgcli.searching import freshen, parse_query
from tests.contracts.test_ledger_contract import Desk, settled
from tests.fakes.catalog import FakeCatalog
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_run, an_edit
from tests.fakes.ledger import FakeLedger
from tests.rows import each_row

MEANT: dict[str, Query] = {
    "": Query(),
    "red car": Query(words=("red", "car")),
    '"old town" light*': Query(words=("old town", "light*")),
    "car -night": Query(words=("car",), without=("night",)),
    '-"late night"': Query(without=("late night",)),
    "style:film-noir style:giallo tag:hero": Query(styles=("film-noir", "giallo"), tags=("hero",)),
    'tag:"two words"': Query(tags=("two words",)),
    "model:gpt-image-2 provider:openai quality:high": Query(
        models=("gpt-image-2",), providers=("openai",), qualities=("high",)
    ),
    "cost>0.05": Query(least=50_000_001),
    "cost>=0.05 cost<1": Query(least=50_000_000, most=999_999_999),
    "cost:0": Query(least=0, most=0),
    "since:2026-11-01": Query(since="2026-11-01"),
    "until:2026-11-30": Query(until="2026-12-01"),
    "day:2026-11-21": Query(since="2026-11-21", until="2026-11-22"),
    "is:picked is:draft not:rejected": Query(marks=(Mark.PICKED,), unmarked=(Mark.REJECTED,), kinds=(Kind.DRAFT,)),
    "stars>=4": Query(stars=4),
    "stars>4": Query(stars=5),
    "run:01AB id:hero-1": Query(run="01ab", id="hero-1"),
    "3:2 http://x ... - *": Query(words=("3:2", "http://x")),
    "car _ -_": Query(words=("car",)),
    "until:9999-12-31": Query(until="~"),
    '"never closed': Query(words=("never closed",)),
}


@each_row("row", MEANT)
def test_means(row: str) -> None:
    assert parse_query(row) == MEANT[row]


WRONG = {
    "styel:noir": "did you mean style:noir?",
    "cost>cheap": "'cheap' is not an amount in dollars, like cost>0.05",
    "since:yesterday": "'yesterday' is not a day, like since:2026-11-01",
    "stars>5": "5 are the most",
    "stars<2": "stars are counted from below",
    "is:nice": "is: takes one of draft, final",
    "not:draft": "not: takes one of picked",
    "-style:noir": "only words can be left out",
    "🚗": "cannot be searched for",
    "car -🚗": "cannot be searched for",
    "_": "nothing in it can be searched for",
    '"': "nothing in it can be searched for",
    'run:""': "say what comes behind run:",
    'id:"': "say what comes behind id:",
    "x" * 3000: "a search of 3,000 characters is too long",
}


@each_row("row", WRONG)
def test_tells_what_is_wrong(row: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_query(row)
    assert WRONG[row] in str(caught.value)


def test_the_index_follows_the_ledger_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)

    async def story() -> None:
        desk, catalog, told = Desk(FakeLedger(FakeClock()), FakeClock()), FakeCatalog(), list[int]()
        await desk.ledger.begin(a_run())
        for _ in range(3):
            await settled(desk, tags=("hero",))
        assert await freshen(desk.ledger, catalog, told.append) == 3
        assert told == [2, 3]
        assert await freshen(desk.ledger, catalog) == 0
        await desk.sent()
        await settled(desk)
        await freshen(desk.ledger, catalog)
        assert [each.attempt for each in await catalog.find(Query(), 9)] == [f"attempt-{n}" for n in (5, 3, 2, 1)]

    asyncio.run(story())


def test_what_a_picture_is() -> None:
    async def story() -> None:
        desk, catalog = Desk(FakeLedger(FakeClock()), FakeClock()), FakeCatalog()
        await desk.ledger.begin(a_run())
        for changes in (
            {"wanted": Look(Size(64, 64), "high")},
            {"draft": "of-another"},
            {"edit": an_edit()},
            {},
        ):
            await settled(desk, **changes)
        await freshen(desk.ledger, catalog)
        found = {kind: [each.attempt for each in await catalog.find(Query(kinds=(kind,)), 9)] for kind in Kind}
        assert found == {
            Kind.DRAFT: ["attempt-1"],
            Kind.FINAL: ["attempt-2"],
            Kind.EDIT: ["attempt-3"],
            Kind.PLAIN: ["attempt-4"],
        }

    asyncio.run(story())


def test_a_stuck_attempt_holds_nothing_up_and_comes_when_it_settles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)

    async def story() -> None:
        desk, catalog = Desk(FakeLedger(FakeClock()), FakeClock()), FakeCatalog()
        await desk.ledger.begin(a_run())
        stuck = await desk.received()
        for _ in range(5):
            await settled(desk)
        assert await freshen(desk.ledger, catalog) == 5
        assert (await catalog.indexed(), await catalog.awaited()) == (6, ["attempt-1"])
        assert await freshen(desk.ledger, catalog) == 0
        await desk.ledger.save(stuck.attempt, stuck.run)
        await desk.ledger.settle(stuck.attempt, stuck.run)
        assert await freshen(desk.ledger, catalog) == 1
        assert (await catalog.awaited(), len(await catalog.find(Query(), 9))) == ([], 6)

    asyncio.run(story())


def test_whoever_is_interrupted_goes_on_where_the_last_page_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)

    async def story() -> None:
        desk, catalog = Desk(FakeLedger(FakeClock()), FakeClock()), FakeCatalog()
        await desk.ledger.begin(a_run())
        for _ in range(5):
            await settled(desk)

        def interrupt(read: int) -> None:
            if read == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await freshen(desk.ledger, catalog, interrupt)
        assert await catalog.indexed() == 4
        assert await freshen(desk.ledger, catalog) == 1

    asyncio.run(story())


@pytest.mark.parametrize("later", [0, 1, 9])
def test_an_older_ledger_in_the_place_of_the_one_that_was_read_is_read_anew(later: int) -> None:
    async def story() -> None:
        clock, catalog = FakeClock(), FakeCatalog()
        desk, restored = Desk(FakeLedger(clock), clock, "old"), Desk(FakeLedger(clock), clock, "new")
        for each, many in ((desk, 5), (restored, 2 + later)):
            await each.ledger.begin(a_run())
            for _ in range(many):
                await settled(each)
        await freshen(desk.ledger, catalog)
        await freshen(restored.ledger, catalog)
        assert await catalog.count(Query()) == 2 + later
        assert await freshen(restored.ledger, catalog) == 0

    asyncio.run(story())
