import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.reading import Reading
from imgcli.director.rivals import (
    adds_things,
    has_other_name,
    measures_of,
    rival_colours,
    rival_measures,
    sort_of,
    swapped,
)


@pytest.mark.parametrize(
    ("asked", "given", "sorts"),
    [
        ("50mm", "an 85 mm lens", {"0mm"}),
        ("50mm", "a 50 mm lens, 3 m away", set()),
        ("a watch at 10:10", "9:15", {"0:0"}),
        ("$5", "$10 and 20%", {"$0"}),
        ("-20°C", "5°C", {"0°c"}),
        ("5 pm", "9 am", {"the hour"}),
        ("3/4 view", "1/2 view", {"0/0"}),
        ("a family of four", "a family of five, a group of two", {"0of family"}),
        ("first-place", "the second place", {"0th"}),
    ],
)
def test_another_measure_of_the_same_sort_is_a_rival(asked: str, given: str, sorts: set[str]) -> None:
    assert rival_measures(Reading(asked), Reading(given)) == sorts


@pytest.mark.parametrize(
    ("asked", "given", "moved"),
    [
        (
            "a cat on the left, a dog on the right",
            "a dog on the left, a cat on the right",
            {"=on the left", "=on the right", "~"},
        ),
        ("a cat on the left, a dog on the right", "a fat cat on the left, a dog on the right", set()),
        ("two red cars and three blue cars", "three red cars and two blue cars", {"=2", "=3", "=red", "=blue", "~"}),
        ("a dog chasing a cat", "a cat chasing a dog", {"~chas"}),
        ("a dog chasing a cat", "a dog chases a cat", set()),
        ("a cat behind a dog", "a dog behind a cat", {"=behind"}),
        ("a dog on a sofa and a cat in a box", "a cat on a sofa and a dog in a box", {"~"}),
        ("a dog on a sofa and a cat in a box", "a wet dog on a sofa and a cat in a big box", set()),
        ("a cat", "a dog", set()),
    ],
)
def test_things_that_changed_places_are_seen(asked: str, given: str, moved: set[str]) -> None:
    assert swapped(Reading(asked), Reading(given)) == moved


@pytest.mark.parametrize(
    ("given", "is_more"),
    [
        ("a chair with a lamp", True),
        ("a chair and a table", True),
        ("a chair and plants", True),
        ("a lone chair, light even and calm", False),
        ("a lone chair with soft light", False),
        ("a chair, no table beside it", False),
    ],
)
def test_what_stands_beside_the_only_thing_is_seen(given: str, is_more: bool) -> None:
    assert adds_things(Reading("only a chair"), Reading(given)) is is_more


def test_another_name_is_seen_where_a_sentence_begins_with_it() -> None:
    asked = Reading("a cafe in Paris")
    assert has_other_name(asked, Reading("London cafe terrace"))
    assert has_other_name(asked, Reading("A cafe in London"))
    assert not has_other_name(asked, Reading("A cafe terrace"))


def test_another_colour_of_a_thing_is_a_rival_but_not_a_shade_of_it() -> None:
    asked = Reading("a red car")
    assert rival_colours(asked, Reading("a blue car by a green lake")) == {("blue", "car")}
    assert rival_colours(asked, Reading("a crimson car")) == set()


@given(st.text(max_size=60))
def test_a_text_is_no_rival_of_itself(text: str) -> None:
    reading = Reading(text)
    assert rival_measures(reading, reading) == set()
    assert rival_colours(reading, reading) == set()
    assert all(sort_of(key) for key in measures_of(reading))
