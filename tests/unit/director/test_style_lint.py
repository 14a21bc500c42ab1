from dataclasses import replace
from typing import Any

import pytest

from imgcli.director.shelf import open_shelf
from imgcli.director.style_file import read_draft
from imgcli.director.style_lint import RULES, Looked, lint
from imgcli.director.styles import inherit
from imgcli.model.card import ModelCard
from imgcli.model.prompt import Style
from imgcli.model.size import Size
from imgcli.wiring import openai_cards
from tests.rows import each_row

CARDS = (
    ModelCard("one", "openai", sizes=(Size(1024, 1024),), qualities=("low", "auto")),
    ModelCard("two", "openai", sizes=(Size(512, 512),), qualities=("max", "auto")),
)
PROSE = (
    "A film frame: {prompt}. One soft light from the side, a shallow lens and a composition in three layers, "
    "never a busy one; nothing distracts."
)
GOOD = Style(
    "good",
    "A frame from a film",
    PROSE,
    keywords=(("medium", ("film still",)), ("mood", ("tense",))),
    avoid=("text",),
    colours=("#000000", "#111111", "#222222"),
    size="1024x1024",
    quality="max",
    family="cinema",
)


def tripped(style: Style) -> set[str]:
    return {warned.rule for warned in lint(Looked(style, CARDS))}


def test_a_good_style_trips_no_rule() -> None:
    assert lint(Looked(GOOD, CARDS)) == []


TRIPS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("description", {"description": "x" * 71}, {"description": "x" * 70}),
    ("family", {"family": ""}, {"family": "x"}),
    ("length", {"prose": "A photo: {prompt}."}, {"prose": "{prompt}" + "x" * 72}),
    ("length", {"prose": "{prompt}" + "x" * 693}, {"prose": "{prompt}" + "x" * 692}),
    ("subject", {"prose": f"{PROSE} A lone woman walks."}, {"prose": f"{PROSE} No woman is there."}),
    (
        "subject",
        {"prose": f"{PROSE} A car passes."},
        {"prose": f"{PROSE} A car-like shine, cardinal red, a bird's-eye view."},
    ),
    ("names", {"prose": f"{PROSE} Like Hokusai."}, {"prose": f"{PROSE} Like a woodblock print."}),
    ("names", {"prose": f"{PROSE} In the style of a master."}, {"prose": f"{PROSE} In a style of its own."}),
    ("names", {"keywords": (("medium", ("Kodak film",)),)}, {"keywords": (("medium", ("colour film",)),)}),
    ("names", {"keyword_prompt": "{prompt}, Pixar"}, {"keyword_prompt": "{prompt}, soft 3D"}),
    ("contradiction", {"avoid": ("soft light",)}, {"avoid": ("busy one",)}),
    ("contradiction", {"avoid": ("film still",)}, {"avoid": ("hard light",)}),
    ("repeated", {"keywords": (("medium", ("a",)), ("mood", ("A",)))}, {"keywords": (("medium", ("a", "b")),)}),
    ("medium", {"keywords": ()}, {"keywords": (), "keyword_prompt": "{prompt}, ink"}),
    ("colours", {"colours": ()}, {"colours": (), "palette": ("#000000", "#111111", "#222222")}),
    ("size", {"size": "640x640"}, {"size": "512x512"}),
    ("size", {"size": "640x640"}, {"size": None}),
    ("quality", {"quality": "ultra"}, {"quality": "low"}),
    (
        "backdrop",
        {"background": "transparent", "prose": f"{PROSE} Before a pale backdrop."},
        {"background": "transparent", "prose": f"{PROSE} Without a backdrop, on a transparent background."},
    ),
    (
        "backdrop",
        {"background": "transparent", "prose": f"{PROSE} On a seamless ground."},
        {"background": "opaque", "prose": f"{PROSE} On a seamless ground."},
    ),
)


@each_row(("rule", "bad", "fair"), TRIPS)
def test_a_rule_has_a_style_that_trips_it_and_one_that_does_not(
    rule: str, bad: dict[str, Any], fair: dict[str, Any]
) -> None:
    assert tripped(replace(GOOD, **bad)) == {rule}
    assert rule not in tripped(replace(GOOD, **fair))


@pytest.mark.parametrize(("thing", "told"), [("-TEXT", set()), ("-txt", {"takes-nothing"}), ("text", set())])
def test_taking_away_what_is_not_there_is_told(thing: str, told: set[str]) -> None:
    draft = read_draft(f'description = "d"\nextends = "good"\navoid = ["{thing}"]', "mine", "mine.toml")
    looked = Looked(inherit(draft, [GOOD]), CARDS, draft, [GOOD])
    assert {warned.rule for warned in lint(looked)} == told


def test_a_warning_names_style_key_and_words() -> None:
    (warned,) = lint(Looked(replace(GOOD, avoid=("soft light",)), CARDS))
    assert warned == (
        "good",
        "contradiction",
        'avoid: soft light, but the style itself asks for "one soft light from the side"',
    )


def test_every_rule_was_tripped_here() -> None:
    assert {rule for rule, _, _ in TRIPS} | {"takes-nothing"} == set(RULES)


def test_every_built_in_style_is_clean() -> None:
    shelf, cards = open_shelf([]), openai_cards()
    looked = [Looked(shelf[name], cards, shelf.draft(name), shelf.parents(name)) for name in shelf]
    assert [warned for one in looked for warned in lint(one)] == []
