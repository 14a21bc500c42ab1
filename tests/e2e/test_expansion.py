"""Prompts expanded by a text model on a real socket: money, memory, and 300 attempts to make it do something else."""

import json
import sys
from pathlib import Path

import pytest

from tests.e2e.hostile import HOSTILE
from tests.e2e.test_money import MODEL, RATES, User, billed, nano
from tests.fake_api.client import KEY, FakeApi
from tests.rigs.nursery import Nursery

TEXT_RATES = """
[[rates]]
model = "words-1"
text_in = "1"
text_out = "4"
"""
ASK = ("--expand", "--no-progress")


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    user = User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)
    (user.home / "config" / "config.toml").write_text(f'text_model = "words-1"\n{RATES}{TEXT_RATES}')
    return user


def sidecar(path: str) -> dict[str, dict[str, object]]:
    told: dict[str, dict[str, object]] = json.loads(Path(f"{path}.json").read_text())
    return told


def test_an_expansion_is_paid_once_and_told(user: User) -> None:
    (user.cwd / "one.txt").write_text("three dogs, no people\n")
    first = user.run("batch", "one.txt", "--model", "gpt-image-2.5-flare", *ASK)
    assert first.code == 0, first.err
    (path,) = first.out.splitlines()
    words, picture = user.api.bill()
    assert words.model == "words-1"
    told = sidecar(path)["prompt"]
    assert told["typed"] == "three dogs, no people"
    assert "seen from the side in light 1" in str(told["expanded"])
    assert str(told["expanded"]) in picture.prompt
    assert nano(user.spent()["spent_usd"]) == billed(user)
    again = user.run("batch", "one.txt", "--model", "gpt-image-2.5-flare", *ASK)
    assert (again.code, again.out) == (0, first.out)
    assert len(user.api.bill()) == 2


def test_ideas_are_as_many_pictures_from_one_question(user: User) -> None:
    done = user.run("gen", "a car", "--model", "gpt-image-2.5-flare", "--ideas", "3", "--no-progress")
    assert done.code == 0, done.err
    assert {Path(path).name for path in done.out.splitlines()} == {"a-car-1.png", "a-car-2.png", "a-car-3.png"}
    assert [bill.model for bill in user.api.bill()].count("words-1") == 1
    assert len({str(sidecar(path)["prompt"]["expanded"]) for path in done.out.splitlines()}) == 3


def test_the_cap_of_a_run_covers_words_and_pictures_together(user: User) -> None:
    done = user.run("gen", "a car", "--model", "gpt-image-2.5-flare", *ASK, "--max-cost", "0.0135")
    assert done.code == 3
    assert [bill.model for bill in user.api.bill()] == ["words-1"]
    assert billed(user) <= 13_500_000


def test_a_lost_answer_is_uncertain_and_no_picture_is_made_of_a_guess(user: User) -> None:
    user.api.script(faults=["billed_fin"])
    done = user.run("gen", "a car", "--model", "gpt-image-2.5-flare", *ASK)
    assert done.code == 5, done.err
    assert "imgcli budget uncertain" in done.err
    assert len(user.api.bill()) == 1
    assert user.run("gen", "a car", "--model", "gpt-image-2.5-flare", *ASK).code == 5
    assert len(user.api.bill()) == 1
    assert user.run("gen", "a car", "--model", "gpt-image-2.5-flare", "--expand", "local").code == 0


def test_a_library_with_its_lock_needs_no_ledger_no_key_and_no_second_question(user: User) -> None:
    (user.cwd / "set.toml").write_text(
        f'[defaults]\nmodel = "{MODEL}"\n[[prompts]]\nid = "dogs"\nprompt = "three dogs"\n'
    )
    words = ("batch", "set.toml", "--ideas", "2", "--no-progress")
    first = user.run(*words)
    assert first.code == 0, first.err
    assert len(user.api.bill()) == 3
    bare = {name: value for name, value in user.env.items() if name != "OPENAI_API_KEY"}
    other = user.home.with_name("elsewhere")
    (other / "config").mkdir(parents=True)
    (other / "config" / "config.toml").write_text((user.home / "config" / "config.toml").read_text())
    user.env = bare | {"IMGCLI_HOME": str(other)}
    check = user.run("batch", "set.toml", "--ideas", "2", "--check")
    assert (check.code, user.api.state().requests) == (0, 3), check.err
    user.env |= {"OPENAI_API_KEY": KEY}
    again = user.run(*words)
    assert (again.code, sorted(again.out.splitlines())) == (0, sorted(first.out.splitlines())), again.err
    assert len(user.api.bill()) == 3


