"""`images_api = "responses"` on real sockets: the ledger against the bill, and the words that were used."""

import json
from pathlib import Path

import pytest

from tests.e2e.test_expansion import TEXT_RATES
from tests.e2e.test_money import MODEL, RATES, User, billed, hashes, nano
from tests.fake_api.client import FakeApi
from tests.rigs.nursery import Nursery

THROUGH = '[providers.openai]\nimages_api = "responses"\ntext_model = "words-1"\n'
GEN = ("gen", "a car", "--model", MODEL, "--no-progress")


def told(path: str) -> dict[str, dict[str, object]]:
    told: dict[str, dict[str, object]] = json.loads(Path(f"{path}.json").read_text())
    return told


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    user = User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)
    (user.home / "config" / "config.toml").write_text(f"{RATES}{TEXT_RATES}{THROUGH}")
    return user


def test_a_picture_is_paid_to_the_nano_and_says_which_words_made_it(user: User) -> None:
    done = user.run(*GEN, "--style", "cinematic")
    assert done.code == 0, done.err
    (path,) = done.out.splitlines()
    (bill,) = user.api.bill()
    assert bill.sha256 == tuple(hashes([path]))
    sidecar = told(path)
    assert (
        sidecar["prompt"]["revised"]
        == bill.prompt
        == f"{sidecar['prompt']['directed']}, in soft light, drawn with care"
    )
    assert (sidecar["asked"]["model"], sidecar["asked"]["through"]) == (MODEL, "words-1")
    assert sidecar["cost"]["nano_usd"] == bill.cost_nano
    assert sidecar["cost"]["flags"] == []
    assert nano(user.spent()["spent_usd"]) == billed(user)
    assert [seen.path for seen in user.api.requests()] == ["/v1/responses"]


def test_it_is_told_before_and_after(user: User) -> None:
    dry = user.run(*GEN, "--dry-run")
    assert (dry.code, user.api.requests()) == (0, [])
    assert "through words-1" in dry.out
    done = user.run(*GEN)
    shown = user.run("history", "show", done.out.strip())
    assert shown.code == 0, shown.err
    assert f"{MODEL} of openai, through words-1" in shown.out
    assert "in soft light, drawn with care" in shown.out
    (line,) = user.run("history", "show", done.out.strip(), "--json").events
    assert line["through"] == "words-1"


def test_the_other_way_to_the_same_words_is_another_picture(user: User) -> None:
    (user.cwd / "one.txt").write_text("a car\n")
    batch = ("batch", "one.txt", "--model", MODEL, "--no-progress")
    first = user.run(*batch)
    assert first.code == 0, first.err
    assert user.run(*batch).out == first.out
    assert len(user.api.bill()) == 1
    (user.home / "config" / "config.toml").write_text(RATES)
    second = user.run(*batch)
    assert second.code == 0, second.err
    assert len(user.api.bill()) == 2
    keys = {str(told(path)["key"]) for path in (*first.out.splitlines(), *second.out.splitlines())}
    assert len(keys) == 2
    assert "through" not in told(second.out.strip())["asked"]
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_a_cap_covers_both_models(user: User) -> None:
    """What the picture alone would cost at most is not enough."""
    done = user.run(*GEN, "--max-cost", "0.0140")
    assert (done.code, user.api.requests()) == (3, [])


@pytest.mark.parametrize("fault", ["billed_fin", "billed_cut_body", "billed_500"])
def test_a_lost_answer_is_uncertain_and_never_sent_again(user: User, fault: str) -> None:
    user.api.script(faults=[fault])
    done = user.run(*GEN)
    assert done.code == 5, done.err
    assert len(user.api.bill()) == 1
    total = user.spent()
    assert nano(total["uncertain_usd"]) >= billed(user)


def test_killed_while_it_was_asked_it_is_uncertain(user: User) -> None:
    (user.cwd / "one.txt").write_text("a car\na boat\n")
    user.api.script(gate=True)
    process = user.start("batch", "one.txt", "--model", MODEL, "-j", "2", "--quiet")
    user.api.wait(in_flight=2)
    process.kill()
    process.communicate(timeout=60)
    user.api.release()
    done = user.run("batch", "one.txt", "--model", MODEL, "--json")
    assert done.code == 5
    assert next(event for event in done.events if event["event"] == "recovered")["uncertain"] == 2
    assert len(user.api.bill()) == 2
    total = user.spent()
    assert nano(total["uncertain_usd"]) >= billed(user)
    assert nano(total["held_usd"]) == 0


@pytest.mark.parametrize("fault", ["no_usage_200", "no_tool_usage_200", "zero_tool_usage_200"])
def test_half_a_usage_is_posted_at_the_upper_bound(user: User, fault: str) -> None:
    user.api.script(faults=[fault])
    done = user.run(*GEN)
    assert done.code == 0, done.err
    cost = told(done.out.strip())["cost"]
    assert cost["flags"] == ["usage_missing"]
    assert nano(user.spent()["spent_usd"]) == cost["nano_usd"]
    assert nano(cost["usd"]) >= billed(user)


@pytest.mark.parametrize(
    ("fault", "code", "where"),
    [("tool_moderated_200", 1, "uncertain_usd"), ("tool_refused_200", 1, "spent_usd"), ("401", 4, "")],
)
def test_without_a_picture_the_money_follows_what_was_told(user: User, fault: str, code: int, where: str) -> None:
    user.api.script(faults=[fault])
    done = user.run(*GEN)
    assert done.code == code, done.err
    assert done.out == ""
    total = user.spent()
    kept = sum(nano(total[name]) for name in ("spent_usd", "uncertain_usd", "held_usd"))
    assert kept >= billed(user)
    assert bool(kept) is bool(where)


def test_a_hundred_pictures_cost_what_the_server_billed(user: User) -> None:
    (user.cwd / "many.txt").write_text("".join(f"picture number {index}\n" for index in range(100)))
    done = user.run("batch", "many.txt", "--model", MODEL, "-j", "32", "--no-progress", "--yes")
    assert done.code == 0, done.err
    paths = done.out.splitlines()
    assert len(paths) == 100
    assert hashes(paths) == sorted(sha for bill in user.api.bill() for sha in bill.sha256)
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_a_text_model_without_a_price_is_refused_under_a_budget(user: User) -> None:
    (user.home / "config" / "config.toml").write_text(f"{RATES}{THROUGH}")
    done = user.run(*GEN, "--max-cost", "1")
    assert (done.code, user.api.requests()) == (3, [])
    assert "--assume-cost" in done.err


def test_a_final_is_asked_for_as_the_config_says_and_not_as_its_draft_was(user: User) -> None:
    draft = user.run(*GEN, "--quality", "high", "--draft")
    assert draft.code == 0, draft.err
    assert told(draft.out.strip())["asked"]["through"] == "words-1"
    first = user.run("final", draft.out.strip(), "--yes", "--no-progress")
    assert first.code == 0, first.err
    assert told(first.out.strip())["asked"]["through"] == "words-1"
    (user.home / "config" / "config.toml").write_text(RATES)
    second = user.run("final", draft.out.strip(), "--yes", "--no-progress")
    assert second.code == 0, second.err
    assert "through" not in told(second.out.strip())["asked"]
    assert [seen.path for seen in user.api.requests()] == ["/v1/responses", "/v1/responses", "/v1/images/generations"]
    assert nano(user.spent()["spent_usd"]) == billed(user)
