import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.job import TEXT
from imgcli.model.picture import Painted
from tests.cli.run_cli import Seen, imgcli
from tests.contracts.test_ledger_contract import LOST, MODERATED, VOID, Desk
from tests.fake_api.client import FakeApi
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_run

MODEL = "gpt-image-2.5-flare"
REVISE = [
    ["A single frame from a feature film", "A cinematic still"],
    [", anticipation", ""],
    ["No text[^.]*[.]", "A sign with large text."],
    ["No people[^.]*[.]", ""],
    ["$", " Volumetric god rays."],
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def revised(here: Path, fake_api: FakeApi, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture whose server told a revised prompt."""
    for name, value in fake_api.env(home).items():
        monkeypatch.setenv(name, value)
    fake_api.script(revise=REVISE)
    words = ("--style", "cinematic", "--no", "text, people, logos", "--tag", "launch", "-q", "low", "-m", MODEL)
    made = imgcli("gen", "a car", *words)
    assert made.code == 0, made.err
    return Path(made.lines[0])


def story(*words: str) -> dict[str, Any]:
    seen = imgcli("history", "show", *words, "--json")
    assert seen.code == 0, seen.err
    (line,) = seen.lines
    told: dict[str, Any] = json.loads(line)
    return told


def shown(*words: str) -> str:
    seen = imgcli("history", "show", *words)
    assert (seen.code, seen.err) == (0, "")
    return seen.out


def joined(stage: dict[str, Any], *kinds: str) -> str:
    return "".join(run["text"] for run in stage["runs"] if run["kind"] in kinds)


def test_a_picture_tells_all_three_stages(revised: Path) -> None:
    told = story(str(revised))
    typed, directed, last = told["stages"]
    assert [stage["name"] for stage in told["stages"]] == ["typed", "directed", "revised"]
    assert (typed["text"], "runs" in typed) == ("a car", False)
    assert joined(directed, "same") == "a car"
    assert {run["by"] for run in directed["runs"] if run["kind"] == "added"} == {"cinematic", "--no"}
    assert joined(directed, "same", "added") == directed["text"] == joined(last, "same", "removed")
    assert joined(last, "same", "added") == last["text"]
    assert "god rays" in joined(last, "added")
    assert "anticipation" in joined(last, "removed")
    assert told["constraints"] == [
        {"thing": "text", "fate": "inverted"},
        {"thing": "people", "fate": "lost"},
        {"thing": "logos", "fate": "kept"},
    ]
    assert (told["state"], told["tags"], told["cost_usd"]) == ("settled", ["launch"], None)


def test_people_read_the_same(revised: Path) -> None:
    out = shown(revised.name)
    assert "typed      a car" in out
    assert re.search(r"directed +cinematic \| A single frame from a feature film:\n +you +\| a car\n", out)
    assert "{+cinematic still+}" in out
    assert "[-, anticipation-]" in out
    assert re.search(r"\d+ of \d+ words kept, \d+ removed, \d+ added", out)
    assert "--no       text: ASKED FOR by the revised prompt" in out
    assert "people: not spoken of in the revised prompt any more" in out
    assert "logos: still ruled out by the revised prompt" in out
    assert "cost       unknown: no price was stated" in out


def test_a_sidecar_tells_it_alone_and_on_another_machine(
    revised: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = story(str(revised))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(f"{revised}.json", elsewhere)
    monkeypatch.setenv("IMGCLI_HOME", str(tmp_path / "another-home"))
    monkeypatch.chdir(elsewhere)
    told = story(f"{revised.name}.json")
    # The sidecar keeps what was paid, not what was held.
    differ = {name for name, value in told.items() if before[name] != value}
    assert differ == {"path"}
    assert not (tmp_path / "another-home").exists()


def test_a_damaged_catalog_keeps_no_story_from_being_told(revised: Path, home: Path) -> None:
    assert imgcli("history", "list").code == 0
    (catalog,) = home.rglob("catalog.db")
    catalog.write_bytes(b"no database" * 100)
    seen = imgcli("history", "show", revised.name)
    assert (seen.code, "catalog.db cannot be used" in seen.err) == (0, True)
    assert "volumetric god rays" in seen.out.lower()


def test_an_id_is_looked_up_in_the_ledger(revised: Path) -> None:
    by_file = story(str(revised))
    by_id = story(by_file["attempt"][:20])
    assert by_id.pop("upper_usd") is not None
    assert by_id == {name: value for name, value in by_file.items() if name != "upper_usd"}
    assert story(by_file["attempt"].upper())["attempt"] == by_file["attempt"]


def test_without_a_revised_prompt_that_is_said(here: Path) -> None:
    imgcli("gen", "a car", "--provider", "placeholder", "-s", "64x64")
    out = shown("a-car-1.png")
    assert "directed   the same, to the letter" in out
    assert "revised    the model told no revised prompt" in out
    assert [stage["name"] for stage in story("a-car-1.png")["stages"]] == ["typed", "directed"]


def test_a_style_that_changed_or_went_is_said_and_the_diff_is_plain(here: Path, home: Path) -> None:
    styles = home / "config" / "styles"
    styles.mkdir(parents=True)
    mine = styles / "mine.toml"
    mine.write_text('description = "d"\nprose = "My look: {prompt}. Grain."\n')
    assert imgcli("gen", "a car", "--style", "mine", "--provider", "placeholder", "-s", "64x64").code == 0
    assert "mine | My look:" in shown("a-car-mine-1.png")
    mine.write_text('description = "d"\nprose = "Another look: {prompt}. Grain."\n')
    out = shown("a-car-mine-1.png")
    assert "{+My look:+} a car{+. Grain.+}" in out
    assert "who added what is not known: mine changed since" in out
    assert story("a-car-mine-1.png")["attributed"] is False
    mine.unlink()
    assert "who added what is not known: there is no style mine here" in shown("a-car-mine-1.png")
    (styles / "other.toml").write_text("prose = 3\n")
    assert "other.toml" in shown("a-car-mine-1.png")


@pytest.fixture
def attempts(home: Path) -> Desk:
    """Attempts that ended in every way: 1 uncertain, 2 refused, 3 voided, 4 under way, 5 unpriced, 6 words, 7 no words."""
    desk = Desk(SqliteLedger(home / "data", FakeClock()), FakeClock(), "0123-attempt")

    async def live() -> None:
        await desk.ledger.begin(a_run())
        for fault in (LOST, MODERATED, VOID):
            await desk.ledger.fail(await desk.sent(100_000_000), fault)
        await desk.hold(100_000_000)
        await desk.received(100_000_000, None)
        await desk.ledger.post(await desk.sent(100_000_000, format=TEXT), Painted(revised="a red car"), 50_000_000)
        await desk.ledger.fail(await desk.sent(100_000_000, format=TEXT), VOID)
        await desk.ledger.close()

    asyncio.run(live())
    return desk


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (1, ("the answer was lost, perhaps billed: lost", "perhaps $0.10")),
        (2, ("refused by the provider, perhaps billed: unsafe", "perhaps $0.10")),
        (3, ("not billed, no picture: refused", "cost       $0.00")),
        (4, ("money is held", "at most $0.10, held")),
        (6, ("a text model answered", "answered   a red car")),
        (7, ("not billed, no answer: refused", "asked for  words for a prompt")),
        (5, ("waits for its name", "$0.10  (the provider told no usage: counted at its upper bound)")),
    ],
)
def test_what_brought_no_picture_has_a_story_too(attempts: Desk, attempt: int, words: tuple[str, str]) -> None:
    out = shown(f"0123-attempt-{attempt}")
    assert out.startswith(f"attempt 0123-attempt-{attempt}\n")
    for word in words:
        assert word in out
    assert story(f"0123-attempt-{attempt}")["path"] is None


def test_several_ids_are_named_in_one_line(attempts: Desk) -> None:
    seen = imgcli("history", "show", "0123")
    assert seen.code == 2
    assert seen.err.count("\n") == 1
    assert "several ids begin with '0123': 0123-attempt-7 (car.png), 0123-attempt-6" in seen.err
    assert "type more of it" in seen.err


def test_words_of_a_text_model_are_no_revised_prompt(attempts: Desk) -> None:
    told = story("0123-attempt-6")
    assert [stage["name"] for stage in told["stages"]] == ["typed", "asked", "answered"]
    assert "none with a revised prompt" in imgcli("report", "prompts").err


def refused(*words: str) -> Seen:
    seen = imgcli("history", "show", *words)
    assert (seen.code, seen.out) == (2, "")
    assert seen.err.count("\n") == 1
    return seen


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("012", "'012' is too short for an id; type at least 4 characters"),
        ("0000", "there is no file '0000', and no attempt whose id begins so"),
        ("car.png", "car.png has no sidecar beside it (car.png.json)"),
        ("notes.json", "notes.json: is no sidecar of imgcli"),
        ("gone.json", "gone.json: there is no such file"),
        ("folder", "folder is a directory; name a picture in it"),
        (".", ". is a directory"),
        ("%", "%: there is no such file, and no sidecar %.json"),
        ("a" * 500, "no attempt whose id begins so"),
        ("a" * 500 + "/", "cannot be read"),
        ("a" * 5000, "is too long for an id or a file name"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(here: Path, what: str, words: str) -> None:
    (here / "car.png").write_bytes(b"not ours")
    (here / "notes.json").write_text("{}")
    (here / "folder").mkdir()
    assert words in refused(what).err


def test_a_style_that_lies_nearby_tells_who_added_what(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, style = here / "teas.toml", here / "styles" / "marsh.toml"
    style.parent.mkdir()
    style.write_text('description = "d"\nprose = "My look: {prompt}. Grain."\n')
    batch.write_text('[defaults]\nout = "teas"\nstyle = "marsh"\nsize = "64x64"\n[[prompts]]\nprompt = "a tin"\n')
    (picture,) = imgcli("batch", "teas.toml", "--provider", "placeholder").lines
    away = here / "away"
    away.mkdir()
    for place in (here, away, here / "teas"):
        monkeypatch.chdir(place)
        assert "marsh | My look:" in shown(picture)
    # The version that is pinned decides, not who is found first.
    (away / "styles").mkdir()
    (away / "styles" / "marsh.toml").write_text('description = "d"\nprose = "Another look: {prompt}."\n')
    monkeypatch.chdir(away)
    assert "marsh | My look:" in shown(picture)
    style.write_text("broken")
    assert "marsh changed since" in shown(picture)
    (away / "styles" / "marsh.toml").unlink()
    assert "there is no style marsh here" in shown(picture)


def test_a_style_that_counts_beside_a_batch_file_only_is_told_of(here: Path, home: Path) -> None:
    (here / "styles").mkdir()
    (here / "styles" / "marsh.toml").write_text('description = "d"\nprose = "My look: {prompt}."\n')
    asked = ("gen", "a hut on a dune", "--provider", "placeholder", "--style")
    seen = imgcli(*asked, "marsh")
    assert seen.code == 2
    assert f"styles/marsh.toml counts beside a batch file only; for other commands copy it to {home}" in seen.err
    assert "beside a batch file" not in imgcli(*asked, "mrsh").err