def test_a_prompt_that_is_refused_while_it_is_expanded_stops_no_other(user: User) -> None:
    (user.cwd / "three.txt").write_text("a car\na bomb\na boat\n")
    user.api.script(faults=[{"fault": "moderation_input_400", "prompt": "bomb", "times": 1}])
    done = user.run("batch", "three.txt", "--model", MODEL, "--expand", "--json")
    assert done.code == 1, done.err
    statuses = {event["id"]: event["status"] for event in done.events if event["event"] == "picture"}
    assert statuses == {"row-001": "made", "row-002": "refused", "row-003": "made"}
    assert [bill.model for bill in user.api.bill()].count(MODEL) == 2


def test_a_lost_answer_leaves_only_its_own_picture_unmade(user: User) -> None:
    (user.cwd / "two.txt").write_text("a car\na boat\n")
    user.api.script(faults=[{"fault": "billed_fin", "prompt": "boat", "times": 1}])
    done = user.run("batch", "two.txt", "--model", MODEL, "--expand", "--json")
    assert done.code == 5, done.err
    statuses = {event["id"]: event["status"] for event in done.events if event["event"] == "picture"}
    assert statuses == {"row-001": "made", "row-002": "uncertain"}
    assert json.loads(done.out.splitlines()[-1])["exit_code"] == 5


def test_a_dry_run_sends_nothing_and_says_what_it_would_ask(user: User) -> None:
    done = user.run("gen", "a car", "--model", "gpt-image-2.5-flare", "--expand", "--dry-run")
    assert done.code == 0
    assert "words-1 expands 1 prompt first: about $" in done.err
    assert user.api.requests() == []


def test_what_the_expansion_lost_is_put_back_and_reported(user: User) -> None:
    user.api.script(answer='{"prompts": ["Dogs run past a sign on a beach at dusk."]}')
    done = user.run("gen", 'three dogs and a sign that says "OPEN"', "--model", "gpt-image-2.5-flare", *ASK)
    assert done.code == 0, done.err
    assert "put back what the expansion lost" in done.err
    sent = user.api.bill()[-1].prompt
    assert "three" in sent
    assert '"OPEN"' in sent


@pytest.mark.skipif(sys.platform == "win32", reason="one long command line")
def test_three_hundred_hostile_strings_change_no_parameter_of_any_picture(user: User) -> None:
    """The text model obeys every one of them; what it says can stand nowhere but in the prompt."""
    assert len(set(HOSTILE)) == 300
    lines = [json.dumps({"id": f"h{number:03d}", "prompt": text}) for number, text in enumerate(HOSTILE)]
    (user.cwd / "hostile.jsonl").write_text("\n".join(lines))
    done = user.run(
        "batch", "hostile.jsonl", "--model", "gpt-image-2.5-flare", "--quality", "low", "-j", "64", *ASK, "--yes"
    )
    assert done.code == 0, done.err[-2000:]
    painted = [seen.body for seen in user.api.requests() if seen.path == "/v1/images/generations"]
    assert len(painted) == 300
    for body in painted:
        assert set(body) <= {"model", "prompt", "n", "size", "quality", "output_format"}
        told = (body["model"], body["n"], body["size"], body["quality"], body["output_format"])
        assert told == ("gpt-image-2.5-flare", 1, "1024x1024", "low", "png")
        assert body["prompt"].isprintable() or "\n" in body["prompt"]
    root = user.cwd / "hostile"
    assert {Path(path).parent for path in done.out.splitlines()} == {root}
    assert {path.parent for path in user.cwd.rglob("*.png")} == {root}
    assert "\x1b" not in done.err
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_a_run_that_is_killed_while_it_asks_leaves_an_open_question_and_no_second_bill(user: User) -> None:
    user.api.script(gate=True)
    child = user.start("gen", "a car", "--model", MODEL, *ASK)
    user.api.wait(in_flight=1, bills=1)
    child.kill()
    child.communicate()
    user.api.release()
    for _ in range(2):
        again = user.run("gen", "a car", "--model", MODEL, *ASK)
        assert again.code == 5, again.err
        assert "imgcli budget resolve" in again.err
    assert len(user.api.bill()) == 1
    assert user.run("verify").code == 0


