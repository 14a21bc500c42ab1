"""`imgcli outpaint` as a user would see it; its bytes in tests/e2e/test_verbs.py."""

from pathlib import Path

import pytest
from PIL import Image

from tests.cli.run_cli import imgcli

FREE = ("--provider", "placeholder")


@pytest.fixture
def here(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    image = Image.new("RGB", (300, 200), (20, 40, 90))
    image.paste((240, 130, 30), (50, 50, 150, 150))
    image.save("car.png")
    return tmp_path


@pytest.mark.parametrize(("anchor", "place"), [("center", (100, 50)), ("left", (0, 50)), ("bottom-right", (200, 100))])
def test_the_picture_lies_in_the_larger_one_as_it_was(here: Path, anchor: str, place: tuple[int, int]) -> None:
    seen = imgcli("outpaint", "car.png", "--to", "500x300", "--anchor", anchor, *FREE)
    assert (seen.code, seen.lines) == (0, [str(here / "car-500x300.png")]), seen.err
    with Image.open("car-500x300.png") as whole, Image.open("car.png") as own:
        assert whole.size == (500, 300)
        box = (*place, place[0] + 300, place[1] + 200)
        assert whole.convert("RGB").crop(box).tobytes() == own.tobytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--to", "300x200"), "nothing can be added around it in 300x200"),
        (("--to", "250x400"), "nothing can be added around it in 250x400"),
        (("--to", "500x300", "--anchor", "middle"), "the anchor 'middle' is not one of center"),
        (("--to", "auto"), "--to 'auto' is not WIDTHxHEIGHT"),
        ((), "Missing option '--to'"),
        (
            ("--to", "1537x1025", "--provider", "openai"),
            "gpt-image-2.5-flare cannot make 1537x1025: both sides must be multiples",
        ),
        (
            ("--to", "2048x1152", "--provider", "openai", "-m", "gpt-image-1.5"),
            "gpt-image-1.5 cannot make 2048x1152: it makes fixed sizes only",
        ),
        (("--to", "2048x1152", "--provider", "openai", "-m", "gpt-image-1.5"), "gpt-image-2.5-flare, "),
    ],
)
def test_a_mistake_is_one_line(here: Path, words: tuple[str, ...], message: str) -> None:
    seen = imgcli("outpaint", "car.png", *([] if "--provider" in words else FREE), *words)
    (line,) = seen.err.splitlines()
    assert (seen.code, message in line) == (2, True), line


def test_a_dry_run_leaves_nothing_behind(here: Path, home: Path) -> None:
    assert imgcli("outpaint", "car.png", "--to", "500x300", "--dry-run", *FREE).code == 0
    assert not (home / "cache").exists()
    assert sorted(path.name for path in here.glob("*.png")) == ["car.png"]
