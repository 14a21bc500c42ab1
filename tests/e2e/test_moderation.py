"""Moderation from prompt to quarantine, against a server that moderates: what is flagged is never shown."""

import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from tests.e2e.test_money import MODEL, RATES, Done, User
from tests.fake_api.client import FakeApi
from tests.rigs.audit import states
from tests.rigs.nursery import Nursery

CONFIG = f"""
model = "{MODEL}"
{RATES}
[[rates]]
model = "omni-moderation-latest"
per_picture = "0"

[providers.openai]
moderation_model = "omni-moderation-latest"
"""
FLAGS = {"scores": {"sexual": 0.93, "violence": 0.2}, "image": True}
"""A rule of the fake API: every picture it is shown is flagged."""

ON = ("--policy", "on", "-j", "1")


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    made = User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)
    (made.home / "config" / "config.toml").write_text(CONFIG)
    return made


def quarantined(user: User, *words: str) -> list[dict[str, object]]:
    return user.run("quarantine", "list", "--json", *words).events


def log(user: User) -> list[dict[str, object]]:
    lines = (user.home / "data" / "moderation.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def never_shown(user: User, *outputs: Done) -> None:
    """Nothing that a script or a viewer would open names a picture that is in quarantine, or is a copy of one."""
    flagged = [path for path in user.cwd.rglob("quarantine/*") if path.suffix != ".json"]
    assert flagged
    for done in outputs:
        for path in flagged:
            assert "quarantine/" not in done.out
            assert str(path) not in done.out
            assert str(path.parent.parent / path.name) not in done.out
    for shown in [*user.cwd.rglob("*.html"), *user.cwd.rglob("*.lock")]:
        assert "quarantine/" not in shown.read_text()
    bytes_of = {path.read_bytes() for path in flagged}
    assert not [p for p in user.cwd.rglob("*.png") if p.parent.name != "quarantine" and p.read_bytes() in bytes_of]


def moderations(user: User) -> list[object]:
    return [seen.body for seen in user.api.requests() if seen.path == "/v1/moderations"]


def test_a_blocked_prompt_costs_nothing_and_the_batch_goes_on(user: User) -> None:
    (user.cwd / "block.txt").write_text("grenade\n")
    (user.cwd / "many.txt").write_text("a red car\na naked orgy\na g.r.e.n.4.d.e\na blue boat\n")
    done = user.run("batch", "many.txt", "--json", "--blocklist", "block.txt", *ON)
    assert done.code == 1
    ends = {event["prompt"]: event for event in done.events if event["event"] == "picture"}
    assert [ends[prompt]["status"] for prompt in ("a red car", "a blue boat")] == ["made", "made"]
    assert ends["a naked orgy"]["by"] == "moderation"
    assert ends["a naked orgy"]["reason"] == "provider: sexual 0.97"
    assert ends["a g.r.e.n.4.d.e"]["reason"] == "blocklist: grenade (block.txt:1)"
    assert sorted(bill.prompt for bill in user.api.bill()) == ["a blue boat", "a red car"]
    # What the team's own list blocks does not even leave for the endpoint.
    assert not [body for body in moderations(user) if "4.d.e" in str(body)]
    blocked = [(told["layer"], told["decision"]) for told in log(user) if told["decision"] == "blocked"]
    assert sorted(blocked) == [("blocklist", "blocked"), ("provider", "blocked")]


def test_the_same_words_are_asked_about_once(user: User) -> None:
    (user.cwd / "many.txt").write_text("a red car\na red car\na red car\n")
    assert user.run("batch", "many.txt", "--policy", "on", "-j", "3").code == 0
    assert len([body for body in moderations(user) if "a red car" in str(body)]) == 1
    assert user.run("gen", "a red car", *ON).code == 0
    assert len([body for body in moderations(user) if "a red car" in str(body)]) == 1


def test_a_flagged_picture_is_in_no_path_no_lock_and_no_later_run(user: User) -> None:
    (user.cwd / "many.txt").write_text("a red car\na blue boat\na green hat\n")
    user.api.script(moderation=[FLAGS | {"every": 2}])
    runs = [
        user.run("batch", "many.txt", *ON, "--print", "{path} {sidecar}"),
        user.run("batch", "many.txt", *ON, "--json"),
        user.run("batch", "many.txt"),
        user.run("batch", "many.txt", "--plan", "--json"),
        user.run("verify", "--json"),
    ]
    assert [done.code for done in runs] == [1, 1, 1, 1, 0] or runs[3].code in {0, 1}
    never_shown(user, *runs)
    assert [len(done.out.splitlines()) for done in (runs[0], runs[2])] == [2, 2]
    assert len(user.api.bill()) == 3
    (held,) = quarantined(user)
    assert held["verdicts"][-1]["scores"] == {"sexual": 0.93, "violence": 0.2}  # type: ignore[index]
    assert "flagged" not in (user.cwd / "many.txt.lock").read_text()
    assert (user.cwd / "many.txt.lock").read_text().count(".png") == 2
    for words in (["pick", str(held["path"])], ["pick", str(held["attempt"])], ["final", str(held["path"])]):
        refused = user.run(*words)
        assert refused.code == 2
        assert "is in quarantine" in refused.err


def test_a_flagged_picture_is_a_blank_in_a_grid(user: User) -> None:
    user.api.script(moderation=[FLAGS | {"every": 2}])
    words = ("gen", "a {colour} car", "--vary", "colour=red,blue,green", "--max-cost", "1", *ON)
    done = user.run(*words)
    assert done.code == 1
    never_shown(user, done)
    told = next(user.cwd.glob("*-grid.html")).read_text()
    (flagged,) = (path for path in (user.cwd / "quarantine").iterdir() if path.suffix == ".png")
    assert flagged.name not in told
    assert "quarantine: provider: sexual 0.93" in told


def test_what_nobody_can_say_is_not_let_through(user: User) -> None:
    user.api.script(faults=[{"fault": "404", "path": "/v1/moderations"}])
    done = user.run("gen", "a red car", *ON)
    assert done.code == 1
    assert "refused a-red-car-1: provider: " in done.err
    assert user.api.bill() == []
    # Its words are known by now; of the picture nobody can say anything.
    user.api.script(faults=[])
    assert user.run("gen", "a red car", "--policy", "on", "--moderate", "prompt").code == 0
    user.api.script(faults=[{"fault": "404", "path": "/v1/moderations"}])
    done = user.run("gen", "a red car", *ON)
    assert done.code == 1
    never_shown(user, done)
    assert quarantined(user)[0]["verdicts"][-1]["decision"] == "unavailable"  # type: ignore[index]
    warned = user.run("gen", "a red car", "--policy", "warn")
    assert warned.code == 0
    assert warned.err.count("warning, provider: ") == 1
    assert len(warned.out.splitlines()) == 1


def test_under_warn_a_flagged_picture_is_shown_and_told(user: User) -> None:
    user.api.script(moderation=[FLAGS])
    done = user.run("gen", "a red car", "--policy", "warn", "-n", "2")
    assert done.code == 0
    assert len(done.out.splitlines()) == 2
    assert done.err.count("warning, provider: sexual 0.93") == 1
    sidecar = json.loads(Path(f"{done.out.splitlines()[0]}.json").read_text())
    assert sidecar["moderation"][-1]["decision"] == "warned"
    assert "aside" not in sidecar


def test_a_refusal_of_the_provider_is_told_and_counted_like_ours(user: User) -> None:
    generations = "/v1/images/generations"
    faults = [
        {"fault": name, "path": generations, "times": 1} for name in ("moderation_input_400", "moderation_output_400")
    ]
    user.api.script(faults=faults)
    done = user.run("gen", "a boat", "a ship", "-j", "1")
    assert done.code == 1
    assert "refused at its input stage; categories: violence" in done.err
    assert "refused at its output stage; categories: sexual" in done.err
    rows = user.run("report", "moderation", "--json").events
    assert [(row["stage"], row["layer"], row["category"], row["count"]) for row in rows] == [
        ("picture", "refusal", "sexual", 1),
        ("prompt", "refusal", "violence", 1),
    ]
    assert all(told["attempt"] for told in log(user))


def release_and_delete(user: User) -> tuple[str, str]:
    first, second = (str(held["attempt"]) for held in quarantined(user))
    return first, second


def test_a_picture_is_let_out_and_another_is_deleted_and_neither_is_made_again(user: User) -> None:
    (user.cwd / "many.txt").write_text("a red car\na blue boat\n")
    user.api.script(moderation=[FLAGS])
    user.run("batch", "many.txt", *ON)
    first, second = release_and_delete(user)
    prompt = str(quarantined(user)[0]["prompt"])
    out = user.run("quarantine", "release", first)
    name = "a-red-car-1.png" if prompt == "a red car" else "a-blue-boat-1.png"
    assert out.out.splitlines() == [str(user.cwd / "many" / name)]
    assert user.run("quarantine", "delete", second).code == 2
    assert user.run("quarantine", "delete", second, "--yes").code == 0
    assert [path.name for path in (user.cwd / "many" / "quarantine").iterdir()] == []
    again = user.run("batch", "many.txt", *ON)
    assert again.code == 1
    assert again.out.splitlines() == out.out.splitlines()
    assert "set aside and deleted" in again.err
    assert len(user.api.bill()) == 2
    assert quarantined(user) == []
    settled = sorted(str(held["settled"]).split()[0] for held in quarantined(user, "--all"))
    assert settled == ["deleted", "released"]
    assert sorted(str(told["decision"]) for told in log(user) if told["layer"] == "person") == ["deleted", "released"]
    proved = user.run("verify", "--read-data")
    assert (proved.code, proved.out.splitlines()[0].split(";")[0]) == (0, "1 sound")
    for command in ("release", "delete"):  # whoever was cut off types the same once more
        refused = user.run(
            "quarantine",
            command,
            second if command == "release" else first,
            "--yes"[: 5 * (command == "delete")] or "--json",
        )
        assert refused.code == 2
    assert user.run("quarantine", "release", first).out == out.out
    assert user.run("quarantine", "delete", second, "--yes").code == 0


def gaps_after(user: User, nursery: Nursery, mark: str, words: Sequence[str], tmp_path: Path) -> tuple[int, int]:
    """The gap behind `mark`, and the last one, of an undisturbed run."""
    told = tmp_path / "gaps.log"
    child = nursery.run(words, user.env, user.cwd, {"log": str(told), "roots": [str(tmp_path)]})
    assert child.status == 1, child.said
    names = told.read_text().splitlines()
    return names.index(mark) + 1, len(names)


def test_a_picture_whose_run_died_is_looked_at_by_the_next_whatever_that_asks(
    user: User, nursery: Nursery, tmp_path: Path
) -> None:
    """kill -9 in the gaps from the bytes' safety to the end; then the same batch without a word of moderation."""
    (user.cwd / "many.txt").write_text("a red car\n")
    user.api.script(moderation=[FLAGS])
    words = ["batch", "many.txt", *ON]
    first, last = gaps_after(user, nursery, "after commit received", words, tmp_path)
    clean = user.cwd / "many.txt"
    killed = 0
    for at in range(first, last + 1, 3):
        for left in (user.home / "data", user.home / "state", user.home / "cache", user.cwd / "many"):
            shutil.rmtree(left, ignore_errors=True)
        clean.with_name("many.txt.lock").unlink(missing_ok=True)
        user.api.reset()
        user.api.script(moderation=[FLAGS])
        dead = nursery.run(words, user.env, user.cwd, {"at": at, "do": "kill", "roots": [str(tmp_path)]})
        killed += dead.status == -9
        again = user.run("batch", "many.txt")
        assert again.code == 1, (at, again.err)
        never_shown(user, Done(dead.status, dead.out.read_text(), ""), again)
        assert len(user.api.bill()) == 1, at
        assert states(user.home)["settled"] >= 1
        assert user.run("verify").code == 0, at
    assert killed >= 5


@pytest.mark.parametrize("command", ["release", "delete"])
def test_a_decision_that_is_cut_off_is_finished_by_typing_it_again(
    user: User, nursery: Nursery, tmp_path: Path, command: str
) -> None:
    """Every third gap of it, and each time others; all of them behind the marker."""
    cut_off(user, nursery, tmp_path, command, range(Random().randrange(1, 4), 99, 3))  # noqa: S311 - it draws lots


@pytest.mark.rig
@pytest.mark.parametrize("command", ["release", "delete"])
def test_a_decision_that_is_cut_off_anywhere_is_finished_by_typing_it_again(
    user: User, nursery: Nursery, tmp_path: Path, command: str
) -> None:
    cut_off(user, nursery, tmp_path, command, range(1, 99))


def cut_off(user: User, nursery: Nursery, tmp_path: Path, command: str, gaps: Iterable[int]) -> None:
    """kill -9 in these gaps of it; afterwards the picture is out, or gone, once, and all is sound."""
    user.api.script(moderation=[FLAGS])
    told = tmp_path / "gaps.log"
    number, last = 0, 99
    for at in (0, *gaps):
        if at > last:
            break
        number += 1
        (user.cwd / "many.txt").write_text(f"a red car, number {number}\n")
        user.run("batch", "many.txt", *ON)
        (held,) = quarantined(user)
        words = ["quarantine", command, str(held["attempt"]), *(["--yes"] if command == "delete" else [])]
        plan = {"at": at, "do": "kill"} if at else {"log": str(told)}
        nursery.run(words, user.env, user.cwd, {**plan, "roots": [str(tmp_path)]})
        last = len(told.read_text().splitlines())
        # Whatever the dead one had done, nothing is made that a person had taken away.
        user.run("batch", "many.txt", *ON)
        assert len(user.api.bill()) == number, at
        again = user.run(*words)
        assert again.code == 0, (at, again.err)
        pictures = [path for path in user.cwd.rglob("*.png") if f"number-{number}" in path.name]
        assert [path.parent.name for path in pictures] == (["many"] if command == "release" else []), at
        assert quarantined(user) == []
        assert len(user.api.bill()) == number
    assert 8 <= last < 99
    assert user.run("verify", "--read-data").code == 0
    assert list((user.cwd / "many" / "quarantine").iterdir()) == []
    assert user.run("batch", "many.txt", *ON).code == (0 if command == "release" else 1)
    assert len(user.api.bill()) == number


def test_typed_words_that_are_blocked_are_not_sent_to_be_expanded(user: User) -> None:
    words = '[[rates]]\nmodel = "words-1"\ntext_in = "1"\ntext_out = "4"\n[providers.openai]'
    config = CONFIG.replace("[providers.openai]", words)
    (user.home / "config" / "config.toml").write_text(f'text_model = "words-1"\n{config}')
    (user.cwd / "block.txt").write_text("grenade\n")
    asked = ("gen", "a naked car", "a grenade", "a boat", "--expand", "--blocklist", "block.txt")
    done = user.run(*asked, "--no-progress", *ON)
    assert done.code == 1
    assert "refused a-naked-car-1: provider: sexual 0.91" in done.err
    assert "refused a-grenade-1: blocklist: grenade (block.txt:1)" in done.err
    assert len(done.out.splitlines()) == 1
    assert [bill.model for bill in user.api.bill()] == ["words-1", MODEL]
    assert len([seen for seen in user.api.requests() if "responses" in seen.path or "chat" in seen.path]) == 1
    blocked = [(told["layer"], told["prompt"]) for told in log(user) if told["decision"] == "blocked"]
    assert sorted(blocked) == [("blocklist", "a grenade"), ("provider", "a naked car")]


WORDS = (
    '[[rates]]\nmodel = "words-1"\ntext_in = "1"\nimage_in = "1"\nimage_out = "1"\ntext_out = "4"\n[providers.openai]'
)


def with_vision(user: User, policy: str) -> None:
    config = CONFIG.replace("[providers.openai]", WORDS)
    (user.home / "config" / "config.toml").write_text(f'text_model = "words-1"\npolicy = "{policy}"\n{config}')
    Image.new("RGB", (64, 64), "#ff8000").save(user.cwd / "bad.png")


QUESTIONS = [
    ("describe", "bad.png"),
    ("styles", "learn", "bad.png", "--name", "mine"),
    ("restyle", "bad.png", "--style", "watercolor", "--yes"),
]


@pytest.mark.parametrize("policy", ["on", "strict"])
@pytest.mark.parametrize("words", QUESTIONS)
def test_pictures_that_are_flagged_are_not_shown_to_a_text_model(
    user: User, words: tuple[str, ...], policy: str
) -> None:
    with_vision(user, policy)
    user.api.script(moderation=[FLAGS])
    done = user.run(*words)
    assert done.code not in {0, 2}, done.err
    assert "provider: bad.png: sexual 0.93" in (done.err + done.out).replace("bad.jpg", "bad.png")
    assert {seen.path for seen in user.api.requests() if seen.method == "POST"} == {"/v1/moderations"}
    assert user.api.bill() == []
    (told,) = log(user)
    assert (told["stage"], told["decision"]) == ("input", "blocked")


def test_under_warn_a_flagged_picture_is_described_and_told(user: User) -> None:
    with_vision(user, "warn")
    user.api.script(moderation=[FLAGS])
    done = user.run("describe", "bad.png")
    assert done.code == 0, done.err
    assert "warning, provider: " in done.err
    assert [bill.model for bill in user.api.bill()] == ["words-1"]
    (told,) = log(user)
    assert (told["stage"], told["decision"]) == ("input", "warned")


def test_the_checks_are_in_what_is_told_of_the_money(user: User) -> None:
    with_vision(user, "on")
    config = user.home / "config" / "config.toml"
    config.write_text(config.read_text().replace('per_picture = "0"', 'per_picture = "0.25"'))
    done = user.run("describe", "bad.png")
    assert done.code == 0
    assert "$0.25" in done.err.splitlines()[-1]


def test_what_was_made_before_without_being_looked_at_is_told(user: User) -> None:
    (user.cwd / "many.txt").write_text("a red car\na blue boat\n")
    assert user.run("batch", "many.txt").code == 0
    done = user.run("batch", "many.txt", *ON)
    assert (done.code, len(user.api.bill())) == (0, 2)
    assert "2 pictures were made before without being looked at; --again ID makes one anew" in done.err
    assert user.run("batch", "many.txt", "--json", *ON).events[-1]["unseen"] == 2
    assert user.run("batch", "many.txt", "--json").events[-1]["unseen"] == 0
    user.run("batch", "many.txt", "--again", "row-001", *ON)
    anew = user.run("batch", "many.txt", *ON)
    assert "1 picture was made before without being looked at; --again ID makes it anew" in anew.err
    user.run("batch", "many.txt", "--again", "row-002", *ON)
    assert user.run("batch", "many.txt", "--json", *ON).events[-1]["unseen"] == 0
