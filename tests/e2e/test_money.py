"""The ledger against the bill of a server that charges before it answers."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.fake_api.client import FakeApi
from tests.rigs.nursery import Born, Nursery

MODEL = "gpt-image-2.5-flare"
RATES = """
[[rates]]
model = "gpt-image-2.5-flare"
text_in = "5"
image_in = "8"
image_out = "30"
"""
TYPICAL = 13_200_000
"""Nano-USD of a medium square picture, about."""


class User:
    """Somebody at a shell with a home, an API and a config that prices it like OpenAI."""

    def __init__(self, api: FakeApi, home: Path, cwd: Path, nursery: Nursery) -> None:
        self.api, self.home, self.cwd, self.nursery = api, home, cwd, nursery
        self.env = os.environ | api.env(home)
        config = home / "config" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(RATES)
        cwd.mkdir(exist_ok=True)

    def start(self, *words: str) -> Born:
        return self.nursery.listen(words, self.env, self.cwd)

    def run(self, *words: str) -> "Done":
        child = self.nursery.run(words, self.env, self.cwd)
        return Done(child.status, child.out.read_text(), child.err.read_text())

    def spent(self) -> dict[str, object]:
        line = self.run("budget", "show", "--json").out.splitlines()[-1]
        total: dict[str, object] = json.loads(line)["total"]
        return total


class Done:
    def __init__(self, code: int | None, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    return User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)


def nano(usd: object) -> int:
    whole, _, part = str(usd).partition(".")
    return int(whole) * 1_000_000_000 + int(part.ljust(9, "0"))


def billed(user: User) -> int:
    return sum(bill.cost_nano for bill in user.api.bill())


def prompts(user: User, count: int) -> str:
    (user.cwd / "many.txt").write_text("".join(f"picture number {index}\n" for index in range(count)))
    return "many.txt"


def hashes(paths: Sequence[str]) -> list[str]:
    return sorted(hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in paths)


def test_two_hundred_pictures_cost_what_the_server_billed(user: User) -> None:
    done = user.run("batch", prompts(user, 200), "--model", MODEL, "-j", "32", "--no-progress")
    assert done.code == 0, done.err
    paths = done.out.splitlines()
    bills = user.api.bill()
    assert len(paths) == len(set(paths)) == len(bills) == 200
    assert hashes(paths) == sorted(sha for bill in bills for sha in bill.sha256)
    assert nano(user.spent()["spent_usd"]) == billed(user)
    sidecars = [json.loads(Path(f"{path}.json").read_text()) for path in paths]
    assert sum(sidecar["cost"]["nano_usd"] for sidecar in sidecars) == billed(user)
    assert {sidecar["attempt"] for sidecar in sidecars} == {bill.x_client_request_id for bill in bills}


def test_a_second_run_pays_nothing_and_a_lost_file_is_made_anew(user: User) -> None:
    file = prompts(user, 6)
    first = user.run("batch", file, "--model", MODEL, "--no-progress")
    again = user.run("batch", file, "--model", MODEL, "--no-progress")
    assert again.code == 0
    assert sorted(again.out.splitlines()) == sorted(first.out.splitlines())
    assert len(user.api.bill()) == 6
    Path(first.out.splitlines()[0]).unlink()
    copied = user.run("batch", file, "--model", MODEL, "--quiet")
    assert copied.code == 0
    assert len(user.api.bill()) == 6, "the cache has it"
    (path,) = set(copied.out.splitlines()) - set(first.out.splitlines())
    Path(path).unlink()
    assert user.run("batch", file, "--model", MODEL, "--cache", "off").code == 0
    assert len(user.api.bill()) == 7


@pytest.mark.parametrize("at_once", ["1", "6"])
def test_two_processes_on_one_batch_share_it_and_pay_each_picture_once(user: User, at_once: str) -> None:
    file = prompts(user, 12)
    processes = [user.start("batch", file, "--model", MODEL, "-j", at_once, "--json") for _ in range(3)]
    results = [(process.communicate(timeout=120)[0], process.returncode) for process in processes]
    assert [code for _, code in results] == [0, 0, 0]
    assert len(user.api.bill()) == 12
    for out, _ in results:
        last = json.loads(out.splitlines()[-1])
        assert last["made"] + last["reused"] == 12
    assert len(list((user.cwd / "many").glob("*.png"))) == 12


def test_a_run_waits_for_what_another_makes_and_takes_over_when_it_dies(user: User) -> None:
    file = prompts(user, 3)
    user.api.script(gate=True)
    first = user.start("batch", file, "--model", MODEL, "-j", "3", "--quiet")
    user.api.wait(in_flight=3)
    second = user.start("batch", file, "--model", MODEL, "--json")
    while json.loads(second.stdout.readline())["event"] != "told":
        pass
    first.kill()
    first.communicate()
    out, _ = second.communicate(timeout=60)
    assert second.returncode == 5
    assert json.loads(out.splitlines()[-1])["uncertain"] == 3
    user.api.release()
    assert len(user.api.requests()) == 3


def test_a_lost_answer_is_asked_for_again_only_by_those_who_accept_a_second_bill(user: User) -> None:
    user.api.script(faults=["billed_fin", "billed_rst", "ok", "billed_500"])
    file = prompts(user, 3)
    done = user.run("batch", file, "--model", MODEL, "-j", "1", "--paid-retries", "2", "--json")
    assert done.code == 5
    pictures = [event for event in done.events if event["event"] == "picture"]
    assert [event["status"] for event in pictures] == ["made", "uncertain", "made"]
    assert pictures[0]["lost_before"] == 2
    assert len(user.api.bill()) == 5
    done = user.run("batch", file, "--model", MODEL, "--paid-retries", "1")
    assert done.code == 0
    assert "perhaps billed twice" in done.err
    assert len(user.api.bill()) == 6
    total = user.spent()
    assert nano(total["spent_usd"]) + nano(total["uncertain_usd"]) >= billed(user)


def test_what_was_billed_without_a_picture_is_not_billed_again_by_a_second_run(user: User) -> None:
    user.api.script(faults=["bad_base64_200", "moderation_output_400"])
    file = prompts(user, 3)
    assert user.run("batch", file, "--model", MODEL, "-j", "1").code == 1
    done = user.run("batch", file, "--model", MODEL, "--json")
    assert [event["status"] for event in done.events if event["event"] == "picture"] == ["failed", "refused", "reused"]
    assert len(user.api.requests()) == 3
    ids = [json.loads(line)["attempt"] for line in user.run("budget", "uncertain", "--json").out.splitlines()]
    assert len(ids) == 2
    decision = ("--billed", "0.02", "--reason", "on the invoice")
    wrong = user.run("budget", "resolve", ids[0], "nobody-known", *decision)
    assert (wrong.code, "no uncertain attempt has the id 'nobody-known'" in wrong.err) == (2, True)
    assert len(user.run("budget", "uncertain", "--json").out.splitlines()) == 2  # all or none
    assert user.run("budget", "resolve", *ids, ids[0], *decision).code == 0
    assert user.run("batch", file, "--model", MODEL).code == 0
    assert len(user.api.requests()) == 5


def test_a_cap_on_pictures_holds_for_eight_processes_at_once(user: User) -> None:
    assert user.run("budget", "set", "--pictures", "5", "--per", "day").code == 0
    file = prompts(user, 40)
    processes = [user.start("batch", file, "--model", MODEL, "-o", f"out-{i}", "--quiet") for i in range(8)]
    results = [(process.communicate(timeout=120), process.returncode) for process in processes]
    assert {code for _, code in results} == {3}, results[0][0][1]
    assert len(user.api.bill()) == 5
    # A run may be handed what another one has just made and paid, as a copy.
    made = [
        path
        for (out, _), _ in results
        for path in out.splitlines()
        if "reused" not in json.loads(Path(f"{path}.json").read_text())
    ]
    assert hashes(made) == sorted(sha for bill in user.api.bill() for sha in bill.sha256)


def test_a_cap_in_dollars_holds_for_four_processes_at_once(user: User) -> None:
    cap = 8 * TYPICAL
    assert user.run("budget", "set", f"{cap / 1e9:.9f}", "--per", "total").code == 0
    file = prompts(user, 10)
    processes = [user.start("batch", file, "--model", MODEL, "-o", f"out-{i}", "--quiet") for i in range(4)]
    for process in processes:
        process.communicate(timeout=120)
    assert 0 < billed(user) <= cap
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_max_cost_is_for_one_run(user: User) -> None:
    done = user.run("batch", prompts(user, 10), "--model", MODEL, "--max-cost", "0.05", "--json")
    assert done.code == 3
    assert 1 <= len(user.api.bill()) <= 3
    assert billed(user) <= 50_000_000
    assert user.run("batch", "many.txt", "--model", MODEL, "--quiet").code == 0
    assert len(user.api.bill()) == 10


def test_unspent_holds_make_room_for_later_pictures_of_the_run(user: User) -> None:
    """The upper bound is above the true price; a cap that fits all true prices is used up to its end."""
    done = user.run("batch", prompts(user, 6), "--model", MODEL, "--max-cost", f"{6.2 * TYPICAL / 1e9:.9f}", "-j", "6")
    assert done.code == 0, done.err
    assert len(user.api.bill()) == 6


def test_a_price_nobody_knows_is_refused_under_a_budget(user: User) -> None:
    user.run("budget", "set", "5")
    done = user.run("gen", "a car", "--model", "mystery-model")
    assert done.code == 3
    assert "--assume-cost" in done.err
    assert not user.api.requests()
    assert user.run("gen", "a car", "--model", MODEL, "--assume-cost", "0.02").code == 0


@pytest.mark.parametrize(
    "fault", ["billed_fin", "billed_rst", "billed_cut_body", "billed_500", "billed_502_html", "cut_json_200"]
)
def test_a_lost_answer_is_uncertain_and_never_sent_again(user: User, fault: str) -> None:
    user.api.script(faults=[fault])
    file = prompts(user, 3)
    done = user.run("batch", file, "--model", MODEL, "--json", "-j", "1")
    assert done.code == 5
    statuses = [event["status"] for event in done.events if event["event"] == "picture"]
    assert statuses == ["uncertain", "made", "made"]
    total = user.spent()
    assert nano(total["spent_usd"]) + nano(total["uncertain_usd"]) >= billed(user)
    requests = len(user.api.requests())
    assert user.run("batch", file, "--model", MODEL).code == 5
    assert len(user.api.requests()) == requests
    (attempt,) = [json.loads(line)["attempt"] for line in user.run("budget", "uncertain", "--json").out.splitlines()]
    done = user.run("budget", "resolve", attempt, "--billed", "0.0132", "--reason", "seen on the invoice")
    assert done.code == 0
    assert user.run("batch", file, "--model", MODEL).code == 0
    assert len(user.api.requests()) == requests + 1


def test_a_refusal_that_is_certainly_unpaid_is_tried_again(user: User) -> None:
    user.api.script(faults=["rate_429", "overloaded_503", "read_then_close"])
    done = user.run("gen", "a car", "--model", MODEL, "--json")
    assert done.code in {0, 5}, done.err
    assert len(user.api.bill()) <= 1


@pytest.mark.parametrize(("fault", "code", "seen"), [("401", 4, 1), ("quota_429", 4, 1), ("403", 4, 1)])
def test_an_account_that_cannot_pay_stops_the_batch(user: User, fault: str, code: int, seen: int) -> None:
    user.api.script(faults=[fault] * 20)
    done = user.run("batch", prompts(user, 20), "--model", MODEL, "-j", "1", "--json")
    assert done.code == code
    assert len(user.api.requests()) == seen
    assert nano(user.spent()["spent_usd"]) == 0


def test_one_bad_prompt_does_not_stop_the_others(user: User) -> None:
    user.api.script(faults=["moderation_input_400", "422"])
    done = user.run("batch", prompts(user, 5), "--model", MODEL, "-j", "1", "--json")
    assert done.code == 1
    assert [e["status"] for e in done.events if e["event"] == "picture"] == [
        "refused",
        "failed",
        "made",
        "made",
        "made",
    ]
    assert len(user.api.bill()) == 3


def test_billed_above_the_quote_is_told_in_full_and_stops_the_run(user: User) -> None:
    user.api.script(faults=["huge_usage_200"])
    done = user.run("batch", prompts(user, 10), "--model", MODEL, "-j", "1", "--json")
    assert done.code == 6
    assert len(user.api.bill()) == 1
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_no_usage_is_posted_at_the_upper_bound(user: User) -> None:
    user.api.script(faults=["no_usage_200", "zero_usage_200", "foreign_usage_200"])
    done = user.run("batch", prompts(user, 3), "--model", MODEL, "-j", "1", "--json")
    assert done.code == 0
    assert nano(user.spent()["spent_usd"]) >= billed(user)


def test_junk_in_the_base64_is_billed_and_no_picture(user: User) -> None:
    user.api.script(faults=["bad_base64_200"])
    done = user.run("gen", "a car", "--model", MODEL, "--json")
    assert done.code == 1
    assert not list(user.cwd.glob("*.png"))
    assert nano(user.spent()["spent_usd"]) >= billed(user) > 0


def test_what_is_not_a_picture_is_kept_and_counted(user: User) -> None:
    user.api.script(faults=["not_a_picture_200"])
    done = user.run("gen", "a car", "--model", MODEL)
    assert done.code == 7
    (kept,) = (user.home / "state" / "spool").iterdir()
    assert str(kept) in done.err
    assert nano(user.spent()["spent_usd"]) >= billed(user)


@pytest.mark.parametrize(
    ("fault", "extension"),
    [("url_200", "png"), ("data_url_200", "png"), ("jpeg_for_png", "jpg"), ("wrong_size_200", "png")],
)
def test_every_kind_of_answer_is_kept_under_its_true_name(user: User, fault: str, extension: str) -> None:
    user.api.script(faults=[fault])
    done = user.run("gen", "a car", "--model", MODEL)
    assert done.code == 0, done.err
    (path,) = done.out.splitlines()
    assert path.endswith(f".{extension}")
    assert hashes([path]) == list(user.api.bill()[0].sha256)


def test_a_redirect_is_not_followed(user: User) -> None:
    user.api.script(faults=["redirect_307"])
    done = user.run("gen", "a car", "--model", MODEL)
    assert done.code != 0
    assert not user.api.bill()
    assert "base URL" in done.err


def test_the_key_stays_where_it_belongs(user: User) -> None:
    key = user.env["OPENAI_API_KEY"]
    done = user.run("batch", prompts(user, 2), "--model", MODEL, "--json")
    wrong = user.run("gen", "a car", "--model", "dall-e-3")
    user.api.script(faults=["401"])
    refused = user.run("gen", "a car", "--model", MODEL)
    texts = [d.out + d.err for d in (done, wrong, refused)]
    files = [path.read_bytes() for root in (user.home, user.cwd) for path in root.rglob("*") if path.is_file()]
    assert not any(key in text for text in texts)
    assert not any(key.encode() in data for data in files)


def test_a_directory_of_paid_pictures_that_is_gone_stops_the_batch_before_it_pays_again(user: User) -> None:
    file = prompts(user, 2)
    assert user.run("batch", file, "--model", MODEL).code == 0
    (user.cwd / "many").rename(user.cwd / "elsewhere")
    done = user.run("batch", file, "--model", MODEL)
    assert done.code == 7
    assert "connect its disk" in done.err
    assert len(user.api.bill()) == 2
    (user.cwd / "elsewhere").rename(user.cwd / "many")
    assert user.run("batch", file, "--model", MODEL).code == 0
    assert len(user.api.bill()) == 2
    # What a disk that is not connected leaves behind is an empty directory.
    (user.cwd / "many").rename(user.cwd / "elsewhere")
    (user.cwd / "many").mkdir()
    done = user.run("batch", file, "--model", MODEL)
    assert (done.code, "connect its disk" in done.err, "--remake" in done.err) == (7, True, True)
    assert "none of the 2 paid pictures" in user.run("verify").out
    assert len(user.api.bill()) == 2
    assert user.run("batch", file, "--model", MODEL, "--remake").code == 0
    assert len(user.api.bill()) == 4


def test_a_paid_picture_that_cannot_be_read_now_is_not_bought_again(user: User) -> None:
    file = prompts(user, 2)
    assert user.run("batch", file, "--model", MODEL).code == 0
    shelf = user.cwd / "shelf"
    shelf.mkdir()
    for path in sorted((user.cwd / "many").glob("*.png")):
        path.rename(shelf / path.name)
        path.symlink_to(shelf / path.name)
    assert user.run("batch", file, "--model", MODEL).code == 0
    shelf.rename(user.cwd / "not connected")
    done = user.run("batch", file, "--model", MODEL)
    # Copies are in the cache, so nothing would be bought; what cannot be seen now is not replaced by them either.
    assert (done.code, "its disk is not connected" in done.err) == (7, True)
    (user.cwd / f"{file}.lock").unlink()
    done = user.run("batch", file, "--model", MODEL)
    assert (done.code, "cannot be read" in done.err) == (7, True)
    assert user.run("batch", file, "--model", MODEL, "--dry-run").code == 7
    assert len(user.api.bill()) == 2


def test_a_library_that_was_moved_or_whose_ledger_is_new_is_not_paid_again(user: User) -> None:
    file = prompts(user, 3)
    assert user.run("batch", file, "--model", MODEL).code == 0
    (user.cwd / "many").rename(user.cwd / "library")
    done = user.run("batch", file, "--model", MODEL, "-o", "library", "--json")
    assert [event["status"] for event in done.events if event["event"] == "picture"] == ["reused"] * 3
    (user.home / "data" / "ledger.db").unlink()
    assert user.run("batch", file, "--model", MODEL, "-o", "library").code == 8
    (user.home / "data" / "ledger.db.lock").unlink()
    assert user.run("batch", file, "--model", MODEL, "-o", "library").code == 0
    assert len(user.api.bill()) == 3
    car, *_ = sorted((user.cwd / "library").glob("*.png"))
    car.write_bytes(car.read_bytes()[:-1])
    assert user.run("batch", file, "--model", MODEL, "-o", "library").code == 0
    assert len(user.api.bill()) == 4
