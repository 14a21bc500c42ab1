"""Drafts, picks and finals against the bill of a server that charges before it answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_money import MODEL, RATES, User, billed, nano
from tests.fake_api.client import FakeApi
from tests.rigs.nursery import Nursery

SET = """
[defaults]
style = "cinematic"
size = "2048x1152"
quality = "high"
no = ["people"]

[[prompts]]
id = "tin-{tea}"
prompt = "a tin of tea, number {tea}"
matrix = { tea = ["1", "2", "3", "4", "5", "6"] }
"""


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    user = User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)
    (user.home / "config" / "config.toml").write_text(f'model = "{MODEL}"\n{RATES}')
    (user.cwd / "set.toml").write_text(SET)
    return user


@pytest.fixture
def drafts(user: User) -> list[str]:
    """Six drafts, of which the first two are picked."""
    done = user.run("batch", "set.toml", "--draft", "--no-progress")
    assert done.code == 0, done.err
    paths = sorted(done.out.splitlines())
    assert user.run("pick", *paths[:2]).code == 0
    return paths


def sidecar(path: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(Path(f"{path}.json").read_text())
    return told


def test_drafts_are_billed_low_and_finals_as_they_were_wanted(user: User, drafts: list[str]) -> None:
    assert {(bill.size, bill.quality) for bill in user.api.bill()} == {("2048x1152", "low")}
    low = billed(user)
    done = user.run("final", "--picked", "--no-progress")
    assert done.code == 0, done.err
    finals = [bill for bill in user.api.bill() if bill.quality != "low"]
    assert [(bill.size, bill.quality) for bill in finals] == [("2048x1152", "high")] * 2
    assert min(bill.cost_nano for bill in finals) > low  # one of them is dearer than all six drafts
    assert nano(user.spent()["spent_usd"]) == billed(user)
    for path in done.out.splitlines():
        assert sidecar(path)["cost"]["nano_usd"] in {bill.cost_nano for bill in finals}


def test_the_words_of_a_final_are_those_of_its_draft_byte_for_byte(user: User, drafts: list[str]) -> None:
    done = user.run("final", "--picked", "--no-progress")
    assert done.code == 0, done.err
    asked = {seen.headers["x-client-request-id"]: seen.body for seen in user.api.requests()}
    for path in done.out.splitlines():
        told = sidecar(path)
        draft, final = asked[told["draft"]], asked[told["attempt"]]
        assert "people" in final["prompt"]
        assert (draft["quality"], final) == ("low", draft | {"quality": "high"})


def test_a_second_final_bills_nothing_and_the_batch_makes_only_the_rest(user: User, drafts: list[str]) -> None:
    assert user.run("final", "--picked").code == 0
    assert len(user.api.bill()) == 8
    assert user.run("final", "--picked").code == 0
    assert user.run("final", *drafts[:2]).code == 0
    assert user.run("batch", "set.toml", "--draft").code == 0
    assert len(user.api.bill()) == 8
    assert user.run("batch", "set.toml").code == 0
    assert len(user.api.bill()) == 12
    assert user.run("verify", "--read-data").code == 0


def test_the_cap_holds_for_finals_as_for_all_else(user: User, drafts: list[str]) -> None:
    refused = user.run("final", "--picked", "--max-cost", "0.01", "--json")
    assert refused.code == 3
    assert len(user.api.bill()) == 6
    one = user.run("final", "--picked", "--max-cost", "0.07", "-j", "1", "--json")
    assert (one.code, [e["status"] for e in one.events if e["event"] == "picture"]) == (3, ["made", "refused"])
    listed = [json.loads(line) for line in user.run("pick", "--list", "--json").out.splitlines()]
    assert [line["finished"] for line in listed] == [True, False]
    assert user.run("budget", "set", "0.07", "--per", "total").code == 0
    assert user.run("final", "--picked").code == 3
    assert len(user.api.bill()) == 7
    assert user.run("budget", "remove", "--per", "total").code == 0
    assert [e["status"] for e in user.run("final", "--picked", "--json").events if e["event"] == "picture"] == ["made"]
    assert len(user.api.bill()) == 8


def test_what_was_killed_between_draft_and_final_is_not_billed_twice(user: User, drafts: list[str]) -> None:
    """Killed while the answers are out: uncertain, told, and asked for again only by who takes the risk."""
    user.api.script(gate=True)
    running = user.start("final", "--picked", "-j", "2", "--quiet")
    user.api.wait(in_flight=2)
    running.kill()
    running.communicate()
    user.api.release()
    requests = len(user.api.requests())
    again = user.run("final", "--picked", "--json")
    assert again.code == 5
    assert [e["status"] for e in again.events if e["event"] == "picture"] == ["uncertain"] * 2
    assert len(user.api.requests()) == requests
    assert not any('"finished": true' in line for line in user.run("pick", "--list", "--json").out.splitlines())
    assert user.run("final", "--picked", "--paid-retries", "2").code == 0
    assert len(user.api.requests()) == requests + 2


def test_a_kill_after_the_finals_leaves_a_link_that_the_next_call_mends(user: User, drafts: list[str]) -> None:
    """What stands when the ledger has them and nothing was marked or linked: as if killed just then."""
    (user.home / "data" / "catalog.db").rename(user.home / "kept.db")
    (user.home / "data" / "catalog.db.lock").rename(user.home / "kept.lock")
    before = [Path(f"{path}.json").read_bytes() for path in drafts[:2]]
    assert user.run("final", *drafts[:2]).code == 0
    for path, data in zip(drafts[:2], before, strict=True):
        Path(f"{path}.json").write_bytes(data)
    (user.home / "kept.db").replace(user.home / "data" / "catalog.db")
    (user.home / "kept.lock").replace(user.home / "data" / "catalog.db.lock")
    assert user.run("verify").code == 0
    done = user.run("final", "--picked", "--json")
    assert [e["status"] for e in done.events if e["event"] == "picture"] == ["reused"] * 2
    assert len(user.api.bill()) == 8
    for path in drafts[:2]:
        (final,) = sidecar(path)["finals"]
        assert sidecar(path.replace("-draft", ""))["attempt"] == final
    assert '"finished": false' not in user.run("pick", "--list", "--json").out


def test_what_drafts_saved_is_told_in_the_ledgers_own_figures(user: User, drafts: list[str]) -> None:
    low = billed(user)
    done = user.run("final", "--picked", "--json")
    *_, saved, end = done.events
    assert (saved["event"], end["event"]) == ("savings", "end")
    assert (saved["drafts"], saved["finals"]) == (6, 2)
    assert nano(saved["draft_usd"]) == low
    assert nano(saved["final_usd"]) == billed(user) - low
    rest = nano(saved["without_drafts_usd"]) - nano(saved["final_usd"])
    assert rest == pytest.approx(4 * nano(saved["final_usd"]) // 2, rel=0.02)
    assert nano(saved["saved_usd"]) == rest - low
    told = user.run("final", drafts[0]).err
    assert "6 drafts $0.0" in told
    assert "+ 2 finals $0.0" in told
    assert ", so drafts saved about $0.1" in told


def test_a_draft_that_was_lost_is_no_pick(user: User) -> None:
    user.api.script(faults=["billed_fin"])
    done = user.run("batch", "set.toml", "--draft", "-j", "1", "--json")
    assert done.code == 5
    (lost,) = [event for event in done.events if event.get("status") == "uncertain"]
    refused = user.run("pick", str(lost["attempt"]))
    assert (refused.code, "brought no picture (uncertain)" in refused.err) == (2, True)


def test_two_at_once_make_each_final_once(user: User, drafts: list[str]) -> None:
    running = [user.start("final", "--picked", "--json") for _ in range(3)]
    done = [(process.communicate(timeout=120)[0], process.returncode) for process in running]
    assert [code for _, code in done] == [0, 0, 0]
    assert len(user.api.bill()) == 8
    assert {len(sidecar(path)["finals"]) for path in drafts[:2]} == {1}
    assert user.run("verify").code == 0


def test_an_expanded_prompt_is_not_expanded_again_for_its_final(user: User) -> None:
    rates = '[[rates]]\nmodel = "words-1"\ntext_in = "1"\ntext_out = "4"\n'
    config = f'model = "{MODEL}"\ntext_model = "words-1"\nexpand = "model"\n{RATES}{rates}'
    (user.home / "config" / "config.toml").write_text(config)
    done = user.run("gen", "three dogs, no people", "--draft", "-q", "high", "--no-progress")
    assert done.code == 0, done.err
    (path,) = done.out.splitlines()
    assert user.run("final", path).code == 0
    words, draft, final = user.api.bill()
    assert (words.model, draft.quality, final.quality) == ("words-1", "low", "high")
    assert draft.prompt == final.prompt
    assert sidecar(path)["prompt"]["expanded"] == sidecar(path.replace("-draft", ""))["prompt"]["expanded"] != ""
