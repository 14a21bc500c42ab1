import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run_cli import Seen, imgcli
from tests.cli.test_pick import BLUE, HERO, RED, attempt, here  # noqa: F401 - its fixture

HERO_FINAL = "set/a-lighthouse-cinematic-1.png"
RED_FINAL = "set/tins/a-red-tin-cinematic-1.png"


def sidecar(picture: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(Path(f"{picture}.json").read_text())
    return told


def statuses(seen: Seen) -> list[str]:
    return [event["status"] for event in map(json.loads, seen.lines) if event["event"] == "picture"]


@pytest.fixture
def picked(here: Path) -> Path:  # noqa: F811 - the fixture
    assert imgcli("pick", HERO, RED).code == 0
    return here


def test_picked_drafts_are_made_as_they_were_wanted(picked: Path) -> None:
    seen = imgcli("final", "--picked", "--no-progress")
    assert seen.code == 0, seen.err
    assert sorted(seen.lines) == sorted(str(picked / path) for path in (HERO_FINAL, RED_FINAL))
    draft, final = sidecar(HERO), sidecar(HERO_FINAL)
    assert (final["asked"]["size"], final["asked"]["quality"]) == ("768x512", "high")
    assert final["prompt"] == draft["prompt"]
    assert (final["width"], final["height"]) == (768, 512)
    assert not Path(BLUE.replace("-draft", "")).exists()


def test_the_link_is_in_both_sidecars(picked: Path) -> None:
    before = sidecar(HERO)
    imgcli("final", "--picked")
    assert sidecar(HERO_FINAL)["draft"] == attempt(HERO)
    assert sidecar(HERO) == before | {"finals": [attempt(HERO_FINAL)]}
    assert imgcli("verify", "--read-data").code == 0
    # Neither a rerun of the drafts nor a ledger made anew from the sidecars loses it.
    assert imgcli("batch", "set.toml", "--draft").code == 0
    assert sidecar(HERO)["finals"] == [attempt(HERO_FINAL)]
    assert imgcli("ledger", "rebuild", "set").code == 0
    seen = imgcli("verify", "--read-data")
    assert (seen.code, "5 sound" in seen.out) == (0, True)


def test_a_second_time_nothing_is_made(picked: Path) -> None:
    imgcli("final", "--picked")
    listed = [json.loads(line) for line in imgcli("pick", "--list", "--json").lines]
    assert [(line["finished"], line["finals"]) for line in listed] == [
        (True, [str(picked / HERO_FINAL)]),
        (True, [str(picked / RED_FINAL)]),
    ]
    assert HERO_FINAL in imgcli("pick", "--list").out
    again = imgcli("final", "--picked")
    assert (again.code, again.out) == (0, "")
    assert "every pick has its final" in again.err
    assert statuses(imgcli("final", HERO, RED, "--json")) == ["reused", "reused"]
    assert "2 of them with a final" in imgcli("pick", HERO).err
    # Only what is picked since.
    imgcli("pick", BLUE)
    assert statuses(imgcli("final", "--picked", "--json")) == ["made"]


def test_a_final_is_what_the_batch_would_have_made(picked: Path) -> None:
    """And the batch finds it: the finals of the rest are made, and none twice."""
    imgcli("final", "--picked")
    assert sorted(statuses(imgcli("batch", "set.toml", "--json"))) == ["made", "reused", "reused"]
    finals = [path for path in Path("set").rglob("*.png") if "draft" not in path.name]
    assert len(finals) == 3
    by_batch = {hashlib.sha256(path.read_bytes()).hexdigest() for path in finals}
    shutil.rmtree("set")
    assert imgcli("batch", "set.toml", "-o", "direct").code == 0
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in Path("direct").rglob("*.png")} == by_batch


