"""`imgcli vary` as a user would see it."""

import json
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


def planned(*words: str) -> list[dict[str, object]]:
    seen = imgcli("vary", *words, *FREE, "--dry-run", "--json")
    assert seen.code == 0, seen.err
    return [json.loads(line) for line in seen.lines]


def test_four_variations_of_the_size_of_the_picture(here: Path) -> None:
    seen = imgcli("vary", "car.png", *FREE)
    assert seen.code == 0, seen.err
    assert sorted(Path(path).name for path in seen.lines) == [f"car-vary-{n}.png" for n in range(1, 5)]
    datas = {Path(path).read_bytes() for path in seen.lines}
    assert len(datas) == 4
    for path in seen.lines:
        with Image.open(path) as image:
            assert image.size == (300, 200)
    again = imgcli("vary", "car.png", "-n", "1", *FREE)
    assert again.lines == [str(here / "car-vary-5.png")]


def test_each_says_what_it_changes(here: Path) -> None:
    lines = planned("car.png", "-n", "12", "--strength", "subtle")
    words = [str(line["directed"]) for line in lines]
    assert len(set(words)) == 12
    assert all("Change only this: " in text for text in words)
    assert {line["prompt"] for line in lines} == {""}
    assert not any((here / f"car-vary-{n}.png").exists() for n in range(13))


def test_what_is_said_is_not_varied(here: Path) -> None:
    for line in planned("car.png", "at night, close-up", "-n", "12", "--no", "plants", "--style", "cinematic"):
        change = str(line["directed"]).split("change only this: ")[1].split(".")[0]
        assert not any(word in change for word in ("morning", "noon", "seen from", "plants", "palette"))
    assert line["styles"] == ["cinematic"]


def test_the_style_of_the_config_is_not_put_on_it(here: Path, home: Path) -> None:
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "config.toml").write_text('style = ["comic"]\nexpand = "model"\n')
    (line,) = planned("car.png", "-n", "1")
    assert line["styles"] == []


def test_names_may_be_chosen(here: Path) -> None:
    assert sorted(imgcli("vary", "car.png", *FREE, "-n", "2", "-o", "out/x.png").lines) == [
        str(here / "out" / "x-1.png"),
        str(here / "out" / "x-2.png"),
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nope.png",), "nope.png: there is no such file"),
        (("car.png", "--strength", "strnog"), "--strength 'strnog' is not one of subtle, medium, strong; did you mean"),
        (("car.png", "--style", "nope"), "no style 'nope'"),
        (("car.png", "gen"), "looks like a command"),
        (("car.png", "-n", "101"), "101 is not between 1 and 100"),
        (
            (
                "car.png",
                "--no",
                "light, shadow, camera, crop, frame, room, subject, outlines, secondary, traces, details, instant, whatever",
                "-n",
                "30",
                "--strength",
                "subtle",
            ),
            "different variations fit these words at --strength subtle, not 30",
        ),
    ],
)
def test_a_mistake_is_one_line(here: Path, words: tuple[str, ...], message: str) -> None:
    seen = imgcli("vary", *words, *FREE)
    (line,) = seen.err.splitlines()
    assert (seen.code, message in line) == (2, True), line


def test_the_help_says_that_the_endpoint_is_gone() -> None:
    told = " ".join(imgcli("vary", "--help").out.split())
    assert "endpoint for variations is retired: these are edits, with the picture as reference" in told
