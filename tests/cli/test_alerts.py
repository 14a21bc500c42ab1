"""`imgcli budget alert`, and what the end of a run tells of money."""

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.attempt import Receipt
from imgcli.model.money import NANO
from tests.cli.run_cli import imgcli
from tests.contracts.test_ledger_contract import Desk
from tests.fake_api.client import FakeApi
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_run
from tests.rigs.nursery import Nursery
from tests.rows import each_row

FREE = ("--provider", "placeholder", "--size", "64x64")


def listed() -> list[str]:
    return imgcli("budget", "alert").lines


def test_set_list_remove(home: Path) -> None:
    assert "no alert is set" in imgcli("budget", "alert").err
    assert imgcli("budget", "set", "5", "--per", "day", "--user", "each").code == 0
    for words in (("80%",), ("95",), ("80%",), ("50%", "--per", "day", "--user", "each")):
        assert imgcli("budget", "alert", *words).code == 0
    assert listed() == ["80% of every budget", "95% of every budget", "50% of each user, per day"]
    assert "alert = [" in (home / "config" / "config.toml").read_text()
    assert [json.loads(line)["percent"] for line in imgcli("budget", "alert", "--json").lines] == [80, 95, 50]
    assert imgcli("budget", "alert", "95%", "--remove").code == 0
    assert imgcli("budget", "alert", "--remove", "--per", "day", "--user", "each").code == 0
    assert listed() == ["80% of every budget"]
    assert imgcli("budget", "alert", "--remove").code == 0
    assert listed() == []


@each_row(
    ("words", "message"),
    [
        (("lots",), "'lots' is not a part of a budget; write it like 80%"),
        (("0%",), "from 1% to 100%"),
        (("80%", "--per", "day"), "there is no budget for everything, per day; set it first"),
        (("80%", "--per", "run"), "a budget per run is over with its run"),
        (("80%", "--user", "a", "--tag", "b"), "not for two of them"),
        (("80%", "--remove"), "there is no alert 80%"),
        (("80%", "--json"), "--json lists alerts"),
    ],
)
def test_mistakes(words: tuple[str, ...], message: str) -> None:
    seen = imgcli("budget", "alert", *words)
    assert (seen.code, message in seen.err) == (2, True), seen.err


def test_a_wrong_alert_in_the_config_is_named(home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('alert = ["80% of lunch"]\n')
    seen = imgcli("budget", "alert")
    assert seen.code == 2
    assert "alert: '80% of lunch' names no budget" in seen.err
    left = imgcli("budget", "show", "--json")
    assert (left.code, "alerts are not looked at" in left.err) == (0, True), "what is left is told all the same"


def test_the_run_that_crosses_it_tells_and_the_next_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    imgcli("budget", "set", "--pictures", "4", "--per", "day")
    imgcli("budget", "alert", "50%")
    assert "alert:" not in imgcli("gen", "a car", *FREE).err
    crossing = imgcli("gen", "a car", *FREE, "--json")
    *_, alert, end = [json.loads(line) for line in crossing.lines]
    assert crossing.code == 0
    assert (alert["event"], alert["at_percent"], alert["used_pictures"], alert["cap_pictures"]) == ("alert", 50, 2, 4)
    assert end["event"] == "end"
    assert "alert: 50% of the budget for everything, per day is used: 2 of 4 pictures" in crossing.err
    assert "alert:" not in imgcli("gen", "a car", *FREE).err
    assert "alert: 75% of the budget for everything, per day is used" in imgcli("budget", "show").out
    assert json.loads(imgcli("budget", "show", "--json").lines[0])["alerts"] == [50]


def test_eight_processes_that_cross_it_at_once_tell_it(home: Path, tmp_path: Path, nursery: Nursery) -> None:
    imgcli("budget", "set", "--pictures", "8", "--per", "day")
    imgcli("budget", "alert", "50%")
    runs = [nursery.start(["gen", f"car {n}", *FREE, "--quiet"], os.environ, tmp_path) for n in range(8)]
    assert [run.end() for run in runs] == [0] * 8
    # A board that is too busy is done without, and then somebody tells it twice.
    assert sum(run.err.read_text().count("alert:") for run in runs) >= 1


def test_unusual_spending_is_told_once_a_day(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_api: FakeApi
) -> None:
    async def spend() -> None:
        clock = FakeClock(datetime.now(UTC) - timedelta(days=6))
        desk = Desk(SqliteLedger(home / "data", clock), clock)
        await desk.ledger.begin(a_run())
        for dollars, tag in [*[(1, "web")] * 6, (40, "hero")]:
            hold = await desk.sent(upper=dollars * NANO, tags=(tag,))
            await desk.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, dollars * NANO))
            if tag == "web":
                clock.advance(86_400)
        await desk.ledger.close()

    asyncio.run(spend())
    monkeypatch.chdir(tmp_path)
    for name, value in fake_api.env(home).items():
        monkeypatch.setenv(name, value)
    paid = ("gen", "a car", "-q", "low", "-m", "gpt-image-2.5-flare", "--assume-cost", "0.02")
    seen = imgcli(*paid, "--json")
    unusual = [json.loads(line) for line in seen.lines if '"unusual"' in line]
    assert seen.code == 0, seen.err
    assert {"by": "tag", "name": "hero", "today_usd": "40.00", "usual_usd": "0.00"}.items() <= unusual[0].items()
    assert (
        "unusual: $40.00 went to the tag hero today, 99% of the day; usual is $0.00 (median of the last 6 days"
        in seen.err
    )
    assert seen.err.count("unusual:") == 1
    assert "unusual:" not in imgcli(*paid).err
