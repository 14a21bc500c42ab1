import json
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.cli.run_cli import Seen, imgcli
from tests.unit.reports.test_page import Reader

FAMILIES = {"cinema": ("cinematic", "film-noir", "neon-noir", "golden-hour"), "print": ("risograph", "woodcut")}
SINGLE = ("bauhaus", "comic", "watercolor", "food", "glass", "macro")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def own(home: Path) -> None:
    """Styles of two families of one's own."""
    styles = home / "config" / "styles"
    styles.mkdir(parents=True)
    for family, names in FAMILIES.items():
        for name in names:
            text = f'family = "test-{family}"\ndescription = "{name} <in words>"\nprose = "{name}: {{prompt}}."\n'
            (styles / f"my-{name}.toml").write_text(text)


def sheet(*words: str) -> Seen:
    return imgcli("styles", "sheet", *words, "--provider", "placeholder", "--size", "96x96")


def styles(*names: str) -> list[str]:
    return [word for name in names for word in ("--style", name)]


def test_twelve_styles_on_one_labelled_sheet(here: Path, own: None) -> None:
    seen = sheet("a car", "--family", "test-cinema", "--family", "test-print", *styles(*SINGLE))
    assert seen.code == 0, seen.err
    assert "12 pictures, free." in seen.err
    assert [Path(line).name for line in seen.lines[12:]] == ["a-car-sheet.png", "a-car-sheet.html"]
    with Image.open(here / "a-car-sheet.png") as opened:
        picture = opened.convert("RGB")
    assert picture.width > 2000
    paper = Image.new("RGB", picture.size, picture.getpixel((0, 0)))
    left, top, right, bottom = ImageChops.difference(picture, paper).getbbox() or (0, 0, 0, 0)
    assert left >= 75
    assert top >= 75
    assert right <= picture.width - 75
    assert bottom <= picture.height - 35
    reader = Reader((here / "a-car-sheet.html").read_text())
    words = {"test cinema", "test print", "my-film-noir", "film-noir <in words>", "watercolor"}
    assert words <= set(reader.said)
    assert len([tag for tag, name, _ in reader.attributes if (tag, name) == ("img", "src")]) == 12


def test_every_cell_has_one_size_whatever_its_style_prefers(here: Path) -> None:
    seen = imgcli("styles", "sheet", "a car", *styles("cinematic", "comic"), "--provider", "placeholder", "--json")
    pictures = [event for event in map(json.loads, seen.lines) if event["event"] == "picture"]
    assert {event["size"] for event in pictures} == {"1024x1024"}


def test_blends_and_no_style_at_all(here: Path) -> None:
    seen = sheet("a car", *styles("cinematic+comic", "none"))
    assert seen.code == 0, seen.err
    assert sorted(Path(line).name for line in seen.lines[:2]) == ["a-car-1.png", "a-car-cinematic+comic-1.png"]
    said = Reader((here / "a-car-sheet.html").read_text()).said
    assert {"cinematic + comic", "no style"} <= set(said)


def test_styles_picked_one_by_one_stand_side_by_side_in_their_order(here: Path, own: None) -> None:
    assert sheet("a car", *styles("my-risograph", "comic", "my-cinematic")).code == 0
    said = [text for text in Reader((here / "a-car-sheet.html").read_text()).said if text.strip()]
    assert "test cinema" not in said
    assert [said.index(name) for name in ("my-risograph", "comic", "my-cinematic")] == sorted(
        said.index(name) for name in ("my-risograph", "comic", "my-cinematic")
    )


def test_json_has_a_sheet(here: Path) -> None:
    events = [json.loads(line) for line in sheet("a car", *styles("comic", "food"), "--json", "--columns", "1").lines]
    assert (events[-2]["event"], events[-2]["kind"], events[-2]["axes"]) == (
        *("sheet", "sheet"),
        {"style": ["comic", "food"]},
    )
    with Image.open(events[-2]["png"]) as opened:
        assert opened.height > opened.width * 0.9


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "which styles? --all ("),
        (("--family", "test-cinma"), "did you mean 'test-cinema'?"),
        (("--style", "comc"), "did you mean comic?"),
        (("--style", "comic+"), "is not like cinematic"),
        (("--all", "--aspect", "wide"), "--aspect"),
    ],
)
def test_mistakes_are_one_line(here: Path, own: None, words: tuple[str, ...], said: str) -> None:
    seen = sheet("a car", *words)
    assert seen.code == 2
    assert said in seen.err
    assert len(seen.err.splitlines()) == 1
    assert list(here.iterdir()) == []


def test_a_prompt_is_needed(here: Path) -> None:
    assert sheet(" ", "--all").code == 2
    assert "control characters" in sheet("a\x1b[2J", "--all").err


def test_all_styles_can_be_priced_without_a_key(here: Path) -> None:
    count = len(imgcli("styles", "list", "--json").lines)
    seen = imgcli("styles", "sheet", "a car", "--all", "--dry-run", "--json")
    assert seen.code == 0, seen.err
    assert len(seen.lines) == count
    assert imgcli("styles", "sheet", "a car", "--all").code == 4
    assert list(here.iterdir()) == []
