import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run_cli import imgcli

BATCH = """
[defaults]
provider = "placeholder"
no = ["text"]

[[prompts]]
id = "hero"
prompt = "a car"
style = ["cinematic", "watercolor"]
size = "1024x1536"

[[prompts]]
id = "plain"
prompt = "a boat"
n = 3
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def explained(*words: str) -> list[dict[str, Any]]:
    seen = imgcli(*words, "--explain", "--json")
    assert (seen.code, seen.err) == (0, "")
    return [json.loads(line) for line in seen.lines]


def test_each_part_of_a_prompt_says_who_said_it(here: Path) -> None:
    (line,) = explained("gen", "a car in haze", "--style", "cinematic", "--no", "text", "--provider", "placeholder")
    assert "".join(piece["text"] for piece in line["pieces"]) == line["directed"]
    assert {piece["by"] for piece in line["pieces"]} == {None, "cinematic", "--no"}
    assert "".join(piece["text"] for piece in line["pieces"] if piece["by"] is None) == line["typed"] == "a car in haze"
    assert line["size"] == {"value": "1536x1024", "from": "style cinematic"}
    assert line["quality"] == {"value": "medium", "from": "default"}
    assert line["styles"][0]["name"] == "cinematic"
    assert len(line["styles"][0]["version"]) == 12


def test_nothing_is_sent_and_nothing_is_written(here: Path, home: Path) -> None:
    seen = imgcli("gen", "a car", "--provider", "placeholder", "--explain")
    assert seen.code == 0
    assert "nothing was sent" in seen.err
    assert list(here.rglob("*.png*")) == []
    assert not list(home.rglob("ledger.db"))


def test_people_read_who_said_what(here: Path) -> None:
    words = ("--style", "cinematic", "--no", "haze", "--provider", "placeholder")
    out = imgcli("gen", "a car", *words, "--explain").out
    assert "  typed       a car\n" in out
    assert "cinematic | A single frame from a feature film:\n" in out
    assert "you       | a car\n" in out
    assert "left out    light haze  (keyword of cinematic: --no haze names it)" in out
    assert "size        1536x1024  (style cinematic)" in out


def test_who_chose_what(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGCLI_QUALITY", "high")
    words = ("gen", "a car", "--provider", "placeholder", "--style", "cinematic")
    (line,) = explained(*words, "--size", "512x512")
    assert line["size"]["from"] == "--size"
    assert line["quality"] == {"value": "high", "from": "IMGCLI_QUALITY"}
    (line,) = explained(*words, "-a", "16:9", "-q", "low", "-m", "placeholder")
    assert (line["size"]["from"], line["quality"]["from"], line["model"]["from"]) == (
        "--aspect 16:9",
        "--quality",
        "--model",
    )


def test_a_batch_is_explained_prompt_by_prompt(here: Path) -> None:
    (here / "set.toml").write_text(BATCH)
    hero, plain = explained("batch", "set.toml")
    assert (hero["id"], hero["pictures"], plain["id"], plain["pictures"]) == ("hero", 1, "plain", 3)
    assert hero["size"]["from"].startswith("set.toml")
    assert plain["size"]["from"] == "default"
    assert {o["style"] for o in hero["left_out"] if o["part"] == "keyword"} == {"watercolor"}
    assert [piece["by"] for piece in plain["pieces"]] == [None, "--no"]
    hero, _ = explained("batch", "set.toml", "--size", "512x512")
    assert hero["size"] == {"value": "512x512", "from": "--size"}
    # What is made already is explained all the same.
    assert imgcli("batch", "set.toml", "--size", "64x64").code == 0
    assert len(explained("batch", "set.toml", "--size", "64x64")) == 2


def test_keyword_models_show_their_negative_prompt(here: Path, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text(
        '[providers.local]\nkind = "openai"\nbase_url = "http://127.0.0.1:9/v1"\nwording = "keywords"\n'
        'models = ["sd"]\n'
    )
    words = ("gen", "a car", "--provider", "local", "-m", "sd", "--style", "cinematic", "--no", "text")
    (line,) = explained(*words)
    assert line["negative"].startswith("text, letters")
    assert line["pieces"][0] == {"text": "a car", "by": None}
    assert line["upper_usd"] is None
    assert "price       unknown:" in imgcli(*words, "--explain").out


@pytest.mark.parametrize("words", [("--style", "cinmatic"), ("--size", "3x")])
def test_mistakes_are_told_as_ever(here: Path, words: tuple[str, str]) -> None:
    assert imgcli("gen", "a car", "--provider", "placeholder", "--explain", *words).code == 2


def test_an_expansion_is_a_step_of_its_own(here: Path) -> None:
    words = ("gen", "a car", "--provider", "placeholder", "--expand", "local", "--style", "cinematic")
    (line,) = explained(*words)
    assert line["expanded"].startswith("a car")
    assert "".join(piece["text"] for piece in line["pieces"]) == line["directed"]
    assert next(piece["text"] for piece in line["pieces"] if piece["by"] is None) == line["expanded"]
    out = imgcli(*words, "--explain").out
    assert "expanded    a car{+" in out
    assert "  expanded  | a car" in out
    one, two = explained(*words, "--ideas", "2")
    assert (one["id"], two["id"]) == ("prompt-001-idea-1", "prompt-001-idea-2")
    assert one["expanded"] != two["expanded"]
