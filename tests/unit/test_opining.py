import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.model.mark import Mark
from imgcli.model.pick import Pick
from imgcli.opining import Opined, Said, opine, read_opinion
from tests.fakes.catalog import FakeCatalog
from tests.rows import each_row
from tests.unit.storage.test_story import RECORD

PICK = Pick(replace(RECORD, attempt="a1"), Path("/nowhere/car.png"), "k")


def said(*opinions: Said) -> tuple[Opined, FakeCatalog]:
    async def story() -> tuple[Opined, FakeCatalog]:
        catalog = FakeCatalog()
        told = [await opine(one, PICK, catalog) for one in opinions]
        return told[-1], catalog

    return asyncio.run(story())


@each_row(
    ("opinions", "marks"),
    [
        ([Said("a1", mark="picked")], ("picked",)),
        ([Said("a1", mark="picked"), Said("a1", mark="rejected")], ("rejected",)),
        ([Said("a1", mark="rejected"), Said("a1", mark="picked")], ("picked",)),
        ([Said("a1", mark="opened"), Said("a1", mark="picked")], ("opened", "picked")),
        ([Said("a1", mark="picked"), Said("a1", mark="picked", on=False)], ()),
        # To take one back says nothing of the other.
        ([Said("a1", mark="picked"), Said("a1", mark="rejected", on=False)], ("picked",)),
    ],
)
def test_a_picture_is_picked_or_rejected_never_both(opinions: list[Said], marks: tuple[str, ...]) -> None:
    assert said(*opinions)[0] == Opined("a1", marks, 0, ())


def test_it_is_told_where_it_was_seen() -> None:
    _, catalog = said(Said("a1", mark="rejected"))
    (marked,) = asyncio.run(catalog.marked(Mark.REJECTED))
    assert (marked.attempt, marked.path) == ("a1", PICK.path)


def test_stars_and_tags_come_and_go() -> None:
    told, _ = said(Said("a1", stars=5), Said("a1", tag=" b "), Said("a1", tag="a"), Said("a1", tag="b", on=False))
    assert told == Opined("a1", (), 5, ("a",))


@each_row(
    "one",
    [Said("a1"), Said("a1", mark="finished"), Said("a1", stars=6), Said("a1", tag="\n"), Said("a1", tag="a\tb")],
)
def test_what_says_nothing_is_refused(one: Said) -> None:
    with pytest.raises(ValueError, match="it says nothing"):
        said(one)


@each_row("data", [b"", b"1", b"{}", b'{"attempt":1}', b'{"attempt":"a1","more":1}', b"\xff"])
def test_what_is_no_opinion_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^."):
        read_opinion(data)
