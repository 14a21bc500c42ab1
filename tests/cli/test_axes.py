import json
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.run_cli import Seen, imgcli
from tests.unit.reports.test_page import Reader


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def grid(*words: str, size: str = "96x64") -> Seen:
    return imgcli("gen", *words, "--provider", "placeholder", *(["--size", size] if size else []))


def texts(page: Path) -> str:
    return " ".join(Reader(page.read_text()).said)


def test_two_axes_make_pictures_and_a_table_of_them(here: Path) -> None:
    seen = grid("a car", "--vary", "style=cinematic,none", "--vary", "quality=low,high")
    assert seen.code == 0, seen.err
    assert sorted(Path(line).name for line in seen.lines[:4]) == [
        *("a-car-cinematic-high-1.png", "a-car-cinematic-low-1.png", "a-car-high-1.png", "a-car-low-1.png")
    ]
    assert [Path(line).name for line in seen.lines[4:]] == ["a-car-grid.png", "a-car-grid.html"]
    assert "4 pictures, free." in seen.err
    assert len(list(here.glob("*.png.json"))) == 4, "each cell is a picture like any other"
    with Image.open(here / "a-car-grid.png") as opened:
        assert min(opened.size) > 300
    said = texts(here / "a-car-grid.html")
    assert all(word in said for word in ("cinematic", "no style", "low", "high", "a car", "4 pictures"))


def test_a_word_of_the_prompt_is_an_axis(here: Path) -> None:
    seen = grid("a {colour} car {x}", "--vary", r"colour=red,sea\, green", "--vary", "seed=1,2")
    assert seen.code == 0, seen.err
    sidecars = [json.loads(path.read_text()) for path in here.glob("*.png.json")]
    assert sorted(told["prompt"]["typed"] for told in sidecars) == [
        *["a red car {x}"] * 2,
        *["a sea, green car {x}"] * 2,
    ]
    assert (here / "a-red-car-x-2-1.png").exists()


def test_a_second_run_overwrites_nothing(here: Path) -> None:
    words = ("a car", "--vary", "quality=low,high")
    assert grid(*words).code == 0
    before = {path: path.read_bytes() for path in here.iterdir()}
    second = grid(*words)
    assert [Path(line).name for line in second.lines[2:]] == ["a-car-grid-2.png", "a-car-grid-2.html"]
    assert {path: path.read_bytes() for path in before} == before
    assert "a-car-low-2.png" in (here / "a-car-grid-2.html").read_text()


def test_each_prompt_has_a_grid_of_its_own(here: Path) -> None:
    seen = grid("a car", "a boat", "--vary", "quality=low,high")
    assert [Path(line).name for line in seen.lines if "grid.html" in line] == ["a-car-grid.html", "a-boat-grid.html"]
    assert "boat" not in texts(here / "a-car-grid.html")


def test_of_several_pictures_of_a_cell_the_first_is_shown_and_the_others_linked(here: Path) -> None:
    assert grid("a car", "--vary", "quality=low,high", "-n", "2").code == 0
    page = (here / "a-car-grid.html").read_text()
    assert '<img src="a-car-low-1.png"' in page
    assert '<img src="a-car-low-2.png"' not in page
    assert 'href="a-car-low-2.png"' in page
    assert "first of 2" in page


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("-o", "pics/hero.png"), ["hero-high.png", "hero-low.png"]),
        (("--template", "{style}_x-{n}"), ["_x-high-1.png", "_x-low-1.png"]),
        (("--template", "{id}"), ["high.png", "low.png"]),
    ],
)
def test_names_of_ones_own_tell_the_cells_apart(here: Path, words: tuple[str, ...], expected: list[str]) -> None:
    seen = grid("a car", "--vary", "quality=low,high", *words)
    assert seen.code == 0, seen.err
    assert sorted(Path(line).name for line in seen.lines if "grid" not in line) == expected


def test_cells_without_room_in_the_budget_are_blanks(here: Path) -> None:
    imgcli("budget", "set", "--pictures", "3", "--per", "day")
    seen = grid("a car", "--vary", "style=cinematic,none", "--vary", "quality=low,high")
    assert seen.code == 3
    assert [Path(line).name for line in seen.lines[3:]] == ["a-car-grid.png", "a-car-grid.html"]
    said = texts(here / "a-car-grid.html")
    assert "refused: " in said
    assert "3 of 4 pictures" in said


def test_a_run_without_a_picture_makes_no_grid(here: Path) -> None:
    imgcli("budget", "set", "--pictures", "0", "--per", "day")
    assert grid("a car", "--vary", "quality=low,high").code == 3
    assert list(here.iterdir()) == []


def test_each_cell_is_expanded_by_itself(here: Path) -> None:
    seen = grid("a {thing}", "--vary", "thing=car,boat", "--expand", "local")
    assert seen.code == 0, seen.err
    said = texts(here / "a-thing-grid.html").replace("a {thing}", "")
    assert "car" in said
    assert "boat" in said
    told = [json.loads(path.read_text())["prompt"] for path in here.glob("*.png.json")]
    assert all(len(words["directed"]) > len(words["typed"]) + 20 for words in told)


def test_json_tells_of_the_grid_before_the_sums(here: Path) -> None:
    seen = grid("a car", "--vary", "style=cinematic,none", "--json")
    events = [json.loads(line) for line in seen.lines]
    assert [event["event"] for event in events[-2:]] == ["sheet", "end"]
    assert events[-2] == {
        "event": "sheet",
        "kind": "grid",
        "prompt": "a car",
        "axes": {"style": ["cinematic", "none"]},
        "png": str(here / "a-car-grid.png"),
        "html": str(here / "a-car-grid.html"),
        "blank": 0,
    }


def test_print_has_stdout_to_itself(here: Path) -> None:
    seen = grid("a car", "--vary", "quality=low,high", "--print", "{quality}")
    assert sorted(seen.lines) == ["high", "low"]
    assert "grid: " in seen.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--vary", "stile=a,b"), "did you mean style?"),
        (("--vary", "style=cinematic,nior"), "style=nior: no style 'nior'"),
        (("--vary", "quality=low,high", "--quality", "low"), "and --quality both"),
        (("--vary", "model=placeholder,x", "-m", "placeholder"), "and --model both"),
        (("--vary", "seed=1,2", "--ideas", "2"), "--vary and --ideas"),
        (("--vary", "quality=low,immense"), "quality=immense: placeholder has no quality"),
        (("--vary", "seed=1,2", "--vary", "quality=low,low"), "there twice"),
    ],
)
def test_mistakes_are_one_line_and_nothing_is_made(here: Path, words: tuple[str, ...], said: str) -> None:
    seen = grid("a car", *words)
    assert seen.code == 2
    assert said in seen.err
    assert len(seen.err.splitlines()) == 1
    assert list(here.iterdir()) == []


def test_a_dry_run_lists_the_cells_with_prices_and_sends_nothing(here: Path) -> None:
    words = ("gen", "a car", "--vary", "quality=low,high", "--vary", "style=cinematic,none", "--dry-run")
    seen = imgcli(*words)
    assert seen.code == 0, seen.err
    assert all(cell in seen.out for cell in ("low/cinematic", "low/none", "high/cinematic", "high/none"))
    assert "4 pictures, about $" in seen.err
    plans = [json.loads(line) for line in imgcli(*words, "--json").lines]
    assert [plan["id"] for plan in plans][:2] == ["low/cinematic", "low/none"]
    assert all(plan["expected_usd"] for plan in plans)
    assert list(here.iterdir()) == []
