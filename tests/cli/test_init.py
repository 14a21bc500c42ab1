"""The first run: what it asks, what it sets, and that each answer is kept whatever comes after it."""

import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.cli.run_cli import imgcli
from tests.fake_api.client import KEY, FakeApi

PATIENCE = 20
"""Seconds without a word after which a question is being waited for that nobody answers."""

WRONG = "sk-this-is-a-wrong-key-0123456789"


def conversation(cwd: Path, answers: list[tuple[str, str]], *words: str, **env: str) -> tuple[int, str]:
    """(exit code, all that was seen) of `imgcli WORDS` at a terminal of its own.

    Each answer is typed once its question was read; ^C and ^D are those keys.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "imgcli", *words],
        cwd=cwd,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | env,
        start_new_session=True,
        # A key is read from the terminal of the session, which must not be that of whoever runs the tests.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - this process has no threads
    )
    os.close(theirs)
    seen, read = "", 0
    waiting = [*answers]
    while True:  # until the other side is gone
        if waiting and (at := seen.find(waiting[0][0], read)) >= 0:
            read = at + len(waiting[0][0])
            typed = {"^C": "\x03", "^D": "\x04"}.get(waiting[0][1], waiting[0][1] + "\n")
            os.write(ours, typed.encode())
            waiting.pop(0)
            continue
        if not select.select([ours], [], [], PATIENCE)[0]:
            process.kill()
            break
        try:
            block = os.read(ours, 65536)
        except OSError:
            break
        if not block:
            break
        seen += block.decode()
    os.close(ours)
    code = process.wait(timeout=60)
    assert not waiting, seen
    return code, seen


def shown() -> dict[str, str]:
    told = json.loads(imgcli("config", "show", "--json").out)
    return {name: one["value"] for name, one in told.items() if name != "keys"} | {"key": told["keys"]["openai"]}


def caps() -> list[tuple[str, str | None, int | None]]:
    lines = [json.loads(line) for line in imgcli("budget", "show", "--json").lines]
    return [(line["per"], line["cap_usd"], line["cap_pictures"]) for line in lines if "per" in line]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


# Without a terminal


def test_where_nobody_can_be_asked_it_says_what_to_type(home: Path) -> None:
    for words in ((), ("--no-picture",), ("--offline",)):
        seen = imgcli("init", *words)
        assert (seen.code, seen.out) == (2, "")
        assert "imgcli init --budget 20 --style cinematic --no-picture" in seen.err
        assert "imgcli config set-key" in seen.err
    assert not home.exists()


def test_a_script_sets_what_it_names(work: Path) -> None:
    assert imgcli("init", "--budget", "12.50", "--style", "cinematic, film-noir", "--no-picture").code == 0
    assert caps() == [("month", "12.50", None)]
    assert shown()["style"] == "cinematic, film-noir"
    assert imgcli("init", "--style", "none").code == 0
    assert (shown()["style"], caps()) == ("(none)", [("month", "12.50", None)])
    assert [*work.iterdir()] == [], "no picture that nobody asked for"


def test_a_budget_in_pictures_is_left_alone() -> None:
    imgcli("budget", "set", "--pictures", "50")
    assert imgcli("init", "--budget", "5").code == 0
    assert caps() == [("month", "5.00", 50)]
    assert imgcli("init", "--budget", "none").code == 0
    assert caps() == [("month", None, 50)]


def test_none_takes_a_budget_away() -> None:
    assert imgcli("init", "--budget", "none").code == 0
    imgcli("init", "--budget", "5")
    assert imgcli("init", "--budget", "none").code == 0
    assert caps() == []


def test_the_picture_of_a_script_is_free(work: Path) -> None:
    imgcli("config", "set", "model", "gpt-image-2")
    seen = imgcli("init", "--prompt", "a red car", "--style", "cinematic", "-o", "pictures")
    assert seen.code == 0
    assert seen.lines == [str(work / "pictures" / "a-red-car-cinematic-1.png")]
    assert "placeholder" in (work / "pictures" / "a-red-car-cinematic-1.png.json").read_text()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--budget", "5", "--style", ","), "',' names no style; write none for none"),
        (("--budget", "much"), "not an amount in dollars"),
        (("--budget", "-1"), "or none"),
        (("--style", "cinemtic"), "did you mean 'cinematic'?"),
        (("--prompt", "a car", "--no-picture"), "say one of them"),
        (("--prompt", "a\x07car"), "control characters"),
    ],
)
def test_nonsense_is_told_and_sets_nothing(words: tuple[str, ...], told: str, home: Path, work: Path) -> None:
    seen = imgcli("init", *words)
    assert seen.code == 2
    assert told in seen.err
    assert not (home / "config").exists()
    assert caps() == []


# At a terminal

KEY_ASKED, USD, STYLE, PICTURE = "(not shown)", "Dollars a month", "   A style", "What it shows"


def test_a_newcomer_presses_enter(work: Path, home: Path) -> None:
    code, seen = conversation(work, [(KEY_ASKED, ""), (USD, ""), (STYLE, ""), (PICTURE, "")], "init")
    assert code == 0, seen
    assert caps() == [("month", "20.00", None)]
    assert not (home / "config" / "config.toml").exists(), "nothing is written that was not asked for"
    assert (work / "a-lighthouse-at-dusk-1.png").exists()
    assert 'now:  imgcli gen "a lighthouse at dusk" --provider placeholder' in seen


def test_a_key_is_tried_before_it_is_kept_and_a_dear_picture_needs_a_yes(
    work: Path, home: Path, fake_api: FakeApi
) -> None:
    fake_api.script(wrong_key=WRONG)
    env = {"OPENAI_BASE_URL": fake_api.base_url, "IMGCLI_MODEL": "gpt-image-2", "IMGCLI_ASSUME_COST": "0.05"}
    answers = [(KEY_ASKED, "x"), (KEY_ASKED, WRONG), ("Keep it all the same?", ""), (KEY_ASKED, KEY)]
    answers += [(USD, "much"), (USD, "7"), (STYLE, "cinemtic"), (STYLE, "cinematic"), (PICTURE, "a boat")]
    code, seen = conversation(work, [*answers, ("Else it is painted here", "n")], "init", **env)
    assert code == 0, seen
    assert fake_api.bill() == []
    assert KEY not in seen
    assert WRONG not in seen
    assert f"accepts the key ending ...{KEY[-4:]}" in seen
    assert "did you mean 'cinematic'?" in seen
    assert f"openai = {KEY}" in (home / "config" / "credentials").read_text()
    assert (shown()["style"], caps()) == ("cinematic", [("month", "7.00", None)])
    assert (work / "a-boat-cinematic-1.png").exists()

    # The second run shows what is set, and what is not answered stays.
    answers = [("Enter to keep it", ""), ("$7.00 a month", ""), ("Enter to keep it", ""), (PICTURE, "a car")]
    code, seen = conversation(work, [*answers, ("at most $", "y")], "init", **env)
    assert code == 0, seen
    assert f"...{KEY[-4:]} from" in seen
    assert "no other: cinematic" in seen
    assert len(fake_api.bill()) == 1
    assert (shown()["style"], len(caps())) == ("cinematic", 1)


@pytest.mark.parametrize("key", ["^C", "^D"])
def test_what_was_answered_is_kept_when_it_is_interrupted(key: str, work: Path) -> None:
    code, seen = conversation(work, [(KEY_ASKED, ""), (USD, "3"), (STYLE, key)], "init")
    assert code == 128 + signal.SIGINT
    assert "imgcli init  goes on from there" in seen
    assert "Traceback" not in seen
    assert len(caps()) == 1
    assert [*work.iterdir()] == []


def test_options_are_not_asked_again(work: Path) -> None:
    code, seen = conversation(work, [(KEY_ASKED, "^D")], "init", "--budget", "3", "--style", "none", "--no-picture")
    assert code == 130
    code, seen = conversation(work, [(KEY_ASKED, "")], "init", "--budget", "3", "--style", "none", "--no-picture")
    assert code == 0, seen
    assert len(caps()) == 1


def test_a_provider_that_cannot_make_it_leaves_the_free_picture(work: Path) -> None:
    env = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": KEY}
    answers = [("Enter to keep it", ""), (PICTURE, "a boat")]
    code, seen = conversation(work, answers, "init", "--budget", "3", "--style", "none", **env)
    assert code == 0, seen
    assert "not by openai:" in seen
    assert (work / "a-boat-1.png").exists()
