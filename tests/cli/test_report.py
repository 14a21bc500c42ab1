import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run_cli import imgcli
from tests.fake_api.client import FakeApi

REVISE = [
    [", anticipation", ""],
    ["No text[^.]*[.]", "A sign with large text."],
    ["a car", "a =SUM(A1) car with +god rays"],
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def library(here: Path, fake_api: FakeApi, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two cinematic pictures and one without a style; the model changed what REVISE says."""
    for name, value in fake_api.env(home).items():
        monkeypatch.setenv(name, value)
    fake_api.script(revise=REVISE)
    model = ("-q", "low", "-m", "gpt-image-2.5-flare")
    assert (
        imgcli("gen", "a car", "-n", "2", "--style", "cinematic", "--tag", "launch", "--no", "text, logos", *model).code
        == 0
    )
    assert imgcli("gen", "a car", "--no", "=1+1", *model).code == 0
    return here


def report(*words: str) -> list[dict[str, Any]]:
    seen = imgcli("report", "prompts", *words, "--json")
    assert seen.code == 0, seen.err
    return [json.loads(line) for line in seen.lines]


def of(lines: list[dict[str, Any]], event: str) -> list[dict[str, Any]]:
    return [{k: v for k, v in line.items() if k != "event"} for line in lines if line["event"] == event]


def test_everything_is_counted(library: Path) -> None:
    lines = report()
    assert of(lines, "constraint") == [
        {"thing": "logos", "kept": 2, "lost": 0, "inverted": 0},
        {"thing": "text", "kept": 0, "lost": 0, "inverted": 2},
        {"thing": "=1+1", "kept": 1, "lost": 0, "inverted": 0},
    ]
    (style,) = of(lines, "style")
    assert (style["style"], style["pictures"], style["said"] - style["survived"]) == ("cinematic", 2, 2)
    assert of(lines, "dropped") == [{"phrase": "anticipation", "style": "cinematic", "said": 2, "dropped": 2}]
    assert {"word": "rays", "pictures": 3} in of(lines, "added")
    assert lines[-1] | {"told": ""} == {"event": "end", "pictures": 3, "revised": 3, "made": 3, "told": ""}


def test_people_see_tables(library: Path) -> None:
    seen = imgcli("report", "prompts")
    for words in ("What survives of a style", "What must not appear", "What models drop most", "What models add most"):
        assert words in seen.out
    assert "3 pictures with a revised prompt, of 3 made; counted by words alone" in seen.err


def test_style_tag_and_day_narrow_it(library: Path) -> None:
    assert report("--style", "cinematic")[-1]["pictures"] == 2
    assert report("--tag", " launch")[-1]["pictures"] == 2
    assert report("--since", "2020-01-01")[-1]["pictures"] == 3
    assert report("--since", "2999-01-01")[-1]["pictures"] == 0
    assert "none of the 3 pictures with a revised prompt" in imgcli("report", "prompts", "--tag", "other").err
    seen = imgcli("report", "prompts", "--style", "cinmatic")
    assert (seen.code, "cinematic" in seen.err) == (2, True)


def test_csv_holds_no_formula(library: Path) -> None:
    seen = imgcli("report", "prompts", "--csv")
    head, *rows = list(csv.reader(io.StringIO(seen.out)))
    assert head == ["kind", "name", "style", "pictures", "said", "kept", "lost", "inverted"]
    assert ["constraint", "'=1+1", "", "1", "", "1", "0", "0"] in rows
    assert all(len(row) == len(head) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_without_revised_prompts_it_says_why(here: Path) -> None:
    assert "no picture is made yet, none with a revised prompt" in imgcli("report", "prompts").err
    imgcli("gen", "a car", "--provider", "placeholder", "-s", "64x64")
    seen = imgcli("report", "prompts")
    assert (seen.code, seen.out) == (0, "")
    assert "1 picture made, none with a revised prompt: GPT Image models do not tell" in seen.err
    (end,) = report()
    assert (end["pictures"], end["made"], "GPT Image models" in end["told"]) == (0, 1, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--since", "yesterday"), "--since 'yesterday' is no day; write it like 2026-11-01"),
        (("--json", "--csv"), "say --json or --csv, not both"),
    ],
)
def test_mistakes_are_told(words: tuple[str, ...], message: str) -> None:
    seen = imgcli("report", "prompts", *words)
    assert (seen.code, message in seen.err) == (2, True)
