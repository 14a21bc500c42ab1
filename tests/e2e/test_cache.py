"""Never paying for the same picture twice, against a server that bills: over directories, processes and deaths."""

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.test_money import MODEL, RATES, User, billed, hashes, nano, prompts
from tests.fake_api.client import ROOT, FakeApi
from tests.rigs.nursery import Nursery

EMBEDDING = '[[rates]]\nmodel = "text-embedding-3-small"\ntext_in = "0.02"\ntext_out = "0"\n'


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    return User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)


def told(path: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(Path(f"{path}.json").read_text())
    return found


def test_a_second_run_of_the_examples_sends_nothing_also_into_another_place(user: User) -> None:
    shutil.copytree(ROOT / "examples", user.cwd / "examples")
    file = user.cwd / "examples" / "prompts.toml"
    file.write_text(file.read_text().replace('provider = "placeholder"', f'provider = "openai"\nmodel = "{MODEL}"', 1))
    (user.cwd / "examples" / "prompts.toml.lock").unlink()
    batch = ("batch", "examples/prompts.toml", "--quiet", "--yes", "--ipm", "10000")
    first = user.run(*batch)
    assert first.code == 0, first.err
    paid, bills = billed(user), len(user.api.bill())
    assert bills == len(first.out.splitlines()) == 22
    requests = len(user.api.requests())
    assert user.run(*batch).code == 0
    second = user.run(*batch, "--out", "again", "--cache", "use", "--json")
    assert second.code == 0, second.err
    assert len(user.api.requests()) == requests, "not one request more"
    *_, end = [event for event in second.events if event["event"] == "end"]
    assert (end["made"], end["reused"], end["cached"], end["spent_usd"]) == (0, 22, 22, "0.00")
    assert nano(end["saved_usd"]) == paid
    copies = [str(event["path"]) for event in second.events if event["event"] == "picture"]
    assert hashes(copies) == hashes(first.out.splitlines())
    whole = user.run("verify", "--read-data")
    assert whole.code == 0, whole.out
    assert "22 sound" in user.run("verify", "again", "--read-data").out
    stats = json.loads(user.run("cache", "stats", "--json").out)
    assert (stats["entries"], stats["reused"], nano(stats["saved_usd"])) == (22, 22, paid)


def test_it_is_found_again_where_it_was_copied_and_a_plan_says_so_before(user: User) -> None:
    file = prompts(user, 4)
    first = user.run("batch", file, "--model", MODEL, "--quiet")
    assert first.code == 0, first.err
    there = ("batch", file, "--model", MODEL, "--out", "there")
    dry = user.run(*there, "--dry-run")
    assert "0 pictures, about $0.00, at most $0.00; 4 reused, free; nothing was sent" in dry.err
    assert not (user.cwd / "there").exists()
    plan = [json.loads(line) for line in user.run(*there, "--plan", "--json").out.splitlines()]
    assert (plan[-1]["to_make"], plan[-1]["to_reuse"]) == (0, 4)
    done = user.run(*there, "--no-progress")
    assert "4 reused from the cache, $0.0" in done.err
    assert " saved" in done.err
    again = user.run(*there, "--json")
    assert {event["reason"] for event in again.events if event["event"] == "picture"} <= {
        "made before, as the lock file tells",
        "made before, as its sidecar tells",
    }
    assert len(user.api.bill()) == 4


def test_gen_makes_new_ones_unless_it_is_told_to_use_the_old(user: User) -> None:
    gen = ("gen", "a car", "--model", MODEL, "--quiet")
    first = user.run(*gen)
    assert user.run(*gen).code == 0
    assert len(user.api.bill()) == 2
    third = user.run(*gen, "--cache", "use")
    assert len(user.api.bill()) == 2
    (path,) = third.out.splitlines()
    assert path not in first.out
    assert told(path)["cost"] == {"usd": "0.00", "nano_usd": 0, "known": True, "rates": "", "flags": []}
    assert hashes([path])[0] in {sha for bill in user.api.bill() for sha in bill.sha256}


def test_refresh_makes_anew_and_off_neither_reads_nor_writes(user: User) -> None:
    file = prompts(user, 2)
    batch = ("batch", file, "--model", MODEL, "--quiet")
    assert user.run(*batch, "--cache", "off").code == 0
    assert not (user.home / "cache" / "pictures").exists()
    assert user.run(*batch, "--out", "b", "--cache", "refresh").code == 0
    assert len(user.api.bill()) == 4
    newest = sorted(sha for bill in user.api.bill()[2:] for sha in bill.sha256)
    assert sorted(hashes([str(path) for path in (user.home / "cache" / "pictures").rglob("*.png")])) == newest
    assert user.run(*batch, "--out", "c", "--cache", "off").code == 0
    assert len(user.api.bill()) == 6
    refused = user.run(*batch, "--remake", "--cache", "use")
    assert (refused.code, "leave out one of them" in refused.err) == (2, True)
    assert user.run(*batch, "--remake").code == 0
    assert len(user.api.bill()) == 8


def test_another_user_of_a_shared_cache_pays_nothing(user: User, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    file = prompts(user, 3)
    batch = ("batch", file, "--model", MODEL, "--quiet")
    user.env = {**user.env, "IMGCLI_CACHE_DIR": str(shared)}
    assert user.run(*batch).code == 0
    other = User(user.api, tmp_path / "home-2", tmp_path / "work-2", user.nursery)
    other.env = {**other.env, "IMGCLI_CACHE_DIR": str(shared)}
    prompts(other, 3)
    requests = len(user.api.requests())
    done = other.run(*batch)
    assert done.code == 0, done.err
    assert len(done.out.splitlines()) == 3
    assert len(user.api.requests()) == requests
    assert {json.loads(Path(f"{path}.json").read_text())["reused"]["place"] for path in done.out.splitlines()} == {
        "cache"
    }
    assert all(Path(path).stat().st_nlink == 1 for path in done.out.splitlines())


def test_a_person_is_asked_about_what_is_paid_alone(user: User) -> None:
    gen = ("gen", "a car", "--vary", "seed=1,2", "--model", MODEL, "--no-progress", "--yes", "--cache", "use")
    assert "2 pictures, about $0.0" in user.run(*gen).err
    assert "0 pictures, free." in user.run(*gen).err
    assert len(user.api.bill()) == 2


def test_what_costs_nothing_needs_no_room_in_a_budget(user: User) -> None:
    file = prompts(user, 3)
    assert user.run("batch", file, "--model", MODEL, "--quiet").code == 0
    assert user.run("budget", "set", "0.01", "--per", "day").code == 0
    done = user.run("batch", file, "--model", MODEL, "--quiet", "--out", "there")
    assert (done.code, len(done.out.splitlines())) == (0, 3), done.err


def test_words_of_one_form_are_suggested_and_taken_with_loose(user: User) -> None:
    gen = ("gen", "--model", MODEL, "--no-progress")
    first = user.run(*gen, "A grey cat on a sofa.")
    suggested = user.run(*gen, "the gray cat on a sofa", "--cache", "use")
    assert "you made something like this" in suggested.err
    assert len(user.api.bill()) == 2
    taken = user.run(*gen, "gray cat on the sofa", "--cache", "loose")
    assert len(user.api.bill()) == 2
    reused = told(taken.out.strip())["reused"]
    assert isinstance(reused, dict)
    assert (reused["match"], reused["typed"] in {"A grey cat on a sofa.", "the gray cat on a sofa"}) == ("loose", True)
    assert first.code == suggested.code == taken.code == 0
    other = user.run(*gen, "two gray cats on the sofa", "--cache", "loose", "--dry-run")
    assert "1 picture, about" in other.err


def test_near_asks_the_provider_once_for_each_prompt_and_holds_the_money(user: User) -> None:
    (user.home / "config" / "config.toml").write_text(
        f'near = "provider"\n{RATES}{EMBEDDING}[providers.openai]\nembedding_model = "text-embedding-3-small"\n'
    )
    gen = ("gen", "--model", MODEL, "--no-progress", "--cache", "use")
    first = user.run(*gen, "three bicycles leaning on old walls")
    assert first.code == 0, first.err
    near = "three bicycles leaning at the old walls"
    second = user.run(*gen, near)
    assert second.code == 0, second.err
    assert "you made something like this" in second.err, second.err
    asked = [seen for seen in user.api.requests() if seen.path == "/v1/embeddings"]
    assert len(asked) == 2
    pictures = len(user.api.bill()) - len(asked)
    assert pictures == 2
    done = user.run(*gen, "three bicycles leaning by old walls", "--near", "0.9")
    assert done.code == 0, done.err
    assert told(done.out.strip())["reused"], done.err
    refused = user.run(*gen, "four bicycles leaning by old walls", "--near", "0.5", "--dry-run")
    assert "1 picture, about" in refused.err
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_near_needs_a_model_and_a_similarity(user: User) -> None:
    bad = user.run("gen", "a car", "--near", "0.98", "--cache", "use", "--provider", "placeholder")
    assert (bad.code, "imgcli config set near local" in bad.err) == (2, True), bad.err
    bad = user.run("gen", "a car", "--near", "98", "--cache", "use", "--provider", "placeholder")
    assert (bad.code, "between 0 and 1" in bad.err) == (2, True)
    (user.home / "config" / "config.toml").write_text('near = "local"\n')
    bad = user.run("batch", prompts(user, 1), "--provider", "placeholder", "--dry-run")
    assert (bad.code, 'pip install "imgcli[near]"' in bad.err) == (2, True)
    (user.home / "config" / "config.toml").write_text('near = "provider"\nprovider = "placeholder"\n')
    bad = user.run("batch", prompts(user, 1), "--dry-run")
    assert (bad.code, "names no model for it" in bad.err) == (2, True)


def test_many_processes_over_one_cache_pay_once_and_serve_the_truth(user: User) -> None:
    file = prompts(user, 10)
    assert user.run("batch", file, "--model", MODEL, "--quiet").code == 0
    paid = {sha for bill in user.api.bill() for sha in bill.sha256}
    running = [
        user.start("batch", file, "--model", MODEL, "--quiet", "--out", f"out-{number % 2}") for number in range(6)
    ]
    done = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [code for _, code in done] == [0] * 6, [err for (_, err), _ in done]
    assert len(user.api.bill()) == 10
    for (out, _), _ in done:
        assert set(hashes(out.splitlines())) == paid
    for number in range(2):
        # Those who worked in one directory share each copy.
        assert len(list((user.cwd / f"out-{number}").glob("*.png"))) == 10
    assert user.run("verify", "--read-data").code == 0


def test_a_death_while_copying_is_mended_and_costs_nothing(user: User) -> None:
    file = prompts(user, 8)
    assert user.run("batch", file, "--model", MODEL, "--quiet").code == 0
    for number in range(6):
        process = user.start("batch", file, "--model", MODEL, "--quiet", "--out", "there")
        there = user.cwd / "there"
        while process.returncode is None and len(list(there.glob("*.png"))) <= number:
            pass
        process.kill()
        process.communicate(timeout=60)
    done = user.run("batch", file, "--model", MODEL, "--quiet", "--out", "there")
    assert done.code == 0, done.err
    assert len(user.api.bill()) == 8
    there = user.cwd / "there"
    assert sorted(hashes(done.out.splitlines())) == sorted(sha for bill in user.api.bill() for sha in bill.sha256)
    assert not list(there.glob(".imgcli-*"))
    assert "damaged" not in user.run("verify", "there", "--read-data").out
