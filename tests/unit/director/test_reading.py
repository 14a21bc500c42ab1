import pytest

from imgcli.director.reading import MOST_READ, Reading, colours_in, counts_in, measures_in


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("a red car", [("red", {"car"})]),
        ("a car that is red", [("red", {"car"})]),
        ("a car in a red garage", [("red", {"garag"})]),
        ("a red and white flag", [("red", {"flag"}), ("white", {"flag"})]),
        ("all in red", [("red", set())]),
        ("a blue car beside a red bicycle", [("blue", {"car"}), ("red", {"bicycl"})]),
        ("no red car", []),
    ],
)
def test_colours_are_bound_to_things(text: str, pairs: list[tuple[str, set[str]]]) -> None:
    assert [(colour, set(things)) for colour, things, _, _ in colours_in(Reading(text))] == pairs


def test_counts_and_measures_are_told_apart() -> None:
    reading = Reading("three dogs on an 85 mm lens, a two-tone car, 7 cats")
    assert [(value, len(nouns)) for value, _, nouns in counts_in(reading)] == [(3, 1), (85, 2), (2, 2), (7, 1)]
    assert [key for key, _, _ in measures_in(reading)] == [(85, "mm"), (2, "tone")]


def test_words_in_quotes_are_no_words_of_the_text() -> None:
    reading = Reading('a sign "three red dogs" at night')
    assert [token.word for token in reading.tokens] == ["a", "sign", "at", "night"]
    assert reading.quoted == [("three red dogs", 7)]
    assert reading.groups == {"at night"}


def test_only_so_much_is_read() -> None:
    assert len(Reading("a" * 50_000).text) == MOST_READ
