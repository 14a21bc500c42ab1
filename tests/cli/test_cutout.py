"""`imgcli cutout` as a user would see it."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.run_cli import imgcli

FREE = ("--provider", "placeholder")


@pytest.fixture
def here(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    image = Image.new("RGB", (300, 200), (250, 250, 250))
    image.paste((240, 30, 30), (100, 50, 200, 150))
    image.save("car.png")
    return tmp_path


def test_the_background_is_transparent(here: Path) -> None:
    seen = imgcli("cutout", "car.png", *FREE)
    assert (seen.code, seen.lines) == (0, [str(here / "car-cutout.png")]), seen.err
    with Image.open("car-cutout.png") as image:
        alpha = image.convert("RGBA").getchannel("A")
        assert alpha.getextrema()[0] == 0
    told = json.loads((here / "car-cutout.png.json").read_text())
    assert told["asked"]["background"] == "transparent"
    assert told["expect"] == ["alpha"]


def test_a_config_that_wants_jpeg_gets_png(here: Path, home: Path) -> None:
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "config.toml").write_text('format = "jpeg"\n')
    assert imgcli("cutout", "car.png", *FREE).lines == [str(here / "car-cutout.png")]
    assert imgcli("cutout", "car.png", "--format", "webp", *FREE).lines == [str(here / "car-cutout.webp")]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--format", "jpeg", *FREE), "jpeg has no transparency; use --format png or webp"),
        (("-o", "x.jpg", *FREE), "jpeg has no transparency"),
        (("-m", "gpt-image-2"), "gpt-image-2 makes no transparent background; gpt-image-2.5-flare, "),
    ],
)
def test_a_mistake_is_one_line(here: Path, words: tuple[str, ...], message: str) -> None:
    seen = imgcli("cutout", "car.png", *words)
    (line,) = seen.err.splitlines()
    assert (seen.code, message in line) == (2, True), line
