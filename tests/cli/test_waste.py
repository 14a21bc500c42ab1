import asyncio
import csv
import io
import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from imgcli.catalog.sqlite import SqliteCatalog
from imgcli.errors import Money
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.mark import Mark
from imgcli.model.verdict import Aside, Remarks
from imgcli.settings import find_paths
from tests.cli.run_cli import imgcli
from tests.fakes.clock import FakeClock
from tests.fakes.past import Past, asked
from tests.rows import each_row

NOVEMBER = ("--since", "2026-11-01", "--until", "2026-11-20")
HIGH: dict[str, Any] = {"model": "gpt-image-2", "quality": "high"}


def live(home: Path, life: Callable[[Past], Awaitable[None]]) -> None:
    async def story() -> None:
        clock = FakeClock()
        data = find_paths({"IMGCLI_HOME": str(home)}).data
        past = Past(SqliteLedger(data, clock), SqliteCatalog(data), clock)
        await life(past)
        await past.catalog.close()
        await past.ledger.close()

    asyncio.run(story())


async def a_month(past: Past) -> None:
    """In cents: 4 heroes at 21 of which one was kept, 5 uncertain, 8 hidden, 3 tries on the way to a fourth, 1 kept."""
    for number in range(1, 5):
        marks = (Mark.PICKED,) if number == 2 else ()
        job = asked("a \x1b[31mhero\nwith a cape", variant=number, **HIGH)
        await past.buy(f"0{number}hero", job, 21, "2026-11-02T10:00", run="heroes", marks=marks)
    await past.lose("0lost", asked("b", tags=("launch",)), 5, "2026-11-03T10:00", Money.HOLD)
    secret = asked("a secret", quality="low")
    await past.buy("0hidden", secret, 8, "2026-11-04T10:00", run="h", remarks=Remarks(aside=Aside.QUARANTINE))
    for minute, words in enumerate(("a fox", "a fox in snow", "a fox in snow, sun", "a fox in snow, moon")):
        await past.buy(
            f"0fox{minute}", asked(words), 1, f"2026-11-05T10:0{minute}", run=f"f{minute}", marks=[Mark.OPENED]
        )


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: reports change nothing."""
    place = tmp_path_factory.mktemp("month")
    live(place, a_month)
    return place


@pytest.fixture
def month(lived: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMGCLI_HOME", str(lived))
    return lived


def told(*words: str) -> list[dict[str, Any]]:
    seen = imgcli("report", "waste", *words, "--json")
    assert seen.code == 0, seen.err
    return [json.loads(line) for line in seen.lines]


def test_every_line_and_every_picture_behind_it_is_told_to_programs(month: Path) -> None:
    lines = told(*NOVEMBER)
    sums = {line["kind"]: (line["count"], line["usd"]) for line in lines if line["event"] == "waste"}
    assert sums == {
        "uncertain": (1, "0.05"),
        "aside": (1, "0.08"),
        "unseen": (3, "0.63"),
        "chain": (3, "0.03"),
        "fine": (3, "0.63"),
    }
    behind = [line["attempt"] for line in lines if line["event"] == "wasted" and line["kind"] == "unseen"]
    assert behind == ["01hero", "03hero", "04hero"]
    (chain,) = [line for line in lines if line["event"] == "chain"]
    assert (len(chain["prompts"]), chain["usd"], chain["kept"]) == (4, "0.04", 0)
    # Sure are 5 and 8, hints 3 x 21 once and 3 x 1; 4 x 21, 5, 8 and 4 were spent.
    names = ("sure_usd", "hinted_usd", "spent_usd", "pictures", "too_young")
    assert [lines[-1][name] for name in names] == ["0.13", "0.66", "1.01", 9, 0]
    assert {line["kind"] for line in lines if line.get("sure")} == {"uncertain", "aside"}


def test_what_is_young_is_not_told_as_never_opened(month: Path) -> None:
    lines = told(*NOVEMBER, "--grace", "99999999")
    assert "unseen" not in {line.get("kind") for line in lines}
    assert lines[-1]["too_young"] == 3
    # The same money is in another hint: high quality that was not needed.
    assert lines[-1]["hinted_usd"] == "0.66"
    seen = imgcli("report", "waste", *NOVEMBER, "--grace", "9999")
    assert "3 pictures are too young to be told as never opened (--grace)" in seen.err


def test_the_rows_of_a_csv_add_up_to_both_sums_and_hold_no_formula(month: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(imgcli("report", "waste", *NOVEMBER, "--csv").out)))
    sums = {sure: sum(Decimal(row["counted_usd"]) for row in rows if row["sure"] == sure) for sure in ("yes", "no")}
    assert sums == {"yes": Decimal("0.13"), "no": Decimal("0.66")}
    assert len(rows) == 11
    assert "\x1b" not in str(rows)
    assert "secret" not in str(rows)
    assert imgcli("report", "waste", "--csv", "--json").code == 2


def test_what_moderation_hides_appears_nowhere(month: Path) -> None:
    assert "secret" not in imgcli("report", "waste", *NOVEMBER, "--json").out
    (line,) = [line for line in told(*NOVEMBER) if line.get("attempt") == "0hidden"]
    assert (line["path"], line["prompt"], line["next"]) == (None, None, "imgcli quarantine show 0hidden")
    assert "0hidden.png" not in imgcli("report", "waste", *NOVEMBER).out


def test_finance_reads_it_on_eighty_columns(month: Path) -> None:
    seen = imgcli("report", "waste", *NOVEMBER)
    assert max(map(len, seen.lines)) <= 80
    assert "\x1b" not in seen.out
    assert "surely for nothing, 13%" in seen.out
    assert "perhaps for nothing, beyond that above" in seen.out
    assert seen.out.count("%") == 1
    assert "never opened through imgcli" in seen.out
    assert "$1.01 was spent in these days." in seen.lines
    assert "4 prompts, 4 pictures, 0 kept: a fox" in seen.out
    assert "imgcli history open 01hero" in seen.out
    assert "imgcli budget resolve 0lost --not-billed --reason TEXT" in seen.out
    assert "opened otherwise cannot be seen" in seen.err


def test_a_tag_and_a_day_narrow_it(month: Path) -> None:
    assert [line["kind"] for line in told(*NOVEMBER, "--tag", "launch") if line["event"] == "waste"] == ["uncertain"]
    assert told("--since", "2026-11-02", "--until", "2026-11-02")[-1]["hinted_usd"] == "0.63"
    seen = imgcli("report", "waste", "--since", "2026-11-10", "--until", "2026-11-10")
    assert (seen.code, seen.out) == (0, "")
    assert "before these days: $0.05 may be billed of 1 more (imgcli budget uncertain)" in seen.err
    assert "nothing was wasted from 2026-11-10 to 2026-11-10: $0.00 spent" in seen.err


@each_row(
    "words, said",
    [
        (("--since", "yestreday"), "--since 'yestreday' is no day; did you mean yesterday?"),
        (("--until", "2026-13-01"), "--until '2026-13-01' is no day; write a day like"),
        (("--since", "2026-11-05", "--until", "2026-11-01"), "turn them round"),
        (("--since", "9999-12-31"), "is a day to come"),
        (("--tag", " "), "a tag is blank"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: tuple[str, ...], said: str, home: Path) -> None:
    seen = imgcli("report", "waste", *words)
    assert seen.code == 2
    assert said in seen.err


def test_the_ends_of_the_calendar_are_days_too(month: Path) -> None:
    assert told("--since", "0001", "--until", "9999")[-1]["hinted_usd"] == "0.66"
    assert told("--until", "0001-01-01")[-1]["sure_usd"] == "0.00"
    assert told("--since", "2026-11", "--until", "2026-11")[-1]["since"] == "2026-11-01"
