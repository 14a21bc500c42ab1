"""`docs/styles.md`: its examples are styles, and what it says of them is so."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from imgcli.director.shelf import open_shelf
from imgcli.director.style_file import GROUPS, KEYS
from imgcli.director.style_lint import Looked, lint
from imgcli.wiring import openai_cards

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "styles.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"```toml\n# ([a-z-]+)\.toml\n(.*?)```", PAGE, re.DOTALL))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for name, text in EXAMPLES.items():
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    return tmp_path


def test_every_example_is_a_style_without_a_mistake(directory: Path) -> None:
    assert len(EXAMPLES) == PAGE.count("```toml") == 5
    shelf = open_shelf([directory])
    for name in EXAMPLES:
        looked = Looked(shelf[name], openai_cards(), shelf.draft(name), shelf.parents(name))
        assert lint(looked) == []


def test_the_examples_do_what_is_said_of_them(directory: Path) -> None:
    shelf, built_in = open_shelf([directory]), open_shelf([])
    rainy, film = shelf["rainy-cinema"], built_in["cinematic"]
    # It extends cinematic, which is the file of that name beside it.
    assert rainy.prose == f"{film.prose} Heavy rain hangs in the light like threads, and every surface is wet."
    assert "oversaturated colours" not in rainy.avoid
    assert rainy.avoid[-1] == "dry ground"
    assert dict(rainy.keywords)["mood"] == ("restless",)
    assert dict(rainy.keywords)["lighting"] == dict(film.keywords)["lighting"]
    assert (shelf["cinematic"].size, shelf["cinematic"].prose) == ("1024x1024", film.prose)
    poster = shelf["our-poster"]
    assert poster.prose == built_in["mid-century-poster"].prose
    assert set(built_in["flat-vector"].avoid) <= set(poster.avoid)
    assert shelf["ink-diffusion"].prose == built_in["ink-line"].prose


def test_every_key_is_on_the_page() -> None:
    table = PAGE[PAGE.index("| key |") : PAGE.index("A brace that is meant")]
    assert set(re.findall(r"`\[?([a-z_]+)\]?`", table)) >= {*KEYS, *GROUPS}


def test_the_commands_of_the_page_name_styles_that_are_there() -> None:
    there = {entry.name.removesuffix(".toml") for entry in files("imgcli.director").joinpath("presets").iterdir()}
    named = set(re.findall(r"--style ([a-z-]+)", PAGE)) | set(re.findall(r"styles show ([a-z]+)", PAGE))
    assert named
    assert named <= there
