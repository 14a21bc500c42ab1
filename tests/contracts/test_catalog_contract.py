"""What every catalog promises, on the one in memory and on a file that processes share."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from imgcli.catalog.sqlite import SqliteCatalog
from imgcli.model.likeness import Likeness
from imgcli.model.mark import Mark, Marked
from imgcli.model.origin import Alike, Match, Origin, Place, Reuse
from imgcli.ports import Catalog
from tests.fakes.catalog import FakeCatalog

A, B = (Marked(name, Mark.PICKED, Path(f"/out/{name}.png")) for name in ("a", "b"))


@pytest.fixture(params=["memory", "sqlite"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    made: Catalog = FakeCatalog() if request.param == "memory" else SqliteCatalog(tmp_path / "data")
    yield made
    asyncio.run(made.close())


def told(story: Callable[[Catalog], Awaitable[None]]) -> Callable[[Catalog], None]:
    def test(catalog: Catalog) -> None:
        asyncio.run(story(catalog))  # type: ignore[arg-type]

    test.__doc__ = story.__doc__
    return test


@told
async def test_nothing_is_marked_at_first(catalog: Catalog) -> None:
    assert await catalog.marked(Mark.PICKED) == []
    assert not await catalog.unmark("a", Mark.PICKED)


@told
async def test_marks_are_told_in_the_order_in_which_they_were_made(catalog: Catalog) -> None:
    assert await catalog.mark(B)
    assert await catalog.mark(A)
    assert await catalog.marked(Mark.PICKED) == [B, A]
    assert await catalog.unmark("b", Mark.PICKED)
    assert not await catalog.unmark("b", Mark.PICKED)
    assert await catalog.mark(B)
    assert await catalog.marked(Mark.PICKED) == [A, B]


@told
async def test_marking_twice_is_one_mark_and_says_so(catalog: Catalog) -> None:
    """Where it is now counts: a picture may have been moved since."""
    assert await catalog.mark(A)
    assert await catalog.mark(B)
    moved = Marked("a", Mark.PICKED, Path("/elsewhere/ü a.png"))
    assert not await catalog.mark(moved)
    assert await catalog.marked(Mark.PICKED) == [moved, B]


@told
async def test_one_mark_is_not_the_other(catalog: Catalog) -> None:
    await catalog.mark(A)
    await catalog.mark(Marked("b", Mark.FINISHED, B.path))
    assert [marked.attempt for marked in await catalog.marked(Mark.PICKED)] == ["a"]
    assert [marked.attempt for marked in await catalog.marked(Mark.FINISHED)] == ["b"]
    assert not await catalog.unmark("a", Mark.FINISHED)


def a_reuse(name: str, cost: int | None) -> Reuse:
    origin = Origin(Place.CACHE, "ü a.png", "old", cost, Match.LOOSE)
    return Reuse(name, "ab" * 32, Path("/out/ü.png"), origin, "2026-11-21T10:00:00Z")


@told
async def test_copies_are_counted_once_with_what_they_saved(catalog: Catalog) -> None:
    assert await catalog.savings() == (0, 0, 0)
    for name, cost in (("a", 5), ("b", None), ("a", 5), ("c", 10**15)):
        await catalog.note_reuse(a_reuse(name, cost))
    assert await catalog.savings() == (3, 10**15 + 5, 1)
    assert await catalog.reused() == [a_reuse("a", 5), a_reuse("b", None), a_reuse("c", 10**15)]


@told
async def test_pictures_are_found_by_what_they_are_like_the_newest_first(catalog: Catalog) -> None:
    assert (await catalog.likened(), await catalog.alike("x")) == (0, [])
    await catalog.liken([Alike("a", "r1", "x"), Alike("b", "r1", "x"), Alike("c", "r2", "y")], 7)
    await catalog.liken([Alike("d", "r1", "x")], 9)
    assert await catalog.likened() == 9
    assert await catalog.alike("x") == ["d", "b", "a"]
    await catalog.liken([Alike("a", "r1", "z")], 9)
    assert await catalog.alike("x") == ["d", "b"]


@told
async def test_vectors_are_told_of_what_differs_in_words_alone(catalog: Catalog) -> None:
    await catalog.liken([Alike("a", "r1", "x"), Alike("b", "r1", "y"), Alike("c", "r2", "z")], 3)
    for name in "abc":
        await catalog.keep_vector(name, "model 1", name.encode() * 4)
    await catalog.keep_vector("a", "model 2", bytes(4))
    await catalog.keep_vector("a", "model 1", b"new!")
    assert list(await catalog.vectors("r1", "model 1")) == [("b", b"bbbb"), ("a", b"new!")]
    assert list(await catalog.vectors("r3", "model 1")) == []


PICKS = """
import asyncio, pathlib, sys
from imgcli.catalog.sqlite import SqliteCatalog
from imgcli.model.likeness import Likeness
from imgcli.model.mark import Mark, Marked
from imgcli.model.origin import Alike, Match, Origin, Place, Reuse
async def main():
    catalog = SqliteCatalog(pathlib.Path(sys.argv[1]))
    new = [await catalog.mark(Marked(f"{n}", Mark.PICKED, pathlib.Path("/x"))) for n in range(20)]
    await catalog.close()
    print(sum(new))
asyncio.run(main())
"""


def test_eight_first_runs_share_it(tmp_path: Path) -> None:
    """All of them make the file; each picture is newly picked by one of them."""
    command = [sys.executable, "-c", PICKS, str(tmp_path / "data")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    done = [(process.communicate(timeout=120)[0], process.returncode) for process in started]
    assert [code for _, code in done] == [0] * 8
    assert sum(int(out) for out, _ in done) == 20


@told
async def test_what_pictures_look_like_is_remembered_once_each(catalog: Catalog) -> None:
    one = Likeness("1" * 64, "0" * 16, Path("/out/a.png"))
    two = Likeness("2" * 64, "f" * 16, Path("/out/ü.png"))
    assert await catalog.likenesses() == []
    await catalog.remember([one, two])
    await catalog.remember([])
    moved = Likeness("1" * 64, "0" * 16, Path("/elsewhere/a.png"))
    await catalog.remember([moved])
    assert list(await catalog.likenesses()) == [moved, two]
