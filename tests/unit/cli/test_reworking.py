"""What the commands share that make a picture from a picture."""

from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.cli.reworking import card_for, directed, named_after, prompt_of, require_fixed, settled
from imgcli.errors import UsageError
from imgcli.model.entry import Entry


@pytest.mark.parametrize(
    ("image", "template"),
    [
        ("a/car.png", "car-cutout"),
        ("{x}.png", "{{x}}-cutout"),
        ("no extension", "no extension-cutout"),
        (".png", ".png-cutout"),
        ("a\\b.jpg", "a-b-cutout"),
    ],
)
def test_names_begin_as_the_picture_does(image: str, template: str, home: Path) -> None:
    assert named_after(Path(image), "cutout", settled({}, None, None, None)).template == template


def test_a_template_of_the_user_stays_where_it_says_something(home: Path) -> None:
    chosen = settled({"template": "{slug}-{n}"}, None, None, None)
    assert named_after(Path("car.png"), "x", chosen).template == "car-x"
    assert named_after(Path("car.png"), "x", chosen, prompt="red").template == "{slug}-{n}"
    dated = settled({"template": "{date}-{n}"}, None, None, None)
    assert named_after(Path("car.png"), "x", dated).template == "{date}-{n}"


def test_prompts_are_never_expanded_and_formats_follow_the_name(home: Path) -> None:
    assert settled({"model": None}, "out/x.webp", None, None).format == "webp"
    assert settled({}, "out/x.webp", "png", None).format == "png"
    assert settled({}, None, None, None).expand == "off"


def test_a_prompt_may_be_left_out_and_is_looked_at() -> None:
    assert prompt_of(None, yes=False) == prompt_of("  ", yes=False) == ""
    assert prompt_of("make it red", yes=False) == "make it red"
    with pytest.raises(UsageError, match="looks like a command"):
        prompt_of("upscale", yes=False)
    assert prompt_of("upscale", yes=True) == "upscale"


def test_directed_words_stand_beside_those_that_were_typed() -> None:
    entry = Entry("red", id="a", where="a")
    made = directed(entry, "Keep it. red.", n=3)
    assert (made.prompt, made.expanded, made.style, made.n) == ("red", "Keep it. red.", (), 3)
    assert directed(replace(entry, style=("comic",)), "x").style == ("comic",)


def test_the_model_and_its_siblings(home: Path) -> None:
    card, cards = card_for(Entry("", id="a", where="a", model="gpt-image-2"), settled({}, None, None, None))
    assert card.name == "gpt-image-2"
    assert {"gpt-image-2.5-flare", "gpt-image-2"} <= {one.name for one in cards}


@pytest.mark.parametrize("text", ["auto", "big", "10", "0x10"])
def test_sizes_are_pixels(text: str) -> None:
    with pytest.raises(UsageError):
        require_fixed("--to", text)
    assert require_fixed("--to", "landscape") == (1536, 1024)
