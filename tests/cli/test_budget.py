import asyncio
import json
from pathlib import Path

import pytest

from imgcli.cli.budget import _what
from imgcli.ledger.sqlite import SqliteLedger
from tests.cli.run_cli import imgcli
from tests.contracts.test_ledger_contract import LOST, Desk
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_run


def budgets() -> list[dict[str, object]]:
    return [json.loads(line) for line in imgcli("budget", "show", "--json").lines][:-1]


def test_set_show_remove() -> None:
    assert imgcli("budget", "set", "20", "--per", "month").code == 0
    assert imgcli("budget", "set", "--pictures", "5", "--per", "day", "--user", "each").code == 0
    assert imgcli("budget", "set", "2.50", "--per", "total", "--tag", "launch").code == 0
    found = {(b["scope"], b["subject"], b["per"]): (b["cap_usd"], b["cap_pictures"]) for b in budgets()}
    assert found == {
        ("all", "", "month"): ("20.00", None),
        ("user", "*", "day"): (None, 5),
        ("tag", "launch", "total"): ("2.50", None),
    }
    assert imgcli("budget", "remove", "--per", "month").code == 0
    assert len(budgets()) == 2


def test_show_draws_what_is_left() -> None:
    imgcli("budget", "set", "20", "--pictures", "7")
    seen = imgcli("budget", "show")
    assert "$20.00 of $20.00" in seen.out
    assert "7 of 7" in seen.out
    assert "·" * 24 in seen.out
    assert "░" not in seen.out
    assert "ever spent: $0.00 for 0 pictures" in seen.out


@pytest.mark.parametrize("flag", ["--tag", "--user"])
def test_a_name_is_one_however_it_is_typed(flag: str) -> None:
    for number, name in enumerate(("café", "cafe\u0301", " café ")):
        assert imgcli("budget", "set", str(number), flag, name).code == 0
    (budget,) = budgets()
    assert (budget["subject"], budget["cap_usd"]) == ("caf\u00e9", "2.00")
    assert imgcli("budget", "remove", flag, "cafe\u0301").code == 0


def test_setting_again_changes_the_cap() -> None:
    imgcli("budget", "set", "20")
    imgcli("budget", "set", "30")
    (budget,) = budgets()
    assert budget["cap_usd"] == "30.00"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("set",), "say how much"),
        (("set", "-5"), ""),
        (("set", "lots"), "not an amount in dollars"),
        (("set", "1e400"), "dollars"),
        (("set", "5", "--user", "a", "--tag", "b"), "not for two of them"),
        (("set", "5", "--tag", " "), "needs a name"),
        (("remove",), "no budget for everything, per month"),
        (
            ("resolve", "nothing-here", "--not-billed", "--reason", "x"),
            "no uncertain attempt has the id 'nothing-here'",
        ),
        (("resolve", "", "--not-billed", "--reason", "x"), "the id '' is too short"),
        (("resolve", "01a1fd1", "--not-billed", "--reason", "x"), "type at least 8 letters of it"),
        (("resolve", "x", "--reason", "x"), "either --billed USD or --not-billed"),
        (("resolve", "x", "--billed", "1", "--not-billed", "--reason", "x"), "either --billed USD or --not-billed"),
    ],
)
def test_mistakes(words: tuple[str, ...], message: str) -> None:
    seen = imgcli("budget", *words)
    assert seen.code == 2
    assert message in seen.err


def test_what_was_received_and_is_gone_is_decided_like_the_rest_and_told_with_its_true_cost(home: Path) -> None:
    async def story() -> tuple[str, str]:
        desk = Desk(SqliteLedger(home / "data", clock := FakeClock()), clock)
        await desk.ledger.begin(a_run())
        gone, lost = await desk.received(actual=60_000_000, upper=100_000_000), await desk.sent(100_000_000)
        await desk.ledger.fail(lost, LOST)
        await desk.ledger.end(a_run().id)
        await desk.ledger.close()
        return gone.attempt, lost.attempt

    gone, lost = asyncio.run(story())
    refused = imgcli("budget", "resolve", lost, gone, "--not-billed", "--reason", "x")
    assert (refused.code, "was billed: its picture came" in refused.err) == (2, True)
    assert len(imgcli("budget", "uncertain", "--json").lines) == 1, "nothing is decided where one cannot be"
    done = imgcli("budget", "resolve", lost, gone, "--billed", "0.05", "--reason", "its disk is gone")
    assert done.code == 0
    assert "$0.06 billed" in done.err
    assert "$0.05 billed" in done.err
    assert imgcli("budget", "uncertain", "--json").lines == []


def test_nothing_is_uncertain_at_first() -> None:
    assert "nothing is uncertain" in imgcli("budget", "uncertain").err


def test_an_event_of_the_first_schema_is_told_without_the_name_it_never_had() -> None:
    assert _what("reserved", {"upper": 10_000_000}) == "up to $0.01"
