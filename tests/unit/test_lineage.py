import asyncio
from pathlib import Path
from typing import Any

from imgcli.lineage import AGAIN, DRAFT, EDIT, FINAL, INPUT, Branch, Genealogist, Lineage
from imgcli.model.attempt import Receipt
from imgcli.model.input import Edit, Input
from imgcli.model.job import Look
from imgcli.model.origin import Origin, Place, Reuse
from imgcli.model.picture import Picture
from imgcli.model.size import Size
from imgcli.model.verdict import Aside, Remarks
from imgcli.searching import freshen
from tests.contracts.test_ledger_contract import OUT, Desk
from tests.fakes.catalog import FakeCatalog
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import SOME_PAINTED, a_run
from tests.fakes.ledger import FakeLedger


class House:
    def __init__(self) -> None:
        self.ledger, self.catalog = FakeLedger(FakeClock()), FakeCatalog()
        self.desk = Desk(self.ledger, FakeClock())

    async def made(self, sha: str, remarks: Remarks | None = None, **changes: Any) -> str:
        hold = await self.desk.sent(**changes)
        await self.ledger.receive(hold, Receipt(Picture(sha, 1, "png", 8, 8), SOME_PAINTED, 1))
        await self.ledger.save(hold.attempt, hold.run, remarks or Remarks())
        await self.ledger.settle(hold.attempt, hold.run)
        return hold.attempt

    async def of(self, attempt: str) -> Lineage:
        await freshen(self.ledger, self.catalog)
        (record,) = await self.ledger.records_of([attempt])
        return await Genealogist(self.ledger, self.catalog).lineage(record)


def edit_of(*shas: str) -> Edit:
    return Edit(tuple(Input(Path(f"/in/{sha}.png"), sha, 1, "png", 1, 1, f"{sha}.png") for sha in shas))


def drawn(branches: tuple[Branch, ...]) -> list[Any]:
    return [
        (
            each.relation,
            each.record.attempt[-1] if each.record else each.name,
            *([drawn(each.branches)] if each.branches else []),
        )
        for each in branches
    ]


def test_a_chain_is_told_back_and_on() -> None:
    async def story() -> None:
        house = House()
        await house.ledger.begin(a_run())
        draft = await house.made("a", wanted=Look(Size(64, 64), "high"))
        final = await house.made("b", draft=draft)
        await house.made("c", edit=edit_of("b", "stranger"))
        await house.made("d", again=final)
        await house.catalog.note_reuse(
            Reuse("r", "k", Path("/x.png"), Origin(Place.DIRECTORY, "b.png", final, 1), "at")
        )
        of_final, of_edit, of_draft = [await house.of(f"attempt-{n}") for n in (2, 3, 1)]
        assert drawn(of_final.sources) == [(DRAFT, "1")]
        assert drawn(of_final.made) == [(AGAIN, "4"), (EDIT, "3")]
        assert [copy.id for copy in of_final.copies] == ["r"]
        assert drawn(of_edit.sources) == [(INPUT, "2", [(DRAFT, "1")]), (INPUT, "/in/stranger.png")]
        assert drawn(of_draft.made) == [(FINAL, "2", [(AGAIN, "4"), (EDIT, "3")])]

    asyncio.run(story())


def test_what_moderation_keeps_back_is_not_named_and_not_followed() -> None:
    async def story() -> None:
        house = House()
        await house.ledger.begin(a_run())
        await house.made("a", Remarks(aside=Aside.QUARANTINE))
        await house.made("b", edit=edit_of("a"))
        await house.made("c", Remarks(aside=Aside.QUARANTINE), edit=edit_of("b"))
        await house.made("d", edit=edit_of("c"))
        told = await house.of("attempt-2")
        assert drawn(told.sources) == [(INPUT, "")]
        assert drawn(told.made) == [(EDIT, "")]

    asyncio.run(story())


def test_pictures_that_lead_to_each_other_end() -> None:
    """Of equal bytes each would be the edit of the other."""

    async def story() -> None:
        house = House()
        await house.ledger.begin(a_run())
        await house.made("a", edit=edit_of("a"))
        await house.made("a", edit=edit_of("a"))
        told = await house.of("attempt-2")
        assert drawn(told.sources) == [(INPUT, "1", [(INPUT, "/in/a.png")])]
        assert drawn((await house.of("attempt-1")).made) == [(EDIT, "2")]
        assert drawn(told.made) == []

    asyncio.run(story())


def test_of_equal_pictures_the_one_at_the_place_of_the_input_is_meant() -> None:
    async def story() -> None:
        house = House()
        await house.ledger.begin(a_run())
        for _ in range(2):
            await house.made("a")
        given = Input(OUT / "car.png", "a", 1, "png", 1, 1, "car.png")
        await house.made("b", edit=Edit((given,)))
        assert drawn((await house.of("attempt-3")).sources) == [(INPUT, "1")]

    asyncio.run(story())
