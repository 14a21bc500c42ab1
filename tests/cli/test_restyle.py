"""`imgcli restyle` without a text model; with one in tests/e2e/test_verbs.py."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.run_cli import imgcli

FREE = ("--provider", "placeholder")


@pytest.fixture
def here(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (300, 200), (20, 40, 90)).save("car.png")
    return tmp_path


def test_the_picture_is_dressed_in_the_style_and_named_after_it(here: Path) -> None:
    seen = imgcli("restyle", "car.png", "--style", "cinematic", *FREE)
    assert (seen.code, seen.lines) == (0, [str(here / "car-cinematic.png")]), seen.err
    assert "placeholder has no model that describes pictures" in seen.err
    told = json.loads((here / "car-cinematic.png.json").read_text())
    assert told["prompt"]["styles"] == ["cinematic"]
    assert "Keep its composition" in told["prompt"]["directed"]
    with Image.open("car-cinematic.png") as image:
        assert image.size == (300, 200)


def test_several_styles_are_blended(here: Path) -> None:
    seen = imgcli("restyle", "car.png", "--style", "cinematic", "--style", "comic", "-n", "2", *FREE)
    assert sorted(Path(path).name for path in seen.lines) == ["car-cinematic+comic-1.png", "car-cinematic+comic-2.png"]
    assert "styles: " in seen.err


def test_what_is_kept_is_told(here: Path) -> None:
    seen = imgcli("restyle", "car.png", "--style", "comic", "--keep", "palette", *FREE, "--dry-run", "--json")
    directed = json.loads(seen.out)["directed"]
    assert "Keep its colours" in directed
    assert "Its composition is free" in directed


def test_a_palette_cannot_be_kept_and_replaced(here: Path, home: Path) -> None:
    styles = home / "config" / "styles"
    styles.mkdir(parents=True)
    (styles / "ours.toml").write_text('description = "d"\nprose = "In ink: {prompt}."\npalette = ["#102030"]\n')
    seen = imgcli("restyle", "car.png", "--style", "ours", "--keep", "palette", *FREE)
    assert (seen.code, "allows only the colours of its own palette" in seen.err) == (2, True)


def test_a_style_is_needed(here: Path) -> None:
    seen = imgcli("restyle", "car.png")
    assert (seen.code, "--style" in seen.err) == (2, True)