def test_others_of_the_same_draft_may_be_had(picked: Path) -> None:
    assert statuses(imgcli("final", HERO, "-n", "3", "--json")) == ["made"] * 3
    assert statuses(imgcli("final", HERO, "-n", "3", "--json")) == ["reused"] * 3
    assert statuses(imgcli("final", HERO, "--again", "--json")) == ["made"]
    assert len(sidecar(HERO)["finals"]) == 4
    seen = imgcli("final", HERO, "--size", "512x512", "--quality", "medium", "-o", "square")
    assert seen.lines == [str(picked / "square" / "a-lighthouse-cinematic-1.png")]
    assert sidecar("square/a-lighthouse-cinematic-1.png")["asked"]["size"] == "512x512"
    assert imgcli("verify").code == 0


def test_flags_take_up_also_the_picks_that_have_a_final(picked: Path) -> None:
    imgcli("final", "--picked")
    assert statuses(imgcli("final", "--picked", "--quality", "low", "--size", "700x500", "--json")) == ["made"] * 2


def test_what_is_final_already_is_told(picked: Path) -> None:
    imgcli("final", "--picked")
    seen = imgcli("final", HERO_FINAL)
    assert (seen.code, seen.err) == (
        2,
        "error: a-lighthouse-cinematic-1.png is final already; --quality or --size makes it otherwise\n",
    )
    both = imgcli("final", HERO_FINAL, BLUE)
    assert (both.code, "is final already" in both.err, len(both.lines)) == (0, True, 1)
    assert imgcli("final", HERO_FINAL, "--quality", "low").code == 0


def test_a_dry_run_shows_words_and_price_and_makes_nothing(picked: Path) -> None:
    told = [json.loads(line) for line in imgcli("final", "--picked", "--dry-run", "--json").lines]
    assert [(line["size"], line["quality"], line["draft"]) for line in told] == [
        ("768x512", "high", attempt(HERO)),
        ("768x512", "medium", attempt(RED)),
    ]
    assert told[0]["directed"] == sidecar(HERO)["prompt"]["directed"]
    assert "2 pictures, about $0.00" in imgcli("final", "--picked", "--dry-run").err
    assert not Path(HERO_FINAL).exists()
    assert (
        len([json.loads(line) for line in imgcli("pick", "--list", "--json").lines if '"finished": true' in line]) == 0
    )


def test_a_name_that_is_taken_is_numbered_and_nothing_replaced(picked: Path) -> None:
    Path(HERO_FINAL).write_bytes(b"mine")
    assert imgcli("final", HERO).lines == [str(picked / "set/a-lighthouse-cinematic-1-2.png")]
    assert Path(HERO_FINAL).read_bytes() == b"mine"


def test_the_words_are_sent_as_they_were_whatever_became_of_the_style(here: Path, home: Path) -> None:  # noqa: F811
    styles = home / "config" / "styles"
    styles.mkdir(parents=True)
    (styles / "ours.toml").write_text('description = "ours"\nprose = "In our own way: {prompt}."\n')
    assert imgcli("gen", "a tin", "--style", "ours", "--provider", "placeholder", "-s", "800x600", "--draft").code == 0
    draft = "a-tin-ours-1-draft.png"
    (styles / "ours.toml").write_text('description = "ours"\nprose = "Quite differently: {prompt}."\n')
    assert imgcli("final", draft).code == 0
    assert sidecar("a-tin-ours-1.png")["prompt"] == sidecar(draft)["prompt"]
    (styles / "ours.toml").unlink()
    assert statuses(imgcli("final", draft, "-n", "2", "--json")) == ["reused", "made"]


def test_a_sidecar_that_somebody_wrote_in_is_left_alone(picked: Path) -> None:
    told = Path(f"{HERO}.json")
    told.write_text(told.read_text().replace('"notes": []', '"notes": ["nice"]') + "\n")
    before = told.read_bytes()
    seen = imgcli("final", HERO)
    assert (seen.code, "is not told of its final" in seen.err) == (0, True)
    assert told.read_bytes() == before


