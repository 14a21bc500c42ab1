import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.style_file import GROUPS, read_draft
from imgcli.director.styles import find_style, inherit, parse_style, style_version
from imgcli.errors import StyleError
from imgcli.model.prompt import Style

STYLES = {name: Style(name, "d", "{prompt}") for name in ("cinematic", "neon-noir", "watercolor")}


def test_a_style_is_found_by_its_name() -> None:
    assert find_style("neon-noir", STYLES) is STYLES["neon-noir"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cinematc", "no style 'cinematc'; did you mean cinematic? (imgcli styles list shows all)"),
        ("Watercolour", "no style 'Watercolour'; did you mean watercolor? (imgcli styles list shows all)"),
        ("zzz", "no style 'zzz' (imgcli styles list shows all)"),
        ("\x1b[2J", r"no style '\x1b[2J' (imgcli styles list shows all)"),
    ],
)
def test_an_unknown_style_gets_a_guess(name: str, message: str) -> None:
    with pytest.raises(StyleError, match=f"^{re.escape(message)}$"):
        find_style(name, STYLES)


PARENT = Style(
    "film",
    "A film frame",
    "A film frame: {prompt}. Low light",
    keywords=(("medium", ("film still",)), ("lighting", ("side light",)), ("mood", ("tense",))),
    avoid=("Flat light", "film grain"),
    colours=("#000001", "#000002", "#000003"),
    size="1536x1024",
    quality="high",
    family="cinema",
    background="opaque",
    palette=("#000001",),
    keyword_prompt="film, {prompt}",
    negative="lowres",
)
OTHER = Style(
    "ink",
    "Ink",
    "An ink drawing: {prompt}.",
    keywords=(("medium", ("ink",)), ("palette", ("black",))),
    avoid=("colour",),
    size="1024x1024",
)


def child(text: str = "", parents: tuple[Style, ...] = (PARENT,), name: str = "mine") -> Style:
    names = [style.name for style in parents]
    return inherit(read_draft(f'description = "Mine"\nextends = {names}\n{text}', name, "mine.toml"), parents)


def test_what_a_file_does_not_say_is_as_in_the_style_it_extends() -> None:
    made = child()
    own: dict[str, Any] = {
        "name": "mine",
        "description": "Mine",
        "source": "mine.toml",
        "extends": ("film",),
        "version": "",
    }
    assert replace(made, version="") == replace(PARENT, **own)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ('size = "portrait"', "size", "1024x1536"),
        ('quality = "low"', "quality", "low"),
        ('family = "mine"', "family", "mine"),
        ('family = ""', "family", ""),
        ('background = "transparent"', "background", "transparent"),
        ('keyword_prompt = "x {prompt}"', "keyword_prompt", "x {prompt}"),
        ('keyword_prompt = ""', "keyword_prompt", ""),
        ('negative = "bad"', "negative", "bad"),
        ('negative = ""', "negative", ""),
        ('colours = ["#00000a", "#00000b", "#00000c"]', "colours", ("#00000a", "#00000b", "#00000c")),
        ("colours = []", "colours", ()),
        ('palette = ["#00000a"]', "palette", ("#00000a",)),
        ("palette = []", "palette", ()),
    ],
)
def test_a_single_value_and_the_colours_replace(text: str, field: str, value: Any) -> None:
    made = child(text)
    assert getattr(made, field) == value
    assert replace(child(), **{field: value}, version="") == replace(made, version="")


def test_a_prose_with_a_subject_replaces_and_one_without_is_added_as_sentences() -> None:
    assert child('prose = "A {prompt}."').prose == "A {prompt}."
    assert child('prose = "Rain {{falls}}."').prose == "A film frame: {prompt}. Low light. Rain {{falls}}."
    twice = child('prose = "And wind."', (child('prose = "Rain."'),))
    assert twice.prose == "A film frame: {prompt}. Low light. Rain. And wind."


def test_a_keyword_group_replaces_that_group_and_an_empty_one_takes_it_away() -> None:
    made = child('keywords.mood = []\nkeywords.lighting = ["fog"]\nkeywords.camera = ["35 mm"]')
    assert made.keywords == (("medium", ("film still",)), ("lighting", ("fog",)), ("camera", ("35 mm",)))
    assert tuple(group for group, _ in made.keywords) == tuple(
        group for group in GROUPS if group in dict(made.keywords)
    )


