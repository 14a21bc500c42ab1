import asyncio
import shutil
from pathlib import Path

import pytest

from imgcli.errors import UsageError
from imgcli.model.attempt import Receipt, State
from imgcli.model.job import TEXT
from imgcli.model.mark import Mark, Marked
from imgcli.model.pick import Pick
from imgcli.picks import find_pictures, recall
from imgcli.storage.local import LocalStore
from imgcli.storage.sidecar import sidecar_bytes
from tests.contracts.test_ledger_contract import Desk
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_run
from tests.fakes.ledger import FakeLedger

IDS = ("01a1fd1f-666b-756c-9d44-d415359a8970", "01a1fd1f-777b-756c-9d44-d415359a8970")


class Bench:
    """A ledger that knows two pictures, and their files."""

    def __init__(self, out: Path) -> None:
        self.out, self.store = out, LocalStore(out / "spool")
        self.desk = Desk(FakeLedger(FakeClock()), FakeClock())
        asyncio.run(self._make())

    async def _make(self) -> None:
        await self.desk.ledger.begin(a_run())
        for number, name in enumerate(IDS, 1):
            self.desk.count, self.desk.name = number - 1, name
            hold = await self.desk.sent()
            await self.desk.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 60))
            record = await self.desk.ledger.save(hold.attempt, "run-1")
            await self.desk.ledger.settle(hold.attempt, "run-1")
            (self.out / f"car {number}.png").write_bytes(b"picture")
            (self.out / f"car {number}.png.json").write_bytes(sidecar_bytes(record))

    def find(self, *words: str) -> list[Pick]:
        return asyncio.run(find_pictures(words, self.desk.ledger, self.store))

    def recall(self, attempt: str, path: Path) -> Pick | None:
        return asyncio.run(recall(Marked(attempt, Mark.PICKED, path), self.desk.ledger, self.store))


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    return Bench(tmp_path)


def test_a_picture_and_its_sidecar_mean_the_same(bench: Bench) -> None:
    (found,) = bench.find("car 1.png", "car 1.png.json", str(bench.out / "car 1.png"))
    assert found.record.attempt == f"{IDS[0]}-1"
    assert found.path == bench.out / "car 1.png"
    assert found.key == found.record.job.key


def test_the_beginning_of_an_id_is_enough(bench: Bench) -> None:
    (found,) = bench.find("01a1fd1f-66")
    assert found.record.attempt == f"{IDS[0]}-1"
    assert found.path == Path("/nowhere/car.png")


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("01a1fd1f-", "several attempts have ids that begin with 01a1fd1f-; type more of it"),
        ("01b1", "no attempt has an id that begins with 01b1"),
        ("01a", "there is no such file"),
        ("car 3.png", "there is no such file, and it is no attempt's id; did you mean 'car 2.png'?"),
        ("no/such/dir.png", "there is no such file"),
        ("folder", "is a directory; name its pictures, like folder/*.png"),
        ("folder/", "is a directory; name its pictures, like folder/*.png"),
        ("foreign.png", "no sidecar foreign.png.json beside it tells how it was made"),
        ("foreign.json", "no sidecar foreign.json beside it"),
        ("x" * 5000, "there is no such file"),
    ],
)
def test_a_word_that_means_nothing_says_what_to_type(bench: Bench, word: str, message: str) -> None:
    (bench.out / "folder").mkdir()
    (bench.out / "foreign.png").write_bytes(b"picture")
    (bench.out / "foreign.json").write_text("{}")
    with pytest.raises(UsageError) as caught:
        bench.find("car 1.png", word)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_brought_no_picture_cannot_be_picked(bench: Bench) -> None:
    bench.desk.name = "ffff"
    words, lost = asyncio.run(bench.desk.hold(format=TEXT)), asyncio.run(bench.desk.sent())
    with pytest.raises(UsageError, match="brought words"):
        bench.find(words.attempt)
    with pytest.raises(UsageError, match=r"brought no picture \(sent\)"):
        bench.find(lost.attempt)


def test_a_picture_of_another_machine_is_known_by_its_sidecar(bench: Bench) -> None:
    asyncio.run(bench.desk.ledger.close())
    elsewhere = replace_ledger(bench)
    (found,) = elsewhere.find("car 2.png")
    assert (found.record.attempt, found.record.state) == (f"{IDS[1]}-2", State.SETTLED)
    assert found.path == bench.out / "car 2.png"


def replace_ledger(bench: Bench) -> Bench:
    bench.desk = Desk(FakeLedger(FakeClock()), FakeClock())
    return bench


def test_the_ledger_is_believed_before_a_sidecar(bench: Bench) -> None:
    """Else whoever may write there could have other words sent at our cost, as if they were ours."""
    told = bench.out / "car 1.png.json"
    told.write_bytes(told.read_bytes().replace(b"a car", b"a bar"))
    (found,) = bench.find("car 1.png")
    assert found.record.job.prompt.text == "a car"


def test_a_pick_is_recalled_from_wherever_it_is_known(bench: Bench) -> None:
    known = bench.recall(f"{IDS[0]}-1", bench.out / "gone.png")
    assert known is not None
    assert known.path == bench.out / "gone.png"
    replace_ledger(bench)
    assert bench.recall(f"{IDS[0]}-1", bench.out / "car 1.png") is not None
    assert bench.recall(f"{IDS[0]}-1", bench.out / "gone.png") is None
    # Another picture has the name by now.
    shutil.copy(bench.out / "car 2.png.json", bench.out / "car 1.png.json")
    assert bench.recall(f"{IDS[0]}-1", bench.out / "car 1.png") is None