def test_a_library_of_another_machine_can_be_finished(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    shutil.copytree("set", "copy")
    imgcli("final", HERO)
    monkeypatch.setenv("IMGCLI_HOME", str(here / "another-home"))
    copy = HERO.replace("set/", "copy/")
    assert imgcli("final", copy).lines == [str(here / HERO_FINAL.replace("set/", "copy/"))]
    assert sidecar(HERO_FINAL.replace("set/", "copy/"))["key"] == sidecar(HERO_FINAL)["key"]
    assert sidecar(copy)["finals"] == [attempt(HERO_FINAL.replace("set/", "copy/"))]
    assert statuses(imgcli("final", copy, "--json")) == ["reused"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name the drafts"),
        ((HERO, "--picked"), "name the drafts"),
        (("--picked",), "nothing is picked below this directory; choose with:  imgcli pick FILE..."),
        ((HERO, "--quality", "ultra"), "a-lighthouse-cinematic-1-draft.png: placeholder has no quality 'ultra'"),
        ((HERO, "--size", "huge"), "size 'huge' is not WIDTHxHEIGHT"),
        ((HERO, "nope.png"), "nope.png: there is no such file"),
        ((HERO, "--print", "{nope}"), "no field {nope}"),
    ],
)
def test_a_mistake_is_one_line_and_sends_nothing(here: Path, words: tuple[str, ...], message: str) -> None:  # noqa: F811
    seen = imgcli("final", *words)
    (line,) = seen.err.splitlines()
    assert (seen.code, message in line) == (2, True)
    assert not Path(HERO_FINAL).exists()


def test_drafts_tell_their_price_beside_that_of_the_finals(here: Path) -> None:  # noqa: F811
    seen = imgcli("gen", "a car", "--draft", "--dry-run", "-q", "high", "-s", "2048x1152", "-n", "20")
    assert "20 drafts about $0.0602; as finals about $0.8486" in seen.err
    plan = [json.loads(line) for line in imgcli("gen", "a car", "--draft", "--dry-run", "--json").lines]
    assert [(line["size"], line["quality"], line["wanted"]) for line in plan] == [
        ("816x816", "low", {"size": "1024x1024", "quality": "medium"})
    ]
    least = imgcli("gen", "a car", "--draft", "--dry-run", "-q", "low", "-s", "816x816")
    assert "no drafts: 1 made as wanted, as nothing cheaper is known" in least.err


def test_a_run_of_drafts_says_what_to_do_with_them(here: Path) -> None:  # noqa: F811
    seen = imgcli("gen", "a car", "--provider", "placeholder", "--draft", "-o", "hero.png")
    assert seen.lines == [str(here / "hero-draft.png")]
    assert "imgcli final --picked" in seen.err
    assert imgcli("final", "hero-draft.png").lines == [str(here / "hero.png")]


def test_a_final_among_the_picks_is_no_trouble(picked: Path) -> None:
    """As when `imgcli pick set/*.png` met both."""
    imgcli("final", "--picked")
    assert imgcli("pick", HERO, HERO_FINAL).code == 0
    again = imgcli("final", "--picked")
    assert (again.code, again.out) == (0, "")
    assert "is final already" in again.err
    assert "every pick has its final" in again.err


def test_a_catalog_that_takes_nothing_costs_no_picture(picked: Path, home: Path) -> None:
    (home / "data" / "catalog.db").write_bytes(b"junk" * 1000)
    seen = imgcli("final", HERO, "--quiet")
    assert (seen.code, seen.lines) == (0, [str(picked / HERO_FINAL)])
    assert "the catalog" in seen.err
    assert sidecar(HERO)["finals"] == [attempt(HERO_FINAL)]


def test_picks_of_another_directory_are_left_alone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    assert imgcli("pick", HERO).code == 0
    other = here.parent / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    seen = imgcli("final", "--picked")
    assert seen.code == 2
    assert "nothing is picked below this directory; 1 pick elsewhere left alone" in seen.err
    assert imgcli("pick", "--clear").code == 0
    monkeypatch.chdir(here)
    assert imgcli("final", "--picked").code == 0
