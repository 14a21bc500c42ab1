"""What the end of a run tells of money, and that it costs no run its exit code."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.cli.money_news import MOST_ALERTS, money_news
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.budget import Budget, Scope, Window
from imgcli.model.money import NANO
from imgcli.reports.summary import Summary, summarize
from tests.contracts.test_ledger_contract import Desk
from tests.fakes.board import FakeBoard
from tests.fakes.jobs import a_run
from tests.fakes.studio import a_studio, settings_for

NOTHING = summarize([], 0, 0)
SPENT = replace(NOTHING, made=1, spent=90)


class BrokenBoard(FakeBoard):
    async def change(self, name: str, work: object) -> str:  # noqa: ARG002 - it burns whatever is asked
        raise ValueError("disk on fire")


def news(home: Path, summary: Summary, *alert: str, board: FakeBoard | None = None, json: bool = False) -> list[str]:
    async def story() -> list[str]:
        studio, _ = a_studio(home)
        studio = replace(studio, board=board or FakeBoard())
        assert isinstance(studio.ledger, SqliteLedger)
        await studio.ledger.begin(a_run())
        await studio.ledger.set_budget(Budget(Scope.USER, "*", Window.DAY, 100, None))
        await Desk(studio.ledger, studio.clock).received(upper=90, actual=90)  # type: ignore[arg-type]
        told = await money_news(studio, settings_for(home, alert=list(alert)), summary, json=json)
        await studio.ledger.close()
        return told

    return asyncio.run(story())


def test_people_and_scripts_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = "alert: 90% of the budget for each user, per day (alice) is used: <$0.0001 of <$0.0001"
    assert news(tmp_path / "a", SPENT, "80%") == [line]
    assert capsys.readouterr().out == ""
    assert news(tmp_path / "b", SPENT, "80%", json=True) == [line]
    assert '"used_usd": "0.00000009", "cap_usd": "0.0000001"' in capsys.readouterr().out


def test_who_wants_no_alert_or_spent_nothing_is_told_nothing(tmp_path: Path) -> None:
    assert news(tmp_path / "a", SPENT) == []
    assert news(tmp_path / "b", NOTHING, "80%") == []
    assert news(tmp_path / "c", SPENT, "80% of each user, per month") == []


def test_trouble_is_a_line_and_nothing_more(tmp_path: Path) -> None:
    assert news(tmp_path, SPENT, "80%", board=BrokenBoard()) == [
        "budgets were not looked at for alerts (ValueError: disk on fire)"
    ]


def test_a_thousand_long_tags_leave_the_sums_on_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tags = tuple(sorted(f"{'y' * 9000}{number}" for number in range(12)))

    async def story() -> list[str]:
        studio, _ = a_studio(tmp_path)
        assert isinstance(studio.ledger, SqliteLedger)
        desk = Desk(studio.ledger, studio.clock)  # type: ignore[arg-type]
        await studio.ledger.begin(a_run())
        for _ in range(6):
            await desk.received(upper=1, actual=1)
            desk.clock.advance(86_400)
        await studio.ledger.set_budget(Budget(Scope.TAG, "*", Window.DAY, 9 * NANO, None))
        await studio.ledger.set_budget(Budget(Scope.TAG, tags[0], Window.DAY, 9 * NANO, None))
        await desk.received(upper=9 * NANO, actual=9 * NANO, tags=tags)
        told = await money_news(studio, settings_for(tmp_path, alert=["80%"]), SPENT, json=True)
        await studio.ledger.close()
        return told

    told = asyncio.run(story())
    assert len(told) == MOST_ALERTS + 2
    assert max(map(len, told)) < 600
    assert told[MOST_ALERTS] == "alert: and 5 more budgets; see  imgcli budget show"
    assert any(", per day (y" in line and "is used: $9.00" in line for line in told)
    assert "also tag y" in told[-1]
    assert ", 10 more; see" in told[-1]
    out = capsys.readouterr().out
    assert all(f'"{tag}"' in out for tag in tags), "scripts are told all of it"