def test_what_is_avoided_is_added_once_and_a_hyphen_takes_away() -> None:
    assert child('avoid = ["neon", "flat light", "Neon"]').avoid == ("Flat light", "film grain", "neon")
    assert child('avoid = ["-FILM GRAIN", "- flat light", "neon"]').avoid == ("neon",)
    assert child('avoid = ["-nothing of theirs"]').avoid == PARENT.avoid
    assert child('avoid = ["-film grain", "film grain"]').avoid == ("Flat light", "film grain")


def test_several_parents_are_laid_over_one_another_from_left_to_right() -> None:
    made = child("", (PARENT, OTHER))
    assert made.prose == OTHER.prose
    assert (made.size, made.quality, made.palette) == ("1024x1024", "high", PARENT.palette)
    assert made.keywords == (
        ("medium", ("ink",)),
        ("lighting", ("side light",)),
        ("palette", ("black",)),
        ("mood", ("tense",)),
    )
    assert made.avoid == ("Flat light", "film grain", "colour")
    assert made.extends == ("film", "ink")
    assert child("", (OTHER, PARENT)).size == "1536x1024"
    assert child('size = "auto"', (PARENT, OTHER)).size == "auto"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f'prose = "{"x" * 3990}"', "mine.toml: prose: with what it extends it has 4,025 characters; 4,000 are most"),
        (f"avoid = {[f'a{i}' for i in range(39)]}", "mine.toml: avoid: with what it extends there are 41 things; 40"),
    ],
)
def test_too_much_together_is_refused(text: str, message: str) -> None:
    with pytest.raises(StyleError, match=f"^{re.escape(message)}"):
        child(text)


def test_a_style_is_parsed_with_those_it_extends() -> None:
    text = 'description = "Mine"\nextends = "film"\n'
    assert parse_style(text, "mine", "mine.toml", [PARENT]) == child()
    with pytest.raises(StyleError, match=r"^mine\.toml: extends: it cannot be read apart from film$"):
        parse_style(text, "mine", "mine.toml")


# Versions

CHANGES: Mapping[str, Any] = {
    "name": "other",
    "prose": "B: {prompt}.",
    "keywords": (("mood", ("calm",)),),
    "avoid": ("neon",),
    "colours": ("#aaaaaa",) * 3,
    "size": "1024x1024",
    "quality": "max",
    "background": "transparent",
    "palette": ("#ffffff",),
    "keyword_prompt": "{prompt}!",
    "negative": "blurry",
}
TOLD: Mapping[str, Any] = {
    "description": "other",
    "source": "else.toml",
    "family": "other",
    "extends": ("x",),
    "version": "0" * 12,
}


def test_every_field_either_changes_the_version_or_is_only_told() -> None:
    assert {*CHANGES, *TOLD} == set(Style.__dataclass_fields__)
    version = style_version(PARENT)
    assert re.fullmatch(r"[0-9a-f]{12}", version)
    for key, value in CHANGES.items():
        assert style_version(replace(PARENT, **{key: value})) != version, key
    for key, told in TOLD.items():
        assert style_version(replace(PARENT, **{key: told})) == version, key


lines = st.sampled_from(
    [
        "",
        'prose = "Rain."',
        'prose = "B: {prompt}."',
        'size = "square"',
        'size = "landscape"',
        'quality = "high"',
        'family = "x"',
        'negative = ""',
        'avoid = ["neon"]',
        'avoid = ["film grain"]',
        'avoid = ["-film grain"]',
        'avoid = ["-neon"]',
        'keywords.mood = ["tense"]',
        'keywords.mood = ["calm"]',
        "palette = []",
    ]
)


def can_change(style: Style) -> tuple[object, ...]:
    return tuple(getattr(style, key) for key in CHANGES)


@given(one=lines, other=lines, of_parent=lines)
def test_a_version_changes_if_and_only_if_something_that_can_change_a_picture_does(
    one: str, other: str, of_parent: str
) -> None:
    parents = [child("", name="base"), child(of_parent, name="base")]
    made = [child(text, (parent,)) for text in (one, other) for parent in parents]
    for style in made:
        for another in made:
            assert (style.version == another.version) is (can_change(style) == can_change(another))
