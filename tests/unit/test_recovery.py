"""What every state of a dead run becomes, with real files and a real ledger."""

import asyncio
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgcli.errors import AttemptError, Money, UsageError
from imgcli.model.attempt import Hold, Receipt, State
from imgcli.model.events import Recovered, Told
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


@pytest.mark.parametrize("step", ["seal", "receive", "publish"])
@pytest.mark.parametrize("how", ["not connected", "not readable", "a mount point"])
def test_what_cannot_be_seen_now_is_not_taken_for_lost(
    wreck: Wreck, step: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is decided about its money, and when its disk is back the picture is finished."""

    async def story() -> None:
        await wreck.die_after(step)
        away = wreck.out.with_name("away")
        if how == "not readable":
            refuse(monkeypatch, wreck.out)
        else:
            wreck.out.rename(away)
        if how == "a mount point":
            wreck.out.mkdir()
        found = await wreck.recover()
        assert (found.finished, found.voided) == (0, 0)
        await recover(wreck.studio, Run("another", "batch", "alice", "host", 1), [wreck.out])
        monkeypatch.undo()
        if away.exists():
            wreck.out.rmdir() if wreck.out.exists() else None
            away.rename(wreck.out)
        assert (await wreck.recover("third")).finished == 1
        assert (wreck.out / "car.png").read_bytes() == PNG
        (record,) = await wreck.studio.ledger.records(State.SETTLED)
        assert record.cost == PRICE
        assert sorted(path.name for path in wreck.out.iterdir()) == ["car.png", "car.png.json"]

    asyncio.run(story())


def refuse(monkeypatch: pytest.MonkeyPatch, below: Path) -> None:
    """A disk whose files cannot be opened: permissions would not stop the root user that tests may run as."""
    real = os.open

    def refused(path: str | Path, *arguments: int, **named: int) -> int:
        if Path(path).parent == below:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, *arguments, **named)

    monkeypatch.setattr(os, "open", refused)


def test_a_received_picture_whose_file_was_taken_away_is_a_matter_for_a_person(wreck: Wreck) -> None:
    async def story() -> None:
        await wreck.die_after("receive")
        for path in wreck.out.iterdir():
            path.unlink()
        for name in ("next", "third"):
            assert await wreck.recover(name) == Recovered(0, 0, 0)
        told = [event.text for event in wreck.events if isinstance(event, Told)]
        assert f"imgcli budget resolve {ATTEMPT} --billed" in told[-1]
        ledger = wreck.studio.ledger
        with pytest.raises(UsageError, match="was billed"):
            await ledger.resolve(ATTEMPT, None, "x")
        await ledger.resolve(ATTEMPT, 1, "deleted")
        (record,) = await ledger.records(State.POSTED)
        assert record.cost == PRICE, "what it cost was final when it came"
        assert (await ledger.standing(wreck.job.key, wreck.out)).open is None, "may be made anew"

    asyncio.run(story())


def test_a_whole_picture_that_was_said_never_to_have_come_is_kept(wreck: Wreck) -> None:
    async def story() -> None:
        await wreck.die_after("seal")
        away = wreck.out.rename(wreck.out.with_name("away"))
        wreck.out.mkdir()
        await wreck.recover()
        await wreck.studio.ledger.resolve(ATTEMPT, None, "not on the invoice")
        wreck.out.rmdir()
        away.rename(wreck.out)
        await recover(wreck.studio, Run("another", "batch", "alice", "host", 1), [wreck.out])
        assert sorted(path.suffix for path in wreck.out.iterdir()) == [".meta", ".part"]

    asyncio.run(story())


def test_what_was_billed_without_a_picture_is_finished_when_its_picture_is_seen(wreck: Wreck) -> None:
    """As when the disk took the picture and failed at the last sync: nobody could say then that it was whole."""

    async def story() -> None:
        await wreck.die_after("seal")
        ledger = wreck.studio.ledger
        await ledger.fail(wreck.hold, AttemptError("the disk failed", money=Money.POST))
        assert await wreck.recover() == Recovered(1, 0, 0)
        (record,) = await ledger.records(State.SETTLED)
        assert (record.cost, (wreck.out / "car.png").read_bytes()) == (PRICE, PNG)

    asyncio.run(story())


def test_an_uncertain_attempt_is_taken_over_by_one_run_alone(wreck: Wreck) -> None:
    async def story() -> None:
        await wreck.die_after("send")
        await wreck.recover()
        (lost,) = await wreck.studio.ledger.unresolved()
        for name in ("one", "two"):
            await wreck.studio.ledger.begin(Run(name, "batch", "alice", "host", 1))
        assert [await wreck.studio.ledger.claim(lost, name) for name in ("one", "two")] == [True, False]
        (mine,) = await wreck.studio.ledger.unresolved()
        assert await wreck.studio.ledger.claim(mine, "two") is False, "its owner lives"
        await wreck.studio.ledger.end("one")
        assert await wreck.studio.ledger.claim(mine, "two") is True

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
