import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.tokens import BLANK, COMMA, JOINED, STOP, numbers_of, stem, tokens_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dogs", "dog"),
        ("cities", "city"),
        ("boxes", "box"),
        ("colour", "color"),
        ("harbours", "harbor"),
        ("grey", "gray"),
        ("centre", "center"),
        ("people", "person"),
        ("leaves", "leaf"),
        ("smiling", "smile"),
        ("running", "run"),
        ("painted", "painting"),
        ("dog's", "dogs"),
        ("snowy", "snow"),
    ],
)
def test_words_that_mean_the_same_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("evening", "even"), ("lens", "len"), ("glasses", "glass"), ("bus", "bu"), ("bed", "b"), ("ring", "r")],
)
def test_words_that_only_look_alike_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_each_word_knows_what_stands_before_it() -> None:
    assert [token.gap for token in tokens_of("a red-brown dog, wet. Don't")] == [
        STOP,
        BLANK,
        JOINED,
        BLANK,
        COMMA,
        STOP,
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("three", [3]),
        ("twenty-five dogs", [25]),
        ("two hundred", [200]),
        ("three dozen eggs", [36]),
        ("12 and zwölf", [12, 12]),
        ("nothing", []),
        ("a half dozen eggs, half a dozen cups, half a lemon", [6, 6]),
        ("9" * 40, []),
        ("three, four", [3, 4]),
    ],
)
def test_numbers_are_read_in_words_and_digits(text: str, values: list[int]) -> None:
    assert [value for value, _ in numbers_of(tokens_of(text)).values()] == values


@given(st.text(max_size=60))
def test_words_are_where_they_say(text: str) -> None:
    for token in tokens_of(text):
        assert text[token.at : token.end].strip() == text[token.at : token.end] != ""
        assert stem(token.word) == token.stem
