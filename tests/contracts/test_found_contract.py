"""What every catalog promises of searching, on the one in memory and on SQLite."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgcli.catalog.sqlite import SqliteCatalog
from imgcli.model.mark import Mark, Marked
from imgcli.model.opinion import Opinion
from imgcli.model.query import Indexed, Kind, Query
from imgcli.ports import Catalog
from tests.fakes.catalog import FakeCatalog


@pytest.fixture(params=["memory", "sqlite"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    made: Catalog = FakeCatalog() if request.param == "memory" else SqliteCatalog(tmp_path / "data")
    yield made
    asyncio.run(made.close())


def a_picture(attempt: str, typed: str = "a car", cost: int = 0, **changes: object) -> Indexed:
    plain = Indexed(
        attempt=attempt,
        created_at="2026-11-21T10:00:00.000Z",
        run="run-1",
        directory="/out",
        id="prompt-001",
        provider="openai",
        model="gpt-image-2.5-flare",
        quality="medium",
        kind=Kind.PLAIN,
        cost=cost,
        typed=typed,
        directed=f"{typed}, cinematic light",
        revised="",
        styles=("cinematic",),
        tags=("hero",),
    )
    return plain._replace(**changes)  # type: ignore[arg-type]


SOME = (
    a_picture("a", "a red car", 10),
    a_picture("b", "two red cars in São Paulo", 20, directory="/out/deep", tags=()),
    a_picture("c", "the old town", 30, styles=("film-noir",), kind=Kind.DRAFT, model="other", quality="LOW"),
    a_picture("d", "a boat", 40, created_at="2026-11-22T00:00:00.000Z", run="run-2", revised="a red boat", id="ü 1"),
    a_picture("e", 'say "NEAR" OR * (now)', 50, directory="/outer", provider="placeholder"),
)
FINDS: dict[str, tuple[Query, str]] = {
    "everything, the newest first": (Query(), "edcba"),
    "a word of any stage": (Query(words=("red",)), "dba"),
    "accents and capitals do not matter": (Query(words=("SAO",)), "b"),
    "all words": (Query(words=("red", "cars")), "b"),
    "a phrase": (Query(words=("red car",)), "a"),
    "a beginning": (Query(words=("red car*",)), "ba"),
    "words that must not be": (Query(words=("red",), without=("boat", "paulo")), "a"),
    "letters that are commands elsewhere": (Query(words=('"NEAR"', "OR")), "e"),
    "a style by its whole name": (Query(styles=("film-noir",)), "c"),
    "no style by half of it": (Query(styles=("film",)), ""),
    "tags": (Query(tags=("hero",)), "edca"),
    "a model": (Query(models=("other",)), "c"),
    "a provider": (Query(providers=("placeholder",)), "e"),
    "a kind": (Query(kinds=(Kind.DRAFT,)), "c"),
    "a run by its beginning": (Query(run="run-2"), "d"),
    "the id of an entry": (Query(id="ü 1"), "d"),
    "a directory and what is below, and not its neighbour": (Query(below=Path("/out")), "dcba"),
    "what it cost, both ends included": (Query(least=20, most=40), "dcb"),
    "a day": (Query(since="2026-11-21", until="2026-11-22"), "ecba"),
    "several at once": (Query(words=("red",), tags=("hero",), most=10), "a"),
}


@pytest.mark.parametrize("name", FINDS)
def test_finds(catalog: Catalog, name: str) -> None:
    async def story() -> None:
        await catalog.index(SOME, 7)
        await catalog.index(SOME[:2], 9)
        query, expected = FINDS[name]
        assert [each.attempt for each in await catalog.find(query, 9)] == list(expected)
        assert await catalog.count(query) == len(expected)
        assert await catalog.indexed() == 9

    asyncio.run(story())


def test_pages_follow_each_other(catalog: Catalog) -> None:
    async def story() -> None:
        await catalog.index(SOME, 5)
        first = await catalog.find(Query(words=("red",)), 2)
        then = await catalog.find(Query(words=("red",)), 2, first[-1].number)
        assert [each.attempt for each in (*first, *then)] == ["d", "b", "a"]
        every = await catalog.find(Query(), 2, first[-1].number)
        assert [each.attempt for each in every] == ["a"]

    asyncio.run(story())


def test_opinions_come_back_and_are_found_by(catalog: Catalog) -> None:
    async def story() -> None:
        await catalog.index(SOME, 5)
        assert await catalog.opinions(["a", "b"]) == {}
        await catalog.mark(Marked("a", Mark.PICKED, Path("/out/a.png")))
        await catalog.rate("b", 4)
        assert await catalog.tag("b", "hero")
        assert not await catalog.tag("b", "hero")
        assert await catalog.tag("b", "Zwölf")
        assert await catalog.opinions(["a", "b", "c"]) == {
            "a": Opinion(frozenset({Mark.PICKED})),
            "b": Opinion(stars=4, tags=("hero", "Zwölf")),
        }

        async def found(query: Query) -> str:
            assert await catalog.count(query) == len(await catalog.find(query, 9))
            return "".join(each.attempt for each in await catalog.find(query, 9))

        assert await found(Query(tags=("hero",))) == "edcba"
        assert await found(Query(tags=("hero", "Zwölf"))) == "b"
        assert await found(Query(marks=(Mark.PICKED,))) == "a"
        assert await found(Query(unmarked=(Mark.PICKED,), words=("red",))) == "db"
        assert await found(Query(stars=4)) == "b"
        assert await found(Query(stars=5)) == ""
        await catalog.rate("b", 0)
        assert await catalog.untag("b", "Zwölf")
        assert not await catalog.untag("b", "Zwölf")
        assert await catalog.opinions(["b"]) == {"b": Opinion(tags=("hero",))}

    asyncio.run(story())
