"""What leads a search never changes what is found; and marks work where SQLite has no FTS5."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imgcli.catalog import search
from imgcli.catalog.sqlite import SCRIPTS, SqliteCatalog
from imgcli.db.connect import statements
from imgcli.errors import StorageError
from imgcli.model.mark import Mark, Marked
from imgcli.model.query import Indexed, Kind, Query
from tests.contracts.test_found_contract import a_picture
from tests.fakes.catalog import FakeCatalog

WORDS = ("red", "car", "old town", "c*", "灯塔", "灯")
TAGS = ("hero", "later", "both", "none")
MANY = tuple(
    a_picture(
        f"n{n:03}",
        " ".join(word for at, word in enumerate(("red", "car", "old town", "灯塔", "boat")) if n >> at & 1)
        or "nothing",
        cost=n * n,
        created_at=f"2026-{1 + n % 12:02}-{1 + n % 28:02}T10:00:00.000Z",
        run=f"run-{n % 5}",
        kind=list(Kind)[n % 4],
        tags=("hero", "both")[: n % 3],
    )
    for n in range(64)
)


async def opine(catalog: SqliteCatalog | FakeCatalog) -> None:
    await catalog.index(MANY, len(MANY))
    for n in range(0, 64, 3):
        await catalog.mark(Marked(f"n{n:03}", Mark.PICKED, Path("/x")))
        await catalog.tag(f"n{n:03}", "later")
    for n in range(0, 64, 7):
        await catalog.mark(Marked(f"n{n:03}", Mark.OPENED, Path("/x")))
        await catalog.rate(f"n{n:03}", 1 + n % 5)
        await catalog.tag(f"n{n:03}", "both")


@pytest.fixture(scope="module")
def catalogs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SqliteCatalog, FakeCatalog]]:
    real, fake = SqliteCatalog(tmp_path_factory.mktemp("found")), FakeCatalog()
    asyncio.run(opine(real))
    asyncio.run(opine(fake))
    yield real, fake
    asyncio.run(real.close())


some = {"max_size": 2, "unique": True}
QUERIES = st.builds(
    Query,
    words=st.lists(st.sampled_from(WORDS), **some).map(tuple),  # type: ignore[arg-type]
    without=st.lists(st.sampled_from(WORDS), max_size=1).map(tuple),
    tags=st.lists(st.sampled_from(TAGS), **some).map(tuple),  # type: ignore[arg-type]
    kinds=st.lists(st.sampled_from(Kind), max_size=1).map(tuple),
    run=st.sampled_from(["", "run-", "run-3"]),
    least=st.sampled_from([None, 0, 100, 63 * 63]),
    most=st.sampled_from([None, 900]),
    since=st.sampled_from(["", "2026-03-15", "2026-06"]),
    until=st.sampled_from(["", "2026-09-02"]),
    marks=st.lists(st.sampled_from([Mark.PICKED, Mark.OPENED]), **some).map(tuple),  # type: ignore[arg-type]
    unmarked=st.lists(st.sampled_from([Mark.OPENED]), max_size=1).map(tuple),
    stars=st.sampled_from([0, 0, 2]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(QUERIES, st.sampled_from([0, 5, 9999]), st.sampled_from([0, 5, 9999]), st.sampled_from([None, 20]))
def test_whatever_leads_the_same_is_found(
    catalogs: tuple[SqliteCatalog, FakeCatalog], query: Query, few: int, few_words: int, before: int | None
) -> None:
    real, fake = catalogs

    async def story() -> None:
        for most in (7, 99):
            assert list(await real.find(query, most, before)) == list(await fake.find(query, most, before))
        assert await real.count(query) == await fake.count(query)
        assert await real.count(query, 3) == min(3, await fake.count(query))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(search, "FEW", few)
        patched.setattr(search, "FEW_WORDS", few_words)
        asyncio.run(story())


def test_tags_marks_and_words_together_find_the_same_whatever_leads(
    catalogs: tuple[SqliteCatalog, FakeCatalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, fake = catalogs

    async def story() -> None:
        for few, tags, marks, words in product(
            (0, 9999), subsets(TAGS[:3]), subsets((Mark.PICKED, Mark.OPENED)), subsets(("red",))
        ):
            monkeypatch.setattr(search, "FEW", few)
            monkeypatch.setattr(search, "FEW_WORDS", 9999 - few)
            query = Query(words=words, tags=tags, marks=marks)
            assert list(await real.find(query, 99)) == list(await fake.find(query, 99)), (few, query)

    asyncio.run(story())


def subsets(values: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [some for size in range(len(values) + 1) for some in combinations(values, size)]


@pytest.mark.parametrize("limit", [0, 1])
def test_a_long_range_of_days_or_runs_finds_the_same(
    catalogs: tuple[SqliteCatalog, FakeCatalog], limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_DAYS", limit)
    monkeypatch.setattr(search, "MOST_RUNS", limit)
    query = Query(since="2026-02-03", until="2026-11-04", run="run-")
    assert asyncio.run(catalogs[0].find(query, 99)) == asyncio.run(catalogs[1].find(query, 99))


def test_marks_work_without_fts5_and_a_search_says_why_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # SQLite says the same of any module that it does not have.
    monkeypatch.setattr(search, "MAKE_WORDS", search.MAKE_WORDS.replace("fts5", "fts5_not_built_in"))
    catalog = SqliteCatalog(tmp_path)

    async def story() -> None:
        assert await catalog.mark(Marked("a", Mark.PICKED, Path("/a.png")))
        assert await catalog.find(Query(), 9) == []
        with pytest.raises(StorageError, match="the SQLite of this Python has no FTS5"):
            await catalog.index([a_picture("a")], 1)
        assert await catalog.indexed() == 0
        await catalog.close()

    asyncio.run(story())


def test_an_index_of_an_older_imgcli_is_made_anew(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "catalog.db", isolation_level=None)) as old:
        for script in SCRIPTS[:4]:
            for statement in statements(script):
                old.execute(statement)
        old.execute("CREATE VIRTUAL TABLE words USING fts5 (typed, directed, revised, facets, content='')")
        old.execute("CREATE TABLE picture (number INTEGER PRIMARY KEY, attempt TEXT)")
        old.execute("INSERT INTO reading VALUES ('pictures', 7), ('ledger', 9)")
        old.execute("INSERT INTO mark VALUES ('a', 'picked', '/a.png')")
        old.execute("PRAGMA user_version=4")
    catalog = SqliteCatalog(tmp_path)

    async def story() -> None:
        assert (await catalog.indexed(), await catalog.likened()) == (0, 9)
        await catalog.index([a_picture("a")], 1)
        assert [each.attempt for each in await catalog.find(Query(marks=(Mark.PICKED,)), 9)] == ["a"]
        await catalog.close()

    asyncio.run(story())


def test_texts_of_a_prompt_are_kept_apart_and_once() -> None:
    told = a_picture("a", "a car", directed="a car at night", revised="night sky")
    assert search._said(told) == "a car at night \ue000 night sky"
    other: Indexed = told._replace(typed="boat")
    assert search._said(other).count("\ue000") == 2
