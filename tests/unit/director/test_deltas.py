"""The table of changes is a law to itself: every phrase fits its sentence, and none speaks against itself."""

import itertools

import pytest

from imgcli.director.deltas import ALWAYS, TABLE, Aspect, Delta, Strength
from imgcli.director.manner import manners
from imgcli.director.reading import Reading
from imgcli.director.tokens import tokens_of

EVERY = [delta for table in (*TABLE.values(), ALWAYS) for deltas in table.values() for delta in deltas]


def test_no_two_changes_say_the_same() -> None:
    assert len({delta.words for delta in EVERY}) == len(EVERY)


@pytest.mark.parametrize("delta", EVERY, ids=lambda delta: delta.words)
def test_a_change_is_the_end_of_a_sentence(delta: Delta) -> None:
    assert delta.words[0].islower()
    assert delta.words[-1].isalpha()
    assert 4 <= len(delta.words.split()) <= 18
    assert not any(char in delta.words for char in "\"'<>{}[]:;")


@pytest.mark.parametrize("strength", Strength)
def test_each_strength_has_changes_of_three_aspects_or_more(strength: Strength) -> None:
    assert len(TABLE[strength]) >= 3
    assert all(delta.aspect is aspect for aspect, deltas in TABLE[strength].items() for delta in deltas)
    singles = sum(map(len, TABLE[strength].values()))
    pairs = sum(len(one) * len(other) for one, other in itertools.combinations(TABLE[strength].values(), 2))
    assert singles >= 18
    assert singles + pairs >= 100


def test_what_is_always_left_says_nothing_of_how_a_picture_is_shown() -> None:
    """So no prompt and no style can have decided it otherwise."""
    for deltas in ALWAYS.values():
        for delta in deltas:
            assert not manners(Reading(delta.words)), delta.words
            assert not Reading(delta.words).groups


def test_lights_and_times_say_so_to_the_vocabulary_that_judges_prompts() -> None:
    """Else a prompt with a light of its own would be contradicted by one that is not seen to be one."""
    for strength, aspect in ((Strength.SUBTLE, Aspect.LIGHT), (Strength.MEDIUM, Aspect.TIME)):
        for delta in TABLE[strength][aspect]:
            assert tokens_of(delta.words)
            assert {manner.value for manner in manners(Reading(delta.words))} & {"light"}, delta.words
