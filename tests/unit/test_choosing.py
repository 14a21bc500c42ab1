import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.choosing import Choice, Chosen, choose
from imgcli.errors import UsageError
from imgcli.model.attempt import Receipt
from imgcli.model.mark import Mark, Marked
from imgcli.model.query import Query
from imgcli.model.verdict import Aside, Remarks
from imgcli.storage.local import LocalStore
from imgcli.storage.sidecar import sidecar_bytes
from tests.fakes.catalog import FakeCatalog
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_job, a_quote, a_run
from tests.fakes.ledger import FakeLedger


class Place:
    def __init__(self, directory: Path, name: str) -> None:
        self.directory, self.name = directory, name


class Bench:
    """A library of four pictures in two directories; `other` is there as files of another machine alone."""

    def __init__(self, out: Path) -> None:
        self.out, self.store, self.catalog = out, LocalStore(out / "spool"), FakeCatalog()
        self.ledger = FakeLedger(FakeClock())
        asyncio.run(self._make())

    async def _make(self) -> None:
        await self.ledger.begin(a_run())
        for number, (below, typed) in enumerate((("a", "a red car"), ("a", "a boat"), ("b", "a red boat")), 1):
            await self.save(number, self.out / below, typed)

    async def save(self, number: int, directory: Path, typed: str, remarks: Remarks = Remarks()) -> Path:  # noqa: B008
        attempt, name = f"0{number}aa-0000", f"p{number}.png"
        quote = a_quote(directory=directory, prompt=replace(a_job().prompt, typed=typed, text=typed), variant=number)
        hold = await self.ledger.reserve("run-1", attempt, quote, Place(directory, name))
        assert hold is not None
        await self.ledger.send(hold)
        await self.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 60))
        record = await self.ledger.save(attempt, "run-1", remarks)
        await self.ledger.settle(attempt, "run-1")
        directory.mkdir(exist_ok=True)
        (directory / name).write_bytes(b"picture")
        (directory / f"{name}.json").write_bytes(sidecar_bytes(record))
        return directory / name

    def choose(self, *what: str, query: Query | None = None, most: int = 99) -> Chosen:
        choice = Choice(what, query or Query(), most)
        return asyncio.run(choose(choice, self.ledger, self.store, self.catalog))

    def names(self, *what: str, query: Query | None = None, most: int = 99) -> list[str]:
        return [pick.path.name for pick in self.choose(*what, query=query, most=most).picks]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    return Bench(tmp_path)


def test_nothing_said_means_all_oldest_first(bench: Bench) -> None:
    assert bench.names() == ["p1.png", "p2.png", "p3.png"]
    assert bench.names(most=2) == ["p2.png", "p3.png"]


def test_directories_files_and_ids_mean_what_is_there_once(bench: Bench) -> None:
    assert bench.names("a") == ["p1.png", "p2.png"]
    assert bench.names("b/p3.png", "a", "02aa", "a/p1.png.json") == ["p1.png", "p2.png", "p3.png"]


def test_a_search_narrows_what_was_pointed_at(bench: Bench) -> None:
    red = Query(words=("red",))
    assert bench.names(query=red) == ["p1.png", "p3.png"]
    assert bench.names("a", query=red) == ["p1.png"]


def test_opinions_come_along(bench: Bench) -> None:
    asyncio.run(bench.catalog.mark(Marked("02aa-0000", Mark.PICKED, bench.out / "a" / "p2.png")))
    chosen = bench.choose("a")
    assert [Mark.PICKED in chosen.opinion(pick).marks for pick in chosen.picks] == [False, True]
    assert bench.names(query=Query(marks=(Mark.PICKED,))) == ["p2.png"]


def test_rejects_are_left_out_where_that_is_wished_and_nobody_named_them(bench: Bench) -> None:
    for number, below in ((1, "a"), (3, "b")):
        asyncio.run(
            bench.catalog.mark(Marked(f"0{number}aa-0000", Mark.REJECTED, bench.out / below / f"p{number}.png"))
        )

    def left(*what: str, query: Query = Query(), most: int = 99) -> tuple[list[str], int]:  # noqa: B008
        choice = Choice(what, query, most, rejects=False)
        chosen = asyncio.run(choose(choice, bench.ledger, bench.store, bench.catalog))
        return [pick.path.name for pick in chosen.picks], chosen.rejected

    # The newest one is the newest of those that are left.
    assert left() == (["p2.png"], 2)
    assert left(most=1) == (["p2.png"], 1)
    assert left("a") == (["p2.png"], 1)
    assert left("a", "01aa") == left("a/p1.png", "a") == (["p1.png", "p2.png"], 0)
    assert left("b/p3.png.json") == (["p3.png"], 0)
    assert left(query=Query(marks=(Mark.REJECTED,))) == (["p1.png", "p3.png"], 0)
    assert left("a", query=Query(words=("boat",))) == (["p2.png"], 0)
    assert bench.names() == ["p1.png", "p2.png", "p3.png"]


def test_what_is_gone_is_counted(bench: Bench) -> None:
    (bench.out / "a" / "p1.png").unlink()
    chosen = bench.choose()
    assert ([pick.path.name for pick in chosen.picks], chosen.gone) == (["p2.png", "p3.png"], 1)


def test_what_moderation_hides_is_never_chosen_whatever_its_sidecar_says(bench: Bench) -> None:
    hidden = Remarks(aside=Aside.QUARANTINE)
    path = asyncio.run(bench.save(4, bench.out / "a", "a flagged car", hidden))
    # Somebody cleaned its sidecar: the ledger knows better.
    sidecar = path.with_name("p1.png.json").read_bytes()
    path.with_name("p4.png.json").write_bytes(sidecar.replace(b"01aa", b"04aa").replace(b"p1.png", b"p4.png"))
    assert bench.names() == ["p1.png", "p2.png", "p3.png"]
    assert bench.names("a") == ["p1.png", "p2.png"]
    with pytest.raises(UsageError, match="quarantine"):
        bench.choose("04aa")


def test_what_is_hidden_or_gone_takes_no_place_among_the_newest(bench: Bench) -> None:
    asyncio.run(bench.save(4, bench.out / "a", "a flagged car", Remarks(aside=Aside.QUARANTINE)))
    asyncio.run(bench.save(5, bench.out / "a", "a boat that sank")).unlink()
    assert bench.names(most=1) == ["p3.png"]
    assert bench.choose(most=2).gone == 1


def test_pictures_of_another_machine_are_chosen_by_their_sidecars(bench: Bench) -> None:
    bench.ledger = FakeLedger(FakeClock())
    assert bench.names("a") == ["p1.png", "p2.png"]
    assert bench.names() == []


def test_a_directory_without_sidecars_is_told(bench: Bench) -> None:
    (bench.out / "empty").mkdir()
    with pytest.raises(UsageError, match="empty: no picture in it has a sidecar"):
        bench.choose("empty")
