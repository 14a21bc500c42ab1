import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from imgcli.catalog.alike import loose_key, rest_key
from imgcli.catalog.near import packed
from imgcli.model.mark import Mark
from imgcli.model.origin import Alike, Origin, Place, Reuse
from imgcli.settings import find_paths
from tests.cli.run_cli import imgcli
from tests.cli.test_waste import HIGH, NOVEMBER, live
from tests.fakes.past import CENT, Past, asked
from tests.rows import each_row


async def a_month(past: Past) -> None:
    """In cents: a job at 21 paid twice, and once in another form of its words; three icons at 5 of a run nobody waited for."""
    sea = asked("an old red car by the sea", **HIGH)
    await past.buy("0car1", sea, 21, "2026-11-02T10:00", run="c1", marks=[Mark.PICKED])
    await past.buy("0car2", sea, 21, "2026-11-02T11:00", run="c2")
    await past.buy("0car3", asked("the old red car by the sea.", **HIGH), 21, "2026-11-02T12:00", run="c3")
    for number in range(3):
        icon = asked(f"icon {number}", model="gpt-image-2", quality="low")
        await past.buy(f"0icon{number}", icon, 5, "2026-11-03T10:00", run="icons")
    for name, cost, at in (("r1", 4 * CENT, "2026-11-04"), ("r2", None, "2026-11-05"), ("r3", CENT, "2026-12-01")):
        origin = Origin(Place.CACHE, "x.png", "elsewhere", cost)
        await past.catalog.note_reuse(Reuse(name, name, Path("/out/x.png"), origin, f"{at}T10:00:00Z"))


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


@pytest.fixture
def rates(month: Path) -> Iterator[Path]:
    """The config file, to be written in, gone afterwards."""
    config = find_paths({"IMGCLI_HOME": str(month)}).config_file
    config.parent.mkdir(parents=True, exist_ok=True)
    yield config
    config.unlink()


def told(*words: str) -> list[dict[str, Any]]:
    seen = imgcli("report", "savings", *NOVEMBER, *words, "--json")
    assert seen.code == 0, seen.err
    return [json.loads(line) for line in seen.lines]


def saved(lines: list[dict[str, Any]]) -> dict[str, tuple[int, str, str]]:
    steps = [line for line in lines if line["event"] == "step" and line["pictures"]]
    return {line["step"]: (line["pictures"], line["saved_usd"], line["alone_usd"]) for line in steps}


def test_each_step_tells_its_arithmetic_and_its_pictures(month: Path) -> None:
    lines = told("--long-run", "2", "--per-picture", "0.02")
    # gpt-image-2.5-flare makes the first car for 1,756 tokens at $30 for a million and 13 of text at $5: $0.052745.
    assert saved(lines) == {
        "cache": (1, "0.21", "0.21"),
        "near-cache": (1, "0.21", "0.21"),
        "batch-api": (3, "0.075", "0.075"),
        "cheaper-model": (1, "0.157255", "0.471765"),
    }
    sums = {line["step"]: line["arithmetic"] for line in lines if line["event"] == "sum"}
    assert sums["cache"] == "1 x $0.21 - 1 x $0.00 = $0.21"
    assert sums["batch-api"] == "3 x $0.05 - 3 x $0.025 = $0.075"
    assert sums["cheaper-model"] == "1 x $0.21 - 1 x $0.052745 = $0.157255"
    assert {line["attempt"] for line in lines if line["event"] == "change" and line["step"] == "near-cache"} == {
        "0car3"
    }
    end = lines[-1]
    assert (end["paid_usd"], end["saved_usd"], end["pictures"]) == ("0.78", "0.652255", 6)


def test_the_rows_of_a_csv_add_up(month: Path) -> None:
    seen = imgcli("report", "savings", *NOVEMBER, "--long-run", "2", "--per-picture", "0.02", "--csv")
    rows = list(csv.DictReader(io.StringIO(seen.out)))
    assert sum(Decimal(row["saved_usd"]) for row in rows) == Decimal("0.652255")
    assert len({row["attempt"] for row in rows}) == len(rows) == 6
    assert imgcli("report", "savings", "--csv", "--json").code == 2


