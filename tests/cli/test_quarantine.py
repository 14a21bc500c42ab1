"""`imgcli quarantine` as a user sees it, on a ledger with pictures of a provider by script."""

import asyncio
import json
from pathlib import Path

import pytest

from imgcli.model.verdict import Aside, Decision, Remarks, Stage, Verdict
from tests.cli.run_cli import imgcli
from tests.unit.test_pipeline import Bench

FLAGGED = Verdict(Stage.PICTURE, "provider", Decision.BLOCKED, "sexual 0.93", (("sexual", 0.93), ("violence", 0.2)))


class Flags:
    """Satisfies `ports.Guard`: every picture is flagged."""

    async def clear(self, *_: object) -> tuple[Verdict, ...]:
        return ()

    async def inspect(self, job: object, slot: object, picture: object, tried: int) -> Remarks:  # noqa: ARG002
        return Remarks((FLAGGED,), tried=tried, aside=Aside.QUARANTINE)

    def blind(self, _: object) -> str:
        return ""

    async def refused(self, *_: object) -> None: ...


@pytest.fixture
def ids(home: Path, tmp_path: Path) -> list[str]:
    """The attempts of three flagged pictures in the home of the test."""
    bench = Bench(tmp_path)

    async def story() -> None:
        await bench.go(bench.quotes(3), guard=Flags())
        await bench.studio.ledger.close()

    asyncio.run(story())
    bench.home.rename(home)
    told = [json.loads(line) for line in imgcli("quarantine", "list", "--json").lines]
    return [line["attempt"] for line in sorted(told, key=lambda line: str(line["path"]))]


def test_an_empty_one_says_so() -> None:
    seen = imgcli("quarantine", "list")
    assert (seen.code, seen.out, seen.err) == (0, "", "nothing is in quarantine\n")
    assert imgcli("quarantine", "list", "--json").out == ""


def test_it_lists_why_where_and_what_it_cost(ids: list[str]) -> None:
    assert len(ids) == 3
    seen = imgcli("quarantine", "list")
    assert seen.out.count("provider: sexual 0.93") == 3
    assert "$0.01" in seen.out
    (line,) = [json.loads(line) for line in imgcli("quarantine", "list", "--json").lines if ids[0] in line]
    assert line["cost_usd"] == "0.01321"
    assert line["path"].endswith("quarantine/car-1.png")
    assert line["verdicts"][-1]["scores"] == {"sexual": 0.93, "violence": 0.2}


def test_one_is_shown_with_all_its_scores(ids: list[str]) -> None:
    seen = imgcli("quarantine", "show", ids[1])
    assert seen.code == 0
    assert "picture provider blocked: sexual 0.93" in " ".join(seen.out.split())
    assert "sexual 0.93, violence 0.20" in seen.out
    assert json.loads(imgcli("quarantine", "show", ids[1], "--json").out)["attempt"] == ids[1]


def test_letting_out_and_deleting(ids: list[str]) -> None:
    out = imgcli("quarantine", "release", ids[0], "--json")
    path = Path(json.loads(out.out)["path"])
    assert (path.name, path.parent.name) == ("car-1.png", "out")
    assert json.loads(path.with_name("car-1.png.json").read_text())["settled"].startswith("released ")
    asked = imgcli("quarantine", "delete", ids[1])
    assert asked.code == 2
    assert "add --yes to delete for good; nothing was changed" in asked.err
    assert imgcli("quarantine", "delete", ids[1], "--yes").code == 0
    assert [path.name for path in (path.parent / "quarantine").glob("*.png")] == ["car-3.png"]
    assert len(imgcli("quarantine", "list", "--json").lines) == 1
    assert len(imgcli("quarantine", "list", "--all", "--json").lines) == 3
    assert imgcli("verify", "--read-data").code == 0
    assert "settled  deleted" in imgcli("quarantine", "show", ids[1]).out
    assert "released" in imgcli("history", "show", ids[0]).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("release", "01"), "too short"),
        (("release", "ffffffff"), "no picture in quarantine has an id that begins with 'ffffffff'"),
        (("show", "zzzz"), "see  imgcli quarantine list"),
    ],
)
def test_an_id_that_means_none(ids: list[str], words: tuple[str, ...], said: str) -> None:
    seen = imgcli("quarantine", *words)
    assert seen.code == 2
    assert said in seen.err


def test_an_id_that_means_several_decides_nothing(ids: list[str]) -> None:
    shared = ids[0][:4]
    seen = imgcli("quarantine", "delete", ids[0], shared, "--yes")
    assert seen.code == 2
    assert "3 pictures in quarantine have ids that begin with" in seen.err
    assert len(imgcli("quarantine", "list", "--json").lines) == 3


def test_a_decision_is_final(ids: list[str]) -> None:
    imgcli("quarantine", "release", ids[0])
    imgcli("quarantine", "delete", ids[1], "--yes")
    assert "yours to delete" in imgcli("quarantine", "delete", ids[0], "--yes").err
    assert "there is nothing to let out" in imgcli("quarantine", "release", ids[1]).err
    assert imgcli("quarantine", "release", ids[0]).code == 0


def test_a_log_that_takes_nothing_lets_nothing_out(ids: list[str], home: Path) -> None:
    (home / "data" / "moderation.jsonl").mkdir()
    seen = imgcli("quarantine", "release", ids[0])
    assert seen.code == 7
    assert len(imgcli("quarantine", "list", "--json").lines) == 3


def test_the_report_counts_what_was_decided(ids: list[str]) -> None:
    imgcli("quarantine", "release", ids[0])
    seen = imgcli("report", "moderation")
    assert "released" in seen.out
    assert json.loads(imgcli("report", "moderation", "--json").out)["category"] == "sexual"
