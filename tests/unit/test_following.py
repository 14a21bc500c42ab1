"""Pictures that are made, or let out of quarantine, while a gallery of them is served."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.choosing import Choice
from imgcli.errors import UsageError
from imgcli.following import PAUSE, Follower, Shown
from imgcli.model.attempt import Hold, Receipt, State
from imgcli.searching import freshen, parse_query
from tests.cli.run_cli import imgcli
from tests.cli.test_quarantine import ids  # noqa: F401 - its fixture
from tests.fakes.catalog import FakeCatalog
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED
from tests.rigs.hung import Hung, hung
from tests.rigs.loopback import status
from tests.unit.test_finals import A_CAR, Workshop


def make(prompt: str, out: str, *more: str) -> None:
    seen = imgcli("gen", prompt, "-o", out, "--provider", "placeholder", "--size", "square", *more)
    assert seen.code == 0, seen.err


def names(shop: Hung, after: int = 0) -> list[str]:
    return [item["name"] for item in shop.items(after)["items"]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_directory_that_is_not_there_yet_fills(place: Path) -> None:
    with hung(Choice((str(place / "cars"),)), os.environ, watches=True) as shop:
        assert names(shop) == []
        make("a car", "cars/", "-n", "2")
        make("a boat", "boats/")
        assert (set(names(shop)), shop.items(1)["next"]) == ({"a-car-1.png", "a-car-2.png"}, 2)
        make("a van", "cars/below/")
        told = shop.items(2)
        assert ([item["name"] for item in told["items"]], told["next"]) == (["a-van-1.png"], 3)
        assert status(shop.get(told["items"][0]["href"])) == 200
        assert shop.items(3) == {"items": [], "next": 3}
        # A page that comes later begins behind those that it has.
        assert b'"after":3' in shop.get("")


def test_only_what_the_search_finds_is_added(place: Path) -> None:
    make("a red car", "cars/")
    choice = Choice(query=parse_query("red tag:launch"))
    with hung(choice, os.environ, watches=True) as shop:
        make("a red bus", "cars/", "--tag", "launch")
        make("a blue bus", "cars/", "--tag", "launch")
        make("a red van", "cars/")
        assert names(shop) == ["a-red-bus-1.png"]


def test_the_last_run_is_that_and_all_after_it(place: Path) -> None:
    make("a car", "cars/")
    make("a boat", "cars/")
    with hung(Choice(query=parse_query("run:last")), os.environ, watches=True) as shop:
        assert names(shop) == ["a-boat-1.png"]
        make("a van", "elsewhere/")
        assert names(shop, 1) == ["a-van-1.png"]


def test_what_is_in_quarantine_comes_when_it_is_let_out(ids: list[str], place: Path) -> None:  # noqa: F811
    with hung(Choice(), os.environ, watches=True) as shop:
        assert names(shop) == []
        assert status(shop.get(f"pictures/{ids[0]}")) == 404
        assert imgcli("quarantine", "release", ids[0]).code == 0
        assert imgcli("quarantine", "delete", ids[1], "--yes").code == 0
        assert [item["attempt"] for item in shop.items()["items"]] == [ids[0]]
        assert status(shop.get(f"pictures/{ids[0]}")) == 200
        assert status(shop.get(f"pictures/{ids[1]}")) == status(shop.get(f"pictures/{ids[2]}")) == 404
        assert shop.say(attempt=ids[2], mark="picked") == {"status": 404}


def test_a_picture_that_is_there_twice_is_shown_once(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    pick = shop.pick(shop.drafts(A_CAR)[0])
    shown = Shown([pick, replace(pick, path=tmp_path / "copy.png")])
    assert (shown.picks, list(shown.by_sha.values())) == ([pick], [[pick.record.attempt]])
    asyncio.run(shop.studio.ledger.close())


def test_what_was_under_way_before_anybody_looked_comes_too(tmp_path: Path) -> None:
    """Also where what was begun after it is long known: attempts have their numbers before they have pictures."""
    shop = Workshop(tmp_path)
    slow, quick = shop.drafts(A_CAR, replace(A_CAR, prompt="a boat", id="boat"))
    sent = shop.made(slow, state=State.SENT)

    async def story() -> list[str]:
        ledger, catalog, shown = shop.studio.ledger, FakeCatalog(), Shown()
        await freshen(ledger, catalog)
        after, awaited = await catalog.indexed(), await catalog.awaited()
        follower = Follower(shown, ledger, catalog, FakeClock(), after=after, awaited=awaited)
        for record in (sent, made):
            record.directory.mkdir(parents=True, exist_ok=True)
            (record.directory / record.name).touch()
        hold = Hold(sent.attempt, sent.run, slow, 10, priced=True)
        await ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 10))
        await ledger.save(sent.attempt, sent.run)
        await ledger.settle(sent.attempt, sent.run)
        await follower.look()
        await ledger.close()
        return [pick.record.attempt for pick in shown.picks]

    made = shop.made(quick)
    assert asyncio.run(story()) == [sent.attempt]


def test_what_is_let_out_of_an_earlier_run_is_none_of_the_last(ids: list[str], place: Path) -> None:  # noqa: F811
    make("a car", "cars/")
    with hung(Choice(query=parse_query("run:last")), os.environ, watches=True) as shop:
        assert imgcli("quarantine", "release", ids[0]).code == 0
        assert names(shop) == ["a-car-1.png"]


def test_however_many_ask_the_ledger_is_looked_into_once_in_a_while(place: Path) -> None:
    with hung(Choice(), os.environ, watches=True) as shop:
        assert names(shop) == []
        make("a car", "cars/")
        shop.clock.advance(-60 - PAUSE / 2)
        assert names(shop) == []
        assert names(shop) == ["a-car-1.png"]


def test_a_word_that_means_nothing_is_told(place: Path) -> None:
    for word in ("019ab3f2", "cars.toml", "no/such/place"):
        with pytest.raises(UsageError), hung(Choice((word,)), os.environ, watches=True):
            pass