def test_pictures_that_could_not_have_been_cheaper_are_said_to_be(month: Path) -> None:
    seen = imgcli("report", "savings", "--since", "2026-11-03", "--until", "2026-11-03")
    assert seen.lines[-1] == "3 pictures cost $0.15; nothing here would have been cheaper."


def test_runs_that_are_no_longer_than_said_are_not_batched(month: Path) -> None:
    assert "batch-api" not in saved(told("--long-run", "3"))
    assert "batch-api" not in saved(told())


def test_what_copies_saved_already_comes_first(month: Path) -> None:
    end = told()[-1]
    assert (end["copies"], end["copies_usd"]) == (2, "0.04")
    assert imgcli("report", "savings", *NOVEMBER).lines[0] == (
        "Already saved by copies: $0.04, 2 pictures (1 of unknown price)."
    )


def test_finance_reads_it_on_eighty_columns(month: Path) -> None:
    seen = imgcli("report", "savings", *NOVEMBER, "--per-picture", "0.01")
    assert max(map(len, seen.lines)) <= 80, max(seen.lines, key=len)
    assert "  1 x $0.21 - 1 x $0.00 = $0.21" in seen.lines
    assert "6 pictures cost $0.78; the steps leave $0.0827." in seen.lines
    assert "by itself a step may save more" in seen.err
    assert "state what a picture costs there" in imgcli("report", "savings", *NOVEMBER).err


def test_an_own_server_costs_what_its_user_states(rates: Path) -> None:
    rates.write_text('[[rates]]\nprovider = "home"\nmodel = "*"\nper_picture = "0.01"\n')
    hosted = saved(told("--host", "home"))["self-hosted"]
    assert hosted == saved(told("--per-picture", "0.01"))["self-hosted"] == (3, "0.12", "0.72")
    seen = imgcli("report", "savings", "--host", "hoem")
    assert seen.code == 2
    assert "no [[rates]] of 'hoem' in the config" in seen.err
    assert "did you mean" in seen.err


def test_words_that_a_model_finds_alike_count_where_their_vectors_are_kept(home: Path) -> None:
    async def life(past: Past) -> None:
        for number, words in enumerate(("a quiet harbour", "a calm harbour", "three calm harbours", "a calm port")):
            job = asked(words, **HIGH)
            await past.buy(f"0{number}", job, 21, f"2026-11-02T1{number}:00", run=f"r{number}")
            await past.catalog.liken([Alike(f"0{number}", rest_key(job), loose_key(job))], number)
            # Of the last one no vector is kept.
            if number < 3:
                await past.catalog.keep_vector(f"0{number}", "openai text-embedding-3-small", packed([1.0, 0.0]))

    live(home, life)
    assert imgcli("config", "set", "near", "provider").code == 0
    assert "near-cache" not in saved(told())
    lines = told("--near", "0.98")
    assert [line["attempt"] for line in lines if line["event"] == "change" and line["step"] == "near-cache"] == ["01"]


@each_row(
    "words, said",
    [
        (("--near", "0.9"), "--near needs a model of words"),
        (("--near", "2"), "--near 2: write a similarity between 0 and 1"),
        (("--per-picture", "cheap"), "--per-picture: 'cheap' is not an amount in dollars"),
        (("--per-picture", "1", "--host", "home"), "say --per-picture or --host, not both"),
        (("--host", "home"), "--host home: no [[rates]] of 'home' in the config; there is none"),
        (("--long-run", "0"), "--long-run"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: tuple[str, ...], said: str, home: Path) -> None:
    seen = imgcli("report", "savings", *words)
    assert seen.code == 2
    assert said in seen.err


def test_a_price_that_nobody_states_is_not_made_up(rates: Path) -> None:
    rates.write_text('[[rates]]\nprovider = "home"\nmodel = "one"\nper_picture = "0.01"\n')
    seen = imgcli("report", "savings", *NOVEMBER, "--host", "home")
    assert seen.code == 2
    assert "--host home: no price is known for *" in seen.err
    assert imgcli("report", "savings", *NOVEMBER, "--host", "home/one").code == 0


def test_nothing_bought_saves_nothing(home: Path) -> None:
    seen = imgcli("report", "savings")
    assert (seen.code, seen.lines[-1]) == (0, "0 pictures cost $0.00: nothing was paid, so nothing could be saved.")
