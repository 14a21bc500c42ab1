"""What every catalog promises of searching, on the one in memory and on SQLite."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgcli.catalog.sqlite import SqliteCatalog
from imgcli.model.mark import Mark, Marked
from imgcli.model.opinion import Opinion
from imgcli.model.origin import Origin, Place, Reuse
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


def test_another_ledger_is_read_anew_and_opinions_stay(catalog: Catalog) -> None:
    async def story() -> None:
        await catalog.rate("a", 3)
        assert await catalog.index(SOME, 7, ["x"])
        await catalog.liken([], 7)
        await catalog.forget()
        assert (await catalog.indexed(), await catalog.likened(), await catalog.awaited()) == (0, 0, [])
        assert (await catalog.find(Query(words=("red",)), 9), await catalog.count(Query())) == ([], 0)
        # Who read on meanwhile would leave out what is before.
        assert not await catalog.index(SOME[2:], 9, [], 7)
        assert await catalog.index(SOME[:2], 2)
        assert [each.attempt for each in await catalog.find(Query(), 9)] == ["b", "a"]
        assert (await catalog.opinions(["a"]))["a"].stars == 3

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


CHINESE = (
    a_picture("a", "红色汽车在夜晚"),
    a_picture("b", "a 汽车, at night"),
    a_picture("c", "赤い車とｶﾞﾗｽ"),
    a_picture("d", "รถยนต์สีแดง"),
)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("汽车", "ba"),
        ("车", "ba"),
        ("色汽车", "a"),
        ("汽色", ""),
        ("車", "c"),
        ("ガラス", "c"),
        ("ยนต์", "d"),
        ("汽车 at", "b"),
    ],
)
def test_scripts_without_blanks_are_found_by_parts(catalog: Catalog, word: str, expected: str) -> None:
    async def story() -> None:
        await catalog.index(CHINESE, 4)
        assert "".join(each.attempt for each in await catalog.find(Query(words=(word,)), 9)) == expected

    asyncio.run(story())


def test_what_is_under_way_is_awaited_until_the_next_page(catalog: Catalog) -> None:
    async def story() -> None:
        assert await catalog.awaited() == []
        await catalog.index(SOME, 5, ["y", "x"])
        assert await catalog.awaited() == ["x", "y"]
        await catalog.index([], 6, ["y"])
        assert (await catalog.awaited(), await catalog.indexed()) == (["y"], 6)

    asyncio.run(story())


def test_pictures_are_found_by_their_bytes_and_by_what_they_are_made_from(catalog: Catalog) -> None:
    made = (a_picture("a", sha256="ab" * 32), a_picture("b", sources=("a", "ab" * 32)), a_picture("c", sources=("a",)))

    async def story() -> None:
        await catalog.index(made, 3)
        assert [each.attempt for each in await catalog.find(Query(sha256="ab" * 32), 9)] == ["a"]
        assert [each.attempt for each in await catalog.find(Query(source="a"), 9)] == ["c", "b"]
        assert [each.attempt for each in await catalog.find(Query(source="ab" * 32), 9)] == ["b"]
        number = await catalog.number_of("b")
        assert [each.attempt for each in await catalog.find(Query(), 9, number)] == ["a"]
        assert await catalog.number_of("nobody") is None

    asyncio.run(story())


def test_what_pictures_have_is_known(catalog: Catalog) -> None:
    async def story() -> None:
        await catalog.index(SOME, 5)
        await catalog.tag("a", "later")
        assert list(await catalog.known("style")) == ["cinematic", "film-noir"]
        assert list(await catalog.known("tag")) == ["hero", "later"]
        assert list(await catalog.known("model")) == ["gpt-image-2.5-flare", "other"]

    asyncio.run(story())


def test_counting_may_stop(catalog: Catalog) -> None:
    async def story() -> None:
        await catalog.index(SOME, 5)
        assert [await catalog.count(Query(words=("red",)), most) for most in (1, 3, 4, None)] == [1, 3, 3, 3]
        assert [await catalog.count(Query(), most) for most in (2, None)] == [2, 5]

    asyncio.run(story())


def test_the_copies_of_a_picture(catalog: Catalog) -> None:
    async def story() -> None:
        copies = [
            Reuse(name, "key", Path(f"/{name}.png"), Origin(Place.DIRECTORY, "a.png", attempt, 5), "2026-11-21")
            for name, attempt in (("one", "a"), ("two", "b"), ("three", "a"))
        ]
        for copy in copies:
            await catalog.note_reuse(copy)
        assert [copy.id for copy in await catalog.copies_of("a")] == ["one", "three"]

    asyncio.run(story())
