"""Rejects made again for real money: each once, whatever is killed in between and whoever else does the same."""

import os
import signal
import socket
from pathlib import Path

import pytest

from tests.e2e.test_money import MODEL, User, billed, nano
from tests.fake_api.client import FakeApi
from tests.rigs.loopback import said, status
from tests.rigs.nursery import Nursery

AGAIN = ("history", "again", "--rejected", "--no-progress")


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    return User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)


def rejects(user: User, count: int) -> list[str]:
    made = user.run("gen", "a car", "-n", str(count), "--model", MODEL, "--no-progress", "--yes")
    assert made.code == 0, made.err
    assert user.run("pick", "--reject", *made.out.splitlines()).code == 0
    return made.out.splitlines()


def test_a_crash_in_between_pays_for_nothing_twice(user: User) -> None:
    rejects(user, 3)
    user.api.script(gate=True)
    process = user.start(*AGAIN, "-j", "3")
    user.api.wait(in_flight=3)
    process.kill()
    process.communicate(timeout=60)
    user.api.release()
    user.api.wait(ended=6)
    # Nobody knows whether they are billed, so nobody asks for them again, whatever else is said.
    for words in ((), ("--with", "quality=high")):
        done = user.run(*AGAIN, *words)
        assert (done.code, done.out) == (5, ""), done.err
        assert len(user.api.bill()) == 6
    assert nano(user.spent()["spent_usd"]) + nano(user.spent()["uncertain_usd"]) >= billed(user)


def test_two_who_do_it_at_once_pay_once(user: User) -> None:
    rejects(user, 6)
    both = [user.start(*AGAIN, "-j", "2") for _ in range(2)]
    told = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert len(user.api.bill()) == 12
    assert user.run(*AGAIN).out == ""
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_three_who_want_them_otherwise_pay_once(user: User) -> None:
    """Each planned before any of the others began: the ledger decides whose picture it is."""
    rejects(user, 3)
    changes: list[tuple[str, ...]] = [(), ("--with", "quality=high"), ("--with", "quality=low")]
    users = [user.start(*AGAIN, "-j", "3", *words) for words in changes]
    told = [process.communicate(timeout=60) for process in users]
    assert len(user.api.bill()) == 6, told
    assert {process.returncode for process in users} <= {0, 1}, told
    assert user.run(*AGAIN).out == ""
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_a_cap_holds_for_rejects_and_the_rest_is_made_another_day(user: User) -> None:
    rejects(user, 4)
    quoted = user.run(*AGAIN, "--dry-run", "--json").events
    upper = sum(nano(event["upper_usd"]) for event in quoted if event["event"] == "planned")
    done = user.run(*AGAIN, "--max-cost", f"{upper * 0.6 / 1e9:.9f}", "-j", "1")
    assert done.code == 3
    left = 8 - len(user.api.bill())
    assert 0 < left < 4
    done = user.run(*AGAIN)
    assert (done.code, len(done.out.splitlines()), len(user.api.bill())) == (0, left, 8)


def test_a_gallery_is_served_until_ctrl_c(user: User) -> None:
    rejects(user, 1)
    process = user.start("gallery", "--serve")
    url = process.stdout.readline().strip()
    host, token = url.removeprefix("http://").rstrip("/").split("/")
    port = int(host.rpartition(":")[2])
    get = f"GET /{token}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    assert status(said(port, get)) == 200
    second = user.run("gallery", "--serve", "--port", str(port))
    assert (second.code, second.out, len(second.err.splitlines())) == (2, "", 1)
    assert f"port {port} is taken by another program" in second.err
    # A browser that holds its line does not hold the end.
    with socket.create_connection(("127.0.0.1", port)) as browser:
        browser.sendall(get)
        assert browser.recv(12) == b"HTTP/1.1 200"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err
    with pytest.raises(ConnectionRefusedError):
        said(port, get)


def test_the_address_is_no_part_of_any_command_line(user: User, tmp_path: Path) -> None:
    """Who opens it is told by a file of the user's own: command lines are read by everybody on a machine."""
    programs = tmp_path / "programs"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text(
        f'#!/bin/sh\necho "$1" > {tmp_path}/opened.new; stat -c %a "$1" >> {tmp_path}/opened.new\n'
        f'cat "$1" >> {tmp_path}/opened.new; mv {tmp_path}/opened.new {tmp_path}/opened\n'
    )
    opener.chmod(0o755)
    rejects(user, 1)
    user.env = user.env | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    process = user.start("gallery", "--serve", "--open")
    url = process.stdout.readline().strip()
    assert "Ctrl-C ends it" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 143
    path, mode, page = (tmp_path / "opened").read_text().splitlines()
    assert (mode, f"url={url}" in page, url in path) == ("600", True, False)
    assert not Path(path).exists()
