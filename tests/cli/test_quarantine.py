"""`imgcli quarantine` as a user sees it, on a ledger with pictures of a provider by script."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

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
    out = Path(standing(ids[0])["path"]).parents[1]
    seen = imgcli("quarantine", "release", ids[0])
    assert seen.code == 7
    assert not list(out.glob("*.png"))
    assert len(imgcli("quarantine", "list", "--json").lines) == 3


def test_the_report_counts_what_was_decided(ids: list[str]) -> None:
    imgcli("quarantine", "release", ids[0])
    seen = imgcli("report", "moderation")
    assert "released" in seen.out
    assert json.loads(imgcli("report", "moderation", "--json").out)["category"] == "sexual"


FREE = ("from imgcli.cli.app import run", "import sys", "sys.exit(run(sys.argv[1:]))")

CUT = (
    "import os",
    "import imgcli.storage.aside as aside",
    "made = aside._named",
    "def named(*a):",
    "    made(*a)",
    "    os.kill(os.getpid(), 9)",
    "aside._named = named",
)
"""Power goes once a picture has its second name."""

WAITS = (
    "import sys",
    "import imgcli.storage.aside as aside",
    "made = aside._named",
    "def named(*a):",
    "    found = made(*a)",
    "    print('named', flush=True)",
    "    sys.stdin.readline()",
    "    return found",
    "aside._named = named",
)
"""It has its second name, and nothing is settled until somebody says so."""


def start(*words: str, patch: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    program = [sys.executable, "-c", "\n".join([*patch, *FREE]), *words]
    return subprocess.Popen(program, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def standing(attempt: str) -> dict[str, Any]:
    told = [json.loads(line) for line in imgcli("quarantine", "list", "--all", "--json").lines]
    return next(line for line in told if line["attempt"] == attempt)


def test_of_four_releases_at_once_none_takes_the_picture_away(ids: list[str], home: Path) -> None:
    for attempt in ids:
        releases = [start("quarantine", "release", attempt) for _ in range(4)]
        ends = [each.communicate() for each in releases]
        assert [each.returncode for each in releases] == [0] * 4, ends
        (path,) = {out.strip() for out, _ in ends}
        assert Path(path).exists()
    assert imgcli("verify", "--read-data").code == 0
    assert (home / "data" / "moderation.jsonl").read_text().count('"released"') == 3


@pytest.mark.parametrize("locked", [True, False])
def test_a_release_beside_a_release_that_has_its_name_already(ids: list[str], locked: bool) -> None:
    patch = (*WAITS, *(() if locked else UNLOCKED))
    first = start("quarantine", "release", ids[0], patch=patch)
    assert first.stdout is not None
    assert first.stdout.readline() == "named\n"
    second = start("quarantine", "release", ids[0], patch=() if locked else UNLOCKED)
    if not locked:
        second.communicate()
    out, _ = first.communicate("go\n")
    second.communicate()
    assert (first.returncode, second.returncode) == (0, 0)
    assert Path(out.strip()).exists()
    assert imgcli("verify", "--read-data").code == 0


UNLOCKED = (
    "import imgcli.storage.aside as unlocked",
    "def no_lock(file): raise OSError('no locks here')",
    "unlocked.alone_beside = no_lock",
)


@pytest.mark.parametrize("locked", [True, False])
def test_a_delete_beside_a_release_that_has_its_name_already(ids: list[str], locked: bool) -> None:
    patch = (*WAITS, *(() if locked else UNLOCKED))
    out = Path(standing(ids[0])["path"]).parents[1]
    first = start("quarantine", "release", ids[0], patch=patch)
    assert first.stdout is not None
    assert first.stdout.readline() == "named\n"
    second = start("quarantine", "delete", ids[0], "--yes", patch=() if locked else UNLOCKED)
    if not locked:
        second.communicate()
    first.communicate("go\n")
    second.communicate()
    settled = standing(ids[0])["settled"]
    assert settled.startswith("released" if locked else "deleted")
    assert (first.returncode, second.returncode) == ((0, 2) if locked else (2, 0))
    assert (out / "car-1.png").exists() == locked
    assert not (out / "quarantine" / "car-1.png").exists()


def test_a_release_beside_a_delete_finds_nothing_to_let_out(ids: list[str]) -> None:
    for attempt in ids:
        both = [start("quarantine", "delete", attempt, "--yes"), start("quarantine", "release", attempt)]
        for each in both:
            each.communicate()
        told = standing(attempt)
        released = str(told["settled"]).startswith("released")
        assert [each.returncode for each in both] == ([2, 0] if released else [0, 2])
        assert (told["path"] is not None and Path(str(told["path"])).exists()) == released


def test_what_a_release_that_was_cut_off_made_goes_with_a_delete(ids: list[str]) -> None:
    out = Path(standing(ids[0])["path"]).parents[1]
    for attempt in ids[:2]:
        start("quarantine", "release", attempt, patch=CUT).communicate()
    assert sorted(path.name for path in out.glob("*.png")) == ["car-1.png", "car-2.png"]
    assert imgcli("quarantine", "delete", ids[0], "--yes").code == 0
    assert imgcli("quarantine", "release", ids[1]).code == 0
    assert sorted(path.name for path in out.rglob("*.png")) == ["car-2.png", "car-3.png"]
    assert imgcli("verify", "--read-data").code == 0


def test_a_release_that_fails_is_not_told_of_in_the_log(ids: list[str], home: Path) -> None:
    path = Path(standing(ids[0])["path"])
    path.rename(path.with_name("away.png"))
    assert imgcli("quarantine", "release", ids[0]).code == 7
    assert not (home / "data" / "moderation.jsonl").exists()
    path.with_name("away.png").rename(path)
    assert imgcli("quarantine", "release", ids[0]).code == 0
    assert imgcli("quarantine", "release", ids[0]).code == 0
    assert (home / "data" / "moderation.jsonl").read_text().count('"released"') == 1
