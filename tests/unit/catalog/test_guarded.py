"""What is told of prompts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.catalog.guarded import colours, negations, numbers, one_of, persons, signs, told

TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]


def in_words(number: int) -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    return f"{SMALL[number // 100]} hundred" + (f" and {in_words(number % 100)}" if number % 100 else "")


@given(st.integers(0, 999))
def test_numbers_in_words_are_those_in_figures(number: int) -> None:
    assert numbers(told(f"{in_words(number)} ships")) == [str(number)] == numbers(told(f"{number} ships"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("three four", ["3", "4"]),
        ("two cats and three dogs", ["2", "3"]),
        ("the twenty-first of May", ["21th"]),
        ("the 21st of May", ["21th"]),
        ("a dozen eggs in the nineties", ["dozen", "nineties"]),
        ("Rocky II and Henry V", ["roman:II", "roman:V"]),
        ("I see a v", []),
        ("1.5 litres at 10:30", ["1.5", "10:30"]),
    ],
)
def test_numbers_and_amounts(text: str, found: list[str]) -> None:
    assert numbers(told(text)) == found


def test_what_else_is_told() -> None:
    assert colours(told("a Light-Grey, reddish and tan bag")) == ["light", "gray", "reddish", "tan"]
    assert negations(told("It isn’t, can't, cannot; a treeless hill, no less")) == [
        "not",
        "not",
        "not",
        "without",
        "no",
    ]
    assert persons(told("Women, a fisherman and a boy")) == ["boy", "woman"]
    assert signs(told("a → b, (c) ♥!")) == ["→", "♥"]
    assert [one_of(word) for word in ("men", "ladies", "leaves", "churches", "glass", "dogs")] == [
        *("man", "lady", "leaf", "church", "glass", "dog")
    ]


@given(st.text(max_size=100))
def test_any_text_is_told(text: str) -> None:
    words = told(text)
    assert numbers(words) == numbers(told(text))
