"""`--expect` and `--tries` against the bill of a server that charges before it answers."""

import json
from pathlib import Path

import pytest

from tests.e2e.test_money import MODEL, User, billed, nano
from tests.fake_api.client import FakeApi
from tests.fakes.canvases import patches
from tests.rigs.nursery import Nursery

SMALL = {"fault": "wrong_size_200", "times": 1}
SET = """
[defaults]
size = "1024x1024"
expect = ["size"]
tries = 1

[[prompts]]
id = "one"
prompt = "a car"

[[prompts]]
id = "two"
prompt = "a boat"
expect = "size"
tries = 0
"""


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    return User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.glob("*.png"))


def test_a_picture_of_the_wrong_size_is_paid_kept_aside_and_made_anew(user: User) -> None:
    user.api.script(faults=[SMALL])
    done = user.run("gen", "a car", "--model", MODEL, "--expect", "size", "--no-progress")
    assert done.code == 0, done.err
    assert [Path(path).name for path in done.out.splitlines()] == ["a-car-1.png"]
    assert names(user.cwd / "rejected") == ["a-car-1.png"]
    assert len(user.api.bill()) == 2
    assert nano(user.spent()["spent_usd"]) == billed(user)
    told = json.loads((user.cwd / "rejected" / "a-car-1.png.json").read_text())
    assert told["unmet"] == ["size: asked for 1024x1024, got 64x48"]
    assert json.loads((user.cwd / "a-car-1.png.json").read_text())["tried"] == 2
    assert user.run("verify", ".").code == 0


def test_a_batch_goes_on_and_its_next_run_pays_for_nothing_that_was_rejected(user: User) -> None:
    (user.cwd / "set.toml").write_text(SET)
    user.api.script(faults=[SMALL | {"times": 3}])
    done = user.run("batch", "set.toml", "--model", MODEL, "-j", "1", "--json")
    assert done.code == 1, done.err
    ends = [event for event in done.events if event["event"] == "picture"]
    assert [event["status"] for event in ends] == ["rejected", "rejected"]
    assert not any("path" in event for event in ends)
    assert len(user.api.bill()) == 3
    again = user.run("batch", "set.toml", "--model", MODEL)
    assert (again.code, again.out) == (1, "")
    assert len(user.api.bill()) == 3
    remade = user.run("batch", "set.toml", "--model", MODEL, "--again", "two")
    assert remade.code == 0, remade.err
    assert len(user.api.bill()) == 4
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_what_cannot_be_expected_is_refused_before_anything_is_sent(user: User) -> None:
    for words, said in (
        (["--expect", "sharp"], "'sharp' is nothing to expect"),
        (["--expect", "palette"], "add one with --style"),
        (["--expect", "alpha", "--format", "jpeg"], "jpeg has none"),
    ):
        done = user.run("gen", "a car", "--model", MODEL, *words)
        assert done.code == 2
        assert said in done.err
    assert user.api.bill() == []


def test_the_price_that_is_told_is_that_of_all_tries(user: User) -> None:
    words = ["gen", "a car", "--model", MODEL, "--expect", "size", "--tries", "3", "-n", "2"]
    done = user.run(*words, "--dry-run")
    assert "if all are made as often as --tries allows" in done.err
    assert user.run(*words, "--dry-run", "--max-cost", "0.05").code == 3
    user.api.script(faults=[SMALL])
    begun = user.run(*words, "--json").events
    (begin,) = [event for event in begun if event["event"] == "begin"]
    assert nano(begin["upper_usd"]) >= 8 * 13_000_000
    (rejected,) = [event for event in begun if event["event"] == "rejected"]
    assert rejected["status"] == "rejected"
    assert "path" not in rejected


def test_what_ended_the_tries_has_its_own_exit_code(user: User) -> None:
    user.api.script(faults=[SMALL | {"times": 9}])
    done = user.run("gen", "a car", "--model", MODEL, "--expect", "size", "--max-cost", "0.02", "--json")
    assert done.code == 3
    (end,) = [event for event in done.events if event["event"] == "picture"]
    assert (end["status"], end["then"]) == ("rejected", "refused")
    user.api.script(faults=[SMALL, "401"])
    assert user.run("gen", "a boat", "--model", MODEL, "--expect", "size").code == 4
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_what_a_dead_run_left_waits_for_one_that_looks_at_it(user: User) -> None:
    """A question about another picture looks at none, and lets none through."""
    (user.cwd / "set").mkdir()
    (user.cwd / "set" / "rejected").write_text("in the way")
    (user.cwd / "set.toml").write_text(SET)
    user.api.script(faults=[SMALL | {"times": 9}])
    assert user.run("batch", "set.toml", "--model", MODEL, "-j", "1").code == 7
    (user.cwd / "set" / "rejected").unlink()
    patches(1, 64, 64).save(user.cwd / "car.png")
    user.run("describe", "car.png")
    assert names(user.cwd / "set") == []
    user.run("batch", "set.toml", "--model", MODEL)
    assert names(user.cwd / "set") == []
    assert names(user.cwd / "set" / "rejected")


def test_a_plan_tells_what_was_set_aside_and_prices_nothing_of_it(user: User) -> None:
    (user.cwd / "set.toml").write_text(SET)
    user.api.script(faults=[SMALL | {"times": 9}])
    user.run("batch", "set.toml", "--model", MODEL)
    done = user.run("batch", "set.toml", "--model", MODEL, "--plan", "--json")
    assert [event["change"] for event in done.events[:-1]] == ["set aside"] * 2
    assert (done.events[-1]["set_aside"], done.events[-1]["to_make"]) == (2, 0)
    again = user.run("batch", "set.toml", "--model", MODEL, "--plan", "--again", "two", "--json")
    assert again.events[-1]["to_make"] == 1
    assert "--again one makes another" in user.run("batch", "set.toml", "--model", MODEL, "--plan").out
