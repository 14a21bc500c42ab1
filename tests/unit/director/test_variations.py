"""Variations: all different, directed, and never against the user."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.director.constraints import split
from imgcli.director.deltas import Strength
from imgcli.director.excluded import is_excluded
from imgcli.director.kept import lost
from imgcli.director.manner import Manner, manners
from imgcli.director.reading import Reading, colours_in
from imgcli.director.shelf import open_shelf
from imgcli.director.variations import MOST, variations
from imgcli.errors import UsageError

SHELF = open_shelf([])
STYLES = sorted(SHELF)
PROMPTS = (
    "",
    "make it red",
    "two dogs on a beach",
    "a red car at night",
    "in winter, in snow",
    "centred, symmetrical, seen from above",
    'a sign that says "OPEN"',
    "no people, no cars",
    "a portrait, soft light from the left, 85 mm",
    "minimal and calm",
    "bold, loud, crowded",
    "a modern kitchen in the morning",
    "three apples on the left of a plate",
    "on a white background, isolated",
    "a monochrome print",
    "ein Hund am Strand",
    "close-up",
    "from behind, walking away.",
)
NO = ("", "text", "people, cars", "shadow", "plants", "water", "blue", "light", "buildings", "details, marks")
ABSOLUTE = (Manner.LIGHT, Manner.CAMERA, Manner.COMPOSITION)


@pytest.mark.parametrize("strength", Strength)
@pytest.mark.parametrize("style", ["", *STYLES])
def test_twelve_are_twelve_in_every_style(style: str, strength: Strength) -> None:
    found = variations("", [SHELF[style]] if style else [], (), strength, 12, seed="seed")
    assert len({one.words for one in found}) == 12
    assert len({one.change for one in found}) == 12


@pytest.mark.parametrize("strength", Strength)
def test_a_hundred_without_a_word_are_a_hundred(strength: Strength) -> None:
    assert len({one.words for one in variations("", (), (), strength, MOST)}) == MOST


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PROMPTS),
    st.sampled_from(NO),
    st.lists(st.sampled_from(STYLES), max_size=2, unique=True),
    st.sampled_from(Strength),
    st.integers(1, 12),
    st.text("abcdef0123456789", max_size=8),
)
def test_no_variation_contradicts_what_was_said(
    prompt: str, no: str, styles: list[str], strength: Strength, count: int, seed: str
) -> None:
    found = variations(prompt, [SHELF[name] for name in styles], (no,), strength, count, seed=seed)
    assert len({one.words for one in found}) == count
    asked = Reading(prompt)
    for one in found:
        assert one.words.startswith("Keep the subject ")
        assert prompt in one.words
        assert one.words.endswith(f"{one.change}.")
        assert not lost(prompt, one.words) if prompt else True
        assert not is_excluded(one.change, split([no]))
        change = Reading(one.change)
        if prompt:
            # "over the subject" is a place to the vocabulary; all settings begin alike.
            assert Manner.SETTING not in manners(asked) or "it stands" not in one.change
            assert not (manners(asked) & manners(change) & {*ABSOLUTE}), (prompt, one.change)
        if next(colours_in(asked), None):
            assert "palette" not in one.words


@pytest.mark.parametrize(
    ("prompt", "never"),
    [
        ("at night", ("morning", "noon", "blue hour", "afternoon", "golden")),
        ("symmetrical", ("diagonal", "to the left of", "to the right of", "camera")),
        ("a close-up", ("wider", "twice as far", "small in a wide frame")),
        ("minimal", ("tools", "dense plants", "gathers closer")),
        ("a modern lamp", ("long ago",)),
        ("an antique vase", ("future",)),
        ("in an empty studio", ("landscape", "city", "workshop")),
        ("in muted colours", ("palette is richer", "palette turns")),
    ],
)
def test_what_was_decided_is_left_alone(prompt: str, never: tuple[str, ...]) -> None:
    for strength in Strength:
        for one in variations(prompt, (), (), strength, 12):
            assert not any(words in one.change for words in never), one.change


def test_what_is_kept_is_said_first_and_only_what_is_kept() -> None:
    plain = variations("", (), (), Strength.SUBTLE, 12)
    assert all("medium too. Change only this: " in one.words for one in plain)
    assert all("its shape, its parts and their number" in one.words for one in plain)
    for one in plain:
        kept, change = one.words.split(" Change only this: ")
        assert not ("light" in kept and "light" in change)
    styled = variations("", [SHELF["cinematic"]], (), Strength.SUBTLE, 1)
    assert "medium" not in styled[0].words
    night = variations("at night", (), (), Strength.SUBTLE, 3)
    assert all("light" not in one.words.split("at night")[0] for one in night)


def test_the_same_picture_has_the_same_variations_and_more_of_them_begin_alike() -> None:
    few, many = (variations("a boat", (), (), Strength.MEDIUM, count, seed="ab12") for count in (4, 12))
    assert few == many[:4]
    starts = {variations("a boat", (), (), Strength.MEDIUM, 1, seed=seed)[0] for seed in "abcdefgh"}
    assert len(starts) > 1


def test_the_first_changes_are_of_different_kinds() -> None:
    one, two, three = variations("", (), (), Strength.SUBTLE, 3, seed="x")
    kinds = [
        {"light": "light", "crop": "frame", "frame": "frame", "camera": "camera"}.get(w, "")
        for v in (one, two, three)
        for w in v.change.split()
    ]
    assert {"light", "camera"} <= {*kinds}


def test_a_prompt_stands_in_it_to_the_letter() -> None:
    prompt = "  make it red!\nand shiny  "
    (one,) = variations(prompt, (), (), Strength.SUBTLE, 1)
    assert prompt.strip() in one.words
    assert "!. " not in one.words


def test_where_too_much_is_excluded_it_says_how_many_there_are() -> None:
    no = ["light, shadow, camera, crop, frame, room, subject, details, traces, outlines, secondary, instant, whatever"]
    with pytest.raises(
        UsageError, match=r"^\d+ different variations fit these words at --strength subtle, not 12; ask"
    ):
        variations("", (), no, Strength.SUBTLE, 12)


def test_pairs_go_together() -> None:
    for strength in Strength:
        for one in variations("", (), (), strength, MOST):
            parts = one.change.split(", and it ")
            assert not any(
                "left" in a and "right" in b and "light" in a and "light" in b
                for a, b in itertools.combinations(parts, 2)
            )
