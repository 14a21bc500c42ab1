"""Grids that are paid for: asked about first, stopped half way, cut by a budget, and shown all the same."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.test_money import MODEL, User, billed, nano
from tests.e2e.test_terminal import CONTROL, at_a_terminal
from tests.fake_api.client import FakeApi
from tests.rigs.nursery import Nursery
from tests.unit.reports.test_page import Reader

GRID = ("gen", "a {colour} car", "--model", MODEL, "--vary", "colour=red,blue,green,grey", "--vary", "quality=low,high")


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    return User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)


def said(user: User) -> list[str]:
    return Reader((user.cwd / "a-colour-car-grid.html").read_text()).said


def test_a_paid_grid_that_nobody_can_be_asked_about_needs_a_limit(user: User) -> None:
    refused = user.run(*GRID)
    assert refused.code == 2
    assert "8 pictures, about $" in refused.err
    assert "at most $" in refused.err
    assert "--yes or --max-cost" in refused.err
    assert user.api.bill() == []
    assert list(user.cwd.iterdir()) == []
    assert user.run(*GRID, "--max-cost", "5").code == 0
    assert user.run(*GRID, "--yes", "--json").code == 0
    assert len(user.api.bill()) == 16
    assert nano(user.spent()["spent_usd"]) == billed(user)
    facts = next(text for text in said(user) if "8 pictures" in text)
    assert facts.startswith(f"openai · {MODEL} · ")
    assert facts.endswith(f"${billed(user) / 2e9:.4f}")


def test_cells_that_the_cap_refused_are_blanks_with_the_reason(user: User) -> None:
    done = user.run(*GRID, "--max-cost", "0.2", "-j", "1")
    made = len(user.api.bill())
    assert done.code == 3
    assert 0 < made < 8
    assert nano(user.spent()["spent_usd"]) <= 200_000_000
    words = said(user)
    assert sum("refused: " in word for word in words) == 8 - made
    assert any(f"{made} of 8 pictures" in word for word in words)


def test_a_run_that_is_stopped_makes_the_grid_of_what_is_there(user: User) -> None:
    user.api.script(gate=True)
    process = user.start(*GRID, "--yes", "--json", "-j", "2")
    user.api.wait(in_flight=2)
    process.send_signal(signal.SIGINT)
    user.run("budget", "show")
    user.api.release()
    out, err = process.communicate(timeout=60)
    events = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 130, err
    assert [event["event"] for event in events[-2:]] == ["sheet", "end"]
    made = len(user.api.bill())
    assert events[-2]["blank"] == 8 - made
    with Image.open(events[-2]["png"]) as opened:
        opened.load()
    assert sum(word == "not started: interrupted" for word in said(user)) == 8 - made


@pytest.mark.parametrize(("answer", "bill"), [("n\n", 0), ("y\n", 8)])
def test_a_person_is_asked_however_little_it_costs(
    user: User, answer: str, bill: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in user.api.env(user.home).items():
        monkeypatch.setenv(name, value)
    code, seen = at_a_terminal(user.cwd, *GRID, "--no-progress", answer=answer)
    text = CONTROL.sub("", seen)
    assert text.count("8 pictures, about $") == 1
    assert "Go ahead? [y/N]" in text
    assert code == (0 if bill else 2)
    assert len(user.api.bill()) == bill
    assert ("grid: " in text or "a-colour-car-grid.html" in text) == bool(bill)


def test_what_is_free_is_not_asked_about(user: User) -> None:
    words = ("styles", "sheet", "a car", "--style", "comic", "--style", "food", "--provider", "placeholder")
    code, seen = at_a_terminal(user.cwd, *words, "-s", "96x96", IMGCLI_HOME=str(user.home))
    assert code == 0
    assert "Go ahead" not in seen
    assert "sheet: " in CONTROL.sub("", seen)


def test_a_sheet_is_hung_though_stdout_is_gone(user: User) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "imgcli", *GRID, "--yes"], cwd=user.cwd, env=user.env, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.close(ours)
    process.wait(timeout=60)
    assert len(user.api.bill()) == 8
    assert (user.cwd / "a-colour-car-grid.png").exists()