def test_only_and_again_give_a_picture_the_number_it_has_among_all(user: User) -> None:
    (user.cwd / "set.toml").write_text(
        f'[defaults]\nmodel = "{MODEL}"\n'
        '[[prompts]]\nid = "a"\nprompt = "a car"\n[[prompts]]\nid = "b"\nprompt = "a car"\n'
    )
    batch = ("batch", "set.toml", "--expand")
    assert user.run(*batch).code == 0
    paid = len(user.api.bill())
    for more in (["--only", "b", "--check"], ["--only", "b", "--prune", "--yes"], ["--only", "b"], []):
        done = user.run(*batch, *more)
        assert done.code == 0, done.err
    assert len(user.api.bill()) == paid
    assert user.run(*batch, "--again", "b").code == 0
    assert len(user.api.bill()) == paid + 1
    assert user.run(*batch, "--check").code == 0
    assert user.run(*batch).code == 0
    assert len(user.api.bill()) == paid + 1
    # What is only wanted for another entry is not asked for.
    (user.cwd / "set.toml").write_text(
        (user.cwd / "set.toml").read_text() + '[[prompts]]\nid = "c"\nprompt = "a boat"\n'
    )
    assert user.run(*batch, "--only", "b").code == 0
    assert len(user.api.bill()) == paid + 1


def test_prune_leaves_ideas_of_prompts_that_are_wanted(user: User) -> None:
    (user.cwd / "set.toml").write_text(f'[[prompts]]\nid = "a"\nprompt = "a car"\nmodel = "{MODEL}"\n')
    user.api.script(answer='{"prompts": ["A car in the rain.", "A car in the snow."]}')
    assert user.run("batch", "set.toml", "--ideas", "2").code == 0
    paid = len(user.api.bill())
    assert user.run("batch", "set.toml", "--ideas", "2", "--again", "a").code == 0
    assert len(user.api.bill()) == (paid := paid + 2)
    done = user.run("batch", "set.toml", "--prune", "--dry-run")
    assert (done.code, "2 pictures of --ideas stay" in done.err) == (0, True), done.err
    done = user.run("batch", "set.toml", "--ideas", "2", "--only", "a-idea-2", "--prune", "--yes")
    assert (done.code, "replaced by set/a-car-4.png" in done.err) == (0, True), done.err
    assert (user.cwd / "set" / "a-car-4.png").exists()
    assert user.run("batch", "set.toml", "--ideas", "2").code == 0
    assert len(user.api.bill()) == paid


def test_answers_that_are_the_same_once_mended_are_one_and_the_lock_is_enough_elsewhere(user: User) -> None:
    (user.cwd / "set.toml").write_text(f'[[prompts]]\nid = "a"\nprompt = "three dogs"\nmodel = "{MODEL}"\n')
    user.api.script(answer='{"prompts": ["Four dogs on a beach at dusk.", "Five dogs on a beach at dusk."]}')
    assert user.run("batch", "set.toml", "--ideas", "2").code == 0
    paid = len(user.api.bill())
    other = user.home.with_name("elsewhere")
    (other / "config").mkdir(parents=True)
    (other / "config" / "config.toml").write_text((user.home / "config" / "config.toml").read_text())
    user.env = user.env | {"IMGCLI_HOME": str(other)}
    done = user.run("batch", "set.toml", "--ideas", "2")
    assert (done.code, len(user.api.bill())) == (0, paid), done.err
