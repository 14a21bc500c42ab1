"""`imgcli upscale` as a user would see it."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.run_cli import imgcli

FREE = ("--provider", "placeholder")


@pytest.fixture
def here(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (1500, 1000), (20, 40, 90)).save("car.png")
    Image.new("RGB", (300, 200), (20, 40, 90)).save("small.png")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "size"), [((), (600, 400)), (("--by", "1.5"), (450, 300)), (("--to", "900x600"), (900, 600))]
)
def test_it_is_made_anew_larger(here: Path, words: tuple[str, ...], size: tuple[int, int]) -> None:
    seen = imgcli("upscale", "small.png", *words, *FREE)
    name = f"small-{size[0]}x{size[1]}.png"
    assert (seen.code, seen.lines) == (0, [str(here / name)]), seen.err
    with Image.open(name) as image:
        assert image.size == size


def test_by_takes_the_nearest_size_that_the_model_makes(here: Path) -> None:
    told = json.loads(imgcli("upscale", "car.png", "--dry-run", "--json").out)
    assert told["size"] == "3008x2000"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--to", "1500x1000"), "car.png is 1500x1000 already, so 1500x1000 is no larger"),
        (("--to", "2000x2000"), "is another shape; imgcli outpaint adds to its sides"),
        (
            ("--to", "3000x2000"),
            "gpt-image-2.5-flare cannot make 3000x2000: both sides must be multiples of 16; use --to 3008x2000",
        ),
        (("--by", "4"), "cannot make 6000x4000"),
        (("--by", "0.5"), "0.5 is not between 1 and 16"),
        (("--by", "nan"), "--by nan is no number from 1 to 16"),
        (("--by", "inf"), "inf is not between 1 and 16"),
        (("--by", "2", "--to", "3008x2000"), "--to and --by at once"),
        (("--to", "auto"), "--to 'auto' is not WIDTHxHEIGHT"),
        (
            ("-m", "gpt-image-1.5"),
            "gpt-image-1.5 makes fixed sizes only (1024x1024, 1536x1024, 1024x1536); gpt-image-2.5-flare, ",
        ),
    ],
)
def test_a_mistake_is_one_line(here: Path, words: tuple[str, ...], message: str) -> None:
    seen = imgcli("upscale", "car.png", *words)
    (line,) = seen.err.splitlines()
    assert (seen.code, message in line) == (2, True), line


def test_the_help_says_what_it_is_not() -> None:
    told = " ".join(imgcli("upscale", "--help").out.split())
    assert "made again by a model that has it as reference" in told
    assert "not enlarged pixel by pixel" in told


def test_the_very_same_is_taken_from_the_cache_where_that_is_asked(here: Path) -> None:
    first = imgcli("upscale", "small.png", "--cache", "use", *FREE)
    (here / "small-600x400.png").rename(here / "away.png")
    again = imgcli("upscale", "small.png", "--cache", "use", "--json", *FREE)
    assert (first.code, again.code) == (0, 0), again.err
    assert [json.loads(line)["status"] for line in again.lines if '"picture"' in line] == ["reused"]
