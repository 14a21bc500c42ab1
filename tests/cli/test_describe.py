"""`imgcli describe` by measuring; by a text model in tests/e2e/test_verbs.py."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.run_cli import imgcli


@pytest.fixture
def here(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    image = Image.new("RGBA", (300, 200), (20, 40, 90, 255))
    image.paste((0, 0, 0, 0), (0, 0, 150, 200))
    image.save("car.png")
    Image.new("RGB", (64, 64), "white").save("white.jpg")
    return tmp_path


def test_what_is_measured_is_said_to_be(here: Path) -> None:
    seen = imgcli("describe", "car.png", "white.jpg", "--local")
    assert seen.code == 0
    assert seen.err == ""
    assert seen.lines[0] == "car.png (measured here)"
    assert "  shape           landscape 3:2" in seen.lines
    assert "  colours         navy #14285a 100%" in seen.lines
    assert "  transparent     50%" in seen.lines
    assert "white.jpg (measured here)" in seen.lines


def test_a_provider_without_a_text_model_has_them_measured(here: Path) -> None:
    seen = imgcli("describe", "white.jpg", "--provider", "placeholder")
    assert (seen.code, "so the pictures are measured" in seen.err) == (0, True)
    (told,) = (
        json.loads(line) for line in imgcli("describe", "white.jpg", "--provider", "placeholder", "--json").lines
    )
    assert (told["by"], told["key"], told["has_alpha"]) == ("measured here", "high", False)


def test_a_hostile_name_is_shown_escaped(here: Path) -> None:
    (here / "white.jpg").rename(here / "a\x1b[2Jb.jpg")
    seen = imgcli("describe", "a\x1b[2Jb.jpg", "--local")
    assert (seen.code, "\x1b" in seen.out) == (0, False)


def test_nobody_is_asked_anew_where_nobody_is_asked(here: Path) -> None:
    seen = imgcli("describe", "white.jpg", "--local", "--again")
    assert (seen.code, seen.err) == (2, "error: --local measures and asks nobody; leave --again out\n")


def test_without_a_key_nothing_is_asked(here: Path) -> None:
    seen = imgcli("describe", "white.jpg")
    assert seen.code == 4
    assert imgcli("describe", "white.jpg", "--dry-run").code == 0
