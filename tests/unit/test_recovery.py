"""What every state of a dead run becomes, with real files and a real ledger."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgcli.errors import AttemptError, Money
from imgcli.model.attempt import Hold, Receipt, State
from imgcli.model.events import Recovered
from imgcli.model.picture import Painted, Picture, Usage
from imgcli.model.quote import Priced
from imgcli.model.run import Run
from imgcli.ports import Slot
from imgcli.recovery import recover
from imgcli.storage.slot import LocalSlot
from tests.fakes.jobs import a_job
from tests.fakes.provider import PNG, PRICE
from tests.fakes.studio import a_studio

ATTEMPT = "01a1fd1f-666b-756c-9d44-d415359a8970"
UPPER = 20_000_000
PAINTED = Painted(usage=Usage(8, 0, 439), request_id="req_9")


class Wreck:
    """A run that goes a number of steps along the corridor and dies."""

    def __init__(self, tmp_path: Path) -> None:
        self.studio, self.events = a_studio(tmp_path / "home")
        self.out = tmp_path / "out"
        self.job = a_job(directory=self.out, stem="car")
        self.hold: Hold
        self.slot: Slot
        self.picture: Picture

    async def die_after(self, step: str) -> None:
        run = Run("dead", "batch", "alice", "host", 1)
        ledger = self.studio.ledger
        await ledger.begin(run)
        await ledger.enter(run.id, [self.job])
        for name in ("reserve", "send", "write", "seal", "receive", "publish", "save", "tell"):
            await getattr(self, name)()
            if name == step:
                break
        # A dead process has its files closed and its lock freed; its rows are as they were.
        assert isinstance(self.slot, LocalSlot)
        self.slot._close()
        await ledger.end(run.id)

    async def reserve(self) -> None:
        self.slot = await self.studio.store.open(self.job, ATTEMPT)
        hold = await self.studio.ledger.reserve("dead", ATTEMPT, Priced(self.job, UPPER, UPPER, "r"), self.slot)
        assert hold is not None
        self.hold = hold

    async def send(self) -> None:
        await self.studio.ledger.send(self.hold)

    async def write(self) -> None:
        await self.slot.write(PNG)

    async def seal(self) -> None:
        self.picture = await self.slot.seal(PAINTED)

    async def receive(self) -> None:
        await self.studio.ledger.receive(self.hold, Receipt(self.picture, PAINTED, PRICE))

    async def publish(self) -> None:
        await self.slot.publish(self.picture, lambda name: self.studio.ledger.rename(ATTEMPT, name))

    async def save(self) -> None:
        self.record = await self.studio.ledger.save(ATTEMPT, "dead")

    async def tell(self) -> None:
        await self.studio.store.tell(self.record)

    async def recover(self, name: str = "next") -> Recovered:
        run = Run(name, "batch", "alice", "host", 1)
        await self.studio.ledger.begin(run)
        found = await recover(self.studio, run)
        await self.studio.ledger.end(run.id)
        return found


@pytest.fixture
def wreck(tmp_path: Path) -> Iterator[Wreck]:
    made = Wreck(tmp_path)
    yield made
    asyncio.run(made.studio.ledger.close())


@pytest.mark.parametrize(
    ("step", "found", "state", "spent"),
    [
        ("reserve", Recovered(0, 1, 0), State.VOIDED, 0),
        ("send", Recovered(0, 0, 1), State.UNCERTAIN, 0),
        ("write", Recovered(0, 0, 1), State.UNCERTAIN, 0),
        ("seal", Recovered(1, 0, 0), State.SETTLED, PRICE),
        ("receive", Recovered(1, 0, 0), State.SETTLED, PRICE),
        ("publish", Recovered(1, 0, 0), State.SETTLED, PRICE),
        ("save", Recovered(1, 0, 0), State.SETTLED, PRICE),
        ("tell", Recovered(1, 0, 0), State.SETTLED, PRICE),
    ],
)
def test_every_gap(wreck: Wreck, step: str, found: Recovered, state: State, spent: int) -> None:
    async def story() -> None:
        await wreck.die_after(step)
        assert await wreck.recover() == found
        (record,) = await wreck.studio.ledger.records(state)
        spending = await wreck.studio.ledger.spending()
        assert (spending.spent, spending.held) == (spent, 0)
        assert spending.uncertain == (UPPER if state is State.UNCERTAIN else 0)
        if state is State.SETTLED:
            assert (wreck.out / "car.png").read_bytes() == PNG
            assert sorted(path.name for path in wreck.out.iterdir()) == ["car.png", "car.png.json"]
            assert record.painted is not None
            assert record.painted.request_id == "req_9"
        else:
            kept = [path.suffix for path in wreck.out.iterdir()]
            assert kept == ([".part"] if step == "write" else []), "evidence of bytes stays, empty room does not"
        assert await wreck.recover("third") == Recovered(0, 0, 0)

    asyncio.run(story())


def test_a_late_name_is_taken_by_somebody_else_meanwhile(wreck: Wreck) -> None:
    async def story() -> None:
        await wreck.die_after("receive")
        (wreck.out / "car.png").write_text("mine")
        await wreck.recover()
        assert (wreck.out / "car.png").read_text() == "mine"
        assert (wreck.out / "car-2.png").read_bytes() == PNG

    asyncio.run(story())


def test_a_received_picture_whose_file_was_taken_away_stays_billed(wreck: Wreck) -> None:
    async def story() -> None:
        await wreck.die_after("receive")
        for path in wreck.out.iterdir():
            path.unlink()
        assert (await wreck.recover()).finished == 0
        (record,) = await wreck.studio.ledger.records(State.POSTED)
        assert record.cost == PRICE

    asyncio.run(story())


def test_a_torn_part_is_never_adopted(wreck: Wreck) -> None:
    async def story() -> None:
        await wreck.die_after("seal")
        (part,) = wreck.out.glob("*.part")
        part.write_bytes(PNG[:-1])
        assert await wreck.recover() == Recovered(0, 0, 1)
        assert part.exists(), "kept as evidence"

    asyncio.run(story())


def test_a_living_run_is_left_alone(wreck: Wreck) -> None:
    async def story() -> None:
        await wreck.studio.ledger.begin(Run("dead", "batch", "alice", "host", 1))
        await wreck.studio.ledger.enter("dead", [wreck.job])
        await wreck.reserve()
        await wreck.send()
        assert await wreck.recover() == Recovered(0, 0, 0)
        await wreck.studio.ledger.fail(wreck.hold, AttemptError("x", money=Money.VOID))
        await wreck.slot.discard()
        await wreck.studio.ledger.end("dead")

    asyncio.run(story())
