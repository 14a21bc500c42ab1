"""`imgcli report spend` on the hand-made ledger, against sums that were worked out without imgcli."""

import asyncio
import csv
import io
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.budget import Budget, Scope, Window
from tests.cli.run_cli import imgcli
from tests.contracts.test_ledger_contract import Desk
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_run
from tests.fakes.two_hundred import DATA, expected, fill
from tests.rows import each_row

MONEY = ("spent", "uncertain", "held", "failed", "refused", "words", "average")
COUNTS = ("pictures", "attempts", "priced")
WHOLE = ("--since", "2026-10-01", "--until", "2026-11-20")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("two-hundred")
    asyncio.run(fill(home))
    return home


@pytest.fixture
def ledger(written: Path, home: Path) -> Path:
    shutil.copytree(written, home / "data")
    return home


def spend(*words: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    seen = imgcli("report", "spend", *words, "--json")
    assert seen.code == 0, seen.err
    *rows, end = [json.loads(line) for line in seen.lines]
    assert end["event"] == "end"
    return rows, end


def plain(told: dict[str, Any]) -> dict[str, Any]:
    """Sums as numbers, whoever wrote them."""
    money = {name: told.get(f"{name}_usd", told.get(name)) for name in MONEY}
    exact = {name: Decimal(each) if each else None if name == "average" else Decimal(0) for name, each in money.items()}
    return exact | {name: int(told.get(f"{name}_pictures", told.get(name)) or 0) for name in COUNTS}


def ways() -> list[str]:
    return list(dict.fromkeys(row["way"] for row in expected()))


def test_the_expected_sums_are_those_of_the_list() -> None:
    script = DATA / "expect_spend.py"
    done = subprocess.run([sys.executable, "-I", str(script)], capture_output=True, check=True)
    assert done.stdout == (DATA / "spend_200.csv").read_bytes()


def test_every_row_of_every_way_is_what_was_worked_out(ledger: Path) -> None:
    assert len(ways()) == 13
    for way in ways():
        by = way.split(" & ")
        rows, end = spend(*WHOLE, *(word for each in by for word in ("--by", each)))
        wanted = {row["name"]: plain(dict(row)) for row in expected() if row["way"] == way}
        told = {" & ".join(row[each] or "-" for each in by): plain(row) for row in rows}
        assert len(told) == len(rows)
        assert told == {name: sums for name, sums in wanted.items() if name not in {"total", "overlap"}}, way
        assert plain(end) == wanted["total"], way
        assert plain(end["overlap"]) == wanted["overlap"], way


def test_the_total_is_the_ledgers_own_to_the_nano(ledger: Path) -> None:
    async def sums() -> tuple[int, int, int, int]:
        book = SqliteLedger(ledger / "data", FakeClock())
        found = await book.spending()
        await book.close()
        return found.spent, found.held, found.uncertain, found.pictures

    _, end = spend(*WHOLE)
    told = [int(Decimal(end[f"{name}_usd"]) * 10**9) for name in ("spent", "held", "uncertain")]
    assert (*told, end["pictures"]) == asyncio.run(sums())


def test_only_what_is_asked_for_counts(ledger: Path) -> None:
    wanted = {(row["way"], row["name"]): plain(dict(row)) for row in expected()}
    for option in ("tag", "style", "model", "user", "provider"):
        for (way, name), sums in wanted.items():
            if way == option and name not in {"-", "total", "overlap"}:
                assert plain(spend(*WHOLE, f"--{option}", name)[1]) == sums, name
    october = spend("--since", "2026-10", "--until", "2026-10")[1]
    assert plain(october) == wanted["month", "2026-10"]
    assert (october["since"], october["until"]) == ("2026-10-01", "2026-10-31")


def test_csv_is_the_same_table_and_holds_no_formula(ledger: Path) -> None:
    seen = imgcli("report", "spend", *WHOLE, "--by", "tag", "--csv")
    rows = list(csv.DictReader(io.StringIO(seen.out)))
    wanted = {row["name"]: plain(dict(row)) for row in expected() if row["way"] == "tag"}
    names = {"(none)": "-", "'+summer": "+summer"}
    told = {names.get(row["tag"], row["tag"]): plain(row) for row in rows if row["kind"] == "row"}
    assert told == {name: sums for name, sums in wanted.items() if name not in {"total", "overlap"}}
    assert "'+summer" in seen.out
    assert {(row["since"], row["until"]) for row in rows} == {("2026-10-01", "2026-11-20")}
    assert "2026-10-01 to 2026-11-20: 134 pictures" in seen.err
    assert "in more than one row; the total counts each once" in seen.err


@each_row("way", ["tag", "style", "style & tag", "month & tag", "model", "day"])
def test_every_column_of_a_csv_adds_up_to_the_truth(way: str, ledger: Path) -> None:
    by = [word for each in way.split(" & ") for word in ("--by", each)]
    rows = list(csv.DictReader(io.StringIO(imgcli("report", "spend", *WHOLE, *by, "--csv").out)))
    (total,) = [plain(dict(row)) for row in expected() if (row["way"], row["name"]) == ("month", "total")]
    for name in (each for each in (*MONEY, *COUNTS) if each != "average"):
        assert sum((plain(row)[name] for row in rows), Decimal()) == total[name], name
    if way == "month & tag":
        for month in ("2026-10", "2026-11"):
            (true,) = [plain(dict(row)) for row in expected() if (row["way"], row["name"]) == ("month", month)]
            assert sum(plain(row)["spent"] for row in rows if row["month"] == month) == true["spent"]
    has_several = "tag" in way or "style" in way
    assert {row["kind"] for row in rows} == ({"row", "overlap"} if has_several else {"row"})


@each_row(
    ("name", "options"), [("a.csv", ()), ("a.txt", ("--csv",)), ("a.jsonl", ()), ("a.html", ()), ("a", ("--json",))]
)
def test_a_file_is_a_new_one_every_time(name: str, options: tuple[str, ...], ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    words = ("report", "spend", *WHOLE, "--by", "tag", *options)
    assert imgcli(*words, "-o", str(path)).lines == [str(path)]
    whole = path.read_text()
    (second,) = imgcli(*words, "-o", str(path)).lines
    assert second == str(path.with_name(f"{path.stem}-2{path.suffix}"))
    assert path.read_text() == whole
    if path.suffix != ".html":
        form = "--json" if name in {"a", "a.jsonl"} else "--csv"
        assert whole == imgcli("report", "spend", *WHOLE, "--by", "tag", form).out


def test_people_see_a_table_with_bars_and_the_total_once(ledger: Path) -> None:
    seen = imgcli("report", "spend", *WHOLE, "--by", "style")
    assert seen.lines[0].split() == [
        "style",
        "pictures",
        "spent",
        "each",
        "uncertain",
        "held",
        "no",
        "picture",
        "words",
    ]
    assert {line.split("  ")[0] for line in seen.lines[1:]} == {"glass", "comic", "cinematic", "(no style)"}
    assert "█" in seen.lines[1]
    assert "134 pictures, $13.0536 spent ($0.1103 each, 20 free, $0.0036 for words, $0.48 failed)" in seen.err
    assert "17 pictures ($2.1814) in more than one row; the total counts each once" in seen.err


def test_a_name_that_nothing_has_is_doubted(ledger: Path) -> None:
    seen = imgcli("report", "spend", *WHOLE, "--tag", "hreo")
    assert "nothing of this time has the tag 'hreo'; did you mean 'hero'?" in seen.err
    assert spend(*WHOLE, "--tag", "hreo")[1]["notes"]


def test_without_a_ledger_nothing_was_spent() -> None:
    seen = imgcli("report", "spend")
    assert (seen.code, seen.out) == (0, "")
    assert "nothing was asked for" in seen.err
    later = imgcli("report", "spend", "--since", "9998-12")
    assert later.err.startswith("9998-12-01 lies ahead: today is 20")


def test_a_page_is_a_new_file_every_time(ledger: Path, tmp_path: Path) -> None:
    page = tmp_path / "r.html"
    assert imgcli("report", "spend", *WHOLE, "--html", str(page)).lines == [str(page)]
    told = page.read_text()
    assert imgcli("report", "spend", *WHOLE, "--by", "tag", "--html", str(page)).lines == [str(tmp_path / "r-2.html")]
    assert page.read_text() == told
    assert told.count("<table>") == 8
    assert "$13.0536" in told
    assert "By the end of the month" not in told, "a page of the past foretells nothing"
    assert imgcli("report", "spend", "--html", str(tmp_path / "r.txt")).code == 2
    assert imgcli("report", "spend", "--html", str(tmp_path / "no" / "r.html")).code == 7
    now = tmp_path / "now.html"
    assert imgcli("report", "spend", "--since", "2026-10", "--html", str(now)).code == 0
    assert "By the end of the month" in now.read_text()


def test_a_ledger_ahead_of_the_clock_is_told_of_and_foretold_by_its_own_day(home: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=40)

    async def story() -> None:
        clock = FakeClock()
        clock.set(later)
        book = SqliteLedger(home / "data", clock)
        await book.begin(a_run())
        await book.set_budget(Budget(Scope.ALL, "", Window.MONTH, 1000, None))
        await Desk(book, clock).received()
        await book.close()

    asyncio.run(story())
    line = f"the ledger is at {later.date()}, 40 days ahead of this clock"
    (cap,) = [
        json.loads(line)
        for line in imgcli("report", "forecast", "--json").lines
        if "1000" in line or "0.000001" in line
    ]
    assert (cap["used_usd"], cap["until"][:7]) == ("0.00000006", str(later)[:7])
    for words in (("report",), ("report", "forecast"), ("report", "spend")):
        assert line in imgcli(*words).err, words
    assert line in spend()[1]["notes"][0]
    assert line not in imgcli("report", "spend", "--until", "today").err


def test_this_month_at_a_glance(ledger: Path) -> None:
    seen = imgcli("report")
    assert (seen.code, "imgcli report spend" in seen.err) == (0, True)
    told = [json.loads(line) for line in imgcli("report", "forecast", "--json").lines]
    assert [(each["per"], each["cap_usd"]) for each in told] == [("month", None)]
    assert "this month, all of it" in imgcli("report", "forecast").out


@each_row(
    ("words", "message"),
    [
        (("--by", "tga"), "--by 'tga': money is not told by that; did you mean 'tag'?"),
        (("--by", "zzz"), "there are day, month, model"),
        (("--json", "--csv"), "say one of --json, --csv and --html"),
        (("-o", "a.txt"), "-o a.txt: write a name that ends in .csv, .json, .jsonl or .html, or say --csv or --json"),
        (("-o", "a.csv", "--json"), "-o a.csv with --json: write another ending, or leave out --json"),
        (("-o", "a.csv", "--html", "b.html"), "say --html FILE or -o FILE, not both"),
        (("--since", "soon"), "--since 'soon' is no day; write a day like 2026-11-01"),
        (("--since", "2026-11-02", "--until", "2026-11-01"), "turn them round"),
    ],
)
def test_mistakes(words: tuple[str, ...], message: str) -> None:
    seen = imgcli("report", "spend", *words)
    assert (seen.code, message in seen.err) == (2, True), seen.err
