"""`imgcli styles learn` where nothing is asked; with a text model in tests/e2e/test_verbs.py."""

from pathlib import Path

import pytest
from PIL import Image

from tests.cli.run_cli import imgcli


@pytest.fixture
def here(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (300, 200), (20, 40, 90)).save("car.png")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("car.png", "--name", "x", "--provider", "placeholder"), "a style is not learned by measuring"),
        (("car.png", "--name", "X"), "is not 1 to 40 lower-case letters"),
        (("car.png", "--name", "x", "--family", "A B"), "family"),
        (("nope.png", "--name", "x"), "there is no such file"),
        (("car.png",), "--name"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_written(
    here: Path, home: Path, words: tuple[str, ...], message: str
) -> None:
    seen = imgcli("styles", "learn", *words)
    (line,) = seen.err.splitlines()
    assert (seen.code, message in line) == (2, True), line
    assert not (home / "config" / "styles").exists()


def test_a_name_that_is_taken_is_told_before_anything_is_paid(here: Path, home: Path) -> None:
    styles = home / "config" / "styles"
    styles.mkdir(parents=True)
    (styles / "mine.toml").symlink_to("nowhere.toml")
    seen = imgcli("styles", "learn", "car.png", "--name", "mine")
    assert (seen.code, "exists; nothing is ever overwritten" in seen.err) == (2, True)


def test_a_dry_run_tells_the_price(here: Path) -> None:
    seen = imgcli("styles", "learn", "car.png", "--name", "x", "--dry-run")
    assert (seen.code, seen.out) == (0, "")
    assert "gpt-6-luna distils 1 style: about $" in seen.err
