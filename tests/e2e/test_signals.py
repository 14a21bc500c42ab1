"""A run that is stopped, cut off or killed, and the run after it."""

import fcntl
import json
import os
import pty
import shlex
import shutil
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.e2e.test_money import MODEL, User, billed, hashes, nano, prompts
from tests.fake_api.client import FakeApi
from tests.rigs.nursery import Nursery


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    return User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)


def test_ctrl_c_finishes_what_is_under_way_and_starts_nothing_more(user: User) -> None:
    user.api.script(gate=True)
    process = user.start("batch", prompts(user, 20), "--model", MODEL, "-j", "4")
    user.api.wait(in_flight=4)
    process.send_signal(signal.SIGINT)
    while "stopping" not in process.stderr.readline():
        pass
    user.api.release()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert len(out.splitlines()) == len(user.api.bill()) == 4
    assert "carry on with:" in err
    assert nano(user.spent()["spent_usd"]) == billed(user)
    assert user.run("batch", "many.txt", "--model", MODEL).code == 0
    assert len(user.api.bill()) == 20


def test_a_second_ctrl_c_cuts_off_and_calls_it_uncertain(user: User) -> None:
    user.api.script(gate=True)
    process = user.start("batch", prompts(user, 20), "--model", MODEL, "-j", "4", "--json")
    user.api.wait(in_flight=4)
    process.send_signal(signal.SIGINT)
    # Two signals of one kind may arrive as one: the second is sent only once the first was heard.
    user.run("budget", "show")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    events = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 130
    assert sum(event.get("status") == "uncertain" for event in events) == 4
    user.api.release()
    total = user.spent()
    assert nano(total["uncertain_usd"]) >= billed(user)


@pytest.mark.parametrize("jobs", [1, 4])
def test_kill_nine_and_the_next_run_carries_on(user: User, jobs: int) -> None:
    """Short form of the kill rig: killed with answers pending, then finished by the same command."""
    file = prompts(user, 12)
    user.api.script(gate=True)
    process = user.start("batch", file, "--model", MODEL, "-j", str(jobs), "--quiet")
    user.api.wait(in_flight=jobs)
    process.kill()
    process.communicate(timeout=60)
    user.api.release()
    user.api.script(gate=False)
    done = user.run("batch", file, "--model", MODEL, "--json")
    assert done.code == 5
    recovered = next(event for event in done.events if event["event"] == "recovered")
    assert recovered["uncertain"] == jobs
    made = [str(event["path"]) for event in done.events if event.get("status") == "made"]
    assert len(made) == 12 - jobs
    shas = {sha for bill in user.api.bill() for sha in bill.sha256}
    assert set(hashes(made)) <= shas
    total = user.spent()
    assert nano(total["spent_usd"]) + nano(total["uncertain_usd"]) >= billed(user)
    assert nano(total["held_usd"]) == 0


def test_a_run_that_is_alive_is_left_alone_by_the_next(user: User) -> None:
    file = prompts(user, 6)
    user.api.script(gate=True)
    first = user.start("batch", file, "--model", MODEL, "-j", "3", "--json")
    user.api.wait(in_flight=3)
    second = user.run("gen", "a boat", "--provider", "placeholder", "--json")
    user.api.release()
    out, _ = first.communicate(timeout=60)
    assert "recovered" not in {event["event"] for event in second.events}
    assert (first.returncode, second.code) == (0, 0)
    assert json.loads(out.splitlines()[-1])["made"] == 6
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_while_it_works_a_second_run_sees_its_holds_and_touches_nothing(user: User) -> None:
    user.api.script(gate=True)
    first = user.start("gen", "a car", "--model", MODEL)
    user.api.wait(in_flight=1)
    assert user.run("gen", "a boat", "--model", MODEL, "--max-cost", "0", "--json").code == 3
    assert nano(user.spent()["held_usd"]) > 0
    user.api.release()
    assert first.wait(timeout=60) == 0
    first.communicate()
    assert nano(user.spent()["held_usd"]) == 0


def test_a_closed_stdout_loses_nothing(user: User) -> None:
    process = user.start("batch", prompts(user, 6), "--model", MODEL, "-j", "2")
    process.stdout.close()
    with process:
        process.stderr.read()
    assert process.returncode == 0
    assert len(list((user.cwd / "many").glob("*.png"))) == len(user.api.bill()) == 6


@pytest.mark.parametrize("how", ["full", "closed", "ascii"])
def test_a_stdout_that_takes_nothing_costs_no_picture(user: User, how: str) -> None:
    words = {"full": "exec {command} > /dev/full", "closed": "exec {command} >&-", "ascii": "exec {command}"}
    command = shlex.join([sys.executable, "-m", "imgcli", "batch", prompts(user, 4), "--model", MODEL, "-o", "gämma"])
    user.api.script(gate=True)
    env = user.env | ({"PYTHONIOENCODING": "ascii:strict"} if how == "ascii" else {})
    shell = ["sh", "-c", words[how].format(command=command)]
    process = subprocess.Popen(
        shell, cwd=user.cwd, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    user.api.wait(in_flight=4)
    user.api.release()
    _, err = process.communicate(timeout=60)
    assert process.returncode == (1 if how == "full" else 0), err
    assert "Traceback" not in err
    assert len(list((user.cwd / "gämma").glob("*.png"))) == len(user.api.bill()) == 4
    assert nano(user.spent()["spent_usd"]) == billed(user)


@pytest.mark.parametrize("words", [(), ("--no-progress",), ("--quiet",)])
def test_a_terminal_that_is_closed_leaves_time_for_what_is_paid(user: User, words: tuple[str, ...]) -> None:
    file = prompts(user, 6)
    user.api.script(gate=True)
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "imgcli", "batch", file, "--model", MODEL, "-j", "3", *words],
        cwd=user.cwd,
        env=user.env | {"TERM": "xterm"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - this process has no threads
    )
    os.close(slave)
    user.api.wait(in_flight=3)
    os.close(master)
    user.run("budget", "show")
    user.api.release()
    assert process.wait(timeout=60) == 143
    assert len(list((user.cwd / "many").glob("*.png"))) == len(user.api.bill()) == 3
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_few_open_files_mean_fewer_pictures_at_once_and_no_lost_answers(user: User) -> None:
    file = prompts(user, 60)
    limit = f"ulimit -n 128; exec {sys.executable} -m imgcli batch {file} --model {MODEL} -j 60"
    done = subprocess.run(["sh", "-c", limit], cwd=user.cwd, env=user.env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "pictures at once instead of 60" in done.stderr
    assert len(user.api.bill()) == len(done.stdout.splitlines()) == 60


def test_a_directory_that_is_taken_away_while_pictures_come_loses_none(user: User) -> None:
    file = prompts(user, 3)
    user.api.script(gate=True)
    process = user.start("batch", file, "--model", MODEL)
    user.api.wait(in_flight=3)
    shutil.rmtree(user.cwd / "many")
    user.api.release()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 7, err
    (user.cwd / "many").mkdir()
    done = user.run("batch", file, "--model", MODEL)
    assert done.code == 0, done.err
    assert len(user.api.bill()) == 3
    assert hashes([str(path) for path in (user.cwd / "many").glob("*.png")]) == sorted(
        sha for bill in user.api.bill() for sha in bill.sha256
    )
